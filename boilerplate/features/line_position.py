"""Where a line stands: in its runs of lines alike, to the paragraphs of the story, in its text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from boilerplate.features.arrays import first_from, last_before, next_after, runs
from boilerplate.lexicon.stopwords import STOPWORDS
from boilerplate.segment.page import TextPage

RUN = ("log_size", "mean_words", "paragraphs", "sentences", "bullets", "titlecase", "times", "topic", "place")
"""Names of the columns of each run of `describe_runs`."""

NAMES = (
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
"""Names of the columns of `describe_position`."""

_CONTENT = re.compile(r"[^\W\d_]{4,}")


def find_runs(
    words: np.ndarray, paragraph: np.ndarray, bullet: np.ndarray, strength: np.ndarray, first: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find the runs around each line: of lines alike; between headings and paragraphs; sections.

    Parameters
    ----------
    words, paragraph, bullet, strength, first
        Shape (n_lines,): words of each line; whether it is a paragraph, has a bullet; how much it looks like a
        heading; whether it is the first of its text.

    Returns
    -------
    starts, ends : arrays of shape (3, n_lines)
        Numbers of lines.
    """
    shape = np.where(paragraph, 0, np.where(words >= 4, 1, 2)) + 3 * bullet
    change = np.ones(len(words), bool)
    starts, ends = [], []
    for border in (
        shape[1:] != shape[:-1],
        (paragraph[1:] != paragraph[:-1]) | (strength[1:] >= 2),
        strength[1:] >= 3,
    ):
        change[1:] = border
        a, b = runs(change | first)
        starts.append(a)
        ends.append(b)
    return np.array(starts), np.array(ends)


def describe_runs(sums: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> list[np.ndarray]:
    """Describe the runs around each line: the columns `RUN` of each.

    Parameters
    ----------
    sums
        Shape (7, n_lines + 1): running sums of what `RUN` has the means of.
    starts, ends
        See `find_runs`.
    """
    index = np.arange(starts.shape[1])
    parts = []
    for a, b in zip(starts, ends, strict=True):
        size = b - a
        mean = (sums[:, b] - sums[:, a]) / size
        mean[0] = np.log1p(mean[0])
        parts.append(np.stack([np.log1p(size), *mean, (index - a) / size], 1))
    return parts


def describe_position(
    sums: np.ndarray,
    paragraph: np.ndarray,
    words: np.ndarray,
    gaps: np.ndarray,
    overlaps: tuple[np.ndarray, ...],
    begin: np.ndarray,
    finish: np.ndarray,
) -> np.ndarray:
    """Describe where each line stands in its text: shape (n_lines, len(NAMES)).

    Parameters
    ----------
    sums
        See `describe_runs`.
    paragraph, words, gaps
        Shape (n_lines,): whether a line is a paragraph, its words, empty lines before it.
    overlaps
        See `word_overlaps`.
    begin, finish
        Shape (n_lines,): the first line of each line's text, and the one after its last.
    """
    n = len(paragraph)
    index = np.arange(n)
    topic, before, later = overlaps
    total = sums[:, finish] - sums[:, begin]
    first = np.where(total[1] > 0, first_from(paragraph, begin), begin)
    final = np.where(total[1] > 0, last_before(paragraph, begin)[finish - 1], finish - 1)
    final = np.where(paragraph[finish - 1], finish - 1, final)
    size = finish - begin
    back = index - last_before(paragraph, begin)
    back = np.where(last_before(paragraph, begin) >= 0, back, 50)
    ahead = next_after(paragraph, finish)
    forward = np.where(ahead < n, ahead - index, 50)
    paragraphs = sums[1]
    gap_sums = np.concatenate([[0.0], np.cumsum(gaps > 0)])
    low, high = np.maximum(index - 4, begin), np.minimum(index + 5, finish)
    near = (sums[:2, high] - sums[:2, low]) / (high - low)
    return np.stack(
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


def word_overlaps(
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


def _bare(text: str) -> str:
    """A text in lower case without the commonest marks; `str.translate` takes ten times as long."""
    text = text.lower()
    for mark in (",", ".", '"', "(", ")", "/"):
        text = text.replace(mark, " ")
    return text
