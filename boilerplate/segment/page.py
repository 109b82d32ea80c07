"""The segmented page as parallel lists: blocks, and the elements around them.

Segmenting is the hot path of the cleaner, so a page is a few flat lists and arrays and
not an object a block; `blocks.Block` objects are made only for who asks.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Any, TypeAlias

HTML, TEXT = "html", "text"

Numbers: TypeAlias = "array[int]"


def _numbers() -> Numbers:
    """An array of 64-bit integers: a quarter of a list's memory, and NumPy reads it as it is."""
    return array("q")


@dataclass(slots=True)
class Page:
    """A page (or a plain text) cut into blocks.

    Blocks, one entry each, in document order:

    ``texts``
        Visible text, white space folded.
    ``link_chars``, ``strong_chars``
        Characters of it inside links, and inside ``b``/``strong``.
    ``links``
        Number of links in it.
    ``block_el``, ``first_el``
        Number of the block-level element that holds it, and of the (perhaps
        inline) element that holds its first piece.
    ``refs``
        Its text nodes, as ``(element, is_tail)``; empty unless kept.

    Elements, one entry each, in document order:

    ``tags``, ``attrs``, ``parents``
        Tag code (`tags.CODES`), ``class#id`` string, number of the parent (the
        root's is -1).
    ``starts``, ``ends``
        The blocks inside it: ``range(start, end)``.
    ``nodes``
        The lxml elements; empty unless kept.

    Lines of a plain text, one entry a block (empty for HTML; the lists of
    elements are empty for text):

    ``gaps``
        Blank lines before it.
    ``bullets``
        Whether a bullet starts it (`text.BULLET`, `text.BULLET_ALONE`).
    ``line_starts``, ``line_ends``
        The lines of the text, from 0, that it was made of: ``range(start, end)``.

    ``title`` is the text of ``<title>``.
    """

    kind: str = HTML
    texts: list[str] = field(default_factory=list)
    link_chars: Numbers = field(default_factory=_numbers)
    strong_chars: Numbers = field(default_factory=_numbers)
    links: Numbers = field(default_factory=_numbers)
    block_el: Numbers = field(default_factory=_numbers)
    first_el: Numbers = field(default_factory=_numbers)
    refs: list[list[tuple[Any, bool]]] = field(default_factory=list)
    tags: Numbers = field(default_factory=_numbers)
    attrs: list[str] = field(default_factory=list)
    parents: Numbers = field(default_factory=_numbers)
    starts: Numbers = field(default_factory=_numbers)
    ends: Numbers = field(default_factory=_numbers)
    nodes: list[Any] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    bullets: list[int] = field(default_factory=list)
    line_starts: Numbers = field(default_factory=_numbers)
    line_ends: Numbers = field(default_factory=_numbers)
    title: str = ""
    paths: Any = None  # what `locate` has worked out so far

    def __len__(self) -> int:
        """Number of blocks."""
        return len(self.texts)

    @property
    def lines(self) -> list[tuple[int, int]]:
        """Pairs of `line_starts` and `line_ends`."""
        return list(zip(self.line_starts, self.line_ends, strict=True))
