# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""Addresses of links taken apart, compiled: what `_address.py` does, a byte at a time.

Whoever changes one changes the other: both give the same (`tests/unit/test_compiled.py`).
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.stdint cimport int64_t, uint8_t, uint64_t
from libc.string cimport memchr

import numpy as _np

from boilerplate.features import address as _ad

cdef enum:
    PATH, FIRST, HOST, KEY, VALUE, SCHEME

cdef enum:
    MOST_IN_SEGMENT = 2
    MOST_PARAMETERS = 6
    MOST_IN_VALUE = 4
    MOST_IN_SCHEME = 12
    SCHEME_BYTES = 80
    COLUMNS = 8
    LONGEST_NUMBER = 18

assert (PATH, FIRST, HOST, KEY, VALUE, SCHEME) == (_ad.PATH, _ad.FIRST, _ad.HOST, _ad.KEY, _ad.VALUE, _ad.SCHEME)
assert (MOST_IN_SEGMENT, MOST_PARAMETERS) == (_ad.MOST_IN_SEGMENT, _ad.MOST_PARAMETERS)
assert (MOST_IN_VALUE, MOST_IN_SCHEME, SCHEME_BYTES) == (_ad.MOST_IN_VALUE, _ad.MOST_IN_SCHEME, _ad.SCHEME_BYTES)
assert LONGEST_NUMBER == _ad.LONGEST_NUMBER
assert COLUMNS == len(_ad.NUMBERS)
assert _ad.TELLING == (b"utm", b"ref", b"source", b"src", b"from", b"type", b"page")  # `_tells`

cdef uint64_t BASIS = _ad.BASIS, PRIME = _ad.PRIME


cdef inline uint8_t _low(uint8_t byte) noexcept nogil:
    return byte | 0x20 if c"A" <= byte <= c"Z" else byte


cdef inline bint _is_letter(uint8_t byte) noexcept nogil:
    return c"a" <= (byte | 0x20) <= c"z"


cdef inline bint _is_digit(uint8_t byte) noexcept nogil:
    return c"0" <= byte <= c"9"


cdef inline bint _is_space(uint8_t byte) noexcept nogil:
    return byte == c" " or byte == c"\t" or byte == c"\r" or byte == c"\n" or byte == c"\f"


cdef inline uint64_t _hash(const uint8_t* text, Py_ssize_t size, int role) noexcept nogil:
    cdef uint64_t value = BASIS ^ <uint64_t>role
    cdef Py_ssize_t i
    for i in range(size):
        value = (value ^ _low(text[i])) * PRIME
    return value


cdef inline Py_ssize_t _find(const uint8_t* text, Py_ssize_t size, uint8_t byte) noexcept nogil:
    """Where a byte stands first; the size where it does not."""
    cdef const void* found = memchr(text, byte, size) if size > 0 else NULL
    return <const uint8_t*>found - text if found is not NULL else size


cdef inline bint _next_word(const uint8_t* text, Py_ssize_t size, Py_ssize_t* begin, Py_ssize_t* end) noexcept nogil:
    """Find the next two letters or more from `end` on."""
    cdef Py_ssize_t at = end[0]
    while at < size:
        if not _is_letter(text[at]):
            at += 1
            continue
        begin[0] = at
        while at < size and _is_letter(text[at]):
            at += 1
        end[0] = at
        if at - begin[0] >= 2:
            return True
    return False


