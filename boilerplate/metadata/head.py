"""What a page's head says: JSON-LD, Open Graph, microdata, other meta tags and links, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from boilerplate.metadata.dates import machine_date
from boilerplate.metadata.jsonld import MAX_CHARS, read_jsonld
from boilerplate.metadata.microdata import read_microdata
from boilerplate.metadata.tidy import address, keywords, language, line, unique

MAX_TAGS = 2000
"""Meta tags, links and scripts that are read."""

_OPENGRAPH = {
    "og:title": "title",
    "og:site_name": "site_name",
    "og:url": "url",
    "og:locale": "language",
    "og:image": "image",
    "og:image:url": "image",
    "og:image:secure_url": "image",
    "og:description": "description",
    "og:updated_time": "modified",
    "og:article:published_time": "published",
    "og:article:author": "authors",
    "article:published_time": "published",
    "article:modified_time": "modified",
    "article:author": "authors",
    "article:section": "section",
    "article:tag": "tags",
    "article:content_tier": "access",
    "og:article:content_tier": "access",
}
_META = {
    "twitter:title": "title",
    "dc.title": "title",
    "dcterms.title": "title",
    "author": "authors",
    "authors": "authors",
    "byl": "authors",
    "content_author": "authors",
    "dc.creator": "authors",
    "dcterms.creator": "authors",
    "parsely-author": "authors",
    "sailthru.author": "authors",
    "cxenseparse:author": "authors",
    "citation_author": "authors",
    "pubdate": "published",
    "publishdate": "published",
    "publish-date": "published",
    "publish_date": "published",
    "publication_date": "published",
    "published_date": "published",
    "content_publisheddate": "published",
    "content_publishdate": "published",
    "dtk:publishdate": "published",
    "originalpublicationdate": "published",
    "parsely-pub-date": "published",
    "sailthru.date": "published",
    "cxenseparse:recs:publishtime": "published",
    "cxenseparse:publishtime": "published",
    "citation_publication_date": "published",
    "dcterms.issued": "published",
    "dcterms.created": "published",
    "dc.date.issued": "published",
    "dc.date": "published",
    "dcterms.date": "published",
    "date": "published",
    "lastmod": "modified",
    "last-modified": "modified",
    "dcterms.modified": "modified",
    "application-name": "site_name",
    "content-language": "language",
    "dc.language": "language",
    "section": "section",
    "content_category": "section",
    "parsely-section": "section",
    "news_keywords": "tags",
    "keywords": "tags",
    "content_tag": "tags",
    "parsely-tags": "tags",
    "thumbnailurl": "image",
    "twitter:image": "image",
    "twitter:image:src": "image",
    "description": "description",
    "twitter:description": "description",
    "dc.description": "description",
    "dc.license": "licence",
    "dcterms.license": "licence",
}
_TIERS = ("free", "metered", "locked")
_COUNT = re.compile(r"[0-9]{1,7}")
_LISTS = ("authors", "tags")
_DATES = ("published", "modified")

ORDER = ("json-ld", "opengraph", "microdata", "meta", "link", "html")
"""Sources, the most trusted first, ..."""
_FIRST = {"site_name": ("opengraph",), "url": ("link", "opengraph"), "language": ("html",)}
"""... but for these fields: JSON-LD has the publishing house where a reader sees the portal's name."""


@dataclass(slots=True)
class Head:
    """What a page says about its article outside of its visible text.

    Attributes
    ----------
    claims
        By source (see `ORDER`) the fields of `record.Metadata` that it has.
    publisher
        The house that publishes the site, by JSON-LD.
    word_count
        Words of the article, as JSON-LD states them; 0 where it does not.
    """

    claims: dict[str, dict[str, Any]] = field(default_factory=dict)
    publisher: str = ""
    word_count: int = 0

    def first(self, name: str) -> tuple[Any, str]:
        """Return the most trusted value of a field and its source; two empty strings where nothing has it."""
        for source in (*_FIRST.get(name, ()), *ORDER):
            if value := self.claims.get(source, {}).get(name):
                return value, source
        return "", ""


