"""The words of many texts as arrays: runs of letters, hashed, so that no text is looked at one by one.

A word's hash is a polynomial in its folded characters (lower case, no
accents), modulo 2**64. A collision would change a feature of one block a
little, and no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from boilerplate.compiled import extension
from boilerplate.features.letters import TABLE, folded, is_letter

LETTER, UPPER, DIGIT, SPACE, PUNCT, COMMA, QUOTE, STOP, MARK, HANDLE, SIGN, JOINT = (1 << k for k in range(12))
"""Classes of characters, as bits."""

COUNTED = (
    "letters",
    "upper",
    "digits",
    "spaces",
    "commas",
    "quotes",
    "marks",
    "handles",
    "signs",
    "joints",
    "tokens",
    "capitalised",
    "borders",
    "unspaced",
)
"""What `Words.counts` counts: characters of ten classes; words between white space, those of them
that begin with a capital, and those that do so behind the end of a sentence; Chinese and Japanese
letters, which have no white space between words."""

UNSPACED = 0x2E80, 0xA000
"""The range of those characters (Korean, which parts its words, lies beyond it)."""

_COUNTED_BITS = (LETTER, UPPER, DIGIT, SPACE, COMMA, QUOTE, MARK, HANDLE, SIGN, JOINT)
_LONGEST = 64
_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_PHRASE = np.uint64(0x94D049BB133111EB)
_TOP = np.uint64(48)


def _tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    classes, values = np.zeros(TABLE, np.uint16), np.zeros(TABLE, np.uint64)
    for code in range(TABLE):
        ch = chr(code)
        values[code] = ord(folded(ch))
        if is_letter(ch):
            classes[code] = LETTER | (UPPER if ch.isupper() else 0)
        elif ch.isdigit():
            classes[code] = DIGIT
        else:
            classes[code] = SPACE if ch.isspace() else PUNCT
    signs = (
        (",", COMMA),
        ('"“”‘«»', QUOTE),
        (".!?", STOP),
        ("|»/>•·", MARK),
        ("@©", HANDLE),
        ("$€£%", SIGN),
        (":-–—", JOINT),
    )
    for chars, bit in signs:
        for ch in chars:
            classes[ord(ch)] |= bit
    return classes, values, np.cumprod(np.full(_LONGEST, _BASE, np.uint64), dtype=np.uint64)


_CLASSES, _VALUES, _POWERS = _tables()


@dataclass(slots=True)
class Words:
    """The characters and words of texts.

    Attributes
    ----------
    sizes
        Shape (n_texts,): characters of each text.
    counts
        Shape (len(COUNTED), n_texts): characters of each class, and what `COUNTED` says.
    edges
        Shape (4, n_texts): code points of the first, the last, and the two characters before the
        last (or the first, where there are none).
    hashes, lengths, text
        Shape (n_words,): hash, letters, and number of the text of each word.
    bounds
        Shape (n_texts + 1,): the words of text `i` are ``bounds[i]:bounds[i + 1]``.
    """

    sizes: np.ndarray
    counts: np.ndarray
    edges: np.ndarray
    hashes: np.ndarray
    lengths: np.ndarray
    text: np.ndarray
    bounds: np.ndarray

    def any_of(self, bits: np.ndarray) -> np.ndarray:
        """Combine (bitwise or) the bits of each text's words."""
        out = np.zeros(len(self.sizes), bits.dtype)
        some = self.bounds[1:] > self.bounds[:-1]
        if some.any():
            out[some] = np.bitwise_or.reduceat(bits, self.bounds[:-1][some])
        return out

    def first(self, values: np.ndarray) -> np.ndarray:
        """The value of each text's first word; 0 where it has none."""
        some = self.bounds[1:] > self.bounds[:-1]
        out = np.zeros(len(self.sizes), values.dtype)
        out[some] = values[self.bounds[:-1][some]]
        return out


