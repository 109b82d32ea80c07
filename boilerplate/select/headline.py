"""The headline of a page, found by its likeness to the page's title."""

from __future__ import annotations

import re

import numpy as np

from boilerplate.labels import INDEX, Label
from boilerplate.segment.page import HtmlPage, TextPage
from boilerplate.segment.tags import CODES, HEADINGS
from boilerplate.segment.title import MAX_CHARS, likeness

BODY = INDEX[Label.BODY]
META = INDEX[Label.META]

_WORD = re.compile(r"\w+")
_H1_BONUS = 0.3
"""What `h1` adds to the likeness of a headline to the title."""
_PERFECT = 1.0 + _H1_BONUS
"""No headline can be more like it."""
_SEPARATORS = (" | ", " - ", " – ", " — ", " :: ", " » ")
"""What stands between a headline and the site's name in a title."""

_IS_HEADING = np.isin(np.arange(len(CODES) + 1), list(HEADINGS))


def html_headline(page: HtmlPage, P: np.ndarray) -> str:
    """The headline of an HTML page: the heading most like its title, else the title less the site's name.

    Parameters
    ----------
    page
        The page.
    P
        Shape (n_blocks, n_labels): probabilities.
    """
    wanted = set(_WORD.findall(page.title.lower()))
    best, best_score = "", 0.5
    for i in _candidates(page, P) if wanted and len(P) else ():
        text = page.texts[i]
        score = likeness(text.lower(), wanted) if len(text) <= MAX_CHARS else 0.0
        if score and page.tags[page.block_el[i]] == CODES["h1"]:
            score += _H1_BONUS
        if score > best_score:
            best, best_score = text, score
            if score >= _PERFECT:
                break
    if best:
        return best
    for separator in _SEPARATORS:
        if separator in page.title:
            return max(page.title.split(separator), key=len).strip()
    return page.title


def text_headline(page: TextPage, P: np.ndarray) -> str:
    """The headline of a plain text, which has no title: the first line above the story that could be one."""
    for i, best in enumerate(P.argmax(axis=1) if len(P) else ()):
        text = page.texts[i]
        if best == BODY:
            break
        if (
            best == META
            and 3 <= text.count(" ") <= 25
            and text[-1] not in ".:;,"
            and not any(map(str.isdigit, text[-5:]))
        ):
            return text
    return ""


def _candidates(page: HtmlPage, P: np.ndarray) -> np.ndarray:
    """Numbers of the blocks that could be the headline."""
    tags = np.frombuffer(page.tags, np.int64)[np.frombuffer(page.block_el, np.int64)]
    return np.flatnonzero((P[:, META] >= 0.2) | ((P[:, BODY] >= 0.2) & _IS_HEADING[tags]))