def read_head(root: Any | None, title: str = "") -> Head:
    """Read what a parsed page says about its article.

    Never raises for what is in the page; work grows in proportion to it.

    Parameters
    ----------
    root
        The tree's root element; None for a page without any.
    title
        The page's title.
    """
    head = Head()
    if root is None:
        return head
    tags = _Tags(root)
    fields, article = read_jsonld(tags.scripts, title)
    head.publisher = fields.get("site_name", "")
    count = article.get("wordCount")
    head.word_count = int(count) if isinstance(count, str) and _COUNT.fullmatch(count) else 0
    head.claims = {
        "json-ld": fields,
        "opengraph": _claims(tags.opengraph),
        "microdata": read_microdata(root),
        "meta": _claims(tags.meta),
        "link": tags.links,
        "html": {"language": language(root.get("lang") or root.get("xml:lang"))},
    }
    _resolve_images(head)
    return head


class _Tags:
    """Meta tags by the field that they fill, links, and scripts of JSON-LD."""

    def __init__(self, root: Any) -> None:
        self.opengraph: dict[str, list[tuple[str, str]]] = {}
        self.meta: dict[str, list[tuple[str, str]]] = {}
        self.links: dict[str, str] = {}
        self.scripts: list[str] = []
        left = MAX_CHARS
        for element in _elements(root):
            if element.tag == "meta":
                self._add_meta(element)
            elif element.tag == "script":
                if "ld+json" in (element.get("type") or "")[:200].lower():
                    text = element.text or ""
                    left -= len(text)
                    if left >= 0:
                        self.scripts.append(text)
            else:
                self._add_link(element)

    def _add_meta(self, element: Any) -> None:
        content = element.get("content")
        if not content:
            return
        for name in (element.get("property"), element.get("name"), element.get("http-equiv")):
            key = name[:60].strip().lower() if name else ""
            if key in _OPENGRAPH:
                self.opengraph.setdefault(_OPENGRAPH[key], []).append((key, content))
                return
            if key in _META:
                self.meta.setdefault(_META[key], []).append((key, content))
                return

    def _add_link(self, element: Any) -> None:
        rel = (element.get("rel") or "")[:100].lower().split()
        if "canonical" in rel and element.tag == "link":
            self.links.setdefault("url", address(element.get("href")))
        elif "license" in rel:
            self.links.setdefault("licence", address(element.get("href")))


def _elements(root: Any) -> Iterator[Any]:
    """Yield the elements that may matter, at most `MAX_TAGS`; of links in the text those of a licence only."""
    count = 0
    for element in root.iter("meta", "link", "script", "a"):
        if element.tag == "a" and "license" not in (element.get("rel") or "")[:100]:
            continue
        if element.tag == "script" and element.get("type") is None:
            continue
        yield element
        count += 1
        if count == MAX_TAGS:
            return


def _claims(found: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    """Make fields of the contents of meta tags: of lists all, else the first that is something."""
    fields: dict[str, Any] = {}
    for name, tags in found.items():
        contents = [content for _, content in tags[:200]]
        value: Any
        if name == "authors":
            value = unique(line(text, 200) for text in contents if not text.strip().lower().startswith("http"))
        elif name == "tags":
            best = tags[0][0]  # keywords often repeat what news_keywords says
            value = unique(tag for key, text in tags[:200] if key == best for tag in keywords(text))
        elif name in _DATES:
            value = next(filter(None, map(machine_date, contents)), "")
        elif name in ("url", "image"):
            value = next(filter(None, map(address, contents)), "") or (
                line(contents[0], 2000) if name == "image" else ""
            )
        elif name == "access":
            value = next((tier for text in contents if (tier := text.strip().lower()) in _TIERS), "")
        elif name == "language":
            value = next(filter(None, map(language, contents)), "")
        else:
            value = next(filter(None, map(line, contents)), "")
        if value:
            fields[name] = value
    return fields


def _resolve_images(head: Head) -> None:
    """Make addresses of images absolute, or drop them."""
    base, _ = head.first("url")
    for fields in head.claims.values():
        if "image" in fields:
            fields["image"] = address(fields["image"], base)
