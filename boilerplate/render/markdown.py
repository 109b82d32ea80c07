"""The article as Markdown (CommonMark, tables as GitHub has them)."""

from __future__ import annotations

import re

from boilerplate.render.tree import Image, Inline, Node

_SPECIAL = re.compile(r"([\\`*_\[\]<>&|~])")
_LINE_START = re.compile(r"(\d{1,9})([.)])(?=\s|\Z)|([#+=-])")
_URL = {ord("("): "%28", ord(")"): "%29", ord("<"): "%3C", ord(">"): "%3E", ord(" "): "%20", ord("\\"): "%5C"}


def to_markdown(root: Node, title: str) -> str:
    """Return the article, its title as a heading of the first level; no line break at the end."""
    lines = [f"# {_escape(title)}", ""] if title else []
    return "\n".join([*lines, *_blocks(root.children)]).rstrip()


def _blocks(nodes: list[Node]) -> list[str]:
    """The lines of nodes one below the other, with a blank line between."""
    out: list[str] = []
    for node in nodes:
        if lines := _lines(node):
            if out:
                out.append("")
            out += lines
    return out


def _lines(node: Node) -> list[str]:
    if node.kind == "p":
        lines = [_start(line) for line in _text(node.inlines).split("\n")]
        return [*(f"{line}\\" for line in lines[:-1]), lines[-1]]  # verses
    if node.kind == "heading":
        return [f"{'#' * max(node.level, 2)} {_one_line(_text(node.inlines, plain=True))}"]
    if node.kind == "image" and node.image is not None:
        return _image(node.image)
    if node.kind == "quote":
        return [f"> {line}".rstrip() for line in _blocks(node.children)]
    if node.kind in ("ul", "ol"):
        return _list(node)
    if node.kind == "table":
        return _table(node)
    return _blocks(node.children)


def _list(node: Node) -> list[str]:
    out: list[str] = []
    for number, item in enumerate(node.children, 1):
        mark = f"{number}. " if node.kind == "ol" else "- "
        for i, line in enumerate(_blocks(item.children)):
            out.append((mark + line if i == 0 else " " * len(mark) + line).rstrip())
    return out


def _table(node: Node) -> list[str]:
    rows = [[_cell(cell) for cell in row.children] for row in node.children]
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    if not any(cell.kind == "head" for cell in node.children[0].children):
        padded.insert(0, [""] * width)  # a table needs a head
    padded.insert(1, ["---"] * width)
    return [f"| {' | '.join(row)} |" for row in padded]


def _cell(cell: Node) -> str:
    return " ".join(_one_line(_text(child.inlines)) for child in cell.children)


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def _image(image: Image) -> list[str]:
    lines = [f"![{_escape(image.alt)}]({image.src.translate(_URL)})"]
    return [*lines, "", f"*{_escape(image.caption)}*"] if image.caption else lines


def _text(inlines: list[Inline], *, plain: bool = False) -> str:
    parts = []
    for i, inline in enumerate(inlines):
        text = _escape(inline.text)
        if not plain and "\n" not in text and (inline.strong or inline.emphasis) and _stands_free(inlines, i):
            mark = "*" * (2 * inline.strong + inline.emphasis)
            text = f"{mark}{text}{mark}"
        if inline.href:
            text = f"[{_one_line(text)}]({inline.href.translate(_URL)})"
        parts.append(text)
    return "".join(parts)


def _stands_free(inlines: list[Inline], i: int) -> bool:
    """Whether no letter touches a piece, and no sign is at its ends, where asterisks may not be read as marks."""
    before = inlines[i - 1].text[-1:] if i else ""
    after = inlines[i + 1].text[:1] if i + 1 < len(inlines) else ""
    text = inlines[i].text
    return (
        not before.isalnum() and not after.isalnum() and text[0].isalnum() and (text[-1].isalnum() or not after.strip())
    )


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _start(text: str) -> str:
    """Escape what would make a list or a heading of a line."""
    match = _LINE_START.match(text)
    if match is None:
        return text
    return f"\\{text}" if match[3] else f"{match[1]}\\{text[match.start(2) :]}"
