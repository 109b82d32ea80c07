"""Pieces of blocks, each of them one thing, described for the network that labels them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from boilerplate.features.page_features import PageFeatures
from boilerplate.features.tokens import Tokens as Hashes
from boilerplate.features.tokens import columns, word_tokens
from boilerplate.labels import LABELS
from boilerplate.model.evidence import Table
from boilerplate.segment.page import TEXT
from boilerplate.spans.borders import ANNOUNCES, WORD_COLUMNS, Words, announcers, opener_rows
from boilerplate.spans.tokens import CLOSING, OPENING, SMALL, STOP

CUT = 0.04
"""Probability of a border from which a block is cut there: too many pieces do little harm, too few do."""

_FIRST_WORDS = 40
"""Words of a piece that are looked up."""
_GOVERNS = 8
"""Pieces up to which an announcing piece governs those after it."""

_K = len(LABELS)
_EDGES = ("first", "second", "last", "next_first", "previous_last")
_OWN = (
    *("log_words", "log_chars", "border_before", "border_after", "in_brackets", "initials", "slashes"),
    *("goes_on_without", "announces", "echo", "echo_capitals", "sentence"),
    *("log_pieces", "place", "log_words_before", "log_words_after", "first", "final", "log_blocks", "block_place"),
    *("since_announced", "announced_in_sentence"),
)
_NEIGHBOUR = ("log_words", "sentence", "capital", "announces", "border_before", "lower_elsewhere")


@dataclass(slots=True)
class Pieces:
    """Pieces of blocks: words ``first:last`` of them, and the block and the page of each."""

    first: np.ndarray
    last: np.ndarray
    block: np.ndarray
    page: np.ndarray

    def __len__(self) -> int:
        return len(self.first)


def cut(words: Words, at: np.ndarray, hard: np.ndarray, border: np.ndarray) -> tuple[Pieces, np.ndarray]:
    """Cut blocks at the gaps that are borders.

    Parameters
    ----------
    at, hard
        See `borders.Gaps`.
    border
        Shape (n_gaps,): probability that each is a border.

    Returns
    -------
    pieces, probability that a border is before each word (1 where a block begins)
    """
    tokens = words.tokens
    n = len(tokens)
    probability = np.zeros(n + 1, np.float32)
    probability[at] = border
    begins = np.zeros(n, bool)
    begins[at[hard | (border >= CUT)]] = True
    starts = tokens.bounds[:-1]
    begins[starts] = True
    probability[starts] = 1.0
    probability[n] = 1.0
    first = np.flatnonzero(begins)
    last = np.append(first[1:], n)
    return Pieces(first, last, tokens.block[first], words.page[first]), probability


def describe_pieces(words: Words, pieces: Pieces, border: np.ndarray, openers: Table) -> PageFeatures:
    """Describe pieces by what stands in them and around them.

    Parameters
    ----------
    border
        Shape (n_tokens + 1,): see `cut`.
    """
    tokens, X = words.tokens, words.X
    first, last, block = pieces.first, pieces.last, pieces.block
    n, m = len(tokens), len(pieces)
    size = last - first
    sums = np.zeros((n + 1, X.shape[1]))
    np.cumsum(X, axis=0, out=sums[1:])
    means = (sums[last] - sums[first]) / size[:, None]
    opens = opener_rows(openers, tokens, first)
    told = announcers(opens)
    index = np.arange(m)
    head = np.flatnonzero(np.diff(block, prepend=-1))
    count = np.diff(np.append(head, m))
    number = np.repeat(np.arange(len(head)), count)
    low, high = head[number], (head + count)[number]
    tail = tokens.tail[last - 1]
    ends = (tail & STOP) > 0
    inside = last < n
    follows = inside & (tokens.block[np.minimum(last, n - 1)] == block)
    lower = (tokens.shape[np.minimum(last, n - 1)] == SMALL) & follows
    before_ends = np.concatenate([[True], ends[:-1]]) | (index == low)
    bracketed = ((tokens.head[first] & OPENING) > 0) & ((tail & CLOSING) > 0)
    chars = tokens.end[last - 1] - tokens.start[first]
    content = (tokens.end - tokens.start >= 4).astype(np.float64)
    capital = X[:, 1] + X[:, 2]
    echoes = np.zeros((n + 1, 4))
    again = X[:, WORD_COLUMNS.index("again")]
    np.cumsum(np.stack([content, content * again, capital, capital * again], 1), axis=0, out=echoes[1:])
    echo = echoes[last] - echoes[first]
    strong = np.where(told > ANNOUNCES, index, -1)
    announced = np.maximum.accumulate(np.concatenate([[-1], strong[:-1]]))
    page_first = np.flatnonzero(np.diff(pieces.page, prepend=-1))
    page_sizes = np.diff(np.append(page_first, m))
    page_low, page_high = (np.repeat(bound, page_sizes) for bound in (page_first, np.append(page_first[1:], m)))
    since = index - announced
    governed = (announced >= page_low) & (since <= _GOVERNS)
    stops = np.concatenate([[0], np.cumsum(ends)])
    blocks_before = block - block[page_low]
    blocks = block[page_high - 1] - block[page_low] + 1
    own = np.stack(
        [
            np.log1p(size),
            np.log1p(chars),
            border[first],
            np.where(follows, border[np.minimum(last, n)], 1.0),
            bracketed,
            bracketed & (size == 1) & (chars <= 14),
            bracketed & (chars <= 60),
            ~before_ends & lower,
            told,
            echo[:, 1] / np.maximum(echo[:, 0], 1),
            echo[:, 3] / np.maximum(echo[:, 2], 1),
            ends,
            np.log1p(high - low),
            (index - low) / np.maximum(high - low, 1),
            np.log1p(first - first[low]),
            np.log1p(last[high - 1] - last),
            index == low,
            index == high - 1,
            np.log1p(blocks),
            blocks_before / blocks,
            np.where(governed, 1.0 / np.maximum(since, 1), 0.0),
            governed & (stops[index] == stops[np.maximum(announced, 0)]),
        ],
        axis=1,
    )
    parts = [own, means, opens]
    for i, there in (
        (first, np.ones(m, bool)),
        (np.minimum(first + 1, last - 1), np.ones(m, bool)),
        (last - 1, np.ones(m, bool)),
        (np.minimum(last, n - 1), follows),
        (np.maximum(first - 1, 0), index > low),
    ):
        parts.append(X[i] * there[:, None])
    around = np.stack(
        [
            own[:, 0],
            own[:, 11],
            means[:, 1] + means[:, 2],
            told,
            own[:, 2],
            means[:, WORD_COLUMNS.index("lower_elsewhere")],
        ],
        axis=1,
    )
    for by in (-2, -1, 1, 2):
        i = index + by
        parts.append(around[np.clip(i, 0, m - 1)] * ((i >= page_low) & (i < page_high))[:, None])
    window = [(index - 2, index + 3), (index - 6, index + 7), (low, high)]
    starts = np.stack([np.maximum(a, page_low) for a, _ in window])
    finishes = np.stack([np.minimum(b, page_high) for _, b in window])
    return PageFeatures(
        np.concatenate(parts, axis=1, dtype=np.float32),
        starts,
        finishes,
        np.where(governed, announced, -1),
        size.astype(np.float64),
        pieces.page,
        Hashes.of_texts(*word_tokens(tokens.hashes, np.repeat(index, size), np.append(first, n), _FIRST_WORDS)),
    )


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Names of the columns that the network sees of a piece: of `describe_pieces`, then of the tables."""
    out = [*_OWN, *(f"mean_{name}" for name in WORD_COLUMNS)]
    out += [f"{which}_{label.value}" for which in ("opens", "opens_pair") for label in LABELS]
    out += [f"{edge}_{name}" for edge in _EDGES for name in WORD_COLUMNS]
    out += [f"{shift}_{name}" for shift in ("prev2", "prev", "next", "next2") for name in _NEIGHBOUR]
    return (*out, *columns(TEXT))
