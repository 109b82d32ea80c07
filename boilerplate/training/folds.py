"""Families of portals that share templates, and folds that never train on the templates they test."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from boilerplate.training.datasets import Example

SHARED = 0.06
"""Portals that share more than this part of their class names (Jaccard) are one family."""

_CLASS = re.compile(r"""\bclass\s*=\s*["']([^"'<>]{1,400})["']""", re.I)
_LONGEST = 400
_SAMPLE = 200


def families(examples: Sequence[Example]) -> dict[str, str]:
    """Map each portal to its template family, named by its first portal.

    Sister brands of one house are built from the same templates; a model that
    saw one has seen the others. Families are the connected groups of portals
    whose pages (some 200 of each) share more than `SHARED` of their class names.
    """
    by_portal: dict[str, list[Example]] = {}
    for example in examples:
        by_portal.setdefault(example.portal, []).append(example)
    classes: dict[str, set[str]] = {}
    for portal, pages in by_portal.items():
        found = classes.setdefault(portal, set())
        for example in pages[:: max(1, len(pages) // _SAMPLE)]:
            for value in _CLASS.findall(example.read()):
                found.update(value.split())
    return families_of(classes)


def class_names(root: Any) -> set[str]:
    """Return the names of the classes of a page's elements, given its root (None: no page)."""
    values = () if root is None else (element.get("class") for element in root.iter("*"))
    return {name for value in values if value and len(value) <= _LONGEST for name in value.split()}


def families_of(classes: dict[str, set[str]]) -> dict[str, str]:
    """Map each portal to its template family, given the class names of its pages (see `families`)."""
    family = {portal: portal for portal in classes}
    portals = sorted(classes)
    for i, a in enumerate(portals):
        for b in portals[i + 1 :]:
            union = len(classes[a] | classes[b])
            if union and len(classes[a] & classes[b]) / union > SHARED and family[a] != family[b]:
                kept, dropped = sorted((family[a], family[b]))
                family = {p: kept if f == dropped else f for p, f in family.items()}
    return family


def largest_family(examples: Sequence[Example], family: dict[str, str]) -> str:
    """Name of the family that has most pages."""
    return Counter(family[example.portal] for example in examples).most_common(1)[0][0]


def deal(examples: Sequence[Example], family: dict[str, str], n_folds: int) -> list[set[str]]:
    """Deal families to folds of about equal pages; 0 gives each family a fold.

    Returns
    -------
    list of sets of portals, each held out together
    """
    pages: dict[str, int] = {}
    members: dict[str, set[str]] = {}
    for example in examples:
        name = family[example.portal]
        pages[name] = pages.get(name, 0) + 1
        members.setdefault(name, set()).add(example.portal)
    if n_folds <= 0 or n_folds >= len(members):
        return [members[name] for name in sorted(members)]
    folds: list[set[str]] = [set() for _ in range(n_folds)]
    load = [0] * n_folds
    for name in sorted(members, key=lambda f: (-pages[f], f)):
        k = load.index(min(load))
        folds[k] |= members[name]
        load[k] += pages[name]
    return [fold for fold in folds if fold]


def deal_by_name(portal: str, folds: int) -> int:
    """The fold of a publisher of a page or two, by a hash of its name: others change nothing for it."""
    return hashlib.md5(portal.encode()).digest()[0] % folds


def deal_folds(groups: list[Any], folds: int) -> np.ndarray:
    """Deal groups to folds, largest first, each to the fold that has fewest pages."""
    counts: dict[Any, int] = {}
    for group in groups:
        counts[group] = counts.get(group, 0) + 1
    load = [0] * folds
    fold = {}
    for group in sorted(counts, key=lambda g: (-counts[g], str(g))):
        fold[group] = load.index(min(load))
        load[fold[group]] += counts[group]
    return np.array([fold[group] for group in groups])
