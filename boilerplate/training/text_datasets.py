"""Labelled texts: a line a label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

import numpy as np

from boilerplate.errors import DatasetError
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.segment.page import TextPage
from boilerplate.training.datasets import Example
from boilerplate.training.records import OUTSIDE, is_inside, list_lines

BLANK = -1
"""Label of a blank line."""


@dataclass(slots=True)
class Lines:
    """A labelled text: its lines, and for each the column of its label (`BLANK` for blank lines)."""

    texts: list[str] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)

    def add(self, text: str, label: int) -> None:
        """Append a line."""
        self.texts.append(text)
        self.labels.append(label)

    def extend(self, lines: Iterable[tuple[str, int]]) -> None:
        """Append lines, each given with the column of its label."""
        for text, label in lines:
            self.add(text, label)


def line_starts(lines: Iterable[str]) -> list[int]:
    """Where in a text each of its lines begins, in characters; and where one behind the last would."""
    return [0, *accumulate(len(line) + 1 for line in lines)]


def is_texts(path: str | Path) -> bool:
    """Whether `path` is a folder of labelled texts (``index.tsv``, there or in ``labelled/``)."""
    return _folder(Path(path)) is not None


def _folder(path: Path) -> Path | None:
    for folder in (path, path / "labelled"):
        if (folder / "index.tsv").is_file():
            return folder
    return None


def read_texts(path: str | Path, *, outside: bool = False) -> list[Example]:
    """List the documents of a folder of labelled texts.

    ``index.tsv`` names them (name, portal, URL); ``NAME.txt`` is the text,
    ``NAME.labels`` has a label a line, ``-`` for a blank one.

    Raises
    ------
    DatasetError
        If there is no such folder, or a line of the index is not as it should
        be, or a document is outside of the folder (and not `outside`).
    """
    examples = []
    for where, found in list_texts(path, outside=outside):
        if isinstance(found, str):
            raise DatasetError(f"{where}: {found}")
        examples.append(found)
    return examples


def list_texts(path: str | Path, *, outside: bool = False) -> Iterator[tuple[str, Example | str]]:
    """Yield for each line of the index where it stands, and its document or what is wrong with the line.

    Raises
    ------
    DatasetError
        If there is no such folder.
    """
    folder = _folder(Path(path))
    if folder is None:
        raise DatasetError(f"{path}: no labelled texts: 'index.tsv' is missing")
    index = folder / "index.tsv"
    for number, line in list_lines(index, path):
        where = f"{index}:{number}"
        parts = line.rstrip("\r").split("\t")
        if len(parts) < 2 or not parts[0] or "\0" in parts[0]:
            yield where, "needs name and portal"
            continue
        name, portal = parts[0], parts[1]
        files = [folder / f"{name}{ending}" for ending in (".txt", ".labels")]
        stray = [file for file in files if not outside and not is_inside(file, folder)]
        if stray:
            yield where, f"field 'page': {stray[0]}: {OUTSIDE}"
            continue
        yield where, Example(files[0], portal, None, meta={"source": "labelled texts"}, where=where)


def read_lines(example: Example) -> Lines:
    """Read a labelled document.

    Raises
    ------
    DatasetError
        If text and labels do not read, or do not fit.
    """
    lines, problems = read_labels(example)
    for problem in problems:
        raise DatasetError(problem)
    return lines


def read_labels(example: Example) -> tuple[Lines, list[str]]:
    """Read a labelled document as far as its labels go; also what is wrong with them, each with file and line.

    Raises
    ------
    DatasetError
        If text or labels do not read.
    """
    file = example.path.with_suffix(".labels")
    names = example.line_labels
    if names is None:
        try:
            names = file.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise DatasetError(f"{file}: {error}") from error
    texts = example.read().split("\n")
    lines = Lines()
    problems = []
    for number, text in enumerate(texts, 1):
        name = names[number - 1].strip() if number <= len(names) else ""
        label = BLANK
        if name in ("", "-"):
            if text.strip():
                problems.append(f"{file}:{number}: no label for a line that is not blank")
        else:
            try:
                label = INDEX[Label.parse(name)]
            except ValueError as error:
                problems.append(f"{file}:{number}: {error}")
        lines.add(text, label)
    return lines, problems


def line_words(lines: Lines, page: TextPage) -> np.ndarray:
    """Count the words of each label in each block of the segmented text: (n_blocks, n_labels)."""
    words = np.zeros((len(page), len(LABELS)), np.int32)
    for i, (a, b) in enumerate(page.lines):
        for k in range(a, b):
            if lines.labels[k] != BLANK:
                words[i, lines.labels[k]] += len(lines.texts[k].split())
    return words
