"""Marks at the edge of the story, for those who want them all or none: initials, and whose post an embed shows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from boilerplate.document import Span
from boilerplate.labels import Label
from boilerplate.segment.page import Page
from boilerplate.select.copies import without_overlaps

_END = 40  # characters in which initials end a text
_LONGEST = 200  # characters of an attribution

_INITIALS = re.compile(r"\s*[(\[](?:[a-z]{2,5}|[A-Za-z]{2,5}(?:\s?[/|]\s?[A-Za-z]{1,5}){1,3})[)\]]\.?\Z")
_SHARED = re.compile(
    r"\bA (?:post|photo|video|reel) shared by\b|\b(?:Sebuah )?(?:kiriman|unggahan|postingan)(?: yang)? dibagikan oleh\b"
    r"|\bEin Beitrag geteilt von\b|\bUne publication partagée par\b|\bUna publicación compartida (?:de|por)\b"
    r"|\bUn post condiviso da\b|\bUma publicação compartilhada por\b|\bEen bericht gedeeld door\b",
    re.I,
)
_TWEET = re.compile(r"[—–-]\s?[^—–()]{1,60} \(@\w{1,20}\)(?:\s(?:\w{3,10} \d{1,2}, \d{4}|\d{1,2} \w{3,10} \d{4}))?\Z")


class Marks(NamedTuple):
    """Whether marks are kept: True, False, or None for as they are labelled.

    Attributes
    ----------
    initials
        Those of the authors at the end of the story: ``(rin/dew)``.
    attributions
        Lines that say whose post an embed shows: ``A post shared by …``.
    """

    initials: bool | None = None
    attributions: bool | None = None


AS_LABELLED = Marks()


def settle(page: Page, kept: np.ndarray, spans: dict[int, tuple[Span, ...]], marks: Marks) -> None:
    """Change what is kept, and the spans that are cut out of it, as the marks are wanted.

    Parameters
    ----------
    kept
        Shape (n_blocks,), bool.
    spans
        What is cut out of kept blocks, by the block's number.
    """
    if marks.initials is not None and kept.any():
        last = int(np.flatnonzero(kept)[-1])
        below = last + 1
        if marks.initials and below < len(page) and initials_from(page.texts[below]) == 0:
            kept[below] = True
        else:
            _settle(page.texts[last], last, initials_from(page.texts[last]), marks.initials, Label.META, kept, spans)
    if marks.attributions is None:
        return
    for i, text in enumerate(page.texts):
        near = kept[i] or (marks.attributions and (kept[i - 1 : i].any() or kept[i + 1 : i + 2].any()))
        if near and (start := attribution_from(text)) >= 0:
            if kept[i]:
                _settle(text, i, start, marks.attributions, Label.CHROME, kept, spans)
            elif start == 0:
                kept[i] = True


def initials_from(text: str) -> int:
    """Return where the initials begin that end a text, with the blank before them; -1 where there are none."""
    found = _INITIALS.search(text, max(len(text) - _END, 0))
    return found.start() if found is not None else -1


def attribution_from(text: str) -> int:
    """Return where the attribution begins that ends a text; -1 where there is none."""
    start = max(len(text) - _LONGEST, 0)
    found = _SHARED.search(text, start) or _TWEET.search(text, start)
    return found.start() if found is not None else -1


def _settle(
    text: str,
    block: int,
    start: int,
    wanted: bool,
    label: Label,
    kept: np.ndarray,
    spans: dict[int, tuple[Span, ...]],
) -> None:
    """Keep what a kept block's text holds from `start` on, or cut it out; `start` is -1 where there is no mark."""
    if start < 0:
        return
    known = spans.get(block, ())
    if wanted:
        known = tuple(replace(span, end=start) if span.end > start else span for span in known if span.start < start)
    elif start == 0:
        kept[block] = False
    else:
        cut = sorted([*known, Span(start, len(text), label)], key=lambda span: (span.start, -span.end))
        known = without_overlaps(cut)
    if known:
        spans[block] = known
    else:
        spans.pop(block, None)
