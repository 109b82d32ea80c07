"""A page of HTML being labelled: a label for each of its text nodes, shown block by block."""

from __future__ import annotations

from typing import Any

import numpy as np

from boilerplate.annotation.document import Box, Selection, check_block, margins_of
from boilerplate.annotation.regions import write_regions
from boilerplate.document import Block
from boilerplate.inspection.markup import write_markup
from boilerplate.labels import LABELS
from boilerplate.segment.page import HTML, HtmlPage
from boilerplate.segment.xpath import XPaths
from boilerplate.training.datasets import piece_text

_N = len(LABELS)


class HtmlDocument:
    """A page being labelled.

    A block's label is that of most of its words, as for training; a page
    whose gold parts a block keeps that until the block is labelled anew.

    Parameters
    ----------
    page
        The segmented page, with its nodes.
    labels
        Shape (n_refs,): column of each text node's label, in the order of
        `page.refs`; None gives each block its most probable label.
    P
        Probabilities by the model, (n_blocks, n_labels).
    heading
        Shape (n_blocks,): the block that governs each as heading; -1 for none.
    """

    kind = HTML

    def __init__(self, page: HtmlPage, labels: np.ndarray | None, P: np.ndarray, heading: np.ndarray) -> None:
        self.page = page
        self._P = P
        self._heading = heading
        sizes = [len(refs) for refs in page.refs]
        self._block = np.repeat(np.arange(len(page)), sizes)
        self._first = np.cumsum([0, *sizes])[: len(page)]
        self._words = np.array([len(piece_text(ref).split()) for refs in page.refs for ref in refs], np.int64)
        if labels is None:
            labels = P.argmax(axis=1)[self._block] if len(P) else np.zeros(0)
        self._labels = labels.astype(np.int8)
        self._paths = XPaths(page)

    @property
    def texts(self) -> list[str]:
        """See `Document`."""
        return self.page.texts

    def labels(self) -> np.ndarray:
        """See `Document`."""
        words = self._by_label()
        return np.where(words.any(axis=1), words.argmax(axis=1), self._labels[self._first])

    def _by_label(self) -> np.ndarray:
        words = np.zeros((len(self.page), _N), np.int64)
        np.add.at(words, (self._block, self._labels), self._words)
        return words

    def guesses(self) -> np.ndarray:
        """See `Document`."""
        return self._P.argmax(axis=1) if len(self._P) else np.zeros(0, np.int64)

    def margins(self) -> np.ndarray:
        """See `Document`."""
        return margins_of(self._P, self.labels())

    def blocks_of(self, selection: Selection) -> np.ndarray:
        """See `Document`."""
        page = self.page
        if selection.kind == "box":
            if not 0 <= selection.number < len(page.nodes):
                raise ValueError(f"no element {selection.number}")
            return np.arange(page.starts[selection.number], page.ends[selection.number])
        if selection.kind == "list":
            governed = np.flatnonzero(self._heading == check_block(selection.number, len(page)))
            return np.union1d([selection.number], governed)
        if selection.kind == "blocks" and selection.blocks:
            blocks = np.unique(selection.blocks)
            check_block(int(blocks[0]), len(page))
            check_block(int(blocks[-1]), len(page))
            return blocks
        raise ValueError("nothing is selected")

    def boxes(self, block: int) -> list[Box]:
        """See `Document`."""
        page = self.page
        found: list[Box] = []
        at, size = page.first_el[check_block(block, len(page))], 1
        while at >= 0:
            start, end = page.starts[at], page.ends[at]
            if end - start > size:
                found.append(Box(at, start, end, self._name(at)))
                size = end - start
            at = page.parents[at]
        return found

    def _name(self, element: int) -> str:
        classes = self.page.attrs[element].partition("#")[0].split()
        return ".".join([str(self.page.nodes[element].tag), *classes])[:60]

    def heading_of(self, block: int) -> int:
        """See `Document`."""
        check_block(block, len(self.page))
        if (self._heading == block).any():
            return block
        return int(self._heading[block])

    def headings(self) -> np.ndarray:
        """Blocks that govern others, in order."""
        return np.unique(self._heading[self._heading >= 0])

    def place_of(self, block: int) -> str:
        """See `Document`."""
        return self._paths.of(check_block(block, len(self.page)))

    def relabel(self, selection: Selection, label: int) -> int:
        """See `Document`."""
        return self.relabel_blocks(self.blocks_of(selection), label)

    def relabel_blocks(self, blocks: np.ndarray, label: int) -> int:
        """Give blocks a label, whole; returns the number of those that had another."""
        chosen = np.zeros(len(self.page), bool)
        chosen[blocks] = True
        nodes = chosen[self._block]
        changed = np.unique(self._block[nodes & (self._labels != label)])
        self._labels[nodes] = label
        return len(changed)

    def snapshot(self) -> np.ndarray:
        """See `Document`."""
        return self._labels.copy()

    def restore(self, labels: np.ndarray) -> None:
        """See `Document`."""
        self._labels = labels.copy()

    def markup(self) -> str:
        """See `Document`."""
        labels = self.labels().tolist()
        blocks = [
            Block(text, LABELS[label], 1.0, {}, i)
            for i, (text, label) in enumerate(zip(self.texts, labels, strict=True))
        ]
        return write_markup(self.page, blocks)

    def record(self) -> dict[str, Any]:
        """See `Document`."""
        return {"regions": write_regions(self.page, self._labels)}

    def words(self) -> dict[str, int]:
        """See `Document`."""
        counts = self._by_label().sum(axis=0)
        return {label.value: int(count) for label, count in zip(LABELS, counts, strict=True) if count}
