"""The span finder: texts of blocks in, the pieces of them that are noise out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from boilerplate.document import Span
from boilerplate.errors import ModelError
from boilerplate.labels import LABELS
from boilerplate.model.network import Network, SpanModel
from boilerplate.segment.page import TEXT
from boilerplate.select.selection import Selection
from boilerplate.spans.borders import Words, describe_gaps, describe_words
from boilerplate.spans.borders import names as border_names
from boilerplate.spans.decoding import noisy_runs
from boilerplate.spans.pieces import Pieces, cut, describe_pieces
from boilerplate.spans.pieces import names as piece_names
from boilerplate.spans.signs import announced, suspicious
from boilerplate.spans.tokens import MOST_CHARS, tokenise

Part = tuple[int, int, int, str]
"""Page, block, offset and text of a stretch of a block that is worked on at once."""


def find_spans(
    model: SpanModel, pages: Sequence[Sequence[tuple[int, str]]], favour: float = 0.0
) -> list[dict[int, tuple[Span, ...]]]:
    """Find the noise inside blocks.

    Parameters
    ----------
    pages
        For each page its blocks that are looked into: number and text.
    favour
        Added to the log odds of body.

    Returns
    -------
    list of n_pages dicts
        By the block's number its spans, first to last; blocks without are left out.
    """
    found: list[dict[int, list[Span]]] = [{} for _ in pages]
    for parts in _stretches(pages):
        for (page, block, offset, _), span in _find(model, parts, favour):
            spans = found[page].setdefault(block, [])
            spans.append(Span(span.start + offset, span.end + offset, span.label, span.probability))
    return [{block: _joined(spans) for block, spans in blocks.items()} for blocks in found]


def find_in_selections(model: SpanModel, selections: Sequence[Selection], favour: float) -> None:
    """Set the spans of labelled pages of one kind: noise inside the blocks that are kept."""
    pages = []
    for selection in selections:
        # In HTML a block is one paragraph; a line of text is whatever was joined.
        looked_into = suspicious if selection.page.kind == TEXT else announced
        pages.append(looked_into(selection.page.texts, np.flatnonzero(selection.kept).tolist()))
    if not any(pages):
        return
    for selection, spans in zip(selections, find_spans(model, pages, favour), strict=True):
        selection.set_spans(spans)


def feature_names() -> dict[str, list[str]]:
    """Names of the columns that the two networks see."""
    return {"borders": list(border_names()), "pieces": list(piece_names())}


def check_features(path: object, network: Network, header: dict[str, Any]) -> None:
    """Check that a model's span finder, if it has one, was trained on the features that are computed here.

    Raises
    ------
    ModelError
        If it was not.
    """
    if network.spans is not None and header.get("span_features") != feature_names():
        raise ModelError(f"{path}: trained on other features than this release computes: train it again")


def describe(model: SpanModel, texts: Sequence[str], page: np.ndarray) -> tuple[Words, Pieces, np.ndarray, np.ndarray]:
    """Cut texts (together no longer than `tokenise` takes) to pieces and label them.

    Parameters
    ----------
    page
        Shape (n_texts,): number of each text's page, rising.

    Returns
    -------
    words, pieces, probability of a border before each word, probabilities of shape (n_pieces, n_labels)
    """
    words = describe_words(tokenise(texts), page)
    gaps = describe_gaps(words, model.openers, model.edges)
    border = model.borders.proba(gaps.X)[:, 1] if len(gaps.at) else np.zeros(0, np.float32)
    pieces, probability = cut(words, gaps.at, gaps.hard, border)
    P = model.network.proba(describe_pieces(words, pieces, probability, model.openers))
    return words, pieces, probability, P


def _find(model: SpanModel, parts: list[Part], favour: float) -> Iterator[tuple[Part, Span]]:
    numbers: dict[int, int] = {}
    page = np.array([numbers.setdefault(part[0], len(numbers)) for part in parts])
    words, pieces, border, P = describe(model, [part[3] for part in parts], page)
    tokens = words.tokens
    for a, b, label in noisy_runs(P, border[pieces.first], pieces.block, favour):
        first, last = pieces.first[a], pieces.last[b - 1] - 1
        span = Span(int(tokens.start[first]), int(tokens.end[last]), LABELS[label], float(P[a:b, label].mean()))
        yield parts[pieces.block[a]], span


def _stretches(pages: Sequence[Sequence[tuple[int, str]]]) -> Iterator[list[Part]]:
    """Join the stretches of pages to ones of up to `MOST_CHARS`; where a page is parted hangs on that page alone."""
    joined: list[Part] = []
    size = 0
    for page, blocks in enumerate(pages):
        for parts in _page_stretches(page, blocks):
            more = sum(len(part[3]) for part in parts)
            if joined and size + more > MOST_CHARS:
                yield joined
                joined, size = [], 0
            joined += parts
            size += more
    if joined:
        yield joined


def _page_stretches(page: int, blocks: Sequence[tuple[int, str]]) -> Iterator[list[Part]]:
    """Part the blocks of a page into stretches of up to `MOST_CHARS`; a longer block is parted at blanks."""
    some: list[Part] = []
    size = 0
    for block, text in blocks:
        for offset, part in _parted(text):
            if some and size + len(part) > MOST_CHARS:
                yield some
                some, size = [], 0
            some.append((page, block, offset, part))
            size += len(part)
    if some:
        yield some


def _parted(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    while len(text) - at > MOST_CHARS:
        end = text.rfind(" ", at + MOST_CHARS // 2, at + MOST_CHARS) + 1 or at + MOST_CHARS
        part = text[at:end].strip()
        if part:
            yield at + (text[at] == " "), part
        at = end
    if text[at:].strip():
        yield at + (text[at] == " "), text[at:].strip()


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """Join spans of one label that touch: they were parted with their block."""
    out: list[Span] = []
    for span in spans:
        if out and out[-1].label == span.label and span.start - out[-1].end <= 1:
            last = out.pop()
            span = Span(last.start, span.end, span.label, max(last.probability, span.probability))
        out.append(span)
    return tuple(out)
