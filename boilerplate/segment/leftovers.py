"""Tags that a scraper left in a plain text."""

from __future__ import annotations

import re
from html import unescape

_NAMES = (
    "a|abbr|b|big|blockquote|br|center|cite|code|del|div|em|embed|figcaption|figure|font|h[1-6]|hr|i|iframe|img|input|ins"
    "|li|mark|ol|p|q|s|script|small|source|span|strike|strong|sub|sup|table|tbody|td|th|time|tr|tt|u|ul|video"
)
_TAG = re.compile(rf"<(/?)({_NAMES})([ \t][^<>\n]*)?/?>", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,8}\d?);", re.I)


def leftover_tags(text: str) -> list[tuple[int, int]]:
    """Find the tags that are no words of the text: start and end of each, in order.

    A tag with attributes is markup, and so are ``<br>`` and tags that come in
    pairs. What stands there by itself, such as ``<img>`` in a sentence about
    HTML, is a word.
    """
    if "<" not in text:
        return []
    found = list(_TAG.finditer(text))
    opened = {tag[2].lower() for tag in found if not tag[1]}
    closed = {tag[2].lower() for tag in found if tag[1]}
    paired = (opened & closed) | {"br"}
    return [tag.span() for tag in found if tag[3] or tag[2].lower() in paired]


def strip_leftovers(text: str) -> str:
    """A text without leftover tags; no line is added or taken, and its entities are read if it had tags."""
    tags = leftover_tags(text)
    if not tags:
        return text
    parts, at = [], 0
    for start, end in tags:
        parts.append(text[at:start])
        if text[start + 1 : start + 3].lower() in ("br", "p>", "/p", "/d", "li", "/l"):
            parts.append(" ")
        at = end
    parts.append(text[at:])
    return _ENTITY.sub(_character, "".join(parts))


def _character(entity: re.Match[str]) -> str:
    """The character of an entity; a blank for one that would break the line."""
    return " ".join(unescape(entity[0]).splitlines()) or " "
