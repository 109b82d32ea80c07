"""Scans over a page's bytes; replaced by the compiled `_scan.pyx` where that is built.

Whoever changes one changes the other: both give the same (see `compiled`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from boilerplate.segment.foreign import COMMENT_END, TAG, attributes

RAW = (b"script", b"style", b"title", b"textarea", b"xmp", b"iframe", b"noembed", b"noframes", b"plaintext")
"""Elements that hold text and no tags."""

SHOWN = (b"title", b"textarea", b"xmp")
"""Those whose text a browser shows or names the page by."""

HIDING = (b"audio", b"video", b"canvas", b"object", b"applet", b"datalist", b"template")
"""Elements that hide what they hold; in MathML and SVG, none of these is known."""

_SUSPECT = re.compile(rb"</(?:[pP]\s*>[^\s<]|[bB][rR])")
# Tags of the usual make and the text between them, many at a time: most of a page.
_USUAL = re.compile(
    rb"(?:[^<]+|<(?!%s)/?[a-z][\w:-]*(?:[ \n]+[\w:-]+(?:=(?:\"[^\"]*\"|'[^']*'))?){0,50}[ \n]*/?>){1,1000}"
    % b"|".join([*RAW, b"noscript", b"svg", b"math", b"html", b"/html"]),
    re.I,
)
_TAG_OF_ANY_KIND = re.compile(rb"<(?=[a-zA-Z/])")
_SCRIPT = re.compile(rb"<!--|-->|<(/?)script(?=[ \t\n\f\r/>])", re.I)


def suspect(data: bytes) -> bool:
    """Whether there is an end tag that may part words."""
    return _SUSPECT.search(data) is not None


def misread(data: bytes, most: int, raw: int, in_foreign: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """Find what the parser must not see: from where to where it stands.

    That is the attributes beyond `most` of each start tag; what ``noscript``
    holds, which is no markup to browsers; the slash of ``<html/>`` and the last
    letter of ``</html``, where the parser stops and a browser reads on; the
    slash of ``<textarea/>``, which closes nothing; and start tags in MathML and
    SVG of elements that hold text and no tags (the first `raw` of `RAW`), or
    hide what they hold, in HTML only.
    """
    cuts = []
    at = 0
    foreign = -1  # where MathML or SVG begins that may be open
    root, nested = b"", 0  # which it is, and how many begin in it
    endless = False  # a noscript has no end tag
    while True:
        while foreign < 0 and (usual := _USUAL.match(data, at)) is not None:
            at = usual.end()
        tag = TAG.search(data, at)
        if tag is None:
            break
        if tag[0] == b"<!--":
            end = COMMENT_END.search(data, tag.start() + 2)  # "<!-->" is a whole one
            if end is None:
                break
            at = end.end()
            continue
        if tag[2] is None:
            at = data.find(b">", tag.end()) + 1
            if not at:
                break
            continue
        last = excess = 0
        for count, end_of_one in enumerate(attributes(data, tag.end())):
            last, at = at, end_of_one
            if count == most:
                excess = last
        if at == len(data):
            break
        name = tag[2].lower()
        if tag[1]:
            if name == b"html" and data[at + 1 :].strip():
                cuts.append((tag.end() - 1, at))
            elif foreign >= 0 and name in (b"svg", b"math"):
                if nested:
                    nested -= 1
                elif name == root:
                    foreign = -1
            continue
        closed = data[at - 1] == ord("/") and last < at  # else it ends an attribute
        is_raw = (name in RAW[:raw] and (not closed or name in SHOWN)) or name == b"noscript"
        if foreign >= 0 and (is_raw or name in HIDING) and not (is_raw and _ends_at_once(data, at, name)):
            if in_foreign(foreign, tag.start()):
                if not closed:
                    cuts.append((tag.start(), at + 1))
                continue
            foreign = -1
        if last > excess > 0:
            cuts.append((excess, last))
        if name == b"noscript":
            if not endless:
                content, end_tag = at + 1, _end_of_text(data, at, name)
                endless = end_tag < 0  # the parser's way shows no less
                if data.find(b"<", content, end_tag) >= 0 and not endless:
                    cuts.append((content, end_tag))
                at = max(content, end_tag)
        elif is_raw:
            if closed:
                cuts.append((at - 1, at))
            at = _end_of_text(data, at, name)
            if at < 0:
                break
        elif closed:
            if name == b"html":
                cuts.append((at - 1, at))
        elif name in (b"svg", b"math"):
            if foreign < 0:
                foreign, root, nested = tag.start(), name, 0
            else:
                nested += 1
    return cuts


def _ends_at_once(data: bytes, at: int, name: bytes) -> bool:
    """Whether the next tag is the end tag of an element."""
    tag = _TAG_OF_ANY_KIND.search(data, at)
    return tag is not None and _end_of_text(data[tag.start() : tag.start() + len(name) + 3], 0, name) == 0


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
            at -= 2  # "<!-->" is a whole one, and ends a comment that it stands in
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
