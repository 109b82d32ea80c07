"""Which tags stand in MathML or SVG, as browsers read them, of elements that hold text or hide it in HTML only.

The rules are those of https://html.spec.whatwg.org/#parsing-main-inforeign, as far as they say where MathML or SVG ends
and where HTML begins within it. What the page had open around is counted, not nested: near enough for markup that is
broken anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from boilerplate.segment.tags import BREAKOUT, BREAKOUT_FONT, TAGS

TAG = re.compile(rb"<(?:(/?)([a-zA-Z][^ \t\n\f\r/>]*)|!--|[!?/])")
"""Where a tag begins, a comment or what a browser takes for one."""

COMMENT_END = re.compile(rb"--!?>")

_ATTRIBUTE = re.compile(
    rb"[ \t\n\f\r/]*(?:(>)|[^ \t\n\f\r/>][^ \t\n\f\r/>=]*[ \t\n\f\r]*(?:=[ \t\n\f\r]*(?:([\"'])|[^ \t\n\f\r>]*))?)"
)
_ROOTS = (b"svg", b"math")
_BREAKOUT = frozenset(tag.encode() for tag in BREAKOUT - {"font"})
_OF_FONT = re.compile(rb"[\s/\"'](?:%s)(?=[\s/=>])" % "|".join(sorted(BREAKOUT_FONT)).encode(), re.I)
_HTML_ENCODING = re.compile(rb"encoding\s*=\s*[\"']?(?:text/html|application/xhtml\+xml)[\"'\s>/]", re.I)
_SVG_WITH_HTML = frozenset([b"foreignobject", b"desc", b"title"])
_MATH_WITH_TEXT = frozenset([b"mi", b"mn", b"mo", b"ms", b"mtext"])
_BARRIERS = {b"svg": _SVG_WITH_HTML, b"math": _MATH_WITH_TEXT | {b"annotation-xml"}}
_VOID = frozenset(b"area base br col embed hr img input link meta param source track wbr".split())
_KNOWN = frozenset(str(tag).encode() for tag in TAGS)
_ENDS_NOTHING = frozenset([b"body", b"form", b"head", b"html", *_VOID])  # end tags that leave open what is inside
_HEADINGS = frozenset(b"h%d" % i for i in range(1, 7))
_FAR = 100
"""Open elements that an end tag looks at: all of them would take the square of a deep page's size in time."""


def attributes(data: bytes, at: int) -> Iterator[int]:
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


class Foreign:
    """The elements that are open from a root of MathML or SVG on; asked about one tag after another.

    Attributes
    ----------
    open
        From the root in: name of each element, and of what it is part of: ``svg``, ``math`` or ``html``.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.start = self.at = -1
        self.open: list[tuple[bytes, bytes]] = []
        self._around: dict[bytes, tuple[int, int]] = {}

    def __call__(self, start: int, to: int) -> bool:
        """Whether the tag at `to` stands in MathML or SVG that begins with the tag at `start`, and in no HTML in it.

        Nothing between the two may hold text and no tags. A call from the same
        start goes on where the last one ended.
        """
        if start != self.start:
            self.start = self.at = start
            self.open.clear()
        while self.at < to:
            tag = TAG.search(self.data, self.at, to)
            self.at = to if tag is None else self._pass(tag)
        match = TAG.match(self.data, to)
        return bool(self.open) and match is not None and not self._in_html(match[2].lower())

    def _pass(self, tag: re.Match[bytes]) -> int:
        """Take one tag or comment; returns where it ends."""
        data = self.data
        if tag[0] == b"<!--":
            end = COMMENT_END.search(data, tag.start() + 2)
            return end.end() if end else len(data)
        if tag[2] is None:
            return data.find(b">", tag.end()) + 1 or len(data)
        last = at = tag.end()
        for end_of_one in attributes(data, at):
            last, at = at, end_of_one
        name, rest = tag[2].lower(), data[tag.end() : at + 1]
        if tag[1]:
            self._end(name)
        else:
            self._begin(name, rest, closed=data[at - 1 : at] == b"/" and last < at)
        return at + 1

    def _begin(self, name: bytes, rest: bytes, *, closed: bool) -> None:
        if self.open and not self._in_html(name):
            if name not in _BREAKOUT and not (name == b"font" and _OF_FONT.search(rest)):
                if not closed:
                    # What cannot be told from its name alone: whether it holds HTML.
                    html = name == b"annotation-xml" and _HTML_ENCODING.search(rest) is not None
                    root = self.open[-1][1]
                    self.open.append((b"foreignobject", b"svg") if html else (name, root))
                return
            while self.open and not self._in_html(b""):
                self.open.pop()
        if name in _ROOTS:
            if not closed:
                self.open.append((name, name))
        elif self.open and name not in _VOID:
            self.open.append((name, b"html"))

    def _in_html(self, name: bytes) -> bool:
        """Whether a start tag of that name is read as HTML where the reading stands."""
        if not self.open:
            return True
        inner, root = self.open[-1]
        if root == b"html" or (root == b"svg" and inner in _SVG_WITH_HTML):
            return True
        if root == b"math" and inner in _MATH_WITH_TEXT:
            return name not in (b"mglyph", b"malignmark")
        return root == b"math" and inner == b"annotation-xml" and name == b"svg"

    def _end(self, name: bytes) -> None:
        own = {name, b"foreignobject"} if name == b"annotation-xml" else {name}
        of_html = False
        for i in range(len(self.open) - 1, max(-1, len(self.open) - 1 - _FAR), -1):
            inner, root = self.open[i]
            of_html |= root == b"html"
            if inner in own:
                del self.open[i:]
                return
            if of_html and inner in _BARRIERS.get(root, ()):
                return
        if not any(inner in _BARRIERS.get(root, ()) for inner, root in self.open[-_FAR:]) and self._is_open_around(
            name
        ):
            self.open.clear()

    def _is_open_around(self, name: bytes) -> bool:
        if name in _ENDS_NOTHING or name not in _KNOWN:
            return False
        return any(self._count(each) > 0 for each in (_HEADINGS if name in _HEADINGS else (name,)))

    def _count(self, name: bytes) -> int:
        """Start tags of that name before the root, less end tags."""
        at, count = self._around.get(name, (0, 0))
        for tag in re.finditer(rb"<(/?)%s(?=[ \t\n\f\r/>])" % name, self.data[at : self.start], re.I):
            count += -1 if tag[1] else 1
        self._around[name] = self.start, count
        return count
