"""Hashes among sorted keys: what lexicon and models look words up by."""

from __future__ import annotations

import numpy as np

from boilerplate.compiled import fastest

_keys = fastest("boilerplate.features._keys")

add_rows = _keys.add_rows
"""Add rows of a table to rows of sums: see `_keys.add_rows`."""


class SortedKeys:
    """Keys, found by their first bits.

    Hashes are spread evenly, so the first bits of one tell where it would
    stand, give or take a few: a ninth of the time of a binary search.

    Parameters
    ----------
    keys
        Shape (n,), uint64, rising.
    """

    def __init__(self, keys: np.ndarray) -> None:
        bits = len(keys).bit_length() + 1
        self._shift = np.uint64(64 - bits)
        counts = np.bincount((keys >> self._shift).astype(np.int64), minlength=2**bits)
        self._first = np.zeros(2**bits, np.uint16 if len(keys) < 2**16 else np.uint32)
        np.cumsum(counts[:-1], out=self._first[1:], dtype=self._first.dtype)
        self._keys = np.append(keys, np.uint64(2**64 - 1))  # which no hash is above
        self.keys = self._keys[:-1]

    def find(self, hashes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which hashes (shape (n,), uint64) are keys (shape (n,), bool), and the numbers of those that are."""
        found: tuple[np.ndarray, np.ndarray] = _keys.find(hashes, self._keys, self._first, int(self._shift))
        return found
