"""Which blocks of a labelled page to keep, why none, and how good the kept text should be."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

import numpy as np

from boilerplate.labels import INDEX, LISTS, Label
from boilerplate.messages import counted
from boilerplate.segment.title import repeats_title

BODY = INDEX[Label.BODY]

MIN_WORDS = 20
"""Fewer kept words than this are no article: a page keeps all or nothing."""

UNHEADED_WORDS = 150
"""The minimum where the page has a title and no block repeats it: home pages and their blurbs, a verse of the day.

Of 676 articles each had a headline that did, of 65 pages without one 13.
"""

NO_TEXT = "no text on the page"
"""Why nothing is kept of a page that shows nothing."""

UNSURE = 0.4
"""Few words of whose text the model itself expects a lower F1 than this are no article: scraps of an index page."""

SURE, TOGETHER = 0.8, 0.6
"""A page without a headline keeps its few words where the model is this sure of them, and this much is one run."""

FAR_BLOCKS, FAR_WORDS = 50, 200
"""What stands so many dropped blocks and words behind a story is no part of it.

Of 748 labelled articles of portals none has ten blocks of noise within its
story that hold fifty words, of 563 general articles two have that many.
"""

FAR_STORY = 80
"""That story has so many words: a blurb above it has fewer."""

TAIL_BLOCKS, TAIL_WORDS, TAIL_SURE = 20, 8, 0.9
"""So many blocks of fewer words behind a story's last long one are standings or a schedule, if the model is less sure.

Of 1,311 held-out articles of portals and publishers four end so: three with standings, one with links.
"""

TEASER_WORDS, _TEASERS, _WHOLE, _UNEVEN = 12, 5, 0.15, 0.35
"""A page is one of teasers if it has so many texts of so many words, less than this share ends as sentences do, and
they are about as long (standard deviation over mean)."""

_HALF, _CUT = 0.5, 0.1
"""The same where less than half of them end as sentences do, and they are nearly of one length: cut to so many words.

Of 760 held-out articles none is so even with so few ends, of seven index pages whose teasers were taken for body six.
"""

_NUMBERED, _ITEMS = re.compile(r"\W*\d{1,2}\s*[.)]\s"), 3
"""So many numbered texts are the items of a listicle, which often are no sentences."""

SENTENCE_ENDS = tuple(".!?:;\"”’»')]।。！？」』؟۔")

_MAX_LOG_ODDS = 50.0
"""Log odds beyond this are certainty; `exp` stays far from overflow."""


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
    kept = _body_blocks(P, favour)
    texts = list(texts)
    likely = kept if favour == 0.0 else _body_blocks(P, 0.0)  # to favour body must never keep less
    end = _end_of_story(likely, words, title, texts)
    kept[end:] = likely[end:] = False
    if title:  # a text may end with fixtures that are its story
        end = _end_of_prose(P, words, likely)
        kept[end:] = likely[end:] = False
    n_words = words[kept].sum()
    doubtful = bool(title) and n_words < UNHEADED_WORDS
    if (
        n_words < MIN_WORDS
        or (doubtful and confidence(P, words, likely) < UNSURE)
        or (doubtful and not repeats_title(title, texts) and not _is_sure(P, words, kept))
        or _are_teasers(texts, words, kept)
    ):
        kept[:] = False
    return kept


def _end_of_story(likely: np.ndarray, words: np.ndarray, title: str, texts: list[str]) -> int:
    """Where the story has ended: what is `likely` body behind it is a glossary, a further story, comments."""
    numbers = np.flatnonzero(likely)
    dropped = np.diff(numbers) - 1
    if dropped.max(initial=0) < FAR_BLOCKS:
        return len(likely)
    total = np.cumsum(words)
    between = total[numbers[1:] - 1] - total[numbers[:-1]]
    far = np.flatnonzero((dropped >= FAR_BLOCKS) & (between >= FAR_WORDS)) + 1
    headline = next((i for i, text in enumerate(texts) if repeats_title(title, [text])), -1) if title else -1
    for run in np.split(numbers, far)[:-1]:
        if run[-1] > headline and words[run].sum() >= FAR_STORY:
            return int(run[-1]) + 1
    return len(likely)


def _end_of_prose(P: np.ndarray, words: np.ndarray, likely: np.ndarray) -> int:
    """Where the last long block of the story ends, if many short ones that are doubtful follow; else the page's end."""
    long = np.flatnonzero(likely & (words >= TAIL_WORDS))
    if not len(long):
        return len(likely)
    end = int(long[-1]) + 1
    tail = end + np.flatnonzero(likely[end:])
    return end if len(tail) >= TAIL_BLOCKS and P[tail, BODY].mean() < TAIL_SURE else len(likely)


def _is_sure(P: np.ndarray, words: np.ndarray, kept: np.ndarray) -> bool:
    """Whether the kept blocks are surely body, and most of them stand together."""
    total = words[kept].sum()
    sums = np.concatenate([[0.0], np.cumsum(words * kept)])
    border = np.flatnonzero(np.diff(np.concatenate([[False], kept, [False]]).astype(np.int8)))
    longest = (sums[border[1::2]] - sums[border[::2]]).max(initial=0.0)
    return bool(total and (words * P[:, BODY])[kept].sum() >= SURE * total and longest >= TOGETHER * total)


def _are_teasers(texts: list[str], words: np.ndarray, kept: np.ndarray) -> bool:
    """Whether nearly all kept texts of some length break off within a sentence: the blurbs of an index page."""
    long = np.flatnonzero(kept & (words >= TEASER_WORDS)) if texts else np.zeros(0, np.int64)
    if len(long) < _TEASERS:
        return False
    uneven = words[long].std() / words[long].mean()
    if uneven >= _UNEVEN:
        return False
    if sum(_NUMBERED.match(texts[i]) is not None for i in np.flatnonzero(kept)) >= _ITEMS:
        return False
    ends = [texts[i].rstrip() for i in long]
    whole = sum(text.endswith(SENTENCE_ENDS) and not text.endswith("...") for text in ends) / len(ends)
    return whole < (_HALF if uneven < _CUT else _WHOLE)


def why_nothing(
    P: np.ndarray, words: np.ndarray, favour: float = 0.0, title: str = "", texts: Iterable[str] = ()
) -> str:
    """Say why `choose`, given the same, keeps no block."""
    if not words.sum():
        return NO_TEXT
    kept = _body_blocks(P, favour)
    n_words = int(words[kept].sum())
    story = f"only {counted(n_words, 'word')} of story" if n_words else "no story"
    if words[np.isin(P.argmax(axis=1), LISTS)].sum() > n_words:
        return f"{story} beside lists of other stories: an index or a home page"
    if n_words < MIN_WORDS:
        return f"{story}: an article has at least {MIN_WORDS}" if n_words else f"{story} on the page"
    if _are_teasers(list(texts), words, kept):
        return "texts that break off, as teasers do: an index or a home page"
    if title and n_words < UNHEADED_WORDS:
        if confidence(P, words, kept) < UNSURE:
            return f"{story}, and doubtful: an index or a home page"
        return f"{story} and no block that repeats the title: an article has at least {UNHEADED_WORDS} then"
    return "nothing but noise in the story"


def _body_blocks(P: np.ndarray, favour: float) -> np.ndarray:
    """The blocks that are likelier body than anything else."""
    body, rest = P[:, BODY], P.copy()
    rest[:, BODY] = 0.0
    rest = rest.max(axis=1)
    return np.asarray(body * math.exp(min(max(favour, -_MAX_LOG_ODDS), _MAX_LOG_ODDS)) > rest)


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
