"""Texts that are nearly the same, found in work that grows with the number of texts.

Each text is sketched by the smallest hashes of its shingles (the bottom-k sketch of Broder's resemblance). Texts that
share a hash of their sketches are compared, but for hashes that many texts share: those are of standing phrases.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import TypeAlias

import numpy as np

Sketch: TypeAlias = np.ndarray
"""Smallest hashes of a text's shingles, rising, 64-bit."""

SIZE = 128
"""Hashes of a sketch: the resemblance is off by 0.04 on average."""

ALIKE = 0.5
"""Resemblance (Jaccard of shingles) of texts that are nearly the same: a few sentences changed in a story of twenty."""

COMMON = 24
"""Texts that may share a hash; more share a phrase, not a story."""

_SHINGLE = 5  # words
_LEAST = 20  # words of a text that is compared
_LONGEST = 200_000  # characters
_WORD = re.compile(r"\w+")


def sketch(text: str) -> Sketch | None:
    """Sketch a text; None for one of too few words."""
    words = _WORD.findall(text[:_LONGEST].lower())
    if len(words) < _LEAST:
        return None
    shingles = {" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)}
    hashes = np.fromiter((_hash(shingle) for shingle in shingles), np.uint64, len(shingles))
    return np.sort(hashes)[:SIZE]


def _hash(shingle: str) -> int:
    return int.from_bytes(hashlib.blake2b(shingle.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def resemblance(a: Sketch, b: Sketch) -> float:
    """Estimate which part of the shingles of two texts is in both, 0 to 1."""
    union = np.union1d(a, b)[: min(SIZE, max(len(a), len(b)))]
    both = np.intersect1d(np.intersect1d(a, b, assume_unique=True), union, assume_unique=True)
    return len(both) / max(len(union), 1)


def alike(sketches: Sequence[Sketch | None]) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs of texts that are nearly the same, and their resemblance; each pair once, in order."""
    holders: dict[int, list[int]] = {}
    for number, found in enumerate(sketches):
        for value in () if found is None else found.tolist():
            holders.setdefault(value, []).append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        # Of a hash that many share, neighbours in the list are compared: copies of one story are all found so.
        shared.update(combinations(numbers, 2) if len(numbers) <= COMMON else pairwise(numbers))
    for (a, b), count in sorted(shared.items()):
        first, second = sketches[a], sketches[b]
        if first is None or second is None or count * 4 < min(len(first), len(second)):
            continue
        score = resemblance(first, second)
        if score >= ALIKE:
            yield a, b, score
