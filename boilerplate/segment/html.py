"""HTML to a tree, and a tree to blocks."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from boilerplate.compiled import fastest
from boilerplate.errors import InputError
from boilerplate.segment.canonical import own_address
from boilerplate.segment.mend import mend
from boilerplate.segment.page import HtmlPage
from boilerplate.segment.tags import BLOCK, BREAK, HEADINGS, LINK, TAGS, unknown
from boilerplate.segment.title import find_title

_walk = fastest("boilerplate.segment._walk")

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(title|script|style|template|noscript|iframe)\b[^<>]*>.*?(?:</\1\s*>|\Z)"
    r"|<(/?)([a-z][^\s/<>]{0,60})([^<>]*)>",
    re.I | re.S,
)


MAX_TAGS = 200_000
"""Tags that open an element in a short page: the tree takes 240 bytes for each, and its text as much again."""

_BYTES_A_TAG = 24
"""Bytes of a page for each further tag: ten bytes of memory for each of them."""


def parse(text: str | bytes) -> Any | None:
    """Parse HTML (text, or bytes in UTF-8) with libxml2's forgiving parser.

    Returns the root element, or None for a page without any element. Where
    tags nest deeper than the parser follows (2,048), the page is flattened to
    the tags that part text and parsed again, so no text is lost.

    Raises
    ------
    InputError
        If the page nests too deeply even so, or is little else than tags.
    """
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if len(data) > 3 * MAX_TAGS:  # no shorter page has so many
        tags, most = data.count(b"<") - data.count(b"</"), MAX_TAGS + len(data) // _BYTES_A_TAG
        if tags > most:
            raise InputError(f"{tags:,} tags are too many for a page of its size (at most {most:,})")
    data = mend(data)
    for attempt in range(2):
        parser = etree.HTMLParser(
            encoding="utf-8", huge_tree=True, collect_ids=False
        )  # a table of ids takes a seventh of the time
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError:  # nothing but space or comments
            return None
        last = parser.error_log.last_error
        if last is None or last.level < etree.ErrorLevels.FATAL:
            return root
        if attempt == 0:
            data = _flatten(data.decode("utf-8", "replace")).encode()
    raise InputError("tags nest too deeply to be read")


def _flatten(text: str) -> str:
    """Rewrite HTML so that nothing nests: one open block-level element, one open link."""
    block = link = ""

    def token(match: re.Match[str]) -> str:
        nonlocal block, link
        raw, closing, name, rest = match.groups()
        if name is None:
            return match[0] if raw is not None and raw.lower() == "title" else ""
        name = name.lower()
        kind, code = TAGS.get(name) or unknown(name)
        if kind == BREAK:
            return "<br>"
        if kind != BLOCK and kind != LINK:
            return ""
        shut, link = link, ""
        if kind == BLOCK:
            shut, block = shut + block, ""
        if closing:
            return shut
        if kind == LINK:
            link = "</a>"
            return f"{shut}<a{rest}>"
        kept = name if code in HEADINGS or name in ("li", "td") else "p"
        block = f"</{kept}>"
        return f"{shut}<{kept}{rest}>"

    return _TOKEN.sub(token, text)


def segment(root: Any | None, *, nodes: bool = False) -> HtmlPage:
    """Cut a parsed page into blocks.

    Parameters
    ----------
    root
        Root element from `parse`; None gives a page without blocks.
    nodes
        Whether to keep the elements and text nodes (`HtmlPage.nodes`, `HtmlPage.refs`),
        so that blocks can be found again; it takes time and memory.
    """
    page = HtmlPage()
    if root is None:
        return page
    _walk.walk(root, page, nodes)
    page.title = find_title(root, _walk.title(root), page.texts)
    page.address = own_address(root)
    return page
