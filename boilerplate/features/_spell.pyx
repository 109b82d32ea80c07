# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""Texts into characters and words, compiled: what `words._spell` does, a character at a time.

Optional: where it is not built, `words` does it in NumPy. Both give the same
(`tests/test_compiled.py`); whoever changes one changes the other.
"""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_READ
from libc.stdint cimport int64_t, uint16_t, uint32_t, uint64_t

from boilerplate.features import words as _words

cdef int LETTER = _words.LETTER, UPPER = _words.UPPER, DIGIT = _words.DIGIT, SPACE = _words.SPACE, STOP = _words.STOP
cdef int COMMA = _words.COMMA, QUOTE = _words.QUOTE, MARK = _words.MARK, HANDLE = _words.HANDLE
cdef int SIGN = _words.SIGN, JOINT = _words.JOINT
cdef uint32_t UNSPACED = _words.UNSPACED[0], SPACED = _words.UNSPACED[1]


def take_apart(
    list texts, const uint16_t[::1] classes, const uint64_t[::1] values, const uint64_t[::1] powers,
    int64_t[:, ::1] counts, uint32_t[:, ::1] edges, uint64_t[::1] hashes, int64_t[::1] lengths, int64_t[::1] bounds,
):
    """Fill `counts`, `edges`, `hashes` (unmixed), `lengths` and `bounds` of `words.Words`; return the number of words.

    `hashes` and `lengths` hold room for a word in every second character.
    """
    cdef Py_ssize_t i, at, size, begin, n = 0, longest = powers.shape[0] - 1
    cdef int kind, had, had2
    cdef void* data
    cdef uint32_t ch, table = <uint32_t>classes.shape[0]
    cdef int c
    cdef uint64_t value
    cdef int64_t letters, upper, digits, spaces, commas, quotes, marks, handles, signs, joints, tokens, capitalised, borders, unspaced
    for i in range(len(texts)):
        text = <str>texts[i]
        size, kind, data = len(<str>text), PyUnicode_KIND(text), PyUnicode_DATA(text)
        bounds[i] = n
        letters = upper = digits = spaces = commas = quotes = marks = handles = signs = joints = 0
        tokens = capitalised = borders = unspaced = 0
        had, had2 = SPACE, 0  # classes of the character before, and of the one before that
        at = 0
        while at < size:
            ch = PyUnicode_READ(kind, data, at)
            c = classes[ch] if ch < table else LETTER
            if c & SPACE == 0 and had & SPACE:
                tokens += 1
                if c & UPPER:
                    capitalised += 1
                    if at > 1 and had2 & STOP:
                        borders += 1
            if c & LETTER == 0:
                digits += c & DIGIT != 0
                spaces += c & SPACE != 0
                commas += c & COMMA != 0
                quotes += c & QUOTE != 0
                marks += c & MARK != 0
                handles += c & HANDLE != 0
                signs += c & SIGN != 0
                joints += c & JOINT != 0
                had2, had = had, c
                at += 1
                continue
            begin, value = at, 0
            while True:
                upper += c & UPPER != 0
                value += (values[ch] if ch < table else ch) * powers[min(at - begin, longest)]
                unspaced += UNSPACED <= ch < SPACED
                at += 1
                if at == size:
                    break
                ch = PyUnicode_READ(kind, data, at)
                c = classes[ch] if ch < table else LETTER
                if c & LETTER == 0:
                    break
            letters += at - begin
            hashes[n], lengths[n] = value, at - begin
            n += 1
            had2 = had = LETTER
        counts[0, i], counts[1, i], counts[2, i], counts[3, i], counts[4, i] = letters, upper, digits, spaces, commas
        counts[5, i], counts[6, i], counts[7, i], counts[8, i], counts[9, i] = quotes, marks, handles, signs, joints
        counts[10, i], counts[11, i], counts[12, i], counts[13, i] = tokens, capitalised, borders, unspaced
        edges[0, i] = PyUnicode_READ(kind, data, 0)
        edges[1, i] = PyUnicode_READ(kind, data, size - 1)
        edges[2, i] = PyUnicode_READ(kind, data, max(size - 2, 0))
        edges[3, i] = PyUnicode_READ(kind, data, max(size - 3, 0))
    bounds[len(texts)] = n
    return n
