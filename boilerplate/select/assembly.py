"""The article's text, made of the kept blocks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from boilerplate.document import Span
from boilerplate.segment.page import Page
from boilerplate.select.verses import shown_lines

_CLOSING = frozenset(",.;:!?)%")


def join_blocks(page: Page, kept: np.ndarray, spans: Mapping[int, tuple[Span, ...]]) -> list[str]:
    """Return the paragraphs of the kept blocks, verses of several lines; a table's row is one, ``|`` between cells.

    Parameters
    ----------
    page
        The page.
    kept
        Shape (n_blocks,), bool.
    spans
        Noise to cut out of blocks, by the block's number.
    """
    lines: list[str] = []
    last_row = last_cell = -1
    for i in np.flatnonzero(kept).tolist():
        text = shown_lines(page, i) if i in page.breaks or i in page.wraps else page.texts[i]
        if i in spans:
            text = remove_spans(text, spans[i])
        if not text:
            continue
        row, cell = page.cell(i)
        if row >= 0 and row == last_row and cell != last_cell:  # paragraphs within one cell stay apart
            lines[-1] += " | " + " ".join(text.split("\n"))
        else:
            lines.append(text)
        last_row, last_cell = row, cell
    return lines


def remove_spans(text: str, spans: tuple[Span, ...]) -> str:
    """Cut spans out of a text, and the white space around them; a word or sentence goes on behind them as it did."""
    kept: list[str] = []
    at, open_end = 0, False  # whether white space stood at the end of what is kept so far
    for start, end in [*((span.start, span.end) for span in spans), (len(text), len(text))]:
        part, at = text[at:start], end
        stripped = part.strip()
        if not stripped:
            open_end = open_end or part != ""
            continue
        if kept and (open_end or part[0].isspace() or not _carries_on(part[0])):
            kept.append(" ")
        kept.append(stripped)
        open_end = part[-1].isspace()
    return "".join(kept)


def _carries_on(first: str) -> bool:
    """Whether a character goes on with the word or sentence before it: no capital, or closing punctuation."""
    return first in _CLOSING or (first.isalpha() and not first.isupper())
