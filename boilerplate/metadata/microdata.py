"""Microdata (``itemprop``) of the article of a page."""

from __future__ import annotations

from itertools import islice
from typing import Any

from lxml import etree

from boilerplate.metadata.dates import machine_date
from boilerplate.metadata.paywall import declared
from boilerplate.metadata.tidy import MAX_ITEMS, address, keywords, language, line, unique

_FIELDS = {
    "headline": "title",
    "author": "authors",
    "creator": "authors",
    "datepublished": "published",
    "datecreated": "published",
    "datemodified": "modified",
    "publisher": "site_name",
    "inlanguage": "language",
    "articlesection": "section",
    "keywords": "tags",
    "image": "image",
    "thumbnailurl": "image",
    "description": "description",
    "license": "licence",
    "isaccessibleforfree": "access",
}
_NAMED = ("authors", "site_name")
_ARTICLE = etree.XPath(
    "(//*[@itemscope][contains(@itemtype, 'Article') or contains(@itemtype, 'BlogPosting')])[1]", smart_strings=False
)
_ANY = etree.XPath("(//*[@itemprop])[1]")
MAX_PROPERTIES = 500
"""Properties that are read."""
_PIECES = 20  # text nodes of a property


def read_microdata(root: Any) -> dict[str, Any]:
    """Read the fields of `record.Metadata` out of microdata, as far as it has them.

    Those of the first article; where none is declared, properties that stand
    in no item at all.
    """
    if not _ANY(root):
        return {}
    articles: Any = _ARTICLE(root)
    article = articles[0] if articles else None
    found: dict[str, list[str]] = {}
    scopes: list[str] = []  # the field that each open item within the article is the value of; "" for none
    count = 0
    walk = etree.iterwalk(article if article is not None else root, events=("start", "end"))
    for event, element in walk:
        is_scope = element is not article and element.get("itemscope") is not None
        if event == "end":
            if is_scope:
                scopes.pop()
            continue
        prop = element.get("itemprop")
        field = ""
        if prop is not None:
            prop = prop[:100].strip().lower()
            if not scopes:
                field = _FIELDS.get(prop, "")
            elif len(scopes) == 1 and scopes[0] in _NAMED and prop == "name":
                field = scopes[0]
        if is_scope:
            scopes.append(field)
        elif field:
            found.setdefault(field, []).append(_value(element, field))
            count += 1
            if count == MAX_PROPERTIES:
                break
    return _tidied(found)


def _value(element: Any, field: str) -> str:
    for name in ("content", "datetime", "src" if field == "image" else "content"):
        value = element.get(name)
        if value:
            return str(value)
    if field == "licence" and element.get("href"):
        return str(element.get("href"))
    return " ".join(islice(element.itertext(), _PIECES))


def _tidied(found: dict[str, list[str]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, values in found.items():
        value: Any
        if name == "authors":
            value = unique(line(text, 200) for text in values[:MAX_ITEMS])
        elif name == "tags":
            value = unique(tag for text in values[:MAX_ITEMS] for tag in keywords(text))
        elif name in ("published", "modified"):
            value = next(filter(None, map(machine_date, values[:MAX_ITEMS])), "")
        elif name == "image":
            value = next(filter(None, map(address, values[:MAX_ITEMS])), "")
        elif name == "access":
            value = next(filter(None, map(declared, values[:MAX_ITEMS])), "")
        elif name == "language":
            value = language(values[0])
        else:
            value = next(filter(None, map(line, values[:MAX_ITEMS])), "")
        if value:
            fields[name] = value
    return fields
