# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""Whether bytes are UTF-8, compiled: `_utf8.py` without the text that decoding would make."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport uint64_t
from libc.string cimport memcpy


def is_utf8(bytes data not None):
    """Whether bytes are valid UTF-8: neither surrogates nor longer forms than needed (RFC 3629)."""
    cdef const unsigned char* s = <const unsigned char*>PyBytes_AS_STRING(data)
    cdef const unsigned char* end = s + PyBytes_GET_SIZE(data)
    cdef uint64_t eight
    cdef unsigned char lead, low, high
    cdef Py_ssize_t more
    while s < end:
        if s[0] < 0x80:
            while end - s >= 8:
                memcpy(&eight, s, 8)
                if eight & 0x8080808080808080u:
                    break
                s += 8
            while s < end and s[0] < 0x80:
                s += 1
            continue
        lead, low, high = s[0], 0x80, 0xBF
        if 0xC2 <= lead <= 0xDF:
            more = 1
        elif 0xE0 <= lead <= 0xEF:
            more = 2
            if lead == 0xE0:
                low = 0xA0
            elif lead == 0xED:
                high = 0x9F
        elif 0xF0 <= lead <= 0xF4:
            more = 3
            if lead == 0xF0:
                low = 0x90
            elif lead == 0xF4:
                high = 0x8F
        else:
            return False
        if end - s <= more or not low <= s[1] <= high:
            return False
        for at in range(2, more + 1):
            if s[at] & 0xC0 != 0x80:
                return False
        s += more + 1
    return True