cdef inline int _count(const uint8_t* text, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t begin = 0, end = 0
    cdef int count = 0
    while _next_word(text, size, &begin, &end):
        count += 1
    return count


cdef inline bint _starts(const uint8_t* text, Py_ssize_t size, const char* start, Py_ssize_t length) noexcept nogil:
    cdef Py_ssize_t i
    if size < length:
        return False
    for i in range(length):
        if _low(text[i]) != <uint8_t>start[i]:
            return False
    return True


cdef inline bint _holds(const uint8_t* text, Py_ssize_t size, const char* what, Py_ssize_t length) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(size - length + 1):
        if _starts(text + i, size - i, what, length):
            return True
    return False


cdef bint _tells(const uint8_t* key, Py_ssize_t size) noexcept nogil:
    return (
        _starts(key, size, "utm", 3) or _starts(key, size, "ref", 3) or _starts(key, size, "source", 6)
        or _starts(key, size, "src", 3) or _starts(key, size, "from", 4) or _starts(key, size, "type", 4)
        or _starts(key, size, "page", 4)
    )


cdef uint64_t _number(const uint8_t* path, Py_ssize_t size, uint8_t* found) noexcept nogil:
    """The longest number of five digits or more; 0, and not `found`, where there is none."""
    cdef Py_ssize_t at = 0, begin, longest = 4, i
    cdef uint64_t value = 0
    while at < size:
        begin = at
        while at < size and _is_digit(path[at]):
            at += 1
        if at - begin > longest:
            longest, value, found[0] = at - begin, 0, 1
            for i in range(begin, min(at, begin + LONGEST_NUMBER)):
                value = value * 10 + (path[i] - c"0")
        at += 1
    return value


cdef bint _has_date(const uint8_t* path, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t i, at
    for i in range(size - 4):
        if not ((path[i] == c"1" and path[i + 1] == c"9") or (path[i] == c"2" and path[i + 1] == c"0")):
            continue
        if _is_digit(path[i + 2]) and _is_digit(path[i + 3]):
            at = i + 4
            if path[at] == c"/" or path[at] == c"-":
                at += 1
            if at < size and _is_digit(path[at]):
                return True
    return False


cdef uint64_t _site(const uint8_t* host, Py_ssize_t size) noexcept nogil:
    """Hash of the part of a host that somebody registered."""
    cdef Py_ssize_t end = _find(host, size, c":"), at
    cdef Py_ssize_t dots[3]
    cdef int n = 0
    at = end - 1
    while at >= 0 and n < 3:
        if host[at] == c".":
            dots[n] = at
            n += 1
        at -= 1
    if n < 2:
        at = 0
    elif end - dots[0] - 1 == 2 and dots[0] - dots[1] - 1 <= 3:
        at = dots[2] + 1 if n == 3 else 0
    else:
        at = dots[1] + 1
    return _hash(host + at, end - at, HOST)


cdef struct Words:
    uint64_t* hashes
    uint8_t* roles
    Py_ssize_t size


cdef inline void _add(Words* words, const uint8_t* text, Py_ssize_t size, int role, int most) noexcept nogil:
    cdef Py_ssize_t begin = 0, end = 0
    while most > 0 and _next_word(text, size, &begin, &end):
        words.hashes[words.size] = _hash(text + begin, end - begin, role)
        words.roles[words.size] = role
        words.size += 1
        most -= 1


cdef void _take(
    const uint8_t* text, Py_ssize_t size, uint8_t* numbers, uint64_t* host, uint64_t* site, uint64_t* number, Words* words
) noexcept nogil:
    cdef Py_ssize_t at = 0, end, begin, length, longest = 0, part
    cdef int depth = 0, slug = 0, parameters = 0
    while size and _is_space(text[0]):
        text += 1
        size -= 1
    while size and _is_space(text[size - 1]):
        size -= 1
    # --- scheme
    if size and _is_letter(text[0]):
        while at < size and (
            _is_letter(text[at]) or _is_digit(text[at]) or text[at] == c"+" or text[at] == c"." or text[at] == c"-"
        ):
            at += 1
        if at < size and text[at] == c":":
            if not ((at == 4 or at == 5) and _starts(text, at, "https", at)):
                numbers[0] = 1
                _add(words, text, min(size, <Py_ssize_t>SCHEME_BYTES), SCHEME, MOST_IN_SCHEME)
                return
            at += 1
        else:
            at = 0
    if not size or text[0] == c"#":
        numbers[0] = 1
        return
    # --- host
    if at + 1 < size and text[at] == c"/" and text[at + 1] == c"/":
        at += 2
        begin = at
        while at < size and text[at] != c"/" and text[at] != c"?" and text[at] != c"#":
            at += 1
        if at > begin:
            host[0] = _hash(text + begin, at - begin, HOST)
            site[0] = _site(text + begin, at - begin)
            _add(words, text + begin, at - begin, HOST, 1000)
    # --- path
    begin = at
    while at < size and text[at] != c"?" and text[at] != c"#":
        at += 1
    number[0] = _number(text + begin, at - begin, &numbers[3])
    numbers[4] = _has_date(text + begin, at - begin)
    while begin < at:
        length = _find(text + begin, at - begin, c"/")
        if length:
            part = _count(text + begin, length)
            if part <= MOST_IN_SEGMENT:
                _add(words, text + begin, length, PATH, MOST_IN_SEGMENT)
                if depth == 0:
                    _add(words, text + begin, length, FIRST, MOST_IN_SEGMENT)
            if length > longest:
                longest, slug = length, <int>part
            depth += 1
        begin += length + 1
    numbers[1], numbers[2], numbers[7] = min(slug, 255), min(depth, 255), depth == 0
    # --- query
    if at < size and text[at] == c"?":
        at += 1
        end = at + _find(text + at, size - at, c"#")
        numbers[5] = end > at
        numbers[6] = _holds(text + at, end - at, "utm_", 4) or _holds(text + at, end - at, "ref=", 4)
        while at <= end and parameters < MOST_PARAMETERS:
            length = _find(text + at, end - at, c"&")
            part = _find(text + at, length, c"=")
            _add(words, text + at, part, KEY, 1000)
            if part < length and _tells(text + at, part):
                _add(words, text + at + part + 1, length - part - 1, VALUE, MOST_IN_VALUE)
            at += length + 1
            parameters += 1


def take_apart(list addresses):
    """Take addresses apart: see `_address.py`."""
    cdef Py_ssize_t i, n = len(addresses), room = 1
    for i in range(n):
        room += PyBytes_GET_SIZE(<bytes>addresses[i]) // 2 + 6  # words of two letters; those of the first part come twice
    made = (
        _np.zeros((n, COLUMNS), _np.uint8), _np.zeros(n, _np.uint64), _np.zeros(n, _np.uint64), _np.zeros(n, _np.uint64),
        _np.empty(room, _np.uint64), _np.empty(room, _np.uint8), _np.zeros(n + 1, _np.int64),
    )
    cdef uint8_t[:, ::1] numbers = made[0]
    cdef uint64_t[::1] hosts = made[1]
    cdef uint64_t[::1] sites = made[2]
    cdef uint64_t[::1] ids = made[3]
    cdef uint64_t[::1] hashes = made[4]
    cdef uint8_t[::1] roles = made[5]
    cdef int64_t[::1] bounds = made[6]
    cdef Words words = Words(&hashes[0], &roles[0], 0)
    for i in range(n):
        address = <bytes>addresses[i]
        _take(
            <const uint8_t*>PyBytes_AS_STRING(address), PyBytes_GET_SIZE(address),
            &numbers[i, 0], &hosts[i], &sites[i], &ids[i], &words,
        )
        bounds[i + 1] = words.size
    return (*made[:4], made[4][:words.size].copy(), made[5][:words.size].copy(), made[6])
