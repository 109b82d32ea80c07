"""Describe the lines of plain texts: one row of numbers a line, many texts at once.

What elements and class names tell of a page must come from the lines
themselves: runs of lines alike, headings by their wording and by what follows
them, and where a line stands to the paragraphs of the story.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from boilerplate.features.context import N_BOXES, Described
from boilerplate.features.lexicon import HEADING_KINDS, Rows
from boilerplate.features.linewords import NAMES as WORDS
from boilerplate.features.linewords import LineWords
from boilerplate.features.tokens import Tokens, word_tokens
from boilerplate.features.wording import STOPWORDS
from boilerplate.features.words import chunks, spell
from boilerplate.segment.page import TextPage
from boilerplate.segment.text import strip_bullet

_CONTENT = re.compile(r"[^\W\d_]{4,}")
_H0, _K = WORDS.index("head_related"), len(HEADING_KINDS)
_LISTS = 4  # the first kinds: those that head lists of other stories

_OWN = ("bullet", "bullet_alone", "numbered", "log_gap", "log_gap_after", "joined", "strength")
_HEADING = ("distance", "strength", "gap")
_RUN = ("log_size", "mean_words", "paragraphs", "sentences", "bullets", "titlecase", "times", "topic", "place")
_PLACE = (
    "position",
    "log_position",
    "log_left",
    "log_before_first",
    "log_after_last",
    "to_paragraph",
    "from_paragraph",
    "inside",
    "paragraphs_before",
    "paragraphs_after",
    "topic",
    "topic_words",
    "seen_before",
    "seen_later",
    "log_lines",
    "paragraph_share",
    "gap_share",
    "bullet_share",
    "log_paragraphs",
    "window_words",
    "window_paragraphs",
)
_NEIGHBOUR = (
    "log_words",
    "ends_sentence",
    "strength",
    "paragraph",
    "bullet",
    "ago",
    "date",
    "verb_lead",
    "titlecase_share",
    "starts_lower",
    "ends_colon",
    "in_parens",
    "bracketed",
    "log_gap",
)


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Names of the columns of `LineDescriber.describe`, in order."""
    out = [*WORDS, *_OWN]
    for which in ("gov", "last"):
        out += [f"{which}_{part}_{k}" for part in ("head", "word", "lead") for k in HEADING_KINDS]
        out += [f"{which}_{what}" for what in _HEADING]
    for level in range(1, N_BOXES + 1):
        out += [f"box{level}_{what}" for what in _RUN]
    out += _PLACE
    for shift in ("prev2", "prev", "next", "next2"):
        out += [f"{shift}_{what}" for what in _NEIGHBOUR]
        out += [f"{shift}_head_{k}" for k in HEADING_KINDS]
    return tuple(out)


