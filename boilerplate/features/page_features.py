"""What the stage of features hands on: the features of a page, or of several concatenated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from boilerplate.features.tokens import Tokens

N_CONTAINERS = 3
"""Nested containers whose mean probabilities are looked at."""


class PageFeatures:
    """A described page, or several in a row.

    Parameters
    ----------
    features
        Features, shape (n_blocks, n_features), float32; or what makes the
        rows ``low:high`` of them when they are asked for.
    starts, ends
        Shape (N_CONTAINERS, n_blocks): the blocks of each of the containers around a block.
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
        return PageFeatures, (self.X, self.starts, self.ends, self.heading, self.words, self.page, self.tokens)

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
    def concatenate(cls, parts: list[PageFeatures]) -> PageFeatures:
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
