"""The metadata of a page: a value a field, and where each was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about its article.

    A field that nothing is known of is ``""`` or ``()``. Values are plain text
    without control characters, white space folded to single spaces.

    Attributes
    ----------
    title
        The headline.
    authors
        Names, as far as they are not the site's own.
    published, modified
        ISO 8601, as exact as the page is: ``2024-01-12``, ``2024-01-12T10:30``,
        ``2024-01-12T10:30:00+07:00``. Without a zone where the page gives none.
    site_name
        Name of the site.
    url
        The canonical address.
    language
        A tag such as ``id`` or ``en-GB``.
    section
        The section or channel of the site.
    tags
        Topics and keywords.
    image
        Address of the lead image.
    description
        The summary that the page gives.
    licence
        Address or name of the licence, where one is stated.
    access
        Who may read the article in full, as the page declares it: ``"free"``,
        ``"metered"`` (a number of articles is free) or ``"locked"``.
    paywalled
        Whether the text is cut by a paywall, as far as that shows: the page
        asks to pay or to sign in where the story breaks off, or it is locked
        and far shorter than the page says it is. Many pages that are declared
        locked hold the whole text.
    sources
        Where the value of each field that has one was found: ``"json-ld"``,
        ``"opengraph"``, ``"microdata"``, ``"meta"`` (other meta tags),
        ``"link"``, ``"html"`` (the root's language), ``"blocks"`` (the visible
        text of the page), ``"title"`` (the page's own title).
    """

    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    modified: str = ""
    site_name: str = ""
    url: str = ""
    language: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    image: str = ""
    description: str = ""
    licence: str = ""
    access: str = ""
    paywalled: bool = False
    sources: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sources", MappingProxyType(dict(self.sources)))

    def __reduce__(self) -> tuple[type[Metadata], tuple[object, ...]]:
        values = (dict(self.sources) if f.name == "sources" else getattr(self, f.name) for f in fields(self))
        return Metadata, tuple(values)  # a read-only mapping cannot be pickled, and results come from processes

    def to_dict(self) -> dict[str, object]:
        """Return the metadata as plain types: lists for tuples, a dict for `sources`."""
        values: dict[str, object] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            values[f.name] = list(value) if isinstance(value, tuple) else value
        return {**values, "sources": dict(self.sources)}


FIELDS = tuple(f.name for f in fields(Metadata) if f.name != "sources")
"""Names of the fields that hold a value."""
