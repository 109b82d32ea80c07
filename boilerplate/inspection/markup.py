"""A page's markup written anew, from its tree and its blocks: the names of a few harmless tags, and text.

What a hostile page could do with markup it does with attributes, style sheets,
scripts and tags of its own. None of them is filtered here: none is copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from boilerplate.document import Block
from boilerplate.segment.page import HtmlPage, Page

_KEPT = frozenset(
    "p div li h1 h2 h3 h4 h5 h6 article section main aside header footer nav ul ol dl dt dd blockquote figure "
    "figcaption caption table thead tbody tfoot tr td th address pre hr br b strong i em u s small sub sup mark "
    "code kbd q cite ruby rt rp wbr".split()
)
_VOID = frozenset(("br", "hr", "wbr"))
_MOST_DEEP = 200
"""Elements within each other that are written: browsers lay deeper ones out badly, or not at all."""


def write_markup(page: Page, blocks: list[Block]) -> str:
    """Write a page with each text in a ``span`` that bears the number of its block and its label.

    Parameters
    ----------
    page
        The segmented page; of HTML with its nodes.
    blocks
        Its labelled blocks.

    Returns
    -------
    str
        HTML of the tags in `_KEPT` without attributes, and of the ``span``.
    """
    if isinstance(page, HtmlPage):
        return "".join(_tree(page, blocks))
    return "".join(f"<div>{_span(block, block.text)}</div>" for block in blocks)


def _tree(page: HtmlPage, blocks: list[Block]) -> Iterator[str]:
    of = {(id(element), is_tail): i for i, refs in enumerate(page.refs) for element, is_tail in refs}
    if not page.nodes:
        return
    closing: list[tuple[Any, str]] = []  # open elements and what closes them
    element: Any = page.nodes[0]
    root = element
    while True:
        name = element.tag if isinstance(element.tag, str) else ""
        written = name in _KEPT and len(closing) < _MOST_DEEP
        if written:
            yield f"<{name}>"
        closing.append((element, f"</{name}>" if written and name not in _VOID else ""))
        yield _text(of, blocks, element, False)
        below = next(iter(element), None)
        if below is not None:
            element = below
            continue
        while closing:
            element, end = closing.pop()
            yield end
            if element is root:
                return
            yield _text(of, blocks, element, True)
            beside = element.getnext()
            if beside is not None:
                element = beside
                break


def _text(of: dict[tuple[int, bool], int], blocks: list[Block], element: Any, is_tail: bool) -> str:
    number = of.get((id(element), is_tail))
    text = element.tail if is_tail else element.text
    if number is None or not text:
        return " " if text and isinstance(element.tag, str) else ""
    return _span(blocks[number], text)


def _span(block: Block, text: str) -> str:
    return f'<span class="b {block.label.value}" data-b="{block.index}">{escape(text)}</span>'
