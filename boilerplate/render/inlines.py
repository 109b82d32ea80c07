"""The text of a block with its links and emphasis, noise cut out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from boilerplate.document import Span
from boilerplate.metadata.tidy import address
from boilerplate.render.tree import Inline
from boilerplate.segment.invisible import drop_invisible
from boilerplate.segment.page import HtmlPage, Page
from boilerplate.select.verses import shown_lines

_LEVELS = 30
"""Inline elements around a text that are looked at."""
_STRONG = ("b", "strong")
_EMPHASIS = ("em", "i")

Mark = tuple[str, bool, bool]  # href, strong, emphasis
_PLAIN: Mark = ("", False, False)


def block_inlines(page: Page, block: int, spans: Sequence[Span], *, links: bool, base: str) -> list[Inline]:
    """Return the text of a block in pieces of one look each, lines of verses apart; none if nothing is left of it.

    Parameters
    ----------
    spans
        Noise to cut out, in order.
    links
        Whether to keep links.
    base
        Address of the page, against which links are read; links that are not http(s) then are left out.
    """
    text = shown_lines(page, block)
    marked = _marked(page, block, links=links, base=base) if isinstance(page, HtmlPage) and page.refs else []
    pieces: list[Inline] = []
    for start, end in _kept_ranges(text, spans):
        if pieces:
            pieces.append(Inline(" "))
        at = start
        for first, last, mark in marked:
            first, last = max(first, start), min(last, end)
            if first < last:
                pieces += [Inline(text[at:first]), Inline(text[first:last], *mark)]
                at = last
        pieces.append(Inline(text[at:end]))
    return _joined(pieces)


def _kept_ranges(text: str, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Where the text stands that no span cuts out, without white space at its ends."""
    borders = [0, *(x for span in spans for x in (span.start, span.end)), len(text)]
    ranges = []
    for start, end in zip(borders[::2], borders[1::2], strict=True):
        part = text[start:end]
        if stripped := part.strip():
            start += len(part) - len(part.lstrip())
            ranges.append((start, start + len(stripped)))
    return ranges


def _marked(page: HtmlPage, block: int, *, links: bool, base: str) -> list[tuple[int, int, Mark]]:
    """Where text of another look stands in a block; nothing where the nodes do not make up its text."""
    text = page.texts[block]
    outer = page.nodes[page.block_el[block]]
    found: list[tuple[int, int, Mark]] = []
    at = 0
    for element, tail in page.refs[block]:
        part = " ".join(drop_invisible((element.tail if tail else element.text) or "").split())
        if not part:
            continue
        if text.startswith(part, at):
            start = at
        elif text.startswith(part, at + 1):
            start = at + 1
        else:
            return []
        at = start + len(part)
        found.append((start, at, _mark(element.getparent() if tail else element, outer, links, base)))
    for i, (one, other) in enumerate(pairwise(found)):  # the space between two of one look has it, too
        if one[2] == other[2]:
            found[i] = (one[0], other[0], one[2])
    return [piece for piece in found if piece[2] != _PLAIN]


def _mark(element: Any, outer: Any, links: bool, base: str) -> Mark:
    href, strong, emphasis = _PLAIN
    for _ in range(_LEVELS):
        if element is None or element is outer:
            break
        tag = element.tag
        if tag == "a" and links and not href:
            href = address(element.get("href"), base)
        strong = strong or tag in _STRONG
        emphasis = emphasis or tag in _EMPHASIS
        element = element.getparent()
    return href, strong, emphasis


def _joined(pieces: list[Inline]) -> list[Inline]:
    """Join neighbours of one look, and move white space out of all looks."""
    out: list[Inline] = []
    for piece in pieces:
        if not piece.text:
            continue
        if out and out[-1][1:] == piece[1:]:
            out[-1] = piece._replace(text=out[-1].text + piece.text)
        else:
            out.append(piece)
    spaced: list[Inline] = []
    for piece in out:
        core = piece.text.strip()
        if piece[1:] == _PLAIN or core == piece.text:
            spaced.append(piece)
            continue
        lead = len(piece.text) - len(piece.text.lstrip())
        spaced.append(Inline(piece.text[:lead]))
        if core:
            spaced += [piece._replace(text=core), Inline(piece.text[lead + len(core) :])]
    return [piece for piece in spaced if piece.text]
