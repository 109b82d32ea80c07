"""What the parser reads otherwise than a browser, or takes too long over, changed before it sees it."""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from boilerplate.compiled import fastest
from boilerplate.segment.tags import BREAKOUT, TAGS

_scan = fastest("boilerplate.segment._scan")

MAX_ATTRIBUTES = 1000
"""Attributes of an element that are read: the parser takes the square of their number in time."""

# </br> and a </p> without its <p> part words in a browser; the parser drops them.
_GLUE = re.compile(rb"</(?:p\s*>(?=[^\s<])|br(?:\s*/?>(?=[^\s<])|(?<=[^\s>]</br)\s*/?>))", re.I)

# Since 2.14 the parser reads tags as browsers do.
_LIKE_BROWSERS = etree.LIBXML_VERSION >= (2, 14)
_N_RAW = len(_scan.RAW) if _LIKE_BROWSERS else 2
_WHOLE_TAG = re.compile(rb"<(/?)([a-zA-Z][^ \t\n\f\r/>]*)([^>]*)")
_BREAKOUT = frozenset(tag.encode() for tag in BREAKOUT - {"font"})
_KNOWN = frozenset(str(tag).encode() for tag in TAGS) - {b"svg", b"math"}
_HTML_IN = {
    b"svg": frozenset([b"desc", b"foreignobject"]),
    b"math": frozenset([b"annotation-xml", b"mi", b"mn", b"mo", b"ms", b"mtext"]),
}


def mend(data: bytes) -> bytes:
    """Change what the parser reads otherwise than a browser, without moving a node."""
    if b"\0" in data:
        data = data.replace(b"\0", b" ")
    unseen = _scan.misread(data, MAX_ATTRIBUTES, _N_RAW, _Foreign(data))
    if unseen:
        starts = [0, *(end for _, end in unseen)]
        data = b"".join(data[a:b] for a, b in zip(starts, [*(start for start, _ in unseen), len(data)], strict=True))
    return _GLUE.sub(rb"\g<0> ", data) if _scan.suspect(data) else data


class _Foreign:
    """Tells whether MathML or SVG goes on, as browsers read it, and no HTML in it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.start = self.at = -1
        self.open: Counter[bytes] = Counter()

    def __call__(self, start: int, to: int) -> bool:
        """Whether what begins with the tag at `start` goes on as far as `to`; with each call farther, if it did."""
        if start != self.start:
            self.start = self.at = start
            self.open.clear()
        for tag in _WHOLE_TAG.finditer(self.data, self.at, to):
            name = tag[2].lower()
            if not tag[1]:
                if name in _BREAKOUT or any(self.open[root] and name in inside for root, inside in _HTML_IN.items()):
                    return False
                self.open[name] += not tag[3].endswith(b"/")
            elif self.open[name]:
                self.open[name] -= 1
                if not any(self.open[root] for root in _HTML_IN):
                    return False
            elif name in _KNOWN:  # it may close what is around
                return False
        self.at = to
        return True
