"""Lines of a dataset's list, read with distrust: what is wrong is said with file, line and field."""

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

_FORMAT = "a dataset is a folder with a pages.jsonl, a line a page: page, portal, regions (see the README)"
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
            problem = "is a URL, and nothing is fetched"
        elif Path(dataset).is_dir():
            problem = f"holds no {file.name}"
        else:
            problem = "is no file" if file.exists() else "no such folder"
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


def check_inside(path: Path, folder: Path, where: str, outside: bool) -> None:
    """Check that a page lies in its dataset's folder, symbolic links followed.

    Raises
    ------
    DatasetError
        If it does not, and may not.
    """
    if outside:
        return
    real, home = os.path.realpath(path), os.path.realpath(folder)
    if not real.startswith(os.path.join(home, "")):
        raise DatasetError(f"{where}: field 'page': {path}: leaves the dataset's folder (--outside lets it)")


def parse_record(line: str, where: str) -> dict[str, Any]:
    """The fields of a line, none of them twice, those that are used of the type that they should be."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for name, value in pairs:
            if name in fields:
                raise DatasetError(f"{where}: field {reprlib.repr(name)} is there twice")
            fields[name] = value
        return fields

    try:
        record = json.loads(line, object_pairs_hook=once)
    except DatasetError:
        raise
    except RecursionError:
        raise DatasetError(f"{where}: not JSON of a page: nests too deeply") from None
    except ValueError as error:
        raise DatasetError(f"{where}: not JSON: {error}") from error
    if not isinstance(record, dict):
        raise DatasetError(f"{where}: no object, so field 'page' is missing")
    for name in _STRINGS:
        value = record.get(name)
        if value is not None and not isinstance(value, str):
            raise DatasetError(f"{where}: field {name!r}: {reprlib.repr(value)} is no string")
        if value and not _is_unicode(value):
            raise DatasetError(
                f"{where}: field {name!r}: {reprlib.repr(value)} holds half a character (a lone surrogate)"
            )
    return record


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
