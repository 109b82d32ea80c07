"""Telling HTML from plain text."""

from __future__ import annotations

import re

from boilerplate.segment.tags import TAGS

# A tag that HTML has, or a custom element: plain text can start with "<3" or "<nama>".
_START = re.compile(r"<(?:!doctype\b|\?xml\b|([a-z][a-z0-9:-]{0,40})(?=[\s/>]))", re.I)
_SPACE = re.compile("[\\s\ufeff\u200b]*")
_LOOKED_AT = 20_000  # characters
_HEAD = 2**15  # bytes
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]{0,12})(?=[\s/>])", re.I)
_ANY_TAG = re.compile(r"<[^<>]*>")
_WHOLE = frozenset(["", "html", "head", "body", "title", "meta", "link", "script", "style", "base", "frameset"])
_STRUCTURE = frozenset(
    "p div li ul ol dl dt dd td th tr table tbody thead h1 h2 h3 h4 h5 h6 article section main aside header footer nav"
    " blockquote figure figcaption form html body".split()
)


def is_html(page: str | bytes) -> bool:
    """Whether a page (text, or bytes in UTF-8) is HTML and not plain text.

    HTML starts with a doctype or a tag of a page or a block, perhaps after comments.
    Else tags are weighed against line breaks in the 20,000 characters from
    there: where most lines begin with words and few tags part blocks, it is a
    text in which a scraper left some.
    """
    if isinstance(page, str):
        return _is_html(page)
    head = page[:_HEAD].decode("utf-8", "ignore")
    at = _skip_comments(head)
    enough = len(page) <= _HEAD or (at + _LOOKED_AT < len(head) and not head.startswith("<!--", at))
    return _is_html(head if enough else page.decode("utf-8", "replace"))


def _is_html(text: str) -> bool:
    at = _skip_comments(text)
    if at == len(text) and text.lstrip().startswith("<!--"):  # nothing but comments
        return True
    start = _START.match(text, at)
    name = (start[1] or "").lower() if start is not None else None
    if name is not None and (name in _WHOLE or name in _STRUCTURE or "-" in name or ":" in name):
        return True
    part = text[at : at + _LOOKED_AT]
    tags = [tag for tag in _TAG.finditer(part) if tag[2].lower() in TAGS]
    if name not in TAGS and sum(tag[1] == "/" or tag[2].lower() == "br" for tag in tags) < 2:
        return False
    lines = sum(map(_is_line_of_words, part.split("\n")))
    if lines <= 1:
        return True
    # Each block of HTML begins or ends with a tag; in a text that kept a few, lines do without.
    structure = sum(tag[2].lower() in _STRUCTURE for tag in tags)
    breaks = sum(tag[2].lower() == "br" for tag in tags)
    return structure > lines or breaks >= lines


def _is_line_of_words(line: str) -> bool:
    """Whether a line holds words that no tag of a block begins."""
    line = line.strip()
    tag = _TAG.match(line)
    if tag is not None and tag[2].lower() in _STRUCTURE:
        return False
    return bool(_ANY_TAG.sub("", line).strip() if "<" in line else line)


def _skip_comments(text: str) -> int:
    """Offset of what follows white space and comments at the start of `text`."""
    at = 0
    while True:
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
        if not text.startswith("<!--", at):
            return at
        end = text.find("-->", at + 4)
        if end < 0:
            return at
        at = end + 3
