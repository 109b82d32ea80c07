"""The same place on other pages of a template: found by tags and class names, by headings where those do not tell."""

from __future__ import annotations

import re
from collections import defaultdict

import numpy as np

from boilerplate.annotation.document import Selection
from boilerplate.annotation.html_document import HtmlDocument
from boilerplate.segment.page import HtmlPage

_DIGITS = re.compile(r"\d+")
_STATE = frozenset(("active", "current", "first", "last", "odd", "even", "selected", "hover", "show", "hide"))
"""Class names that say which item of a list one is, or what was done to it."""

_Key = int


class Places:
    """Where the elements and blocks of a page are, in terms that its sister pages share.

    An element's key stands for the tags and class names from the root down to
    it; numbers in class names and ids count alike. Keys are comparable within
    one process.
    """

    def __init__(self, page: HtmlPage) -> None:
        self._page = page
        keys: list[_Key] = []
        for number, attr in enumerate(page.attrs):
            parent = page.parents[number]
            keys.append(hash((keys[parent] if parent >= 0 else 0, page.tags[number], _normal(attr))))
        self.elements = keys
        self.blocks = [hash((keys[a], keys[b])) for a, b in zip(page.block_el, page.first_el, strict=True)]
        self._with_element: dict[_Key, list[int]] = defaultdict(list)
        for number, key in enumerate(keys):
            if page.ends[number] > page.starts[number]:
                self._with_element[key].append(number)
        self._with_block: dict[_Key, list[int]] = defaultdict(list)
        for block, key in enumerate(self.blocks):
            self._with_block[key].append(block)

    def elements_like(self, key: _Key) -> list[int]:
        """Elements with text that have a key, in order."""
        return self._with_element.get(key, [])

    def blocks_like(self, key: _Key) -> list[int]:
        """Blocks that have a key, in order."""
        return self._with_block.get(key, [])

    def text(self, block: int) -> str:
        """Text of a block, numbers and case aside."""
        return _DIGITS.sub("0", self._page.texts[block].casefold())

    def first_text(self, element: int) -> str:
        """Text of the first block in an element: a box's heading, if it has one."""
        return self.text(self._page.starts[element])


def _normal(attr: str) -> str:
    classes, _, ident = attr.partition("#")
    kept = [name for name in classes.split() if name not in _STATE]
    return _DIGITS.sub("0", f"{' '.join(kept)}#{ident}")


def find_alike(
    selection: Selection, mine: HtmlDocument, here: Places, other: HtmlDocument, there: Places
) -> np.ndarray:
    """Find what is on another page where a selection is on this one.

    A box is found by its element's key, a list by its heading's text and key,
    a block by its key. Where several places of this page have the key, the
    text decides: that of the block, or of the box's first one.

    Returns
    -------
    array
        Numbers of the other page's blocks; empty where nothing is sure to be the same.
    """
    if selection.kind == "box":
        found = [np.arange(other.page.starts[e], other.page.ends[e]) for e in _boxes(selection.number, here, there)]
    elif selection.kind == "list":
        headings = _headings(selection.number, mine, here, other, there)
        found = [other.blocks_of(Selection("list", number=heading)) for heading in headings]
    else:
        found = [np.array(_blocks(mine.blocks_of(selection).tolist(), here, there), np.int64)]
    return np.unique(np.concatenate([np.zeros(0, np.int64), *found]))


def _boxes(element: int, here: Places, there: Places) -> list[int]:
    key = here.elements[element]
    mine, theirs = here.elements_like(key), there.elements_like(key)
    if len(mine) == 1:
        return theirs
    text = here.first_text(element)
    if sum(here.first_text(e) == text for e in mine) == 1:
        named = [e for e in theirs if there.first_text(e) == text]
        if named:
            return named
    return [theirs[mine.index(element)]] if len(mine) == len(theirs) else []


def _headings(heading: int, mine: HtmlDocument, here: Places, other: HtmlDocument, there: Places) -> list[int]:
    key, text = here.blocks[heading], here.text(heading)
    candidates = [h for h in there.blocks_like(key) if other.heading_of(h) == h]
    named = [h for h in candidates if there.text(h) == text]
    alone = len(here.blocks_like(key)) == 1
    return named or (candidates if alone else [])


def _blocks(blocks: list[int], here: Places, there: Places) -> list[int]:
    chosen = set(blocks)
    found: list[int] = []
    for key in {here.blocks[b] for b in blocks}:
        mine = here.blocks_like(key)
        if chosen.issuperset(mine):
            found += there.blocks_like(key)
            continue
        texts = {here.text(b) for b in mine if b in chosen} - {here.text(b) for b in mine if b not in chosen}
        found += [b for b in there.blocks_like(key) if there.text(b) in texts]
    return found
