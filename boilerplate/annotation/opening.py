"""What there is to label: a dataset, or a folder of pages that one is made of."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from boilerplate.annotation.store import LABELS_IN, Entry, Store, list_path
from boilerplate.batch.readers.file import read_page
from boilerplate.batch.readers.folder import walk
from boilerplate.errors import DatasetError, InputError
from boilerplate.labels import LABELS
from boilerplate.reading import decode
from boilerplate.segment.page import HTML, TEXT
from boilerplate.training.datasets import Example, read_dataset
from boilerplate.training.records import list_lines, parse_record
from boilerplate.training.span_datasets import lay_spans
from boilerplate.training.text_datasets import BLANK, is_texts, line_starts, read_lines, read_texts

_MESSAGES = (".mht", ".mhtml")
_ANNOTATOR = re.compile(r"[\w-]{1,40}\Z")
_OF_LABELS = frozenset((*LABELS_IN.values(), "words", "done", "annotator", "body"))


def open_store(path: Path, output: Path | None = None, *, annotator: str = "", portal: str = "") -> Store:
    """Open what is to be labelled.

    Parameters
    ----------
    path
        A dataset's folder (``pages.jsonl`` or ``spans.jsonl``), or a folder of
        pages (HTML) and texts (``.txt``), among them texts with labelled lines
        (``index.tsv``).
    output
        Where the dataset of a folder of pages is made (None: beside it, with
        ``-labelled`` behind its name; what is there is gone on with), or where
        a dataset is copied to first.
    annotator
        Name of who labels a dataset a second time, unseen; ``""`` for the first.
    portal
        The portal of pages in a folder; ``""`` takes the name of the folder that each is in.

    Raises
    ------
    InputError, DatasetError
        If there is nothing to label, or `output` is something else.
    OSError
        If a copy cannot be written.
    """
    if annotator and not _ANNOTATOR.match(annotator):
        raise InputError(f"{annotator}: an annotator's name has letters, digits, - and _ only")
    if not path.is_dir():
        raise InputError(f"{path}: no such folder")
    if not _is_dataset(path):
        if annotator:
            raise InputError(f"{path}: --annotator is for a dataset, of which a second opinion is wanted")
        return _of_pages(path, output or path.with_name(f"{path.resolve().name}-labelled"), portal)
    if output is not None and not _same(path, output):
        if not _is_dataset(output):
            _check_empty(output)
            entries = _read(path)
            Store(output, entries).save({number: entry.record for number, entry in enumerate(entries)})
        path = output
    entries = _read(path)
    if annotator:
        for kind in (HTML, TEXT):
            _take_records([entry for entry in entries if entry.kind == kind], list_path(path, kind, annotator))
    return Store(path, entries, annotator, keep_first=not annotator)


def _is_dataset(path: Path) -> bool:
    return any(list_path(path, kind).is_file() for kind in (HTML, TEXT))


def _same(a: Path, b: Path) -> bool:
    return os.path.realpath(a) == os.path.realpath(b)


def _check_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: already exists, and is no dataset")


def _read(folder: Path, annotator: str = "") -> list[Entry]:
    """Read the lists of a dataset: its own, or one annotator's."""
    entries = []
    pages, texts = (list_path(folder, kind, annotator) for kind in (HTML, TEXT))
    if pages.is_file() and pages.stat().st_size:
        entries += [Entry(HTML, x.meta["page"], x.portal, x.path, record=x.meta) for x in read_dataset(pages)]
    if texts.is_file():
        entries += [_text(line, f"{texts}:{number}", texts) for number, line in list_lines(texts, folder)]
    return entries


def _text(line: str, where: str, file: Path) -> Entry:
    record = parse_record(line, where)
    text, portal, spans = record.get("text"), record.get("portal"), record.get("spans")
    if not isinstance(text, str) or not isinstance(portal, str):
        raise DatasetError(f"{where}: needs 'text' and 'portal'")
    if spans is not None:
        if not isinstance(spans, list):
            raise DatasetError(f"{where}: field 'spans' is not a list")
        lay_spans(spans, len(text), where)
    return Entry(TEXT, str(record.get("doc") or where.rpartition("/")[2]), portal, file, text, record=record)


def _take_records(entries: list[Entry], file: Path) -> None:
    """Take what an annotator said of documents, and forget what others did."""
    for entry in entries:
        entry.about = {name: value for name, value in (entry.record or {}).items() if name not in _OF_LABELS}
        entry.record = None
    if entries and file.is_file():
        annotator = file.name.split(".")[1]
        found = {entry.name: entry.record for entry in _read(file.parent, annotator)}
        for entry in entries:
            entry.record = found.get(entry.name)


def read_annotator(store: Store, annotator: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Lines of an annotator (``""``: of the dataset), by kind and name.

    Raises
    ------
    DatasetError
        If they do not read.
    """
    return {
        (entry.kind, entry.name): entry.record or {}
        for entry in _read(store.folder, annotator)
        if entry.done  # what is not checked is no opinion
    }


def _of_pages(folder: Path, output: Path, portal: str) -> Store:
    """The documents of a folder of pages, with what a dataset made of them says already."""
    if _same(folder, output):
        raise InputError(f"{output}: holds the pages; the dataset needs a folder of its own")
    if not _is_dataset(output):
        _check_empty(output)
    entries = []
    listed = {os.path.realpath(x.path): x for x in read_texts(folder)} if is_texts(folder) else {}
    inside = os.path.join(os.path.realpath(folder), "")
    for found in walk(folder):
        path = folder.joinpath(*found.parts)
        ending = "".join(path.suffixes[-2:]).lower().removesuffix(".gz").removesuffix(".zst")
        if not found.text_name or ending.endswith(_MESSAGES) or not os.path.realpath(path).startswith(inside):
            continue
        name, whose = (
            "/".join(found.parts),
            portal or (found.parts[0] if len(found.parts) > 1 else folder.resolve().name),
        )
        if ending.endswith(".txt"):
            text_name = found.text_name.removesuffix(".txt")
            example = listed.get(os.path.realpath(path))
            entries.append(
                Entry(TEXT, text_name, whose, path, decode(read_page(path)))
                if example is None
                else _of_lines(example, text_name)
            )
        else:
            entries.append(Entry(HTML, f"pages/{name}", whose, path))
    known = {(entry.kind, entry.name): entry for entry in (_read(output) if output.is_dir() else ())}
    for entry in entries:
        before = known.pop((entry.kind, entry.name), None)
        if before is not None:
            entry.record, entry.source, entry.portal = before.record, before.source, before.portal
            entry.text = before.text
    entries += known.values()
    if not entries:
        raise InputError(f"{folder}: holds no pages (HTML, or .txt)")
    return Store(output, entries)


def _of_lines(example: Example, name: str) -> Entry:
    """A text with labelled lines, which become spans; its portal is that of its list."""
    lines = read_lines(example)
    spans = []
    for line, label, at in zip(lines.texts, lines.labels, line_starts(lines.texts), strict=False):
        printed = line.strip()
        if label != BLANK and printed:
            start = at + line.index(printed)
            spans.append([start, start + len(printed), LABELS[label].value])
    text = "\n".join(lines.texts)
    record = {"doc": name, "portal": example.portal, "text": text, "spans": spans}
    return Entry(TEXT, name, example.portal, example.path, text, record=record)
