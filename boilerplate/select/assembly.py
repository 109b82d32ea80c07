"""The article's text, made of the kept blocks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from boilerplate.document import Span
from boilerplate.segment.page import Page
from boilerplate.segment.tags import CODES
from boilerplate.select.inline_noise import remove_spans

_CELLS = frozenset((CODES["td"], CODES["th"]))


def assemble(page: Page, kept: np.ndarray, spans: Mapping[int, tuple[Span, ...]]) -> str:
    """Join the kept blocks: a paragraph a line, a table row a line with ``|`` between cells.

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
    row = cell = -1
    for i in np.flatnonzero(kept).tolist():
        text = page.texts[i]
        if i in spans:
            text = remove_spans(text, spans[i])
        if not text:
            continue
        here = own = -1
        if page.block_el and page.tags[page.block_el[i]] in _CELLS:
            own = page.block_el[i]
            here = page.parents[own]
        if here >= 0 and here == row and own != cell:  # paragraphs within one cell stay apart
            lines[-1] += " | " + text
        else:
            lines.append(text)
        row, cell = here, own
    return "\n".join(lines)
