# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""Scans over a page's bytes, compiled.

Optional: where it is not built, `reading` and `segment.html` do it with what
Python has. Both give the same (`tests/test_compiled.py`).
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport uint64_t
from libc.string cimport memchr, memcpy


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


cdef inline bint _is_space(unsigned char ch) noexcept nogil:
    return ch == c" " or 9 <= ch <= 13


def suspect(bytes data not None):
    """Where the first end tag stands that a browser may read otherwise than the parser: see `html._SUSPECT`.

    Returns -1 if there is none; and whether it is that of ``html``.
    """
    cdef const unsigned char* start = <const unsigned char*>PyBytes_AS_STRING(data)
    cdef const unsigned char* end = start + PyBytes_GET_SIZE(data)
    cdef const unsigned char* s = start
    cdef const unsigned char* at
    cdef unsigned char ch
    while True:
        s = <const unsigned char*>memchr(s, c"<", end - s)
        if s is NULL or end - s < 4:
            return -1, False
        s += 1
        if s[0] != c"/":
            continue
        ch = s[1] | 0x20
        if ch == c"p":
            at = s + 2
            while at < end and _is_space(at[0]):
                at += 1
            if end - at > 1 and at[0] == c">" and at[1] != c"<" and not _is_space(at[1]):
                return s - 1 - start, False
        elif ch == c"b":
            if (s[2] | 0x20) == c"r":
                return s - 1 - start, False
        elif ch == c"h" and end - s >= 5 and (s[2] | 0x20) == c"t" and (s[3] | 0x20) == c"m" and (s[4] | 0x20) == c"l":
            return s - 1 - start, True
