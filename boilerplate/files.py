"""Files that are written whole or not at all, and what to say when that fails."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from boilerplate.errors import InputError


def sync(file: IO[Any]) -> None:
    """Flush a file to the disk."""
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def atomic_write(path: Path, partial: Path | None = None) -> Iterator[Path]:
    """Yield a path to write to, and rename it to `path` at the end, so that nobody sees a file half-written.

    If the block raises, `path` stays as it was.

    Parameters
    ----------
    partial
        The path to yield, on the same file system; a hidden name beside `path` if None.
    """
    if partial is None:
        partial = path.with_name(f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:16]}.part")
    try:
        yield partial
        with partial.open("rb+") as file:
            sync(file)
        partial.replace(path)
    except BaseException as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in (None, str(partial)):
            error.filename = str(path)  # the name that the user knows
        raise


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; missing parent folders are created.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as partial:
        partial.write_bytes(data)


def printable_path(path: Path | str) -> str:
    """Return a path as text that can be printed, even if its bytes are not valid UTF-8."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def error_reason(error: BaseException) -> str:
    """Say what went wrong with a file, without its name."""
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return str(error)


@contextmanager
def input_errors(path: Path | str, hint: str = "") -> Iterator[None]:
    """Turn an `OSError` into an `InputError` that names the file; `hint` follows the reason."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise InputError(f"{error.filename or path}: {reason[:1].lower()}{reason[1:]}{hint}") from error
