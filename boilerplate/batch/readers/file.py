"""One page in a file, and arguments that name none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from boilerplate.batch.readers.base import END, TYPICAL_SIZE, Reader, SourcePage, unreadable
from boilerplate.batch.readers.codings import decompress
from boilerplate.errors import InputError
from boilerplate.files import error_reason, printable_path
from boilerplate.reading.charset import MAX_BYTES


def read_page(path: Path) -> bytes:
    """Read a page; gzip data is decompressed.

    Raises
    ------
    InputError
        If it is missing, unreadable, too large or broken; says what, not where.
    """
    try:
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise InputError(
                f"{path.stat().st_size / 2**20:.0f} MB is too large for a page (at most {MAX_BYTES // 2**20} MB)"
            )
        with path.open("rb") as file:
            return decompress(file.read(MAX_BYTES + 1))
    except OSError as error:
        raise InputError(error_reason(error)) from error


class FileReader(Reader):
    """Reads a file that is one page.

    Parameters
    ----------
    text_name
        Path of its text below an output folder.
    """

    many = False

    def __init__(self, path: Path, text_name: str) -> None:
        super().__init__(path, text_name.rpartition("/")[0])
        self.text_name = text_name

    def size(self) -> float:
        """See `Reader`."""
        return TYPICAL_SIZE

    def pages(self, cursor: Any = None) -> Iterator[SourcePage]:
        """See `Reader`."""
        if not self.path.exists():
            yield unreadable(self.path, "no such file")
            return
        page = SourcePage(printable_path(self.path), text_name=self.text_name, cursor=END, fraction=1.0)
        try:
            page.content = read_page(self.path)
        except InputError as error:
            page.error = str(error)
        yield page


class MissingReader(Reader):
    """Stands for an argument that names no input: an error when its turn comes, so that the others are done."""

    many = False

    def __init__(self, argument: str, error: str) -> None:
        super().__init__(Path(argument))
        self.argument = argument
        self.error = error

    def size(self) -> float:
        """See `Reader`."""
        return 0.0

    def pages(self, cursor: Any = None) -> Iterator[SourcePage]:
        """See `Reader`."""
        yield unreadable(self.argument, self.error)
