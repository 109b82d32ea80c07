"""The address that a page gives as its own."""

from __future__ import annotations

from typing import Any

from lxml import etree

from boilerplate.segment.page import LONGEST_TARGET

_FOUND = etree.XPath(
    "string((/html/head/link[@rel='canonical']/@href | /html/head/meta[@property='og:url']/@content)[1])"
)


def own_address(root: Any) -> bytes:
    """The address that a page's head gives as its own, in UTF-8, at most `LONGEST_TARGET` bytes; ``b""`` for none."""
    return str(_FOUND(root)).encode("utf-8", "surrogatepass")[:LONGEST_TARGET]
