"""The article's text out of JSON-LD (``articleBody``)."""

from __future__ import annotations

import html
import re
from typing import Any

from lxml import etree

from boilerplate.metadata import jsonld

MAX_CHARS = 2**20
"""Characters of the text that are read."""
_MAX_SCRIPTS = 2000

_MARKUP = re.compile(r"</?(?:p|br|div|h[1-6]|li|ul|ol|a|strong|b|em|i|span|img|figure|blockquote)\b[^<>]{0,500}>", re.I)
_PARTS = frozenset(
    "p br div h1 h2 h3 h4 h5 h6 li ul ol blockquote figure figcaption tr table section article hr".split()
)
_SKIPPED = frozenset("script style iframe noscript template head".split())
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff\u00ad]")


def body_scripts(root: Any | None) -> list[str]:
    """Return the scripts of JSON-LD that may hold the article's text, as they stand in the page."""
    if root is None:
        return []
    scripts: list[str] = []
    left = jsonld.MAX_CHARS
    for script, _ in zip(root.iter("script"), range(_MAX_SCRIPTS), strict=False):
        text = script.text
        if text and "articleBody" in text and "ld+json" in (script.get("type") or "")[:200].lower():
            left -= len(text)
            if left >= 0:
                scripts.append(text)
    return scripts


def article_body(scripts: list[str], title: str = "") -> str:
    """Return the article's text in JSON-LD, as it stands there: it may hold HTML.

    Parameters
    ----------
    scripts
        See `body_scripts`.
    title
        The page's title.
    """
    body = jsonld.read_jsonld(scripts, title)[1].get("articleBody")
    return body if isinstance(body, str) else ""


def body_text(value: str) -> str:
    """Return the text, a paragraph a line; markup in it is dropped."""
    text = _CONTROL.sub(" ", value[:MAX_CHARS].replace("\r\n", "\n").replace("\r", "\n"))
    text = text.encode("utf-8", "replace").decode("utf-8")
    if not _MARKUP.search(text):
        text = html.unescape(text)
    if _MARKUP.search(text):
        text = _visible(text)
    lines = (" ".join(part.split()) for part in text.split("\n"))
    return "\n".join(filter(None, lines))


def _visible(markup: str) -> str:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, collect_ids=False)
    try:
        root = etree.fromstring(f"<body>{markup}".encode(), parser)
    except etree.XMLSyntaxError:
        return ""
    if root is None:
        return ""
    parts: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            hidden += tag in _SKIPPED
            if tag in _PARTS:
                parts.append("\n")
            if element.text and not hidden:
                parts.append(element.text)
        else:
            if event == "end":
                hidden -= tag in _SKIPPED
                if tag in _PARTS:
                    parts.append("\n")
            if element.tail and not hidden:
                parts.append(element.tail)
    return "".join(parts)
