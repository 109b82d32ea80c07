"""Output formats: records to a part of a file, parts to the file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from boilerplate.batch.record import Style, cell, dumps
from boilerplate.errors import InputError


class Format:
    """JSON lines; also what parts of other formats look like."""

    suffix = ".jsonl"

    def __init__(self, style: Style) -> None:
        self.style = style

    def write_part(self, records: Sequence[dict[str, Any]], path: Path) -> None:
        """Write records to a new file and make sure it is on the disk."""
        with path.open("wb") as file:
            for record in records:
                file.write(self.line(record))
            sync(file)

    def line(self, record: dict[str, Any]) -> bytes:
        """Write one record."""
        return (dumps(record) + "\n").encode("utf-8", "replace")

    def merge(self, parts: Sequence[Path], columns: Sequence[str], path: Path) -> None:
        """Join parts to the finished file.

        Parameters
        ----------
        columns
            Names of all fields that occur, in order.
        """
        with path.open("wb") as file:
            for part in parts:
                with part.open("rb") as source:
                    shutil.copyfileobj(source, file, 2**20)
            sync(file)

    def reopen(self, whole: Path, path: Path) -> None:
        """Make a part of a finished file, so that more can be added."""
        with whole.open("rb") as source, path.open("wb") as file:
            shutil.copyfileobj(source, file, 2**20)
            sync(file)


class Text(Format):
    """Plain text: texts that are not empty, parted by a blank line."""

    suffix = ".txt"

    def line(self, record: dict[str, Any]) -> bytes:
        """Write a text, with the line that parts it from the one before."""
        text = record[self.style.text]
        return f"\n{text}\n".encode("utf-8", "replace") if text else b""

    def merge(self, parts: Sequence[Path], columns: Sequence[str], path: Path) -> None:
        """See `Format`."""
        with path.open("wb") as file:
            first = True
            for part in parts:
                with part.open("rb") as source:
                    if first and source.read(1):
                        first = False
                    shutil.copyfileobj(source, file, 2**20)
            sync(file)

    def reopen(self, whole: Path, path: Path) -> None:
        """See `Format`."""
        with whole.open("rb") as source, path.open("wb") as file:
            if source.peek(1):
                file.write(b"\n")
            shutil.copyfileobj(source, file, 2**20)
            sync(file)


class Csv(Format):
    """CSV as spreadsheets and pandas read it; its columns are known when all parts are."""

    def merge(self, parts: Sequence[Path], columns: Sequence[str], path: Path) -> None:
        """See `Format`."""
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for part in parts:
                for record in _lines(part):
                    writer.writerow([cell(record.get(name)) for name in columns])
            sync(file)

    def reopen(self, whole: Path, path: Path) -> None:
        """See `Format`."""
        limit = csv.field_size_limit(2**31 - 1)
        try:
            with whole.open(encoding="utf-8", newline="") as source, path.open("wb") as file:
                for row in csv.DictReader(source):
                    file.write(self.line(row))
                sync(file)
        finally:
            csv.field_size_limit(limit)


class Parquet(Format):
    """Parquet; columns that came from Parquet keep their types.

    Parameters
    ----------
    types
        Arrow types of columns, as far as known.
    """

    suffix = ".parquet"

    def __init__(self, style: Style, types: dict[str, Any]) -> None:
        from boilerplate.batch.readers.parquet import pyarrow

        super().__init__(style)
        self.arrow, self.parquet = pyarrow()
        string = self.arrow.string()
        own = dict.fromkeys(("source", "status", "title", style.text, "error", "blocks"), string)
        self.types = {**types, **own, "confidence": self.arrow.float64()}

    def write_part(self, records: Sequence[dict[str, Any]], path: Path) -> None:
        """See `Format`."""
        columns = list(dict.fromkeys(name for record in records for name in record))
        arrays = {name: self._array(name, [record.get(name) for record in records]) for name in columns}
        with path.open("wb") as file:
            self.parquet.write_table(self.arrow.table(arrays), file, compression="zstd")
            sync(file)

    def merge(self, parts: Sequence[Path], columns: Sequence[str], path: Path) -> None:
        """See `Format`."""
        arrow = self.arrow
        schemas = [self.parquet.read_schema(part) for part in parts]
        schema = arrow.schema([arrow.field(name, self._common(name, schemas)) for name in columns])
        with path.open("wb") as file, self.parquet.ParquetWriter(file, schema, compression="zstd") as writer:
            for part in parts:
                table = self.parquet.read_table(part)
                arrays = [
                    self._cast(table.column(field.name), field.type)
                    if field.name in table.column_names
                    else arrow.nulls(len(table), field.type)
                    for field in schema
                ]
                writer.write_table(arrow.table(arrays, schema=schema))
        with path.open("rb+") as written:
            sync(written)

    def _array(self, name: str, values: list[Any]) -> Any:
        arrow = self.arrow
        known = self.types.get(name)
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
        return arrow.array([None if value is None else cell(value) for value in values], arrow.string())

    def _common(self, name: str, schemas: Sequence[Any]) -> Any:
        """The type that a column can have in all parts; text if there is no other."""
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
            return self.arrow.array([None if v is None else cell(v) for v in column.to_pylist()], type_)


def choose(style: Style, types: dict[str, Any]) -> Format:
    """Return the format of a style.

    Raises
    ------
    InputError
        If a package that it needs is not installed.
    """
    if style.format == "parquet":
        return Parquet(style, types)
    return {"text": Text, "csv": Csv, "jsonl": Format}[style.format](style)


class CsvStream:
    """CSV to a pipe: its columns are those of the first records.

    Later fields that are none of them are left out; `missed` names them.
    """

    def __init__(self) -> None:
        self.columns: list[str] = []
        self.missed: list[str] = []

    def lines(self, records: Sequence[dict[str, Any]]) -> bytes:
        """Write records, after a header if they are the first."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        if not self.columns and records:
            self.columns = list(dict.fromkeys(name for record in records for name in record))
            writer.writerow(self.columns)
        for record in records:
            self.missed += [name for name in record if name not in self.columns and name not in self.missed]
            writer.writerow([cell(record.get(name)) for name in self.columns])
        return out.getvalue().encode("utf-8", "replace")


def _lines(part: Path) -> Iterator[dict[str, Any]]:
    with part.open("rb") as file:
        for line in file:
            yield json.loads(line)


def sync(file: IO[Any]) -> None:
    """Make sure that what was written is on the disk."""
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def naming(path: Path | str, more: str = "") -> Iterator[None]:
    """Make an error of the system one that names the file; `more` is said after it."""
    try:
        yield
    except InputError:
        raise
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise InputError(f"{error.filename or path}: {reason[:1].lower()}{reason[1:]}{more}") from error


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, and the folders to it, so that it is never seen half-written.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    partial = path.with_name(f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with partial.open("wb") as file:
            file.write(data)
            sync(file)
        partial.replace(path)
    except OSError:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
