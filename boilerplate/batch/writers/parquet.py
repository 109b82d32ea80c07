"""Parquet, through pyarrow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from boilerplate.batch.readers.parquet import import_pyarrow
from boilerplate.batch.record import METADATA_COLUMNS, OutputFormat, to_cell
from boilerplate.batch.writers.base import Writer

_COMPRESSION = "zstd"


class ParquetWriter(Writer):
    """Writes Parquet; columns that came from Parquet keep their types.

    Parameters
    ----------
    column_types
        Arrow types of columns of the input, as far as known.
    """

    suffix = ".parquet"

    def __init__(self, output_format: OutputFormat, column_types: dict[str, Any]) -> None:
        super().__init__(output_format)
        self.arrow, self.parquet = import_pyarrow()
        strings = [
            "source",
            "status",
            "title",
            output_format.text_field,
            "error",
            "text_source",
            "paragraphs",
            "blocks",
        ]
        strings += METADATA_COLUMNS if output_format.metadata else ()
        self.column_types = {
            **column_types,
            **dict.fromkeys(strings, self.arrow.string()),
            "confidence": self.arrow.float64(),
        }

    def write_part(self, records: Sequence[dict[str, Any]], path: Path) -> None:
        """See `Writer`."""
        columns = list(dict.fromkeys(name for record in records for name in record))
        arrays = {name: self._array(name, [record.get(name) for record in records]) for name in columns}
        with path.open("wb") as file:
            self.parquet.write_table(self.arrow.table(arrays), file, compression=_COMPRESSION)

    def merge(self, parts: Sequence[Path], columns: Sequence[str], path: Path) -> None:
        """See `Writer`."""
        arrow = self.arrow
        schemas = [self.parquet.read_schema(part) for part in parts]
        schema = arrow.schema([arrow.field(name, self._common_type(name, schemas)) for name in columns])
        with path.open("wb") as file, self.parquet.ParquetWriter(file, schema, compression=_COMPRESSION) as writer:
            for part in parts:
                table = self.parquet.read_table(part)
                arrays = [
                    self._cast(table.column(field.name), field.type)
                    if field.name in table.column_names
                    else arrow.nulls(len(table), field.type)
                    for field in schema
                ]
                writer.write_table(arrow.table(arrays, schema=schema))

    def _array(self, name: str, values: list[Any]) -> Any:
        """Make an array of its column's type, or of strings if a value does not fit."""
        arrow = self.arrow
        known = self.column_types.get(name)
        if known is not None:
            try:
                return arrow.array(values, known)
            except (arrow.ArrowException, TypeError, ValueError):
                pass
        elif not any(isinstance(value, (dict, list, bytes)) for value in values):
            try:
                return arrow.array(values)
            except (arrow.ArrowException, TypeError, ValueError, OverflowError):
                pass
        return self._strings(values)

    def _common_type(self, name: str, schemas: Sequence[Any]) -> Any:
        """Return the type that a column can have in all parts; string if there is no other."""
        arrow = self.arrow
        found = {schema.field(name).type for schema in schemas if name in schema.names}
        found.discard(arrow.null())
        if len(found) == 1:
            return found.pop()
        if found and all(arrow.types.is_integer(type_) or arrow.types.is_floating(type_) for type_ in found):
            return arrow.float64()
        return arrow.string()

    def _cast(self, column: Any, type_: Any) -> Any:
        if column.type == type_:
            return column
        try:
            return column.cast(type_)
        except self.arrow.ArrowException:
            return self._strings(column.to_pylist())

    def _strings(self, values: list[Any]) -> Any:
        return self.arrow.array([None if v is None else to_cell(v) for v in values], self.arrow.string())