class LineDescriber:
    """Turn segmented texts into rows of features.

    Holds a cache of short lines, so keep one for many texts; threads may
    share it.

    Parameters
    ----------
    lexicon
        Rows of headings beyond the shipped ones.
    """

    def __init__(self, lexicon: Rows = ()) -> None:
        self.words = LineWords(lexicon)

    def describe(self, page: TextPage) -> Described:
        """Describe the lines of one text."""
        return self.describe_many([page])

    def describe_many(self, pages: Sequence[TextPage]) -> Described:
        """Describe the lines of several texts, put in a row; `Described.X` has the columns of `names`."""
        sizes = np.array([len(page) for page in pages], np.int64)
        n = int(sizes.sum())
        if n == 0:
            none = np.zeros(0, np.int64)
            boxless = np.zeros((N_BOXES, 0), np.int64)
            tokens = Tokens.of_texts(none.astype(np.uint64), none)
            return Described(np.zeros((0, len(names())), np.float32), boxless, boxless, none, none, none, tokens)
        number = np.repeat(np.arange(len(pages)), sizes)
        begin = np.repeat(np.cumsum(sizes) - sizes, sizes)
        finish = begin + np.repeat(sizes, sizes)
        index = np.arange(n)
        texts = [
            strip_bullet(text) if bullet else text
            for page in pages
            for text, bullet in zip(page.texts, page.bullets, strict=True)
        ]
        gaps = np.fromiter((gap for page in pages for gap in page.gaps), np.float64, n)
        bullets = np.fromiter((bullet for page in pages for bullet in page.bullets), np.float64, n)
        joined = np.fromiter(
            (b - a for page in pages for a, b in zip(page.line_starts, page.line_ends, strict=True)), np.float64, n
        )
        gaps[index == begin] = 0
        W = self.words.rows(texts)
        col = {name: W[:, i] for i, name in enumerate(WORDS)}
        words = np.expm1(col["log_words"]).round()
        bullet = bullets > 0
        numbered = np.fromiter(
            (b > 0 and t[0].isdigit() for page in pages for t, b in zip(page.texts, page.bullets, strict=True)), bool, n
        )
        paragraph = (
            (words >= 12)
            & (col["log_stops"] > 0.65)
            & ((col["ends_sentence"] > 0) | (words >= 22))
            & (col["lead_related"] == 0)
        )
        topic, before, later = self._wordwise(pages, texts, paragraph, words)
        after = _shift(bullet.astype(float), 1, number)
        strength = _strength(W, col, words, bullet, after > 0, _shift(paragraph.astype(float), 1, number) > 0)

        parts = [W]
        gap = np.log1p(np.minimum(gaps, 5))
        gap_after = _shift(gap, 1, number)
        parts.append(np.stack([bullet, bullets > 1, numbered, gap, gap_after, joined - (bullets > 1) > 1, strength], 1))

        # --- headings: the nearest above, unless a paragraph stands between; the last that heads a list
        above = _last_before(strength > 0, begin)
        above = np.where(above > _last_before(paragraph, begin), above, -1)
        above = np.where((paragraph & (above != index - 1)) | (strength >= 3), -1, above)
        last = _last_before((strength >= 3) & (W[:, _H0 : _H0 + _LISTS].sum(1) > 0), begin)
        lex = W[:, _H0 : _H0 + 3 * _K]
        for which in (above, last):
            has = which >= 0
            at = np.maximum(which, 0)
            parts.append(lex[at] * has[:, None])
            parts.append(np.stack([np.log1p(index - at) * has, strength[at] * has, gap[at] * has], 1))

        # --- runs of lines alike, stretches between headings and paragraphs, sections
        shape = np.where(paragraph, 0, np.where(words >= 4, 1, 2)) + 3 * bullet
        new = index == begin
        change = np.ones(n, bool)
        starts, ends = [], []
        for cut in (
            shape[1:] != shape[:-1],
            (paragraph[1:] != paragraph[:-1]) | (strength[1:] >= 2),
            strength[1:] >= 3,
        ):
            change[1:] = cut
            a, b = _stretches(change | new)
            starts.append(a)
            ends.append(b)
        times = np.maximum(col["ago"], col["date"])
        sums = np.zeros((7, n + 1))
        np.cumsum(
            [words, paragraph, col["ends_sentence"], bullet, col["titlecase_share"], times, topic],
            axis=1,
            out=sums[:, 1:],
        )
        for a, b in zip(starts, ends, strict=True):
            size = b - a
            mean = (sums[:, b] - sums[:, a]) / size
            mean[0] = np.log1p(mean[0])
            parts.append(np.stack([np.log1p(size), *mean, (index - a) / size], 1))

        # --- place in the text
        total = sums[:, finish] - sums[:, begin]
        first = np.where(total[1] > 0, _first_from(paragraph, begin), begin)
        final = np.where(total[1] > 0, _last_before(paragraph, begin)[finish - 1], finish - 1)
        final = np.where(paragraph[finish - 1], finish - 1, final)
        size = finish - begin
        back = index - _last_before(paragraph, begin)
        back = np.where(_last_before(paragraph, begin) >= 0, back, 50)
        ahead = _next_after(paragraph, finish)
        forward = np.where(ahead < n, ahead - index, 50)
        paragraphs = sums[1]
        gap_sums = np.concatenate([[0.0], np.cumsum(gaps > 0)])
        low, high = np.maximum(index - 4, begin), np.minimum(index + 5, finish)
        near = (sums[:2, high] - sums[:2, low]) / (high - low)
        parts.append(
            np.stack(
                [
                    (index - begin) / size,
                    np.log1p(index - begin),
                    np.log1p(finish - index),
                    np.log1p(np.maximum(first - index, 0)),
                    np.log1p(np.maximum(index - final, 0)),
                    np.log1p(np.minimum(forward, 50)),
                    np.log1p(np.minimum(back, 50)),
                    (index >= first) & (index <= final),
                    np.log1p(paragraphs[index] - paragraphs[begin]),
                    np.log1p(paragraphs[finish] - paragraphs[index + 1]),
                    topic,
                    topic * np.log1p(words),
                    before,
                    later,
                    np.log1p(size),
                    total[1] / size,
                    (gap_sums[finish] - gap_sums[begin]) / size,
                    total[3] / size,
                    np.log1p(total[1]),
                    np.log1p(near[0]),
                    near[1],
                ],
                1,
            )
        )
        own = {"strength": strength, "paragraph": paragraph, "bullet": bullet, "log_gap": gap}
        base = np.stack([own[c] if c in own else col[c] for c in _NEIGHBOUR], 1)
        base = np.concatenate([base, W[:, _H0 : _H0 + _K]], 1)
        parts += [_shift(base, shift, number) for shift in (-2, -1, 1, 2)]
        tokens = Tokens.of_texts(*_tokens(texts))
        return Described(
            np.concatenate(parts, 1, dtype=np.float32), np.array(starts), np.array(ends), above, words, number, tokens
        )

    @staticmethod
    def _wordwise(
        pages: Sequence[TextPage], texts: list[str], paragraph: np.ndarray, words: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Share of a short line's content words that paragraphs hold; whether its text came before, or comes later."""
        n = len(texts)
        topic, before, later = np.zeros(n), np.zeros(n), np.zeros(n)
        short = ((words >= 2) & (words <= 40) & ~paragraph).tolist()
        prose = paragraph.tolist()
        a = 0
        for page in pages:
            b = a + len(page)
            own = texts[a:b]
            counts = Counter(own)
            if len(counts) < b - a:
                met: set[str] = set()
                for i in range(a, b):
                    if counts[texts[i]] > 1:
                        before[i] = texts[i] in met
                        met.add(texts[i])
                        counts[texts[i]] -= 1
                        later[i] = 1
            wanted = [i for i in range(a, b) if short[i]]
            if wanted:
                story = set(_bare(" ".join([texts[i] for i in range(a, b) if prose[i]])).split())
                for i in wanted:
                    found = set(_CONTENT.findall(texts[i].lower())) - STOPWORDS
                    if found:
                        topic[i] = len(found & story) / len(found)
            a = b
        return topic, before, later


def _tokens(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """See `tokens.word_tokens`."""
    found = []
    for some in chunks(texts):
        hashes, of = word_tokens(spell(texts[some]))
        found.append((hashes, of + some.start))
    return np.concatenate([hashes for hashes, _ in found]), np.concatenate([of for _, of in found])


def _bare(text: str) -> str:
    """A text in lower case without the commonest marks; `str.translate` takes ten times as long."""
    text = text.lower()
    for mark in (",", ".", '"', "(", ")", "/"):
        text = text.replace(mark, " ")
    return text


def _strength(
    W: np.ndarray,
    col: dict[str, np.ndarray],
    words: np.ndarray,
    bullet: np.ndarray,
    bullets_follow: np.ndarray,
    prose_follows: np.ndarray,
) -> np.ndarray:
    """How much each line looks like the heading of a section, 0 to 3.

    3: a known heading. 2: short, with a telling word and no prose after it, or
    with bullets after it. 1: short and ends in a colon. 0: none.
    """
    head = W[:, _H0 : _H0 + _K]
    known, telling = head[:, :-1].sum(1) > 0, W[:, _H0 + _K : _H0 + 2 * _K].sum(1) > 0
    plain = (
        (col["ends_sentence"] == 0)
        & (col["date"] == 0)
        & (col["ago"] == 0)
        & (col["rank"] == 0)
        & (col["no_letters"] == 0)
        & ~bullet
    )
    strength = np.zeros(len(W), np.int64)
    strength[plain & (words <= 8) & (col["ends_colon"] > 0)] = 1
    strength[plain & (words <= 6) & bullets_follow] = 2
    strength[plain & (words <= 5) & telling & ~prose_follows] = 2
    strength[plain & known] = 3
    return strength


def _shift(values: np.ndarray, by: int, number: np.ndarray) -> np.ndarray:
    """The values of the line `by` further on in the same text; 0 beyond its ends."""
    out = np.zeros_like(values)
    if by > 0:
        same = number[by:] == number[:-by]
        out[:-by][same] = values[by:][same]
    else:
        same = number[-by:] == number[:by]
        out[-by:][same] = values[:by][same]
    return out


def _last_before(flags: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """For each line the last flagged line before it in its text, or -1."""
    out = np.full(len(flags), -1)
    out[1:] = np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1))[:-1]
    return np.where(out >= begin, out, -1)


def _next_after(flags: np.ndarray, finish: np.ndarray) -> np.ndarray:
    """For each line the next flagged line after it in its text, or the number of lines."""
    n = len(flags)
    out = np.full(n, n)
    out[:-1] = np.minimum.accumulate(np.where(flags, np.arange(n), n)[::-1])[::-1][1:]
    return np.where(out < finish, out, n)


def _first_from(flags: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """For each line the first flagged line of its text (wrong where there is none)."""
    n = len(flags)
    following = np.minimum.accumulate(np.where(flags, np.arange(n), n)[::-1])[::-1]
    return following[begin]


def _stretches(new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each line start and end of its stretch, given where stretches begin."""
    at = np.flatnonzero(new)
    which = np.cumsum(new) - 1
    return at[which], np.append(at[1:], len(new))[which]
