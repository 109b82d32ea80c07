"""The largest blocks that were given a wrong label, a list a gold label, collected as pages are scored."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

import numpy as np

from boilerplate.labels import LABELS, Label

SHOWN = 10
"""Blocks that are remembered of a label."""

_OF_A_PAGE = 2  # blocks of one label and page: a page that is all wrong is no list of examples


class Mistake(NamedTuple):
    """A block with a wrong label; `words` of it are wrong, `probability` is that of what it was taken for."""

    guess: Label
    probability: float
    words: int
    text: str
    portal: str
    page: str


@dataclass(slots=True)
class Mistakes:
    """The largest mistakes of each gold label, with the number of all and of their words."""

    blocks: np.ndarray = field(default_factory=lambda: np.zeros(len(LABELS), np.int64))
    words: np.ndarray = field(default_factory=lambda: np.zeros(len(LABELS), np.int64))
    _largest: dict[int, list[tuple[int, int, Mistake]]] = field(default_factory=dict)
    _order: count[int] = field(default_factory=count)

    def add(self, portal: str, page: str, texts: list[str], words: np.ndarray, P: np.ndarray) -> None:
        """Add a page.

        Parameters
        ----------
        texts
            Of its blocks; what is shown of them.
        words
            Shape (n_blocks, n_labels): words by gold label.
        P
            Shape (n_blocks, n_labels): probabilities.
        """
        if not len(P):
            return
        gold, best, counts = words.argmax(axis=1), P.argmax(axis=1), words.max(axis=1)
        wrong = np.flatnonzero((gold != best) & (counts > 0))
        np.add.at(self.blocks, gold[wrong], 1)
        np.add.at(self.words, gold[wrong], counts[wrong])
        taken: dict[int, int] = {}
        for i in wrong[np.argsort(-counts[wrong], kind="stable")].tolist():
            label = int(gold[i])
            taken[label] = taken.get(label, 0) + 1
            if taken[label] > _OF_A_PAGE:
                continue
            mistake = Mistake(LABELS[best[i]], float(P[i, best[i]]), int(counts[i]), texts[i], portal, page)
            entry = (mistake.words, -next(self._order), mistake)  # of equal ones the first stays
            heap = self._largest.setdefault(label, [])
            if len(heap) < SHOWN:
                heapq.heappush(heap, entry)
            else:
                heapq.heappushpop(heap, entry)

    def of(self, label: Label) -> list[Mistake]:
        """The largest mistakes of a gold label, largest first."""
        found = self._largest.get(LABELS.index(label), [])
        return [mistake for _, _, mistake in sorted(found, reverse=True)]
