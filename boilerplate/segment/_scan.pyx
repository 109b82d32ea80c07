# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""Scans over a page's bytes, compiled: what `_scan.py` does.

Whoever changes one changes the other: both give the same (`tests/unit/test_compiled.py`).
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.string cimport memchr


cdef inline bint _is_space(unsigned char ch) noexcept nogil:
    return ch == c" " or 9 <= ch <= 13


def suspect(bytes data not None):
    """Whether there is an end tag that may part words: see `_scan.py`."""
    cdef const unsigned char* start = <const unsigned char*>PyBytes_AS_STRING(data)
    cdef const unsigned char* end = start + PyBytes_GET_SIZE(data)
    cdef const unsigned char* s = start
    cdef const unsigned char* at
    cdef unsigned char ch
    while True:
        s = <const unsigned char*>memchr(s, c"<", end - s)
        if s is NULL or end - s < 4:
            return False
        s += 1
        if s[0] != c"/":
            continue
        ch = s[1] | 0x20
        if ch == c"p":
            at = s + 2
            while at < end and _is_space(at[0]):
                at += 1
            if end - at > 1 and at[0] == c">" and at[1] != c"<" and not _is_space(at[1]):
                return True
        elif ch == c"b":
            if (s[2] | 0x20) == c"r":
                return True


cdef inline bint _is_letter(unsigned char ch) noexcept nogil:
    return c"a" <= (ch | 0x20) <= c"z"


# What a character is in a tag.
cdef enum:
    PARTS = 1  # white space
    SLASH = 2
    CLOSES = 4
    EQUALS = 8

cdef unsigned char _class[256]
for _ch in (9, 10, 12, 13, 32):
    _class[_ch] = PARTS
_class[c"/"], _class[c">"], _class[c"="] = SLASH, CLOSES, EQUALS

RAW = (b"script", b"style", b"title", b"textarea", b"xmp", b"iframe", b"noembed", b"noframes", b"plaintext")
cdef const char* _raw[9]
_raw[:] = RAW
SHOWN = (b"title", b"textarea", b"xmp")
HIDING = (b"audio", b"video", b"canvas", b"object", b"applet", b"datalist", b"template")
cdef const char* _hiding[7]
_hiding[:] = HIDING


cdef inline bint _named(const unsigned char* s, const unsigned char* end, const char* name) noexcept nogil:
    """Whether a tag's name, which white space, a slash or ``>`` ends, stands at `s`; `name` is in lower case."""
    while name[0]:
        if s >= end or (s[0] | 0x20) != <unsigned char>name[0]:
            return False
        s += 1
        name += 1
    return s < end and _class[s[0]] & (PARTS | SLASH | CLOSES) != 0


cdef const unsigned char* _behind_text(const unsigned char* s, const unsigned char* end, const char* name) noexcept nogil:
    """Where the end tag of an element stands that holds text and no tags; NULL where it has none."""
    cdef bint script = name[0] == c"s" and name[1] == c"c"
    cdef bint comment = False, inner = False
    while s < end:
        if not comment:
            s = <const unsigned char*>memchr(s, c"<", end - s)
            if s is NULL:
                return NULL
        if comment and end - s >= 3 and s[0] == c"-" and s[1] == c"-" and s[2] == c">":
            comment = inner = False
            s += 3
            continue
        if s[0] == c"<":
            if script and not comment and end - s >= 4 and s[1] == c"!" and s[2] == c"-" and s[3] == c"-":
                comment = True
                s += 2  # "<!-->" is a whole one
                continue
            if end - s > 1 and s[1] == c"/" and _named(s + 2, end, name):
                if not inner:
                    return s
                inner = False
            elif comment and _named(s + 1, end, name):
                inner = True
        s += 1
    return NULL


cdef inline bint _ends_at_once(const unsigned char* s, const unsigned char* end, const char* name) noexcept nogil:
    """Whether the next tag is the end tag of an element."""
    while True:
        s = <const unsigned char*>memchr(s, c"<", end - s)
        if s is NULL or end - s < 3:
            return False
        s += 1
        if s[0] == c"/":
            return _named(s + 1, end, name)
        if _is_letter(s[0]):
            return False


