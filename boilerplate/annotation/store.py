"""A dataset on disk that is being labelled: its documents, and its lists, written whole after every change."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from boilerplate.errors import DatasetError
from boilerplate.files import write_atomically
from boilerplate.labels import INDEX, Label
from boilerplate.segment.page import HTML, TEXT
from boilerplate.training.datasets import Example
from boilerplate.training.span_datasets import SPANS

LISTS = {HTML: "pages.jsonl", TEXT: SPANS}
"""The list that holds each kind of document."""

LABELS_IN = {HTML: "regions", TEXT: "spans"}
"""The field that holds its labels."""

NAME_IN = {HTML: "page", TEXT: "doc"}
"""The field that names it."""


@dataclass(slots=True)
class Entry:
    """A document of the dataset.

    Attributes
    ----------
    kind
        ``"html"`` or ``"text"``.
    name
        What names it in its list: the page's path, the text's name.
    portal
        The portal that it is of.
    source
        File that a page is read from.
    text
        A text itself.
    about
        Fields of its line that are known before it is labelled.
    record
        Its line as it is on disk; None until it is labelled.
    """

    kind: str
    name: str
    portal: str
    source: Path
    text: str = ""
    about: dict[str, Any] = field(default_factory=dict)
    record: dict[str, Any] | None = None

    @property
    def labelled(self) -> bool:
        """Whether it has labels of its own."""
        return self.record is not None and self.record.get(LABELS_IN[self.kind]) is not None

    @property
    def done(self) -> bool:
        """Whether its labels were checked; those from elsewhere were, unless their line says otherwise."""
        return self.labelled and bool((self.record or {}).get("done", True))

    def example(self) -> Example:
        """The page, with the regions that it has."""
        record = self.record or {}
        found = record.get("regions")
        regions = None if found is None else [(xpath, INDEX[Label.parse(label)]) for xpath, label in found]
        return Example(self.source, self.portal, regions, meta=record, where=self.name)


class Store:
    """The documents of a dataset, and their labels on disk.

    Parameters
    ----------
    folder
        The dataset's folder, where its lists are.
    entries
        Its documents, in order.
    annotator
        Whose labels these are: they are in lists of their own
        (``pages.NAME.jsonl``), beside those of the dataset. ``""``: the dataset's.
    keep_first
        Whether to keep a copy of a list as it was before the first change.
    """

    def __init__(self, folder: Path, entries: list[Entry], annotator: str = "", *, keep_first: bool = False) -> None:
        self.folder = folder
        self.entries = entries
        self.annotator = annotator
        self._keep_first = keep_first
        self._lines: dict[int, str] = {}  # of records, as they are in their file
        self._copied: set[Path] = set()
        self._stamps = {kind: _stamp(list_path(folder, kind, annotator)) for kind in LISTS}

    def save(self, changes: dict[int, dict[str, Any] | None]) -> None:
        """Write documents anew: each list is replaced whole, or stays as it was.

        Parameters
        ----------
        changes
            By the document's number: its line, or None to take it out of its list.

        Raises
        ------
        OSError
            If a list or a page cannot be written; nothing is changed then.
        DatasetError
            If another program has written the list since: neither's changes are to be lost.
        """
        for number, record in changes.items():
            if record is not None:
                self._copy_page(self.entries[number], record)
        before = {number: self.entries[number].record for number in changes}
        self._set(changes)
        try:
            for kind in sorted({self.entries[number].kind for number in changes}):
                self._write(kind)
        except BaseException:
            self._set(before)
            raise

    def _set(self, records: dict[int, dict[str, Any] | None]) -> None:
        for number, record in records.items():
            self.entries[number].record = record
            self._lines.pop(number, None)

    def _write(self, kind: str) -> None:
        file = list_path(self.folder, kind, self.annotator)
        if _stamp(file) != self._stamps[kind]:
            raise DatasetError(f"{file}: another program has changed it: start annotate again")
        first = file.with_name(f"{file.name}.before-annotate")
        if self._keep_first and file.exists() and not first.exists():
            write_atomically(first, file.read_bytes())
        lines = []
        for number, entry in enumerate(self.entries):
            if entry.kind == kind and entry.record is not None:
                if number not in self._lines:
                    self._lines[number] = json.dumps(entry.record, ensure_ascii=False)
                lines.append(self._lines[number] + "\n")
        write_atomically(file, "".join(lines).encode("utf-8", "replace"))
        self._stamps[kind] = _stamp(file)

    def _copy_page(self, entry: Entry, record: dict[str, Any]) -> None:
        """Copy a page into the dataset, if it is from elsewhere."""
        if entry.kind == HTML:
            copy = self.folder / record["page"]
            if copy not in self._copied and not copy.exists():
                # Inside of one folder by way of a link, the same path can lead out of another.
                if not os.path.realpath(copy).startswith(os.path.join(os.path.realpath(self.folder), "")):
                    raise DatasetError(f"{entry.name}: would be copied outside of the dataset: {copy}")
                write_atomically(copy, entry.source.read_bytes())
            self._copied.add(copy)

    def line(self, number: int, labels: dict[str, Any], words: dict[str, int], done: bool) -> dict[str, Any]:
        """The line of a document with new labels.

        Parameters
        ----------
        labels
            The field that holds them.
        words
            Words of each label, by its name.
        done
            Whether they were checked.
        """
        entry = self.entries[number]
        record = {NAME_IN[entry.kind]: entry.name, "portal": entry.portal, **entry.about, **(entry.record or {})}
        if entry.kind == TEXT:
            record["text"] = entry.text
        if entry.record is None or "words" in record:
            record["words"] = words
        record.update(labels)
        record["done"] = done
        if self.annotator:
            record["annotator"] = self.annotator
        return record


def _stamp(file: Path) -> tuple[int, int, int] | None:
    """What tells a file from one that was written in its place; None where there is none."""
    try:
        stat = file.stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def list_path(folder: Path, kind: str, annotator: str = "") -> Path:
    """Path of the list of a kind of documents: one annotator's, or the dataset's own."""
    name = LISTS[kind]
    return folder / (name.replace(".jsonl", f".{annotator}.jsonl") if annotator else name)
