"""From labelled blocks to the article's text."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

import numpy as np

from boilerplate.labels import INDEX, Label
from boilerplate.segment.page import TEXT, Page
from boilerplate.segment.tags import CODES, HEADINGS

BODY = INDEX[Label.BODY]
META = INDEX[Label.META]
_LISTS = [INDEX[label] for label in (Label.RELATED, Label.POPULAR, Label.LATEST, Label.PICKS)]

MIN_WORDS = 20
"""Fewer kept words than this are no article: a page keeps all or nothing."""

UNHEADED_WORDS = 150
"""The same where the page has a title and no block repeats it: a home page, a channel and its verse of the day.

Of 676 articles each had a headline that did, of 65 pages without one 13.
"""

NO_TEXT = "no text on the page"
"""Why nothing is kept of a page that shows nothing."""

_MOST = 50.0
"""Log odds beyond this are certainty; `exp` stays far from overflow."""

_WORD = re.compile(r"\w+")
_HEADLINE = 250
"""Characters of the longest headline."""
_FIRST_RANK = 0.3
"""What `h1` adds to the likeness of a headline to the title."""
_SURE = 1.0 + _FIRST_RANK
"""No headline can be more like it."""

_IS_HEADING = np.isin(np.arange(len(CODES) + 1), list(HEADINGS))
_CELLS = frozenset((CODES["td"], CODES["th"]))


def choose(
    P: np.ndarray, words: np.ndarray, favour: float = 0.0, title: str = "", texts: Iterable[str] = ()
) -> np.ndarray:
    """Decide which blocks of one page to keep.

    Parameters
    ----------
    P
        Probabilities, shape (n_blocks, n_labels).
    words
        Words of each block.
    favour
        Added to the log odds of body: above 0 keeps more (recall), below
        drops more (precision).
    title, texts
        The page's title and the texts of its blocks, to tell whether it has
        a headline.

    Returns
    -------
    array of bool, shape (n_blocks,)
    """
    kept = _likely(P, favour)
    told = words[kept].sum()
    if told < MIN_WORDS or (title and told < UNHEADED_WORDS and not _headed(title.lower(), texts)):
        kept[:] = False
    return kept


def why_nothing(P: np.ndarray, words: np.ndarray, favour: float = 0.0, title: str = "") -> str:
    """Say why `choose`, given the same, keeps no block."""
    if not words.sum():
        return NO_TEXT
    kept = _likely(P, favour)
    told = int(words[kept].sum())
    story = f"only {told} word{'s' * (told != 1)} of story" if told else "no story"
    if words[np.isin(P.argmax(axis=1), _LISTS)].sum() > told:
        return f"{story} beside lists of other stories: an index or a home page"
    if told < MIN_WORDS:
        return f"{story}: an article has at least {MIN_WORDS}" if told else f"{story} on the page"
    if title and told < UNHEADED_WORDS:
        return f"{story} and no block that repeats the title: an article has at least {UNHEADED_WORDS} then"
    return "nothing but noise in the story"


def _likely(P: np.ndarray, favour: float) -> np.ndarray:
    """The blocks that are likelier body than anything else."""
    body, rest = P[:, BODY], P.copy()
    rest[:, BODY] = 0.0
    rest = rest.max(axis=1)
    return np.asarray(body * math.exp(min(max(favour, -_MOST), _MOST)) > rest)


def _headed(title: str, texts: Iterable[str]) -> bool:
    """Whether a block repeats the title; where words are not parted by spaces, letter by letter."""
    wanted = set(_WORD.findall(title))
    short = (text.lower() for text in texts if len(text) <= _HEADLINE)
    return any(_likeness(text, wanted) >= 0.7 or (2 * len(text) > len(title) and text in title) for text in short)


def _likeness(text: str, wanted: set[str]) -> float:
    """How far a text repeats the words of a title, both in small letters: 0 to 1.

    The share of its words that the title has; less if it has under half as many.
    """
    found = set(_WORD.findall(text))
    if len(found) < 3:
        return 0.0
    return len(found & wanted) / len(found) * min(1.0, len(found) / max(len(wanted) * 0.5, 1))


def assemble(page: Page, kept: np.ndarray, texts: list[str] | None = None) -> str:
    """Join the kept blocks: a paragraph a line, a table row a line with ``|`` between cells."""
    texts = page.texts if texts is None else texts
    lines: list[str] = []
    row = cell = -1
    for i in np.flatnonzero(kept):
        text = texts[i]
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


def confidence(P: np.ndarray, words: np.ndarray, kept: np.ndarray) -> float:
    """How good the kept text of one page should be, by the model's own probabilities: 0 to 1.

    Where text is kept, its expected F1: twice the words expected to be rightly
    kept, by those kept and those that should be (the ratio of expectations,
    after Lewis 1995). Where none is, the mean probability of dropping each
    block, weighted by words.
    """
    total = float(words.sum())
    if not total:
        return 1.0
    body = np.clip(P[:, BODY], 0.0, 1.0) * words  # float32 sums can pass 1 by a hair
    taken = float(words[kept].sum())
    if taken:
        return float(2.0 * body[kept].sum() / (taken + body.sum()))
    return 1.0 - float(body.sum()) / total


def _first_line(page: Page, P: np.ndarray) -> str:
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


def _likely_headlines(page: Page, P: np.ndarray) -> np.ndarray:
    tags = np.frombuffer(page.tags, np.int64)[np.frombuffer(page.block_el, np.int64)]
    return np.flatnonzero((P[:, META] >= 0.2) | ((P[:, BODY] >= 0.2) & _IS_HEADING[tags]))


def headline(page: Page, P: np.ndarray) -> str:
    """The page's headline: the heading most like its title, else the title less the site's name.

    A plain text has no title; there it is the first line above the story that could be one.
    """
    if page.kind == TEXT:
        return _first_line(page, P)
    wanted = set(_WORD.findall(page.title.lower()))
    best, best_score = "", 0.5
    for i in _likely_headlines(page, P) if wanted and len(P) else ():
        text = page.texts[i]
        share = _likeness(text.lower(), wanted) if len(text) <= _HEADLINE else 0.0
        if share and page.tags[page.block_el[i]] == CODES["h1"]:
            share += _FIRST_RANK
        if share > best_score:
            best, best_score = text, share
            if share >= _SURE:
                break
    if best:
        return best
    for mark in (" | ", " - ", " – ", " — ", " :: ", " » "):
        if mark in page.title:
            return max(page.title.split(mark), key=len).strip()
    return page.title
