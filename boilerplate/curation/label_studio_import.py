"""What was labelled in Label Studio, back as the labels of text nodes and of lines.

An export is a list of tasks, each with annotations: the last that was not
cancelled counts. A text node or a line has the label that covers more than
half of it; of several the one of the smallest region. What none covers is chrome.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from boilerplate.errors import InputError
from boilerplate.files import error_reason
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.segment.html import parse
from boilerplate.training.text_datasets import line_starts

MAX_BYTES = 2**30
"""Largest export that is read: it is read whole."""

_STEP = re.compile(r"/([a-z]+(?:\(\))?)(?:\[(\d{1,7})\])?")
_CHROME = INDEX[Label.CHROME]


class Stretch(NamedTuple):
    """A labelled region: the pieces `first` to `last`, from offset `start` in the one to `end` in the other."""

    first: int
    start: int
    last: int
    end: int
    label: int


def read_export(path: str | Path) -> list[dict[str, Any]]:
    """Read the tasks of an export (the format that Label Studio calls JSON).

    Raises
    ------
    InputError
        If the file does not read, or is no such export.
    """
    file = Path(path)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: larger than {MAX_BYTES // 2**30} GB")
        tasks = json.loads(file.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: {error_reason(error)}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}") from error
    if not isinstance(tasks, list) or not all(isinstance(x, dict) and isinstance(x.get("data"), dict) for x in tasks):
        raise InputError(f"{path}: no export of Label Studio: a list of tasks, each with 'data' (export as JSON)")
    return tasks


def results_of(task: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Return the results of a task's last annotation that was not cancelled; None where there is none."""
    annotations = task.get("annotations")
    usable = [
        annotation
        for annotation in (annotations if isinstance(annotations, list) else [])
        if isinstance(annotation, dict)
        and not annotation.get("was_cancelled")
        and isinstance(annotation.get("result"), list)
    ]
    if not usable:
        return None
    last = max(usable, key=lambda annotation: str(annotation.get("updated_at") or annotation.get("created_at") or ""))
    return [result for result in last["result"] if isinstance(result, dict) and isinstance(result.get("value"), dict)]


def node_labels_of(task: dict[str, Any], results: Sequence[dict[str, Any]]) -> list[tuple[str, Label]]:
    """Return XPath and label of each text node of a page's task that is labelled.

    Raises
    ------
    InputError
        If the task is not as `label_studio.page_task` made it, or a result not as Label Studio gives it.
    """
    html, xpaths = task["data"].get("html"), task["data"].get("nodes")
    if not isinstance(html, str) or not isinstance(xpaths, list) or not all(isinstance(x, str) for x in xpaths):
        raise InputError("fields 'html' and 'nodes' of its data are not those that were exported")
    shown = list(_spans(html))
    if len(shown) != len(xpaths):
        raise InputError(f"its page shows {len(shown)} texts, {len(xpaths)} were exported")
    numbers = {path: number for number, (path, _) in enumerate(shown)}
    texts = [text for _, text in shown]
    stretches = [_stretch(result, numbers, texts) for result in results if result.get("type") == "hypertextlabels"]
    labels = lay_stretches(stretches, [len(text) for text in texts])
    return [(xpath, LABELS[label]) for xpath, label in zip(xpaths, labels, strict=True) if label != _CHROME]


def line_labels_of(task: dict[str, Any], results: Sequence[dict[str, Any]]) -> tuple[str, list[Label | None]]:
    """Return the text of a text's task and the label of each of its lines, None for blank ones.

    Raises
    ------
    InputError
        See `node_labels_of`.
    """
    text = task["data"].get("text")
    if not isinstance(text, str):
        raise InputError("field 'text' of its data is no text")
    lines = text.split("\n")
    starts = line_starts(lines)
    stretches = []
    for result in results:
        if result.get("type") != "labels":
            continue
        value = result["value"]
        start, end = _offset(value, "start", len(text)), _offset(value, "end", len(text))
        first, last = _line_of(starts, start), _line_of(starts, max(end - 1, start))
        stretches.append(Stretch(first, start - starts[first], last, end - starts[last], _label(value, "labels")))
    labels = lay_stretches(stretches, [len(line) for line in lines])
    return text, [LABELS[label] if line.strip() else None for line, label in zip(lines, labels, strict=True)]


