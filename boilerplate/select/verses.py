"""Lines within a block: those of verses and of preformatted text stay, those that only wrap a sentence are joined."""

from __future__ import annotations

from itertools import pairwise

from boilerplate.segment.page import Page

LONGEST_VERSE = 80
"""Characters: a longer line is prose."""

NARROW = 50
"""Characters: prose is seldom wrapped to shorter lines."""

_FEW = 6  # lines: so many that all break where the next word has no room are wrapped prose, however short


def shown_lines(page: Page, block: int) -> str:
    """Text of a block, with line breaks where the page means them; as long as the block's own."""
    text = page.texts[block]
    breaks = page.breaks.get(block, [])
    wraps = page.wraps.get(block, [])
    if wraps and not are_wrapped(text, wraps):
        breaks = sorted(breaks + wraps)
    if not breaks:
        return text
    starts = [0, *(at + 1 for at in breaks)]
    return "\n".join([text[start:end] for start, end in zip(starts, [*breaks, len(text)], strict=True)])


def are_wrapped(text: str, wraps: list[int]) -> bool:
    """Whether a text broken at some offsets is prose that was wrapped, and not verses."""
    starts = [0, *(at + 1 for at in wraps)]
    lines = [text[start:end] for start, end in zip(starts, [*wraps, len(text)], strict=True)]
    longest = max(map(len, lines))
    if longest > LONGEST_VERSE:
        return True
    if len(lines) < (3 if longest >= NARROW else _FEW):
        return longest >= NARROW
    return all(len(line) + 1 + len(after.split(" ", 1)[0]) > longest for line, after in pairwise(lines))
