"""Looking up hashes among sorted keys, in NumPy; replaced by the compiled `_keys.pyx` where that is built.

Whoever changes one changes the other: both give the same (see `compiled`).
"""

from __future__ import annotations

import numpy as np

_PROBES = 16  # keys of the same first bits, at most: two or three, if they are hashes


def find(hashes: np.ndarray, keys: np.ndarray, first: np.ndarray, shift: int) -> tuple[np.ndarray, np.ndarray]:
    """Find hashes among keys.

    Parameters
    ----------
    hashes
        Shape (n,), uint64.
    keys
        Shape (n_keys + 1,), uint64, rising; behind the keys the greatest number there is.
    first
        The number of the first key that has certain first bits, by these bits; uint16 or uint32.
    shift
        Bits of a hash behind those.

    Returns
    -------
    known : array of bool, shape (n,)
    rows : array of int64, shape (n_known,)
        The numbers of the keys that were found.
    """
    at = first[(hashes >> np.uint64(shift)).astype(np.int64)].astype(np.int64)
    there = keys[at]
    known = there == hashes
    more = np.flatnonzero(there < hashes)
    for _ in range(_PROBES):
        if not len(more):
            known &= at < len(keys) - 1
            return known, at[known]
        at[more] += 1
        there, mine = keys[at[more]], hashes[more]
        known[more] = there == mine
        more = more[there < mine]
    at = np.minimum(np.searchsorted(keys[:-1], hashes), len(keys) - 2)  # keys that are no hashes
    known = keys[at] == hashes
    return known, at[known]


def add_rows(weights: np.ndarray, rows: np.ndarray, of: np.ndarray, out: np.ndarray) -> None:
    """Add rows of a table to rows of `out`: ``out[of[i]] += weights[rows[i]]``.

    Parameters
    ----------
    weights
        Shape (n_keys, n_columns), int8.
    rows, of
        Shape (n,), int64.
    out
        Shape (n_out, n_columns or more), float32; sums of whole numbers below 2**24 are exact.
    """
    for column in range(weights.shape[1]):
        out[:, column] += np.bincount(of, weights[rows, column], len(out))
