"""The article as HTML: these tags and attributes and no others, all text escaped, addresses http(s) only."""

from __future__ import annotations

from html import escape

from boilerplate.metadata.record import Metadata
from boilerplate.render.tree import Image, Inline, Node

HEAD = '<!DOCTYPE html>\n<meta charset="utf-8">\n'
"""What a file of articles begins with."""

TAGS = "article h1 h2 h3 h4 h5 h6 p ul ol li blockquote table tr td th strong em a figure img figcaption br".split()
"""The elements that occur; attributes are ``lang``, ``href``, ``src`` and ``alt``."""

_TAG = {"quote": "blockquote", "item": "li", "row": "tr", "cell": "td", "head": "th"}


def to_html(root: Node, title: str, metadata: Metadata) -> str:
    """Return the article as an element ``article``; no line break at the end."""
    language = f' lang="{escape(metadata.language)}"' if metadata.language else ""
    lines = [f"<article{language}>"]
    if title:
        lines.append(f"<h1>{escape(title)}</h1>")
    for node in root.children:
        _add(node, lines)
    return "\n".join([*lines, "</article>"])


def _add(node: Node, lines: list[str]) -> None:
    if node.kind == "image" and node.image is not None:
        lines.append(_image(node.image))
    elif node.kind in ("p", "heading"):
        tag = f"h{max(node.level, 2)}" if node.kind == "heading" else "p"
        lines.append(f"<{tag}>{_text(node.inlines)}</{tag}>")
    else:
        tag = _TAG.get(node.kind, node.kind)
        if tag in ("li", "td", "th") and len(node.children) == 1 and node.children[0].kind == "p":
            lines.append(f"<{tag}>{_text(node.children[0].inlines)}</{tag}>")
            return
        lines.append(f"<{tag}>")
        for child in node.children:
            _add(child, lines)
        lines.append(f"</{tag}>")


def _image(image: Image) -> str:
    caption = f"<figcaption>{escape(image.caption)}</figcaption>" if image.caption else ""
    return f'<figure><img src="{escape(image.src)}" alt="{escape(image.alt)}">{caption}</figure>'


def _text(inlines: list[Inline]) -> str:
    parts = []
    for inline in inlines:
        text = "<br>".join(escape(inline.text).split("\n"))
        if inline.emphasis:
            text = f"<em>{text}</em>"
        if inline.strong:
            text = f"<strong>{text}</strong>"
        if inline.href:
            text = f'<a href="{escape(inline.href)}">{text}</a>'
        parts.append(text)
    return "".join(parts)
