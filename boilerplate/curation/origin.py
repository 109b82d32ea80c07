"""Which portal a page is of: by its address, or the folder it lies in."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from boilerplate.metadata.head import read_head

# Second-level names under which countries register domains.
_SECOND = frozenset(
    "ac biz co com desa edu gen go gob gov gouv govt gub id in info mil my name ne net nom or org sch web".split()
)
# Under these each name is a site of its own.
_HOSTS = frozenset(
    "blogspot.com github.io gitlab.io medium.com netlify.app pages.dev substack.com tumblr.com vercel.app weebly.com "
    "wixsite.com wordpress.com".split()
)


def page_url(root: Any | None) -> str:
    """Return the address that a parsed page gives as its own (canonical link, ``og:url``); ``""`` if none."""
    url, _ = read_head(root).first("url")
    return str(url)


def portal_of(url: str) -> str:
    """Return the domain of an address, without what stands for a channel or a template.

    ``https://news.kabar.co.id/a`` is of ``kabar.co.id``. ``""`` where there is
    no host with a dot in it.
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return ""
    names = host.split(".")
    if len(names) < 2 or not all(names) or names[-1].isdigit() or ":" in host:
        return ""
    count = 3 if len(names[-1]) == 2 and names[-2] in _SECOND else 2
    if ".".join(names[-2:]) in _HOSTS:
        count = 3
    return ".".join(names[-count:])


def folder_of(source: str) -> str:
    """Return the name of the folder that a page's file lies in; ``""`` where its path names none."""
    name = PurePath(source).parent.name
    return "" if name in (".", "..") else name


def name_portal(given: str, url: str, source: str) -> str:
    """Return the portal of a page: the one that was given, else by its address, else by its folder."""
    return given or portal_of(url) or folder_of(source) or "unknown"
