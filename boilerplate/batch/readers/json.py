"""Pages in the objects of a JSON file."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import IO, Any, cast

from boilerplate.batch.readers.base import SourcePage, unreadable
from boilerplate.batch.readers.table import MAX_FIELD, READ_ERRORS, TableReader, open_decompressed
from boilerplate.files import error_reason

_READ_SIZE = 2**20  # characters


class JsonReader(TableReader):
    """Reads a JSON file, plain, gzip or zstd: an array of objects, or objects one after another.

    However large the array, only a part of it is in memory. The cursor is the
    number of objects read.
    """

    def pages(self, cursor: Any = None) -> Iterator[SourcePage]:
        """See `Reader`."""
        done = cursor or 0
        number = 0
        size = self.size()
        try:
            with open_decompressed(self.path) as (stream, raw):
                for value in iter_values(io.TextIOWrapper(cast("Any", stream), "utf-8-sig", "replace")):
                    number += 1
                    if number <= done:
                        continue
                    page = self.make_json_page(number, value)
                    page.cursor, page.fraction = number, min(raw.tell() / size, 1.0)
                    if number == 1 and self.is_missing_column(page):
                        yield unreadable(self.path, page.error)
                        return
                    yield page
            if not number:
                yield unreadable(self.path, "no objects in it")
        except (*READ_ERRORS, ValueError, RecursionError) as error:
            reason = error_reason(error)
            yield unreadable(self.path, f"after object {number}: {reason}" if number else reason)


def iter_values(text: IO[str]) -> Iterator[Any]:
    """Yield the elements of a JSON array, or JSON values that follow one another.

    Raises
    ------
    ValueError
        If something is not JSON, or longer than `MAX_FIELD`.
    """
    decode = json.JSONDecoder().raw_decode
    buffer = text.read(_READ_SIZE).lstrip()
    position = int(buffer.startswith("["))
    in_array, at_end = bool(position), False
    while True:
        while position < len(buffer) and buffer[position] in " \t\r\n,]":
            in_array = in_array and buffer[position] != "]"
            position += 1
        try:
            if position == len(buffer):
                raise ValueError("breaks off")
            value, end = decode(buffer, position)
            if end == len(buffer) and not at_end:  # a number may go on
                raise ValueError("breaks off")
        except ValueError as error:
            if at_end and position == len(buffer) and not in_array:
                return
            if at_end or len(buffer) - position > MAX_FIELD:
                raise ValueError(f"not JSON: {error}" if at_end else f"longer than {MAX_FIELD // 2**20} MB") from None
            more = text.read(max(_READ_SIZE, len(buffer) - position))  # twice as much each time: linear
            at_end = not more
            buffer, position = buffer[position:] + more, 0
            continue
        yield value
        position = end
