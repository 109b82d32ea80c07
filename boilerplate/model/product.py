"""Matrix products that BLAS works out in the calling thread.

A BLAS library spreads a product over its threads from some size on; those
then spin for the next one, and a page's products come just often enough to
keep every core busy for nothing. The number of threads is a setting of the
whole process, which is the user's; so the products are made too small to be
spread.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

LARGEST = 2**18 - 1
"""Multiplications of one product: the OpenBLAS of NumPy 1.24 takes a second thread from 2**18 on, newer ones later."""

_ROWS = 24
"""Rows of a product, where there are as many: each product goes through the weights anew, so more rows cost less."""


def product(X: np.ndarray, W: np.ndarray) -> np.ndarray:
    """``X @ W`` for two matrices, each product handed to BLAS at most `LARGEST`."""
    n, depth = X.shape
    width = W.shape[1]
    if n == 1:  # a vector by a matrix is spread far earlier
        return product(np.repeat(X, 2, axis=0), W)[:1]
    if n * depth * width <= LARGEST:
        return np.asarray(X @ W)
    columns = _columns(width, depth)
    if width % columns:
        return product(X, np.pad(W, ((0, 0), (0, -width % columns))))[:, :width]
    rows = max(2, LARGEST // (depth * columns))
    whole = n - n % rows
    out = np.empty((n, width), np.result_type(X, W))
    # NumPy goes through stretches and pieces itself, which costs less than a loop here.
    parts = W.reshape(depth, -1, columns).transpose(1, 0, 2)
    if whole:
        there = out[:whole].reshape(-1, rows, width // columns, columns).transpose(0, 2, 1, 3)
        np.matmul(X[:whole].reshape(-1, 1, rows, depth), parts, out=there)
    if whole < n:
        rest = min(whole, n - 2)
        np.matmul(X[rest:], parts, out=out[rest:].reshape(n - rest, -1, columns).transpose(1, 0, 2))
    return out


@lru_cache(maxsize=64)
def _columns(width: int, depth: int) -> int:
    """Columns of a product: as many as `_ROWS` rows allow, fewer where that parts the width evenly."""
    most = -(-width // -(-width * depth * _ROWS // LARGEST))
    return max((n for n in range(most - most // 2, most + 1) if width % n == 0), default=most)
