"""The boxes around a block: nested elements, repeated siblings, the heading that governs.

All of a page's elements cover ranges of its blocks, so sums over a box are
differences of running sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boilerplate.segment.page import Page
from boilerplate.segment.tags import HEADINGS

LEVELS = 5
"""How many nested boxes around a block are described."""


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


def find_boxes(page: Page) -> Boxes:
    """Find the nested boxes around each block of a page that has blocks."""
    n = len(page.tags)
    parents, starts, ends = page.parents, page.starts, page.ends
    # Same tag and class under the same parent: records of a list.
    seen: dict[tuple[int, int, str], int] = {}
    ordinal = [0] * n
    group: list[tuple[int, int, str]] = []
    for i, (parent, tag, attr) in enumerate(zip(parents, page.tags, page.attrs, strict=True)):
        key = (parent, tag, attr.partition("#")[0])
        group.append(key)
        if ends[i] > starts[i]:
            seen[key] = ordinal[i] = seen.get(key, 0) + 1
    repeats = [seen.get(key, 0) for key in group]
    up = [-1] * n  # next larger box
    top = list(range(n))
    best = repeats[:]
    for i in range(n):
        parent = parents[i]
        if parent < 0:
            continue
        if starts[parent] == starts[i] and ends[parent] == ends[i]:
            up[i] = up[parent]
            top[i] = top[parent]
            if best[parent] >= best[i]:
                best[i] = best[parent]
                ordinal[i] = ordinal[parent]
        else:
            up[i] = parent
    up_a, top_a = np.array(up), np.array(top)
    start, end = np.array(starts), np.array(ends)
    own = np.array(page.first_el)
    index = np.arange(len(page))
    block_el = np.array(page.block_el)
    # Climb from the inline element out to the block-level one while still alone.
    alone = (start[block_el] == index) & (end[block_el] == index + 1)
    own = np.where(alone, block_el, own)
    alone = (start[own] == index) & (end[own] == index + 1)
    chain = np.empty((LEVELS + 1, len(page)), np.int64)
    chain[0] = own
    first = np.where(alone, up_a[own], own)
    chain[1] = np.where(first < 0, own, first)
    for level in range(2, LEVELS + 1):
        higher = up_a[chain[level - 1]]
        chain[level] = np.where(higher < 0, chain[level - 1], higher)
    return Boxes(chain, top_a, np.array(parents), start, end, np.array(best), np.array(ordinal))


def governing(page: Page, boxes: Boxes, strength: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
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
    n = len(page)
    inner = np.full(n, -1)
    outer = np.full(n, -1)
    chain, end, start = boxes.chain, boxes.end, boxes.start
    for h in np.flatnonzero(strength > 0):
        scope = h + 1
        for level in range(1, LEVELS + 1):
            box = chain[level, h]
            record = boxes.repeats[box] >= 3 and box != chain[0, h]
            # A wrapper of a heading and its "more" link is no section, but a
            # heading inside one of many records reaches no further than it.
            if record or (end[box] > h + 1 and end[box] - start[box] > 2):
                scope = end[box]
                break
        above = inner[h]
        inner[h + 1 : scope] = h
        outer[h + 1 : scope] = above
    return inner, outer


def heading_strength(page: Page, boxes: Boxes, wording: dict[str, np.ndarray], own_title: np.ndarray, in_heading: np.ndarray) -> np.ndarray:
    """How much each block looks like the heading of a section, 0 to 3.

    3: a known section heading. 2: short, not an item of a list, in a heading
    element or a box named so, or with a telling word. 0: none.
    """
    words = np.expm1(wording["log_words"])
    item = boxes.repeats[boxes.chain[0]] >= 3
    known = wording["any_head"] > 0
    telling = wording["any_word"] > 0
    plain = (wording["ends_sentence"] == 0) & (wording["date"] == 0) & (wording["ago"] == 0) & (wording["rank"] == 0)
    strength = np.zeros(len(page), np.int64)
    strong = (in_heading > 0) | (own_title > 0)
    strength[(words <= 8.5) & plain & strong & ~item] = 2
    strength[(words <= 6.5) & plain & telling & strong] = 2
    strength[known & plain & (~item | strong)] = 3
    channel = (wording["any_head"] > 0) & (wording["head_channel"] >= wording["any_head"])
    strength[channel] = np.where(strong & ~item, 2, 0)[channel]
    return strength


def heading_tags(page: Page) -> np.ndarray:
    """Level 1 to 6 of the heading element around each block, 0 for none."""
    tags, parents = page.tags, page.parents
    out = np.zeros(len(page), np.int64)
    first = min(HEADINGS)
    for i, (a, b) in enumerate(zip(page.first_el, page.block_el, strict=True)):
        e = a
        for _ in range(4):
            if tags[e] in HEADINGS:
                out[i] = tags[e] - first + 1
                break
            if e == b or parents[e] < 0:
                if tags[b] in HEADINGS:
                    out[i] = tags[b] - first + 1
                break
            e = parents[e]
    return out
