"""The words of many texts as arrays: runs of letters, hashed, so that no text is looked at one by one.

A word's hash is a polynomial in its folded characters (lower case, no
accents), modulo 2**64. A collision would change a feature of one block a
little, and no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from boilerplate.compiled import fastest

_tokenize = fastest("boilerplate.features._tokenize")

_MIX = np.uint64(0xBF58476D1CE4E5B9)
_PHRASE = np.uint64(0x94D049BB133111EB)


@dataclass(slots=True)
class Words:
    """The characters and words of texts.

    Attributes
    ----------
    sizes
        Shape (n_texts,): characters of each text.
    counts
        Shape (len(COUNTED), n_texts): what `characters.COUNTED` says.
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
        filled = self.bounds[1:] > self.bounds[:-1]
        if filled.any():
            out[filled] = np.bitwise_or.reduceat(bits, self.bounds[:-1][filled])
        return out

    def first(self, values: np.ndarray) -> np.ndarray:
        """The value of each text's first word; 0 where it has none."""
        filled = self.bounds[1:] > self.bounds[:-1]
        out = np.zeros(len(self.sizes), values.dtype)
        out[filled] = values[self.bounds[:-1][filled]]
        return out


def tokenize(texts: list[str]) -> Words:
    """Take texts that are not empty apart into characters and words."""
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    counts, edges, hashes, lengths, bounds = _tokenize.take_apart(texts, sizes)
    return Words(
        sizes, counts, edges, mixed(hashes), lengths, np.repeat(np.arange(len(sizes)), np.diff(bounds)), bounds
    )


def mixed(hashes: np.ndarray) -> np.ndarray:
    """Spread hashes evenly, in place: tables find them by their first bits."""
    hashes ^= hashes >> np.uint64(29)
    hashes *= _MIX
    return hashes


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
