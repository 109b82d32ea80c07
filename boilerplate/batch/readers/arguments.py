"""Readers for the arguments of a command."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from boilerplate.batch.readers.base import Reader
from boilerplate.batch.readers.file import FileReader, MissingReader
from boilerplate.batch.readers.folder import FolderReader, text_names
from boilerplate.batch.readers.stdin import stdin_reader
from boilerplate.batch.readers.urls import NOT_FETCHED, is_url

if TYPE_CHECKING:
    from boilerplate.batch.readers.warc import Truncated

InputType = Literal["stdin", "folder", "file", "jsonl", "json", "csv", "parquet", "warc"]

_ENDINGS: dict[str, InputType] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".warc": "warc",
}


@dataclass(frozen=True, slots=True)
class ReaderOptions:
    """How collections are read.

    Attributes
    ----------
    column
        Field that holds the page.
    keep_column
        Whether the rows of tables keep that field.
    truncated
        See `WarcReader`.
    """

    column: str = "html"
    keep_column: bool = False
    truncated: Truncated = "error"


def make_readers(arguments: Sequence[str], options: ReaderOptions) -> list[Reader]:
    """Make the reader, or the readers, of each argument.

    Parameters
    ----------
    arguments
        Files, folders, patterns, collections, ``-``.
    """
    inputs: list[Path | MissingReader] = []
    for argument in arguments:
        inputs += _expand(argument)
    paths = [path for path in inputs if isinstance(path, Path)]
    root = _common_folder([path for path in paths if str(path) != "-"])
    names = _text_names([path for path in paths if input_type(path) == "file"], root)
    return [
        path if isinstance(path, MissingReader) else _make_reader(path, root, names.get(path, ""), options)
        for path in inputs
    ]


def input_type(path: Path) -> InputType:
    """Tell what a path is: ``"file"`` is a file of one page; collections are told by their endings."""
    if str(path) == "-":
        return "stdin"
    if path.is_dir():
        return "folder"
    uncompressed = path.name.lower().removesuffix(".gz").removesuffix(".zst")
    return _ENDINGS.get(os.path.splitext(uncompressed)[1], "file")


def _expand(argument: str) -> list[Path | MissingReader]:
    """Return the paths that an argument names."""
    if argument == "-" or os.path.lexists(argument):
        return [Path(argument)]
    if is_url(argument):
        return [MissingReader(argument, f"{NOT_FETCHED} clean -")]
    if not glob.has_magic(argument):
        return [MissingReader(argument, "no such file")]
    found = sorted(glob.glob(argument, recursive=True))
    if "**" in argument:  # which matches the folders on the way, too
        found = [path for path in found if not os.path.isdir(path)]
    return [Path(path) for path in found] or [MissingReader(argument, "nothing matches this pattern")]


def _common_folder(paths: list[Path]) -> str:
    """Return the folder whose structure an output folder repeats."""
    folders = {os.path.abspath(path if path.is_dir() else path.parent) for path in paths}
    try:
        return os.path.commonpath(folders) if folders else ""
    except ValueError:  # on several drives
        return ""


def _relative(folder: Path, root: str) -> str:
    """Return the path of a folder below the root; ``""`` for the root itself."""
    below = os.path.relpath(os.path.abspath(folder), root or None).replace(os.sep, "/")
    return "" if below == "." else below


def _text_names(files: list[Path], root: str) -> dict[Path, str]:
    """Name the text of each file."""
    folders: dict[Path, list[str]] = {}
    for path in files:
        folders.setdefault(path.parent, []).append(path.name)
    text_of = {}
    for folder, names in folders.items():
        below = _relative(folder, root)
        for name, text_name in text_names(sorted(set(names))).items():
            text_of[folder / name] = f"{below}/{text_name}" if below else text_name
    return text_of


def _make_reader(path: Path, root: str, text_name: str, options: ReaderOptions) -> Reader:
    what = input_type(path)
    if what == "stdin":
        return stdin_reader(options.column)
    if what == "folder":
        return FolderReader(path, _relative(path, root))
    if what == "file":
        return FileReader(path, text_name)
    reader = _make_collection_reader(path, what, options)
    reader.text_folder = _relative(path.parent, root)
    return reader


def _make_collection_reader(path: Path, what: InputType, options: ReaderOptions) -> Reader:
    if what == "jsonl":
        from boilerplate.batch.readers.jsonl import JsonLinesReader

        return JsonLinesReader(path, options.column)
    if what == "json":
        from boilerplate.batch.readers.json import JsonReader

        return JsonReader(path, options.column)
    if what == "csv":
        from boilerplate.batch.readers.csv import CsvReader

        return CsvReader(path, options.column, options.keep_column)
    if what == "parquet":
        from boilerplate.batch.readers.parquet import ParquetReader

        return ParquetReader(path, options.column, options.keep_column)
    from boilerplate.batch.readers.warc import WarcReader

    return WarcReader(path, options.truncated)
