"""What portals call things: section headings, and the parts of class names.

Two tables beside this file, ``headings.tsv`` and ``markup.tsv``, hold the
words; this module looks them up. They feed features; no word decides a label.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import chain

import numpy as np

from boilerplate.segment.page import Page

HEADING_KINDS = ("related", "popular", "latest", "picks", "ad", "meta", "chrome", "channel")
"""What a section heading can announce: every label but body, or a channel (`Bola`) whose list is `picks` or chrome."""

_WORD = re.compile(r"[^\W\d_]+")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def _rows(name: str) -> list[tuple[str, list[str]]]:
    text = (files(__package__) / name).read_text(encoding="utf-8")
    rows = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            kind, _, phrases = line.partition("\t")
            rows.append((kind, phrases.split("|") if phrases else []))
    return rows


@lru_cache(maxsize=1)
def headings() -> tuple[dict[str, int], dict[str, int]]:
    """Return the heading phrases and the telling words, each a bit mask of kinds."""
    phrases: dict[str, int] = {}
    words: dict[str, int] = {}
    table = phrases
    for kind, entries in _rows("headings.tsv"):
        if kind == "[words]":
            table = words
            continue
        bit = 1 << HEADING_KINDS.index(kind)
        for entry in entries:
            entry = " ".join(heading_words(entry))
            table[entry] = table.get(entry, 0) | bit
    return phrases, words


def heading_bits(words: list[str]) -> tuple[int, int, int]:
    """Look up a short text as a section heading.

    Parameters
    ----------
    words
        Its words, lower case.

    Returns
    -------
    whole, part, lead : int
        Bit masks over `HEADING_KINDS`: the whole text is a known heading; it
        holds telling words; it starts with a known heading of two words or
        more (``baca juga judul berita``).
    """
    phrases, telling = headings()
    whole = phrases.get(" ".join(words), 0) if len(words) <= 6 else 0
    part = 0
    if len(words) <= 8:
        for word in words:
            part |= telling.get(word, 0)
    lead = 0
    for n in (5, 4, 3, 2):
        if len(words) >= n:
            lead = phrases.get(" ".join(words[:n]), 0)
            if lead:
                break
    return whole, part, lead


def heading_words(text: str) -> list[str]:
    """Lower-case words of a text: runs of letters."""
    return _WORD.findall(text.lower())


@lru_cache(maxsize=1)
def _markup() -> tuple[tuple[str, ...], dict[str, list[tuple[str, int]]]]:
    """Names of the kinds; the stems and their bits, longest first, by their first two letters."""
    kinds: list[str] = []
    stems: dict[str, int] = {}
    for kind, entries in _rows("markup.tsv"):
        kinds.append(kind)
        for entry in entries:
            stems[entry] = stems.get(entry, 0) | 1 << (len(kinds) - 1)
    leads: dict[str, list[tuple[str, int]]] = {}
    for stem in sorted(stems, key=len, reverse=True):
        leads.setdefault(stem[:2], []).append((stem, stems[stem]))
    return tuple(kinds), leads


def markup_kinds() -> tuple[str, ...]:
    """Names of the kinds of box that class and id names announce."""
    return _markup()[0]


def markup_bits(names: str) -> int:
    """Bit mask over `markup_kinds` of what a ``class#id`` string announces.

    A stem of four letters or more counts at the start of a part, a shorter
    one only as the whole part.
    """
    bits = 0
    for part in _PARTS.findall(names):
        bits |= _part_bits(part)
    return bits


@lru_cache(maxsize=50_000)
def _part_bits(part: str) -> int:
    part = part.lower()
    for stem, bits in _markup()[1].get(part[:2], ()):
        if part == stem or (len(stem) >= 4 and part.startswith(stem)):
            return bits
    return 0


class Markup(dict[str, int]):
    """What ``class#id`` strings announce, each looked up once.

    Maps a string to its place in two tables; `look_up` reads them for pages.
    Dropped whole when it is full, so a hostile crawl costs no more than that.
    """

    def __init__(self, keep: int = 40_000) -> None:
        super().__init__()
        self.keep = keep
        self._classes: dict[str, int] = {}
        self._fresh: list[tuple[int, int]] = []  # rows that the table lacks
        self._table = np.zeros((0, 2), np.int64)

    def __missing__(self, attr: str) -> int:
        self._fresh.append((markup_bits(attr), self._classes.setdefault(attr.partition("#")[0], len(self._classes))))
        number = self[attr] = len(self)
        return number

    def look_up(self, pages: Sequence[Page]) -> tuple[np.ndarray, np.ndarray]:
        """Look up the elements of pages.

        Returns
        -------
        masks, classes : arrays of shape (n_elements,)
            Bit masks over `markup_kinds`; a number for each class.
        """
        if len(self) > self.keep:
            self.clear()
            self._classes.clear()
            self._table = self._table[:0]
        found = list(map(self.__getitem__, chain.from_iterable(page.attrs for page in pages)))
        if self._fresh:
            self._table = np.concatenate([self._table, np.array(self._fresh, np.int64)])
            self._fresh.clear()
        return self._table[found, 0], self._table[found, 1]


def unpack(bits: np.ndarray, width: int) -> np.ndarray:
    """Spread bit masks into columns: shape ``(n,)`` to ``(n, width)``, 0 or 1."""
    return ((bits[:, None] >> np.arange(width)) & 1).astype(np.float32)
