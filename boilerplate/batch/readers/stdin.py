"""Standard input: one page, or JSON Lines, told by the first line."""

from __future__ import annotations

import gzip
import hashlib
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from boilerplate.batch.readers.base import END, TYPICAL_SIZE, Reader, SourcePage
from boilerplate.batch.readers.codings import GZIP
from boilerplate.batch.readers.jsonl import JsonLinesReader, is_json_object
from boilerplate.batch.readers.table import MAX_FIELD, READ_ERRORS
from boilerplate.batch.readers.zstd import ZSTD, open_zstd
from boilerplate.files import error_reason
from boilerplate.reading.charset import MAX_BYTES

_STDIN = Path("-")


def stdin_reader(column: str) -> StdinReader | StdinJsonLinesReader:
    """Find out what is on standard input, from its first line.

    Parameters
    ----------
    column
        Field that holds the page, in JSON Lines.
    """
    raw: IO[bytes] = sys.stdin.buffer
    first_line = b""
    try:
        head = getattr(raw, "peek", lambda _: b"")(4)[:4]
        if head == ZSTD:
            raw = cast("IO[bytes]", open_zstd(raw))
        elif head[:1] == GZIP[:1]:  # no text begins with this byte
            raw = cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
        first_line = raw.readline(MAX_BYTES + 1)
        if first_line.lstrip()[:1] == b"{" and not first_line.endswith(b"\n"):
            first_line += raw.readline(MAX_FIELD - len(first_line))
    except READ_ERRORS as error:
        return StdinReader(first_line, raw, _read_error(error))
    return StdinJsonLinesReader(first_line, raw, column) if is_json_object(first_line) else StdinReader(first_line, raw)


def _read_error(error: Exception) -> str:
    is_gzip_error = isinstance(error, (EOFError, zlib.error, gzip.BadGzipFile))
    return f"broken gzip data: {error}" if is_gzip_error else error_reason(error)


class _Stream:
    """Standard input whose first line has been read."""

    def __init__(self, first_line: bytes, rest: IO[bytes]) -> None:
        self._rest = rest
        self._head = first_line

    def readline(self, limit: int) -> bytes:
        head, self._head = self._head, b""
        return head or self._rest.readline(limit)

    def read(self, size: int) -> bytes:
        head, self._head = self._head, b""
        return head + self._rest.read(max(size - len(head), 0))


class StdinReader(Reader):
    """Reads one page from standard input."""

    many = False

    def __init__(self, first_line: bytes, rest: IO[bytes], error: str = "") -> None:
        super().__init__(_STDIN)
        self._stream = _Stream(first_line, rest)
        self._error = error

    def size(self) -> float:
        """See `Reader`."""
        return TYPICAL_SIZE

    def pages(self, cursor: Any = None) -> Iterator[SourcePage]:
        """See `Reader`."""
        page = SourcePage("-", text_name="stdin.txt", error=self._error, cursor=END, fraction=1.0)
        try:
            if not self._error:
                page.content = self._stream.read(MAX_BYTES + 1)
        except READ_ERRORS as error:
            page.error = _read_error(error)
        yield page


class StdinJsonLinesReader(JsonLinesReader):
    """Reads JSON Lines from standard input."""

    def __init__(self, first_line: bytes, rest: IO[bytes], column: str) -> None:
        super().__init__(_STDIN, column)
        self._stream = _Stream(first_line, rest)
        self._fingerprint = [hashlib.sha256(first_line).hexdigest()]

    def size(self) -> float:
        """See `Reader`."""
        return TYPICAL_SIZE

    def fingerprint(self) -> list[Any]:
        """Return a checksum of the first line: a resumed run must be given the same data."""
        return self._fingerprint

    def pages(self, cursor: Any = None) -> Iterator[SourcePage]:
        """See `Reader`; what an earlier run did is read and dropped."""
        number, offset = cursor or (0, 0)
        left = offset
        try:
            while left and (line := self._stream.readline(left)):
                left -= len(line)
        except READ_ERRORS:
            pass  # the lines that follow raise it again
        yield from self.read_lines(cast("IO[bytes]", self._stream), number, offset, lambda: 0.0)
