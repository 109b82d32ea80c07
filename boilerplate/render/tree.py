"""The kept blocks of a page as a tree: what holds them on the page, as far as a reader sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from boilerplate.segment.page import HtmlPage, Page
from boilerplate.segment.tags import CODES

MAX_DEPTH = 12
"""Lists and quotes within each other that are told apart."""
_MOST_IN_ITEM = 6
"""Kept blocks in an item of a list, or a cell of a table: more are a page's layout and no list."""
_QUOTED = 0.8
"""Share of the story that a quote may be."""

_KINDS = {
    CODES["blockquote"]: "quote",
    CODES["ul"]: "ul",
    CODES["menu"]: "ul",
    CODES["ol"]: "ol",
    CODES["li"]: "item",
    CODES["table"]: "table",
    CODES["tr"]: "row",
    CODES["td"]: "cell",
    CODES["th"]: "head",
}
_LISTS = ("ul", "ol")
_CELLS = ("cell", "head")
_LEVELS = {CODES[f"h{level}"]: level for level in range(1, 7)}


class Inline(NamedTuple):
    """A piece of text with one look: where it leads (``""``: nowhere), and whether it is strong or emphasised."""

    text: str
    href: str = ""
    strong: bool = False
    emphasis: bool = False


class Image(NamedTuple):
    """A picture of the story: its address, what it shows, what stands below it."""

    src: str
    alt: str = ""
    caption: str = ""


@dataclass(slots=True)
class Node:
    """A node of the article.

    Attributes
    ----------
    kind
        ``"root"``, ``"p"``, ``"heading"``, ``"image"``; ``"quote"``, ``"ul"``,
        ``"ol"``, ``"item"``, ``"table"``, ``"row"``, ``"cell"``, ``"head"``
        (a cell that heads others).
    level
        1 to 6, of a heading.
    inlines
        The text of a paragraph or heading.
    children
        The nodes in it; a table has rows, a list items.
    image
        The picture.
    """

    kind: str
    level: int = 0
    inlines: list[Inline] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    image: Image | None = None


Around = tuple[tuple[str, int], ...]  # kinds and numbers of the elements around a block, from outside


def grow(
    page: Page, kept: Iterable[int], inlines: Callable[[int], list[Inline]], images: dict[int, list[Image]]
) -> Node:
    """Make the tree of the kept blocks.

    Parameters
    ----------
    kept
        Numbers of the kept blocks, in order.
    inlines
        Gives the text of a block.
    images
        By the number of a block, or of the one behind the last, the images before it.
    """
    numbers = list(kept)
    around, levels = _surroundings(page, numbers) if isinstance(page, HtmlPage) else ({}, {})
    root = Node("root")
    path: list[tuple[tuple[str, int], Node]] = []
    for block in numbers:
        for image in images.get(block, ()):
            path.clear()
            root.children.append(Node("image", image=image))
        text = inlines(block)
        if not text:
            continue
        here = around.get(block, ())
        same = 0
        while same < min(len(path), len(here)) and path[same][0] == here[same]:
            same += 1
        del path[same:]
        for step in here[same:]:
            node = Node(step[0])
            (path[-1][1] if path else root).children.append(node)
            path.append((step, node))
        level = levels.get(block, 0)
        (path[-1][1] if path else root).children.append(Node("heading" if level else "p", level, text))
    for image in images.get(len(page), ()):
        root.children.append(Node("image", image=image))
    return root


def _surroundings(page: HtmlPage, kept: list[int]) -> tuple[dict[int, Around], dict[int, int]]:
    """What is around each kept block, and the level of those in a heading."""
    around: list[Around] = []
    levels: list[int] = []
    for number, (code, parent) in enumerate(zip(page.tags, page.parents, strict=True)):
        outer = around[parent] if parent >= 0 else ()
        kind = _KINDS.get(code)
        around.append((*outer, (kind, number)) if kind is not None and len(outer) < 2 * MAX_DEPTH else outer)
        levels.append(_LEVELS.get(code) or (levels[parent] if parent >= 0 else 0))
    raw = {block: around[page.block_el[block]] for block in kept}
    counts = Counter(step for steps in raw.values() for step in steps)
    cells: dict[int, set[int]] = {}  # by row
    for steps in raw.values():
        for outer_step, step in pairwise(steps):
            if outer_step[0] == "row" and step[0] in _CELLS and counts[step] <= _MOST_IN_ITEM:
                cells.setdefault(outer_step[1], set()).add(step[1])
    tables = {
        steps[i - 1][1]
        for steps in raw.values()
        for i, step in enumerate(steps)
        if i and step[0] == "row" and steps[i - 1][0] == "table" and len(cells.get(step[1], ())) > 1
    }
    found = {block: _seen(steps, counts, tables, len(kept)) for block, steps in raw.items()}
    return found, {block: levels[page.block_el[block]] for block in kept}


def _seen(steps: Around, counts: Counter[tuple[str, int]], tables: set[int], total: int) -> Around:
    """Leave out what is but the page's layout: lists and tables around the story, items without a list."""
    seen: list[tuple[str, int]] = []
    i = 0
    while i < len(steps) and len(seen) < MAX_DEPTH:
        kind, number = steps[i]
        following = steps[i + 1] if i + 1 < len(steps) else ("", -1)
        if kind == "quote" and counts[steps[i]] < max(_QUOTED * total, 2):
            seen.append(steps[i])
        elif kind in _LISTS and following[0] == "item" and counts[following] <= _MOST_IN_ITEM:
            seen += [steps[i], following]
            i += 1
        elif kind == "table" and number in tables and following[0] == "row":
            last = steps[i + 2] if i + 2 < len(steps) else ("", -1)
            if last[0] in _CELLS:
                return (*seen, steps[i], following, last)  # what is in a cell is text
        i += 1
    return tuple(seen)
