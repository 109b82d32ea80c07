"""What readers of many records share: the page is one field of each record."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from boilerplate.batch.readers.base import Reader, SourcePage
from boilerplate.batch.readers.codings import GZIP
from boilerplate.batch.readers.zstd import ZSTD, open_zstd
from boilerplate.files import printable_path
from boilerplate.reading.charset import MAX_BYTES

MAX_FIELD = 4 * MAX_BYTES
"""Longest line or field, in characters: a file without line ends must not fill the memory."""

READ_ERRORS = (OSError, EOFError, zlib.error)
"""What reading a file, compressed or not, can raise."""


class TableReader(Reader):
    """Base of the readers of files that hold many records.

    Parameters
    ----------
    column
        Name of the field that holds the page.
    keep_column
        Whether the page stays among the fields of its record.
    """

    def __init__(self, path: Path, column: str = "html", keep_column: bool = False) -> None:
        super().__init__(path)
        self.column = column
        self.keep_column = keep_column

    def make_page(self, number: int, fields: dict[str, Any], **attributes: Any) -> SourcePage:
        """Make the page of a record from its fields."""
        page = SourcePage(
            f"{printable_path(self.path)}:{number}",
            fields=fields,
            text_name=self.record_text_path(number),
            **attributes,
        )
        if page.error:
            return page
        content = fields.get(self.column)
        if not self.keep_column:
            fields.pop(self.column, None)
        if content is None:
            page.content = ""
        elif isinstance(content, (str, bytes)):
            page.content = content
        else:
            page.error = f"field {self.column!r} holds no text: {type(content).__name__}"
        return page

    def make_json_page(self, number: int, value: Any) -> SourcePage:
        """Make the page of a JSON value, which should be an object."""
        if not isinstance(value, dict):
            return self.make_page(number, {}, error="not a JSON object")
        if self.column not in value:
            return self.make_page(number, value, error=self.missing_column(list(value)))
        return self.make_page(number, value)

    def missing_column(self, names: list[str]) -> str:
        """Say that the column does not exist, and which columns do."""
        known = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
        return f"no field {self.column!r} (there are: {known or 'none'}): name it with --column"

    @staticmethod
    def is_missing_column(page: SourcePage) -> bool:
        """Whether a page's error is a missing column: a wrong ``--column`` is one error, not one for each record."""
        return page.error.startswith("no field")


@contextmanager
def open_decompressed(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open a file, plain, gzip or zstd: the stream of its contents, and the file itself."""
    with path.open("rb") as raw:
        head = raw.read(4)
        raw.seek(0)
        if head == ZSTD:
            with open_zstd(raw) as unpacked:
                yield cast("IO[bytes]", unpacked), raw
        elif head[:2] == GZIP:
            with gzip.GzipFile(fileobj=raw) as stream:
                yield cast("IO[bytes]", stream), raw
        else:
            yield raw, raw
