"""The title of a page: what its head says that a block repeats.

A `title` element may hold the site's name alone, or be cut; what the page
gives to those who link to it (Open Graph, Twitter) is then nearer to the
headline.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from lxml import etree

MAX_CHARS = 250
"""Characters of the longest headline."""

_WORD = re.compile(r"\w+")
_OTHERS: tuple[Any, ...] = tuple(
    etree.XPath(f"/html/head/meta[@{attribute}='{name}']/@content")
    for attribute, name in (("property", "og:title"), ("name", "twitter:title"))
)
_MOST = 4  # titles beside the first: pages that repeat theirs a thousand times are not worth a thousand looks


def find_title(root: Any, title: str, texts: Sequence[str]) -> str:
    """Return the title that a block repeats, the page's own before others; where none does, its own.

    Parameters
    ----------
    root
        The parsed page.
    title
        The text of its `title` element.
    texts
        Texts of its blocks.
    """
    title = " ".join(title.split())
    contents: Any = next((found for find in _OTHERS if (found := find(root))), ())
    found = dict.fromkeys(" ".join(content.split()) for content in contents[:_MOST])
    others = [other for other in found if other and other.lower() not in title.lower()]
    if not others:
        return title
    return next((x for x in (title, *others) if x and repeats_title(x, texts)), title or others[0])


def repeats_title(title: str, texts: Iterable[str]) -> bool:
    """Whether a block repeats the title; compared as a string, too, for scripts without spaces between words."""
    title = title.lower()
    wanted = set(_WORD.findall(title))
    short = (text.lower() for text in texts if len(text) <= MAX_CHARS)
    return any(likeness(text, wanted) >= 0.7 or (2 * len(text) > len(title) and text in title) for text in short)


def likeness(text: str, wanted: set[str]) -> float:
    """How far a text repeats the words of a title, both in lower case: 0 to 1.

    The share of its words that the title has; less if it has under half as many.
    """
    found = set(_WORD.findall(text))
    if len(found) < 3:
        return 0.0
    return len(found & wanted) / len(found) * min(1.0, len(found) / max(len(wanted) * 0.5, 1))
