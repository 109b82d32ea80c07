"""What the parser reads otherwise than a browser, or takes too long over, changed before it sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from boilerplate.compiled import extension

_SCAN = extension("boilerplate.segment._scan")

MAX_ATTRIBUTES = 1000
"""Attributes of an element that are read: the parser takes the square of their number in time."""

# </br> and a </p> without its <p> part words in a browser; the parser drops them.
_GLUE = re.compile(rb"</(?:p\s*>(?=[^\s<])|br(?:\s*/?>(?=[^\s<])|(?<=[^\s>]</br)\s*/?>))", re.I)
# One pass for both; `bytes.find` of what begins with "</" takes longer than a pattern.
_SUSPECT = re.compile(rb"</(?:[pP]\s*>[^\s<]|[bB][rR]|([hH][tT][mM][lL]))")
_END = re.compile(rb"</html(?=[ \t\n\f\r/>])", re.I)
_END_OR_TEXT = re.compile(_END.pattern + rb"|<(/?)(title|textarea|xmp)(?=[ \t\n\f\r/>])", re.I)

# Since 2.14 the parser reads tags as browsers do.
_LIKE_BROWSERS = etree.LIBXML_VERSION >= (2, 14)
_RAW = [b"script", b"style", b"title", b"textarea", b"xmp", b"iframe", b"noembed", b"noframes", b"plaintext"]
_N_RAW = len(_RAW) if _LIKE_BROWSERS else 2
_TAG = re.compile(rb"<(?:(/?)([a-zA-Z][^ \t\n\f\r/>]*)|!--|[!?/])")
# Tags of the usual make and the text between them, many at a time: most of a page.
_USUAL = re.compile(
    rb"(?:[^<]+|<(?!%s)/?[a-z][\w:-]*(?:[ \n]+[\w:-]+(?:=(?:\"[^\"]*\"|'[^']*'))?){0,50}[ \n]*/?>){1,1000}"
    % b"|".join(_RAW),
    re.I,
)
_COMMENT_END = re.compile(rb"--!?>")
_ATTRIBUTE = re.compile(
    rb"[ \t\n\f\r/]*(?:(>)|[^ \t\n\f\r/>][^ \t\n\f\r/>=]*[ \t\n\f\r]*(?:=[ \t\n\f\r]*(?:([\"'])|[^ \t\n\f\r>]*))?)"
)
_SCRIPT = re.compile(rb"<!--|-->|<(/?)script(?=[ \t\n\f\r/>])", re.I)


def mend(data: bytes) -> bytes:
    """Change what the parser reads otherwise than a browser, without moving a node."""
    if b"\0" in data:
        data = data.replace(b"\0", b" ")
    cuts = _crowded(data, MAX_ATTRIBUTES, _N_RAW) if _SCAN is None else _SCAN.crowded(data, MAX_ATTRIBUTES, _N_RAW)
    if cuts:
        starts = [0, *(end for _, end in cuts)]
        data = b"".join(data[a:b] for a, b in zip(starts, [*(cut for cut, _ in cuts), len(data)], strict=True))
    at, ends = _suspect(data) if _SCAN is None else _SCAN.suspect(data)
    if at < 0 or (ends and not _behind(data, at)):
        return data
    data = _GLUE.sub(rb"\g<0> ", data)
    end = _END.search(data)
    return _without_ends(data) if end is not None and _behind(data, end.start()) else data


def _suspect(data: bytes) -> tuple[int, bool]:
    """Where the first end tag stands that may need mending (-1: nowhere), and whether it is that of ``html``."""
    first = _SUSPECT.search(data)
    return (first.start(), first[1] is not None) if first is not None else (-1, False)


def _behind(data: bytes, end: int) -> bytes:
    """What stands behind an end tag, but for white space."""
    return data[end:].partition(b">")[2].strip()


def _without_ends(data: bytes) -> bytes:
    """Take the end tags of ``html`` out: the parser stops there, a browser reads on.

    In a text field or a title it is no tag, and stays as text.
    """
    out = []
    at = 0
    within = b""
    for match in _END_OR_TEXT.finditer(data):
        start = match.start()
        if start < at:  # in another's attributes
            continue
        if match[2]:
            name = match[2].lower()
            if not within and not match[1]:
                within = name
            elif name == within and match[1]:
                within = b""
        elif within in (b"title", b"textarea"):
            out += [data[at:start], b"&lt;"]
            at = start + 1
        elif not within or not _LIKE_BROWSERS:
            out.append(data[at:start])
            *_, at = _attributes(data, match.end())
            at += 1
    return b"".join([*out, data[at:]])


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


def _crowded(data: bytes, most: int, raw: int) -> list[tuple[int, int]]:
    """Find the attributes beyond `most` of each start tag: from where to where they stand.

    The first `raw` of the elements `_RAW` hold text and no tags.
    """
    cuts = []
    at = 0
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
        if tag[1]:
            continue
        if last > cut > 0:
            cuts.append((cut, last))
        name = tag[2].lower()
        if name in _RAW[:raw]:
            at = _end_of_text(data, at, name)
            if at < 0:
                break
    return cuts


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