def misread(bytes data not None, Py_ssize_t most, Py_ssize_t raw, in_foreign):
    """Find what the parser must not see: see `_scan.py`."""
    cdef const unsigned char* start = <const unsigned char*>PyBytes_AS_STRING(data)
    cdef const unsigned char* end = start + PyBytes_GET_SIZE(data)
    cdef const unsigned char* s = start
    cdef const unsigned char* tag
    cdef const unsigned char* excess
    cdef const unsigned char* last
    cdef const char* name
    cdef Py_ssize_t count, i, foreign = -1  # where MathML or SVG begins that may be open
    cdef unsigned char root = 0  # the first letter of its name
    cdef Py_ssize_t nested = 0  # how many begin in it
    cdef bint hides
    cdef bint closing, closed
    cdef bint endless = False  # a noscript has no end tag
    cdef unsigned char ch
    cuts = []
    while True:
        s = <const unsigned char*>memchr(s, c"<", end - s)
        if s is NULL or end - s < 3:
            return cuts
        s += 1
        closing = s[0] == c"/"
        if closing:
            s += 1
        if not _is_letter(s[0]):
            if not closing and end - s >= 3 and s[0] == c"!" and s[1] == c"-" and s[2] == c"-":
                s += 1  # "<!-->" is a whole one
                while True:
                    s = <const unsigned char*>memchr(s, c"-", end - s)
                    if s is NULL or end - s < 3:
                        return cuts
                    s += 1
                    if s[0] == c"-" and (s[1] == c">" or (s[1] == c"!" and end - s >= 3 and s[2] == c">")):
                        s += 2
                        break
            elif closing or s[0] == c"!" or s[0] == c"?":
                s = <const unsigned char*>memchr(s, c">", end - s)
                if s is NULL:
                    return cuts
            continue
        tag = s
        count = 0
        excess = last = NULL
        while s < end and not _class[s[0]] & (PARTS | SLASH | CLOSES):
            s += 1
        while True:
            while s < end and _class[s[0]] & (PARTS | SLASH):
                s += 1
            if s >= end:
                return cuts
            if s[0] == c">":
                break
            count += 1
            s += 1
            while s < end and not _class[s[0]]:
                s += 1
            while s < end and _class[s[0]] & PARTS:
                s += 1
            if s >= end:
                return cuts
            if s[0] != c"=":
                last = s
                if count == most:
                    excess = s
                continue
            s += 1
            while s < end and _class[s[0]] & PARTS:
                s += 1
            if s >= end:
                return cuts
            if s[0] == c'"' or s[0] == c"'":
                s = <const unsigned char*>memchr(s + 1, s[0], end - s - 1)
                if s is NULL:
                    return cuts
                s += 1
            else:
                while s < end and not _class[s[0]] & (PARTS | CLOSES):
                    s += 1
            last = s
            if count == most:
                excess = s
        ch = tag[0] | 0x20
        if closing:
            if ch == c"h" and _named(tag, end, b"html"):
                excess = s + 1
                while excess < end and _is_space(excess[0]):
                    excess += 1
                if excess < end:
                    cuts.append((tag + 3 - start, s - start))
            elif foreign >= 0 and (
                (ch == c"s" and _named(tag, end, b"svg")) or (ch == c"m" and _named(tag, end, b"math"))
            ):
                if nested:
                    nested -= 1
                elif ch == root:
                    foreign = -1
            continue
        closed = (s - 1)[0] == c"/" and last != s  # else it ends an attribute
        name = NULL
        for i in range(raw):
            if ch == <unsigned char>_raw[i][0] and _named(tag, end, _raw[i]):
                if not closed or 2 <= i <= 4:  # its text is shown
                    name = _raw[i]
                break
        if ch == c"n" and name is NULL and _named(tag, end, b"noscript"):
            name = b"noscript"
        if foreign >= 0:
            hides = False
            if name is NULL:
                for i in range(7):
                    if ch == <unsigned char>_hiding[i][0] and _named(tag, end, _hiding[i]):
                        hides = True
                        break
            if hides or (name is not NULL and not _ends_at_once(s, end, name)):
                if in_foreign(foreign, tag - 1 - start):
                    if not closed:
                        cuts.append((tag - 1 - start, s + 1 - start))
                    continue
                foreign = -1
        if count > most:
            cuts.append((excess - start, last - start))
        if name is not NULL and name[0] == c"n" and name[2] == c"s":
            if endless:
                continue
            s += 1
            last = _behind_text(s, end, name)
            if last is NULL:
                endless = True  # the parser's way shows no less
            else:
                if memchr(s, c"<", last - s) is not NULL:
                    cuts.append((s - start, last - start))
                s = last
        elif name is not NULL:
            if closed:
                cuts.append((s - 1 - start, s - start))
            s = _behind_text(s, end, name) if name[0] != c"p" else NULL
            if s is NULL:
                return cuts
        elif closed:
            if ch == c"h" and _named(tag, end, b"html"):
                cuts.append((s - 1 - start, s - start))
        elif (ch == c"s" and _named(tag, end, b"svg")) or (ch == c"m" and _named(tag, end, b"math")):
            if foreign < 0:
                foreign = tag - 1 - start
                root = ch
                nested = 0
            else:
                nested += 1
