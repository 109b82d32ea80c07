"""Where a block could be cut: places between words, described for the network that tells borders from the rest.

A border is where one text of the page ends and the next begins. Most look
like nothing: `Baca juga: Judul Berita Sedikitnya 418 jiwa ...`. What gives
them away is told in numbers here: the shapes of the words around, an
announcing phrase before, words that open sentences, and whether the document
writes the next word in lower case elsewhere, so that its capital is the start
of something.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from boilerplate.labels import LABELS
from boilerplate.model.evidence import STEP, Table
from boilerplate.spans.tokens import (
    CAPITAL,
    CAPITALS,
    CLOSING,
    COLON,
    COMMA,
    DASH,
    MARKS,
    NUMBER,
    OPENING,
    QUOTE,
    SMALL,
    STOP,
    Tokens,
)

_SHAPES = (SMALL, CAPITAL, CAPITALS, NUMBER, MARKS)
_HEADS = (QUOTE, OPENING, DASH)
_TAILS = (STOP, COLON, COMMA, QUOTE, CLOSING, DASH)
WORD_COLUMNS = (
    *("small", "capital", "capitals", "number", "marks"),
    *("head_quote", "head_opening", "head_dash"),
    *("stop", "colon", "comma", "quote", "closing", "dash"),
    *("glued", "length", "lower_elsewhere", "again"),
)
"""What is told of every word, see `describe_words`."""

_BEFORE, _AFTER = 3, 3
_NEAR = (4, 10)
_FAR = 60
"""Words within which an announcing phrase counts."""

ANNOUNCES = 1.5
"""Weight of evidence for some kind of noise from which a pair of words counts as announcing it."""

_K = len(LABELS)
_SALTS = tuple(np.uint64(x) for x in (0x9FB21C651E98DF25, 0xA24BAED4963EE407, 0xD6E8FEB86659FD93, 0xC2B2AE3D27D4EB4F))


@dataclass(slots=True)
class Words:
    """Tokens with the pages that they are of, and what is told of each."""

    tokens: Tokens
    page: np.ndarray
    X: np.ndarray

    def __len__(self) -> int:
        return len(self.tokens)


@dataclass(slots=True)
class Gaps:
    """Places that could be borders.

    Attributes
    ----------
    at
        Shape (n_gaps,): the word that would begin something.
    hard
        Shape (n_gaps,), bool: a sentence ends there, which is cut in any case.
    X
        Shape (n_gaps, len(names())), float32.
    """

    at: np.ndarray
    hard: np.ndarray
    X: np.ndarray


def describe_words(tokens: Tokens, page_of_block: np.ndarray) -> Words:
    """Tell of each word its shape, its marks, and whether its page has it elsewhere."""
    page = page_of_block[tokens.block]
    X = np.empty((len(tokens), len(WORD_COLUMNS)), np.float32)
    for k, shape in enumerate(_SHAPES):
        X[:, k] = tokens.shape == shape
    k = len(_SHAPES)
    for bit in _HEADS:
        X[:, k] = (tokens.head & bit) > 0
        k += 1
    for bit in _TAILS:
        X[:, k] = (tokens.tail & bit) > 0
        k += 1
    X[:, k] = tokens.glued
    X[:, k + 1] = np.log1p(tokens.end - tokens.start)
    own = tokens.hashes ^ (page.astype(np.uint64) * _SALTS[0])
    _, number = np.unique(own, return_inverse=True)
    small = np.bincount(number, tokens.shape == SMALL)
    X[:, k + 2] = small[number] > (tokens.shape == SMALL)
    X[:, k + 3] = np.bincount(number)[number] > 1
    return Words(tokens, page, X)


def pair_hashes(tokens: Tokens, at: np.ndarray) -> np.ndarray:
    """Hash of each word with the next in its block."""
    n = len(tokens)
    following = np.minimum(at + 1, n - 1)
    same = (following > at) & (tokens.block[following] == tokens.block[at])
    return tokens.hashes[at] * _SALTS[1] + np.where(same, tokens.hashes[following], np.uint64(1))


def opener_keys(tokens: Tokens, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is looked up to tell whether noise begins at a word: the word, and it with the next."""
    return tokens.hashes[at] * _SALTS[2], pair_hashes(tokens, at)


