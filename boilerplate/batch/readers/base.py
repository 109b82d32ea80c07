"""What all readers share: the base class, and the page as it comes from an input."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from boilerplate.files import printable_path

END = "end"
"""Cursor of an input that is exhausted."""

MAX_SKIPPED = 1000
"""Skipped entries that are collected before they are reported, at most."""

TYPICAL_SIZE = 100_000.0
"""Bytes of a page, where the size is not looked up."""


@dataclass(slots=True)
class SourcePage:
    """A page on its way from an input to the output.

    Attributes
    ----------
    source
        What the page is called in the output and in messages.
    content
        HTML or plain text; None if `error` says why there is none.
    fields
        Fields that came with the page and are kept in its record.
    error
        Why the page could not be read.
    note
        What is missing from a page that is cleaned all the same.
    has_record
        False for what gets no record in the output: an input that cannot be
        opened, or a mere report of what was `skipped`.
    from_table
        Whether the page is a table's row, whose columns are all kept.
    text_name
        Path of the page's ``.txt`` below an output folder.
    cursor
        Where its input continues after this page: plain types, for JSON; `END`
        if this is the last.
    fraction
        How much of its input has been read, 0 to 1.
    skipped
        What was passed over since the last page because it is no page: a line each.
    reader_index
        Which input it comes from (set by `read_all`).
    """

    source: str
    content: str | bytes | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    note: str = ""
    has_record: bool = True
    from_table: bool = False
    text_name: str = ""
    cursor: Any = None
    fraction: float = 0.0
    skipped: list[str] = field(default_factory=list)
    reader_index: int = 0


class Reader:
    """Reads the pages of one input: a file, a folder, an archive, a table, or standard input.

    Attributes
    ----------
    path
        Where the input is; ``-`` for standard input.
    many
        Whether it may hold more than one page.
    text_folder
        Folder of its texts, below an output folder; ``""`` for that folder itself.
    """

    many = True

    def __init__(self, path: Path, text_folder: str = "") -> None:
        self.path = path
        self.text_folder = text_folder

    @property
    def is_stdin(self) -> bool:
        """Whether the input is standard input."""
        return str(self.path) == "-"

    def size(self) -> float:
        """Return about how many bytes the input holds: only proportions matter."""
        try:
            return float(max(self.path.stat().st_size, 1))
        except OSError:
            return 0.0

    def pages(self, cursor: Any = None) -> Iterator[SourcePage]:
        """Yield the pages after `cursor`; a fault of the input is an error of a page and raises nothing."""
        raise NotImplementedError

    def fingerprint(self) -> list[Any]:
        """Return what tells an input that is not a file on the disk from another, as far as that is known."""
        return []

    def column_types(self) -> dict[str, Any]:
        """Return names and Arrow types of the columns; none where the input has no typed columns."""
        return {}

    def text_path(self, name: str) -> str:
        """Return the path of a text below an output folder."""
        return f"{self.text_folder}/{name}" if self.text_folder else name

    def record_text_path(self, number: int) -> str:
        """Return the path of a record's text below an output folder."""
        return self.text_path(f"{self.path.name}/{number:07}.txt")


def unreadable(path: Path | str, error: str, cursor: Any = END) -> SourcePage:
    """Report an input that cannot be read, or no further: it is counted as an error and gets no record."""
    return SourcePage(printable_path(path), error=error, has_record=False, cursor=cursor, fraction=1.0)


def read_all(
    readers: Sequence[Reader], pages_of: Callable[[int], Iterator[SourcePage]] | None = None
) -> Iterator[tuple[SourcePage, float]]:
    """Yield the pages of all inputs, each with the fraction of all inputs that has been read.

    Parameters
    ----------
    pages_of
        Returns the pages of an input, by its index, that are left to do; None for all of them.
    """
    sizes = [reader.size() for reader in readers]
    total = max(sum(sizes), 1e-9)
    before = 0.0
    for index, (reader, size) in enumerate(zip(readers, sizes, strict=True)):
        for page in reader.pages() if pages_of is None else pages_of(index):
            page.reader_index = index
            yield page, (before + page.fraction * size) / total
        before += size
