"""What blocks are made of, as hashes: the words of their texts, the parts of the class names around them.

A model keeps tables of what these tell (`model.evidence`). The hashes are of
the batch that is described, and are looked up when its features are used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from zlib import crc32

import numpy as np

from boilerplate.features.tokenizer import phrase_hashes
from boilerplate.labels import LABELS
from boilerplate.lexicon.cache import BoundedCache
from boilerplate.lexicon.markup import NAME_PARTS
from boilerplate.segment.page import HTML

LEVELS = ("own", "near", "mid", "path")
"""Elements whose class names are told apart: the block's own, the next two containers, the three after, all others."""

FIRST_WORDS = 60
"""Words of a text that are looked at."""

_SHORT, _LABEL = 10, 4
"""Words of a text whose pairs of neighbours are looked up, and of one that is looked up whole."""

_OPENS, _WHOLE = np.uint64(0x8CB92BA72F3D8DD7), np.uint64(0xABC98388FB8FAC03)
_LONGEST_NAME, _LONGEST_PART = 300, 32


def columns(kind: str) -> tuple[str, ...]:
    """Names of the columns that a model's tables make of the tokens of a kind of page."""
    where = ["word_mean", "word_sum", "gov_evidence"]
    if kind == HTML:
        where += [*(f"{level}_name" for level in LEVELS), "href_word"]
    return tuple(f"{name}_{label.value}" for name in where for label in LABELS)


@dataclass(slots=True)
class Tokens:
    """Hashes of the words and class names of a batch's blocks.

    Attributes
    ----------
    words, block
        Shape (n_words,): hash of each word, pair of words or short text, and
        number of the block that it stands in.
    parts, name
        Shape (n_parts,): hash of each part of a class name, and number of the
        name that it is part of.
    names
        Shape (n_elements,): number of each element's name.
    parents
        Shape (n_elements,): number of each element's parent, -1 for a root.
    own, up
        Shapes (3, n_blocks) and (5, n_blocks): elements that are the block's
        own, and the containers around it, from the smallest. Without rows in texts.
    links, link_block
        Shape (n_link_words,): hash of each word of the address of a block's
        link (see `features.links`), and number of the block, rising.
    """

    words: np.ndarray
    block: np.ndarray
    parts: np.ndarray
    name: np.ndarray
    names: np.ndarray
    parents: np.ndarray
    own: np.ndarray
    up: np.ndarray
    links: np.ndarray
    link_block: np.ndarray

    @classmethod
    def of_texts(cls, words: np.ndarray, block: np.ndarray) -> Tokens:
        """Tokens of blocks without elements around them."""
        none = np.zeros(0, np.int64)
        nowhere = np.zeros((0, 0), np.int64)
        no_hash = none.astype(np.uint64)
        return cls(words, block, no_hash, none, none, none, nowhere, nowhere, no_hash, none)

    @classmethod
    def concatenate(cls, parts: Sequence[Tokens], sizes: Sequence[int]) -> Tokens:
        """Join the tokens of batches; `sizes` are their numbers of blocks."""
        blocks = np.cumsum([0, *sizes]).tolist()
        elements = np.cumsum([0, *(len(p.names) for p in parts)]).tolist()
        names = np.cumsum([0, *(int(p.names.max(initial=-1)) + 1 for p in parts)]).tolist()
        each = list(zip(parts, blocks, elements, names, strict=False))
        return cls(
            np.concatenate([p.words for p in parts]),
            np.concatenate([p.block + b for p, b, _, _ in each]),
            np.concatenate([p.parts for p in parts]),
            np.concatenate([p.name + k for p, _, _, k in each]),
            np.concatenate([p.names + k for p, _, _, k in each]),
            np.concatenate([np.where(p.parents >= 0, p.parents + e, -1) for p, _, e, _ in each]),
            np.concatenate([p.own + e for p, _, e, _ in each], axis=1),
            np.concatenate([p.up + e for p, _, e, _ in each], axis=1),
            np.concatenate([p.links for p in parts]),
            np.concatenate([p.link_block + b for p, b, _, _ in each]),
        )


def word_tokens(
    hashes: np.ndarray, of: np.ndarray, bounds: np.ndarray, first_words: int = FIRST_WORDS
) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of what is looked up of texts, and the number of the text for each.

    The first words; of a short text also its first word as such, and pairs of
    neighbours; of a very short one the whole.

    Parameters
    ----------
    hashes, of, bounds
        Words of texts, as in `tokenizer.Words`: their hashes, their texts' numbers, and where each text's begin.
    first_words
        Words of a text that are looked up.
    """
    count = np.diff(bounds)
    position = np.arange(len(of)) - bounds[of]
    short = count <= _SHORT
    first = bounds[:-1][short & (count > 0)]
    pairs = np.flatnonzero(short[of[:-1]] & (of[:-1] == of[1:])) if len(of) else np.zeros(0, np.int64)
    early = position < first_words
    found, texts = (
        [hashes[early], hashes[first] * _OPENS, phrase_hashes(hashes, pairs, 2)],
        [of[early], of[first], of[pairs]],
    )
    for n in range(1, _LABEL + 1):
        whole = bounds[:-1][count == n]
        found.append(phrase_hashes(hashes, whole, n) * _WHOLE)
        texts.append(of[whole])
    return np.concatenate(found), np.concatenate(texts)


def _part_hashes(attr: str) -> tuple[int, ...]:
    """Hashes of the parts of a ``class#id`` string."""
    parts = {part[:_LONGEST_PART].lower() for part in NAME_PARTS.findall(attr[:_LONGEST_NAME])}
    return tuple(sorted(crc32(part.encode()) for part in parts if len(part) > 1))


class ClassNames(BoundedCache[tuple[int, ...]]):
    """Parts of class names, as hashes; those that come again are kept."""

    def __init__(self, capacity: int = 40_000, longest: int = _LONGEST_NAME) -> None:
        super().__init__(_part_hashes, capacity, longest)

    def look_up(self, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Look up ``class#id`` strings, each given once: `Tokens.parts` and `Tokens.name`."""
        parts = [self[name] for name in names]
        sizes = np.fromiter(map(len, parts), np.int64, len(parts))
        hashes = np.fromiter(chain.from_iterable(parts), np.uint64, int(sizes.sum()))
        return hashes, np.repeat(np.arange(len(parts)), sizes)


class _Numbers(dict[str, int]):
    """Numbers strings in the order in which they are first asked for."""

    def __missing__(self, key: str) -> int:
        number = self[key] = len(self)
        return number


def number_names(attrs: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Return the different ones of elements' ``class#id`` strings, and the number of each element's (`Tokens.names`).

    Most elements share theirs with others, so what follows is looked up once for all of them.
    """
    numbers = _Numbers()
    names = np.fromiter(map(numbers.__getitem__, attrs), np.int64, len(attrs))
    return list(numbers), names
