"""What a page hides of what is kept: second copies of the story, asides for machines, words within a sentence.

A hidden text can be the story itself: the rest of it behind a button, or all of
it until a script has run. So what is hidden goes only where the story is
there without it.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from boilerplate.document import Span
from boilerplate.labels import Label
from boilerplate.segment.page import Page

MOSTLY = 0.5
"""Hidden blocks of which this share, by words, repeats what is shown are a copy, and the rest of them is part of it."""

ASIDE_BLOCKS, ASIDE_SHARE = 2, 0.25
"""Hidden blocks up to so many, with less than this share of the kept words, are no part of the story.

On 450 labelled pages all hidden text of a story was more than that, bar none.
"""

REPEAT_BLOCKS, REPEAT_WORDS, PARAGRAPH_WORDS = 3, 40, 12
"""A second copy that is shown, too, has at least so many blocks in a row, so many words, and so many a block.

A refrain has fewer.
"""

LONGEST_PIECE = 200
"""Characters: a longer hidden piece of a paragraph is not cut out, it may be the rest of the story."""


def drop_copies(page: Page, kept: np.ndarray, words: np.ndarray) -> None:
    """Take hidden asides and second copies of the story out of what is kept.

    Parameters
    ----------
    page
        The page.
    kept
        Shape (n_blocks,), bool; changed in place.
    words
        Shape (n_blocks,): words of each block.
    """
    if page.hidden:
        _drop_hidden(page, kept, words)
    _drop_repeats(page, kept, words)


def _drop_hidden(page: Page, kept: np.ndarray, words: np.ndarray) -> None:
    numbers = np.flatnonzero(kept).tolist()
    hidden = [i for i in numbers if page.hidden.get(i) == [(0, len(page.texts[i]))]]
    if not hidden:
        return
    total = words[kept].sum()
    kept[hidden] = False
    shown = {page.texts[i] for i in np.flatnonzero(kept).tolist()}
    rest = [i for i in hidden if page.texts[i] not in shown]
    n_rest = words[rest].sum()
    copied = words[hidden].sum() - n_rest
    if copied < MOSTLY * words[hidden].sum() and (len(rest) > ASIDE_BLOCKS or n_rest >= ASIDE_SHARE * total):
        kept[rest] = True


def _drop_repeats(page: Page, kept: np.ndarray, words: np.ndarray) -> None:
    numbers = np.flatnonzero(kept).tolist()
    texts = page.texts
    if len({texts[i] for i in numbers}) + REPEAT_BLOCKS > len(numbers):
        return
    first: dict[str, int] = {}  # places among the kept blocks
    found = [first.setdefault(texts[i], place) for place, i in enumerate(numbers)]
    # A copy runs through the blocks in the order of the original.
    cuts = [0, *(k + 1 for k, (a, b) in enumerate(pairwise(found)) if b != a + 1 or (a == k) != (b == k + 1))]
    for start, end in pairwise([*cuts, len(found)]):
        run = numbers[start:end]
        n_words = words[run].sum()
        least = max(REPEAT_WORDS, PARAGRAPH_WORDS * len(run))
        if found[start] != start and len(run) >= REPEAT_BLOCKS and n_words >= least:
            kept[run] = False


def cut_hidden(page: Page, kept: np.ndarray, spans: dict[int, tuple[Span, ...]]) -> None:
    """Add to the `spans` to cut out of kept blocks, by the block's number, the short pieces that the page hides."""
    for i, pieces in page.hidden.items():
        if not kept[i] or pieces == [(0, len(page.texts[i]))]:
            continue
        cut = [Span(start, end, Label.CHROME) for start, end in pieces if end - start <= LONGEST_PIECE]
        if cut:
            spans[i] = without_overlaps(sorted([*cut, *spans.get(i, ())], key=lambda span: (span.start, -span.end)))


def without_overlaps(spans: list[Span]) -> tuple[Span, ...]:
    """Spans, by their starts, less what earlier ones cover of them."""
    apart: list[Span] = []
    at = 0
    for span in spans:
        if span.end > at:
            apart.append(Span(max(span.start, at), span.end, span.label, span.probability))
            at = span.end
    return tuple(apart)
