# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""Texts into characters and words, compiled: what `_tokenize.py` does, a character at a time.

Whoever changes one changes the other: both give the same (`tests/unit/test_compiled.py`).
"""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_READ
from libc.stdint cimport int64_t, uint16_t, uint32_t, uint64_t

import numpy as _np

from boilerplate.features import characters as _ch

cdef int LETTER = _ch.LETTER, UPPER = _ch.UPPER, DIGIT = _ch.DIGIT, SPACE = _ch.SPACE, STOP = _ch.STOP
cdef int COMMA = _ch.COMMA, QUOTE = _ch.QUOTE, MARK = _ch.MARK, HANDLE = _ch.HANDLE
cdef int SIGN = _ch.SIGN, JOINT = _ch.JOINT
cdef uint32_t UNSPACED = _ch.UNSPACED[0], SPACED = _ch.UNSPACED[1]



def take_apart(list texts, sizes):
    """Take texts that are not empty apart: see `_tokenize.py`."""
    cdef Py_ssize_t room = int(((sizes + 1) // 2).sum())  # a word in every second character
    made = (
        _np.empty((len(_ch.COUNTED), len(texts)), _np.int64), _np.empty((4, len(texts)), _np.uint32),
        _np.empty(room, _np.uint64), _np.empty(room, _np.int64), _np.empty(len(texts) + 1, _np.int64),
    )
    cdef const uint16_t[::1] classes = _ch.CLASSES
    cdef const uint64_t[::1] values = _ch.VALUES
    cdef const uint64_t[::1] powers = _ch.POWERS
    cdef int64_t[:, ::1] counts = made[0]
    cdef uint32_t[:, ::1] edges = made[1]
    cdef uint64_t[::1] hashes = made[2]
    cdef int64_t[::1] lengths = made[3]
    cdef int64_t[::1] bounds = made[4]
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
    return made[0], made[1], made[2][:n], made[3][:n], made[4]
