"""Boxes that stand within a sentence: buttons that explain a word, elements of a page's own making."""

from __future__ import annotations

from typing import Any

from boilerplate.segment.invisible import UNSEEN
from boilerplate.segment.tags import BLOCK, BREAK, CODES, SKIP, TAGS, unknown

BUTTON = CODES["button"]

APART, STARTS, GOES_ON, FOLLOWED = range(4)
"""What a box is: apart from any sentence; part of one; part of one if text is before it; if an open one is."""

_MOST_INSIDE, _MOST_AROUND = 8, 4  # elements
_CLOSING = frozenset(",.;:!?)%")


def place(element: Any) -> int:
    """Say what the text behind a box lets it be: `APART`, `STARTS`, `GOES_ON` or `FOLLOWED`."""
    for number, inner in enumerate(element.iterdescendants()):
        kind = (TAGS.get(inner.tag) or unknown(inner.tag))[0] if isinstance(inner.tag, str) else SKIP
        if number == _MOST_INSIDE or kind in (BLOCK, BREAK):
            return APART
    first = _behind(element)
    if first.islower():
        return STARTS
    if first in _CLOSING:
        return GOES_ON
    return FOLLOWED if first.isalnum() else APART


def _behind(element: Any) -> str:
    """The first character that is seen behind an element, on its line; a blank where there is none."""
    for _ in range(_MOST_AROUND):
        tail = UNSEEN.sub("", element.tail or "").lstrip()
        if tail:
            return tail[0]
        parent = element.getparent()
        if element.getnext() is not None or parent is None or not isinstance(parent.tag, str):
            break
        if (TAGS.get(parent.tag) or unknown(parent.tag))[0] == BLOCK:
            break
        element = parent
    return " "
