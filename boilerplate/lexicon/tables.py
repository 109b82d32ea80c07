"""The tables beside this file, and the rows that who trains a model may add to the first of them.

``headings.tsv`` holds section headings, ``markup.tsv`` parts of class names. They
feed features; no word decides a label. A model's own rows travel with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from boilerplate.lexicon.letters import heading_words, is_letter

HEADING_KINDS = ("related", "popular", "latest", "picks", "ad", "meta", "chrome", "control", "channel")
"""What a section heading can announce: every label but body, or a channel (`Bola`) whose list is `picks` or chrome; a
control (`Next`, `Advertisement`) heads nothing, whatever else it announces."""

LONGEST_PHRASE = 6
"""Words of the longest phrase that is looked up."""

LONGEST_OPEN = 4
"""Words of the longest phrase that `*` stands before or behind."""

MOST_MORE = 3
"""Words that `*` stands for, at most; it stands for one at least."""

HeadingRows = tuple[tuple[str, tuple[str, ...]], ...]
"""A table of headings: a kind and its phrases a row; after the row ``[words]``, words that lean a heading to a kind."""

WORDS = "[words]"
"""Kind of the row behind which single words stand."""

ANY = "*"
"""What stands for the words before or behind a phrase."""

_MOST_CHARS, _MOST_ENTRIES = 100, 20_000


def parse_rows(text: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Read a table: number of the line, kind and entries of each row."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            kind, _, entries = line.partition("\t")
            yield number, kind.strip(), tuple(entries.split("|")) if entries.strip() else ()


def shipped(name: str) -> HeadingRows:
    """Read a table beside this file."""
    return tuple(
        (kind, entries) for _, kind, entries in parse_rows((files(__package__) / name).read_text(encoding="utf-8"))
    )


class RowError(ValueError):
    """A row of a table of headings is not as it should be; ``row`` is its place, from 0."""

    def __init__(self, row: int, what: str) -> None:
        super().__init__(what)
        self.row = row


def check_rows(rows: Any) -> HeadingRows:
    """Return rows of headings as `HeadingRows` if all is well with them.

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
        if kind == WORDS:
            single = True
            if entries:
                raise RowError(i, f"{WORDS} stands alone, the rows after it hold the words")
        elif kind not in HEADING_KINDS:
            raise RowError(i, f"unknown kind {kind[:40]!r} (known: {', '.join(HEADING_KINDS)}, and {WORDS})")
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
    words = heading_words(entry.removeprefix(ANY).removesuffix(ANY))
    if ANY in entry and (single or entry.count(ANY) > 1 or len(words) > LONGEST_OPEN):
        return f"{entry!r}: one {ANY} may stand before or behind a phrase of at most {LONGEST_OPEN} words"
    if not words or not all(map(is_letter, "".join(words))):
        return f"{entry!r} is not made of words"
    if single and len(words) > 1:
        return f"{entry!r} is a phrase, but stands after {WORDS}"
    return f"{entry!r} has more than {LONGEST_PHRASE} words" if len(words) > LONGEST_PHRASE else ""
