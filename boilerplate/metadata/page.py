"""A segmented and labelled page to its metadata."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from boilerplate.labels import INDEX, Label
from boilerplate.metadata.blocks import MetaBlock, read_blocks
from boilerplate.metadata.head import Head, read_head
from boilerplate.metadata.merge import merge
from boilerplate.metadata.paywall import breaks_off, is_short_of
from boilerplate.metadata.record import Metadata
from boilerplate.segment.page import HtmlPage, Page

_META = INDEX[Label.META]
_LEVELS = 4
"""Elements around a block whose classes count, ..."""
_MOST = 6
"""... as long as they hold no more blocks than this."""


def describe(page: Page, P: np.ndarray, kept: np.ndarray, headline: str) -> Metadata:
    """Return the metadata of a page.

    Parameters
    ----------
    page
        The page, with its head or its nodes; else the blocks alone are read.
    P
        Shape (n_blocks, n_labels): probabilities.
    kept
        Shape (n_blocks,), bool: the article.
    headline
        The cleaner's headline.
    """
    head = page.head if page.head is not None else head_of(page)

    def shown(month_first: bool) -> dict[str, Any]:
        return read_blocks(_blocks(page, P, kept), month_first=month_first)

    found = merge(head, shown, (headline, "blocks" if headline in page.texts else "title"))
    numbers = np.flatnonzero(kept).tolist()
    if breaks_off(page.texts, numbers):
        return replace(found, paywalled=True, sources={**found.sources, "paywalled": "blocks"})
    if found.access == "locked" and head.word_count:
        words = sum(len(page.texts[i].split()) for i in numbers)
        if is_short_of(words, head.word_count):
            return replace(found, paywalled=True, sources={**found.sources, "paywalled": "json-ld"})
    return found


def head_of(page: Page) -> Head:
    """Read the head of a page that has kept its nodes; an empty one for others."""
    root = page.nodes[0] if isinstance(page, HtmlPage) and page.nodes else None
    return read_head(root, page.title)


def _blocks(page: Page, P: np.ndarray, kept: np.ndarray) -> Iterator[MetaBlock]:
    if not len(P):
        return
    story = np.flatnonzero(kept)
    first = int(story[0]) if len(story) else len(kept)
    for i in np.flatnonzero(P.argmax(axis=1) == _META).tolist():
        yield MetaBlock(page.texts[i], _classes(page, i) if isinstance(page, HtmlPage) else "", i > first)


def _classes(page: HtmlPage, block: int) -> str:
    found = []
    element = page.first_el[block]
    for _ in range(_LEVELS):
        if element < 0 or page.ends[element] - page.starts[element] > _MOST:
            break
        found.append(page.attrs[element][:200])
        element = page.parents[element]
    return " ".join(found)
