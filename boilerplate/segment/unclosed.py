"""Elements that hide what they hold, and that a browser takes for closed where the parser leaves them open."""

from __future__ import annotations

from collections.abc import Set
from itertools import islice
from typing import Any

from lxml import etree

from boilerplate.segment.tags import BREAKOUT, BREAKOUT_FONT, PICTURE_ENDS

_FAR = 100
"""Ancestors that are looked at: all of them would take the square of a deep page's size in time."""

_PARAGRAPH_ENDS = frozenset(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form"
    " h1 h2 h3 h4 h5 h6 header hgroup hr li listing main menu nav ol p plaintext pre search section summary table ul"
    " xmp".split()
)
_MARKERS = frozenset("applet caption marquee object td template th".split())
_CELLS = frozenset("caption td template th".split())
_SCOPE = _MARKERS | {"html", "table"}
_BUTTON_SCOPE = _SCOPE | {"button"}
_LISTS = _SCOPE | (_PARAGRAPH_ENDS - {"address", "div", "p"}) | {"button", "select", "tbody", "tr"}
_HTML_IN_FOREIGN = frozenset("annotation-xml desc foreignobject mi mn mo ms mtext".split())

# https://html.spec.whatwg.org/#parsing-main-inbody: start tags that close an element which is open around, if nothing
# shields it; what shields it, within the element that is closed with it, and around that.
_RULES = (
    (_PARAGRAPH_ENDS, {"p"}, _BUTTON_SCOPE, _BUTTON_SCOPE | _PARAGRAPH_ENDS),
    ({"li"}, {"li"}, _LISTS, _LISTS),
    ({"dd", "dt"}, {"dd", "dt"}, _LISTS, _LISTS),
    ({"a"}, {"a"}, _MARKERS, _MARKERS),
    ({"nobr"}, {"nobr"}, _SCOPE, _SCOPE),
    ({"button"}, {"button"}, _SCOPE, _SCOPE),
    ({"table"}, {"table"}, _CELLS, _CELLS),
    (BREAKOUT - {"font"}, {"math", "svg"}, _HTML_IN_FOREIGN, _HTML_IN_FOREIGN),
)
_TABLE_PARTS = frozenset("caption col colgroup tbody td tfoot th thead tr".split())
_ANY = frozenset().union(_TABLE_PARTS, *(closers for closers, *_ in _RULES))


def way_out(element: Any) -> list[Any]:
    """Elements from what ends an unclosed element, as a browser reads it, up to the element's child; none if closed."""
    inner = _out_of_picture(element) if element.tag == "svg" else _out_of_fallback(element)
    if inner is None:
        return []
    way = [inner]
    while (parent := way[-1].getparent()) is not element:
        way.append(parent)
    return way


def _out_of_picture(picture: Any) -> Any | None:
    for inner in picture.iter(*PICTURE_ENDS):
        if inner.tag != "font" or not BREAKOUT_FONT.isdisjoint(inner.attrib):
            return inner
    return None


def _out_of_fallback(element: Any) -> Any | None:
    """The first element that a browser would not leave in a video or the like.

    It is a part of a table without the table, or closes what is open around
    the video: a paragraph another paragraph, and the video with it. The parser
    nests them. In a ``div`` it ignores ``</object>``, which leaves no telling
    whether it is closed; browsers show what is in one that they cannot load.
    """
    if next(element.iterdescendants(*_ANY), None) is None:  # as good as always
        return None
    rules: list[tuple[Set[str], Set[str]]] = [(_TABLE_PARTS, {"table", "template"})]
    if element.tag in ("applet", "object"):
        rules.append(({"div"}, frozenset()))
    around = [element.tag, *(ancestor.tag for ancestor in islice(element.iterancestors(), _FAR))]
    for closers, open_ones, shields, shields_around in _RULES:
        if next((tag in open_ones for tag in around if tag in open_ones or tag in shields_around), False):
            rules.append((closers, shields))
    depths = [0] * len(rules)
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        tag = inner.tag
        if inner is element:
            continue
        if event == "start" and any(not depth and tag in rule[0] for depth, rule in zip(depths, rules, strict=True)):
            return inner
        for i, rule in enumerate(rules):
            if tag in rule[1]:
                depths[i] += 1 if event == "start" else -1
    return None
