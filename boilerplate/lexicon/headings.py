"""Section headings: what their phrases and words announce."""

from __future__ import annotations

from functools import lru_cache

from boilerplate.lexicon.letters import heading_words
from boilerplate.lexicon.tables import (
    ANY,
    HEADING_KINDS,
    LONGEST_OPEN,
    LONGEST_PHRASE,
    MOST_MORE,
    WORDS,
    HeadingRows,
    shipped,
)


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

    def __init__(self, extra: HeadingRows = ()) -> None:
        self.phrases: dict[str, int] = {}
        self.words: dict[str, int] = {}
        self.before: dict[str, int] = {}
        self.behind: dict[str, int] = {}
        for rows in (shipped("headings.tsv"), extra):
            closed = self.phrases
            for kind, entries in rows:
                if kind == WORDS:
                    closed = self.words
                    continue
                bit = 1 << HEADING_KINDS.index(kind)
                for entry in entries:
                    table = self.before if entry.endswith(ANY) else self.behind if entry.startswith(ANY) else closed
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
def headings(extra: HeadingRows = ()) -> Headings:
    """Return the headings with a model's own rows, made once for each set of rows."""
    return Headings(extra)
