"""Pages in a column of CSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, cast

from boilerplate.batch.readers.base import SourcePage, unreadable
from boilerplate.batch.readers.table import MAX_FIELD, READ_ERRORS, TableReader, open_decompressed
from boilerplate.files import error_reason


class CsvReader(TableReader):
    """Reads a CSV file with a header, plain, gzip or zstd; all fields are strings. The cursor is a row number."""

    def pages(self, cursor: Any = None) -> Iterator[SourcePage]:
        """See `Reader`."""
        done = cursor or 0
        number = 0
        size = self.size()
        csv.field_size_limit(MAX_FIELD)
        try:
            with open_decompressed(self.path) as (stream, raw):
                text = io.TextIOWrapper(cast("Any", stream), "utf-8-sig", "replace", newline="")
                rows = csv.reader(text, delimiter=self._delimiter())
                header = next(rows, [])
                problem = self._check_header(header)
                if problem:
                    yield unreadable(self.path, problem)
                    return
                for row in rows:
                    if not row:  # an empty line
                        continue
                    number += 1
                    if number <= done:
                        continue
                    yield self._page(number, header, row, min(raw.tell() / size, 1.0))
        except (*READ_ERRORS, csv.Error) as error:
            reason = error_reason(error)
            yield unreadable(self.path, f"after row {number}: {reason}" if number else reason)

    def _page(self, number: int, header: list[str], row: list[str], fraction: float) -> SourcePage:
        fields = dict.fromkeys(header, "")
        fields.update(zip(header, row, strict=False))
        error = f"{len(row)} fields under {len(header)} columns" if len(row) > len(header) else ""
        return self.make_page(number, fields, from_table=True, error=error, cursor=number, fraction=fraction)

    def _check_header(self, header: list[str]) -> str:
        """Return what is wrong with the header; ``""`` if nothing is."""
        repeated = sorted({name for name in header if header.count(name) > 1})
        if repeated:
            return f"two columns are called {repeated[0]!r}"
        return "" if self.column in header else self.missing_column(header)

    def _delimiter(self) -> str:
        """Guess the delimiter from the header: comma, semicolon or tab."""
        with open_decompressed(self.path) as (stream, _):
            header = stream.readline(100_000)
        return max(",;\t", key=lambda delimiter: header.count(delimiter.encode()))
