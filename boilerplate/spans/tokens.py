"""The words of blocks as arrays, parted where noise could begin or end: at blanks, and at borders without one.

Whoever joined the texts of a page often left no blank between them
(`...di kotaSelain itu`), so a word also ends before a capital that follows a
lower-case letter, a digit or the end of a sentence, and at brackets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from boilerplate.lexicon.letters import TABLE, folded, is_letter

LOWER, UPPER, DIGIT, SPACE, STOP, COLON, COMMA, QUOTE, CLOSING, OPENING, DASH = (1 << k for k in range(11))
"""Classes of characters, as bits; double quotes are `OPENING` or `CLOSING`, too, an apostrophe is `QUOTE` only."""

SMALL, CAPITAL, CAPITALS, NUMBER, MARKS = range(5)
"""Shapes of words: in lower case, with a capital first, in capitals, with a digit first, without letter or digit."""

MOST_CHARS = 2**17
"""Characters that are taken apart at once."""

_LETTER = LOWER | UPPER
_BASE, _MIX = 0x9E3779B97F4A7C15, np.uint64(0xBF58476D1CE4E5B9)


@dataclass(slots=True)
class Tokens:
    """Words of several blocks, numbered through.

    Attributes
    ----------
    start, end
        Shape (n_tokens,): offsets into the block's text.
    block
        Shape (n_tokens,): number of the block.
    hashes
        Shape (n_tokens,), uint64: of letters and digits, folded; a digit counts as 0.
    shape
        Shape (n_tokens,): `SMALL` to `MARKS`.
    head, tail
        Shape (n_tokens,): classes of the first character, and of the last with that before it if the last closes.
    glued
        Shape (n_tokens,), bool: no blank parts the word from the one before it in the block.
    bounds
        Shape (n_blocks + 1,): the words of block `i` are ``bounds[i]:bounds[i + 1]``.
    """

    start: np.ndarray
    end: np.ndarray
    block: np.ndarray
    hashes: np.ndarray
    shape: np.ndarray
    head: np.ndarray
    tail: np.ndarray
    glued: np.ndarray
    bounds: np.ndarray

    def __len__(self) -> int:
        return len(self.start)


@cache
def _tables() -> tuple[np.ndarray, np.ndarray]:
    classes, values = np.zeros(TABLE, np.int16), np.zeros(TABLE, np.uint64)
    for code in range(TABLE):
        ch = chr(code)
        if is_letter(ch):
            classes[code] = UPPER if ch.isupper() else LOWER
            values[code] = ord(folded(ch))
        elif ch.isdigit():
            classes[code], values[code] = DIGIT, ord("0")
        elif ch.isspace():
            classes[code] = SPACE
    for chars, bits in (
        (".!?…", STOP),
        (":", COLON),
        (",;", COMMA),
        ("\"'", QUOTE),
        ("”’»", QUOTE | CLOSING),
        ("“‘«„", QUOTE | OPENING),
        (")]}", CLOSING),
        ("([{", OPENING),
        ("-–—|•", DASH),
    ):
        for ch in chars:
            classes[ord(ch)] = bits
    return classes, values


@cache
def _powers(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Powers of the base and of its inverse modulo 2**64."""
    inverse = pow(_BASE, -1, 2**64)
    out = np.empty((2, size), np.uint64)
    for row, base in zip(out, (_BASE, inverse), strict=True):
        row[0] = 1
        np.cumprod(np.full(size - 1, base, np.uint64), out=row[1:])
    return out[0], out[1]


