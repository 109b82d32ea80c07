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
    n, inputs = Z.shape
    labels = allowed.shape[1]
    params = [
        rng.normal(0, np.sqrt(2.0 / inputs), (inputs, hidden)).astype(np.float32),
        np.zeros(hidden, np.float32),
        rng.normal(0, np.sqrt(1.0 / hidden), (hidden, labels)).astype(np.float32),
        np.zeros(labels, np.float32),
    ]
    first = [np.zeros_like(p) for p in params]
    second = [np.zeros_like(p) for p in params]
    batches = max(1, n // _BATCH)
    total = epochs * batches
    step = 0
    for _ in range(epochs):
        order = rng.permutation(n)
        for batch in np.array_split(order, batches):
            step += 1
            rate = 3e-3 * min(1.0, step / (0.05 * total + 1)) * 0.5 * (1 + np.cos(np.pi * step / total))
            x = Z[batch]
            if drop:
                for group in groups:
                    dropped = np.flatnonzero(rng.random(len(batch)) < drop)
                    if len(dropped):
                        x[np.ix_(dropped, group)] = 0.0
            W1, b1, W2, b2 = params
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
            gradients = [x.T @ back, back.sum(axis=0), h.T @ g, g.sum(axis=0)]
            for i, gradient in enumerate(gradients):
                first[i] += 0.1 * (gradient - first[i])
                second[i] += 0.001 * (gradient * gradient - second[i])
                update = (first[i] / (1 - 0.9**step)) / (np.sqrt(second[i] / (1 - 0.999**step)) + 1e-8)
                if i in (0, 2):
                    update += decay * params[i]
                params[i] -= np.float32(rate) * update
        progress.advance()
    return params