def spell(texts: list[str]) -> Words:
    """Take texts that are not empty apart into characters and words."""
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    if _COMPILED is None:
        return _spell(texts, sizes)
    room = int(((sizes + 1) // 2).sum())
    counts, edges = np.empty((len(COUNTED), len(texts)), np.int64), np.empty((4, len(texts)), np.uint32)
    hashes, lengths, bounds = np.empty(room, np.uint64), np.empty(room, np.int64), np.empty(len(texts) + 1, np.int64)
    n = _COMPILED.take_apart(texts, _CLASSES, _VALUES, _POWERS, counts, edges, hashes, lengths, bounds)
    return _words(sizes, counts, edges, hashes[:n], lengths[:n], bounds)


def _words(
    sizes: np.ndarray,
    counts: np.ndarray,
    edges: np.ndarray,
    hashes: np.ndarray,
    lengths: np.ndarray,
    bounds: np.ndarray,
) -> Words:
    hashes ^= hashes >> np.uint64(29)
    hashes *= _MIX
    return Words(sizes, counts, edges, hashes, lengths, np.repeat(np.arange(len(sizes)), np.diff(bounds)), bounds)


def _spell(texts: list[str], sizes: np.ndarray) -> Words:
    """What `spell` gives, in NumPy: all characters in a row, a line break behind each text."""
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    starts = np.cumsum(sizes + 1) - sizes - 1
    if joined.isascii():
        classes, values = _CLASSES[codes], _VALUES[codes]
    else:
        classes, values = classes_of(codes), _VALUES[np.minimum(codes, TABLE - 1)]
        beyond = codes >= TABLE
        values[beyond] = codes[beyond]
    is_upper, is_space = (classes & UPPER) > 0, (classes & SPACE) > 0
    opening = np.ones(len(classes), bool)  # first characters of tokens
    opening[1:] = is_space[:-1]
    opening &= ~is_space
    after_stop = np.zeros(len(classes), bool)
    after_stop[2:] = is_upper[2:] & is_space[1:-1] & ((classes[:-2] & STOP) > 0)
    after_stop[starts] = False  # what went before is another text
    flags = [(classes & bit) > 0 for bit in _COUNTED_BITS]
    unspaced = ((classes & LETTER) > 0) & (codes >= UNSPACED[0]) & (codes < UNSPACED[1])
    flags += [opening, opening & is_upper, after_stop, unspaced]
    counts = np.stack([np.add.reduceat(flag, starts, dtype=np.int64) for flag in flags])
    counts[COUNTED.index("spaces")] -= 1  # the line break
    last = starts + sizes - 1
    edges = codes[np.stack([starts, last, np.maximum(last - 1, starts), np.maximum(last - 2, starts)])]
    letter = np.zeros(len(codes) + 1, np.int8)
    letter[1:] = (classes & LETTER) > 0  # the last character is a line break
    edge = np.diff(letter)
    at, end = np.flatnonzero(edge > 0), np.flatnonzero(edge < 0)
    lengths = end - at
    hashes = np.zeros(0, np.uint64)
    if len(at):
        inside = np.flatnonzero(letter[1:])
        ahead = np.cumsum(lengths) - lengths  # letters before the word
        offset = np.arange(len(inside)) - np.repeat(ahead, lengths)
        hashes = np.add.reduceat(values[inside] * _POWERS[np.minimum(offset, _LONGEST - 1)], ahead)
    return _words(sizes, counts, edges, hashes, lengths, np.append(np.searchsorted(at, starts), len(at)))


def classes_of(codes: np.ndarray) -> np.ndarray:
    """Class bits of code points."""
    return np.where(codes < TABLE, _CLASSES[np.minimum(codes, TABLE - 1)], LETTER)


def chunks(texts: list[str], limit: int = 2**18) -> Iterator[slice]:
    """Part texts into stretches of about `limit` characters: what fits a processor's cache, and little memory."""
    stretch = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts))) // limit
    borders = [0, *(np.flatnonzero(np.diff(stretch)) + 1).tolist(), len(texts)]
    for start, end in pairwise(borders):
        yield slice(start, end)


def phrase_hashes(hashes: np.ndarray, first: np.ndarray, n: int) -> np.ndarray:
    """Hash the `n` words from each of the words `first`."""
    out = np.zeros(len(first), np.uint64)
    for k in range(n):
        out = out * _PHRASE + hashes[first + k]
    return out


class Lookup:
    """A table from words (or phrases of `n` words) to bits, for whole arrays of hashes."""

    def __init__(self, bits: Mapping[str, int], n: int = 1) -> None:
        entries = {key: value for key, value in bits.items() if len(key.split()) == n}
        # One text for each word of each phrase, so that each gives one hash.
        spelt = spell([word for key in entries for word in key.split()]) if entries else None
        keys = np.zeros(0, np.uint64)
        if spelt is not None:
            if len(spelt.hashes) != n * len(entries):
                raise ValueError("an entry of a lexicon is not made of words")
            keys = phrase_hashes(spelt.hashes, np.arange(0, n * len(entries), n), n)
        order = np.argsort(keys)
        self.keys = np.append(keys[order], np.uint64(2**64 - 1))  # which no hash is above
        self.bits = np.append(np.fromiter(entries.values(), np.int64, len(entries))[order], 0)
        # For each value of a hash's highest bits, which are the keys' order, the first key not below it.
        tops = self.keys[:-1] >> _TOP
        self._from = np.searchsorted(tops, np.arange(2**16, dtype=np.uint64)).astype(np.int32)
        self._deepest = int(np.bincount(tops.astype(np.int64)).max()) if len(tops) else 1

    def get(self, hashes: np.ndarray) -> np.ndarray:
        """Bits of each hash; 0 for those not in the table."""
        at = self._from[hashes >> _TOP]
        for _ in range(self._deepest - 1):  # keys that share their highest bits
            at = at + (self.keys[at] < hashes)
        return np.where(self.keys[at] == hashes, self.bits[at], 0)


_COMPILED = extension("boilerplate.features._spell")  # which takes its constants from above
