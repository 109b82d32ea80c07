"""HTML to blocks: one pass over the DOM.

A block is a run of text that no block-level element, double line break or
border between links interrupts. Inline markup never ends a run.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from boilerplate.errors import InputError
from boilerplate.segment.page import Page
from boilerplate.segment.tags import BLOCK, BREAK, HEADINGS, IMAGE, LINK, SKIP, STRONG, TAGS, unknown

_SENTENCE_END = frozenset(".!?:;\"”’'…)»")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_BLANK = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad]*\\Z")

# </br> and a </p> without its <p> part words in a browser; the parser drops them.
# One pattern that begins with "</", for speed: it runs over all of a page.
_GLUE = re.compile(rb"</(?:p\s*>(?=[^\s<])|br(?:\s*/?>(?=[^\s<])|(?<=[^\s>]</br)\s*/?>))", re.I)
_END = re.compile(rb"</html\s*>", re.I)

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
    data = _mend(data)
    for attempt in range(2):
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
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


def _mend(data: bytes) -> bytes:
    """Change what the parser reads otherwise than a browser, without moving a node."""
    if b"\0" in data:
        data = data.replace(b"\0", b" ")
    data = _GLUE.sub(rb"\g<0> ", data)
    end = max(data.find(b"</html"), data.find(b"</HTML"))  # many times as fast as the pattern
    if end >= 0 and data[end:].partition(b">")[2].strip():
        data = _END.sub(b"", data)  # the parser stops there, a browser reads on
    return data


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
        if kind in (BREAK, IMAGE):
            return "<br>" if kind == BREAK else "<img>"
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


class _Run:
    """The run of text being collected, and the page it ends up in."""

    __slots__ = ("broken", "links", "owners", "page", "parts", "refs", "solid", "strong")

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clear()

    def clear(self) -> None:
        self.parts: list[str] = []
        self.refs: list[tuple[Any, bool]] = []
        self.links: list[int] = []
        self.strong: list[bool] = []
        self.owners: list[int] = []
        self.solid = False  # holds more than white space
        self.broken = False  # a <br> stands at its end


def segment(root: Any | None) -> Page:
    """Cut a parsed page into blocks.

    Parameters
    ----------
    root
        Root element from `parse`; None gives a page without blocks.
    """
    page = Page()
    if root is None:
        return page
    for title in root.iter("title"):
        if title.text and next(title.iterancestors("svg"), None) is None:
            page.title = " ".join(title.text.split())
            break
    _walk(root, page)
    return page


def _walk(root: Any, page: Page) -> None:
    run = _Run(page)
    texts, images = page.texts, page.images
    tags, attrs, parents = page.tags, page.attrs, page.parents
    starts, ends, nodes = page.starts, page.ends, page.nodes
    get_tag = TAGS.get
    stack: list[tuple[Any, ...]] = []
    element: Any = root
    here = -1  # number of the innermost open element, of any kind
    block = -1  # ... of the innermost open block-level element
    link = strong = 0  # ordinal of the open link, depth of open <b>/<strong>
    n_links = 0
    siblings: Any = iter((root,))
    while True:
        for element in siblings:
            tag = element.tag
            info = get_tag(tag)
            if info is None:
                info = unknown(tag) if isinstance(tag, str) else (SKIP, 0)
            kind, code = info
            if kind == SKIP:
                pass
            elif kind == BREAK:
                if run.solid:
                    if run.broken:
                        _flush(run, block)
                    else:
                        run.broken = True
            elif kind == IMAGE and not len(element) and not element.text:
                images.append(len(texts))
            else:
                if kind == IMAGE:  # an <amp-img> that nobody closed
                    images.append(len(texts))
                if kind == BLOCK and run.parts:
                    _flush(run, block)
                number = len(tags)
                tags.append(code)
                name, ident = element.get("class"), element.get("id")
                attrs.append(f"{name or ''}#{ident}" if ident else name or "")
                parents.append(here)
                starts.append(len(texts))
                ends.append(0)
                nodes.append(element)
                stack.append((siblings, element, kind, number, here, block, link, strong))
                here = number
                if kind == BLOCK:
                    block = number
                elif kind == LINK:
                    n_links += 1
                    link = n_links
                elif kind == STRONG:
                    strong += 1
                text = element.text
                if text:
                    _add(run, text, element, False, here, block, link, strong)
                siblings = iter(element)
                break
            text = element.tail
            if text and here >= 0:
                _add(run, text, element, True, here, block, link, strong)
        else:
            if not stack:
                break
            number = here
            siblings, element, kind, number, here, outer, link, strong = stack.pop()
            if kind == BLOCK:
                if run.parts:
                    _flush(run, block)
                block = outer
            ends[number] = len(texts) + (run.solid and kind != BLOCK)
            text = element.tail
            if text and here >= 0:
                _add(run, text, element, True, here, block, link, strong)
    if run.parts:
        _flush(run, block)


def _add(
    run: _Run, text: str, element: Any, tail: bool, here: int, block: int, link: int, strong: int
) -> None:
    """Add a text node to the run."""
    if text.isspace() or (not text.isascii() and _BLANK.match(text)):
        if run.solid:
            run.parts.append(text)
            run.refs.append((element, tail))
            run.links.append(link)
            run.strong.append(strong > 0)
            run.owners.append(here)
        return
    if run.broken and run.solid:
        # A line break ends the run, unless it only wraps a sentence.
        if _last_character(run.parts) not in _SENTENCE_END and _INVISIBLE.sub("", text).lstrip()[:1].islower():
            run.parts.append(" ")
            run.refs.append(run.refs[-1])
            run.links.append(0)
            run.strong.append(False)
            run.owners.append(here)
        else:
            _flush(run, block)
    run.solid = True
    run.broken = False
    run.parts.append(text)
    run.refs.append((element, tail))
    run.links.append(link)
    run.strong.append(strong > 0)
    run.owners.append(here)


def _last_character(parts: list[str]) -> str:
    """Last character that is not white space; looks no further back than needed."""
    for part in reversed(parts):
        if not part.isascii():
            part = _INVISIBLE.sub("", part)
        part = part.rstrip()
        if part:
            return part[-1]
    return ""


def _flush(run: _Run, block: int) -> None:
    """End the run: make a block of it, or one a link if it is nothing but links."""
    if run.solid:
        if len(run.parts) == 1:  # most blocks are one text node
            _emit_one(run, block)
            run.clear()
            return
        links = set(run.links)
        links.discard(0)
        groups = _by_link(run) if len(links) > 1 else None
        if groups is None:
            _emit(run, range(len(run.parts)), block, len(links))
        else:
            for group in groups:
                _emit(run, group, block, 1)
    run.clear()


def _by_link(run: _Run) -> list[list[int]] | None:
    """Group the pieces by link, if they are links and separators between them only."""
    groups: list[list[int]] = []
    current = 0
    for i, (part, link) in enumerate(zip(run.parts, run.links, strict=True)):
        if link:
            if link != current:
                groups.append([])
                current = link
        elif any(map(str.isalnum, part)):
            return None
        if not groups:
            groups.append([])
        groups[-1].append(i)
    return groups


def _emit_one(run: _Run, block: int) -> None:
    text = run.parts[0]
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    text = " ".join(text.split())
    if not text:
        return
    page, size = run.page, len(text)
    page.texts.append(text)
    linked = run.links[0] > 0
    page.links.append(int(linked))
    page.link_chars.append(size if linked else 0)
    page.strong_chars.append(size if run.strong[0] else 0)
    page.block_el.append(block)
    page.first_el.append(run.owners[0])
    page.refs.append(run.refs)


def _emit(run: _Run, pieces: Any, block: int, links: int) -> None:
    parts = [run.parts[i] for i in pieces]
    text = "".join(parts)
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    text = " ".join(text.split())
    if not text:
        return
    page = run.page
    page.texts.append(text)
    page.links.append(links)
    if links:
        linked = sum(len(run.parts[i].strip()) for i in pieces if run.links[i])
        page.link_chars.append(min(linked, len(text)))
    else:
        page.link_chars.append(0)
    strong = sum(len(run.parts[i].strip()) for i in pieces if run.strong[i])
    page.strong_chars.append(min(strong, len(text)))
    page.block_el.append(block)
    solid = [i for i in pieces if not run.parts[i].isspace()]
    page.first_el.append(run.owners[solid[0]])
    page.refs.append([run.refs[i] for i in solid])
