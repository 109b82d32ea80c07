"""Pages in a column of a Spark DataFrame, cleaned by its workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql.types import (
    ArrayType,
    BinaryType,
    BooleanType,
    DataType,
    DoubleType,
    MapType,
    StringType,
    StructField,
    StructType,
)

from boilerplate.batch.columns import FLAGS, LISTS, MAPS, clean_to_columns, names
from boilerplate.cleaner import Cleaner, Kind
from boilerplate.model.registry import find


def clean(
    df: DataFrame,
    column: str = "html",
    *,
    model: str | Path | None = None,
    favour: str | float = "balance",
    kind: Kind = "auto",
    metadata: bool = False,
) -> DataFrame:
    """Return `df` with the columns ``text, title, confidence, status, error, text_source`` added to each row.

    `status` is ``"ok"``, ``"empty"`` or ``"error"`` (see `Result`): a page that
    cannot be read fails its row, not the job. Text, title and confidence are
    null where the page is in error, and where it is null itself, which counts
    as ``"empty"``. `error` says why there is no text, `text_source` whether it is
    from JSON-LD.

    Parameters
    ----------
    column
        Where the pages are: HTML or plain text, string or binary.
    model
        Name of a shipped model, or path of a model file, which need only be on
        the driver: its bytes travel with the job.
    favour
        See `Cleaner`.
    kind
        ``"html"`` or ``"text"``; ``"auto"`` detects which.
    metadata
        Whether to add a column for each field of `Metadata`, too: ``meta_authors``,
        an array, ``meta_published``, ..., ``meta_sources``, a map.

    Raises
    ------
    ModelError
        If the model cannot be loaded.
    TypeError
        If the column holds neither strings nor bytes.
    ValueError
        If there is no such column, or one that has the name of a new one.
    """
    fields = {field.name: field for field in df.schema.fields}
    if column not in fields:
        raise ValueError(f"no column {column!r} (there are: {', '.join(fields) or 'none'})")
    if not isinstance(fields[column].dataType, (StringType, BinaryType)):
        raise TypeError(f"column {column!r} is {fields[column].dataType.simpleString()}, not string or binary")
    # Spark takes names that differ only in case for the same column.
    clashes = [name for name in fields if name.lower() in names(metadata)]
    if clashes:
        raise ValueError(f"the new columns would clash with {', '.join(clashes)}: rename with df.withColumnRenamed")
    Cleaner(model, favour=favour)  # so that wrong arguments raise here, not in a worker
    data = None if model is None else find(model).read_bytes()
    added = [StructField(name, _type(name)) for name in names(metadata)]
    index = df.schema.names.index(column)
    return df.mapInArrow(_mapper(index, data, favour, kind, metadata), StructType([*df.schema.fields, *added]))


def _type(name: str) -> DataType:
    """Return the type of a new column."""
    if name in LISTS:
        return ArrayType(StringType())
    if name in MAPS:
        return MapType(StringType(), StringType())
    if name in FLAGS:
        return BooleanType()
    return DoubleType() if name == "confidence" else StringType()


def _mapper(
    index: int, model: bytes | None, favour: str | float, kind: Kind, metadata: bool
) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """Return the function that workers run on the Arrow batches of a partition.

    Arrow and not pandas, so that the other columns stay as they are: pandas
    turns integers with nulls among them into floats.
    """

    def run(batches: Iterable[Any]) -> Iterator[Any]:
        import pyarrow as arrow

        cleaner = _cleaner(model, favour)
        string = arrow.string()
        types = {
            "confidence": arrow.float64(),
            **dict.fromkeys(LISTS, arrow.list_(string)),
            **dict.fromkeys(MAPS, arrow.map_(string, string)),
            **dict.fromkeys(FLAGS, arrow.bool_()),
        }
        for batch in batches:
            pages = (page.as_py() for page in batch.column(index))
            columns = clean_to_columns(cleaner, pages, kind=kind, metadata=metadata)
            for name in MAPS:
                if name in columns:
                    columns[name] = [None if value is None else list(value.items()) for value in columns[name]]
            arrays = [arrow.array(values, types.get(name, string)) for name, values in columns.items()]
            yield arrow.RecordBatch.from_arrays([*batch.columns, *arrays], [*batch.schema.names, *columns])

    return run


@lru_cache(maxsize=4)
def _cleaner(model: bytes | None, favour: str | float) -> Cleaner:
    """Return the cleaner of a worker process, which runs one task after another."""
    if model is None:
        return Cleaner(favour=favour)
    with TemporaryDirectory() as folder:
        path = Path(folder, "model.npz")
        path.write_bytes(model)
        return Cleaner(path, favour=favour)
