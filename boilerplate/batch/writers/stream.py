"""Records to a pipe or a terminal, as they come."""

from __future__ import annotations

import csv
import io
from typing import Any

from boilerplate.batch.record import OutputFormat, to_cell
from boilerplate.batch.writers.base import Writer
from boilerplate.batch.writers.markup import HTML_HEAD, HtmlWriter, TeiWriter
from boilerplate.batch.writers.text import TextWriter


class StreamWriter:
    """Encodes records one at a time. This one writes JSON Lines.

    Attributes
    ----------
    missing_columns
        Fields of records that the output has no column for.
    """

    def __init__(self, output_format: OutputFormat) -> None:
        self.missing_columns: list[str] = []
        self._writer = Writer(output_format)

    def encode(self, record: dict[str, Any]) -> bytes:
        """Return what a record adds to the output."""
        return self._writer.encode(record)


class TextStreamWriter(StreamWriter):
    """Writes texts with a blank line between two."""

    def __init__(self, output_format: OutputFormat) -> None:
        super().__init__(output_format)
        self._writer = TextWriter(output_format)
        self._is_first = True

    def encode(self, record: dict[str, Any]) -> bytes:
        """See `StreamWriter`."""
        data = super().encode(record)
        if data and self._is_first:
            data, self._is_first = data[1:], False  # without the blank line
        return data


class TeiStreamWriter(StreamWriter):
    """Writes a document of TEI."""

    def __init__(self, output_format: OutputFormat) -> None:
        super().__init__(output_format)
        self._writer = TeiWriter(output_format)


class HtmlStreamWriter(StreamWriter):
    """Writes articles in one document of HTML."""

    def __init__(self, output_format: OutputFormat) -> None:
        super().__init__(output_format)
        self._writer = HtmlWriter(output_format)
        self._is_first = True

    def encode(self, record: dict[str, Any]) -> bytes:
        """See `StreamWriter`."""
        data = super().encode(record)
        if data and self._is_first:
            data, self._is_first = HTML_HEAD + data, False
        return data


class CsvStreamWriter(StreamWriter):
    """Writes CSV with the columns of the first record, as the header comes before all others.

    Fields of later records that are not among them are left out.
    """

    def __init__(self, output_format: OutputFormat) -> None:
        super().__init__(output_format)
        self._columns: list[str] = []

    def encode(self, record: dict[str, Any]) -> bytes:
        """See `StreamWriter`."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        if not self._columns:
            self._columns = list(record)
            writer.writerow(self._columns)
        self.missing_columns += [
            name for name in record if name not in self._columns and name not in self.missing_columns
        ]
        writer.writerow([to_cell(record.get(name)) for name in self._columns])
        return out.getvalue().encode("utf-8", "replace")
