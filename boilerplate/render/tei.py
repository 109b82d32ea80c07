"""The article as TEI P5, its metadata in the header."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from boilerplate.metadata.record import Metadata
from boilerplate.render.tree import Inline, Node

_TEI = "http://www.tei-c.org/ns/1.0"
_XML = "http://www.w3.org/XML/1998/namespace"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WITHIN = (f"{{{_TEI}}}ref", f"{{{_TEI}}}hi", f"{{{_TEI}}}lb")
_KINDS = {"quote": "quote", "ul": "list", "ol": "list", "item": "item", "table": "table", "row": "row"}


def to_tei(root: Node, title: str, metadata: Metadata) -> str:
    """Return the article as a document, with the declaration of XML; no line break at the end."""
    names: Any = {None: _TEI}
    tei = etree.Element(f"{{{_TEI}}}TEI", nsmap=names)
    if metadata.language:
        tei.set(f"{{{_XML}}}lang", metadata.language)
    _header(tei, title, metadata)
    body = _sub(_sub(tei, "text"), "body")
    part = whole = _sub(body, "div")
    if title:
        _sub(whole, "head", title)
    for node in root.children:
        if node.kind == "heading":  # a division begins with its heading
            part = _sub(whole, "div")
            _fill(_sub(part, "head"), node.inlines)
        else:
            _add(part, node)
    if not len(whole) or (title and len(whole) == 1):
        _sub(whole, "p")
    for inner in whole.iterchildren(f"{{{_TEI}}}div"):
        if len(inner) == 1:
            _sub(inner, "p")
    for element in tei.iter(etree.Element):
        if element.tag not in _WITHIN:  # a line an element, but where the space would be part of a text
            element.tail = "\n"
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(tei, encoding="unicode").rstrip("\n")


def _sub(parent: Any, tag: str, text: str = "", **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{_TEI}}}{tag}")
    for name, value in attributes.items():
        element.set(name, _legal(value))
    if text:
        element.text = _legal(text)
    return element


def _legal(text: str) -> str:
    """Leave out characters that XML has not."""
    return _ILLEGAL.sub("", text)


def _header(tei: Any, title: str, metadata: Metadata) -> None:
    header = _sub(tei, "teiHeader")
    file = _sub(header, "fileDesc")
    titles = _sub(file, "titleStmt")
    _sub(titles, "title", title)
    for author in metadata.authors:
        _sub(titles, "author", author)
    published = _sub(file, "publicationStmt")
    if metadata.site_name:
        _sub(published, "publisher", metadata.site_name)
        if metadata.published:
            _sub(published, "date", metadata.published, when=metadata.published)
        if metadata.licence:
            target = {"target": metadata.licence} if metadata.licence.startswith("http") else {}
            _sub(_sub(published, "availability"), "licence", metadata.licence, **target)
    else:
        _sub(published, "p")
    source = _sub(_sub(file, "sourceDesc"), "bibl")
    _sub(source, "title", title)
    if metadata.url:
        _sub(source, "ref", metadata.url, target=metadata.url)
    if metadata.published:
        _sub(source, "date", metadata.published, when=metadata.published)
    if metadata.tags or metadata.section or metadata.description:
        profile = _sub(header, "profileDesc")
        if metadata.description:
            _sub(_sub(profile, "abstract"), "p", metadata.description)
        if metadata.tags or metadata.section:
            words = _sub(_sub(profile, "textClass"), "keywords")
            for word in dict.fromkeys([metadata.section, *metadata.tags]):
                if word:
                    _sub(words, "term", word)


def _add(parent: Any, node: Node) -> None:
    if node.kind in ("p", "heading"):
        _fill(_sub(parent, "p"), node.inlines)
    elif node.kind == "image" and node.image is not None:
        figure = _sub(parent, "figure")
        if node.image.caption:
            _sub(figure, "head", node.image.caption)
        _sub(figure, "graphic", url=node.image.src)
        if node.image.alt:
            _sub(figure, "figDesc", node.image.alt)
    elif node.kind in ("cell", "head"):
        cell = _sub(parent, "cell", **({"role": "label"} if node.kind == "head" else {}))
        inlines: list[Inline] = []
        for child in node.children:
            inlines += [*([Inline(" ")] if inlines else []), *child.inlines]
        _fill(cell, inlines)
    else:
        element = _sub(parent, _KINDS[node.kind], **({"rend": "numbered"} if node.kind == "ol" else {}))
        for child in node.children:
            _add(element, child)


def _fill(element: Any, inlines: list[Inline]) -> None:
    """Put text into an element, with ``ref``, ``hi`` and ``lb`` in it."""
    last = None  # the last child: lxml counts all to find it
    for inline in inlines:
        looks = " ".join(name for name, on in (("bold", inline.strong), ("italic", inline.emphasis)) if on)
        if inline.href:
            last = _sub(element, "ref", target=inline.href)
            _lines(_sub(last, "hi", rend=looks) if looks else last, None, inline.text)
        elif looks:
            last = _sub(element, "hi", rend=looks)
            _lines(last, None, inline.text)
        else:
            last = _lines(element, last, inline.text)


def _lines(element: Any, last: Any | None, text: str) -> Any | None:
    """Put text behind the last child, with ``lb`` between lines; returns the child that is the last then."""
    for i, part in enumerate(_legal(text).split("\n")):
        if i:
            last = _sub(element, "lb")
        if last is None:
            element.text = (element.text or "") + part
        else:
            last.tail = (last.tail or "") + part
    return last
