"""The classifier at work: two small networks as plain arrays, evaluated by NumPy.

The first look labels each block by its own features; the second sees what
the first made of the blocks around it (stacked sequential learning, Cohen and
Carvalho 2005). Training is elsewhere (`boilerplate.training`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boilerplate.features.context import Described, context

CLIP = 4.0
"""Standardised features are clipped to this many standard deviations."""

_ROWS = 1024
"""Blocks evaluated at once: what a processor's cache holds."""


@dataclass(slots=True)
class Layers:
    """A perceptron with one hidden layer of rectified units.

    Attributes
    ----------
    mean, scale
        Shape (n_features,): features are standardised by them.
    W1, b1, W2, b2
        Shapes (n_features, n_hidden), (n_hidden,), (n_hidden, n_labels), (n_labels,).
    """

    mean: np.ndarray
    scale: np.ndarray
    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray

    def proba(self, *parts: np.ndarray) -> np.ndarray:
        """Probabilities of the labels, shape (n, n_labels), float32.

        Parameters
        ----------
        *parts
            Features, side by side: shapes (n, n_features of that part).
        """
        return np.concatenate([self._proba([part[at : at + _ROWS] for part in parts]) for at in range(0, len(parts[0]) or 1, _ROWS)])

    def _proba(self, parts: list[np.ndarray]) -> np.ndarray:
        H = np.repeat(self.b1[None], len(parts[0]), axis=0)
        at = 0
        for part in parts:
            columns = slice(at, at + part.shape[1])
            at = columns.stop
            Z = part - self.mean[columns]
            Z *= self.scale[columns]
            np.clip(Z, -CLIP, CLIP, out=Z)
            H += Z @ self.W1[columns]
        np.maximum(H, 0, out=H)
        logits = H @ self.W2
        logits += self.b2
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        logits /= logits.sum(axis=1, keepdims=True)
        return logits


@dataclass(slots=True)
class Network:
    """The two looks, and the temperature that calibrates the second.

    ``temperature`` divides the logarithms of the second look's probabilities
    (Guo et al. 2017); 1 leaves them as they are.
    """

    first: Layers
    second: Layers
    temperature: float = 1.0

    def proba(self, d: Described) -> np.ndarray:
        """Probabilities of the labels of described blocks: (n_blocks, n_labels)."""
        if len(d) == 0:
            return np.zeros((0, len(self.second.b2)), np.float32)
        P = self.first.proba(d.X)
        P = self.second.proba(d.X, context(P, d))
        if self.temperature != 1.0:
            P **= 1.0 / self.temperature
            P /= P.sum(axis=1, keepdims=True)
        return P