def edge_keys(tokens: Tokens, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is looked up to tell whether anything begins at a word: the word, and the one before it."""
    return tokens.hashes[at] * _SALTS[3], tokens.hashes[np.maximum(at - 1, 0)] * _SALTS[0]


def look_up(table: Table, keys: np.ndarray) -> np.ndarray:
    """Weights of evidence of hashes, (n, n_labels); zeros for those not in the table."""
    out = np.zeros((len(keys), _K), np.float32)
    known, rows = table.find(keys)
    out[known] = table.weights[rows] * np.float32(STEP)
    return out


def candidates(tokens: Tokens) -> tuple[np.ndarray, np.ndarray]:
    """Words that something could begin at, and whether a sentence ends before each; the first of a block is none."""
    n = len(tokens)
    inner = np.ones(n, bool)
    inner[tokens.bounds[:-1][tokens.bounds[:-1] < n]] = False
    before = np.concatenate([[0], tokens.tail[:-1]]) if n else tokens.tail
    upper = (tokens.shape != SMALL) | ((tokens.head & (QUOTE | OPENING)) > 0) | tokens.glued
    closed = (before & (STOP | COLON | CLOSING)) > 0
    # A quote that stands by itself goes with what follows it.
    alone = np.concatenate([[False], (tokens.shape[:-1] == MARKS) & ((tokens.head[:-1] & (QUOTE | OPENING)) > 0)])
    at = np.flatnonzero(inner & (upper | closed) & ~alone[: len(inner)])
    # Neither the number of an item nor an initial or a title ends a sentence.
    size = np.concatenate([[0], (tokens.end - tokens.start)[:-1]])
    shape = np.concatenate([[SMALL], tokens.shape[:-1]])
    hard = upper[at] & ((before[at] & STOP) > 0) & ~((size[at] <= 3) & (shape[at] != SMALL))
    return at, hard


def announcers(openers: np.ndarray) -> np.ndarray:
    """How strongly each gap's words announce noise: (n_gaps,), the greatest weight for a kind of noise over body's."""
    return np.asarray(openers[:, _K + 1 : 2 * _K].max(axis=1, initial=0.0) - np.maximum(openers[:, _K], 0))


def opener_rows(table: Table, tokens: Tokens, at: np.ndarray) -> np.ndarray:
    """Evidence of the words at gaps for the kinds of noise that begin there: (n_gaps, 2 * n_labels)."""
    one, two = opener_keys(tokens, at)
    return np.concatenate([look_up(table, one), look_up(table, two)], axis=1)


def describe_gaps(words: Words, openers: Table, edges: Table) -> Gaps:
    """Describe the places that could be borders."""
    tokens, X = words.tokens, words.X
    at, hard = candidates(tokens)
    n = len(X)
    begin, finish = tokens.bounds[:-1][tokens.block], tokens.bounds[1:][tokens.block]
    low, high = begin[at], finish[at]
    parts = []
    for k in range(-_BEFORE, _AFTER + 1):
        i = at + k
        within = (i >= low) & (i < high)
        parts.append(X[np.clip(i, 0, max(n - 1, 0))] * within[:, None])
    opens = opener_rows(openers, tokens, at)
    one, two = edge_keys(tokens, at)
    parts += [opens, look_up(edges, one)[:, :2], look_up(edges, two)[:, :2]]
    sums = np.zeros((n + 1, 6))
    np.cumsum(X[:, [0, 1, 2, 8, 9, 16]], axis=0, out=sums[1:])
    for size in _NEAR:
        for a, b in ((np.maximum(at - size, low), at), (at, np.minimum(at + size, high))):
            parts.append((sums[b] - sums[a]) / np.maximum(b - a, 1)[:, None])
    told = announcers(opens)
    announced = np.full(n, -1)
    strong = at[told > ANNOUNCES]
    announced[strong] = strong
    last = np.maximum.accumulate(np.concatenate([[-1], announced[:-1]])) if n else announced
    since = at - last[at]
    near = (last[at] >= low) & (since <= _FAR)
    strength = np.zeros(n)
    strength[at] = told
    stops = np.zeros(n + 1)
    np.cumsum(X[:, 8], out=stops[1:])
    stop = np.where(X[:, 8] > 0, np.arange(n), -1)
    ended = np.maximum(np.maximum.accumulate(np.concatenate([[-1], stop[:-1]]))[at] + 1 if n else low, low)
    ahead = np.where(X[:, 8] > 0, np.arange(n), n)
    ends = np.minimum(np.minimum.accumulate(ahead[::-1])[::-1][at], high - 1) if n else high
    parts.append(
        np.stack(
            [
                near,
                np.log1p(np.where(near, since, _FAR)),
                near & (since <= 3),
                near & (since > 5) & (since <= 22),
                np.where(near, strength[np.maximum(last[at], 0)], 0),
                near & (stops[at] == stops[np.maximum(last[at], 0)]),
                np.log1p(at - ended),
                np.log1p(ends - at),
                np.log1p(at - low),
                np.log1p(high - at),
                told,
                hard,
            ],
            axis=1,
        )
    )
    return Gaps(at, hard, np.concatenate(parts, axis=1, dtype=np.float32))


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Names of the columns of `Gaps.X`."""
    out = [f"w{k:+d}_{name}" for k in range(-_BEFORE, _AFTER + 1) for name in WORD_COLUMNS]
    out += [f"{which}_{label}" for which in ("opens", "opens_pair") for label in LABELS]
    out += [f"{which}_{what}" for which in ("next", "last") for what in ("inside", "border")]
    counted = ("small", "capital", "capitals", "stop", "colon", "lower_elsewhere")
    out += [f"{side}{size}_{name}" for size in _NEAR for side in ("before", "after") for name in counted]
    out += ["announced", "log_since", "just_announced", "title_length", "announcer", "same_sentence"]
    out += ["log_before", "log_ahead", "log_block_before", "log_block_after", "announces", "sentence_end"]
    return tuple(out)
