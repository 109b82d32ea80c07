"""Training one pass of the network: a perceptron that learns from partial labels.

scikit-learn's `MLPClassifier` supports neither partial labels (a block that is
known not to be body, and no more) nor dropping whole groups of features, which
keeps one portal's class names from carrying the decision. So the loop is our
own: Adam (Kingma and Ba 2015) in NumPy.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from boilerplate.model.network import CLIP, Layers
from boilerplate.progress import NO_PROGRESS, Progress

_BATCH = 512
_SMALL_BATCH = 128
"""Blocks of a step where few pages are learned from."""

_RATE = 3e-3
"""Highest learning rate of a training from nothing."""


def fit_layers(
    X: np.ndarray,
    allowed: np.ndarray,
    weight: np.ndarray,
    *,
    hidden: int,
    epochs: int,
    decay: float,
    seeds: Sequence[int],
    groups: Sequence[np.ndarray] = (),
    drop: float = 0.0,
    progress: Progress = NO_PROGRESS,
) -> Layers:
    """Fit perceptrons from several seeds and join them into one.

    The loss of a block is ``-log`` of the probability of its allowed labels
    together; joined networks average their log odds.

    Parameters
    ----------
    X
        Features, shape (n_blocks, n_features).
    allowed
        Bool, shape (n_blocks, n_labels): the labels that the gold permits.
    weight
        Weights of the blocks, shape (n_blocks,).
    hidden, epochs, seeds
        Hidden units of each network, passes over the data, a seed a network.
    decay
        Weight decay a step of unit learning rate (Loshchilov and Hutter 2019).
    groups, drop
        Arrays of columns that are dropped together, and the probability of that.
    progress
        Advanced after every epoch.
    """
    mean = X.mean(axis=0, dtype=np.float64)
    # A feature that hardly varies in training must not explode on a new page.
    scale = 1.0 / (X.std(axis=0, dtype=np.float64) + 0.02)
    Z = np.clip((X - mean.astype(np.float32)) * scale.astype(np.float32), -CLIP, CLIP)
    weight = (weight / weight.mean()).astype(np.float32)
    nets = [_fit(Z, allowed, weight, hidden, epochs, decay, seed, groups, drop, progress) for seed in seeds]
    k = len(nets)
    return Layers(
        mean.astype(np.float32),
        scale.astype(np.float32),
        np.concatenate([net[0] for net in nets], axis=1),
        np.concatenate([net[1] for net in nets]),
        np.concatenate([net[2] for net in nets], axis=0) / k,
        np.mean([net[3] for net in nets], axis=0),
    )


def continue_layers(
    layers: Layers,
    X: np.ndarray,
    allowed: np.ndarray,
    weight: np.ndarray,
    *,
    epochs: int,
    rate: float,
    pull: float,
    seed: int = 0,
    progress: Progress = NO_PROGRESS,
) -> Layers:
    """Train fitted layers further, and hold them near to what they were.

    Parameters
    ----------
    layers
        What was fitted; the features are standardised as they were then.
    X, allowed, weight
        As for `fit_layers`.
    epochs
        Passes over the blocks.
    rate
        Highest learning rate.
    pull
        How strongly weights are drawn back to where they started: the weight decay of `fit_layers`, towards the start.
    seed, progress
        As for `fit_layers`.
    """
    Z = np.clip((X - layers.mean) * layers.scale, -CLIP, CLIP)
    weight = (weight / weight.mean()).astype(np.float32)
    start = [layers.W1, layers.b1, layers.W2, layers.b2]
    descent = _Descent([p.copy() for p in start], start, rate, pull)
    _descend(descent, Z, allowed, weight, epochs, _SMALL_BATCH, np.random.default_rng(seed), (), 0.0, progress)
    return Layers(layers.mean, layers.scale, *descent.params)


def _fit(
    Z: np.ndarray,
    allowed: np.ndarray,
    weight: np.ndarray,
    hidden: int,
    epochs: int,
    decay: float,
    seed: int,
    groups: Sequence[np.ndarray],
    drop: float,
    progress: Progress,
) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    inputs, labels = Z.shape[1], allowed.shape[1]
    params = [
        rng.normal(0, np.sqrt(2.0 / inputs), (inputs, hidden)).astype(np.float32),
        np.zeros(hidden, np.float32),
        rng.normal(0, np.sqrt(1.0 / hidden), (hidden, labels)).astype(np.float32),
        np.zeros(labels, np.float32),
    ]
    descent = _Descent(params, [np.zeros_like(p) for p in params], _RATE, decay)
    _descend(descent, Z, allowed, weight, epochs, _BATCH, rng, groups, drop, progress)
    return descent.params


class _Descent:
    """Adam, with weights (not biases) decaying towards a centre.

    Parameters
    ----------
    params
        What is trained, in place: W1, b1, W2, b2.
    centre
        Where the weights decay to.
    rate
        Highest learning rate.
    decay
        See `fit_layers`.
    """

    def __init__(self, params: list[np.ndarray], centre: list[np.ndarray], rate: float, decay: float) -> None:
        self.params, self.centre, self.rate, self.decay = params, centre, rate, decay
        self._first = [np.zeros_like(p) for p in params]
        self._second = [np.zeros_like(p) for p in params]
        self._step = 0

    def step(self, gradients: list[np.ndarray], done: float) -> None:
        """Take a step; `done` of the training, 0 to 1, lies behind it. The rate rises for 5 % of it, then falls."""
        self._step += 1
        rate = self.rate * min(1.0, done / 0.05) * 0.5 * (1 + np.cos(np.pi * done))
        for i, gradient in enumerate(gradients):
            self._first[i] += 0.1 * (gradient - self._first[i])
            self._second[i] += 0.001 * (gradient * gradient - self._second[i])
            update = (self._first[i] / (1 - 0.9**self._step)) / (
                np.sqrt(self._second[i] / (1 - 0.999**self._step)) + 1e-8
            )
            if i in (0, 2):
                update += self.decay * (self.params[i] - self.centre[i])
            self.params[i] -= np.float32(rate) * update


def _descend(
    descent: _Descent,
    Z: np.ndarray,
    allowed: np.ndarray,
    weight: np.ndarray,
    epochs: int,
    size: int,
    rng: np.random.Generator,
    groups: Sequence[np.ndarray],
    drop: float,
    progress: Progress,
) -> None:
    n = len(Z)
    batches = max(1, n // size)
    total = epochs * batches
    step = 0
    for _ in range(epochs):
        order = rng.permutation(n)
        for batch in np.array_split(order, batches):
            step += 1
            x = Z[batch]
            if drop:
                for group in groups:
                    dropped = np.flatnonzero(rng.random(len(batch)) < drop)
                    if len(dropped):
                        x[np.ix_(dropped, group)] = 0.0
            W1, b1, W2, b2 = descent.params
            h = np.maximum(x @ W1 + b1, 0)
            logits = h @ W2 + b2
            logits -= logits.max(axis=1, keepdims=True)
            p = np.exp(logits)
            p /= p.sum(axis=1, keepdims=True)
            # The loss is -log of the allowed labels' probability: its target is that part of the prediction.
            q = p * allowed[batch]
            q /= np.maximum(q.sum(axis=1, keepdims=True), 1e-9)
            g = (p - q) * (weight[batch] / len(batch))[:, None]
            back = (g @ W2.T) * (h > 0)
            descent.step([x.T @ back, back.sum(axis=0), h.T @ g, g.sum(axis=0)], step / total)
        progress.advance()
