"""What the parser reads otherwise than a browser, or takes too long over, changed before it sees it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from lxml import etree

from boilerplate.compiled import extension
from boilerplate.segment.tags import BREAKOUT, TAGS

_SCAN = extension("boilerplate.segment._scan")

MAX_ATTRIBUTES = 1000
"""Attributes of an element that are read: the parser takes the square of their number in time."""

# </br> and a </p> without its <p> part words in a browser; the parser drops them.
_GLUE = re.compile(rb"</(?:p\s*>(?=[^\s<])|br(?:\s*/?>(?=[^\s<])|(?<=[^\s>]</br)\s*/?>))", re.I)
_SUSPECT = re.compile(rb"</(?:[pP]\s*>[^\s<]|[bB][rR])")

# Since 2.14 the parser reads tags as browsers do.
_LIKE_BROWSERS = etree.LIBXML_VERSION >= (2, 14)
_RAW = [b"script", b"style", b"title", b"textarea", b"xmp", b"iframe", b"noembed", b"noframes", b"plaintext"]
_N_RAW = len(_RAW) if _LIKE_BROWSERS else 2
_TAG = re.compile(rb"<(?:(/?)([a-zA-Z][^ \t\n\f\r/>]*)|!--|[!?/])")
# Tags of the usual make and the text between them, many at a time: most of a page.
_USUAL = re.compile(
    rb"(?:[^<]+|<(?!%s)/?[a-z][\w:-]*(?:[ \n]+[\w:-]+(?:=(?:\"[^\"]*\"|'[^']*'))?){0,50}[ \n]*/?>){1,1000}"
    % b"|".join([*_RAW, b"noscript", b"svg", b"math", b"html", b"/html"]),
    re.I,
)
_COMMENT_END = re.compile(rb"--!?>")
_ATTRIBUTE = re.compile(
    rb"[ \t\n\f\r/]*(?:(>)|[^ \t\n\f\r/>][^ \t\n\f\r/>=]*[ \t\n\f\r]*(?:=[ \t\n\f\r]*(?:([\"'])|[^ \t\n\f\r>]*))?)"
)
_TAG_OF_ANY_KIND = re.compile(rb"<(?=[a-zA-Z/])")
_WHOLE_TAG = re.compile(rb"<(/?)([a-zA-Z][^ \t\n\f\r/>]*)([^>]*)")
_BREAKOUT = frozenset(tag.encode() for tag in BREAKOUT - {"font"})
_KNOWN = frozenset(str(tag).encode() for tag in TAGS) - {b"svg", b"math"}
_HTML_IN = {
    b"svg": frozenset([b"desc", b"foreignobject"]),
    b"math": frozenset([b"annotation-xml", b"mi", b"mn", b"mo", b"ms", b"mtext"]),
}
_SCRIPT = re.compile(rb"<!--|-->|<(/?)script(?=[ \t\n\f\r/>])", re.I)


def mend(data: bytes) -> bytes:
    """Change what the parser reads otherwise than a browser, without moving a node."""
    if b"\0" in data:
        data = data.replace(b"\0", b" ")
    find = _misread if _SCAN is None else _SCAN.misread
    cuts = find(data, MAX_ATTRIBUTES, _N_RAW, _Foreign(data))
    if cuts:
        starts = [0, *(end for _, end in cuts)]
        data = b"".join(data[a:b] for a, b in zip(starts, [*(cut for cut, _ in cuts), len(data)], strict=True))
    return _GLUE.sub(rb"\g<0> ", data) if (_suspect if _SCAN is None else _SCAN.suspect)(data) else data


def _suspect(data: bytes) -> bool:
    """Whether there is an end tag that may part words."""
    return _SUSPECT.search(data) is not None


def _attributes(data: bytes, at: int) -> Iterator[int]:
    """Where each attribute of a tag ends, `at` being behind the tag's name; then where its ``>`` stands.

    That of a tag that never ends is the end of the data.
    """
    while (match := _ATTRIBUTE.match(data, at)) is not None:
        if match[1]:
            yield match.end() - 1
            return
        at = match.end()
        if match[2]:
            at = data.find(match[2], at) + 1
            if not at:
                break
        yield at
    yield len(data)


def _misread(data: bytes, most: int, raw: int, in_foreign: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """Find what the parser must not see: from where to where it stands.

    That is the attributes beyond `most` of each start tag; what ``noscript``
    holds, which is no markup to browsers; the slash of ``<html/>`` and the last
    letter of ``</html``, where the parser stops and a browser reads on; and
    start tags in MathML and SVG of elements that hold text and no tags (the
    first `raw` of `_RAW`) in HTML only.
    """
    cuts = []
    at = 0
    foreign = -1  # where MathML or SVG begins that may be open
    endless = False  # a noscript has no end tag
    while True:
        while (usual := _USUAL.match(data, at)) is not None:
            at = usual.end()
        tag = _TAG.search(data, at)
        if tag is None:
            break
        if tag[0] == b"<!--":
            end = _COMMENT_END.search(data, tag.start() + 2)  # "<!-->" is a whole one
            if end is None:
                break
            at = end.end()
            continue
        if tag[2] is None:
            at = data.find(b">", tag.end()) + 1
            if not at:
                break
            continue
        last = cut = 0
        for count, end_of_one in enumerate(_attributes(data, tag.end())):
            last, at = at, end_of_one
            if count == most:
                cut = last
        if at == len(data):
            break
        name = tag[2].lower()
        if tag[1]:
            if name == b"html" and data[at + 1 :].strip():
                cuts.append((tag.end() - 1, at))
            continue
        closed = data[at - 1] == ord("/") and last < at  # else it ends an attribute
        is_raw = (name in _RAW[:raw] and not closed) or name == b"noscript"
        if is_raw and foreign >= 0 and not _ends_at_once(data, at, name):
            if in_foreign(foreign, tag.start()):
                cuts.append((tag.start(), at + 1))
                continue
            foreign = -1
        if last > cut > 0:
            cuts.append((cut, last))
        if name == b"noscript":
            if not endless:
                content, end_tag = at + 1, _end_of_text(data, at, name)
                endless = end_tag < 0  # the parser's way shows no less
                if data.find(b"<", content, end_tag) >= 0 and not endless:
                    cuts.append((content, end_tag))
                at = max(content, end_tag)
        elif is_raw:
            at = _end_of_text(data, at, name)
            if at < 0:
                break
        elif closed:
            if name == b"html":
                cuts.append((at - 1, at))
        elif name in (b"svg", b"math"):
            foreign = tag.start()
    return cuts


def _ends_at_once(data: bytes, at: int, name: bytes) -> bool:
    """Whether the next tag is the end tag of an element."""
    tag = _TAG_OF_ANY_KIND.search(data, at)
    return tag is not None and _end_of_text(data[tag.start() : tag.start() + len(name) + 3], 0, name) == 0


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


def _end_of_text(data: bytes, at: int, name: bytes) -> int:
    """Where the end tag of an element stands that holds text and no tags; -1 where it has none."""
    if name == b"plaintext":
        return -1
    if name != b"script":
        end = re.compile(rb"</%s(?=[ \t\n\f\r/>])" % name, re.I).search(data, at)
        return end.start() if end else -1
    comment = inner = False  # a script in a comment in a script ends but the comment's
    while (match := _SCRIPT.search(data, at)) is not None:
        at = match.end()
        if match[0] == b"<!--":
            at = at if comment else at - 2  # "<!-->" is a whole one
            comment = True
        elif match[0] == b"-->":
            comment = inner = False
        elif not match[1]:
            inner = comment
        elif not inner:
            return match.start()
        else:
            inner = False
    return -1
