"""What the first pass made of the blocks around a block: further features of the second pass."""

from __future__ import annotations

import numpy as np

from boilerplate.features.page_features import N_CONTAINERS, PageFeatures
from boilerplate.labels import INDEX, LABELS, Label

_BODY = INDEX[Label.BODY]

SURE = 0.7
"""Probability from which the first pass's body counts as sure."""

WIDTH = len(LABELS) * (7 + N_CONTAINERS) + 3 + N_CONTAINERS
"""Number of columns of `NeighbourFeatures`."""


class NeighbourFeatures:
    """Describes each block by the first pass's probabilities around it, a stretch of blocks at a time.

    Its own probabilities, the previous and next block's, the means of the
    four before and the four after, of the containers around it, those of the
    heading that governs it, and the means of all before on the page; how
    near the last and the next sure body block are, the product of both, and
    whether each of the containers holds both.

    Parameters
    ----------
    P
        Shape (n_blocks, n_labels): probabilities of the first pass.
    d
        The described pages.
    """

    __slots__ = ("P", "after", "before", "begin", "d", "finish", "sums")

    def __init__(self, P: np.ndarray, d: PageFeatures) -> None:
        n, k = P.shape
        self.P, self.d = P.astype(np.float32, copy=False), d
        first = np.ones(n, bool)
        first[1:] = d.page[1:] != d.page[:-1]
        bounds = np.append(np.flatnonzero(first), n)
        number = np.cumsum(first) - 1
        self.begin, self.finish = bounds[number], bounds[number + 1]
        weight = np.sqrt(d.words + 1.0)
        self.sums = np.zeros((n + 1, k + 1))
        for column in range(k):  # one by one: of a long page all together take as much memory as the sums
            np.cumsum(self.P[:, column] * weight, out=self.sums[1:, column])
        np.cumsum(weight, out=self.sums[1:, k])
        sure, index = self.P[:, _BODY] > SURE, np.arange(n)
        before, after = np.full(n, -1), np.full(n, n)
        before[1:] = np.maximum.accumulate(np.where(sure, index, -1))[:-1]
        after[:-1] = np.minimum.accumulate(np.where(sure, index, n)[::-1])[::-1][1:]
        self.before, self.after = np.where(before >= self.begin, before, -1), np.where(after < self.finish, after, n)

    def rows(self, low: int, high: int) -> np.ndarray:
        """Describe some blocks: shape (high - low, WIDTH), float32."""
        n, d, P = len(self.P), self.d, self.P
        part = slice(low, high)
        index = np.arange(low, min(high, n))
        begin, finish = self.begin[part], self.finish[part]
        previous = P[index - 1] * (index > begin)[:, None]
        following = P[np.minimum(index + 1, n - 1)] * (index + 1 < finish)[:, None]
        starts, ends = d.starts[:, part], d.ends[:, part]
        parts = [P[part], previous, following]
        parts += [self._mean(np.maximum(index - 4, begin), index), self._mean(index + 1, np.minimum(index + 5, finish))]
        parts += [self._mean(a, b) for a, b in zip(starts, ends, strict=True)]
        heading = d.heading[part]
        parts += [P[np.maximum(heading, 0)] * (heading >= 0)[:, None], self._mean(begin, index)]
        before, after = self.before[part], self.after[part]
        near_before = np.exp((before - index) / 5.0) * (before >= 0)
        near_after = np.exp((index - after) / 5.0) * (after < n)
        parts.append(np.stack([near_before, near_after, near_before * near_after], 1))
        between = (before >= 0) & (after < n)
        parts.append(np.stack([between & (a <= before) & (b > after) for a, b in zip(starts, ends, strict=True)], 1))
        return np.concatenate(parts, 1, dtype=np.float32)

    def _mean(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        total = self.sums[high] - self.sums[low]
        return np.asarray(total[:, :-1] / np.maximum(total[:, -1:], 1e-6))
