"""Reading a dataset's list, which may come from anyone: errors name the file, the line and the field."""

from __future__ import annotations

import json
import os
import reprlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from boilerplate.batch.readers.urls import is_url
from boilerplate.errors import DatasetError
from boilerplate.files import error_reason

_FORMAT = "a dataset is a folder with a pages.jsonl, one line per page: page, portal, regions (see docs/datasets.md)"
Problem = tuple[str, str]
"""A field's name, and what is wrong with it."""

_STRINGS = ("page", "portal", "domain", "story", "body", "source")


def list_lines(file: Path, dataset: str | Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a dataset's list that are not blank, with their numbers.

    Raises
    ------
    DatasetError
        If it does not read; says what a dataset is where there is none.
    """
    if not file.is_file():
        if is_url(str(dataset)):
            problem = "is a URL, and boilerplate fetches nothing"
        elif Path(dataset).is_dir():
            problem = f"holds no {file.name}"
        else:
            problem = "is not a file" if file.exists() else "no such folder"
        raise DatasetError(f"{dataset}: {problem}: {_FORMAT}")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise DatasetError(f"{file}: {error_reason(error)}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DatasetError(f"{file}:{data.count(10, 0, error.start) + 1}: not UTF-8: {error.reason}") from error
    for number, line in enumerate(text.split("\n"), 1):  # not splitlines: JSON may hold U+2028
        if line.strip():
            yield number, line


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a page lies in its dataset's folder, symbolic links followed."""
    return os.path.realpath(path).startswith(os.path.join(os.path.realpath(folder), ""))


OUTSIDE = "is outside of the dataset's folder (--outside allows that)"


def parse_record(line: str, where: str) -> dict[str, Any]:
    """Parse a line into its fields.

    Raises
    ------
    DatasetError
        If it is not a JSON object, a field appears twice, or one that is used
        is not of its type.
    """
    record = parse_fields(line, where)
    for _, problem in string_problems(record):
        raise DatasetError(f"{where}: {problem}")
    return record


def parse_fields(line: str, where: str) -> dict[str, Any]:
    """Parse a line into its fields, of whatever types.

    Raises
    ------
    DatasetError
        If it is not a JSON object, or a field appears twice.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name, value in pairs:
            if name in fields:
                raise DatasetError(f"{where}: field {reprlib.repr(name)} appears twice")
            fields[name] = value
        return fields

    try:
        record = json.loads(line, object_pairs_hook=once)
    except DatasetError:
        raise
    except RecursionError:
        raise DatasetError(f"{where}: not JSON of a page: nested too deeply") from None
    except ValueError as error:
        raise DatasetError(f"{where}: not JSON: {error}") from error
    if not isinstance(record, dict):
        raise DatasetError(f"{where}: not an object, so field 'page' is missing")
    return record


def string_problems(record: dict[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the fields that are strings."""
    for name in _STRINGS:
        value = record.get(name)
        if value is not None and not isinstance(value, str):
            yield name, f"field {name!r}: {reprlib.repr(value)} is not a string"
        elif value and not _is_unicode(value):
            yield name, f"field {name!r}: {reprlib.repr(value)} holds half a character (a lone surrogate)"


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
