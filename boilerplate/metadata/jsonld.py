"""JSON-LD in a page: the item that is its article, and what it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from boilerplate.metadata.dates import machine_date
from boilerplate.metadata.paywall import declared
from boilerplate.metadata.tidy import MAX_ITEMS, address, keywords, language, line, unique

MAX_CHARS = 4 * 2**20
"""Characters of all scripts of a page that are read: JSON takes ten times its length in memory."""
MAX_NODES = 20_000
"""Objects of a page that are looked at."""

_WRAPPING = re.compile(r"\A\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[|;)?\s*", re.I)
_LOOSE_COMMA = re.compile(r",(\s{0,200}[\]}])")
_ARTICLE = re.compile(r"(?:Article|BlogPosting|LiveBlogPosting|Report|Reportage)\Z")
_PAGE = re.compile(
    r"(?:WebPage|ItemPage|ProfilePage|AboutPage|FAQPage|VideoObject|PhotoGallery|ImageGallery|Recipe|Review)\Z"
)
_WORD = re.compile(r"\w+")

# Numbers stay strings: Python before 3.11 takes the square of their length in time, and none is needed.
_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)

Node = dict[str, Any]


def read_jsonld(scripts: Iterable[str], title: str = "") -> tuple[dict[str, Any], Node]:
    """Read the fields of `record.Metadata` out of JSON-LD, as far as it has them.

    Parameters
    ----------
    scripts
        Contents of the page's scripts of that type. Broken ones are left out.
    title
        The page's title, which tells its article from others in the list.

    Returns
    -------
    The fields, with ``publisher`` besides; and the article's own object, ``{}`` if there is none.
    """
    graph = _Graph(scripts)
    articles = [node for node in graph.nodes if _has_type(node, _ARTICLE)]
    article = _most_like(articles, title)
    pages = [node for node in graph.nodes if _has_type(node, _PAGE)]
    fields: dict[str, Any] = {}
    for node in ([article] if article else []) + pages[:3]:
        for name, value in _fields(node, graph).items():
            if value:
                fields.setdefault(name, value)
    return fields, article or {}


class _Graph:
    """The objects of a page, those at the top and those that others refer to by ``@id``."""

    def __init__(self, scripts: Iterable[str]) -> None:
        self.nodes: list[Node] = []
        self.by_id: dict[str, Node] = {}
        left = MAX_CHARS
        for script in scripts:
            left -= len(script)
            if left < 0:
                break
            for value in _values(script):
                self._add(value)

    def _add(self, value: Any) -> None:
        waiting = [(value, True)]  # and whether it stands at the top
        seen = 0
        while waiting and seen < MAX_NODES:
            value, top = waiting.pop()
            seen += 1
            if isinstance(value, list):
                waiting.extend((item, top) for item in reversed(value[:MAX_NODES]))
            elif isinstance(value, dict):
                name = value.get("@id")
                if isinstance(name, str) and len(value) > 1:
                    self.by_id.setdefault(name, value)
                if top:
                    self.nodes.append(value)
                for key, inner in value.items():
                    if isinstance(inner, (dict, list)):
                        waiting.append((inner, top and key in ("@graph", "mainEntity", "mainEntityOfPage")))

    def resolve(self, value: Any) -> Any:
        """Return the object that a reference stands for, else the value itself."""
        if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
            return self.by_id.get(value["@id"], value)
        return value


def _values(script: str) -> Iterator[Any]:
    """Decode a script, forgiving what pages do to JSON; nothing for what is none."""
    text = script[_WRAPPING.match(script).end() :]  # type: ignore[union-attr]  # it matches everywhere
    for attempt in (text, _LOOSE_COMMA.sub(r"\1", text)):
        try:
            yield _DECODER.raw_decode(attempt)[0]
            return
        except (ValueError, RecursionError, MemoryError):
            continue


def _has_type(node: Node, pattern: re.Pattern[str]) -> bool:
    types = node.get("@type")
    return any(
        isinstance(t, str) and pattern.search(t[-40:]) for t in (types if isinstance(types, list) else [types])[:9]
    )


def _most_like(articles: list[Node], title: str) -> Node | None:
    """Return the article whose headline is most like the page's title; the first of equals."""
    if len(articles) < 2:
        return articles[0] if articles else None
    wanted = set(_WORD.findall(title.lower())[:50])

    def likeness(node: Node) -> tuple[int, bool]:
        words = set(_WORD.findall(line(node.get("headline") or node.get("name")).lower()))
        return len(words & wanted), bool(node.get("datePublished"))

    return max(articles[:200], key=likeness)


def _fields(node: Node, graph: _Graph) -> dict[str, Any]:
    page = node.get("mainEntityOfPage")
    return {
        "title": line(node.get("headline") or node.get("name")),
        "authors": names(node.get("author") or node.get("creator"), graph),
        "published": _date(node.get("datePublished") or node.get("uploadDate") or node.get("dateCreated")),
        "modified": _date(node.get("dateModified")),
        "site_name": next(iter(names(node.get("publisher"), graph)), ""),
        "url": address(node.get("url")) or address(page.get("@id") if isinstance(page, dict) else page),
        "language": language(_first(node.get("inLanguage"))),
        "section": line(_first(node.get("articleSection")), 100),
        "tags": keywords(node.get("keywords")),
        "image": _url(node.get("image") or node.get("thumbnailUrl"), graph),
        "description": line(node.get("description")),
        "licence": _url(node.get("license"), graph) or line(node.get("license"), 200),
        "access": _access(node, graph),
    }


def _access(node: Node, graph: _Graph) -> str:
    """Who may read the article; where it does not say itself, a part that is not free makes it locked."""
    if own := declared(_first(node.get("isAccessibleForFree"))):
        return own
    parts = node.get("hasPart")
    for part in (parts if isinstance(parts, list) else [parts])[:MAX_ITEMS]:
        part = graph.resolve(part)
        if isinstance(part, dict) and declared(_first(part.get("isAccessibleForFree"))) == "locked":
            return "locked"
    return ""


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _date(value: Any) -> str:
    return machine_date(_first(value))


def names(value: Any, graph: _Graph) -> tuple[str, ...]:
    """Return the names of people or organisations."""
    found: list[str] = []
    for item in (value if isinstance(value, list) else [value])[:MAX_ITEMS]:
        item = graph.resolve(item)
        if isinstance(item, dict):
            inner = item.get("name")
            found.extend(line(name, 200) for name in (inner if isinstance(inner, list) else [inner])[:MAX_ITEMS])
        elif isinstance(item, str) and not item.lstrip().lower().startswith("http"):
            found.append(line(item, 200))
    return unique(found)


def _url(value: Any, graph: _Graph) -> str:
    """Return the address of an image or a licence: a string, an object, or the first of a list."""
    value = graph.resolve(_first(value))
    if isinstance(value, dict):
        value = _first(value.get("url") or value.get("contentUrl") or value.get("@id"))
    return address(value)
