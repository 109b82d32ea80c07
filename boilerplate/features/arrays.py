"""What the features of pages and of texts are computed with: bits, and arrays over the blocks of several pages."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np

_SPREAD = np.uint64(0x9E3779B97F4A7C15)


def unpack(bits: np.ndarray, width: int) -> np.ndarray:
    """Spread bit masks (int64) into columns: shape ``(n,)`` to ``(n, width)``, uint8, 0 or 1."""
    octets = np.ascontiguousarray(bits, "<i8").view(np.uint8).reshape(len(bits), 8)
    return np.unpackbits(octets, axis=1, count=width, bitorder="little")


def last_before(flags: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """For each block the last flagged block before it on its page, or -1.

    Parameters
    ----------
    flags
        Shape (n_blocks,), bool.
    begin
        Shape (n_blocks,): the first block of each block's page.
    """
    out = np.full(len(flags), -1)
    out[1:] = np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1))[:-1]
    return np.where(out >= begin, out, -1)


def next_after(flags: np.ndarray, finish: np.ndarray) -> np.ndarray:
    """For each block the next flagged block after it on its page, or the number of blocks.

    Parameters
    ----------
    flags
        Shape (n_blocks,), bool.
    finish
        Shape (n_blocks,): the block after the last of each block's page.
    """
    n = len(flags)
    out = np.full(n, n)
    out[:-1] = np.minimum.accumulate(np.where(flags, np.arange(n), n)[::-1])[::-1][1:]
    return np.where(out < finish, out, n)


def first_from(flags: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """For each block the first flagged block of its page (wrong where there is none)."""
    n = len(flags)
    following = np.minimum.accumulate(np.where(flags, np.arange(n), n)[::-1])[::-1]
    return following[begin]


def shift(values: np.ndarray, by: int, page: np.ndarray) -> np.ndarray:
    """The values of the block `by` further on on the same page; 0 beyond its ends."""
    out = np.zeros_like(values)
    if by > 0:
        same = page[by:] == page[:-by]
        out[:-by][same] = values[by:][same]
    else:
        same = page[-by:] == page[:by]
        out[-by:][same] = values[:by][same]
    return out


def runs(new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each block start and end of its run, given where runs begin."""
    at = np.flatnonzero(new)
    run = np.cumsum(new) - 1
    return at[run], np.append(at[1:], len(new))[run]


def count_alike(things: Iterable[Hashable], page: np.ndarray) -> np.ndarray:
    """For each thing how many others on its page equal it.

    Parameters
    ----------
    things
        As many as there are pages given; told apart by their hashes.
    page
        Shape (n,): number of each one's page.
    """
    keys = np.fromiter(map(hash, things), np.int64, len(page)).view(np.uint64)
    _, which, count = np.unique(keys ^ (page.astype(np.uint64) * _SPREAD), return_inverse=True, return_counts=True)
    return np.asarray(count[which] - 1)
