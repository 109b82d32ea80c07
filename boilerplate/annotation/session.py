"""One sitting of labelling: documents opened, labels changed and saved, changes undone."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from boilerplate.annotation.alike import Places, find_alike
from boilerplate.annotation.document import Document, Selection
from boilerplate.annotation.html_document import HtmlDocument
from boilerplate.annotation.labeller import Labeller
from boilerplate.annotation.store import Store
from boilerplate.errors import BoilerplateError
from boilerplate.segment.page import HTML
from boilerplate.training.span_datasets import lay_spans

_OPEN = 32
"""Documents that are kept parsed."""

_STEPS = 200
"""Changes that can be undone."""


@dataclass(slots=True)
class Change:
    """What a change did.

    Attributes
    ----------
    blocks, pages
        Numbers of blocks that have another label now, and of documents that they are in.
    number
        The document to show.
    """

    blocks: int
    pages: int
    number: int


@dataclass(slots=True)
class _Step:
    """How things were before a change: of each document its labels and its line; and the new lines."""

    number: int
    before: dict[int, tuple[np.ndarray, dict[str, Any] | None]] = field(default_factory=dict)
    lines: dict[int, dict[str, Any] | None] = field(default_factory=dict)


class Session:
    """Documents being labelled; threads may share it.

    Parameters
    ----------
    store
        The dataset.
    labeller
        Opens its documents.
    """

    def __init__(self, store: Store, labeller: Labeller) -> None:
        self.store = store
        self.labeller = labeller
        self.lock = threading.RLock()
        self._documents: OrderedDict[int, Document] = OrderedDict()
        self._places: dict[int, Places] = {}
        self._steps: list[_Step] = []

    def document(self, number: int) -> Document:
        """Open a document, with the labels that it has or the model's.

        Raises
        ------
        DatasetError, InputError
            If it does not read.
        """
        with self.lock:
            if number not in self._documents:
                self._documents[number] = self._open(number)
                while len(self._documents) > _OPEN:
                    closed, _ = self._documents.popitem(last=False)
                    self._places.pop(closed, None)
            self._documents.move_to_end(number)
            return self._documents[number]

    def _open(self, number: int) -> Document:
        entry = self.store.entries[number]
        if entry.kind == HTML:
            return self.labeller.open_page(entry.example())
        spans = (entry.record or {}).get("spans")
        labels = None if spans is None else lay_spans(spans, len(entry.text), entry.name)
        return self.labeller.open_text(entry.text, labels)

    def relabel(self, number: int, selection: Selection, label: int, *, everywhere: bool = False) -> Change:
        """Give a selection of a document a label, and save it.

        Parameters
        ----------
        everywhere
            Whether what is in the same place on the portal's other pages gets it, too.

        Raises
        ------
        ValueError
            If nothing is selected, or it cannot be written as regions.
        OSError
            If it cannot be saved. Nothing is changed then, nor by a `ValueError`.
        """
        with self.lock:
            step = _Step(number)
            document = self.document(number)
            before = document.snapshot()
            try:
                blocks = self._note(step, number, before, document.relabel(selection, label))
                for other, page, alike in self._alike(number, selection) if everywhere else ():
                    there = page.snapshot()
                    blocks += self._note(step, other, there, page.relabel_blocks(alike, label))
                if step.before:
                    self.store.save(step.lines)
            except BaseException:
                document.restore(before)
                self._restore(step)
                raise
            self._remember(step)
            return Change(blocks, len(step.before), number)

    def _note(self, step: _Step, number: int, before: np.ndarray, blocks: int) -> int:
        """Note how a document was, and its new line, if its labels have changed."""
        if not np.array_equal(before, self.document(number).snapshot()):
            step.before[number] = before, self.store.entries[number].record
            step.lines[number] = self._line(number)  # now: it may be closed before all pages are changed
        return blocks

    def _remember(self, step: _Step) -> None:
        if step.before:
            step.lines = {}
            self._steps.append(step)
            del self._steps[:-_STEPS]

    def _alike(self, number: int, selection: Selection) -> Iterator[tuple[int, HtmlDocument, np.ndarray]]:
        """The other pages of the portal, with the blocks that are where the selection is."""
        mine = self.document(number)
        if not isinstance(mine, HtmlDocument):
            return
        here, portal = self._places_of(number, mine), self.store.entries[number].portal
        for other, entry in enumerate(self.store.entries):
            if other == number or entry.kind != HTML or entry.portal != portal:
                continue
            try:
                page = self.document(other)
            except BoilerplateError:  # it says so when it is opened
                continue
            assert isinstance(page, HtmlDocument)
            found = find_alike(selection, mine, here, page, self._places_of(other, page))
            if len(found):
                yield other, page, found

    def _places_of(self, number: int, document: HtmlDocument) -> Places:
        if number not in self._places:
            self._places[number] = Places(document.page)
        return self._places[number]

    def _line(self, number: int, done: bool | None = None) -> dict[str, Any]:
        document = self.document(number)
        checked = self.store.entries[number].done if done is None else done
        return self.store.line(number, document.record(), document.words(), checked)

    def _restore(self, step: _Step) -> None:
        for number, (labels, _) in step.before.items():
            self.document(number).restore(labels)

    def set_done(self, number: int, done: bool) -> None:
        """Say of a document that its labels were checked, or not yet, and save them.

        Raises
        ------
        DatasetError, OSError
            If they cannot be saved.
        """
        with self.lock:
            before = self.document(number).snapshot(), self.store.entries[number].record
            self.store.save({number: self._line(number, done)})
            self._remember(_Step(number, {number: before}))

    def undo(self) -> Change | None:
        """Take the last change back, on disk too; None where there is none.

        Raises
        ------
        OSError
            If it cannot be saved.
        """
        with self.lock:
            if not self._steps:
                return None
            step = self._steps[-1]
            now = {number: self.document(number).labels() for number in step.before}
            self.store.save({number: record for number, (_, record) in step.before.items()})
            self._steps.pop()
            self._restore(step)
            blocks = sum(_differ(now[number], self.document(number).labels()) for number in step.before)
            return Change(blocks, len(step.before), step.number)

    def use(self, labeller: Labeller) -> None:
        """Take another model for what is not labelled yet."""
        with self.lock:
            self.labeller = labeller
            self._documents.clear()
            self._places.clear()


def _differ(a: np.ndarray, b: np.ndarray) -> int:
    return int((a != b).sum()) if len(a) == len(b) else 1
