"""Values as a page has them, made presentable: one line of plain text, an address, a language."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

MAX_TEXT = 1000
"""Characters of a title, a name or a description; what is longer is cut."""
MAX_URL = 2000
"""Characters of an address; a longer one is none."""
MAX_ITEMS = 50
"""Authors or tags."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}\Z")


def line(value: object, limit: int = MAX_TEXT) -> str:
    """Return a string as one line of plain text, at most `limit` characters; ``""`` for anything else."""
    if not isinstance(value, str):
        return ""
    text = value[: 4 * limit]
    if "&" in text:
        text = html.unescape(html.unescape(text))  # JSON in HTML is often escaped twice
    if "<" in text:
        text = _TAG.sub(" ", text)
    text = _CONTROL.sub(" ", text)
    text = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())  # JSON can hold halves of surrogates
    return text[:limit].rstrip()


def address(value: object, base: str = "") -> str:
    """Return an http(s) address, made absolute where `base` allows; ``""`` for anything else."""
    if not isinstance(value, str) or len(value) > MAX_URL:
        return ""
    url = html.unescape("".join(_CONTROL.sub("", value).split()))
    try:
        url = urljoin(base, url)
        urlsplit(url)
    except ValueError:  # a broken host
        return ""
    return url if url[:8].lower().startswith(("http://", "https://")) and len(url) <= MAX_URL else ""


def language(value: object) -> str:
    """Return a language's tag, ``en_gb`` as ``en-GB``; ``""`` for what is none."""
    text = line(value, 40)
    if not _LANGUAGE.match(text):
        return ""
    first, *rest = text.replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part.title() for part in rest)])


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values that are not empty, each once (whatever its case), at most `MAX_ITEMS`."""
    found: dict[str, str] = {}
    for value in values:
        if value:
            found.setdefault(value.casefold(), value)
            if len(found) == MAX_ITEMS:
                break
    return tuple(found.values())


def keywords(value: object) -> tuple[str, ...]:
    """Return keywords from a list of strings, or from one string with commas between them."""
    if isinstance(value, str):
        text = value[: 4 * MAX_TEXT]
        value = text.split(";" if ";" in text and "," not in text else ",")
    if not isinstance(value, list):
        return ()
    return unique(line(item, 100) for item in value[: 4 * MAX_ITEMS])
