"""The segmented page: its blocks as parallel lists and arrays, a class for each kind of page.

Segmenting is the hot path of the cleaner, so a page is a few flat lists and not an
object a block; `document.Block` objects are made only for callers who ask for them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias

from boilerplate.segment.tags import CODES

HTML, TEXT = "html", "text"

_CELLS = frozenset((CODES["td"], CODES["th"]))
_IN_CELLS = frozenset(CODES[tag] for tag in ("p", "div", "ul", "ol", "li"))

LONGEST_TARGET = 300
"""Bytes of a link's address that are kept."""

_DEEPEST_IN_CELL = 4
MOST_IN_CELL = 8
"""Blocks: a cell with more is a column of a page that is laid out as a table."""

Numbers: TypeAlias = "array[int]"


def _numbers() -> Numbers:
    """An array of 64-bit integers: a quarter of a list's memory, and NumPy reads it in place."""
    return array("q")


@dataclass(slots=True)
class Page:
    """A page cut into blocks: what all kinds of pages have.

    Attributes
    ----------
    texts
        Visible text of each block, in document order, white space folded to
        single spaces; no block is empty.
    title
        The page's own title; ``""`` where it has none.
    breaks, wraps
        For the blocks that a page shows in several lines, by number: the
        offsets of the spaces that end them, where the text is preformatted;
        and where a ``<br>`` stands within a sentence.
    hidden
        For the blocks of which a page hides text, by number: the ranges of
        that text, ``(start, end)``, first to last.
    head
        What the page says about its article (`metadata.head.Head`), if it was asked for.
    scripts
        Scripts of JSON-LD that may hold the article's text, if they were asked for.
    """

    kind: ClassVar[str]
    texts: list[str] = field(default_factory=list)
    title: str = ""
    breaks: dict[int, list[int]] = field(default_factory=dict)
    wraps: dict[int, list[int]] = field(default_factory=dict)
    hidden: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    head: Any = None
    scripts: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        """Number of blocks."""
        return len(self.texts)

    def pieces(self, most_blocks: int) -> Iterator[Page]:
        """The pages to describe for this one: itself, or pieces of up to `most_blocks` blocks."""
        yield self

    def cell(self, block: int) -> tuple[int, int]:
        """Numbers of the table row and the cell that hold a block; -1 outside of tables."""
        return -1, -1


@dataclass(slots=True)
class HtmlPage(Page):
    """A page of HTML cut into blocks.

    Attributes
    ----------
    link_chars, strong_chars
        For each block the characters inside links, and inside ``b`` or ``strong``.
    links
        For each block the number of links in it.
    targets
        For each block the address of the first link in it, in UTF-8, at most
        `LONGEST_TARGET` bytes of it; ``b""`` for none.
    block_el, first_el
        For each block the number of the block-level element that holds it,
        and of the (perhaps inline) element that holds its first text node.
    refs
        For each block its text nodes, as ``(element, is_tail)``; empty unless
        nodes are kept.
    tags, attrs, parents
        For each element, in document order: the tag's code (`tags.CODES`),
        its ``class#id`` string, and the parent's number (-1 for the root).
    starts, ends
        For each element the blocks inside it: ``range(start, end)``.
    nodes
        The lxml elements; empty unless kept.
    address
        The address that the page gives as its own (see `canonical`); ``b""`` for none.
    title
        Text of ``<title>``.
    """

    kind: ClassVar[str] = HTML
    link_chars: Numbers = field(default_factory=_numbers)
    strong_chars: Numbers = field(default_factory=_numbers)
    links: Numbers = field(default_factory=_numbers)
    targets: list[bytes] = field(default_factory=list)
    block_el: Numbers = field(default_factory=_numbers)
    first_el: Numbers = field(default_factory=_numbers)
    refs: list[list[tuple[Any, bool]]] = field(default_factory=list)
    tags: Numbers = field(default_factory=_numbers)
    attrs: list[str] = field(default_factory=list)
    parents: Numbers = field(default_factory=_numbers)
    starts: Numbers = field(default_factory=_numbers)
    ends: Numbers = field(default_factory=_numbers)
    nodes: list[Any] = field(default_factory=list)
    address: bytes = b""

    def cell(self, block: int) -> tuple[int, int]:
        """Numbers of the table row and the cell that hold a block; -1 outside of tables."""
        element = self.block_el[block]
        depth = 0
        while self.tags[element] in _IN_CELLS and depth < _DEEPEST_IN_CELL:
            element = self.parents[element]
            depth += 1
        if element < 0 or self.tags[element] not in _CELLS:
            return -1, -1
        if depth and self.ends[element] - self.starts[element] > MOST_IN_CELL:
            return -1, -1
        return self.parents[element], element


@dataclass(slots=True)
class TextPage(Page):
    """A plain text cut into blocks, each of one line or several.

    Attributes
    ----------
    gaps
        For each block the number of blank lines before it.
    bullets
        For each block whether a bullet starts it: `text.NO_BULLET`,
        `text.BULLET` or `text.BULLET_ALONE`.
    line_starts, line_ends
        For each block the lines of the text, from 0, that it was made of:
        ``range(start, end)``.
    title
        Always ``""``: a plain text has none.
    """

    kind: ClassVar[str] = TEXT
    gaps: list[int] = field(default_factory=list)
    bullets: list[int] = field(default_factory=list)
    line_starts: Numbers = field(default_factory=_numbers)
    line_ends: Numbers = field(default_factory=_numbers)

    @property
    def lines(self) -> list[tuple[int, int]]:
        """Pairs of `line_starts` and `line_ends`."""
        return list(zip(self.line_starts, self.line_ends, strict=True))

    def pieces(self, most_blocks: int) -> Iterator[Page]:
        """The text itself, or pieces of it, each described as a text of its own.

        No article comes near a length that is worth cutting; a text that long
        is a collection of many.
        """
        if len(self) <= most_blocks:
            yield self
            return
        for start in range(0, len(self), most_blocks):
            part = slice(start, start + most_blocks)
            yield TextPage(
                self.texts[part],
                gaps=self.gaps[part],
                bullets=self.bullets[part],
                line_starts=self.line_starts[part],
                line_ends=self.line_ends[part],
            )
