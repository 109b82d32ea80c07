"""The article's text, made of the kept blocks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from boilerplate.document import Span
from boilerplate.segment.page import Page
from boilerplate.select.inline_noise import remove_spans
from boilerplate.select.verses import shown_lines


def assemble(page: Page, kept: np.ndarray, spans: Mapping[int, tuple[Span, ...]]) -> str:
    """Join the kept blocks: a paragraph a line (verses several), a table row a line with ``|`` between cells.

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
    return "\n".join(lines)
