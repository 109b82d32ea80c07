"""What portals call things: section headings, and the parts of class names.

Two tables beside this file, ``headings.tsv`` and ``markup.tsv``, hold the
words; this module looks them up. They feed features; no word decides a label.
Who trains a model can add rows to the first table: they travel with the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any
from zlib import crc32

import numpy as np

from boilerplate.features.letters import TABLE, folded, is_letter

HEADING_KINDS = ("related", "popular", "latest", "picks", "ad", "meta", "chrome", "control", "channel")
"""What a section heading can announce: every label but body, or a channel (`Bola`) whose list is `picks` or chrome; a
control (`Next`, `Advertisement`) heads nothing, whatever else it announces."""

LONGEST_PHRASE = 6
"""Words of the longest phrase that is looked up."""

LONGEST_OPEN = 4
"""Words of the longest phrase that `*` stands before or behind."""

MOST_MORE = 3
"""Words that `*` stands for, at most; it stands for one at least."""

Rows = tuple[tuple[str, tuple[str, ...]], ...]
"""A table of headings: a kind and its phrases a row; after the row ``[words]``, words that lean a heading to a kind."""

_WORDS = "[words]"
_MOST_CHARS, _MOST_ENTRIES = 100, 20_000
_ANY = "*"
_MARKS = "".join(ch for ch in map(chr, range(128, TABLE)) if is_letter(ch) and not ch.isalpha())
_WORD = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+")
_FOLD = {code: folded(chr(code)) for code in range(128, TABLE) if folded(chr(code)) != chr(code)}
NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
"""Parts of class names."""

_LONGEST_STEM = 32  # characters; no more of a part is looked at, and no more of it kept


def parse_rows(text: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Read a table: number of the line, kind and entries of each row."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            kind, _, entries = line.partition("\t")
            yield number, kind.strip(), tuple(entries.split("|")) if entries.strip() else ()


def _shipped(name: str) -> Rows:
    return tuple(
        (kind, entries) for _, kind, entries in parse_rows((files(__package__) / name).read_text(encoding="utf-8"))
    )


class RowError(ValueError):
    """A row of a table of headings is not as it should be; ``row`` is its place, from 0."""

    def __init__(self, row: int, what: str) -> None:
        super().__init__(what)
        self.row = row


def check_rows(rows: Any) -> Rows:
    """Return rows of headings as `Rows` if all is well with them.

    Raises
    ------
    RowError
        If a kind is unknown, or what stands for phrases or words is none.
    """
    if not isinstance(rows, (list, tuple)):
        raise RowError(0, "a lexicon is a list of rows")
    out: list[tuple[str, tuple[str, ...]]] = []
    single = False
    total = 0
    for i, row in enumerate(rows):
        if not (
            isinstance(row, (list, tuple))
            and len(row) == 2
            and isinstance(row[0], str)
            and isinstance(row[1], (list, tuple))
        ):
            raise RowError(i, "a row of a lexicon is a kind and a list of phrases")
        kind, entries = row
        if kind == _WORDS:
            single = True
            if entries:
                raise RowError(i, f"{_WORDS} stands alone, the rows after it hold the words")
        elif kind not in HEADING_KINDS:
            raise RowError(i, f"unknown kind {kind[:40]!r} (known: {', '.join(HEADING_KINDS)}, and {_WORDS})")
        elif not entries:
            raise RowError(i, f"{kind}: no phrases: a row is kind<TAB>phrase|phrase")
        for entry in entries:
            if what := _wrong(entry, single):
                raise RowError(i, f"{kind}: {what}")
        total += len(entries)
        if total > _MOST_ENTRIES:
            raise RowError(i, f"more than {_MOST_ENTRIES} phrases and words")
        out.append((kind, tuple(entries)))
    return tuple(out)


def _wrong(entry: Any, single: bool) -> str:
    """What is wrong with a phrase (or, if `single`, with a word); "" if nothing is."""
    if not isinstance(entry, str) or len(entry) > _MOST_CHARS:
        return f"a phrase is a text of at most {_MOST_CHARS} characters"
    words = heading_words(entry.removeprefix(_ANY).removesuffix(_ANY))
    if _ANY in entry and (single or entry.count(_ANY) > 1 or len(words) > LONGEST_OPEN):
        return f"{entry!r}: one {_ANY} may stand before or behind a phrase of at most {LONGEST_OPEN} words"
    if not words or not all(map(is_letter, "".join(words))):
        return f"{entry!r} is not made of words"
    if single and len(words) > 1:
        return f"{entry!r} is a phrase, but stands after {_WORDS}"
    return f"{entry!r} has more than {LONGEST_PHRASE} words" if len(words) > LONGEST_PHRASE else ""


class Headings:
    """What section headings are made of: the shipped table, and a model's own rows.

    Attributes
    ----------
    phrases, words
        Heading phrases and telling words, each with a bit mask of `HEADING_KINDS`.
    before, behind
        The like for what begins (``more from *``) and what ends a heading (``* terkait``).
    openers
        First words of the phrases of two words or more.
    """

    __slots__ = ("before", "behind", "openers", "phrases", "words")

    def __init__(self, extra: Rows = ()) -> None:
        self.phrases: dict[str, int] = {}
        self.words: dict[str, int] = {}
        self.before: dict[str, int] = {}
        self.behind: dict[str, int] = {}
        for rows in (_shipped("headings.tsv"), extra):
            closed = self.phrases
            for kind, entries in rows:
                if kind == _WORDS:
                    closed = self.words
                    continue
                bit = 1 << HEADING_KINDS.index(kind)
                for entry in entries:
                    table = self.before if entry.endswith(_ANY) else self.behind if entry.startswith(_ANY) else closed
                    phrase = " ".join(heading_words(entry))
                    table[phrase] = table.get(phrase, 0) | bit
        self.openers = frozenset(phrase.partition(" ")[0] for phrase in self.phrases if " " in phrase)

    def look_up(self, words: list[str]) -> tuple[int, int, int]:
        """Look up a short text as a section heading.

        Parameters
        ----------
        words
            Its words, lower case.

        Returns
        -------
        whole, part, lead : int
            Bit masks over `HEADING_KINDS`: the whole text is a known heading
            (or begins or ends as one does, see `before` and `behind`); it holds
            telling words; it starts with a known heading of two words or more
            (``baca juga judul berita``).
        """
        whole = self.phrases.get(" ".join(words), 0) if len(words) <= LONGEST_PHRASE else 0
        if not whole:
            sizes = range(max(1, len(words) - MOST_MORE), min(LONGEST_OPEN, len(words) - 1) + 1)
            for n in sizes:
                whole = self.behind.get(" ".join(words[-n:]), whole)
            for n in sizes:
                whole = self.before.get(" ".join(words[:n]), whole)
        part = 0
        if len(words) <= 8:
            for word in words:
                part |= self.words.get(word, 0)
        lead = 0
        for n in (5, 4, 3, 2):
            if len(words) >= n:
                lead = self.phrases.get(" ".join(words[:n]), 0)
                if lead:
                    break
        return whole, part, lead


@lru_cache(maxsize=8)
def headings(extra: Rows = ()) -> Headings:
    """Return the headings with a model's own rows, made once for each set of rows."""
    return Headings(extra)


