"""HTML to blocks: one pass over the DOM.

A block is a run of text that no block-level element, double line break or
border between links interrupts. Inline markup never ends a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from lxml import etree

from boilerplate.compiled import twin
from boilerplate.errors import InputError
from boilerplate.segment.inline import Run, flush
from boilerplate.segment.mend import mend
from boilerplate.segment.page import HtmlPage
from boilerplate.segment.tags import (
    BLOCK,
    BREAK,
    BREAKOUT,
    BREAKOUT_FONT,
    HEADINGS,
    INLINE,
    LINK,
    PICTURE,
    SKIP,
    STRONG,
    TAGS,
    unknown,
)

_TWIN = twin("boilerplate.segment._walk")

_BLANK = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad]*\\Z")

_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(title|script|style|template|noscript|iframe)\b[^<>]*>.*?(?:</\1\s*>|\Z)"
    r"|<(/?)([a-z][^\s/<>]{0,60})([^<>]*)>",
    re.I | re.S,
)


def parse(text: str | bytes) -> Any | None:
    """Parse HTML (text, or bytes in UTF-8) with libxml2's forgiving parser.

    Returns the root element, or None for a page without any element. Where
    tags nest deeper than the parser follows (2,048), the page is flattened to
    the tags that part text and parsed again, so no text is lost.

    Raises
    ------
    InputError
        If the page nests too deeply even so.
    """
    data = text.encode("utf-8", "replace") if isinstance(text, str) else text
    data = mend(data)
    for attempt in range(2):
        parser = etree.HTMLParser(
            encoding="utf-8", huge_tree=True, collect_ids=False
        )  # a table of ids takes a seventh of the time
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError:  # nothing but space or comments
            return None
        last = parser.error_log.last_error
        if last is None or last.level < etree.ErrorLevels.FATAL:
            return root
        if attempt == 0:
            data = _flatten(data.decode("utf-8", "replace")).encode()
    raise InputError("tags nest too deeply to be read")


def _flatten(text: str) -> str:
    """Rewrite HTML so that nothing nests: one open block-level element, one open link."""
    block = link = ""

    def token(match: re.Match[str]) -> str:
        nonlocal block, link
        raw, closing, name, rest = match.groups()
        if name is None:
            return match[0] if raw is not None and raw.lower() == "title" else ""
        name = name.lower()
        kind, code = TAGS.get(name) or unknown(name)
        if kind == BREAK:
            return "<br>"
        if kind != BLOCK and kind != LINK:
            return ""
        shut, link = link, ""
        if kind == BLOCK:
            shut, block = shut + block, ""
        if closing:
            return shut
        if kind == LINK:
            link = "</a>"
            return f"{shut}<a{rest}>"
        kept = name if code in HEADINGS or name in ("li", "td") else "p"
        block = f"</{kept}>"
        return f"{shut}<{kept}{rest}>"

    return _TOKEN.sub(token, text)


def segment(root: Any | None, *, nodes: bool = False) -> HtmlPage:
    """Cut a parsed page into blocks.

    Parameters
    ----------
    root
        Root element from `parse`; None gives a page without blocks.
    nodes
        Whether to keep the elements and text nodes (`HtmlPage.nodes`, `HtmlPage.refs`),
        so that blocks can be found again; it takes time and memory.
    """
    page = HtmlPage()
    if root is None:
        return page
    if _TWIN is not None and not nodes:
        title = _TWIN.title(root)
        _TWIN.walk(root, page)
    else:
        title = _title(root)
        _walk(root, page, nodes)
    page.title = " ".join(title.split())
    return page


def _title(root: Any) -> str:
    """Text of the first ``title`` that has any and is not a picture's."""
    for title in root.iter("title"):
        if title.text and next(title.iterancestors("svg"), None) is None:
            return str(title.text)
    return ""


def _way_out(picture: Any) -> list[Any]:
    """Elements from what ends an unclosed picture, as a browser reads it, up to the picture's child; none if closed."""
    for element in picture.iter(*BREAKOUT):
        if element.tag != "font" or not BREAKOUT_FONT.isdisjoint(element.attrib):
            way = [element]
            while (parent := way[-1].getparent()) is not picture:
                way.append(parent)
            return way
    return []


def _walk(root: Any, page: HtmlPage, nodes: bool) -> None:
    # The hot loop of the package: everything it touches is local, and text is handled in one place.
    run = Run()
    parts, links, strongs, owners, refs = run.parts, run.links, run.strong, run.owners, run.refs
    texts, seen = page.texts, page.nodes
    tags, attrs, parents, starts, ends = page.tags, page.attrs, page.parents, page.starts, page.ends
    info_of = TAGS.get
    stack: list[tuple[Any, ...]] = []
    here = block = -1  # numbers of the innermost open element: of any kind, block-level
    link = strong = n_links = 0  # ordinal of the open link, depth of open <b>/<strong>, links so far
    solid = broken = False  # the run holds more than white space; a <br> stands at its end
    siblings: Iterator[Any] = iter((root,))
    way: list[Any] = []  # elements yet to open before text shows: see `_way_out`
    while True:
        element = next(siblings, None)
        if element is None:
            if not stack:
                break
            number, kind = here, stack[-1][2]
            if solid and kind == BLOCK:
                flush(run, page, block)
                run.clear()
                solid = False
            ends[number] = len(texts) + (solid and kind != BLOCK)
            siblings, element, kind, here, block, link, strong = stack.pop()
            text, tail = element.tail, True
        else:
            tag = element.tag
            info = info_of(tag)
            if info is None:
                info = unknown(tag) if isinstance(tag, str) else (SKIP, 0)
            kind, code = info
            tail = True
            if kind == BREAK:
                if solid:
                    if broken:
                        flush(run, page, block)
                        run.clear()
                        solid = False
                    broken = not broken
                text = element.tail
            elif kind == SKIP and not way and not (code == PICTURE and (way := _way_out(element))):
                text = element.tail
            else:
                if way:
                    kind = INLINE
                if kind == BLOCK and solid:
                    flush(run, page, block)
                    run.clear()
                    solid = False
                number = len(tags)
                tags.append(code)
                name, ident = element.get("class"), element.get("id")
                attrs.append(f"{name or ''}#{ident}" if ident else name or "")
                parents.append(here)
                starts.append(len(texts))
                ends.append(0)
                if nodes:
                    seen.append(element)
                stack.append((siblings, element, kind, here, block, link, strong))
                here = number
                if kind == BLOCK:
                    block = number
                elif kind == LINK:
                    link = n_links = n_links + 1
                elif kind == STRONG:
                    strong += 1
                if way:
                    text, child = None, way.pop()
                    siblings = chain((child,), child.itersiblings())
                else:
                    text, tail = element.text, False
                    siblings = iter(element[:])
        if not text or here < 0:
            continue
        if not solid:
            if text.isspace() or (not text.isascii() and _BLANK.match(text)):
                continue
            solid, broken = True, False
        elif broken and not (text.isspace() or (not text.isascii() and _BLANK.match(text))):
            # A line break ends the run, unless it only wraps a sentence.
            if run.goes_on(text):
                parts.append(" ")
                links.append(0)
                strongs.append(False)
                owners.append(here)
                if nodes:
                    refs.append(refs[-1])
            else:
                flush(run, page, block)
                run.clear()
            broken = False
        parts.append(text)
        links.append(link)
        strongs.append(strong > 0)
        owners.append(here)
        if nodes:
            refs.append((element, tail))
    if solid:
        flush(run, page, block)
