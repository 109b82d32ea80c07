"""Reliability of probabilities: how often decisions of some probability are right."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

BINS = 15
FLOOR = 1e-12
"""Probabilities count as at least this much where their logarithm is taken."""


def _zeros() -> np.ndarray:
    return np.zeros(BINS)


@dataclass(slots=True)
class Reliability:
    """How often decisions of some probability are right, in bins of equal width.

    Attributes
    ----------
    words, sure, right
        Shape (BINS,): words decided on; their summed probability; those of
        them that were decided rightly.
    """

    words: np.ndarray = field(default_factory=_zeros)
    sure: np.ndarray = field(default_factory=_zeros)
    right: np.ndarray = field(default_factory=_zeros)

    def add(self, probability: np.ndarray, right: np.ndarray, words: np.ndarray) -> None:
        """Add decisions: how probable each is, on how many words, and how many of these it is right on."""
        probability = np.clip(np.asarray(probability, float), 0.0, 1.0)  # float32 sums can pass 1 by a hair
        at = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
        for total, values in ((self.words, words), (self.sure, words * probability), (self.right, right)):
            total += np.bincount(at, values, BINS)

    def error(self) -> float:
        """Expected calibration error: mean distance of a bin's probability from its share of right words."""
        total = self.words.sum()
        return float(np.abs(self.sure - self.right).sum() / total) if total else float("nan")
