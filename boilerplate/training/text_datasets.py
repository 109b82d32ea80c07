"""Labelled texts: a line a label."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from boilerplate.errors import DatasetError
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.segment.page import TextPage
from boilerplate.training.datasets import Example
from boilerplate.training.records import check_inside, list_lines

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
    folder = _folder(Path(path))
    if folder is None:
        raise DatasetError(f"{path}: no labelled texts: 'index.tsv' is missing")
    examples = []
    index = folder / "index.tsv"
    for number, line in list_lines(index, path):
        where = f"{index}:{number}"
        parts = line.rstrip("\r").split("\t")
        if len(parts) < 2 or not parts[0] or "\0" in parts[0]:
            raise DatasetError(f"{where}: needs name and portal")
        name, portal = parts[0], parts[1]
        for ending in (".txt", ".labels"):
            check_inside(folder / f"{name}{ending}", folder, where, outside)
        meta = {"source": "labelled texts"}
        examples.append(Example(folder / f"{name}.txt", portal, None, meta=meta, where=where))
    return examples


def read_lines(example: Example) -> Lines:
    """Read a labelled document.

    Raises
    ------
    DatasetError
        If text and labels do not read, or do not fit.
    """
    file = example.path.with_suffix(".labels")
    try:
        names = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{file}: {error}") from error
    texts = example.read().split("\n")
    lines = Lines()
    for number, text in enumerate(texts, 1):
        name = names[number - 1].strip() if number <= len(names) else ""
        if name in ("", "-"):
            if text.strip():
                raise DatasetError(f"{file}:{number}: no label for a line that is not blank")
            lines.add(text, BLANK)
            continue
        try:
            lines.add(text, INDEX[Label.parse(name)])
        except ValueError as error:
            raise DatasetError(f"{file}:{number}: {error}") from error
    return lines


def line_words(lines: Lines, page: TextPage) -> np.ndarray:
    """Count the words of each label in each block of the segmented text: (n_blocks, n_labels)."""
    words = np.zeros((len(page), len(LABELS)), np.int32)
    for i, (a, b) in enumerate(page.lines):
        for k in range(a, b):
            if lines.labels[k] != BLANK:
                words[i, lines.labels[k]] += len(lines.texts[k].split())
    return words
