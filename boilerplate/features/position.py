"""Where a block stands: to the article, to the headline, on the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from boilerplate.features.batch import Batch
from boilerplate.features.containers import LEVELS, Containers
from boilerplate.segment.page import HtmlPage

NAMES = (
    "position",
    "log_position",
    "log_left",
    "char_position",
    "title_overlap",
    "topic_overlap",
    "topic_words",
    "is_title",
    "after_title",
    "title_distance",
    "inside_article",
    "article_share",
    "before_article",
    "after_article",
    "to_first",
    "to_last",
    "inside_run",
    "common_blocks",
    "page_blocks",
    "page_paragraphs",
    "page_link_share",
    "article_words",
    "index_like",
    "window_links",
    "window_words",
    "window_paragraphs",
    "same_text",
    "article_link_share",
    "echo_ahead",
    "echo_behind",
    "before_dateline",
    "dateline_distance",
    "log_headlines",
    "inside_whole",
    "before_whole",
    "after_whole",
    "whole_share",
    "whole_purity",
)
"""Names of the columns of `describe_position`. Distances are signed ``log(1 + blocks)``, shares 0 to 1."""

_FAR, _LONG = 400, 3000
"""Blocks, and words of an article, that distances and lengths are counted up to: few pages to learn from have more."""

_REACH = 4
"""Blocks before and behind that a window takes in."""

_PLAIN = 0.3
"""What a word counts in `_purity` that stands in no link and in no paragraph."""

_OPENING = 4
"""Paragraphs among which a dateline is looked for."""

_SET = 16


@dataclass(slots=True)
class Sums:
    """What `describe_position` needs of each block: arrays of shape (n_blocks,).

    Characters, characters in links and their share, words, whether it is a
    paragraph, the shares of its content words in the title and in the
    paragraphs, in later and in earlier paragraphs, level of its heading element, whether
    a dateline opens it.
    """

    chars: np.ndarray
    link_chars: np.ndarray
    link_share: np.ndarray
    words: np.ndarray
    paragraph: np.ndarray
    overlap: np.ndarray
    topic: np.ndarray
    ahead: np.ndarray
    behind: np.ndarray
    heading_level: np.ndarray
    dateline: np.ndarray


def overlaps(
    batch: Batch, text: np.ndarray, hashes: np.ndarray, chars: np.ndarray, paragraph: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Share of each short block's content words that other parts of the page hold.

    In this order: its title, title and paragraphs, later paragraphs, earlier paragraphs.

    Parameters
    ----------
    text, hashes
        Shape (n_words,): number of the block of each content word (titles come after the blocks), and its hash.
    chars, paragraph
        Shape (n_blocks,): characters, and whether it is a paragraph.
    """
    n = len(batch)
    # Each page has a set of words: a bit for each of 2**16 hashes, so one word in a hundred is met by chance.
    page = np.concatenate([batch.page, np.arange(len(batch.pages))])
    keys = (page[text] << _SET) + (hashes >> np.uint64(64 - _SET)).astype(np.int64)
    is_prose, fit = np.zeros(len(page), bool), np.zeros(len(page), bool)
    is_prose[:n], fit[:n] = paragraph, (chars >= 12) & (chars <= 400)
    wanted = fit[text]
    asked, asker = keys[wanted], text[wanted]
    total = np.maximum(np.bincount(asker, minlength=n), 1)
    words = np.zeros(len(batch.pages) << _SET, bool)
    shares = []
    from_paragraph = is_prose[text]
    for held in (text >= n, from_paragraph):  # the second adds to the first
        words[keys[held]] = True
        shares.append(np.bincount(asker, words[asked], n) / total)
    # The first and the last paragraph that has a word; what no paragraph wrote is never read.
    first, last = np.empty(len(words), np.int32), np.empty(len(words), np.int32)
    writes, writer = keys[from_paragraph], text[from_paragraph]
    words[:] = False
    words[writes] = True
    last[writes] = writer
    first[writes[::-1]] = writer[::-1]
    in_prose = words[asked]
    ahead, behind = in_prose & (last[asked] > asker), in_prose & (first[asked] < asker)
    return shares[0], shares[1], np.bincount(asker, ahead, n) / total, np.bincount(asker, behind, n) / total