def _line_of(starts: list[int], offset: int) -> int:
    return min(bisect_right(starts, offset) - 1, len(starts) - 2)


def lay_stretches(stretches: Sequence[Stretch], lengths: Sequence[int]) -> list[int]:
    """Label pieces by the stretches that cover them, the smallest first; what none covers by half is chrome.

    Work grows with pieces and stretches: a piece that has its label is passed over.

    Parameters
    ----------
    lengths
        Characters of the pieces.

    Returns
    -------
    list of int
        For each piece the column of its label.
    """
    sums = [0]
    for length in lengths:
        sums.append(sums[-1] + length)
    labels = [-1] * len(lengths)
    free = list(range(len(lengths) + 1))  # the next piece without a label, at or after each

    def next_free(piece: int) -> int:
        root = piece
        while free[root] != root:
            root = free[root]
        while free[piece] != root:
            free[piece], piece = root, free[piece]
        return root

    def size(stretch: Stretch) -> int:
        return sums[stretch.last] + stretch.end - sums[stretch.first] - stretch.start

    for stretch in sorted(stretches, key=size):
        # Its inner pieces are covered whole; of those at its borders it may cover too little.
        first, last = stretch.first, stretch.last
        covered = (stretch.end if first == last else lengths[first]) - stretch.start
        if 2 * covered <= lengths[first]:
            first += 1
        if last > stretch.first and 2 * stretch.end <= lengths[last]:
            last -= 1
        piece = next_free(first)
        while piece <= last and piece < len(lengths):
            labels[piece] = stretch.label
            free[piece] = piece + 1
            piece = next_free(piece + 1)
    return [_CHROME if label < 0 else label for label in labels]


def _stretch(result: dict[str, Any], numbers: dict[str, int], texts: list[str]) -> Stretch:
    value = result["value"]
    first, last = (_number(value.get(border), numbers) for border in ("start", "end"))
    start, end = _offset(value, "startOffset", len(texts[first])), _offset(value, "endOffset", len(texts[last]))
    if last < first or (first == last and end < start):
        raise InputError("a region ends before it starts")
    return Stretch(first, start, last, end, _label(value, "hypertextlabels"))


def _number(path: Any, numbers: dict[str, int]) -> int:
    """The text node that an XPath of Label Studio means: what it has beyond our own markup is its own highlighting."""
    if not isinstance(path, str) or len(path) > 10_000:
        raise InputError("the border of a region is no XPath")
    steps = [(name, number or "1") for name, number in _STEP.findall(path)]
    if steps[:2] == [("html", "1"), ("body", "1")]:
        steps = steps[2:]
    at = ""
    for name, number in steps:
        at += f"/{name}[{number}]"
        if name == "span":
            break
    found = numbers.get(at)
    if found is None:
        raise InputError(f"a region lies at {path[:80]}, where the page has no text")
    return found


def _offset(value: dict[str, Any], name: str, most: int) -> int:
    offset = value.get(name)
    if type(offset) is not int or offset < 0:
        raise InputError(f"field {name!r} of a region is no number of characters")
    return min(offset, most)


def _label(value: dict[str, Any], name: str) -> int:
    labels = value.get(name)
    if not isinstance(labels, list) or len(labels) != 1 or not isinstance(labels[0], str):
        raise InputError(f"field {name!r} of a region is not one label")
    try:
        return INDEX[Label.parse(labels[0])]
    except ValueError as error:
        raise InputError(str(error)) from error


def _spans(html: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of each ``span`` of a page as it was exported."""
    root = parse(f"<html><body>{html}</body></html>")
    body = root.find("body") if root is not None else None
    if body is None:
        return
    open_: list[tuple[str, Iterator[Any], dict[str, int]]] = [("", iter(body), {})]
    while open_:
        path, children, counts = open_[-1]
        child = next(children, None)
        if child is None:
            open_.pop()
            continue
        if not isinstance(child.tag, str):
            continue
        counts[child.tag] = counts.get(child.tag, 0) + 1
        below = f"{path}/{child.tag}[{counts[child.tag]}]"
        if child.tag == "span":
            yield below, "".join(child.itertext())
        else:
            open_.append((below, iter(child), {}))
