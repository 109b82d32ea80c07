"""Boxes that stand within a sentence: buttons that explain a word, elements of a page's own making."""

from __future__ import annotations

from typing import Any

from boilerplate.segment.invisible import UNSEEN
from boilerplate.segment.tags import BLOCK, BREAK, CODES, SKIP, TAGS, unknown

BUTTON = CODES["button"]

APART, STARTS, GOES_ON, FOLLOWED = range(4)
"""What a box is: apart from any sentence; part of one; part of one if text is before it; if an open one is."""

_MOST = 64  # elements in and behind a box that are looked at
_CLOSING = frozenset(",.;:!?)%")


def place(element: Any) -> int:
    """Say what the text behind a box lets it be: `APART`, `STARTS`, `GOES_ON` or `FOLLOWED`."""
    for number, inner in enumerate(element.iterdescendants()):
        if number == _MOST or _kind(inner) in (BLOCK, BREAK):
            return APART
    first = _behind(element)
    if first.islower():
        return STARTS
    if first in _CLOSING:
        return GOES_ON
    return FOLLOWED if first.isalnum() else APART


def _behind(element: Any) -> str:
    """The first character that is seen behind an element, on its line; a blank where there is none."""
    inside = False  # whether the text in the element is next, not the one behind it
    for _ in range(_MOST):
        seen = UNSEEN.sub("", (element.text if inside else element.tail) or "").lstrip()
        if seen:
            return seen[0]
        ahead = next(iter(element), None) if inside else element.getnext()
        if ahead is not None:
            kind = _kind(ahead)
            if kind in (BLOCK, BREAK):
                break
            element, inside = ahead, kind != SKIP
        elif inside:
            inside = False
        else:
            element = element.getparent()
            if element is None or _kind(element) == BLOCK:
                break
    return " "


def _kind(element: Any) -> int:
    return (TAGS.get(element.tag) or unknown(element.tag))[0] if isinstance(element.tag, str) else SKIP
