"""One page of a dataset, checked: what its labels find, how many words each has, where a model is sure of others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from boilerplate.cleaner import MAX_BLOCKS
from boilerplate.curation.duplicates import Sketch, sketch
from boilerplate.errors import DatasetError, ModelError
from boilerplate.kinds import KINDS, PageDescriber
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.lexicon.headings import headings
from boilerplate.model.network import Network
from boilerplate.model.registry import open_model
from boilerplate.segment.page import HTML, HtmlPage, Page
from boilerplate.segment.text import segment_text
from boilerplate.segment.xpath import XPaths
from boilerplate.training.datasets import Example, LabelOf, lay_regions, load, piece_text
from boilerplate.training.folds import class_names
from boilerplate.training.text_datasets import BLANK, line_words, read_labels

SURE = 0.95
"""Probability from which a model that contradicts a label makes it suspicious."""

_UNCOVERED = -1
_SHOWN = 60  # characters of a block's text
_BODY = INDEX[Label.BODY]


@dataclass(slots=True)
class Suspicion:
    """A block whose label a model contradicts.

    `where` is its page's line; `place` the block's XPath, or the number of its line in a text.
    """

    where: str
    place: str
    label: str
    guess: str
    probability: float
    words: int
    text: str


@dataclass(slots=True)
class PageCheck:
    """What was found in one page.

    Attributes
    ----------
    problems
        Field and what is wrong with it.
    words
        Words a label, shape (n_labels,).
    unlabelled
        Words that no region covers; they count as chrome.
    digest
        SHA-256 of the page's text; ``""`` where it did not read.
    classes
        Names of the classes of its elements.
    """

    problems: list[tuple[str, str]] = field(default_factory=list)
    words: np.ndarray = field(default_factory=lambda: np.zeros(len(LABELS), np.int64))
    unlabelled: int = 0
    digest: str = ""
    sketch: Sketch | None = None
    classes: set[str] = field(default_factory=set)
    suspicions: list[Suspicion] = field(default_factory=list)


class PageChecker:
    """Checks pages, with a model or without.

    Parameters
    ----------
    kind
        Of the pages.
    model
        Name or path of the model to compare labels with; None for the shipped one, ``""`` for none.

    Raises
    ------
    ModelError
        If the model does not load or is for another kind.
    """

    def __init__(self, kind: str, model: str | Path | None) -> None:
        self.kind = kind
        self.network: Network | None = None
        lexicon: Any = ()
        if model != "":
            self.network, header = open_model(KINDS[kind].model if model is None else model)
            if header["kind"] != kind:
                raise ModelError(f"{model}: not a model for {kind}")
            lexicon = header["lexicon"]
        self.describer: PageDescriber = KINDS[kind].describer(lexicon)
        self.headings = headings(lexicon)

    def check(self, example: Example) -> PageCheck:
        """Check one page; what is wrong with it is part of the result."""
        found = PageCheck()
        try:
            if self.kind == HTML:
                self._check_page(example, found)
            else:
                self._check_text(example, found)
        except DatasetError as error:
            text = str(error).removeprefix(f"{example.where}: ")
            found.problems.append(("page" if "field 'page'" in text else "", text))
        return found

    def _check_page(self, example: Example, found: PageCheck) -> None:
        page, root = load(example)
        found.classes = class_names(root)
        label_of, problems = lay_regions(example, root, _UNCOVERED)
        found.problems = [("regions", problem) for problem in problems]
        words, unlabelled = _count(page, label_of)
        body = example.body if example.regions is None else _text(page, words)
        if example.regions is not None:
            found.words, found.unlabelled = words.sum(axis=0), unlabelled
        self._finish(example, page, words if example.regions is not None else None, body or "", found)

    def _check_text(self, example: Example, found: PageCheck) -> None:
        lines, problems = read_labels(example)
        found.problems = [("labels", problem) for problem in problems]
        page = segment_text("\n".join(lines.texts), self.headings)
        words = line_words(lines, page)
        found.words = words.sum(axis=0)
        found.unlabelled = sum(
            len(text.split()) for text, label in zip(lines.texts, lines.labels, strict=True) if label == BLANK
        )
        self._finish(example, page, words, _text(page, words), found)

    def _finish(self, example: Example, page: Page, words: np.ndarray | None, body: str, found: PageCheck) -> None:
        """Add what a page's text and a model say."""
        found.digest = (
            hashlib.sha256("\n".join(page.texts).encode("utf-8", "replace")).hexdigest() if page.texts else ""
        )
        found.sketch = sketch(body)
        if self.network is None or words is None or not 0 < len(page) <= MAX_BLOCKS:
            return
        P = self.network.proba(self.describer.describe(page))
        best, gold = P.argmax(axis=1), words.argmax(axis=1)
        # A block that is labelled in pieces is a border case, not a slip.
        whole = words.max(axis=1) == words.sum(axis=1)
        doubtful = np.flatnonzero((P.max(axis=1) >= SURE) & (best != gold) & whole & (words.sum(axis=1) > 0))
        xpaths = XPaths(page) if isinstance(page, HtmlPage) else None
        for i in doubtful.tolist():
            place = xpaths.of(i) if xpaths is not None else f"line {page.lines[i][0] + 1}"  # type: ignore[attr-defined]
            found.suspicions.append(
                Suspicion(
                    example.where,
                    place,
                    LABELS[gold[i]].value,
                    LABELS[best[i]].value,
                    round(float(P[i, best[i]]), 4),
                    int(words[i].sum()),
                    _shortened(page.texts[i]),
                )
            )


def _count(page: HtmlPage, label_of: LabelOf) -> tuple[np.ndarray, int]:
    """Count words by block and label, shape (n_blocks, n_labels), and those that no region covers."""
    words = np.zeros((len(page), len(LABELS)), np.int64)
    unlabelled = 0
    chrome = INDEX[Label.CHROME]
    for i, refs in enumerate(page.refs):
        for ref in dict.fromkeys(refs):
            label, count = label_of(ref), len(piece_text(ref).split())
            if label == _UNCOVERED:
                unlabelled += count
                label = chrome
            words[i, label] += count
    return words, unlabelled


def _text(page: Page, words: np.ndarray) -> str:
    """The text that is labelled as body."""
    mostly = np.flatnonzero(words[:, _BODY] * 2 > words.sum(axis=1))
    return "\n".join(page.texts[i] for i in mostly.tolist())


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def check_batch(checker: PageChecker, examples: list[Example]) -> list[PageCheck]:
    """Check some pages."""
    return [checker.check(example) for example in examples]
