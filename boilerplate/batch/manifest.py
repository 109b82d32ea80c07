"""Manifests: files of JSON Lines that say what a run has done, a line for the command and a line a chunk.

A chunk's line has these fields: ``inputs`` (the state of each input), ``pages``
(those that are known one by one), ``counts`` (of the run so far), ``columns``
(fields of its records) and ``part`` (size of its part, if it has one).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from boilerplate.files import atomic_write, sync

Line = dict[str, Any]


def read_manifest(path: Path) -> tuple[list[Line], list[int]]:
    """Read the lines of a manifest up to the first that is torn, and the offset at which each ends."""
    lines: list[Line] = []
    ends: list[int] = []
    with path.open("rb") as file:
        for line in file:
            try:
                if not line.endswith(b"\n"):
                    break
                lines.append(json.loads(line))
            except ValueError:
                break
            ends.append(ends[-1] + len(line) if ends else len(line))
    return lines, ends


def append_line(path: Path, line: Line) -> None:
    """Add a line to a manifest and put it on the disk."""
    with path.open("ab") as file:
        file.write(_encode(line))
        sync(file)


def write_manifest(path: Path, lines: Iterable[Line], partial: Path) -> None:
    """Write a manifest anew; `partial` is its path until it is whole."""
    with atomic_write(path, partial):
        partial.write_bytes(b"".join(map(_encode, lines)))


def _encode(line: Line) -> bytes:
    return json.dumps(line).encode() + b"\n"


def is_chunk(line: Line) -> bool:
    """Whether a line is a chunk's."""
    return "inputs" in line


def finished_pages(chunks: Iterable[Line]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the pages that chunks know one by one, each with the key of its input."""
    for chunk in chunks:
        for key, pages in chunk["pages"].items():
            for page in pages:
                yield key, page
