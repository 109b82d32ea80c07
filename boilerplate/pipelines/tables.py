"""Pages in the fields of JSON lines and the columns of CSV files, read a row at a time."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from boilerplate.pipelines.files import GZIP
from boilerplate.pipelines.items import Item, failure, shown, why
from boilerplate.reading import MAX_BYTES

_LIMIT = 4 * MAX_BYTES
"""Longest line or field, in characters: a file without line ends must not fill the memory."""

_BROKEN = (OSError, EOFError, zlib.error)


class Collection:
    """A file of many pages, the page being one field of a record.

    Parameters
    ----------
    column
        Name of the field that holds the page.
    keep
        Whether the page stays among the fields that are carried over.
    """

    many = True
    prefix = ""
    """Folders above the texts, in an output folder."""

    def __init__(self, path: Path, column: str = "html", keep: bool = False) -> None:
        self.path = path
        self.column = column
        self.keep = keep

    def weight(self) -> float:
        """See `Input`."""
        try:
            return float(max(self.path.stat().st_size, 1))
        except OSError:
            return 0.0

    def target(self, number: int) -> str:
        """Name of the text of a record, in an output folder."""
        return f"{self.prefix}{self.path.name}/{number:07}.txt"

    def item(self, number: int, carried: dict[str, Any], **more: Any) -> Item:
        """Make the item of a record, its page taken from the fields."""
        item = Item(f"{shown(self.path)}:{number}", carried=carried, name=self.target(number), **more)
        if item.error:
            return item
        page = carried.get(self.column)
        if not self.keep:
            carried.pop(self.column, None)
        if page is None:
            item.page = ""
        elif isinstance(page, (str, bytes)):
            item.page = page
        else:
            item.error = f"field {self.column!r} holds no text: {type(page).__name__}"
        return item

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`."""
        raise NotImplementedError

    def lacks(self, names: list[str]) -> str:
        """Say that there is no such field, and which there are."""
        known = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
        return f"no field {self.column!r} (there are: {known or 'none'}): name it with --column"


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open a file, plain or gzip: the stream of its contents, and the file itself."""
    with path.open("rb") as raw:
        packed = raw.read(2) == GZIP
        raw.seek(0)
        if packed:
            with gzip.GzipFile(fileobj=raw) as stream:
                yield cast("IO[bytes]", stream), raw
        else:
            yield raw, raw


class JsonLines(Collection):
    """JSON lines, plain or gzip; the cursor is line and byte."""

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`."""
        number, offset = cursor or (0, 0)
        size = self.weight()
        try:
            with _opened(self.path) as (stream, raw):
                stream.seek(offset)
                while line := stream.readline(_LIMIT):
                    number += 1
                    offset += len(line)
                    if len(line) >= _LIMIT:
                        yield failure(self.path, f"line {number}: longer than {_LIMIT // 2**20} MB")
                        return
                    if number == 1:
                        line = line.removeprefix(b"\xef\xbb\xbf")
                    if not line.strip():
                        continue
                    item = self._item(number, line)
                    item.cursor, item.share = [number, offset], min(raw.tell() / size, 1.0)
                    if number == 1 and item.error.startswith("no field"):  # a wrong --column: not a million errors
                        yield failure(self.path, item.error)
                        return
                    yield item
        except _BROKEN as error:
            yield failure(self.path, f"after line {number}: {why(error)}" if number else why(error))

    def _item(self, number: int, line: bytes) -> Item:
        try:
            record = json.loads(line.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            return self.item(number, {}, error=f"not JSON: {error}")
        if not isinstance(record, dict):
            return self.item(number, {}, error="not a JSON object")
        if self.column not in record:
            return self.item(number, record, error=self.lacks(list(record)))
        return self.item(number, record)


class Csv(Collection):
    """A CSV file with a header, plain or gzip; fields stay the text they are. The cursor is a row."""

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`."""
        done = cursor or 0
        number = 0
        size = self.weight()
        csv.field_size_limit(_LIMIT)
        try:
            with _opened(self.path) as (stream, raw):
                text = io.TextIOWrapper(cast("Any", stream), "utf-8-sig", "replace", newline="")
                rows = csv.reader(text, delimiter=self._delimiter())
                names = next(rows, [])
                problem = self._check(names)
                if problem:
                    yield failure(self.path, problem)
                    return
                for row in rows:
                    if not row:  # an empty line
                        continue
                    number += 1
                    if number <= done:
                        continue
                    carried = dict.fromkeys(names, "")
                    carried.update(zip(names, row, strict=False))
                    error = f"{len(row)} fields under {len(names)} columns" if len(row) > len(names) else ""
                    share = min(raw.tell() / size, 1.0)
                    yield self.item(number, carried, row=True, error=error, cursor=number, share=share)
        except (*_BROKEN, csv.Error) as error:
            yield failure(self.path, f"after row {number}: {why(error)}" if number else why(error))

    def _check(self, names: list[str]) -> str:
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            return f"two columns are called {twice[0]!r}"
        return "" if self.column in names else self.lacks(names)

    def _delimiter(self) -> str:
        """The character that parts the fields of the header: comma, semicolon or tab."""
        with _opened(self.path) as (stream, _):
            header = stream.readline(100_000)
        return max(",;\t", key=lambda mark: header.count(mark.encode()))
