"""Where a block stands: to the article, to the headline, on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from boilerplate.features.boxes import LEVELS, Boxes
from boilerplate.features.wording import STOPWORDS

NAMES = (
    "position", "log_position", "log_left", "char_position", "title_overlap", "topic_overlap", "topic_words", "is_title",
    "after_title", "title_distance", "inside_article", "article_share", "before_article", "after_article",
    "to_first", "to_last", "inside_run", "common_blocks", "page_blocks", "page_paragraphs", "page_link_share", "article_words",
    "index_like", "window_links", "window_words", "window_paragraphs", "same_text", "article_link_share",
)  # fmt: skip
"""Names of the columns of `describe_place`. Distances are signed ``log(1 + blocks)``, shares 0 to 1."""

_CONTENT = re.compile(r"[^\W\d_]{4,}")


@dataclass(slots=True)
class Sums:
    """What `describe_place` needs of each block: arrays of shape (n_blocks,).

    Characters, characters in links and their share, words, whether it is a
    paragraph, the shares of its content words in the title and in the
    paragraphs, level of its heading element.
    """

    chars: np.ndarray
    link_chars: np.ndarray
    link_share: np.ndarray
    words: np.ndarray
    paragraph: np.ndarray
    overlap: np.ndarray
    topic: np.ndarray
    heading_level: np.ndarray


def content_words(text: str) -> set[str]:
    """Lower-case words of four letters or more that are no function words."""
    return set(_CONTENT.findall(text.lower())) - STOPWORDS


def overlaps(texts: list[str], paragraph: np.ndarray, title: set[str], chars: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of each block's content words that stand in the title, and in the paragraphs."""
    n = len(texts)
    topic: set[str] = set(title)
    for i in np.flatnonzero(paragraph):
        topic |= content_words(texts[i])
    title_share, topic_share = np.zeros(n), np.zeros(n)
    for i in np.flatnonzero((chars >= 12) & (chars <= 250)):
        found = content_words(texts[i])
        if found:
            title_share[i] = len(found & title) / len(found)
            topic_share[i] = len(found & topic) / len(found)
    return title_share, topic_share


def describe_place(texts: list[str], boxes: Boxes, s: Sums) -> np.ndarray:
    """Describe where each block stands: shape (n_blocks, len(NAMES))."""
    n = len(texts)
    chars, link_chars, link_share, words = s.chars, s.link_chars, s.link_share, s.words
    paragraph, overlap, topic, in_level = s.paragraph, s.overlap, s.topic, s.heading_level
    index = np.arange(n)
    # The article's box: most words of paragraphs, a box out counts half (Readability's vote).
    votes = np.zeros(len(boxes.start))
    mass = words * paragraph
    np.add.at(votes, boxes.chain[1], mass)
    np.add.at(votes, boxes.chain[2], mass / 2)
    article = int(votes.argmax())
    a, b = int(boxes.start[article]), int(boxes.end[article])
    inside = (index >= a) & (index < b)
    run = np.flatnonzero(paragraph & inside)
    first, last = (int(run[0]), int(run[-1])) if len(run) else (0, n - 1)
    article_words = float(mass[inside].sum())
    # The headline: the block most like the page's title, headings first.
    score = overlap * (words >= 3) * (words <= 30) + 0.2 * (in_level == 1) + 0.1 * (in_level == 2)
    title = int(score.argmax()) if score.max() >= 0.5 else -1
    # Smallest box that holds both the block and the article.
    common = np.full(n, n, np.float64)
    for level in range(LEVELS, 0, -1):
        box = boxes.chain[level]
        holds = (boxes.start[box] <= a) & (boxes.end[box] >= b)
        common = np.where(holds, boxes.end[box] - boxes.start[box], common)
    counts: dict[str, int] = {}
    for text in texts:
        counts[text] = counts.get(text, 0) + 1
    same = np.array([counts[t] for t in texts])

    def window(values: np.ndarray, reach: int = 4) -> np.ndarray:
        sums = np.concatenate([[0.0], np.cumsum(values)])
        low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, n)
        return (sums[high] - sums[low]) / (high - low)

    total_paragraphs = float(paragraph.sum())
    ones = np.ones(n)
    columns = [
        index / n, np.log1p(index), np.log1p(n - index), np.cumsum(chars) / chars.sum(), overlap, topic, topic * np.log1p(words), index == title,
        (index > title) * (title >= 0), np.sign(index - title) * np.log1p(abs(index - title)) * (title >= 0),
        inside, ones * (article_words / max(float(mass.sum()), 1.0)), index < a, index >= b,
        np.sign(index - first) * np.log1p(abs(index - first)), np.sign(index - last) * np.log1p(abs(index - last)),
        (index >= first) & (index <= last), np.log1p(common), ones * np.log1p(n), ones * np.log1p(total_paragraphs),
        ones * float(link_chars.sum() / chars.sum()), ones * np.log1p(article_words), ones * (total_paragraphs / n),
        window(link_share), np.log1p(window(words)), window(paragraph), np.log1p(same - 1),
        ones * float(link_chars[a:b].sum() / max(chars[a:b].sum(), 1.0)),
    ]  # fmt: skip
    return np.stack(columns, 1)
