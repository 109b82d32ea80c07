"""What words and class names tell of the labels: tables that are learned, and travel in the model.

For each word (or pair of words, or part of a class name) and each label the
table holds the weight of evidence (Good 1950): the logarithm of how much more
often the label comes with the word than without regard to it. A portal counts
once, however many pages it has, and what few portals have weighs little: so
the table knows what publishers share, and not what one of them is called.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from boilerplate.features.batch import accumulate_down
from boilerplate.features.keys import SortedKeys, add_rows
from boilerplate.features.tokens import Tokens
from boilerplate.labels import LABELS

STEP = 1 / 16
"""Weights are kept in steps of this."""

_N = len(LABELS)
_AT_ONCE = 2**15  # tokens looked up at once: a long page has millions


@dataclass(slots=True)
class Table:
    """Weights of evidence by hash.

    Attributes
    ----------
    keys
        Shape (n,), uint64, rising.
    weights
        Shape (n, n_labels), int8: in steps of `STEP`.
    """

    keys: np.ndarray
    weights: np.ndarray
    _index: SortedKeys | None = field(default=None, init=False, repr=False, compare=False)

    def find(self, hashes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which hashes have weights (shape (n,), bool), and the rows of those that do."""
        index = self._index
        if index is None:
            index = SortedKeys(self.keys)
            self.keys = index.keys  # not kept twice
            self._index = index  # at once: another thread finds all of it or nothing, and then makes the same
        return index.find(hashes)

    def sums(self, hashes: np.ndarray, of: np.ndarray, n: int) -> np.ndarray:
        """Add up the weights of tokens by what they are of: shape (n, n_labels + 1); the last column counts them."""
        out = np.zeros((n, _N + 1), np.float32)
        out[:, _N] = np.bincount(of, minlength=n)
        for low in range(0, len(hashes) if len(self.keys) else 0, _AT_ONCE):
            keys, owner = hashes[low : low + _AT_ONCE], of[low : low + _AT_ONCE]
            known, rows = self.find(keys)
            add_rows(self.weights, rows, owner[known].astype(np.int64, copy=False), out)
        out[:, :_N] *= STEP
        return out


@dataclass(slots=True)
class Evidence:
    """The tables of a model: of words, of the parts of class names, and of the words of links' addresses."""

    words: Table
    parts: Table
    links: Table

    @property
    def tables(self) -> tuple[Table, ...]:
        """All of them."""
        return self.words, self.parts, self.links

    @classmethod
    def empty(cls) -> Evidence:
        """Tables that tell nothing."""
        return cls(*(Table(np.zeros(0, np.uint64), np.zeros((0, _N), np.int8)) for _ in range(3)))

    def rows(self, tokens: Tokens, heading: np.ndarray, page: np.ndarray) -> EvidenceMatrix:
        """What the tables tell of described blocks.

        A page's words are held against their mean over the page: what all of
        them have in common, its language above all, tells nothing of a block.

        Parameters
        ----------
        heading
            Shape (n_blocks,): the block that governs as heading; -1 for none.
        page
            Shape (n_blocks,): number of the block's page.
        """
        words = self.words.sums(tokens.words, tokens.block, len(heading))
        number = page - page[0]
        total = np.stack([np.bincount(number, column) for column in words.T], axis=1)
        mean = total[:, :_N] / np.maximum(total[:, _N:], 1.0)
        for label in range(_N):  # one by one: of a long page all together take as much memory as the sums
            words[:, label] -= mean[number, label] * words[:, _N]
        if not len(tokens.up):
            return EvidenceMatrix(words, heading)
        names = self.parts.sums(tokens.parts, tokens.name, int(tokens.names.max(initial=-1)) + 1)
        return EvidenceMatrix(
            words,
            heading,
            names,
            accumulate_down(tokens.parents, names[tokens.names], np.add),
            tokens,
            self.links,
        )


@dataclass(slots=True)
class EvidenceMatrix:
    """Features from tables, made a stretch of blocks at a time.

    Attributes
    ----------
    words
        Shape (n_blocks, n_labels + 1): sums over each block's words, and their number.
    heading
        See `Evidence.rows`.
    names
        Shape (n_names, n_labels + 1): sums over the parts of each class name.
    paths
        Shape (n_elements, n_labels + 1): sums over the class names from the root to each element.
    tokens
        Where the elements stand to the blocks.
    links
        The table of the words of links' addresses.
    """

    words: np.ndarray
    heading: np.ndarray
    names: np.ndarray | None = None
    paths: np.ndarray | None = None
    tokens: Tokens | None = None
    links: Table | None = None

    def rows(self, low: int, high: int) -> np.ndarray:
        """Features of some blocks: shape (high - low, len(tokens.columns(kind))), float32."""
        own, governing = self.words[low:high], self.heading[low:high]
        size = np.maximum(own[:, _N:], 1.0)
        heading = self.words[np.maximum(governing, 0)] * (governing >= 0)[:, None]
        parts = [own[:, :_N] / size, own[:, :_N] / np.sqrt(size), heading[:, :_N] / np.maximum(heading[:, _N:], 1.0)]
        if self.tokens is not None and self.names is not None and self.paths is not None and self.links is not None:
            mine, up = self.tokens.own[:, low:high], self.tokens.up[:, low:high]
            of_own, of_up = self.names[self.tokens.names[mine]], self.names[self.tokens.names[up]]
            outer = self.paths[up[4]] - of_up[4]
            start, end = np.searchsorted(self.tokens.link_block, (low, low + len(own)))
            link_of = self.tokens.link_block[start:end] - low
            links = self.links.sums(self.tokens.links[start:end], link_of, len(own))
            for found in (of_own.sum(0), of_up[:2].sum(0), of_up[2:].sum(0), outer, links):
                parts.append(found[:, :_N] / np.maximum(found[:, _N:], 1.0))
        return np.concatenate(parts, 1, dtype=np.float32)
