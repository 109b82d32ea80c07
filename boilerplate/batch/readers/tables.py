"""Pages in the fields of JSON lines and the columns of CSV files, read a row at a time."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from boilerplate.batch.readers.codings import GZIP
from boilerplate.batch.source import Item, failure, shown, why
from boilerplate.reading import MAX_BYTES

LIMIT = 4 * MAX_BYTES
"""Longest line or field, in characters: a file without line ends must not fill the memory."""

BROKEN = (OSError, EOFError, zlib.error)
"""What reading a file, packed or not, can raise."""

_PORTION = 2**20  # characters


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

    def object(self, number: int, record: Any) -> Item:
        """Make the item of what should be a JSON object."""
        if not isinstance(record, dict):
            return self.item(number, {}, error="not a JSON object")
        if self.column not in record:
            return self.item(number, record, error=self.lacks(list(record)))
        return self.item(number, record)

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


def is_json_object(line: bytes) -> bool:
    """Whether a line is an object of JSON, whole."""
    line = line.removeprefix(b"\xef\xbb\xbf").strip()
    if not (line.startswith(b"{") and line.endswith(b"}")):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


class JsonLines(Collection):
    """JSON lines, plain or gzip; the cursor is line and byte."""

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`."""
        number, offset = cursor or (0, 0)
        size = self.weight()
        try:
            with _opened(self.path) as (stream, raw):
                stream.seek(offset)
                yield from self.read(stream, number, offset, lambda: min(raw.tell() / size, 1.0))
        except BROKEN as error:
            yield failure(self.path, why(error))

    def read(self, stream: IO[bytes], number: int, offset: int, share: Callable[[], float]) -> Iterator[Item]:
        """Yield the pages of the lines that follow in a stream.

        Parameters
        ----------
        number, offset
            Lines and bytes that lie before.
        share
            Tells how much of the input lies behind.
        """
        try:
            while line := stream.readline(LIMIT):
                number += 1
                offset += len(line)
                if len(line) >= LIMIT:
                    yield failure(self.path, f"line {number}: longer than {LIMIT // 2**20} MB")
                    return
                if number == 1:
                    line = line.removeprefix(b"\xef\xbb\xbf")
                if not line.strip():
                    continue
                item = self._item(number, line)
                item.cursor, item.share = [number, offset], share()
                if number == 1 and item.error.startswith("no field"):  # a wrong --column: not a million errors
                    yield failure(self.path, item.error)
                    return
                yield item
        except BROKEN as error:
            yield failure(self.path, f"after line {number}: {why(error)}" if number else why(error))

    def _item(self, number: int, line: bytes) -> Item:
        try:
            record = json.loads(line.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            return self.item(number, {}, error=f"not JSON: {error}")
        return self.object(number, record)


class Json(Collection):
    """A JSON file: an array of objects, or objects one after another (so JSON lines, too), plain or gzip.

    Read a part at a time, however large the array. The cursor is a count of objects.
    """

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`."""
        done = cursor or 0
        number = 0
        size = self.weight()
        try:
            with _opened(self.path) as (stream, raw):
                for record in _objects(io.TextIOWrapper(cast("Any", stream), "utf-8-sig", "replace")):
                    number += 1
                    if number <= done:
                        continue
                    item = self.object(number, record)
                    item.cursor, item.share = number, min(raw.tell() / size, 1.0)
                    if number == 1 and item.error.startswith("no field"):
                        yield failure(self.path, item.error)
                        return
                    yield item
            if not number:
                yield failure(self.path, "no objects in it")
        except (*BROKEN, ValueError, RecursionError) as error:
            yield failure(self.path, f"after object {number}: {why(error)}" if number else why(error))


def _objects(text: IO[str]) -> Iterator[Any]:
    """Yield the elements of an array, or the values that stand one after another.

    Raises
    ------
    ValueError
        If something is not JSON, or longer than `LIMIT`.
    """
    decode = json.JSONDecoder().raw_decode
    buffer = text.read(_PORTION).lstrip()
    at = int(buffer.startswith("["))
    inside, ended = bool(at), False
    while True:
        while at < len(buffer) and buffer[at] in " \t\r\n,]":
            inside = inside and buffer[at] != "]"
            at += 1
        try:
            if at == len(buffer):
                raise ValueError("breaks off")
            value, end = decode(buffer, at)
            if end == len(buffer) and not ended:  # a number may go on
                raise ValueError("breaks off")
        except ValueError as error:
            if ended and at == len(buffer) and not inside:
                return
            if ended or len(buffer) - at > LIMIT:
                raise ValueError(f"not JSON: {error}" if ended else f"longer than {LIMIT // 2**20} MB") from None
            more = text.read(max(_PORTION, len(buffer) - at))  # twice as much each time: linear
            ended = not more
            buffer, at = buffer[at:] + more, 0
            continue
        yield value
        at = end


class Csv(Collection):
    """A CSV file with a header, plain or gzip; fields stay the text they are. The cursor is a row."""

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`."""
        done = cursor or 0
        number = 0
        size = self.weight()
        csv.field_size_limit(LIMIT)
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
        except (*BROKEN, csv.Error) as error:
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
