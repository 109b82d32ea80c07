"""The containers around a block: nested elements, repeated siblings.

All of a page's elements cover ranges of its blocks, so sums over a container are
differences of running sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boilerplate.features.batch import Batch
from boilerplate.segment.tags import CODES

LEVELS = 5
"""How many nested containers around a block are described."""

_ITEMS = np.zeros(len(CODES) + 1, bool)
_ITEMS[[CODES[tag] for tag in ("li", "article", "tr", "dt", "dd")]] = True


@dataclass(slots=True)
class Containers:
    """Nested containers of a page.

    ``chain`` has shape (LEVELS + 1, n_blocks): the number of the element that is
    the block's own (holds nothing else), then of each next larger container outwards.
    ``top`` maps an element to the outermost element with the same blocks;
    ``repeats`` counts an element's siblings of the same tag and class, ``ordinal``
    numbers them from 1, ``usual`` is how many blocks one of them holds on average, ``spread`` how
    many from one to the next: more, where something else stands between.
    """

    chain: np.ndarray
    top: np.ndarray
    parent: np.ndarray
    start: np.ndarray
    end: np.ndarray
    repeats: np.ndarray
    ordinal: np.ndarray
    usual: np.ndarray
    spread: np.ndarray


def find_containers(batch: Batch, classes: np.ndarray) -> Containers:
    """Find the nested containers around each block.

    Parameters
    ----------
    classes
        Shape (n_elements,): a number for each element's class.
    """
    parents, start, end = batch.parents, batch.starts, batch.ends
    index = np.arange(len(batch))
    # What is an item by its tag is one of its like whatever its class: the first, the large, the one with a number.
    classes = np.where(_ITEMS[batch.tags], 0, classes) * (len(CODES) + 1) + batch.tags
    repeats, ordinal, usual, spread = _records(parents, classes, start, end)
    # Climb out while the next element holds the same blocks and no more.
    alone = parents >= 0
    alone &= (start[parents] == start) & (end[parents] == end)
    itself = np.arange(len(parents))
    top = np.where(alone, parents, itself)
    most = itself  # of the elements passed, the outermost of those with the most siblings
    while True:
        most = np.where(repeats[most[top]] >= repeats[most], most[top], most)
        beyond = top[top]
        if (beyond == top).all():
            break
        top = beyond
    repeats, ordinal, usual, spread = repeats[most], ordinal[most], usual[most], spread[most]
    up = parents[top]
    # A block's own element: from the inline one out to the block-level one while still alone.
    only = (start[batch.block_el] == index) & (end[batch.block_el] == index + 1)
    own = np.where(only, batch.block_el, batch.first_el)
    only = (start[own] == index) & (end[own] == index + 1)
    chain = np.empty((LEVELS + 1, len(batch)), np.int64)
    chain[0] = own
    first = np.where(only, up[own], own)
    chain[1] = np.where(first < 0, own, first)
    for level in range(2, LEVELS + 1):
        higher = up[chain[level - 1]]
        chain[level] = np.where(higher < 0, chain[level - 1], higher)
    return Containers(chain, top, parents, start, end, repeats, ordinal, usual, spread)


def _records(parents: np.ndarray, classes: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, ...]:
    """Count and measure each element's siblings of the same tag and class that hold text, and number them from 1.

    Returns
    -------
    repeats, ordinal, usual, spread : arrays of shape (n_elements,)
        As in `Containers`.
    """
    filled = end > start
    family = np.where(parents < 0, -1 - np.arange(len(parents)), parents)  # roots of several pages are no siblings
    key = family * (int(classes.max(initial=0)) + 1) + classes
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    new = np.ones(len(key), bool)
    new[1:] = ordered[1:] != ordered[:-1]
    at = np.flatnonzero(new)
    group = np.cumsum(new) - 1
    running = np.cumsum(filled[order])
    before: np.ndarray = (running - filled[order])[new]  # filled elements of the groups before
    count: np.ndarray = np.append(before[1:], running[-1:]) - before
    starts, ends = start[order], end[order]
    held = np.append(0, np.cumsum(ends - starts))
    last = np.append(at[1:], len(key))
    usual = (held[last] - held[at]) / np.maximum(count, 1)
    spread = np.maximum(starts[last - 1] - starts[at], 0) / np.maximum(count - 1, 1)
    out = np.empty((4, len(key)))
    out[0][order] = count[group]
    out[1][order] = (running - before[group]) * filled[order]
    out[2][order] = usual[group]
    out[3][order] = spread[group]
    return out[0].astype(np.int64), out[1].astype(np.int64), out[2], out[3]
