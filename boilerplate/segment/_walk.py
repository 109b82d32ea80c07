"""The walk over a parsed page: one pass over the tree, from runs of text to blocks.

A block is a run of text that no block-level element, double line break or
border between links interrupts. Inline markup never ends a run.

Replaced by the compiled `_walk.pyx` where that is built (see `compiled`). Both
give the same page (`tests/test_compiled.py`): whoever changes one changes the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from boilerplate.segment.inline import Run, flush
from boilerplate.segment.page import HtmlPage
from boilerplate.segment.sentence import BUTTON, FOLLOWED, GOES_ON, STARTS, place
from boilerplate.segment.style import (
    BOXED,
    FLAT,
    GONE,
    LINES,
    WRAP,
    effects_of,
    is_icon,
    marks_under,
)
from boilerplate.segment.tags import (
    BLOCK,
    BREAK,
    CAN_BE_FLAT,
    FALLBACKS,
    INLINE,
    LINK,
    PRE,
    READINGS,
    SKIP,
    STRONG,
    TAGS,
    unknown,
)
from boilerplate.segment.unclosed import way_out

_BLANK = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad]*\\Z")


def title(root: Any) -> str:
    """Text of the first ``title`` that has any and is not a picture's."""
    for found in root.iter("title"):
        if found.text and next(found.iterancestors("svg"), None) is None:
            return str(found.text)
    return ""


def walk(root: Any, page: HtmlPage, nodes: bool) -> None:
    """Cut the tree under `root` into the blocks of `page`, which is empty; `nodes`: whether to keep nodes and refs."""
    # The hot loop of the package: everything it touches is local, and text is handled in one place.
    run = Run()
    parts, links, strongs, owners, refs, marked = run.parts, run.links, run.strong, run.owners, run.refs, run.marks
    texts, seen = page.texts, page.nodes
    tags, attrs, parents, starts, ends = page.tags, page.attrs, page.parents, page.starts, page.ends
    info_of = TAGS.get
    stack: list[tuple[Any, ...]] = []
    here = block = -1  # numbers of the innermost open element: of any kind, block-level
    link = strong = n_links = 0  # ordinal of the open link, depth of open <b>/<strong>, links so far
    marks = 0  # of the text to come
    solid = broken = False  # the run holds more than white space; a <br> stands at its end
    siblings: Iterator[Any] = iter((root,))
    way: list[Any] = []  # elements yet to open before text shows: see `way_out`
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
            siblings, element, kind, here, block, link, strong, marks = stack.pop()
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
            elif kind == SKIP and not way and not (code in FALLBACKS and (way := way_out(element))):
                text = element.tail
            else:
                name, ident = element.get("class"), element.get("id")
                effect = 0
                if way:
                    kind = INLINE
                else:
                    effect = effects_of(element)
                    if kind == INLINE and (name or "aria-hidden" in element.attrib):
                        aria = (element.get("aria-hidden") or "").lower() == "true"
                        if is_icon(name or "", element.text, aria):
                            effect |= GONE
                    if effect & FLAT and code in CAN_BE_FLAT:
                        kind = INLINE
                    elif kind == BLOCK and (code == BUTTON or (code == 0 and "-" in tag)):
                        where, before = place(element), solid and not broken
                        if (
                            where == STARTS
                            or (before and where == GOES_ON)
                            or (before and where == FOLLOWED and run.is_open())
                        ):
                            kind = INLINE
                    if code in READINGS:
                        effect |= GONE
                boxed = BLOCK if kind == BLOCK or effect & BOXED else kind
                if boxed == BLOCK and solid:
                    flush(run, page, block)
                    run.clear()
                    solid = False
                number = len(tags)
                tags.append(code)
                attrs.append(f"{name or ''}#{ident}" if ident else name or "")
                parents.append(here)
                starts.append(len(texts))
                ends.append(0)
                if nodes:
                    seen.append(element)
                stack.append((siblings, element, boxed, here, block, link, strong, marks))
                here = number
                if boxed == BLOCK:
                    block = number
                if kind == LINK:
                    link = n_links = n_links + 1
                    run.hrefs.append(element.get("href"))
                elif kind == STRONG:
                    strong += 1
                if code == PRE:
                    marks |= LINES
                if effect:
                    marks = marks_under(marks, effect)
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
                marked[len(parts)] = WRAP
                parts.append("\n")
                links.append(0)
                strongs.append(False)
                owners.append(here)
                if nodes:
                    refs.append(refs[-1])
            else:
                flush(run, page, block)
                run.clear()
            broken = False
        if marks:
            marked[len(parts)] = marks
        parts.append(text)
        links.append(link)
        strongs.append(strong > 0)
        owners.append(here)
        if nodes:
            refs.append((element, tail))
    if solid:
        flush(run, page, block)
