"""Labelled pages: the dataset format, and gold labels laid over segmented blocks.

A dataset is a folder with ``pages.jsonl`` (one page a line) or that file
itself. Fields of a line: ``page`` (path of the saved page, plain or ``.gz``,
relative to the file), ``regions`` (``[[xpath, label], ...]``), ``kind``
(``"index"`` for a page without an article), ``portal`` (or ``domain``),
``story``, ``body`` (gold text, where only the body is known); others are kept
but not used.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from lxml import etree

from boilerplate.errors import DatasetError
from boilerplate.features.lexicon import RowError, Rows, check_rows, parse_rows
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.reading import decode
from boilerplate.segment.html import parse, segment
from boilerplate.segment.page import Page

UNKNOWN = -1
"""Gold of a text of which only is known that it is not body."""


@dataclass(slots=True)
class Example:
    """One labelled page, not yet read."""

    path: Path
    portal: str
    story: str
    regions: list[tuple[str, int]] | None
    body: str | None = None
    index: bool = False
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.name

    def read(self) -> str:
        """Return the page's HTML.

        Raises
        ------
        DatasetError
            If the page's file is missing or damaged.
        """
        try:
            data = self.path.read_bytes()
            if data[:2] == b"\x1f\x8b":
                data = gzip.decompress(data)
        except (OSError, EOFError) as error:
            raise DatasetError(f"{self.path}: {error}") from error
        return decode(data)


def read_dataset(path: str | Path) -> list[Example]:
    """Read the list of pages of a dataset.

    Parameters
    ----------
    path
        Folder that holds ``pages.jsonl``, or such a file.

    Raises
    ------
    DatasetError
        If there is no such file, or a line of it is not as it should be; the
        message names file, line and field.
    """
    file = Path(path)
    if file.is_dir():
        file = file / "pages.jsonl"
    try:
        lines = file.read_text(encoding="utf-8").split("\n")  # not splitlines: JSON may hold U+2028
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{file}: no dataset: {error}") from error
    examples = [_example(line, file, f"{file}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not examples:
        raise DatasetError(f"{file}: holds no pages")
    return examples


def _example(line: str, file: Path, where: str) -> Example:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise DatasetError(f"{where}: not JSON: {error}") from error
    if not isinstance(record, dict) or not isinstance(record.get("page"), str):
        raise DatasetError(f"{where}: field 'page' is missing")
    path = file.parent / record["page"]
    index = record.get("kind") == "index"
    if record.get("kind", "article") not in ("article", "index"):
        raise DatasetError(f"{where}: field 'kind': {record['kind']!r} is neither 'article' nor 'index'")
    body = record.get("body")
    regions: list[tuple[str, int]] | None = None
    if record.get("regions") is not None:
        regions = []
        for region in record["regions"]:
            try:
                xpath, label = region
                regions.append((xpath, INDEX[Label.parse(label)]))
                etree.XPath(xpath)
            except (TypeError, ValueError, etree.XPathSyntaxError) as error:
                raise DatasetError(f"{where}: field 'regions': {region!r}: {error}") from error
    elif body is None and not index:
        raise DatasetError(f"{where}: a page needs 'regions', 'body', or 'kind': 'index'")
    portal = record.get("portal") or record.get("domain") or path.stem
    return Example(path, portal, record.get("story") or f"{portal}/{path.name}", regions, body, index, record)


def read_lexicon(path: str | Path) -> Rows:
    """Read rows of section headings: ``kind<TAB>phrase|phrase`` a line, as in ``features/headings.tsv``.

    Raises
    ------
    DatasetError
        If the file or a line of it does not read; the message names file and line.
    """
    try:
        lines = list(parse_rows(Path(path).read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path}: no lexicon: {error}") from error
    try:
        rows = check_rows([(kind, entries) for _, kind, entries in lines])
    except RowError as error:
        raise DatasetError(f"{path}:{lines[error.row][0]}: {error}") from error
    if not any(entries for _, entries in rows):
        raise DatasetError(f"{path}: holds no headings")
    return rows


def piece_text(ref: tuple[Any, bool]) -> str:
    """Text of one of a block's text nodes."""
    element, tail = ref
    return (element.tail if tail else element.text) or ""


def node_labels(example: Example, root: Any) -> Callable[[tuple[Any, bool]], int]:
    """Return what looks up the label of a text node, given as ``(element, is_tail)``.

    A text node's label is that of its deepest labelled ancestor-or-self; what
    no region covers is chrome.

    Raises
    ------
    DatasetError
        If an XPath finds nothing in the page.
    """
    elements: dict[Any, int] = {}
    texts: dict[tuple[Any, bool], int] = {}
    for xpath, label in example.regions or ():
        found = root.xpath(xpath) if root is not None else []
        if not found:
            raise DatasetError(f"{example.path}: region {xpath} finds nothing")
        for item in found:
            if isinstance(item, str):
                texts[item.getparent(), bool(item.is_tail)] = label  # type: ignore[attr-defined]
            else:
                elements[item] = label
    chrome = INDEX[Label.CHROME]
    known: dict[Any, int] = {}

    def of_element(element: Any) -> int:
        chain = []
        while element is not None and element not in known:
            if element in elements:
                known[element] = elements[element]
                break
            chain.append(element)
            element = element.getparent()
        label = chrome if element is None else known[element]
        for passed in chain:
            known[passed] = label
        return label

    def of_node(ref: tuple[Any, bool]) -> int:
        if ref in texts:
            return texts[ref]
        element, tail = ref
        return of_element(element.getparent() if tail else element)

    return of_node


def gold_words(example: Example, page: Page, root: Any) -> np.ndarray:
    """Count the words of each label in each block (see `node_labels`).

    Returns
    -------
    array of shape (n_blocks, n_labels)
        Words (runs of non-space) a label, by the page's regions.

    Raises
    ------
    DatasetError
        If an XPath finds nothing in the page.
    """
    label_of = node_labels(example, root)
    words = np.zeros((len(page), len(LABELS)), np.int32)
    for i, refs in enumerate(page.refs):
        for ref in refs:
            words[i, label_of(ref)] += len(piece_text(ref).split())
    return words


def load(example: Example) -> tuple[Page, Any]:
    """Read, parse and segment an example: the page and its root element."""
    root = parse(example.read())
    return segment(root, nodes=True), root


def iter_gold(examples: list[Example]) -> Iterator[tuple[Example, Page, np.ndarray]]:
    """Yield each example that has regions with its page and its words a label."""
    for example in examples:
        if example.regions is not None:
            page, root = load(example)
            yield example, page, gold_words(example, page, root)
