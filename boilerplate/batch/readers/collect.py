"""From the arguments of a command to its inputs."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from boilerplate.batch.readers.files import File, Folder, Missing, targets
from boilerplate.batch.readers.stdin import standard_input
from boilerplate.batch.readers.urls import NOT_FETCHED, is_url
from boilerplate.batch.source import Input

if TYPE_CHECKING:
    from boilerplate.batch.readers.tables import Collection
    from boilerplate.batch.readers.warc import Truncated

_TABLES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".warc": "warc",
}


def collect(
    arguments: Sequence[str], *, column: str = "html", keep_rows: bool = False, truncated: Truncated = "error"
) -> list[Input]:
    """Find out what each argument is.

    Parameters
    ----------
    arguments
        Files, folders, patterns, collections, ``-``.
    column
        Field that holds the page, in collections.
    keep_rows
        Whether the rows of tables keep that field.
    truncated
        See `Warc`.
    """
    paths: list[Path | Missing] = []
    for argument in arguments:
        if argument == "-" or os.path.lexists(argument):
            paths.append(Path(argument))
        elif is_url(argument):
            paths.append(Missing(argument, f"{NOT_FETCHED} clean -"))
        elif glob.has_magic(argument):
            found = sorted(glob.glob(argument, recursive=True))
            if "**" in argument:  # which matches the folders on the way, too
                found = [path for path in found if not os.path.isdir(path)]
            paths += [Path(path) for path in found] or [Missing(argument, "nothing matches this pattern")]
        else:
            paths.append(Missing(argument, "no such file"))
    root = _root([path for path in paths if isinstance(path, Path) and str(path) != "-"])
    names = _names([path for path in paths if isinstance(path, Path) and kind(path) == "file"], root)
    return [
        path if isinstance(path, Missing) else _input(path, root, names, column, keep_rows, truncated) for path in paths
    ]


def kind(path: Path) -> str:
    """What a path is: ``stdin``, ``folder``, ``file`` (of one page), or a kind of collection, by its ending."""
    if str(path) == "-":
        return "stdin"
    if path.is_dir():
        return "folder"
    plain = path.name.lower().removesuffix(".gz")
    return _TABLES.get(os.path.splitext(plain)[1], "file")


def _root(paths: list[Path]) -> str:
    """The folder below which an output folder repeats the inputs' folders."""
    folders = {os.path.abspath(path if path.is_dir() else path.parent) for path in paths}
    try:
        return os.path.commonpath(folders) if folders else ""
    except ValueError:  # on several drives
        return ""


def _below(path: Path, root: str) -> str:
    """Path of a folder below the root, with a slash behind; nothing for the root itself."""
    below = os.path.relpath(os.path.abspath(path), root or None).replace(os.sep, "/")
    return "" if below == "." else below + "/"


def _names(files: list[Path], root: str) -> dict[Path, str]:
    """Name the ``.txt`` of each file."""
    folders: dict[Path, list[str]] = {}
    for path in files:
        folders.setdefault(path.parent, []).append(path.name)
    return {
        folder / name: _below(folder, root) + target
        for folder, names in folders.items()
        for name, target in targets(sorted(set(names))).items()
    }


def _input(path: Path, root: str, names: dict[Path, str], column: str, keep_rows: bool, truncated: Truncated) -> Input:
    form = kind(path)
    if form == "stdin":
        return standard_input(column)
    if form == "folder":
        return Folder(path, _below(path, root))
    if form == "file":
        return File(path, names[path])
    collection = _collection(path, form, column, keep_rows, truncated)
    collection.prefix = _below(path.parent, root)
    return collection


def _collection(path: Path, form: str, column: str, keep_rows: bool, truncated: Truncated) -> Collection:
    if form in ("jsonl", "json"):
        from boilerplate.batch.readers.tables import Json, JsonLines

        return (Json if form == "json" else JsonLines)(path, column)
    if form == "csv":
        from boilerplate.batch.readers.tables import Csv

        return Csv(path, column, keep_rows)
    if form == "parquet":
        from boilerplate.batch.readers.parquet import Parquet

        return Parquet(path, column, keep_rows)
    from boilerplate.batch.readers.warc import Warc

    return Warc(path, truncated)