def tokenise(texts: Sequence[str]) -> Tokens:
    """Part texts, none of them empty and together up to twice `MOST_CHARS`, into words."""
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    table, values = _tables()
    if joined.isascii():
        kind, value = table[codes], values[codes]
    else:
        within = np.minimum(codes, TABLE - 1)
        kind = np.where(codes < TABLE, table[within], np.int16(LOWER))
        value = np.where(codes < TABLE, values[within], codes.astype(np.uint64))
    kind = _with_sides(kind, codes)
    begin = _beginnings(kind)
    start = np.flatnonzero(begin)
    space = (kind & SPACE) > 0
    blank = np.flatnonzero(space)
    end = np.minimum(np.append(start[1:], len(kind)), blank[np.searchsorted(blank, start)])
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    origin = np.cumsum(sizes + 1) - sizes - 1
    bounds = np.append(np.searchsorted(start, origin), len(start))
    block = np.repeat(np.arange(len(texts)), np.diff(bounds))
    first = kind[start]
    counts = [np.concatenate([[0], np.cumsum((kind & bit) > 0)]) for bit in (UPPER, LOWER, DIGIT)]
    upper, lower, digits = (sums[end] - sums[start] for sums in counts)
    # The first letter or digit of each word: what stands before it is a quote or a bracket.
    solid = np.flatnonzero((kind & (_LETTER | DIGIT)) > 0)
    at = solid[np.minimum(np.searchsorted(solid, start), max(len(solid) - 1, 0))] if len(solid) else start
    bare = upper + lower + digits == 0
    at = np.where(bare | (at >= end), start, at)
    lead = kind[at]
    shape = np.where((lead & UPPER) > 0, CAPITAL, SMALL)
    shape[((lead & UPPER) > 0) & (upper >= 2) & (lower == 0)] = CAPITALS
    shape[(lead & DIGIT) > 0] = NUMBER
    shape[bare] = MARKS
    forward, back = _powers(1 << max(len(kind).bit_length(), 12))
    sums = np.zeros(len(kind) + 1, np.uint64)
    np.cumsum(value * forward[: len(kind)], out=sums[1:])
    hashes = (sums[end] - sums[start]) * back[at]
    hashes ^= hashes >> np.uint64(29)
    hashes *= _MIX
    last = kind[end - 1]
    before = kind[np.maximum(end - 2, start)]
    tail = np.where((last & (QUOTE | CLOSING)) > 0, last | (before & ~(UPPER | LOWER | DIGIT)), last)
    glued = np.zeros(len(start), bool)
    glued[1:] = (start[1:] == end[:-1]) & (block[1:] == block[:-1])
    shift = origin[block]
    return Tokens(start - shift, end - shift, block, hashes, shape, first, tail, glued, bounds)


def _with_sides(kind: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """The classes with every straight double quote as one that opens or closes.

    The blanks around it tell; where there are none, the number of such quotes
    before it in the text does.
    """
    at = np.flatnonzero(codes == ord('"'))
    if not len(at):
        return kind
    space = (kind & SPACE) > 0
    ends = np.flatnonzero(codes == ord("\n"))
    text = np.searchsorted(ends, at)
    first = np.searchsorted(text, text)
    odd = (np.arange(len(at)) - first) % 2 == 1
    after_space = np.where(at > 0, space[at - 1], True)
    before_space = space[at + 1]  # a line break comes last
    opens = np.where(after_space == before_space, ~odd, after_space)
    kind = kind.copy()
    kind[at] = np.where(opens, QUOTE | OPENING, QUOTE | CLOSING)
    return kind


def _beginnings(kind: np.ndarray) -> np.ndarray:
    """Where words begin, given the characters' classes; the last character is a blank."""
    space = (kind & SPACE) > 0
    begin = ~space
    begin[1:] &= space[:-1]
    here, before = kind[1:-1], kind[:-2]
    after = kind[2:]
    upper = (here & UPPER) > 0
    inside = ~space[1:-1] & ~space[:-2]
    small_after = (after & LOWER) > 0
    split = upper & ((before & LOWER) > 0) & small_after
    split |= upper & ((before & (STOP | COLON | DIGIT)) > 0) & ((after & (UPPER | LOWER)) > 0)
    split |= upper & small_after & ((before & UPPER) > 0) & np.concatenate([[False], (kind[:-3] & UPPER) > 0])
    split |= ((here & (UPPER | LOWER | DIGIT)) > 0) & ((before & CLOSING) > 0)
    split |= ((here & OPENING) > 0) & ((before & (UPPER | LOWER | DIGIT | STOP | CLOSING)) > 0)
    begin[1:-1] |= split & inside
    return begin
