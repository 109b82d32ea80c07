"""Section headings: which blocks are headings, and what each of them governs.

A heading is known by its words, its element or its class, or by where it
stands: it opens a container that goes on with a list. It governs what follows it in
its container, up to where the next section begins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from boilerplate.features.batch import Batch
from boilerplate.features.containers import LEVELS, Containers
from boilerplate.segment.tags import CODES

_SMALL = 4
"""Blocks of an item of a list, at most."""

_REACH = 3
"""Blocks behind a heading within which its list begins: a link to more, a subtitle may come first."""

_TABS = 5
"""Tabs of a container, at most."""

_LEVEL = np.zeros(len(CODES) + 1, np.int64)
for _level in range(1, 7):
    _LEVEL[CODES[f"h{_level}"]] = _level


@dataclass(slots=True)
class Headings:
    """The headings of pages: arrays of shape (n_blocks,).

    Attributes
    ----------
    strength
        How much the block looks like a section heading: 3 a known one, 2 short
        and in a heading's element, container or place, 0 none.
    heads
        Whether it governs others: a teaser's title in an item of a list does not.
    inner, outer
        The heading that governs the block, and the one that governs that, or
        whose container the block stands in behind the end of its section; -1 for none.
    """

    strength: np.ndarray
    heads: np.ndarray
    inner: np.ndarray
    outer: np.ndarray


def find_headings(
    batch: Batch,
    containers: Containers,
    wording: dict[str, np.ndarray],
    own_title: np.ndarray,
    level: np.ndarray,
    links: np.ndarray,
) -> Headings:
    """Find the headings of pages and what they govern.

    Parameters
    ----------
    wording
        Columns of the wording.
    own_title, level
        Shape (n_blocks,): whether the block's class names speak of a title; level of its heading element.
    links
        Shape (n_blocks,): share of the characters in links.
    """
    n = len(batch)
    words = np.expm1(wording["log_words"])
    kinds = wording["any_head"]
    channel = (kinds > 0) & (wording["head_channel"] >= kinds)
    known, telling = (kinds > 0) & ~channel, wording["any_word"] > 0
    strong = (level > 0) | (own_title > 0)
    # A control heads nothing; what could be one or a heading (`Read more`) does in a heading's element.
    of_list = np.any([wording[f"head_{kind}"] > 0 for kind in ("related", "popular", "latest", "picks")], axis=0)
    control = (wording["head_control"] > 0) & ~(of_list & (level > 0))
    timed = (wording["date"] > 0) | (wording["ago"] > 0) | (wording["rank"] > 0) | (wording["count"] > 0)
    short = (
        (words <= 8.5) & ~timed & ~control & ((wording["ends_sentence"] == 0) | known | ((level > 0) & (links <= 0.5)))
    )

    own = containers.chain[0]
    repeats, usual = containers.repeats[own], containers.usual[own]
    first = known & (links <= 0.5) & (containers.ordinal[own] == 1)  # the list's heading as its first item
    leads = known & of_list
    strips = _tabs(containers, short & leads)
    tab = np.zeros(n, bool)
    for at, count in strips:
        tab[at : at + count] = True
    # Headings of lists in one container are siblings, too, but their lists stand between.
    apart = (containers.spread[own] >= usual + 1) & ((links <= 0.5) | known | (words <= 3.5))
    item = (repeats >= 3) & (usual < 2.5) & ~first & ~tab & ~apart
    small = in_small_record(containers, (links > 0.5) & ~known) & ~first & ~tab & ~(apart & (usual < 1.5))

    heading_like = short & ~small & (known | (strong & ~item))
    content = ~control & ~heading_like & ~tab & ((words >= 3.5) | ((repeats >= 2) & ~strong))
    content_before = np.concatenate([[0], np.cumsum(content)])
    starts_list = np.zeros(n + _REACH + 1, bool)
    starts_list[containers.start[(containers.repeats >= 2) & (containers.ordinal == 1)]] = True

    c = np.flatnonzero(short)
    listed = np.concatenate([[0], np.cumsum(content & (links > 0.5))])
    container, end = _going_on(containers, c, content_before, listed, batch.finish[c] - batch.begin[c])
    follows = np.zeros(len(c), bool)
    for k in range(1, _REACH + 1):
        follows |= starts_list[c + k] & (c + k < end)
    opens = (containers.start[container] == c) & (follows | (telling[c] & (links[c] <= 0.5))) & ~item[c]
    opens &= (2 * (end - c) < batch.finish[c] - batch.begin[c]) & ((wording["byline"][c] == 0) | (kinds[c] > 0))
    story = (links[c] > 0.5) & (words[c] >= 5.5) & ~telling[c]
    two = strong[c] & ~item[c] & ~story
    two |= (words[c] <= 6.5) & telling[c] & strong[c]
    two |= opens & ~story
    two &= ~channel[c] | ((strong[c] | opens) & ~item[c])
    strength = np.zeros(n, np.int64)
    strength[c[two]] = 2
    strength[c[known[c] & (~item[c] | strong[c])]] = 3
    # Over its own container or none: what stands behind a heading of comments that are not there is another section.
    end = np.where(known[c] & ~of_list[c] & (containers.start[container] != c), c + 1, end)
    small[c] &= ~(
        opens & follows & ~story & (links[c] + strong[c] < 2) | (opens & follows & strong[c] & (words[c] <= 3.5))
    )
    heads = (strength > 0) & ~small
    for at, count in strips:  # one tab stands for all, but for the panes that are found
        heads[at : at + count] &= np.arange(count) == leads[at : at + count].argmax()
    leading = heads[c]
    leading[leading] = _leading(container[leading], c[leading], (strength + leads)[c[leading]], content_before)
    around = _last_open(n, c[leading], end[leading])
    for at, count in strips:
        for tab_at, (low, high) in zip(range(at, at + count), _panes(containers, at + count, count), strict=False):
            if not known[tab_at] or of_list[tab_at]:
                pane = around[low:high]
                pane[(pane >= at) & (pane < at + count)] = tab_at
    inner, outer = _govern(around, c[heads[c] & (containers.repeats[container] < 3)], content_before)
    return Headings(strength, heads, inner, outer)


def _tabs(containers: Containers, known: np.ndarray) -> list[tuple[int, int]]:
    """Find rows of tabs: a few single blocks side by side, alone in their container.

    At least half of them are known headings.

    Returns
    -------
    list of pairs
        First block and number of tabs.
    """
    own = containers.chain[0]
    count = containers.repeats[own]
    at = np.flatnonzero((containers.ordinal[own] == 1) & (count >= 2) & (count <= _TABS) & (containers.usual[own] == 1))
    at = at[at + count[at] <= len(own)]
    last = at + count[at] - 1
    known_before = np.concatenate([[0], np.cumsum(known)])
    strip = (containers.ordinal[own[last]] == count[at]) & (count[last] == count[at])
    # A menu may end in one (`Lainnya`).
    at = at[strip & (2 * (known_before[last + 1] - known_before[at]) >= count[at])]
    return list(zip(at.tolist(), count[at].tolist(), strict=True))


def _panes(containers: Containers, start: int, count: int) -> list[tuple[int, int]]:
    """The blocks of `count` containers side by side, the first from block `start` on; none if there are fewer."""
    n = containers.chain.shape[1]
    if start >= n:
        return []
    for container in containers.top[containers.chain[::-1, start]].tolist():
        if containers.start[container] != start:
            continue
        panes = [(start, int(containers.end[container]))]
        while len(panes) < count and panes[-1][1] < n:
            at = panes[-1][1]
            beside = [
                b
                for b in containers.top[containers.chain[:, at]].tolist()
                if containers.parent[b] == containers.parent[container] and containers.start[b] == at
            ]
            if not beside:
                break
            panes.append((at, int(containers.end[beside[0]])))
        if len(panes) == count:
            return panes
    return []


def _going_on(
    containers: Containers, blocks: np.ndarray, content_before: np.ndarray, listed: np.ndarray, sizes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The smallest container around each block that goes on with content, and the end of that content.

    Parameters
    ----------
    content_before, listed
        Content before each block: of all kinds, and in links.
    sizes
        Blocks of the page of each of `blocks`.
    """
    container = containers.chain[0, blocks].copy()
    end = blocks + 1
    open_ = np.ones(len(blocks), bool)
    for level in range(1, LEVELS + 1):
        around = containers.chain[level, blocks]
        to = containers.end[around]
        # A wrapper of a heading and its "more" link is no section, but a
        # heading inside one of many records reaches no further than it.
        record = (containers.repeats[around] >= 3) & (around != containers.chain[0, blocks])
        found = (record | (content_before[to] > content_before[blocks + 1])) & open_
        container[found], end[found] = around[found], to[found]
        if level < LEVELS:  # A heading with its subtitle opens the container around both.
            beyond = containers.chain[level + 1, blocks]
            opens = (containers.start[around] >= blocks - 1) & (containers.start[beyond] == containers.start[around])
            opens &= (to - blocks <= _REACH) & (listed[to] == listed[blocks + 1])
            found &= record | ~opens | (2 * (containers.end[beyond] - blocks) >= sizes)
        open_ &= ~found
    return container, end


