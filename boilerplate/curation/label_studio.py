"""Datasets as tasks of Label Studio: pages as HyperText with HyperTextLabels, texts as Text with Labels.

What is shown of a page is written anew from its tree: nested ``div`` with a
``span`` a text node, and nothing else. So a browser and we number its elements
alike, which decides whether the XPaths of labels hold, and nothing that a
hostile page brings is shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.palette import COLOURS
from boilerplate.segment.page import HTML, HtmlPage
from boilerplate.segment.xpath import XPaths
from boilerplate.training.datasets import Example, LabelOf, load, node_labels, piece_text
from boilerplate.training.text_datasets import BLANK, line_starts, read_lines

VERSION = "boilerplate"
"""Name of the predictions, as Label Studio shows it."""

_BOXES = frozenset(
    "article aside blockquote body dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MOST_DEEP = 60
_CHROME = INDEX[Label.CHROME]


class Node(NamedTuple):
    """A text node of a page as a task shows it: where it is there, its block, its text there, and the node itself."""

    path: str
    block: int
    text: str
    ref: tuple[Any, bool]


def labelling_config(kind: str) -> str:
    """Return the labelling configuration to set up a project with, as XML."""
    labels = "\n".join(
        f"    <Label value={quoteattr(label.value)} background={quoteattr(COLOURS[label.value][0])}/>"
        for label in LABELS
    )
    if kind == HTML:
        return (
            f'<View>\n  <HyperTextLabels name="label" toName="page">\n{labels}\n  </HyperTextLabels>\n'
            '  <HyperText name="page" value="$html" clickableLinks="false"/>\n</View>\n'
        )
    return (
        "<View>\n  <Style>.htx-text { white-space: pre-wrap; }</Style>\n"
        f'  <Labels name="label" toName="text">\n{labels}\n  </Labels>\n  <Text name="text" value="$text"/>\n</View>\n'
    )


def page_task(example: Example) -> dict[str, Any]:
    """Return a labelled page as a task with its labels as predictions.

    Raises
    ------
    DatasetError
        If the page or its regions do not read.
    """
    page, root = load(example)
    html, nodes = lay_out(page)
    xpaths = XPaths(page)
    data = {
        "html": html,
        "page": example.meta["page"],
        "portal": example.portal,
        "url": str(example.meta.get("url") or ""),
        "digest": digest(example),
        "nodes": [xpaths.text(node.ref) for node in nodes],
    }
    return {"data": data, "predictions": [{"model_version": VERSION, "result": _results(nodes, example, root)}]}


def digest(example: Example) -> str:
    """Tell a page's text from others."""
    return hashlib.sha256(example.read().encode("utf-8", "replace")).hexdigest()


def _results(nodes: list[Node], example: Example, root: Any) -> list[dict[str, Any]]:
    """The labels of a page's blocks, a result each, or one a run of text nodes where a block has several labels."""
    label_of: LabelOf = node_labels(example, root)
    results = []
    at = 0
    while at < len(nodes):
        end, label = at, label_of(nodes[at].ref)
        while (
            end + 1 < len(nodes) and nodes[end + 1].block == nodes[at].block and label_of(nodes[end + 1].ref) == label
        ):
            end += 1
        if label != _CHROME:
            value = {
                "start": nodes[at].path,
                "end": nodes[end].path,
                "startOffset": 0,
                "endOffset": len(nodes[end].text),
                "text": "".join(node.text for node in nodes[at : end + 1]),
                "hypertextlabels": [LABELS[label].value],
            }
            results.append(_result(f"n{at}", "page", "hypertextlabels", value))
        at = end + 1
    return results


def _result(identity: str, to: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"id": identity, "from_name": "label", "to_name": to, "type": kind, "value": value}


def lay_out(page: HtmlPage) -> tuple[str, list[Node]]:
    """Write a page as a task shows it.

    Parameters
    ----------
    page
        The segmented page with its nodes.

    Returns
    -------
    html, nodes
        HTML of ``div`` and ``span``, and its text nodes in order.
    """
    nodes: list[Node] = []
    return "".join(_write(page, nodes)), nodes


def _write(page: HtmlPage, nodes: list[Node]) -> Iterator[str]:
    of = {(id(element), tail): i for i, refs in enumerate(page.refs) for element, tail in refs}
    if not page.nodes:
        return
    # Elements that are open, each with whether it is written; counts of the children written into those that are.
    opened: list[tuple[Any, bool]] = []
    paths = [""]
    counts: list[dict[str, int]] = [{"div": 0, "span": 0}]

    def text(element: Any, tail: bool) -> str:
        block = of.get((id(element), tail))
        raw = piece_text((element, tail))
        if block is None or not raw:
            return ""
        counts[-1]["span"] += 1
        shown = _folded(raw)
        nodes.append(Node(f"{paths[-1]}/span[{counts[-1]['span']}]/text()[1]", block, shown, (element, tail)))
        return f"<span>{escape(shown, quote=False)}</span>"

    root = element = page.nodes[0]
    while True:
        name = element.tag if isinstance(element.tag, str) else ""
        written = name in _BOXES and len(paths) < _MOST_DEEP
        opened.append((element, written))
        if written:
            counts[-1]["div"] += 1
            paths.append(f"{paths[-1]}/div[{counts[-1]['div']}]")
            counts.append({"div": 0, "span": 0})
            yield '<div style="font-weight:bold;margin:.5em 0">' if name in _HEADINGS else '<div style="margin:.3em 0">'
        yield text(element, False)
        below = next(iter(element), None)
        if below is not None:
            element = below
            continue
        while opened:
            element, written = opened.pop()
            if written:
                paths.pop()
                counts.pop()
                yield "</div>"
            if element is root:
                return
            yield text(element, True)
            beside = element.getnext()
            if beside is not None:
                element = beside
                break


def _folded(text: str) -> str:
    """A text with its white space folded; blanks at its ends stay, as they part words."""
    inner = " ".join(text.split())
    if not inner:
        return " "
    return (" " if text[0].isspace() else "") + inner + (" " if text[-1].isspace() else "")


def text_task(example: Example) -> dict[str, Any]:
    """Return a labelled text as a task with its lines' labels as predictions.

    Offsets count characters (code points).

    Raises
    ------
    DatasetError
        If the text or its labels do not read.
    """
    lines = read_lines(example)
    results = []
    for number, (line, label, at) in enumerate(zip(lines.texts, lines.labels, line_starts(lines.texts), strict=False)):
        if label not in (BLANK, _CHROME):
            value = {"start": at, "end": at + len(line), "text": line, "labels": [LABELS[label].value]}
            results.append(_result(f"l{number}", "text", "labels", value))
    data = {
        "text": "\n".join(lines.texts),
        "page": example.path.stem,
        "portal": example.portal,
    }
    return {"data": data, "predictions": [{"model_version": VERSION, "result": results}]}
