"""Probabilities corrected by what the labels mean, where the model cannot see it: a way for each kind of page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from boilerplate.labels import INDEX, LISTS, Label
from boilerplate.segment.page import HTML, TEXT
from boilerplate.segment.title import repeats_title
from boilerplate.select.choice import BODY, MIN_WORDS, SENTENCE_ENDS, TEASER_WORDS

_META = INDEX[Label.META]
_SHORT = np.array([*LISTS, _META])
_LEAST = 1e-6  # keeps a line that was one of these for certain from having no label

LONG_LINE = 80
"""Words of a line of plain text from which it is no headline, byline or caption.

Of 127 lines of so many words in pages rendered to lines, one is no body. Texts
are often one line, with noise inside: to drop it is to lose the story.
"""

STORY_OF_CAPTIONS = 2 * MIN_WORDS
"""Words of captions from which they can be a story."""

SURE_STORY = 0.9
"""Probability from which a block is a story for sure. Of a gallery the model calls some captions body and some not."""


def admit_captions(P: np.ndarray, words: np.ndarray, title: str, texts: Sequence[str]) -> np.ndarray:
    """Probabilities of the blocks of a page, of which the captions are the story if it has no other.

    By the rules of the labels captions are meta beside a story, and body where
    they are it. The model labels each by what is around it; whether the page has
    another story is known only here. Where less than `MIN_WORDS` are one for
    sure and there is a headline, its sentences about the article, if two of
    them differ, are made likeliest body.

    Parameters
    ----------
    P
        Probabilities, shape (n_blocks, n_labels).
    words
        Words of each block.
    title, texts
        The page's title and the texts of its blocks.
    """
    best = P.argmax(axis=1) if len(P) else np.zeros(0, np.int64)
    if words[P[:, BODY] >= SURE_STORY].sum() >= MIN_WORDS:
        return P
    about = np.flatnonzero(((best == _META) | (best == BODY)) & (words >= TEASER_WORDS)).tolist()
    prose = [i for i in about if texts[i].rstrip().endswith(SENTENCE_ENDS)]
    unlike = list({texts[i]: i for i in prose}.values())
    if len(unlike) < 2 or words[unlike].sum() < STORY_OF_CAPTIONS or not title or not repeats_title(title, texts):
        return P
    out = P.copy()
    out[prose, BODY], out[prose, _META] = np.maximum(P[prose, BODY], P[prose, _META]), 0.0
    out[prose] /= out[prose].sum(axis=1, keepdims=True)
    return out


def rule_out(P: np.ndarray, words: np.ndarray, title: str = "", texts: Sequence[str] = ()) -> np.ndarray:
    """Probabilities of the lines of a plain text, of which the long ones are of no list and no meta.

    Parameters
    ----------
    P
        Probabilities, shape (n_lines, n_labels).
    words
        Words of each line.
    title, texts
        Not looked at.
    """
    long = words >= LONG_LINE
    if not long.any():
        return P
    out = P.copy()
    out[np.ix_(long, _SHORT)] = 0.0
    out[long, BODY] += _LEAST
    out[long] /= out[long].sum(axis=1, keepdims=True)
    return out


CORRECTIONS: dict[str, Callable[[np.ndarray, np.ndarray, str, Sequence[str]], np.ndarray]] = {
    HTML: admit_captions,
    TEXT: rule_out,
}
"""The correction of each kind of page: probabilities, words, title and texts in, probabilities out."""
