"""What is kept of a labelled page."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from boilerplate.document import Span
from boilerplate.segment.page import Page
from boilerplate.select.assembly import join_blocks
from boilerplate.select.choice import choose, confidence, why_nothing
from boilerplate.select.copies import cut_hidden, drop_copies
from boilerplate.select.correction import CORRECTIONS
from boilerplate.select.marks import AS_LABELLED, Marks, settle


class Selection:
    """The blocks of a labelled page that are kept, and the article's text made of them.

    Parameters
    ----------
    page
        The segmented page.
    P
        Shape (n_blocks, n_labels): the model's probabilities; the attribute `P` has them corrected (see `correction`).
    words
        Shape (n_blocks,): words of each block.
    favour
        Added to the log odds of keeping a block.
    marks
        What becomes of initials and attributions.

    Attributes
    ----------
    kept
        Shape (n_blocks,), bool.
    spans
        Noise that is cut out of kept blocks, by the block's number; who finds it sets it.
    """

    def __init__(self, page: Page, P: np.ndarray, words: np.ndarray, favour: float, marks: Marks = AS_LABELLED) -> None:
        P = CORRECTIONS[page.kind](P, words, page.title, page.texts)
        self.page, self.P, self.words = page, P, words
        self._favour, self._marks = favour, marks
        self.kept = choose(P, words, favour, page.title, page.texts)
        drop_copies(page, self.kept, words)
        self.spans: dict[int, tuple[Span, ...]] = {}
        cut_hidden(page, self.kept, self.spans)
        settle(page, self.kept, self.spans, marks)

    def set_spans(self, found: dict[int, tuple[Span, ...]]) -> None:
        """Take the noise found in kept blocks, by the block's number, beside what the page hides in them."""
        self.spans = found
        cut_hidden(self.page, self.kept, self.spans)
        settle(self.page, self.kept, self.spans, self._marks)

    @cached_property
    def paragraphs(self) -> list[str]:
        """The article's paragraphs, as lines of its text, verses of several; none where nothing is kept."""
        return join_blocks(self.page, self.kept, self.spans)

    @cached_property
    def text(self) -> str:
        """The article's text, a paragraph a line; ``""`` where nothing is kept."""
        return "\n".join(self.paragraphs)

    @property
    def confidence(self) -> float:
        """How good the text should be, by the model's own probabilities, 0 to 1."""
        return confidence(self.P, self.words, self.kept)

    @property
    def reason(self) -> str:
        """Why there is no text; ``""`` where there is."""
        return "" if self.text else why_nothing(self.P, self.words, self._favour, self.page.title, self.page.texts)
