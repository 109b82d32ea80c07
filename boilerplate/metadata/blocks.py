"""Author and dates from the blocks labelled meta: what a reader sees around the headline and below the story."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from boilerplate.metadata.byline import alone, split_names, without_dates, writers
from boilerplate.metadata.dates import Found, find_dates
from boilerplate.metadata.tidy import line, unique

MAX_BLOCKS = 200
"""Blocks that are looked at."""
_LONG = 160
"""Characters of the longest line that holds the date or the byline."""

_CHANGED = re.compile(
    r"(?:diperbarui|diperbaharui|diupdate|di-update|update[ds]?|perbarui|last modified|modified|revised|changed|edited"
    r"|aktualisiert|geändert|aggiornato|actualizado|atualizado|mis à jour|bijgewerkt)"
    r"\W*(?:pada|on|at|am|il|el|le|alle)?\W*\Z",
    re.I,
)
_UPLOADED = re.compile(
    r"(?:diterbitkan|dipublikasikan|diposting|tayang|terbit|published|posted|veröffentlicht|publicado|publié)\W*(?:pada|on|at|am)?\W*\Z",
    re.I,
)
_AUTHOR_CLASS = re.compile(r"author|penulis|byline|reporter|writer|jurnalis|wartawan|autor|contributor", re.I)
_CAPTION_CLASS = re.compile(r"caption|credit|copyright", re.I)
_NO_AUTHOR_CLASS = re.compile(r"bio|desc|image|foto|photo|avatar|count|social|follow", re.I)


@dataclass(frozen=True, slots=True)
class MetaBlock:
    """A block labelled meta.

    Attributes
    ----------
    text
        Its text.
    classes
        Classes and ids of the elements around it, ``""`` where there are none.
    after
        Whether it stands below the beginning of the story.
    """

    text: str
    classes: str = ""
    after: bool = False


def read_blocks(blocks: Iterable[MetaBlock], *, month_first: bool = False) -> dict[str, Any]:
    """Read ``authors``, ``published`` and ``modified``, as far as the blocks have them.

    Parameters
    ----------
    month_first
        See `dates.find_dates`.
    """
    shown = [block for block, _ in zip(blocks, range(MAX_BLOCKS), strict=False)]
    fields: dict[str, Any] = dict(_dates(shown, month_first))
    if authors := _authors(shown):
        fields["authors"] = authors
    return fields


def _dates(blocks: list[MetaBlock], month_first: bool) -> dict[str, str]:
    """The first date above the story, else below; exact ones before others of the same day."""
    fields: dict[str, str] = {}
    ranked: list[tuple[int, int, Found]] = []
    before = ""
    for n, block in enumerate(blocks):
        last_end = 0
        for date in find_dates(block.text, month_first=month_first):
            lead = (block.text[last_end : date.start] or before)[-60:]
            last_end = date.end
            if _CHANGED.search(lead):
                fields.setdefault("modified", date.iso)
            else:
                rank = _rank(block, date, lead)
                if rank:
                    ranked.append((-rank, n, date))
        before = block.text[-60:] if len(block.text) < 60 else ""
    if ranked:
        best = min(ranked, key=lambda r: r[:2])[2]
        same = [date for _, _, date in ranked if date.iso[:10] == best.iso[:10]]
        fields["published"] = max(same, key=lambda date: len(date.iso)).iso
    return fields


def _rank(block: MetaBlock, date: Found, lead: str) -> int:
    """How likely a date is that of the story; 0: not at all, as in a caption."""
    rest = len(block.text) - (date.end - date.start)
    if _CAPTION_CLASS.search(block.classes) and not date.has_time:
        return 0
    if _UPLOADED.search(lead):
        return 6
    if rest > _LONG:
        return 1 if date.has_time else 0
    return 2 + 2 * (not block.after) + date.has_time


def _authors(blocks: list[MetaBlock]) -> tuple[str, ...]:
    """Those who are called writers; else names in elements of that class; else the editors."""
    called: list[str] = []
    edited: list[str] = []
    classed: list[str] = []
    for n, block in enumerate(blocks):
        text = line(block.text, 400)
        if len(text) > _LONG and not _AUTHOR_CLASS.search(block.classes):
            continue
        if _CAPTION_CLASS.search(block.classes):
            continue
        if role := alone(text):
            (called if role == "writer" else edited).extend(_neighbour(blocks, n, text))
            continue
        by, editors = writers(text)
        called += by
        edited += editors
        if by or editors:
            continue
        own = _AUTHOR_CLASS.search(block.classes) and not _NO_AUTHOR_CLASS.search(block.classes)
        rest = without_dates(text).strip(" |,-–·•")
        if len(rest) < 60 and (own):
            names = split_names(rest)
            if names and (" " in names[0] or not block.after):
                classed += names
    return unique(called) or unique(classed) or unique(edited)


def _neighbour(blocks: list[MetaBlock], n: int, text: str) -> list[str]:
    """The names beside a role that stands alone: behind a colon or preposition, else before it, as in credits."""
    order = (n + 1, n - 1) if text.rstrip().endswith(":") or len(text) < 6 else (n - 1, n + 1)
    for i in order:
        if 0 <= i < len(blocks) and len(blocks[i].text) < 80 and (names := split_names(blocks[i].text)):
            return names
    return []
