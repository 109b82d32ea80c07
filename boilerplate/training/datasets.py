"""Labelled pages: the dataset format, and gold labels laid over segmented blocks.

A dataset is a folder with ``pages.jsonl`` (one page a line) or that file
itself. Fields of a line: ``page`` (path of the saved page, plain or ``.gz``,
relative to the file and not outside of its folder), ``regions`` (``[[xpath,
label], ...]``, see `training.xpaths`), ``kind`` (``"index"`` for a page without
an article), ``portal`` (or ``domain``), ``body`` (gold text, where only the
body is known); others are kept but not used.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from boilerplate.batch.readers.file import read_page
from boilerplate.errors import DatasetError, InputError
from boilerplate.files import error_reason
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.lexicon.tables import HeadingRows, RowError, check_rows, parse_rows
from boilerplate.reading import decode
from boilerplate.segment.html import parse, segment
from boilerplate.segment.page import HtmlPage
from boilerplate.training import xpaths
from boilerplate.training.records import OUTSIDE, Problem, is_inside, list_lines, parse_record, string_problems

LabelOf = Callable[[tuple[Any, bool]], int]
"""Looks up the label of a text node, given as ``(element, is_tail)``."""


@dataclass(slots=True)
class Example:
    """One labelled page or text, not yet read; `where` is the line that names it (``pages.jsonl:3``).

    A text that its dataset's list holds comes with `text` and `line_labels`; `path` is then where it stands.
    """

    path: Path
    portal: str
    regions: list[tuple[str, int]] | None
    body: str | None = None
    index: bool = False
    meta: dict[str, Any] = field(default_factory=dict)
    where: str = ""
    text: str | None = None
    line_labels: list[str] | None = None

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def is_text(self) -> bool:
        """Whether it is a text with labelled lines, not a page."""
        return self.text is not None or self.path.suffix == ".txt"

    def read(self) -> str:
        """Return the page's HTML, or the text.

        Raises
        ------
        DatasetError
            If the page's file is missing, damaged, too large or no page.
        """
        if self.text is not None:
            return self.text
        try:
            if self.path.exists() and not self.path.is_file():
                raise InputError("is a folder" if self.path.is_dir() else "is not a file")
            return decode(read_page(self.path))
        except (InputError, OSError) as error:
            raise DatasetError(f"{self.where}: field 'page': {self.path}: {error_reason(error)}") from error


def read_dataset(path: str | Path, *, outside: bool = False) -> list[Example]:
    """Read the list of pages of a dataset.

    Parameters
    ----------
    path
        Folder that holds ``pages.jsonl``, or such a file.
    outside
        Whether its pages may lie outside of its folder: a dataset from
        elsewhere could name any file of yours.

    Raises
    ------
    DatasetError
        If there is no such file, or a line of it is not as it should be; the
        message names file, line and field.
    """
    file = Path(path)
    if file.is_dir():
        file = file / "pages.jsonl"
    examples = [_example(line, file, f"{file}:{number}", outside) for number, line in list_lines(file, path)]
    if not examples:
        raise DatasetError(f"{file}: holds no pages")
    return examples


def _example(line: str, file: Path, where: str, outside: bool) -> Example:
    record = parse_record(line, where)
    for _, problem in record_problems(record, file, outside):
        raise DatasetError(f"{where}: {problem}")
    return make_example(record, file, where)


def make_example(record: dict[str, Any], file: Path, where: str) -> Example:
    """Make an example of a line's fields, with which nothing is wrong (see `record_problems`)."""
    path = file.parent / record["page"]
    found = record.get("regions")
    regions = None if found is None else [(xpath, INDEX[Label.parse(label)]) for xpath, label in found]
    portal = record.get("portal") or record.get("domain") or path.stem
    return Example(path, portal, regions, record.get("body"), record.get("kind") == "index", record, where)


def record_problems(record: dict[str, Any], file: Path, outside: bool) -> Iterator[Problem]:
    """Yield what is wrong with the fields of a line, without reading its page.

    Parameters
    ----------
    file
        The dataset's list.
    outside
        Whether the page may lie outside of the list's folder.
    """
    page = record.get("page")
    faulty = dict(string_problems(record))
    yield from faulty.items()
    if not page:
        yield "page", "field 'page' is missing"
    elif "page" not in faulty:
        if "\0" in page:
            yield "page", f"field 'page': {reprlib.repr(page)} holds a zero byte"
        elif not outside and not is_inside(file.parent / page, file.parent):
            yield "page", f"field 'page': {file.parent / page}: {OUTSIDE}"
    if record.get("kind", "article") not in ("article", "index"):
        yield "kind", f"field 'kind': {reprlib.repr(record['kind'])} is neither 'article' nor 'index'"
    regions = record.get("regions")
    if regions is None:
        if record.get("body") is None and record.get("kind") != "index":
            yield "regions", "a page needs 'regions', 'body', or 'kind': 'index'"
    elif not isinstance(regions, list):
        yield "regions", f"field 'regions': {reprlib.repr(regions)} is not a list of [xpath, label]"
    else:
        for region in regions:
            problem = _region_problem(region)
            if problem:
                yield "regions", f"field 'regions': {reprlib.repr(region)}: {problem}"


