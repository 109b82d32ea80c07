"""The base class of writers, which writes JSON Lines."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from boilerplate.batch.record import OutputFormat, to_json

COPY_SIZE = 2**20


class Writer:
    """Writes records to parts, and merges the parts to the output. This one writes JSON Lines.

    All paths are new files; the caller puts them on the disk and in place.
    """

    suffix = ".jsonl"
    """Ending of the parts."""

    def __init__(self, output_format: OutputFormat) -> None:
        self.output_format = output_format

    def write_part(self, records: Sequence[dict[str, Any]], path: Path) -> None:
        """Write records to a part."""
        with path.open("wb") as file:
            for record in records:
                file.write(self.encode(record))

    def encode(self, record: dict[str, Any]) -> bytes:
        """Return what a record adds to a part."""
        return (to_json(record) + "\n").encode("utf-8", "replace")

    def merge(self, parts: Sequence[Path], columns: Sequence[str], path: Path) -> None:
        """Join parts to the output.

        Parameters
        ----------
        columns
            Names of all fields that occur, in order.
        """
        with path.open("wb") as file:
            for part in parts:
                with part.open("rb") as source:
                    shutil.copyfileobj(source, file, COPY_SIZE)

    def reopen(self, output: Path, path: Path) -> None:
        """Turn a finished output into a part, so that more can be added."""
        with output.open("rb") as source, path.open("wb") as file:
            shutil.copyfileobj(source, file, COPY_SIZE)
