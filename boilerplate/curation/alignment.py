"""Blocks of a page found in the text of its body, in order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_WORD = re.compile(r"\w+")
_GRAM = 4  # words
_PLACES = 8  # of a run of words in the gold text that are looked at
_NEAR = 100  # words in which a short block is looked for
_ENOUGH = 0.7
"""Share of a block's words that the gold text must have, one after the other."""


@dataclass(slots=True)
class Alignment:
    """Which blocks are in a text.

    Attributes
    ----------
    body
        For each block whether it is.
    found
        Share of the words of the text that are in such blocks, 0 to 1.
    """

    body: list[bool]
    found: float


def align_blocks(texts: Sequence[str], gold: str) -> Alignment:
    """Find which blocks of a page are in the gold text of its body, in the order of the page.

    A block of four words or more is in it where most of its runs of four words
    stand there at one distance; of places that contradict each other's order
    those are taken that hold most words. A shorter block is in it where its
    words stand between its neighbours'. Case and punctuation do not count.

    Parameters
    ----------
    texts
        Of the blocks.
    gold
        Text of the body.
    """
    words = [_WORD.findall(text.lower()) for text in texts]
    target = _WORD.findall(gold.lower())
    places: dict[tuple[str, ...], list[int]] = {}
    for i in range(len(target) - _GRAM + 1):
        found = places.setdefault(tuple(target[i : i + _GRAM]), [])
        if len(found) < _PLACES:
            found.append(i)
    candidates = [
        (start, end, block, weight)
        for block, block_words in enumerate(words)
        if len(block_words) >= _GRAM
        for start, end, weight in _candidates(block_words, places)
    ]
    spans = {block: (start, end) for start, end, block in _in_order(candidates)}
    _add_short(words, target, spans)
    covered = [False] * len(target)
    for start, end in spans.values():
        covered[start:end] = [True] * (end - start)
    share = sum(covered) / len(target) if target else 0.0
    return Alignment([block in spans for block in range(len(texts))], share)


def _candidates(words: list[str], places: dict[tuple[str, ...], list[int]]) -> list[tuple[int, int, int]]:
    """Where a block may stand in the gold text: start, end, and the words that agree."""
    grams = [tuple(words[i : i + _GRAM]) for i in range(len(words) - _GRAM + 1)]
    hits: dict[int, list[int]] = {}  # by distance
    for i, gram in enumerate(grams):
        for place in places.get(gram, ()):
            hits.setdefault(place - i, []).append(place)
    found = []
    for at in hits.values():
        agree = _covered(at)
        if agree >= _ENOUGH * len(words):
            found.append((at[0], at[-1] + _GRAM, agree))
    if not found and hits:
        # A word was added or left out in the middle: pieces at distances that follow each other.
        every = sorted({place for at in hits.values() for place in at})
        if len(every) <= len(words) and _covered(every) >= _ENOUGH * len(words):
            found.append((every[0], every[-1] + _GRAM, _covered(every)))
    return [x for x in found if x[1] - x[0] <= 2 * len(words) + _GRAM]


def _covered(places: list[int]) -> int:
    """How many words runs that start at these places, rising, cover."""
    total, end = 0, -1
    for place in places:
        total += place + _GRAM - max(place, end)
        end = place + _GRAM
    return total


def _in_order(candidates: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int]]:
    """Take the candidates (start, end, block, weight) of most words whose places and blocks both rise.

    Starts rise, and so do blocks; overlaps of a few words are no contradiction.
    """
    if not candidates:
        return []
    # Blocks in order, and of one block the later places first, so that one is taken of each.
    ordered = sorted(candidates, key=lambda x: (x[2], -x[0]))
    starts = sorted({x[0] for x in ordered})
    # The best sum of weights that ends at or before a start: a Fenwick tree of maxima.
    tree: list[tuple[int, int]] = [(0, -1)] * (len(starts) + 1)
    before = [-1] * len(ordered)
    best, last = 0, -1
    for number, (start, _, _, weight) in enumerate(ordered):
        rank = bisect_left(starts, start)
        sum_before, previous = 0, -1
        i = rank  # starts below this one
        while i > 0:
            if tree[i][0] > sum_before:
                sum_before, previous = tree[i]
            i -= i & -i
        before[number] = previous
        total = sum_before + weight
        if total > best:
            best, last = total, number
        i = rank + 1
        while i <= len(starts):
            if total > tree[i][0]:
                tree[i] = (total, number)
            i += i & -i
    taken = []
    while last >= 0:
        start, end, block, _ = ordered[last]
        taken.append((start, end, block))
        last = before[last]
    return taken[::-1]


def _add_short(words: list[list[str]], target: list[str], spans: dict[int, tuple[int, int]]) -> None:
    """Add the blocks of few words that stand in the gaps between those that were found."""
    if not spans:
        return
    found = sorted(spans)
    first, last = found[0], found[-1]
    following = dict(pairwise(found))
    at, before = spans[first][0], first
    # A block just above the first one or below the last may be in the text as well: a dateline, a last line.
    for block in range(max(first - 1, 0), min(last + 2, len(words))):
        if block in spans:
            before, at = block, spans[block][1]
            continue
        wanted = words[block]
        if not 0 < len(wanted) < _GRAM:
            continue
        if block < first:
            start, end = max(spans[first][0] - _NEAR, 0), spans[first][0]
        else:
            start, end = at, spans[following[before]][0] if before in following else len(target)
            end = min(end, start + _NEAR)
        place = next((i for i in range(start, end - len(wanted) + 1) if target[i : i + len(wanted)] == wanted), -1)
        if place >= 0 and (block >= first or place + len(wanted) == end):
            spans[block] = (place, place + len(wanted))
            if block > first:
                at = place + len(wanted)
