"""Runs of text on their way to blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from boilerplate.segment.page import HtmlPage

SENTENCE_END = frozenset(".!?:;\"”’'…)»")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


class Run:
    """The run of text being collected, as parallel lists: one entry a text node."""

    __slots__ = ("links", "owners", "parts", "refs", "strong")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.links: list[int] = []
        self.strong: list[bool] = []
        self.owners: list[int] = []
        self.refs: list[tuple[Any, bool]] = []  # stays empty unless the page keeps its nodes

    def clear(self) -> None:
        """Start anew."""
        self.parts.clear()
        self.links.clear()
        self.strong.clear()
        self.owners.clear()
        self.refs.clear()

    def goes_on(self, text: str) -> bool:
        """Whether a text behind a line break goes on with the run's last sentence."""
        return _last_character(self.parts) not in SENTENCE_END and _INVISIBLE.sub("", text).lstrip()[:1].islower()


def _last_character(parts: list[str]) -> str:
    """Last character that is not white space; looks no further back than needed."""
    for part in reversed(parts):
        if not part.isascii():
            part = _INVISIBLE.sub("", part)
        part = part.rstrip()
        if part:
            return part[-1]
    return ""


def flush(run: Run, page: HtmlPage, block: int) -> None:
    """End a run that holds text: make a block of it, or one a link if it is nothing but links."""
    if len(run.parts) == 1:  # most blocks are one text node
        _emit_one(run, page, block)
        return
    links = set(run.links)
    links.discard(0)
    groups = _by_link(run) if len(links) > 1 else None
    if groups is None:
        _emit(run, range(len(run.parts)), page, block, len(links))
    else:
        for group in groups:
            _emit(run, group, page, block, 1)


def _by_link(run: Run) -> list[list[int]] | None:
    """Group the pieces by link, if they are links and separators between them only."""
    groups: list[list[int]] = []
    current = 0
    for i, (part, link) in enumerate(zip(run.parts, run.links, strict=True)):
        if link:
            if link != current:
                groups.append([])
                current = link
        elif any(map(str.isalnum, part)):
            return None
        if not groups:
            groups.append([])
        groups[-1].append(i)
    return groups


def _emit_one(run: Run, page: HtmlPage, block: int) -> None:
    text = run.parts[0]
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    text = " ".join(text.split())
    if not text:
        return
    size = len(text)
    page.texts.append(text)
    linked = run.links[0] > 0
    page.links.append(int(linked))
    page.link_chars.append(size if linked else 0)
    page.strong_chars.append(size if run.strong[0] else 0)
    page.block_el.append(block)
    page.first_el.append(run.owners[0])
    if run.refs:
        page.refs.append(run.refs[:])


def _emit(run: Run, pieces: Sequence[int], page: HtmlPage, block: int, links: int) -> None:
    parts = [run.parts[i] for i in pieces]
    text = "".join(parts)
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    text = " ".join(text.split())
    if not text:
        return
    page.texts.append(text)
    page.links.append(links)
    linked = sum([len(run.parts[i].strip()) for i in pieces if run.links[i]]) if links else 0
    page.link_chars.append(min(linked, len(text)))
    strong = sum([len(run.parts[i].strip()) for i in pieces if run.strong[i]])
    page.strong_chars.append(min(strong, len(text)))
    page.block_el.append(block)
    solid = [i for i in pieces if not run.parts[i].isspace()]
    page.first_el.append(run.owners[solid[0]])
    if run.refs:
        page.refs.append([run.refs[i] for i in solid])
