# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""Looking up hashes among sorted keys, compiled: what `_keys.py` does, a hash at a time.

Whoever changes one changes the other: both give the same (`tests/unit/test_compiled.py`).
"""

from libc.stdint cimport int8_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

import numpy as _np

ctypedef fused Number:
    uint16_t
    uint32_t


cdef Py_ssize_t _find(
    const uint64_t[::1] hashes, const uint64_t[::1] keys, const Number[::1] first, int shift,
    uint8_t[::1] known, int64_t[::1] rows,
) noexcept nogil:
    cdef Py_ssize_t i, at, n = 0, low, high, middle, last = keys.shape[0] - 1
    cdef int probes
    cdef uint64_t wanted
    for i in range(hashes.shape[0]):
        wanted = hashes[i]
        at = first[<Py_ssize_t>(wanted >> shift)]
        probes = 0
        while keys[at] < wanted:
            at += 1
            probes += 1
            if probes == 16:  # keys that are no hashes: halve what is left
                low, high = at, last
                while low < high:
                    middle = (low + high) // 2
                    if keys[middle] < wanted:
                        low = middle + 1
                    else:
                        high = middle
                at = low
                break
        known[i] = at < last and keys[at] == wanted
        if known[i]:
            rows[n] = at
            n += 1
    return n


def find(hashes, keys, first, int shift):
    """Find hashes among keys: see `_keys.py`."""
    known, rows = _np.empty(len(hashes), bool), _np.empty(len(hashes), _np.int64)
    cdef const uint64_t[::1] wanted = _np.ascontiguousarray(hashes)
    cdef uint8_t[::1] out = known.view(_np.uint8)
    cdef int64_t[::1] numbers = rows
    cdef const uint64_t[::1] there = keys
    cdef const uint16_t[::1] narrow
    cdef const uint32_t[::1] wide
    cdef Py_ssize_t n
    if first.dtype == _np.uint16:
        narrow = first
        with nogil:
            n = _find[uint16_t](wanted, there, narrow, shift, out, numbers)
    else:
        wide = first
        with nogil:
            n = _find[uint32_t](wanted, there, wide, shift, out, numbers)
    return known, rows[:n]


def add_rows(const int8_t[:, ::1] weights, const int64_t[::1] rows, const int64_t[::1] of, float[:, ::1] out):
    """Add rows of a table to rows of `out`: see `_keys.py`."""
    cdef Py_ssize_t i, column, columns = weights.shape[1]
    cdef const int8_t* added
    cdef float* sums
    with nogil:
        for i in range(rows.shape[0]):
            added, sums = &weights[rows[i], 0], &out[of[i], 0]
            for column in range(columns):
                sums[column] += added[column]