def _leading(
    container: np.ndarray, headings: np.ndarray, strength: np.ndarray, content_before: np.ndarray
) -> np.ndarray:
    """Whether each heading is as strong as those right before and behind it in its container; a subtitle is not."""
    new = np.ones(len(container), bool)
    new[1:] = (content_before[headings[1:]] > content_before[headings[:-1]]) | (container[1:] != container[:-1])
    if not len(container):
        return new
    return np.asarray(strength == np.maximum.reduceat(strength, np.flatnonzero(new))[np.cumsum(new) - 1])


def _govern(around: np.ndarray, headings: np.ndarray, content_before: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What governs each block: the last heading before it in whose container it is, until the next section."""
    n = len(around)
    inner, outer = around.copy(), np.full(n, -1)
    # The first heading behind what a heading governs ends its section.
    behind = np.searchsorted(content_before[headings], content_before[1:][around], "right")
    over = (around >= 0) & (np.arange(n) > np.append(headings, n)[behind])
    inner[over] = -1
    outer[over] = around[over]
    has = inner >= 0
    outer[has] = around[inner[has]]
    return inner, outer


def _last_open(n: int, headings: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """For each block the last heading before it whose scope has not ended; -1 for none.

    Linear: each scope opens and closes once.
    """
    of, upto = [], []
    stack: list[tuple[int, int]] = []
    at = 0
    for heading, end in [*zip(headings.tolist(), ends.tolist(), strict=True), (n, n)]:
        border = min(heading + 1, n)
        while at < border:
            while stack and stack[-1][1] <= at:
                stack.pop()
            top, until = stack[-1] if stack else (-1, border)
            at = min(until, border)
            of.append(top)
            upto.append(at)
        stack.append((heading, end))
    return np.repeat(np.array(of, np.int64), np.diff(np.array([0, *upto])).astype(np.int64))


def in_small_record(containers: Containers, linked: np.ndarray) -> np.ndarray:
    """Whether each block is part of an item of a few blocks: a teaser's tag is no heading of the list.

    A container much smaller than its like is no item, but a heading's. Of two of a
    kind, only what is `linked` is taken for items.
    """
    small = np.zeros(containers.chain.shape[1], bool)
    for container in containers.chain[: LEVELS - 1]:
        size, repeats = containers.end[container] - containers.start[container], containers.repeats[container]
        small |= (
            ((repeats >= 3) | ((repeats == 2) & linked)) & (size <= _SMALL) & (2 * size >= containers.usual[container])
        )
    return small


def heading_tags(batch: Batch) -> np.ndarray:
    """Level 1 to 6 of the heading element around each block, 0 for none."""
    out = np.zeros(len(batch), np.int64)
    element = batch.first_el
    open_ = np.ones(len(batch), bool)
    for _ in range(4):
        last = (element == batch.block_el) | (batch.parents[element] < 0)
        level = _LEVEL[batch.tags[element]]
        level = np.where(last & (level == 0), _LEVEL[batch.tags[batch.block_el]], level)
        out = np.where(open_, level, out)
        open_ = open_ & ~last & (level == 0)
        element = np.where(open_, batch.parents[element], element)
    return out
