"""Starting from a trained model: what a few pages of one portal add to it.

Two things change. The tables of evidence learn what the portal's own words
and class names stand for: its name for `Baca Juga`, say, which no other portal
has. Then the networks are trained a little further on the portal's blocks, held
near to what they were, so that other portals come out as before.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from boilerplate.features.neighbours import NeighbourFeatures
from boilerplate.features.page_features import PageFeatures
from boilerplate.labels import LABELS
from boilerplate.model.evidence import STEP, Evidence, Table
from boilerplate.model.network import Layers, Network
from boilerplate.progress import NO_PROGRESS, Progress
from boilerplate.training.evidence import PRIOR, token_blocks
from boilerplate.training.perceptron import continue_layers
from boilerplate.training.targets import MASKED, allowed_labels

EPOCHS, RATE, PULL = 8, 3e-4, 0.02
"""Of the training that follows: passes over the blocks, learning rate, weight decay towards the start."""

TRUST = 9.0
"""Portals' worth of evidence that the user's pages reach for a word, the more of them have it."""

HELD = 3.0
"""Portals' worth of evidence that the model's own weight of a word counts for, beside that."""

STEPS = 2 * EPOCHS
"""Times that `adapt` advances its progress."""

_N = len(LABELS)


def adapt(
    network: Network, pages: Sequence[PageFeatures], golds: Sequence[np.ndarray], progress: Progress = NO_PROGRESS
) -> Network:
    """Return a network that has learned from a few labelled pages, besides what it knew.

    Parameters
    ----------
    network
        The start; it is left as it is.
    pages
        The pages, described with the headings of the start's lexicon.
    golds
        Of each page, shape (n_blocks,): column of the label, `NOT_BODY` or `MASKED`.
    progress
        Advanced `STEPS` times.

    Raises
    ------
    ValueError
        If no block has a label.
    """
    features = PageFeatures.concatenate(list(pages))
    gold = np.concatenate(golds) if len(golds) else np.zeros(0, np.int64)
    use = gold != MASKED
    if not (gold >= 0).any():
        raise ValueError("no labelled blocks to learn from")
    page = features.page
    usual = (np.bincount(gold[gold >= 0], minlength=_N) + 1.0) / ((gold >= 0).sum() + _N)
    usual = (usual + 1.0 / _N) / 2  # pages of one portal say little about the usual shares
    local = _Local(features, gold, usual)
    columns = _leave_one_page_out(network.evidence, local, features)
    X = np.concatenate([features.X, columns], axis=1)
    allowed = allowed_labels(gold)
    weight = np.sqrt(features.words) + 0.5
    first = continue_layers(
        network.first, X[use], allowed[use], weight[use], epochs=EPOCHS, rate=RATE, pull=PULL, progress=progress
    )
    around = NeighbourFeatures(first.proba(X), features).rows(0, len(features))
    both = np.concatenate([X, around], axis=1)
    second = continue_layers(
        network.second, both[use], allowed[use], weight[use], epochs=EPOCHS, rate=RATE, pull=PULL, progress=progress
    )
    evidence = local.added_to(network.evidence, np.ones(len(page), bool))
    return Network(first, second, network.temperature, evidence, network.spans)


def blend(start: Network, end: Network, share: float) -> Network:
    """Return what lies between a network and what `adapt` made of it: `share` 0 is the start, 1 the end."""
    return Network(
        _between_layers(start.first, end.first, share),
        _between_layers(start.second, end.second, share),
        start.temperature,
        Evidence(
            *(_between_tables(a, b, share) for a, b in zip(start.evidence.tables, end.evidence.tables, strict=True))
        ),
        start.spans,
    )


def _between_layers(start: Layers, end: Layers, share: float) -> Layers:
    pairs = ((start.W1, end.W1), (start.b1, end.b1), (start.W2, end.W2), (start.b2, end.b2))
    return Layers(start.mean, start.scale, *(a + np.float32(share) * (b - a) for a, b in pairs))


def _between_tables(start: Table, end: Table, share: float) -> Table:
    before = np.zeros(end.weights.shape)  # what the start did not know told nothing
    before[np.isin(end.keys, start.keys)] = start.weights
    return Table(end.keys, np.round(before + share * (end.weights - before)).astype(np.int8))


def _leave_one_page_out(evidence: Evidence, local: _Local, features: PageFeatures) -> np.ndarray:
    """Features that the tables make of each page, learned from the other pages: its own would tell it its labels."""
    out: np.ndarray | None = None
    for number in np.unique(features.page):
        there = features.page == number
        found = local.added_to(evidence, ~there).rows(features.tokens, features.heading, features.page)
        columns = found.rows(0, len(features))
        if out is None:
            out = np.zeros_like(columns)
        out[there] = columns[there]
    assert out is not None
    return out


class _Local:
    """What the words and class names of a few pages stand for there.

    Parameters
    ----------
    features
        The pages, together.
    gold
        Shape (n_blocks,): column of the label; below 0 for what is not counted.
    usual
        Shape (n_labels,): the labels' usual shares.
    """

    def __init__(self, features: PageFeatures, gold: np.ndarray, usual: np.ndarray) -> None:
        self._gold, self._page, self._usual = gold, features.page, usual
        self._tokens = token_blocks(features.tokens)

    def added_to(self, evidence: Evidence, counted: np.ndarray) -> Evidence:
        """Return the tables with what the blocks that are `counted` (shape (n_blocks,), bool) add."""
        pairs = zip(evidence.tables, self._tokens, strict=True)
        return Evidence(*(self._table(table, *tokens, counted) for table, tokens in pairs))

    def _table(self, table: Table, hashes: np.ndarray, of: np.ndarray, counted: np.ndarray) -> Table:
        use = counted[of] & (self._gold[of] >= 0)
        hashes, of = hashes[use], of[use]
        keys, token = np.unique(hashes, return_inverse=True)
        counts = np.zeros((len(keys), _N))
        np.add.at(counts, (token, self._gold[of]), 1.0)
        shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1.0)
        number = int(self._page.max(initial=0)) + 1
        pairs = np.unique(token * number + self._page[of])
        pages = np.bincount(pairs // number, minlength=len(keys))
        trust = (TRUST * pages / (pages + 1.0))[:, None]
        known, rows = table.find(keys)
        old = self._usual * np.exp(table.weights[rows] * STEP)
        old /= old.sum(axis=1, keepdims=True)
        weights = table.weights.copy()
        weights[rows] = self._weights((HELD * old + trust[known] * shares[known]) / (HELD + trust[known]))
        new = (PRIOR * self._usual + trust[~known] * shares[~known]) / (PRIOR + trust[~known])
        every = np.concatenate([table.keys, keys[~known]])
        order = np.argsort(every, kind="stable")
        return Table(every[order], np.concatenate([weights, self._weights(new)])[order])

    def _weights(self, shares: np.ndarray) -> np.ndarray:
        """Weights of evidence, in steps of `STEP`, of labels' shares."""
        weights = np.log(np.maximum(shares, 1e-9) / self._usual)
        return np.clip(np.round(weights / STEP), -127, 127).astype(np.int8)
