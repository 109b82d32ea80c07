"""What the page is told: documents and changes as plain types, and what it asks for, checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from boilerplate.annotation.agreement import annotators, measure_agreement
from boilerplate.annotation.document import COLUMN, Selection
from boilerplate.annotation.session import Change, Session
from boilerplate.annotation.text_document import TextDocument
from boilerplate.labels import LABELS

_SHOWN = 240
"""Characters of a block's text in the list."""

_MOST = 2**20
"""Blocks of a selection."""

_WORST = 8
"""Pairs of labels that annotators differ in, shown of each."""


def pages(session: Session) -> dict[str, Any]:
    """The list of documents, and how many are done."""
    found = [
        {"name": entry.name, "portal": entry.portal, "kind": entry.kind, "done": entry.done, "labelled": entry.labelled}
        for entry in session.store.entries
    ]
    return {"pages": found, "done": sum(bool(page["done"]) for page in found), "annotator": session.store.annotator}


def page(session: Session, number: int) -> dict[str, Any]:
    """A document: its blocks as parallel columns."""
    with session.lock:
        document, entry = session.document(number), session.store.entries[number]
        return {
            "number": number,
            "name": entry.name,
            "portal": entry.portal,
            "kind": entry.kind,
            "done": entry.done,
            "labelled": entry.labelled,
            "texts": [text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…" for text in document.texts],
            "labels": _digits(document.labels()),
            "guesses": _digits(document.guesses()),
            "margins": np.round(document.margins(), 3).tolist(),
            "starts": document.starts() if isinstance(document, TextDocument) else [],
        }


def _digits(columns: np.ndarray) -> str:
    """Columns of labels as a string, a digit each: of a large page there are many."""
    return "".join(map(str, columns.tolist()))


def frame(session: Session, number: int) -> str:
    """The document as HTML of our own."""
    with session.lock:
        markup, kind = session.document(number).markup(), session.store.entries[number].kind
    return (
        '<!DOCTYPE html><html lang="id"><meta charset="utf-8"><title>page</title>'
        f'<link rel="stylesheet" href="../static/frame.css"><body class="{kind}">{markup}'
    )


def block(session: Session, number: int, block: int) -> dict[str, Any]:
    """Where a block stands: the boxes around it, the list that it is in."""
    with session.lock:
        document = session.document(number)
        heading = document.heading_of(block)
        members = document.blocks_of(Selection("list", number=heading)) if heading >= 0 else np.zeros(0, np.int64)
        return {
            "place": document.place_of(block),
            "boxes": [list(box) for box in document.boxes(block)],
            "heading": heading,
            "list": _ranges(members),
        }


def _ranges(blocks: np.ndarray) -> list[list[int]]:
    """Sorted numbers as ``[start, end]``, the end beyond the last."""
    cuts = np.flatnonzero(np.diff(blocks) != 1) + 1
    return [[int(part[0]), int(part[-1]) + 1] for part in np.split(blocks, cuts) if len(part)]


def changed(session: Session, number: int, change: Change) -> dict[str, Any]:
    """What a change did, and the labels of the document that is shown."""
    with session.lock:
        document = session.document(number)
        return {
            "number": number,
            "blocks": change.blocks,
            "pages": change.pages,
            "labels": _digits(document.labels()),
            "done": session.store.entries[number].done,
            "cut_anew": isinstance(document, TextDocument),
        }


def agreement(session: Session) -> list[dict[str, Any]]:
    """The figures of each annotator who labelled the dataset a second time."""
    found = []
    for name in annotators(session.store):
        one = measure_agreement(session.store, name)
        pairs = one.confusions.most_common(_WORST)
        found.append(
            {
                "annotator": name,
                "documents": one.documents,
                "words": one.words,
                "agreed": one.agreed,
                "kappa": round(one.kappa, 4),
                "confusions": [[a, b, blocks] for (a, b), blocks in pairs],
            }
        )
    return found


def selection(data: Any) -> Selection:
    """Read a selection.

    Raises
    ------
    ValueError
        If it is none.
    """
    if not isinstance(data, dict) or data.get("kind") not in ("blocks", "box", "list", "chars"):
        raise ValueError("no selection")
    numbers = [data.get(name, 0) for name in ("number", "start", "end")]
    ranges = data.get("ranges", [])
    if not isinstance(ranges, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in ranges):
        raise ValueError("ranges are lists of two numbers")
    if not all(type(x) is int and 0 <= x < 2**31 for x in (*numbers, *(x for pair in ranges for x in pair))):
        raise ValueError("numbers are whole, and not below 0")
    if any(b < a for a, b in ranges) or sum(b - a for a, b in ranges) > _MOST:
        raise ValueError("too many blocks, or an end before its start")
    blocks = tuple(i for a, b in ranges for i in range(a, b))
    return Selection(data["kind"], blocks, *numbers)


def column(name: Any) -> int:
    """Column of a label.

    Raises
    ------
    ValueError
        If there is no such label.
    """
    if not isinstance(name, str) or name not in COLUMN:
        raise ValueError(f"unknown label (known: {', '.join(label.value for label in LABELS)})")
    return COLUMN[name]
