"""Writers for the output formats."""

from __future__ import annotations

from typing import Any

from boilerplate.batch.record import OutputFormat
from boilerplate.batch.writers.base import Writer
from boilerplate.batch.writers.csv import CsvWriter
from boilerplate.batch.writers.stream import (
    CsvStreamWriter,
    HtmlStreamWriter,
    StreamWriter,
    TeiStreamWriter,
    TextStreamWriter,
)
from boilerplate.batch.writers.text import TextWriter


def make_writer(output_format: OutputFormat, column_types: dict[str, Any]) -> Writer:
    """Make the writer of a file.

    Parameters
    ----------
    column_types
        Arrow types of columns of the input, as far as known.

    Raises
    ------
    InputError
        If a package that it needs is not installed.
    """
    if output_format.name == "parquet":
        from boilerplate.batch.writers.parquet import ParquetWriter

        return ParquetWriter(output_format, column_types)
    if output_format.markup is not None:
        from boilerplate.batch.writers.markup import HtmlWriter, MarkdownWriter, TeiWriter

        return {"markdown": MarkdownWriter, "html": HtmlWriter, "xml-tei": TeiWriter}[output_format.name](output_format)
    return {"text": TextWriter, "csv": CsvWriter, "jsonl": Writer}[output_format.name](output_format)


def make_stream_writer(output_format: OutputFormat) -> StreamWriter:
    """Make the writer of a pipe or a terminal."""
    writers = {
        "text": TextStreamWriter,
        "markdown": TextStreamWriter,
        "html": HtmlStreamWriter,
        "xml-tei": TeiStreamWriter,
        "csv": CsvStreamWriter,
        "jsonl": StreamWriter,
    }
    return writers[output_format.name](output_format)
