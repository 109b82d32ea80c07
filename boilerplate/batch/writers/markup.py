"""Articles with structure: Markdown, HTML and TEI, several in one file where the format allows it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from boilerplate.batch.writers.base import COPY_SIZE, Writer
from boilerplate.batch.writers.text import TextWriter
from boilerplate.render.html import HEAD

HTML_HEAD = HEAD.encode()


class MarkdownWriter(TextWriter):
    """Writes Markdown, with a blank line between two articles."""

    suffix = ".md"


class HtmlWriter(Writer):
    """Writes elements ``article``, one after the other, in one document of HTML."""

    suffix = ".html"

    def encode(self, record: dict[str, Any]) -> bytes:
        """See `Writer`."""
        markup = record[self.output_format.text_field]
        return f"{markup}\n".encode("utf-8", "replace") if markup else b""

    def merge(self, parts: Sequence[Path], columns: Sequence[str], path: Path) -> None:
        """See `Writer`."""
        with path.open("wb") as file:
            file.write(HTML_HEAD)
            for part in parts:
                with part.open("rb") as source:
                    shutil.copyfileobj(source, file, COPY_SIZE)

    def reopen(self, output: Path, path: Path) -> None:
        """See `Writer`."""
        with output.open("rb") as source, path.open("wb") as file:
            source.seek(len(HTML_HEAD))
            shutil.copyfileobj(source, file, COPY_SIZE)


class TeiWriter(HtmlWriter):
    """Writes a document of TEI: a file holds one."""

    suffix = ".xml"

    def merge(self, parts: Sequence[Path], columns: Sequence[str], path: Path) -> None:
        """See `Writer`."""
        Writer.merge(self, parts, columns, path)

    def reopen(self, output: Path, path: Path) -> None:
        """See `Writer`."""
        Writer.reopen(self, output, path)
