"""Runs of text on their way to blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from boilerplate.segment.invisible import UNSEEN, drop_invisible
from boilerplate.segment.page import LONGEST_TARGET, HtmlPage
from boilerplate.segment.style import HIDDEN, LINES, WRAP

SENTENCE_END = frozenset(".!?:;\"”’'…)»")


class Run:
    """The run of text being collected, as parallel lists: one entry a text node."""

    __slots__ = ("hrefs", "links", "marks", "owners", "parts", "refs", "strong")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.links: list[int] = []
        self.strong: list[bool] = []
        self.owners: list[int] = []
        self.refs: list[tuple[Any, bool]] = []  # stays empty unless the page keeps its nodes
        self.hrefs: list[str | None] = [None]  # of the page's links, by their ordinals; stays when the run is cleared
        self.marks: dict[int, int] = {}  # of the few parts that have any: `style.LINES`, `style.HIDDEN`

    def clear(self) -> None:
        """Start anew."""
        self.parts.clear()
        self.links.clear()
        self.strong.clear()
        self.owners.clear()
        self.refs.clear()
        self.marks.clear()

    def goes_on(self, text: str) -> bool:
        """Whether a text behind a line break goes on with the run's last sentence."""
        return self.is_open() and UNSEEN.sub("", text).lstrip()[:1].islower()

    def is_open(self) -> bool:
        """Whether a sentence seems not to end with the run."""
        return _last_character(self.parts) not in SENTENCE_END


def _last_character(parts: list[str]) -> str:
    """Last character that is not white space; looks no further back than needed."""
    for part in reversed(parts):
        if not part.isascii():
            part = UNSEEN.sub("", part)
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
    text = " ".join(drop_invisible(run.parts[0]).split())
    if not text:
        return
    if run.marks:
        _note_marks(run, (0,), page)
    size = len(text)
    page.texts.append(text)
    linked = run.links[0] > 0
    page.links.append(int(linked))
    page.targets.append(_target(run, run.links[0]))
    page.link_chars.append(size if linked else 0)
    page.strong_chars.append(size if run.strong[0] else 0)
    page.block_el.append(block)
    page.first_el.append(run.owners[0])
    if run.refs:
        page.refs.append(run.refs[:])


def _emit(run: Run, pieces: Sequence[int], page: HtmlPage, block: int, links: int) -> None:
    parts = [run.parts[i] for i in pieces]
    text = " ".join(drop_invisible("".join(parts)).split())
    if not text:
        return
    if run.marks:
        _note_marks(run, pieces, page)
    page.texts.append(text)
    page.links.append(links)
    page.targets.append(_target(run, next((run.links[i] for i in pieces if run.links[i]), 0)))
    linked = sum([len(run.parts[i].strip()) for i in pieces if run.links[i]]) if links else 0
    page.link_chars.append(min(linked, len(text)))
    strong = sum([len(run.parts[i].strip()) for i in pieces if run.strong[i]])
    page.strong_chars.append(min(strong, len(text)))
    page.block_el.append(block)
    solid = [i for i in pieces if not run.parts[i].isspace()]
    page.first_el.append(run.owners[solid[0]])
    if run.refs:
        page.refs.append([run.refs[i] for i in solid])


def _target(run: Run, link: int) -> bytes:
    """Address of a link of the page; ``b""`` for none."""
    return (run.hrefs[link] or "").encode("utf-8", "surrogatepass")[:LONGEST_TARGET]


def _note_marks(run: Run, pieces: Sequence[int], page: HtmlPage) -> None:
    """Note where the lines of the next block end, and what of it is hidden."""
    breaks: list[int] = []
    wraps: list[int] = []
    hidden: list[tuple[int, int]] = []
    size = 0  # characters of the folded text so far
    space, ends = False, 0  # white space is due; the mark of a line end in it
    joined = False
    for i in pieces:
        marks, first = run.marks.get(i, 0), -1
        for ch in run.parts[i]:
            if ch.isspace():
                space = size > 0
                if space and ch == "\n":
                    ends |= marks & (LINES | WRAP)
                joined = False
            elif ch in "\u200c\u200d":
                joined = size > 0 and not space
            elif not UNSEEN.match(ch):
                if space:
                    if ends:
                        (breaks if ends & LINES else wraps).append(size)
                    size += 1
                elif joined:
                    size += 1
                space, ends, joined = False, 0, False
                if first < 0:
                    first = size
                size += 1
        if first >= 0 and marks & HIDDEN:
            if hidden and hidden[-1][1] >= first - 1:
                first = hidden.pop()[0]
            hidden.append((first, size))
    if wraps:
        page.wraps[len(page.texts)] = wraps
    if breaks:
        page.breaks[len(page.texts)] = breaks
    if hidden:
        page.hidden[len(page.texts)] = hidden
