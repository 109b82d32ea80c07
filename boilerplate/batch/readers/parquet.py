"""Pages in a column of Parquet files, read a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from boilerplate.batch.readers.tables import Collection
from boilerplate.batch.source import Item, failure, why
from boilerplate.errors import InputError

_ROWS = 64


def pyarrow() -> tuple[Any, Any]:
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
        raise InputError("Parquet needs pyarrow: pip install pyarrow") from None
    return arrow, parquet


class Parquet(Collection):
    """A Parquet file; the cursor is a row. Whole row groups before it are not read again."""

    def types(self) -> dict[str, Any]:
        """Names and Arrow types of its columns; none if it does not read."""
        try:
            _, parquet = pyarrow()
            return {field.name: field.type for field in parquet.read_schema(self.path)}
        except (InputError, OSError, ValueError):
            return {}

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`."""
        done = cursor or 0
        try:
            arrow, parquet = pyarrow()
        except InputError as error:
            yield failure(self.path, str(error))
            return
        number = 0
        try:
            with parquet.ParquetFile(self.path, buffer_size=2**20) as file:
                if self.column not in file.schema_arrow.names:
                    yield failure(self.path, self.lacks(file.schema_arrow.names))
                    return
                total = max(file.metadata.num_rows, 1)
                for group in range(file.num_row_groups):
                    rows = file.metadata.row_group(group).num_rows
                    if number + rows <= done:
                        number += rows
                        continue
                    for batch in file.iter_batches(_ROWS, row_groups=[group], use_threads=False):
                        if number + len(batch) <= done:
                            number += len(batch)
                            continue
                        for carried in batch.to_pylist():
                            number += 1
                            if number > done:
                                yield self.item(number, carried, row=True, cursor=number, share=number / total)
        except (OSError, ValueError, arrow.ArrowException) as error:
            yield failure(self.path, f"after row {number}: {why(error)}" if number else why(error))
