"""The worst pages of a measurement to look at, gold beside guess: an inspection a page, next to the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from boilerplate.cleaner import make_document
from boilerplate.document import Document
from boilerplate.errors import BoilerplateError
from boilerplate.files import write_atomically
from boilerplate.inspection.view import render
from boilerplate.labels import LABELS, Label
from boilerplate.segment.page import Page
from boilerplate.segment.text import segment_text
from boilerplate.select.selection import Selection
from boilerplate.training.datasets import Example, count_words, load, node_labels
from boilerplate.training.evaluation import PageScore
from boilerplate.training.preparation import align
from boilerplate.training.text_datasets import line_words, read_lines


def write_inspections(report: Path, pages: Sequence[PageScore], model: str) -> dict[int, str]:
    """Write the inspections of pages to a folder next to the report.

    Parameters
    ----------
    report
        The report's file; the folder is called like it, with ``_pages``.
    pages
        Those to write; a page whose texts are not those that were scored is passed over, as texts that were rendered
        of a page are.
    model
        The model's name.

    Returns
    -------
    dict
        By the place in `pages`, the address of its inspection from the report.
    """
    folder = report.with_name(f"{report.stem}_pages")
    links = {}
    for number, scored in enumerate(pages):
        found = _inspect(scored, model)
        if found is not None:
            name = f"worst-{number + 1:02}.html"
            write_atomically(folder / name, found.encode("utf-8", "replace"))
            links[number] = f"{folder.name}/{name}"
    return links


def _inspect(scored: PageScore, model: str) -> str | None:
    """The inspection of a page: what the model made of it beside its gold labels."""
    example, P = scored.example, scored.P
    if example is None or P is None:
        return None
    try:
        page, words = _read(example)
    except BoilerplateError:
        return None
    if len(page) != len(P):
        return None
    counts = np.array([len(text.split()) for text in page.texts], float)
    guess = make_document(Selection(page, P, counts, 0.0))
    return render(
        page, guess, f"{example.portal}: {example.name}", model=model, other=_gold(guess, words), other_model="gold"
    )


def _read(example: Example) -> tuple[Page, np.ndarray]:
    """A page and its words by block and gold label; of a page whose body alone is known, as far as that goes."""
    if example.is_text:
        lines = read_lines(example)
        text_page = segment_text("\n".join(lines.texts))
        return text_page, line_words(lines, text_page)
    page, root = load(example)
    if example.regions is not None:
        return page, count_words(page, node_labels(example, root))
    words = np.zeros((len(page), len(LABELS)), np.int32)
    if not example.index:
        for i, label in enumerate(align(page.texts, example.body or "").tolist()):
            if label >= 0:
                words[i, label] = 1
    return page, words


def _gold(guess: Document, words: np.ndarray) -> Document:
    """The same blocks with their gold labels; where none is known, with those that were guessed."""
    blocks = []
    for block, row in zip(guess.blocks, words, strict=True):
        if not row.sum():
            blocks.append(block)
            continue
        label: Label = LABELS[int(row.argmax())]
        shares = dict(zip(LABELS, (row / row.sum()).tolist(), strict=True))
        blocks.append(replace(block, label=label, probability=shares[label], probabilities={**shares}))
    return replace(guess, blocks=blocks)
