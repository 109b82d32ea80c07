"""Texts with noise inside their lines: rendered from labelled pages and documents, or labelled by hand.

A dataset may hold ``spans.jsonl`` beside its pages or documents: a text a line,
with ``text``, ``portal`` and ``spans``, ``[[start, end, label], ...]`` in
characters; what no span covers is body.
"""

from __future__ import annotations

import random
import reprlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from boilerplate.errors import DatasetError
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.segment.leftovers import leftover_tags
from boilerplate.segment.page import TEXT
from boilerplate.training.datasets import Example, load, node_labels, piece_text
from boilerplate.training.gluing import BODY, Glued, Part, glue, parts_of, without_initials
from boilerplate.training.records import list_lines, parse_record
from boilerplate.training.text_datasets import BLANK, is_texts, line_starts, read_lines
from boilerplate.workers.pool import map_batches

VARIANTS = 3
"""Renderings of each page that the span finder learns from."""

SPANS = "spans.jsonl"


@dataclass(slots=True)
class SpanText:
    """A text to learn from or to measure on: its lines with their labels, its portal, and what it was made of."""

    glued: Glued
    portal: str
    name: str


def render_examples(
    examples: Sequence[Example], n_jobs: int = 1, variants: int = VARIANTS, styles: Sequence[str] = ()
) -> Iterator[SpanText]:
    """Render labelled pages and documents in several ways each; those whose labels are not known whole give none.

    Texts labelled by the character are not rendered: they are learned from as they are (`read_span_texts`).

    Parameters
    ----------
    styles
        The ways of joining blocks to draw from (see `gluing.STYLES`); none: all.
    """
    usable = [x for x in examples if not x.index and x.text is None and (x.regions is not None or x.is_text)]
    chunks = [usable[i : i + 16] for i in range(0, len(usable), 16)]
    work = partial(_render_all, variants=variants, styles=tuple(styles))
    for texts in map_batches(_nothing, work, chunks, n_jobs):
        yield from texts


def read_span_texts(dataset: Path | str, kind: str = TEXT) -> list[SpanText]:
    """Read the texts of a dataset's ``spans.jsonl``; none where there is no such file, or for another kind of page.

    Raises
    ------
    DatasetError
        If a line of the file is not as it should be.
    """
    file = Path(dataset) / SPANS
    if kind != TEXT or not file.is_file():
        return []
    return [read_span_text(line, f"{file}:{number}") for number, line in list_lines(file, dataset)]


def _nothing() -> None:
    return None


def _render_all(state: None, examples: list[Example], variants: int, styles: tuple[str, ...]) -> list[SpanText]:
    return [text for example in examples for text in _render(example, variants, styles)]


def _render(example: Example, variants: int, styles: tuple[str, ...]) -> Iterator[SpanText]:
    parts: list[Part | None]
    title = ""
    if example.is_text:
        lines = read_lines(example)
        found = (
            (" ".join(text.split()), label)
            for text, label in zip(lines.texts, lines.labels, strict=True)
            if label != BLANK
        )
        parts = [
            Part(text, without_initials(text, np.full(len(text), label, np.int8))) for text, label in found if text
        ]
    else:
        page, root = load(example)
        label_of = node_labels(example, root)
        title = page.title
        nodes = [
            [(" ".join(piece_text(ref).split()), label_of(ref)) for ref in dict.fromkeys(refs)] for refs in page.refs
        ]
        parts = parts_of(page, [[node for node in block if node[0]] for block in nodes])
    for k in range(variants):
        rng = random.Random(f"glue {example.name} {k}")
        glued = glue(parts, title, rng, rng.choice(styles) if styles else "")
        if glued is not None:
            yield SpanText(glued, example.portal, f"{example.portal} {example.name}")


def is_spans(dataset: Path | str) -> bool:
    """Whether a dataset is one of texts labelled by the character, and of nothing else."""
    folder = Path(dataset)
    return (folder / SPANS).is_file() and not (folder / "pages.jsonl").is_file() and not is_texts(folder)


def read_span_lines(dataset: Path | str) -> list[Example]:
    """List the texts of a dataset's ``spans.jsonl`` as texts with labelled lines: a line has the label of most of it.

    Raises
    ------
    DatasetError
        If a line of the file is not as it should be, or there is none.
    """
    file = Path(dataset) / SPANS
    examples = []
    for number, line in list_lines(file, dataset):
        where = f"{file}:{number}"
        text, labels, portal, _ = _parse_spans(line, where)
        names = []
        lines = text.split("\n")
        for part, at in zip(lines, line_starts(lines), strict=False):
            printed = np.fromiter((not ch.isspace() for ch in part), bool, len(part))
            found = np.bincount(labels[at : at + len(part)][printed], minlength=1)
            names.append(LABELS[int(found.argmax())].value if printed.any() else "-")
        examples.append(
            Example(
                Path(where),
                portal,
                None,
                meta={"source": "labelled texts"},
                where=where,
                text=text,
                line_labels=names,
            )
        )
    if not examples:
        raise DatasetError(f"{file}: holds no texts")
    return examples


def read_span_text(line: str, where: str) -> SpanText:
    """Read a line of ``spans.jsonl``; `where` is what it is called in errors.

    Raises
    ------
    DatasetError
        If it is not as it should be.
    """
    text, labels, portal, name = _parse_spans(line, where)
    return SpanText(label_text(text, labels), portal, name)


def _parse_spans(line: str, where: str) -> tuple[str, np.ndarray, str, str]:
    """Text, the column of each character's label, portal and name of a line of ``spans.jsonl``."""
    record = parse_record(line, where)
    text, spans, portal = record.get("text"), record.get("spans"), record.get("portal")
    if not isinstance(text, str) or not isinstance(portal, str) or not isinstance(spans, list):
        raise DatasetError(f"{where}: needs 'text', 'portal' and 'spans'")
    return text, lay_spans(spans, len(text), where), portal, str(record.get("doc", where))


def lay_spans(spans: Iterable[Any], length: int, where: str) -> np.ndarray:
    """Lay spans over a text of some length: the column of each character's label, shape (length,).

    Raises
    ------
    DatasetError
        If one is no span of such a text; `where` is the line that it is in.
    """
    labels = np.full(length, BODY, np.int8)
    for span in spans:
        try:
            start, end, name = span
            if type(start) is not int or type(end) is not int or not 0 <= start < end <= length:
                raise ValueError("is not a stretch of the text")
            labels[start:end] = INDEX[Label.parse(name)]
        except (TypeError, ValueError) as error:
            raise DatasetError(f"{where}: field 'spans': {reprlib.repr(span)}: {error}") from error
    return labels


def label_text(text: str, labels: np.ndarray) -> Glued:
    """Lay the labels of a text's characters, shape (len(text),), over its lines: leftover tags gone, blanks folded."""
    tags = leftover_tags(text)
    if tags:
        kept = np.ones(len(text), bool)
        for start, end in tags:
            kept[start + 1 : end] = False  # a blank stands for each tag
        characters = list(text)
        for start, _ in tags:
            characters[start] = " "
        text, labels = "".join(ch for ch, keeps in zip(characters, kept.tolist(), strict=True) if keeps), labels[kept]
    out = Glued(style="real")
    at = 0
    for raw in text.split("\n"):
        line, found, position = "", [], 0
        for word in raw.split():
            start = raw.index(word, position)
            position = start + len(word)
            if line:
                line += " "
                found.append(np.full(1, -1, np.int8))
            line += word
            found.append(labels[at + start : at + position])
        at += len(raw) + 1
        if line:
            out.append(line, np.concatenate(found))
    return out
