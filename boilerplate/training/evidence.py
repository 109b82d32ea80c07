"""Learning what words and class names tell of the labels, so that no portal's own words count for its own blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from boilerplate.features.tokens import Tokens
from boilerplate.labels import LABELS
from boilerplate.model.evidence import STEP, Evidence, Table

MIN_PORTALS = 3
"""Portals that must have a word for it to be in the table."""

PRIOR = 2.0
"""Portals' worth of the labels' usual shares that each word's shares are mixed with."""

_N = len(LABELS)


class Counts:
    """In how many portals each token comes with each label.

    Parameters
    ----------
    hashes, of
        Shape (n_tokens,): the tokens, and the number of the block that each is of.
    gold
        Shape (n_blocks,): column of the label; below 0 for what is not counted.
    portal
        Shape (n_blocks,): number of the portal.
    fold
        Shape (n_portals,): the fold of each portal.
    """

    def __init__(
        self, hashes: np.ndarray, of: np.ndarray, gold: np.ndarray, portal: np.ndarray, fold: np.ndarray
    ) -> None:
        known = gold[of] >= 0
        hashes, of = hashes[known], of[known]
        self.keys, token = np.unique(hashes, return_inverse=True)
        triple = (portal[of] * len(self.keys) + token) * _N + gold[of]
        found, times = np.unique(triple, return_counts=True)
        pair = found // _N
        first = np.flatnonzero(np.diff(pair, prepend=-1))
        total = np.add.reduceat(times, first) if len(first) else times
        share = times / np.repeat(total, np.diff(np.append(first, len(times))))
        number = int(fold.max(initial=0)) + 1
        self.shares = np.zeros((number, len(self.keys), _N), np.float32)
        np.add.at(self.shares, (fold[pair // max(len(self.keys), 1)], pair % max(len(self.keys), 1), found % _N), share)

    def table(self, without: int | None = None) -> Table:
        """Weights of evidence from all portals, or from those of all folds but one."""
        shares = self.shares.sum(axis=0)
        if without is not None:
            shares = shares - self.shares[without]
        portals = shares.sum(axis=1)
        usual = shares.sum(axis=0) / max(float(portals.sum()), 1e-9)
        common = portals > MIN_PORTALS - 0.5
        mixed = (shares[common] + PRIOR * usual) / (portals[common, None] + PRIOR)
        weights = np.log(np.maximum(mixed, 1e-9) / np.maximum(usual, 1e-9))
        return Table(self.keys[common], np.clip(np.round(weights / STEP), -127, 127).astype(np.int8))


def learn(
    tokens: Tokens, heading: np.ndarray, gold: np.ndarray, groups: Sequence[Any], page: np.ndarray, fold: np.ndarray
) -> tuple[Evidence, np.ndarray]:
    """Learn the tables, and make the features of the blocks that they are learned from.

    A block's features come from tables that saw no page of its fold: else the
    network would trust them far more than it can on a new portal.

    Parameters
    ----------
    gold
        Shape (n_blocks,): column of the label; below 0 for what is not counted.
    groups
        The portal of each page.
    page, fold
        Shape (n_blocks,): number of the block's page, and its fold.

    Returns
    -------
    evidence, features of shape (n_blocks, n_columns)
    """
    number = {name: i for i, name in enumerate(dict.fromkeys(groups))}
    portal = np.array([number[name] for name in groups])[page]
    fold_of = np.zeros(len(number), np.int64)
    fold_of[portal] = fold
    counts = [Counts(*pairs, gold, portal, fold_of) for pairs in token_blocks(tokens)]
    out: np.ndarray | None = None
    for k in range(int(fold.max(initial=0)) + 1):
        rest = np.flatnonzero(fold == k)
        found = Evidence(*(count.table(k) for count in counts)).rows(tokens, heading, page).rows(0, len(gold))
        if out is None:
            out = np.zeros_like(found)
        out[rest] = found[rest]
    assert out is not None
    return Evidence(*(count.table() for count in counts)), out


def token_blocks(tokens: Tokens) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """The tokens that each table of evidence is made of, in the order of `Evidence.tables`, and the block of each."""
    return (tokens.words, tokens.block), _part_blocks(tokens), (tokens.links, tokens.link_block)


def _part_blocks(tokens: Tokens) -> tuple[np.ndarray, np.ndarray]:
    """Parts of the class names around blocks, up to the third container, a block at a time."""
    if not len(tokens.up):
        return tokens.parts, tokens.name
    order = np.argsort(tokens.name, kind="stable")
    n_names = int(tokens.names.max(initial=-1)) + 1
    bounds = np.searchsorted(tokens.name[order], np.arange(n_names + 1))
    hashes, blocks = [], []
    for elements in (tokens.own[0], tokens.own[2], *tokens.up):
        name = tokens.names[elements]
        size = bounds[name + 1] - bounds[name]
        start = np.repeat(bounds[name] - (np.cumsum(size) - size), size)
        hashes.append(tokens.parts[order[start + np.arange(int(size.sum()))]])
        blocks.append(np.repeat(np.arange(len(elements)), size))
    return np.concatenate(hashes), np.concatenate(blocks)
