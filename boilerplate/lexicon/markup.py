"""Class and id names: what their parts announce."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from zlib import crc32

import numpy as np

from boilerplate.lexicon.cache import BoundedCache
from boilerplate.lexicon.tables import shipped

NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
"""Parts of class names."""

_LONGEST_STEM = 32  # characters; no more of a part is looked at, and no more of it kept


@lru_cache(maxsize=1)
def _markup() -> tuple[tuple[str, ...], dict[str, list[tuple[str, int]]]]:
    """Names of the kinds; the stems and their bits, longest first, by their first two letters."""
    kinds: list[str] = []
    stems: dict[str, int] = {}
    for kind, entries in shipped("markup.tsv"):
        kinds.append(kind)
        for entry in entries:
            stems[entry] = stems.get(entry, 0) | 1 << (len(kinds) - 1)
    leads: dict[str, list[tuple[str, int]]] = {}
    for stem in sorted(stems, key=len, reverse=True):
        leads.setdefault(stem[:2], []).append((stem, stems[stem]))
    return tuple(kinds), leads


def markup_kinds() -> tuple[str, ...]:
    """Names of the kinds of container that class and id names announce."""
    return _markup()[0]


def markup_bits(names: str) -> int:
    """Bit mask over `markup_kinds` of what a ``class#id`` string announces.

    A stem of four letters or more counts at the start of a part, a shorter
    one only as the whole part.
    """
    bits = 0
    for part in NAME_PARTS.findall(names):
        bits |= _part_bits(part[:_LONGEST_STEM])
    return bits


@lru_cache(maxsize=50_000)
def _part_bits(part: str) -> int:
    part = part.lower()
    for stem, bits in _markup()[1].get(part[:2], ()):
        if part == stem or (len(stem) >= 4 and part.startswith(stem)):
            return bits
    return 0


def markup_number(attr: str) -> int:
    """What a ``class#id`` string announces, and its class: the bits of `markup_bits`, and a hash above them.

    The hash is as wide as fits. (Two classes of one hash would pass for one,
    which changes a few features a little.)
    """
    name = attr.partition("#")[0].encode("utf-8", "surrogatepass")
    width = len(markup_kinds())
    return (crc32(name) & ((1 << (63 - width)) - 1)) << width | markup_bits(attr)


class Markup(BoundedCache[int]):
    """What ``class#id`` strings announce, each looked up once (see `markup_number`)."""

    def __init__(self, capacity: int = 40_000, longest: int = 400) -> None:
        super().__init__(markup_number, capacity, longest)

    def look_up(self, pages: Sequence[Sequence[str]]) -> tuple[np.ndarray, np.ndarray]:
        """Look up the ``class#id`` strings of the elements of pages.

        Returns
        -------
        masks, classes : arrays of shape (n_elements,)
            Bit masks over `markup_kinds`; a number for each class, below 2**32.
        """
        attrs = chain.from_iterable(pages)
        found = np.fromiter(map(self.__getitem__, attrs), np.int64, sum(map(len, pages)))
        width = len(markup_kinds())
        return found & ((1 << width) - 1), found >> width
