"""Describe the lines of plain texts: one row of numbers a line, many texts at once.

What elements and class names tell of a page must come from the lines
themselves: runs of lines alike, headings by their wording and by what follows
them, and where a line stands to the paragraphs of the story.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from boilerplate.features.arrays import shift
from boilerplate.features.line_headings import H0, K, describe_headings, governing, heading_strength
from boilerplate.features.line_headings import NAMES as HEADING
from boilerplate.features.line_position import NAMES as POSITION
from boilerplate.features.line_position import RUN, describe_position, describe_runs, find_runs, word_overlaps
from boilerplate.features.line_wording import NAMES as WORDING
from boilerplate.features.line_wording import LineWording
from boilerplate.features.page_features import N_CONTAINERS, PageFeatures
from boilerplate.features.tokenizer import chunks, tokenize
from boilerplate.features.tokens import Tokens, word_tokens
from boilerplate.lexicon.tables import HEADING_KINDS, HeadingRows
from boilerplate.segment.page import TextPage
from boilerplate.segment.text import strip_bullet

_OWN = ("bullet", "bullet_alone", "numbered", "log_gap", "log_gap_after", "joined", "strength")
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
    out = [*WORDING, *_OWN]
    for heading in ("gov", "last"):
        out += [f"{heading}_{part}_{k}" for part in ("head", "word", "lead") for k in HEADING_KINDS]
        out += [f"{heading}_{what}" for what in HEADING]
    for level in range(1, N_CONTAINERS + 1):
        out += [f"box{level}_{what}" for what in RUN]
    out += POSITION
    for where in ("prev2", "prev", "next", "next2"):
        out += [f"{where}_{what}" for what in _NEIGHBOUR]
        out += [f"{where}_head_{k}" for k in HEADING_KINDS]
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

    def __init__(self, lexicon: HeadingRows = ()) -> None:
        self._wording = LineWording(lexicon)

    def describe(self, page: TextPage) -> PageFeatures:
        """Describe the lines of one text."""
        return self.describe_many([page])

    def describe_many(self, pages: Sequence[TextPage]) -> PageFeatures:
        """Describe the lines of several texts together; `PageFeatures.X` has the columns of `names`."""
        sizes = np.array([len(page) for page in pages], np.int64)
        n = int(sizes.sum())
        if n == 0:
            none = np.zeros(0, np.int64)
            no_containers = np.zeros((N_CONTAINERS, 0), np.int64)
            tokens = Tokens.of_texts(none.astype(np.uint64), none)
            return PageFeatures(
                np.zeros((0, len(names())), np.float32), no_containers, no_containers, none, none, none, tokens
            )
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
        W = self._wording.rows(texts)
        col = {name: W[:, i] for i, name in enumerate(WORDING)}
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
        overlaps = word_overlaps(pages, texts, paragraph, words)
        after = shift(bullet.astype(float), 1, number)
        strength = heading_strength(W, col, words, bullet, after > 0, shift(paragraph.astype(float), 1, number) > 0)
        gap = np.log1p(np.minimum(gaps, 5))
        gap_after = shift(gap, 1, number)
        above, last = governing(W, strength, paragraph, begin)
        starts, ends = find_runs(words, paragraph, bullet, strength, index == begin)
        times = np.maximum(col["ago"], col["date"])
        sums = np.zeros((7, n + 1))
        np.cumsum(
            [words, paragraph, col["ends_sentence"], bullet, col["titlecase_share"], times, overlaps[0]],
            axis=1,
            out=sums[:, 1:],
        )
        own = {"strength": strength, "paragraph": paragraph, "bullet": bullet, "log_gap": gap}
        base = np.stack([own[c] if c in own else col[c] for c in _NEIGHBOUR], 1)
        base = np.concatenate([base, W[:, H0 : H0 + K]], 1)
        parts = [
            W,
            np.stack([bullet, bullets > 1, numbered, gap, gap_after, joined - (bullets > 1) > 1, strength], 1),
            *describe_headings(W, strength, gap, (above, last)),
            *describe_runs(sums, starts, ends),
            describe_position(sums, paragraph, words, gaps, overlaps, begin, finish),
            *(shift(base, by, number) for by in (-2, -1, 1, 2)),
        ]
        tokens = Tokens.of_texts(*_tokens(texts))
        return PageFeatures(np.concatenate(parts, 1, dtype=np.float32), starts, ends, above, words, number, tokens)


def _tokens(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """See `tokens.word_tokens`."""
    found = []
    for stretch in chunks(texts):
        tokenized = tokenize(texts[stretch])
        hashes, of = word_tokens(tokenized.hashes, tokenized.text, tokenized.bounds)
        found.append((hashes, of + stretch.start))
    return np.concatenate([hashes for hashes, _ in found]), np.concatenate([of for _, of in found])