def _region_problem(region: Any) -> str:
    try:
        if not isinstance(region, list) or len(region) != 2 or not all(isinstance(x, str) for x in region):
            return "is not [xpath, label]"
        xpaths.parse(region[0])
        Label.parse(region[1])
    except ValueError as error:
        return str(error)
    return ""


def read_lexicon(path: str | Path) -> HeadingRows:
    """Read rows of section headings: ``kind<TAB>phrase|phrase`` a line, as in ``lexicon/headings.tsv``.

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


def node_labels(example: Example, root: Any) -> LabelOf:
    """Return what looks up the label of a text node, given as ``(element, is_tail)``.

    A text node's label is that of its deepest labelled ancestor-or-self; what
    no region covers is chrome.

    Raises
    ------
    DatasetError
        If an XPath finds nothing in the page, or takes too long.
    """
    label_of, problems = lay_regions(example, root)
    for problem in problems:
        raise DatasetError(f"{example.where}: {problem}")
    return label_of


def lay_regions(example: Example, root: Any, uncovered: int = INDEX[Label.CHROME]) -> tuple[LabelOf, list[str]]:
    """Lay the regions of an example over its page, as far as they can be found.

    Parameters
    ----------
    uncovered
        Label of the text that no region covers.

    Returns
    -------
    label_of, problems
        See `node_labels`; and a line for each XPath that finds nothing.
    """
    elements: dict[Any, int] = {}
    texts: dict[tuple[Any, bool], int] = {}
    problems = []
    finder = xpaths.Finder(root)
    for xpath, label in example.regions or ():
        try:
            found, refs = finder.find(xpath)
            if not found and not refs:
                raise ValueError("finds nothing")
        except ValueError as error:
            problems.append(f"field 'regions': {xpath} in {example.path}: {error}")
            if finder.work > xpaths.WORK:
                break
            continue
        elements.update(dict.fromkeys(found, label))
        texts.update(dict.fromkeys(refs, label))
    return label_lookup(elements, texts, uncovered), problems


def label_lookup(elements: dict[Any, int], texts: dict[tuple[Any, bool], int], uncovered: int) -> LabelOf:
    """Return what looks up the label of a text node among labelled elements and text nodes (see `node_labels`)."""
    known: dict[Any, int] = {}

    def of_element(element: Any) -> int:
        chain = []
        while element is not None and element not in known:
            if element in elements:
                known[element] = elements[element]
                break
            chain.append(element)
            element = element.getparent()
        label = uncovered if element is None else known[element]
        for passed in chain:
            known[passed] = label
        return label

    def of_node(ref: tuple[Any, bool]) -> int:
        if ref in texts:
            return texts[ref]
        element, tail = ref
        return of_element(element.getparent() if tail else element)

    return of_node


def gold_words(example: Example, page: HtmlPage, root: Any) -> np.ndarray:
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
    return count_words(page, node_labels(example, root))


def count_words(page: HtmlPage, label_of: LabelOf) -> np.ndarray:
    """Count the words of each label in each block, given what looks up a text node's label.

    Parameters
    ----------
    label_of
        See `node_labels`.

    Returns
    -------
    array of shape (n_blocks, n_labels)
        Words (runs of non-space) a label, by the page's regions.
    """
    words = np.zeros((len(page), len(LABELS)), np.int32)
    for i, refs in enumerate(page.refs):
        for ref in refs:
            words[i, label_of(ref)] += len(piece_text(ref).split())
    return words


def load(example: Example) -> tuple[HtmlPage, Any]:
    """Read, parse and segment an example: the page and its root element.

    Raises
    ------
    DatasetError
        If the page does not read.
    """
    text = example.read()
    try:
        root = parse(text)
    except InputError as error:
        raise DatasetError(f"{example.where}: field 'page': {example.path}: {error}") from error
    return segment(root, nodes=True), root