@dataclass(slots=True)
class _Articles:
    """Where the pages' articles stand: arrays of shape (n_pages,), block numbers."""

    begin: np.ndarray
    end: np.ndarray
    first: np.ndarray
    last: np.ndarray
    title: np.ndarray
    dateline: np.ndarray
    whole_begin: np.ndarray
    whole_end: np.ndarray


def _articles(batch: Batch, containers: Containers, s: Sums, mass: np.ndarray, score: np.ndarray) -> _Articles:
    """Find the pages' articles, given each block's words in paragraphs, and how much it is like the page's title."""
    paragraph, dateline = s.paragraph, s.dateline
    # The box that most of it stands in: most words of paragraphs, a container out counts half (Readability's vote).
    size = len(containers.start)
    votes = np.bincount(containers.chain[1], mass, size) + np.bincount(containers.chain[2], mass / 2, size)
    purity = _purity(containers, s, mass)
    found = np.zeros((8, len(batch.pages)), np.int64)
    bounds, roots = batch.bounds.tolist(), batch.roots.tolist()
    for i in range(len(batch.pages)):
        low, high = bounds[i], bounds[i + 1]
        if low == high:
            continue
        article, whole = (roots[i] + int(each[roots[i] : roots[i + 1]].argmax()) for each in (votes, purity))
        a, b = int(containers.start[article]), int(containers.end[article])
        run = np.flatnonzero(paragraph[a:b])
        first, last = (a + int(run[0]), a + int(run[-1])) if len(run) else (low, high - 1)
        # The headline: the block most like the page's title, headings first.
        title = low + int(score[low:high].argmax())
        # A dateline opens the story if it stands in one of the first paragraphs.
        opens = run[:_OPENING][dateline[a + run[:_OPENING]]]
        found[:, i] = (
            *(a, b, first, last),
            title if score[title] >= 0.5 else -1,
            a + int(opens[0]) if len(opens) else -1,
            *(containers.start[whole], containers.end[whole]),
        )
    return _Articles(*found)


def _purity(containers: Containers, s: Sums, mass: np.ndarray) -> np.ndarray:
    """How much each element looks like the whole of an article and no more: shape (n_elements,).

    Its words in paragraphs, times the square of their share among its words:
    a box of the story's has a part of the former, the page a part of the
    latter. Words outside of links that are no paragraph, such as captions and
    sub-headings, count three tenths.
    """
    other = s.words * ~s.paragraph * (_PLAIN + (1 - _PLAIN) * s.link_share)
    prose, rest = (np.concatenate([[0.0], np.cumsum(column)]) for column in (mass, other))
    prose, rest = (sums[containers.end] - sums[containers.start] for sums in (prose, rest))
    return prose * (prose / np.maximum(prose + rest, 1.0)) ** 2


def _signed_log(distance: np.ndarray) -> np.ndarray:
    """The logarithm of 1 + a distance in blocks (up to `_FAR`), with the distance's sign."""
    return np.asarray(np.sign(distance) * np.log1p(np.minimum(abs(distance), _FAR)))


def describe_position(batch: Batch, containers: Containers, s: Sums) -> np.ndarray:
    """Describe where each block stands: shape (n_blocks, len(NAMES))."""
    out = np.empty((len(batch), len(NAMES)), np.float32)
    for i, column in enumerate(_columns(batch, containers, s)):  # one at a time: all would take much memory
        out[:, i] = column
    return out


_CHARS, _LINK_CHARS, _MASS, _PARAGRAPHS, _LINKS, _WORDS = range(6)
"""Rows of the running sums of `_columns`."""


