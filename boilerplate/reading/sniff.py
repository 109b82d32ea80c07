"""Telling HTML from plain text."""

from __future__ import annotations

import re

from boilerplate.segment.tags import TAGS

# A tag that HTML has, or a custom element: plain text can start with "<3" or "<nama>".
_START = re.compile(r"<(?:!doctype\b|\?xml\b|([a-z][a-z0-9:-]{0,40})(?=[\s/>]))", re.I)
_SPACE = re.compile("[\\s\ufeff\u200b]*")
_LOOKED_AT = 20_000  # characters
_HEAD = 2**15  # bytes
_HTML_TAG = re.compile(r"</(?:p|div|a|span|li|ul|h[1-6]|body|html|table|td|article|strong|em|b|i)\s*>|<br\s*/?>", re.I)


def is_html(page: str | bytes) -> bool:
    """Whether a page (text, or bytes in UTF-8) is HTML and not plain text.

    HTML starts with a tag or a doctype, perhaps after comments, or holds
    closing tags or line breaks of HTML in the 20,000 characters from there.
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
    if start is not None:
        name = (start[1] or "").lower()
        if not name or name in TAGS or "-" in name or ":" in name:
            return True
    return len(_HTML_TAG.findall(text, at, at + _LOOKED_AT)) >= 2


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
