"""Standard input: one page, or JSON lines, told by the first line."""

from __future__ import annotations

import gzip
import hashlib
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from boilerplate.batch.readers.codings import GZIP
from boilerplate.batch.readers.files import TYPICAL
from boilerplate.batch.readers.tables import BROKEN, LIMIT, JsonLines, is_json_object
from boilerplate.batch.source import END, Item, why
from boilerplate.reading import MAX_BYTES


def standard_input(column: str) -> Stdin | StdinLines:
    """Find out what is on standard input: reads its first line.

    Parameters
    ----------
    column
        Field that holds the page, in JSON lines.
    """
    raw: IO[bytes] = sys.stdin.buffer
    first = b""
    try:
        if getattr(raw, "peek", lambda _: b"")(1)[:1] == GZIP[:1]:  # no text begins with this byte
            raw = cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
        first = raw.readline(MAX_BYTES + 1)
        if first.lstrip()[:1] == b"{" and not first.endswith(b"\n"):
            first += raw.readline(LIMIT - len(first))
    except BROKEN as error:
        return Stdin(first, raw, _reason(error))
    return StdinLines(first, raw, column) if is_json_object(first) else Stdin(first, raw)


def _reason(error: Exception) -> str:
    broken = isinstance(error, (EOFError, zlib.error, gzip.BadGzipFile))
    return f"broken gzip data: {error}" if broken else why(error)


class _Stream:
    """Standard input, of which some was read."""

    def __init__(self, first: bytes, rest: IO[bytes]) -> None:
        self._rest = rest
        self._head = first

    def readline(self, limit: int) -> bytes:
        head, self._head = self._head, b""
        return head or self._rest.readline(limit)

    def read(self, size: int) -> bytes:
        head, self._head = self._head, b""
        return head + self._rest.read(max(size - len(head), 0))


class Stdin:
    """One page."""

    many = False
    path = Path("-")

    def __init__(self, first: bytes, rest: IO[bytes], error: str = "") -> None:
        self._stream = _Stream(first, rest)
        self._error = error

    def weight(self) -> float:
        """See `Input`."""
        return TYPICAL

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`."""
        item = Item("-", name="stdin.txt", error=self._error, cursor=END, share=1.0)
        try:
            if not self._error:
                item.page = self._stream.read(MAX_BYTES + 1)
        except BROKEN as error:
            item.error = _reason(error)
        yield item


class StdinLines(JsonLines):
    """JSON lines.

    Attributes
    ----------
    mark
        Tells whether a run that goes on is given the same data.
    """

    def __init__(self, first: bytes, rest: IO[bytes], column: str) -> None:
        super().__init__(Path("-"), column)
        self._stream = _Stream(first, rest)
        self.mark = [hashlib.sha256(first).hexdigest()]

    def weight(self) -> float:
        """See `Input`."""
        return TYPICAL

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`; what an earlier run did is read past."""
        number, offset = cursor or (0, 0)
        left = offset
        try:
            while left and (line := self._stream.readline(left)):
                left -= len(line)
        except BROKEN:
            pass  # and so is what follows
        yield from self.read(cast("IO[bytes]", self._stream), number, offset, lambda: 0.0)