def _columns(batch: Batch, containers: Containers, s: Sums) -> Iterator[np.ndarray]:
    """Make the columns of `NAMES`, in their order."""
    n = len(batch)
    chars, link_chars, link_share, words = s.chars, s.link_chars, s.link_share, s.words
    paragraph, overlap, topic, in_level = s.paragraph, s.overlap, s.topic, s.heading_level
    index = np.arange(n)
    page, begin, finish = batch.page, batch.begin, batch.finish
    mass = words * paragraph
    score = overlap * (words >= 3) * (words <= 30) + 0.2 * (in_level == 1) + 0.1 * (in_level == 2)
    at = _articles(batch, containers, s, mass, score)
    del score
    running = np.zeros((_WORDS + 1, n + 1))
    np.cumsum([chars, link_chars, mass, paragraph, link_share, words], axis=1, out=running[:, 1:])
    del mass

    def between(row: int, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        return running[row, high] - running[row, low]

    def of_page(row: int) -> np.ndarray:
        return between(row, batch.bounds[:-1], batch.bounds[1:])[page]

    def of_article(row: int) -> np.ndarray:
        return between(row, at.begin, at.end)[page]

    size = finish - begin
    title = at.title[page]
    yield (index - begin) / size
    yield np.log1p(np.minimum(index - begin, _FAR))
    yield np.log1p(np.minimum(finish - index, _FAR))
    yield (running[_CHARS, 1:] - running[_CHARS, begin]) / of_page(_CHARS)
    yield overlap
    yield topic
    yield topic * np.log1p(words)
    yield index == title
    yield (index > title) * (title >= 0)
    yield _signed_log(index - title) * (title >= 0)

    a, b, first, last = at.begin[page], at.end[page], at.first[page], at.last[page]
    yield (index >= a) & (index < b)
    yield of_article(_MASS) / np.maximum(of_page(_MASS), 1.0)
    yield index < a
    yield index >= b
    yield _signed_log(index - first)
    yield _signed_log(index - last)
    yield (index >= first) & (index <= last)
    del first, last
    # Smallest container that holds both the block and the article.
    common = size.astype(np.float64)
    for level in range(LEVELS, 0, -1):
        container = containers.chain[level]
        holds = (containers.start[container] <= a) & (containers.end[container] >= b)
        common = np.where(holds, containers.end[container] - containers.start[container], common)
    del a, b
    yield np.log1p(np.minimum(common, _FAR))
    yield np.log1p(np.minimum(size, _FAR))
    yield np.log1p(np.minimum(of_page(_PARAGRAPHS), _FAR))
    yield of_page(_LINK_CHARS) / of_page(_CHARS)
    yield np.log1p(np.minimum(of_article(_MASS), _LONG))
    yield of_page(_PARAGRAPHS) / size
    del common
    low, high = np.maximum(index - _REACH, begin), np.minimum(index + _REACH + 1, finish)
    yield between(_LINKS, low, high) / (high - low)
    yield np.log1p(between(_WORDS, low, high) / (high - low))
    yield between(_PARAGRAPHS, low, high) / (high - low)
    yield np.log1p(_repeats(batch.pages, n) - 1)
    yield of_article(_LINK_CHARS) / np.maximum(of_article(_CHARS), 1.0)
    yield s.ahead
    yield s.behind
    dated = at.dateline[page]
    yield index < dated
    yield _signed_log(index - dated) * (dated >= 0)
    headlines = np.cumsum(in_level == 1)  # further ones below the page's own begin further stories
    yield np.log1p(np.maximum(headlines - headlines[np.maximum(title, begin)], 0))

    a, b = at.whole_begin[page], at.whole_end[page]
    yield (index >= a) & (index < b)
    yield index < a
    yield index >= b
    prose, words_there = (between(row, at.whole_begin, at.whole_end) for row in (_MASS, _WORDS))
    yield prose[page] / np.maximum(of_page(_MASS), 1.0)
    yield (prose / np.maximum(words_there, 1.0))[page]


def _repeats(pages: Sequence[HtmlPage], n: int) -> np.ndarray:
    """How often each block's text stands on its page: shape (n,)."""
    counted = (map(Counter(page.texts).__getitem__, page.texts) for page in pages)
    return np.fromiter(chain.from_iterable(counted), np.int64, n)
