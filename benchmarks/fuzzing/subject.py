"""A page under test, and what several properties need of it, worked out once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from boilerplate import Cleaner, Document, InputError
from boilerplate.reading import to_utf8
from boilerplate.segment.html import parse, segment
from boilerplate.segment.page import HtmlPage


class Subject:
    """One page, as it is given to the cleaner: text, or bytes as served."""

    def __init__(self, source: str | bytes, cleaner: Cleaner) -> None:
        self.source = source
        self.cleaner = cleaner

    @cached_property
    def data(self) -> bytes | None:
        """The page in UTF-8; None where it is refused as binary."""
        if isinstance(self.source, str):
            return self.source.encode("utf-8", "replace")
        try:
            return to_utf8(self.source)
        except InputError:
            return None

    @cached_property
    def text(self) -> str:
        """The page's characters; none where it is refused."""
        return (self.data or b"").decode("utf-8")

    @cached_property
    def root(self) -> Any | None:
        """The page parsed as HTML."""
        return parse(self.data or b"")

    @cached_property
    def page(self) -> HtmlPage:
        """The page cut into blocks as HTML, with its nodes."""
        return segment(self.root, nodes=True)

    @cached_property
    def document(self) -> Document | None:
        """The page labelled; None where it is refused."""
        try:
            return self.cleaner.label(self.source)
        except InputError:
            return None
