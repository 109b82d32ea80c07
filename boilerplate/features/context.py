"""What the blocks around a block were taken for: the second look's features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boilerplate.labels import INDEX, LABELS, Label

_BODY = INDEX[Label.BODY]

N_BOXES = 3
"""Nested boxes whose mean probabilities are looked at."""


@dataclass(slots=True)
class Described:
    """A described page, or several in a row.

    Attributes
    ----------
    X
        Features, shape (n_blocks, n_features), float32.
    starts, ends
        Shape (N_BOXES, n_blocks): the blocks of each of the boxes around a block.
    heading
        Shape (n_blocks,): the block that governs as heading; -1 for none.
    words
        Shape (n_blocks,): words of each block.
    page
        Shape (n_blocks,): number of the page that a block is of.
    """

    X: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    heading: np.ndarray
    words: np.ndarray
    page: np.ndarray

    def __len__(self) -> int:
        return len(self.words)

    @classmethod
    def concatenate(cls, parts: list[Described]) -> Described:
        """Put pages in a row: block numbers are shifted, pages numbered anew."""
        sizes = [len(p) for p in parts]
        offsets = np.cumsum([0, *sizes[:-1]]).tolist() if parts else []
        pairs = list(zip(parts, offsets[: len(parts)], strict=True))
        return cls(
            np.concatenate([p.X for p in parts]),
            np.concatenate([p.starts + o for p, o in pairs], axis=1),
            np.concatenate([p.ends + o for p, o in pairs], axis=1),
            np.concatenate([np.where(p.heading >= 0, p.heading + o, -1) for p, o in pairs]),
            np.concatenate([p.words for p in parts]),
            np.repeat(np.arange(len(parts)), sizes),
        )


SURE = 0.7
"""Probability from which the first look's body counts as sure."""

WIDTH = len(LABELS) * (7 + N_BOXES) + 3 + N_BOXES
"""Number of columns of `context`."""


def context(P: np.ndarray, d: Described) -> np.ndarray:
    """Describe each block by the first look's probabilities around it.

    Parameters
    ----------
    P
        Shape (n_blocks, n_labels): probabilities of the first look.
    d
        The described pages.

    Returns
    -------
    array of shape (n_blocks, WIDTH), float32
        Its own probabilities, the previous and next block's, the means of the
        four before and the four after, of the boxes around it, those of the
        heading that governs it, and the means of all before on the page; how
        near the last and the next sure body block are, the product of both,
        and whether each of the boxes holds both.
    """
    n, k = P.shape
    P = P.astype(np.float32, copy=False)
    first = np.ones(n, bool)
    first[1:] = d.page[1:] != d.page[:-1]
    last = np.ones(n, bool)
    last[:-1] = first[1:]
    begin = np.flatnonzero(first)[np.cumsum(first) - 1] if n else np.zeros(0, np.int64)
    finish = np.flatnonzero(last)[np.cumsum(first) - 1] + 1 if n else begin
    index = np.arange(n)
    previous = np.zeros_like(P)
    previous[1:] = P[:-1]
    previous[first] = 0
    following = np.zeros_like(P)
    following[:-1] = P[1:]
    following[last] = 0
    weight = np.sqrt(d.words + 1.0)
    sums = np.zeros((n + 1, k + 1))
    np.cumsum(np.concatenate([P * weight[:, None], weight[:, None]], 1), axis=0, out=sums[1:])

    def mean(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        total = sums[b] - sums[a]
        return total[:, :k] / np.maximum(total[:, k:], 1e-6)

    parts = [P, previous, following]
    parts.append(mean(np.maximum(index - 4, begin), index))
    parts.append(mean(index + 1, np.minimum(index + 5, finish)))
    parts += [mean(d.starts[i], d.ends[i]) for i in range(N_BOXES)]
    parts.append(P[np.maximum(d.heading, 0)] * (d.heading >= 0)[:, None])
    parts.append(mean(begin, index))
    sure = P[:, _BODY] > SURE
    before = np.full(n, -1)
    before[1:] = np.maximum.accumulate(np.where(sure, index, -1))[:-1]
    before = np.where(before >= begin, before, -1)
    after = np.full(n, n)
    after[:-1] = np.minimum.accumulate(np.where(sure, index, n)[::-1])[::-1][1:]
    after = np.where(after < finish, after, n)
    near_before = np.exp((before - index) / 5.0) * (before >= 0)
    near_after = np.exp((index - after) / 5.0) * (after < n)
    parts.append(np.stack([near_before, near_after, near_before * near_after], 1))
    between = (before >= 0) & (after < n)
    parts.append(np.stack([between & (d.starts[i] <= before) & (d.ends[i] > after) for i in range(N_BOXES)], 1))
    return np.concatenate(parts, 1, dtype=np.float32)
