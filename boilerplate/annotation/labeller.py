"""What a model makes of a document that is to be labelled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from boilerplate.annotation.document import margins_of
from boilerplate.annotation.html_document import HtmlDocument
from boilerplate.annotation.text_document import TextDocument
from boilerplate.cleaner import MAX_BLOCKS, Cleaner
from boilerplate.document import Block
from boilerplate.errors import DatasetError
from boilerplate.kinds import PageDescriber, describer
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.model.network import Network
from boilerplate.model.registry import DEFAULT, open_model
from boilerplate.segment.leftovers import leftover_tags
from boilerplate.segment.page import HTML, TEXT
from boilerplate.training.datasets import Example, load, node_labels

_AHEAD = 300
"""Characters of the text within which the next one of a block is looked for: what lies between was left out."""


class Labeller:
    """Opens documents, with their own labels or with a model's.

    Parameters
    ----------
    model
        Name or path of a model. Documents of the kind that it is not for, and
        all if it is None, are labelled by the shipped one.

    Raises
    ------
    ModelError
        If the model cannot be loaded.
    """

    def __init__(self, model: str | Path | None = None) -> None:
        self.models: dict[str, str | Path] = dict(DEFAULT)
        if model is not None:
            self.models[open_model(model)[1]["kind"]] = model
        self._html: tuple[Network, PageDescriber] | None = None
        self._text: Cleaner | None = None

    def open_page(self, example: Example) -> HtmlDocument:
        """Open a page of HTML; the model labels it where the example has no regions.

        Raises
        ------
        DatasetError
            If the page or its regions do not read, or it has too many blocks to be labelled by hand.
        """
        page, root = load(example)
        if len(page) > MAX_BLOCKS:
            raise DatasetError(f"{example.path}: {len(page):,} blocks are too many (at most {MAX_BLOCKS:,})")
        labels = None
        if example.regions is not None:
            label_of = node_labels(example, root)
            labels = np.array([label_of(ref) for refs in page.refs for ref in refs], np.int8)
        if not len(page):
            return HtmlDocument(page, labels, np.zeros((0, len(LABELS))), np.zeros(0, np.int64))
        if self._html is None:
            network, header = open_model(self.models[HTML])
            self._html = network, describer(HTML, header["lexicon"])
        network, describe = self._html
        described = describe.describe(page)
        return HtmlDocument(page, labels, network.proba(described), described.heading)

    def open_text(self, text: str, labels: np.ndarray | None) -> TextDocument:
        """Open a plain text; the model labels it where `labels`, the column of each character's, is None.

        Raises
        ------
        InputError
            If it is no text.
        """
        if self._text is None:
            self._text = Cleaner(self.models[TEXT])
        guess, sure = _lay_over(text, self._text.label(text, kind="text").blocks)
        return TextDocument(text, guess if labels is None else labels, guess, sure)


def _lay_over(text: str, blocks: Sequence[Block]) -> tuple[np.ndarray, np.ndarray]:
    """Lay the labels of a text's blocks over its characters: each one's label, and how sure that is.

    Blocks hold the text without leftover tags and invisible characters, white
    space folded; what a block left out has the label of what stands before it.
    """
    guess, sure = np.full(len(text), -1, np.int8), np.zeros(len(text))
    skipped = dict(leftover_tags(text))
    at = 0
    for block in blocks:
        P = np.array([[block.probabilities[label] for label in LABELS]])
        label = INDEX[Label(block.label.value)]
        labels = np.full(len(block.text), label, np.int8)
        margins = np.full(len(block.text), float(margins_of(P, np.array([label]))[0]))
        for span in block.spans:
            labels[span.start : span.end] = INDEX[Label(span.label.value)]
            margins[span.start : span.end] = 2 * span.probability - 1
        for i, ch in enumerate(block.text):
            if ch.isspace():
                continue
            while at in skipped:
                at = skipped[at]
            found = at if text.startswith(ch, at) else text.find(ch, at, at + _AHEAD)
            if found >= 0:
                guess[found], sure[found] = labels[i], margins[i]
                at = found + 1
    known = np.maximum.accumulate(np.where(guess >= 0, np.arange(len(text)), -1)) if len(text) else np.zeros(0, int)
    return np.where(known >= 0, guess[known], INDEX[Label.BODY]).astype(np.int8), np.where(known >= 0, sure[known], 0.0)
