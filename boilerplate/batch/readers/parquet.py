"""Pages in a column of Parquet files, read a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from boilerplate.batch.readers.base import SourcePage, unreadable
from boilerplate.batch.readers.table import TableReader
from boilerplate.errors import InputError
from boilerplate.extras import lacking
from boilerplate.files import error_reason

_ROWS = 64


def import_pyarrow() -> tuple[Any, Any]:
    """Import pyarrow and its Parquet module.

    Raises
    ------
    InputError
        If it is not installed; says how to get it.
    """
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError:
        raise InputError(lacking("Parquet", "pyarrow")) from None
    return arrow, parquet


class ParquetReader(TableReader):
    """Reads a Parquet file. The cursor is a row number; row groups before it are not read again."""

    def column_types(self) -> dict[str, Any]:
        """See `Reader`; none if the file cannot be read."""
        try:
            _, parquet = import_pyarrow()
            return {field.name: field.type for field in parquet.read_schema(self.path)}
        except (InputError, OSError, ValueError):
            return {}

    def pages(self, cursor: Any = None) -> Iterator[SourcePage]:
        """See `Reader`."""
        try:
            arrow, parquet = import_pyarrow()
        except InputError as error:
            yield unreadable(self.path, str(error))
            return
        number = done = cursor or 0
        try:
            with parquet.ParquetFile(self.path, buffer_size=2**20) as file:
                if self.column not in file.schema_arrow.names:
                    yield unreadable(self.path, self.missing_column(file.schema_arrow.names))
                    return
                total = max(file.metadata.num_rows, 1)
                for number, fields in _iter_rows(file, done):
                    yield self.make_page(number, fields, from_table=True, cursor=number, fraction=number / total)
        except (OSError, ValueError, arrow.ArrowException) as error:
            reason = error_reason(error)
            yield unreadable(self.path, f"after row {number}: {reason}" if number else reason)


def _iter_rows(file: Any, done: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the number, from 1, and the fields of each row after the first `done`."""
    number = 0
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        if number + rows <= done:
            number += rows
            continue
        for batch in file.iter_batches(_ROWS, row_groups=[group], use_threads=False):
            if number + len(batch) <= done:
                number += len(batch)
                continue
            for fields in batch.to_pylist():
                number += 1
                if number > done:
                    yield number, fields
