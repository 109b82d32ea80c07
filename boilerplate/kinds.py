"""The kinds of pages, HTML and plain text: what differs between them, behind one protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from boilerplate.features import html, text
from boilerplate.features.page_features import PageFeatures
from boilerplate.features.tokens import columns
from boilerplate.lexicon.headings import Headings
from boilerplate.lexicon.tables import HeadingRows
from boilerplate.metadata.body import body_scripts
from boilerplate.metadata.head import read_head
from boilerplate.segment.html import parse, segment
from boilerplate.segment.page import HTML, TEXT, HtmlPage, Page, TextPage
from boilerplate.segment.text import segment_text
from boilerplate.select.headline import html_headline, text_headline


class PageDescriber(Protocol):
    """Computes the features of segmented pages of one kind."""

    def describe(self, page: Any) -> PageFeatures:
        """Describe one page."""
        ...

    def describe_many(self, pages: Sequence[Any]) -> PageFeatures:
        """Describe several pages, concatenated."""
        ...


class PageKind(Protocol):
    """How pages of one kind go through the stages.

    Attributes
    ----------
    name
        ``"html"`` or ``"text"``.
    model
        Name of the shipped model.
    """

    name: str
    model: str

    def segment(
        self, page: str | bytes, known: Headings, *, nodes: bool = False, head: bool = False, body: bool = False
    ) -> Page:
        """Cut a page (text, or bytes in UTF-8) into blocks.

        Parameters
        ----------
        page
            The page.
        known
            Section headings, where those decide what is a block.
        nodes
            Whether to keep what finds the blocks again in the parsed page.
        head
            Whether to read what the page says about its article (`Page.head`).
        body
            Whether to keep the scripts that may hold its text (`Page.scripts`).
        """
        ...

    def describer(self, lexicon: HeadingRows = ()) -> PageDescriber:
        """Return a new describer, which knows some headings beyond the shipped ones."""
        ...

    def feature_names(self) -> tuple[str, ...]:
        """Names of the columns that a model sees: those of the describer, then those of its own tables of evidence."""
        ...

    def headline(self, page: Any, P: np.ndarray) -> str:
        """Find the headline of a page, given the probabilities of its blocks: (n_blocks, n_labels)."""
        ...


class _Html:
    """Pages of HTML."""

    name = HTML
    model = "portals"

    def segment(
        self, page: str | bytes, known: Headings, *, nodes: bool = False, head: bool = False, body: bool = False
    ) -> HtmlPage:
        root = parse(page)
        segmented = segment(root, nodes=nodes)
        if head:
            segmented.head = read_head(root, segmented.title)
        if body:
            segmented.scripts = body_scripts(root)
        return segmented

    def describer(self, lexicon: HeadingRows = ()) -> html.Describer:
        return html.Describer(lexicon)

    def feature_names(self) -> tuple[str, ...]:
        return (*html.names(), *columns(HTML))

    def headline(self, page: HtmlPage, P: np.ndarray) -> str:
        return html_headline(page, P)


class _Text:
    """Plain texts."""

    name = TEXT
    model = "portals-text"

    def segment(
        self, page: str | bytes, known: Headings, *, nodes: bool = False, head: bool = False, body: bool = False
    ) -> TextPage:
        return segment_text(page if isinstance(page, str) else page.decode("utf-8"), known)

    def describer(self, lexicon: HeadingRows = ()) -> text.LineDescriber:
        return text.LineDescriber(lexicon)

    def feature_names(self) -> tuple[str, ...]:
        return (*text.names(), *columns(TEXT))

    def headline(self, page: TextPage, P: np.ndarray) -> str:
        return text_headline(page, P)


KINDS: dict[str, PageKind] = {kind.name: kind for kind in (_Html(), _Text())}
"""Every kind of page, by its name."""


def describer(kind: str, lexicon: HeadingRows = ()) -> PageDescriber:
    """Return a new describer of pages of a kind: a function that can be sent to a process."""
    return KINDS[kind].describer(lexicon)
