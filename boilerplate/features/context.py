"""What the blocks around a block were taken for: the second look's features."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from boilerplate.features.tokens import Tokens
from boilerplate.labels import INDEX, LABELS, Label

_BODY = INDEX[Label.BODY]

N_BOXES = 3
"""Nested boxes whose mean probabilities are looked at."""


class Described:
    """A described page, or several in a row.

    Parameters
    ----------
    features
        Features, shape (n_blocks, n_features), float32; or what makes the
        rows ``low:high`` of them when they are asked for.
    starts, ends
        Shape (N_BOXES, n_blocks): the blocks of each of the boxes around a block.
    heading
        Shape (n_blocks,): the block that governs as heading; -1 for none.
    words
        Shape (n_blocks,): words of each block.
    page
        Shape (n_blocks,): number of the page that a block is of.
    tokens
        Words and class names, for the tables of a model (see `model.evidence`).
    """

    __slots__ = ("_features", "ends", "heading", "page", "starts", "tokens", "words")

    def __init__(
        self,
        features: np.ndarray | Callable[[int, int], np.ndarray],
        starts: np.ndarray,
        ends: np.ndarray,
        heading: np.ndarray,
        words: np.ndarray,
        page: np.ndarray,
        tokens: Tokens,
    ) -> None:
        self._features = features
        self.tokens = tokens
        self.starts, self.ends, self.heading, self.words, self.page = starts, ends, heading, words, page

    def __len__(self) -> int:
        return len(self.words)

    def __reduce__(self) -> tuple[Any, ...]:
        return Described, (self.X, self.starts, self.ends, self.heading, self.words, self.page, self.tokens)

    def rows(self, low: int, high: int) -> np.ndarray:
        """Features of some blocks."""
        return self._features(low, high) if callable(self._features) else self._features[low:high]

    @property
    def X(self) -> np.ndarray:  # noqa: N802 - the field's own name
        """Features of all blocks; kept from the first time that they are asked for."""
        if callable(self._features):
            self._features = self._features(0, len(self))
        return self._features

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
            Tokens.concatenate([p.tokens for p in parts], sizes),
        )


SURE = 0.7
"""Probability from which the first look's body counts as sure."""

WIDTH = len(LABELS) * (7 + N_BOXES) + 3 + N_BOXES
"""Number of columns of `Context`."""


class Context:
    """Describes each block by the first look's probabilities around it, a stretch of blocks at a time.

    Its own probabilities, the previous and next block's, the means of the
    four before and the four after, of the boxes around it, those of the
    heading that governs it, and the means of all before on the page; how
    near the last and the next sure body block are, the product of both, and
    whether each of the boxes holds both.

    Parameters
    ----------
    P
        Shape (n_blocks, n_labels): probabilities of the first look.
    d
        The described pages.
    """

    __slots__ = ("P", "after", "before", "begin", "d", "finish", "sums")

    def __init__(self, P: np.ndarray, d: Described) -> None:
        n, k = P.shape
        self.P, self.d = P.astype(np.float32, copy=False), d
        first = np.ones(n, bool)
        first[1:] = d.page[1:] != d.page[:-1]
        bounds = np.append(np.flatnonzero(first), n)
        number = np.cumsum(first) - 1
        self.begin, self.finish = bounds[number], bounds[number + 1]
        weight = np.sqrt(d.words + 1.0)
        self.sums = np.zeros((n + 1, k + 1))
        np.cumsum(self.P * weight[:, None], axis=0, out=self.sums[1:, :k])
        np.cumsum(weight, out=self.sums[1:, k])
        sure, index = self.P[:, _BODY] > SURE, np.arange(n)
        before, after = np.full(n, -1), np.full(n, n)
        before[1:] = np.maximum.accumulate(np.where(sure, index, -1))[:-1]
        after[:-1] = np.minimum.accumulate(np.where(sure, index, n)[::-1])[::-1][1:]
        self.before, self.after = np.where(before >= self.begin, before, -1), np.where(after < self.finish, after, n)

    def rows(self, low: int, high: int) -> np.ndarray:
        """Describe some blocks: shape (high - low, WIDTH), float32."""
        n, d, P = len(self.P), self.d, self.P
        some = slice(low, high)
        index = np.arange(low, min(high, n))
        begin, finish = self.begin[some], self.finish[some]
        previous = P[index - 1] * (index > begin)[:, None]
        following = P[np.minimum(index + 1, n - 1)] * (index + 1 < finish)[:, None]
        starts, ends = d.starts[:, some], d.ends[:, some]
        parts = [P[some], previous, following]
        parts += [self._mean(np.maximum(index - 4, begin), index), self._mean(index + 1, np.minimum(index + 5, finish))]
        parts += [self._mean(a, b) for a, b in zip(starts, ends, strict=True)]
        heading = d.heading[some]
        parts += [P[np.maximum(heading, 0)] * (heading >= 0)[:, None], self._mean(begin, index)]
        before, after = self.before[some], self.after[some]
        near_before = np.exp((before - index) / 5.0) * (before >= 0)
        near_after = np.exp((index - after) / 5.0) * (after < n)
        parts.append(np.stack([near_before, near_after, near_before * near_after], 1))
        between = (before >= 0) & (after < n)
        parts.append(np.stack([between & (a <= before) & (b > after) for a, b in zip(starts, ends, strict=True)], 1))
        return np.concatenate(parts, 1, dtype=np.float32)

    def _mean(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        total = self.sums[high] - self.sums[low]
        return np.asarray(total[:, :-1] / np.maximum(total[:, -1:], 1e-6))
