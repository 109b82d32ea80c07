"""The boxes around a block: nested elements, repeated siblings, the heading that governs.

All of a page's elements cover ranges of its blocks, so sums over a box are
differences of running sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boilerplate.features.gather import Row
from boilerplate.segment.tags import CODES

LEVELS = 5
"""How many nested boxes around a block are described."""

_SMALL = 4
"""Blocks of an item of a list, at most."""

_LEVEL = np.zeros(len(CODES) + 1, np.int64)
for _level in range(1, 7):
    _LEVEL[CODES[f"h{_level}"]] = _level


@dataclass(slots=True)
class Boxes:
    """Nested boxes of a page.

    ``chain`` has shape (LEVELS + 1, n_blocks): the number of the element that is
    the block's own (holds nothing else), then of each next larger box outwards.
    ``top`` maps an element to the outermost element with the same blocks;
    ``repeats`` counts an element's siblings of the same tag and class.
    """

    chain: np.ndarray
    top: np.ndarray
    parent: np.ndarray
    start: np.ndarray
    end: np.ndarray
    repeats: np.ndarray
    ordinal: np.ndarray


def find_boxes(row: Row, classes: np.ndarray) -> Boxes:
    """Find the nested boxes around each block.

    Parameters
    ----------
    classes
        Shape (n_elements,): a number for each element's tag and class.
    """
    parents, start, end = row.parents, row.starts, row.ends
    index = np.arange(len(row))
    repeats, ordinal = _records(parents, classes, end > start)
    # Climb out while the next element holds the same blocks and no more.
    alone = parents >= 0
    alone &= (start[parents] == start) & (end[parents] == end)
    top = np.where(alone, parents, np.arange(len(parents)))
    while True:
        outer = repeats[top] >= repeats
        ordinal = np.where(outer, ordinal[top], ordinal)
        repeats = np.where(outer, repeats[top], repeats)
        beyond = top[top]
        if (beyond == top).all():
            break
        top = beyond
    up = parents[top]
    # A block's own element: from the inline one out to the block-level one while still alone.
    only = (start[row.block_el] == index) & (end[row.block_el] == index + 1)
    own = np.where(only, row.block_el, row.first_el)
    only = (start[own] == index) & (end[own] == index + 1)
    chain = np.empty((LEVELS + 1, len(row)), np.int64)
    chain[0] = own
    first = np.where(only, up[own], own)
    chain[1] = np.where(first < 0, own, first)
    for level in range(2, LEVELS + 1):
        higher = up[chain[level - 1]]
        chain[level] = np.where(higher < 0, chain[level - 1], higher)
    return Boxes(chain, top, parents, start, end, repeats, ordinal)


def _records(parents: np.ndarray, classes: np.ndarray, filled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Count the siblings of the same tag and class that hold text, and number those that do from 1."""
    family = np.where(parents < 0, -1 - np.arange(len(parents)), parents)  # roots of several pages are no siblings
    key = family * (int(classes.max(initial=0)) + 1) + classes
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    new = np.ones(len(key), bool)
    new[1:] = ordered[1:] != ordered[:-1]
    group = np.cumsum(new) - 1
    running = np.cumsum(filled[order])
    before = (running - filled[order])[new]  # filled elements of the groups before
    last = np.append(before[1:], running[-1:])
    repeats, ordinal = np.empty(len(key), np.int64), np.empty(len(key), np.int64)
    repeats[order] = (last - before)[group]
    ordinal[order] = (running - before[group]) * filled[order]
    return repeats, ordinal


def governing(boxes: Boxes, strength: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the heading that governs each block, and the one that governs that.

    A heading governs what follows it in the smallest box that goes on after
    it. A later heading in the same box takes over; one in an inner box holds
    only there.

    Parameters
    ----------
    strength
        Shape (n_blocks,): above 0 where the block can head a section.

    Returns
    -------
    inner, outer : arrays of shape (n_blocks,)
        Block numbers; -1 for none.
    """
    inner = np.full(len(strength), -1)
    outer = np.full(len(strength), -1)
    headings = np.flatnonzero(strength > 0)
    scope = headings + 1
    open_ = np.ones(len(headings), bool)
    for level in range(1, LEVELS + 1):
        box = boxes.chain[level, headings]
        end = boxes.end[box]
        # A wrapper of a heading and its "more" link is no section, but a
        # heading inside one of many records reaches no further than it.
        found = (boxes.repeats[box] >= 3) & (box != boxes.chain[0, headings])
        found |= (end > headings + 1) & (end - boxes.start[box] > 2)
        found &= open_
        scope[found] = end[found]
        open_ &= ~found
    for heading, to in zip(headings.tolist(), scope.tolist(), strict=True):
        above = inner[heading]
        inner[heading + 1 : to] = heading
        outer[heading + 1 : to] = above
    return inner, outer


def heading_strength(
    boxes: Boxes, wording: dict[str, np.ndarray], own_title: np.ndarray, in_heading: np.ndarray
) -> np.ndarray:
    """How much each block looks like the heading of a section, 0 to 3.

    3: a known section heading. 2: short, not an item of a list, in a heading
    element or a box named so, or with a telling word. 0: none.
    """
    words = np.expm1(wording["log_words"])
    item = boxes.repeats[boxes.chain[0]] >= 3
    known = wording["any_head"] > 0
    telling = wording["any_word"] > 0
    plain = (wording["ends_sentence"] == 0) & (wording["date"] == 0) & (wording["ago"] == 0) & (wording["rank"] == 0)
    strength = np.zeros(len(words), np.int64)
    strong = (in_heading > 0) | (own_title > 0)
    strength[(words <= 8.5) & plain & strong & ~item] = 2
    strength[(words <= 6.5) & plain & telling & strong] = 2
    strength[known & plain & (~item | strong)] = 3
    channel = (wording["any_head"] > 0) & (wording["head_channel"] >= wording["any_head"])
    strength[channel] = np.where(strong & ~item, 2, 0)[channel]
    return strength


def in_small_record(boxes: Boxes) -> np.ndarray:
    """Whether each block is part of an item of a few blocks: a teaser's tag is no heading of the list."""
    small = np.zeros(boxes.chain.shape[1], bool)
    for box in boxes.chain[: LEVELS - 1]:
        small |= (boxes.repeats[box] >= 3) & (boxes.end[box] - boxes.start[box] <= _SMALL)
    return small


def heading_tags(row: Row) -> np.ndarray:
    """Level 1 to 6 of the heading element around each block, 0 for none."""
    out = np.zeros(len(row), np.int64)
    element = row.first_el
    open_ = np.ones(len(row), bool)
    for _ in range(4):
        last = (element == row.block_el) | (row.parents[element] < 0)
        level = _LEVEL[row.tags[element]]
        level = np.where(last & (level == 0), _LEVEL[row.tags[row.block_el]], level)
        out = np.where(open_, level, out)
        open_ = open_ & ~last & (level == 0)
        element = np.where(open_, row.parents[element], element)
    return out
