"""A labelled page to a document with structure."""

from __future__ import annotations

import numpy as np

from boilerplate.metadata.record import Metadata
from boilerplate.render.html import to_html
from boilerplate.render.images import story_images
from boilerplate.render.inlines import block_inlines
from boilerplate.render.markdown import to_markdown
from boilerplate.render.tei import to_tei
from boilerplate.render.tree import Image, Inline, Node, grow
from boilerplate.segment.page import HtmlPage
from boilerplate.select.selection import Selection

FORMATS = ("markdown", "html", "xml-tei")


def render(
    name: str,
    text: str,
    title: str,
    metadata: Metadata,
    story: Selection | None,
    links: bool = False,
    images: bool = False,
) -> str:
    """Return the article in a format; ``""`` where there is none.

    Parameters
    ----------
    name
        One of `FORMATS`.
    text
        The article's text.
    title, metadata
        What stands above it and in headers.
    story
        The page and what is kept of it; None for a text that is not the
        page's. Of a page without nodes, links, looks and images are unknown.
    links, images
        Whether to keep links, and the images of the story.

    Raises
    ------
    ValueError
        If there is no format of that name.
    """
    if name not in FORMATS:
        raise ValueError(f"unknown format {name!r} (known: {', '.join(FORMATS)})")
    if not text:
        return ""
    if story is None:
        root = Node("root", children=[Node("p", inlines=[Inline(line)]) for line in text.split("\n")])
    else:
        root = _tree(story, metadata, links, images)
    if name == "markdown":
        return to_markdown(root, title)
    return (to_html if name == "html" else to_tei)(root, title, metadata)


def _tree(story: Selection, metadata: Metadata, links: bool, images: bool) -> Node:
    page, kept, spans = story.page, story.kept, story.spans
    found: dict[int, list[Image]] = {}
    if images and isinstance(page, HtmlPage) and page.nodes:
        found = story_images(page, kept, story.P.argmax(axis=1), metadata.url, metadata.image)

    def inlines(block: int) -> list[Inline]:
        return block_inlines(page, block, spans.get(block, ()), links=links, base=metadata.url)

    return grow(page, np.flatnonzero(kept).tolist(), inlines, found)
