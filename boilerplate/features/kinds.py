"""Which features go with which kind of input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from boilerplate.features import describe, lines
from boilerplate.features.context import Described
from boilerplate.features.lexicon import Rows
from boilerplate.segment.page import HTML, TEXT, Page


class PageDescriber(Protocol):
    """What turns segmented pages into rows of features."""

    def describe(self, page: Page) -> Described:
        """Describe one page."""
        ...

    def describe_many(self, pages: Sequence[Page]) -> Described:
        """Describe several pages, put in a row."""
        ...


def describer(kind: str, lexicon: Rows = ()) -> PageDescriber:
    """Return a new describer of pages of a kind, which knows some headings beyond the shipped ones."""
    return lines.LineDescriber(lexicon) if kind == TEXT else describe.Describer(lexicon)


def names(kind: str) -> tuple[str, ...]:
    """Names of the columns for a kind.

    Raises
    ------
    ValueError
        If the kind is unknown.
    """
    if kind not in (HTML, TEXT):
        raise ValueError(f"unknown kind {kind!r} (known: html, text)")
    return lines.names() if kind == TEXT else describe.names()