def heading_words(text: str) -> list[str]:
    """Words of a text: runs of letters, folded (see `words.folded`)."""
    return _WORD.findall((text if text.isascii() else text.translate(_FOLD)).lower())


@lru_cache(maxsize=1)
def _markup() -> tuple[tuple[str, ...], dict[str, list[tuple[str, int]]]]:
    """Names of the kinds; the stems and their bits, longest first, by their first two letters."""
    kinds: list[str] = []
    stems: dict[str, int] = {}
    for kind, entries in _shipped("markup.tsv"):
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


class Markup(dict[str, int]):
    """What ``class#id`` strings announce, each looked up once.

    Maps a string to a number that follows from the string alone: the bits of
    `markup_bits`, and above them a hash of the class, as wide as fits. So threads may share it:
    whatever one adds or drops, another finds the same numbers, or works them
    out. (Two classes of one hash would pass for one, which changes a few
    features a little.) Dropped whole when it is full, and long strings are not
    kept, so a hostile crawl costs no more than that.

    Parameters
    ----------
    keep
        Most strings that are kept.
    longest
        Most characters of a string that is kept.
    """

    def __init__(self, keep: int = 40_000, longest: int = 400) -> None:
        super().__init__()
        self.keep, self.longest = keep, longest

    def __missing__(self, attr: str) -> int:
        name = attr.partition("#")[0].encode("utf-8", "surrogatepass")
        width = len(markup_kinds())
        number = (crc32(name) & ((1 << (63 - width)) - 1)) << width | markup_bits(attr)
        if len(attr) <= self.longest:
            if len(self) >= self.keep:
                self.clear()
            self[attr] = number
        return number

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


def unpack(bits: np.ndarray, width: int) -> np.ndarray:
    """Spread bit masks (int64) into columns: shape ``(n,)`` to ``(n, width)``, uint8, 0 or 1."""
    octets = np.ascontiguousarray(bits, "<i8").view(np.uint8).reshape(len(bits), 8)
    return np.unpackbits(octets, axis=1, count=width, bitorder="little")
