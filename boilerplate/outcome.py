"""What comes of a selection besides its blocks: text, headline, metadata, the article with its structure."""

from __future__ import annotations

from typing import NamedTuple

from boilerplate.document import TextSource
from boilerplate.kinds import KINDS
from boilerplate.metadata.body import article_body, body_text
from boilerplate.metadata.page import describe
from boilerplate.metadata.record import Metadata
from boilerplate.select.selection import Selection


class Markup(NamedTuple):
    """A format with structure (``"markdown"``, ``"html"``, ``"xml-tei"``), and whether links and images are kept."""

    format: str = "markdown"
    links: bool = False
    images: bool = False


class Wanted(NamedTuple):
    """What results carry besides the text."""

    blocks: bool = False
    metadata: bool = False
    markup: Markup | None = None
    paragraphs: bool = False

    @property
    def nodes(self) -> bool:
        """Whether that needs the nodes of the page."""
        return self.blocks or self.markup is not None

    @property
    def head(self) -> bool:
        """Whether that needs the head of the page."""
        return self.metadata or self.markup is not None


def text_of(selection: Selection) -> tuple[str, TextSource, float]:
    """Return the article's text, where it is from, and its confidence."""
    if selection.text:
        return selection.text, "page", selection.confidence
    page = selection.page
    text = body_text(article_body(page.scripts, page.title)) if page.scripts else ""
    return (text, "json-ld", 0.0) if text else ("", "", selection.confidence)


def headline_of(selection: Selection) -> str:
    """Return the headline; ``""`` where there is none."""
    return KINDS[selection.page.kind].headline(selection.page, selection.P)


def metadata_of(selection: Selection) -> Metadata:
    """Return what the page says about its article."""
    return describe(selection.page, selection.P, selection.kept, headline_of(selection))


def render_selection(selection: Selection, markup: Markup) -> str:
    """Return the article with its structure; what makes it is imported at first use."""
    from boilerplate.render.page import render

    text, source, _ = text_of(selection)
    story = selection if source == "page" else None
    return render(
        markup.format, text, headline_of(selection), metadata_of(selection), story, markup.links, markup.images
    )
