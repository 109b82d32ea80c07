"""The metadata of a page, from its head and from its blocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from boilerplate.metadata.head import Head
from boilerplate.metadata.record import FIELDS, Metadata

_SIGN = re.compile(r"[\W_]+")
_NOBODY = frozenset(
    "admin administrator com dotcom editor editorial editorialstaff newsdesk newsroom redaksi redaktur staff team tim "
    "timredaksi webmaster".split()
)


def merge(head: Head, shown: Callable[[bool], dict[str, Any]], headline: tuple[str, str]) -> Metadata:
    """Put together what the sources say; the blocks are read only for what the head does not say.

    Parameters
    ----------
    head
        What the page says outside of its visible text.
    shown
        Reads the blocks (see `blocks.read_blocks`); told whether dates may have the month first.
    headline
        The cleaner's headline, and its source.
    """
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name in FIELDS:
        value, source = head.first(name)
        if value:
            values[name], sources[name] = value, source
    own = _own_names(head)
    authors = _first_authors(head, own)
    values.pop("authors", None)
    sources.pop("authors", None)
    if authors:
        values["authors"], sources["authors"] = authors
    if not values.keys() >= {"authors", "published"}:
        found = shown(str(values.get("language", "")).startswith("en"))
        found["authors"] = _people(found.get("authors", ()), own)
        if "published" in values:
            found.pop("modified", None)  # two clocks do not make one order
        for name, value in found.items():
            if value and name not in values:
                values[name], sources[name] = value, "blocks"
    if headline[0] and "title" not in values:
        values["title"], sources["title"] = headline
    return Metadata(**values, sources=sources)


def _first_authors(head: Head, own: set[str]) -> tuple[tuple[str, ...], str] | None:
    for source in ("json-ld", "opengraph", "microdata", "meta"):
        names = head.claims.get(source, {}).get("authors", ())
        if people := _people(names, own):
            return people, source
    return None


def _people(names: tuple[str, ...], own: set[str]) -> tuple[str, ...]:
    """Leave out the site itself, and offices (`Redaksi`), those that have its name (`Tim Liputan6.com`) among them."""
    nobody = _NOBODY | {""}
    signs = {name: _sign(name) for name in names}
    return tuple(
        name
        for name, sign in signs.items()
        if sign not in nobody
        and "://" not in name
        and not any(site in sign and sign.replace(site, "") in nobody for site in own)
    )


def _own_names(head: Head) -> set[str]:
    """The site's names, its host among them, as signs."""
    names = {head.publisher, *(str(claims.get("site_name", "")) for claims in head.claims.values())}
    for claims in head.claims.values():
        if url := claims.get("url"):
            try:
                host = urlsplit(url).hostname or ""
            except ValueError:
                continue
            parts = host.split(".")
            names |= {host, ".".join(parts[-2:]), ".".join(parts[-3:]), parts[-2] if len(parts) > 1 else ""}
    return {_sign(name) for name in names} - {""}


def _sign(name: str) -> str:
    return _SIGN.sub("", name).casefold()
