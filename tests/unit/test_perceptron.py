"""The perceptron's training: what it learns from partial gold, weights, several seeds and blanked columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from boilerplate.training.perceptron import fit_layers

OPTIONS: dict[str, Any] = {"hidden": 16, "epochs": 1500, "decay": 0.0, "seeds": [0]}


def points(n: int = 400, columns: int = 3) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(n, columns)).astype(np.float32)


def one_hot(labels: np.ndarray, n_labels: int = 2) -> np.ndarray:
    return np.eye(n_labels, dtype=bool)[labels]


def test_it_learns_what_no_line_parts():
    X = points()
    labels = (X[:, 0] * X[:, 1] > 0).astype(int)
    P = fit_layers(X, one_hot(labels), np.ones(len(X)), **OPTIONS).proba(X)
    assert (P.argmax(axis=1) == labels).mean() > 0.95


def test_a_seed_gives_the_same_layers():
    X = points(200)
    allowed = one_hot((X[:, 0] > 0).astype(int))
    a, b, other = (
        fit_layers(X, allowed, np.ones(200), **OPTIONS | {"epochs": 2, "seeds": [seed]}) for seed in (3, 3, 4)
    )
    assert a.W1.tobytes() == b.W1.tobytes()
    assert a.W1.tobytes() != other.W1.tobytes()


def test_gold_that_only_rules_a_label_out():
    """A third of the blocks is known to be of label 0, of the others only that they are not."""
    X = points()
    allowed = np.where((X[:, 0] > 0.5)[:, None], [True, False, False], [False, True, True])
    P = fit_layers(X, allowed, np.ones(len(X)), **OPTIONS).proba(X)
    clear = abs(X[:, 0] - 0.5) > 0.3
    assert (P[clear, 0] > 0.5).tolist() == (X[clear, 0] > 0.5).tolist()


def test_weights_are_how_often_a_block_counts():
    X = np.zeros((20, 1), np.float32)
    labels = np.tile([0, 1], 10)
    P = fit_layers(X, one_hot(labels), np.where(labels == 0, 9.0, 1.0), **OPTIONS).proba(X[:1])
    assert P[0] == pytest.approx([0.9, 0.1], abs=0.02)


def test_networks_of_several_seeds_average_their_log_odds():
    X = points(300)
    allowed = one_hot((X[:, 0] > 0).astype(int))
    first, second, both = (
        fit_layers(X, allowed, np.ones(300), **OPTIONS | {"epochs": 3, "seeds": seeds}) for seeds in ([1], [2], [1, 2])
    )
    assert both.W1.shape[1] == 2 * OPTIONS["hidden"]

    def log_odds(layers):
        P = layers.proba(X).astype(float)
        return np.log(P[:, 1] / P[:, 0])

    assert not np.allclose(log_odds(first), log_odds(second), atol=0.01)
    np.testing.assert_allclose(log_odds(both), (log_odds(first) + log_odds(second)) / 2, atol=1e-3)


def test_columns_that_are_always_blanked_teach_nothing():
    X = points()
    allowed = one_hot((X[:, 0] + X[:, 1] > 0).astype(int))

    def weights(epochs: int, drop: float) -> np.ndarray:
        groups = [np.array([0])]
        return fit_layers(X, allowed, np.ones(len(X)), **OPTIONS | {"epochs": epochs}, groups=groups, drop=drop).W1

    np.testing.assert_array_equal(weights(1, 1.0)[0], weights(4, 1.0)[0])
    assert not np.array_equal(weights(1, 1.0)[1], weights(4, 1.0)[1])
    assert not np.array_equal(weights(1, 0.0)[0], weights(4, 0.0)[0])


def test_the_data_are_left_as_they_were():
    X = points(200)
    before = X.copy()
    allowed, options = one_hot((X[:, 0] > 0).astype(int)), OPTIONS | {"epochs": 2}
    fit_layers(X, allowed, np.ones(200), **options, groups=[np.array([0, 1])], drop=0.5)
    np.testing.assert_array_equal(X, before)


def test_a_column_that_never_varied_stays_bounded_on_new_pages():
    X = points()
    X[:, 2] = 1.0
    allowed = one_hot((X[:, 0] > 0).astype(int))
    layers = fit_layers(X, allowed, np.ones(len(X)), **OPTIONS | {"epochs": 800})
    new = np.array([[1, 0, 2], [1, 0, 2_000]], np.float32)
    P = layers.proba(new)
    np.testing.assert_array_equal(P[0], P[1])  # clipped alike
    assert P[0, 1] > 0.5  # and what did vary still decides


def test_weight_decay_keeps_weights_small():
    X = points()
    allowed = one_hot((X[:, 0] > 0).astype(int))
    free, decayed = (
        abs(fit_layers(X, allowed, np.ones(len(X)), **OPTIONS | {"epochs": 300, "decay": decay}).W1).mean()
        for decay in (0.0, 1.0)
    )
    assert decayed < 0.8 * free
