"""Pages in the fields of JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import IO, Any

from boilerplate.batch.readers.base import SourcePage, unreadable
from boilerplate.batch.readers.table import MAX_FIELD, READ_ERRORS, TableReader, open_decompressed
from boilerplate.files import error_reason

_BOM = b"\xef\xbb\xbf"


class JsonLinesReader(TableReader):
    """Reads JSON Lines, plain, gzip or zstd. The cursor is a line and a byte offset."""

    def pages(self, cursor: Any = None) -> Iterator[SourcePage]:
        """See `Reader`."""
        number, offset = cursor or (0, 0)
        size = self.size()
        try:
            with open_decompressed(self.path) as (stream, raw):
                stream.seek(offset)
                yield from self.read_lines(stream, number, offset, lambda: min(raw.tell() / size, 1.0))
        except READ_ERRORS as error:
            yield unreadable(self.path, error_reason(error))

    def read_lines(
        self, stream: IO[bytes], number: int, offset: int, fraction: Callable[[], float]
    ) -> Iterator[SourcePage]:
        """Yield the pages of the remaining lines of a stream.

        Parameters
        ----------
        number, offset
            Lines and bytes before them.
        fraction
            Returns how much of the input has been read.
        """
        try:
            while line := stream.readline(MAX_FIELD):
                number += 1
                offset += len(line)
                if len(line) >= MAX_FIELD:
                    yield unreadable(self.path, f"line {number}: longer than {MAX_FIELD // 2**20} MB")
                    return
                if number == 1:
                    line = line.removeprefix(_BOM)
                if not line.strip():
                    continue
                page = self._parse(number, line)
                page.cursor, page.fraction = [number, offset], fraction()
                if number == 1 and self.is_missing_column(page):
                    yield unreadable(self.path, page.error)
                    return
                yield page
        except READ_ERRORS as error:
            reason = error_reason(error)
            yield unreadable(self.path, f"after line {number}: {reason}" if number else reason)

    def _parse(self, number: int, line: bytes) -> SourcePage:
        try:
            value = json.loads(line.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            return self.make_page(number, {}, error=f"not JSON: {error}")
        return self.make_json_page(number, value)


def is_json_object(line: bytes) -> bool:
    """Whether a line is one complete JSON object."""
    line = line.removeprefix(_BOM).strip()
    if not (line.startswith(b"{") and line.endswith(b"}")):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
