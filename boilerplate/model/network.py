"""The classifier at work: two small networks as plain arrays, evaluated by NumPy.

The first pass labels each block by its own features; the second sees what
the first made of the blocks around it (stacked sequential learning, Cohen and
Carvalho 2005). Training is elsewhere (`boilerplate.training`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from boilerplate.features.neighbours import NeighbourFeatures
from boilerplate.features.page_features import PageFeatures
from boilerplate.model.evidence import Evidence, Table
from boilerplate.model.product import product

CLIP = 4.0
"""Standardised features are clipped to this many standard deviations."""

_KEPT = 2**14
"""Blocks up to which the first pass keeps what the second needs; of a longer page it would take much memory."""

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

    def proba(self, X: np.ndarray) -> np.ndarray:
        """Probabilities of the labels, shape (n, n_labels), float32."""
        Z = (X - self.mean) * self.scale
        np.clip(Z, -CLIP, CLIP, out=Z)
        return self.from_hidden(product(Z, self.W1) + self.b1)

    def from_hidden(self, H: np.ndarray) -> np.ndarray:
        """Probabilities, given what the hidden units take in, which is overwritten."""
        np.maximum(H, 0, out=H)
        logits = product(H, self.W2)
        logits += self.b2
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=logits)
        logits /= logits.sum(axis=1, keepdims=True)
        return logits


def _clip(X: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """`np.clip` with an array for each bound takes three times as long."""
    out = np.maximum(X, low)
    return np.minimum(out, high, out=out)


@dataclass(slots=True)
class Network:
    """The two passes, the temperature that calibrates the second, and the tables of evidence that both see.

    ``temperature`` divides the logarithms of the second pass's probabilities
    (Guo et al. 2017); 1 leaves them as they are. ``spans`` finds the noise
    inside blocks; None finds none.
    """

    first: Layers
    second: Layers
    temperature: float = 1.0
    evidence: Evidence = field(default_factory=Evidence.empty)
    spans: SpanModel | None = None
    _shared: tuple[np.ndarray, ...] | None = field(default=None, init=False, repr=False, compare=False)

    def proba(self, d: PageFeatures) -> np.ndarray:
        """Probabilities of the labels of described blocks: (n_blocks, n_labels)."""
        if len(d) == 0:
            return np.zeros((0, len(self.second.b2)), np.float32)
        first, second = self.first, self.second
        low, high, W, b = self._shared or self._share()
        width, hidden = len(first.mean), len(first.b1)
        evidence = self.evidence.rows(d.tokens, d.heading, d.page)

        def inputs(at: int) -> np.ndarray:
            """What the hidden units of both passes take in of the features of a stretch."""
            features = np.concatenate([d.rows(at, at + _ROWS), evidence.rows(at, at + _ROWS)], axis=1)
            taken = product(_clip(features, low, high), W)
            taken += b
            return taken

        P = np.empty((len(d), len(first.b2)), np.float32)
        kept: list[np.ndarray] = []  # what the second pass makes of the features
        for at in range(0, len(d), _ROWS):
            taken = inputs(at)
            P[at : at + _ROWS] = first.from_hidden(np.ascontiguousarray(taken[:, :hidden]))
            if len(d) <= _KEPT:
                kept.append(taken[:, hidden:].copy())
        around = NeighbourFeatures(P, d)
        out = np.empty((len(d), len(second.b2)), np.float32)
        for stretch, at in enumerate(range(0, len(d), _ROWS)):
            C = around.rows(at, at + _ROWS)
            C -= second.mean[width:]
            C *= second.scale[width:]
            np.clip(C, -CLIP, CLIP, out=C)
            C = product(C, second.W1[width:])
            C += kept[stretch] if kept else inputs(at)[:, hidden:]
            out[at : at + _ROWS] = second.from_hidden(C)
        if self.temperature != 1.0:
            out **= 1.0 / self.temperature
            out /= out.sum(axis=1, keepdims=True)
        return out

    def _share(self) -> tuple[np.ndarray, ...]:
        """Fold the standardising of the features into the weights; both passes see them, so they go through once.

        Both standardise by the same numbers: they learned from the same blocks.
        """
        first, second = self.first, self.second
        width = len(first.mean)
        W = np.concatenate([first.W1 * first.scale[:, None], second.W1[:width] * first.scale[:, None]], axis=1)
        b = np.concatenate([first.b1, second.b1]) - product(first.mean[None], W)[0]
        shared = first.mean - CLIP / first.scale, first.mean + CLIP / first.scale, W, b
        self._shared = shared  # at once: another thread finds all of it or nothing, and then makes the same
        return shared


@dataclass(slots=True)
class SpanModel:
    """What finds the noise inside a block (see `boilerplate.spans`).

    Attributes
    ----------
    borders
        Tells the borders among the gaps between words: two outputs, no border and border.
    openers
        Evidence of words, and of pairs of them, for the kind of noise that they begin.
    edges
        Evidence of the words before and after a gap for its being a border, in the
        second column; those of the other labels are 0.
    network
        Labels the pieces between borders, in two passes, as it does blocks.
    """

    borders: Layers
    openers: Table
    edges: Table
    network: Network
