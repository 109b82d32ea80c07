"""Where the links of blocks lead: their addresses as columns, and the words of these as tokens.

A teaser leads to a path made of its headline, a menu to a section, an
advertisement to another site, a share button to a network: the address often
tells what the text of a link does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from boilerplate.compiled import fastest
from boilerplate.features.address import FIRST, HOST, NUMBERS
from boilerplate.features.arrays import count_alike
from boilerplate.features.tokenizer import mixed
from boilerplate.segment.page import HtmlPage

_address = fastest("boilerplate.features._address")

NAMES = (
    "href",
    "href_external",
    "href_subdomain",
    *(f"href_{name}" for name in NUMBERS),
    "href_again",
    "href_self",
    "href_section",
    "href_newer",
    "href_older",
    "href_near",
)
"""Columns of `describe_links`: the last six tell how many more links lead there, whether to the page or to its section,
and whether to a page of a higher or a lower number, and how near it is: portals number their stories as they come."""

_OWN = 3
"""Links that name a host from which it may be the own one of a page that does not say: some never name theirs."""


def describe_links(
    pages: Sequence[HtmlPage], page: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Describe the first link of each block that has one.

    Parameters
    ----------
    page
        Shape (n_blocks,): number of each block's page.

    Returns
    -------
    linked : array of shape (n_linked,)
        The numbers of these blocks, rising.
    columns : array of shape (n_linked, len(NAMES)), float32
    words, blocks : arrays of shape (n_words,)
        Hashes of the words of the addresses, those of the page's own host left out, and the number of each one's block.
    """
    targets = list(chain.from_iterable(page.targets for page in pages))
    linked = np.flatnonzero(np.fromiter(map(len, targets), np.int64, len(targets)))
    numbers, hosts, sites, ids, words, roles, bounds = _address.take_apart([targets[i] for i in linked.tolist()])
    whose = page[linked]
    own = _address.take_apart([page.address for page in pages])
    own_host, own_site = (found[whose] for found in _own_hosts(own[1], own[2], hosts, sites, whose))
    named = hosts != 0
    external, other = named & (sites != own_site), named & (hosts != own_host)
    plain = [targets[i].rstrip(b"/") for i in linked.tolist()]
    mine = [page.address.rstrip(b"/") for page in pages]
    section = _sections(words, roles, bounds)
    columns = np.zeros((len(linked), len(NAMES)), np.float32)
    columns[:, 0] = 1.0
    columns[:, 1], columns[:, 2] = external, other & ~external
    columns[:, 3:-6] = numbers
    counted = slice(3 + NUMBERS.index("slug"), 3 + NUMBERS.index("depth") + 1)
    columns[:, counted] = np.log1p(columns[:, counted])
    columns[:, -6] = np.log1p(count_alike(plain, whose))
    columns[:, -5] = [x == mine[i] for x, i in zip(plain, whose.tolist(), strict=True)]
    columns[:, -4] = (section != 0) & (section == _sections(*own[4:])[whose])
    columns[:, -3:] = _order(ids, own[3][whose])
    of = np.repeat(np.arange(len(linked)), np.diff(bounds))
    told = (roles != HOST) | other[of]
    return linked, columns, mixed(words[told]), linked[of[told]].astype(np.int32)


def _order(ids: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Whether a page's number is above that of the page that links to it, or below, and how near: shape (n, 3)."""
    mine, theirs = own.astype(np.float64), ids.astype(np.float64)
    known = (own > 0) & (theirs * 10 > mine) & (mine * 10 > theirs)
    apart = np.where(known, (theirs - mine) / np.maximum(mine, 1.0), 0.0)
    near = np.clip(-np.log10(np.abs(apart) + 1e-9), 0.0, 9.0) / 9
    return np.stack([apart > 0, apart < 0, near * (apart != 0)], axis=1)


def _sections(words: np.ndarray, roles: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """The first part of each address's path, shape (n,): a hash; 0 for none, and for one made of a headline."""
    out = np.zeros(len(bounds) - 1, np.uint64)
    of = np.repeat(np.arange(len(out)), np.diff(bounds))
    np.add.at(out, of[roles == FIRST], words[roles == FIRST])
    return out


def _own_hosts(
    own_host: np.ndarray, own_site: np.ndarray, hosts: np.ndarray, sites: np.ndarray, page: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Host and site of each page, shape (n_pages,): as it says, or those that most of its links name; 0 for none."""
    order = np.lexsort((hosts, page))
    order = order[hosts[order] != 0]
    if len(order):
        first = np.ones(len(order), bool)
        first[1:] = (hosts[order][1:] != hosts[order][:-1]) | (page[order][1:] != page[order][:-1])
        start = np.flatnonzero(first)
        count = np.diff(np.append(start, len(order)))
        where = page[order][start]
        rising = np.argsort(count, kind="stable")
        rising = rising[(count[rising] >= _OWN) & (own_host[where[rising]] == 0)]
        best = order[start][rising]
        own_host[where[rising]], own_site[where[rising]] = hosts[best], sites[best]
    return own_host, own_site
