"""Plain text: the texts of all pages, with a blank line between two."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from boilerplate.batch.writers.base import COPY_SIZE, Writer


class TextWriter(Writer):
    """Writes texts that are not empty, with a blank line between two."""

    suffix = ".txt"

    def encode(self, record: dict[str, Any]) -> bytes:
        """Return a text after the blank line that separates it from the one before."""
        text = record[self.output_format.text_field]
        return f"\n{text}\n".encode("utf-8", "replace") if text else b""

    def merge(self, parts: Sequence[Path], columns: Sequence[str], path: Path) -> None:
        """See `Writer`; the blank line before the first text is left out."""
        with path.open("wb") as file:
            is_first = True
            for part in parts:
                with part.open("rb") as source:
                    if is_first and source.read(1):
                        is_first = False
                    shutil.copyfileobj(source, file, COPY_SIZE)

    def reopen(self, output: Path, path: Path) -> None:
        """See `Writer`."""
        with output.open("rb") as source, path.open("wb") as file:
            if source.peek(1):
                file.write(b"\n")
            shutil.copyfileobj(source, file, COPY_SIZE)
