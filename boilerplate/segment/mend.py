"""What the parser reads otherwise than a browser, or takes too long over, changed before it sees it."""

from __future__ import annotations

import re

from lxml import etree

from boilerplate.compiled import fastest
from boilerplate.segment.foreign import Foreign

_scan = fastest("boilerplate.segment._scan")

MAX_ATTRIBUTES = 1000
"""Attributes of an element that are read: the parser takes the square of their number in time."""

# </br> and a </p> without its <p> part words in a browser; the parser drops them.
_GLUE = re.compile(rb"</(?:p\s*>(?=[^\s<])|br(?:\s*/?>(?=[^\s<])|(?<=[^\s>]</br)\s*/?>))", re.I)

# Since 2.14 the parser reads tags as browsers do.
_LIKE_BROWSERS = etree.LIBXML_VERSION >= (2, 14)
_N_RAW = len(_scan.RAW) if _LIKE_BROWSERS else 2


def mend(data: bytes) -> bytes:
    """Change what the parser reads otherwise than a browser, without moving a node."""
    if b"\0" in data:
        data = data.replace(b"\0", b" ")
    unseen = _scan.misread(data, MAX_ATTRIBUTES, _N_RAW, Foreign(data))
    if unseen:
        starts = [0, *(end for _, end in unseen)]
        data = b"".join(data[a:b] for a, b in zip(starts, [*(start for start, _ in unseen), len(data)], strict=True))
    return _GLUE.sub(rb"\g<0> ", data) if _scan.suspect(data) else data
