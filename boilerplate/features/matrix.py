"""The feature matrix of pages of HTML: the rows of blocks, made a stretch at a time.

All features of a block are functions of a few arrays over the blocks and
elements around it. Keeping those and making the rows when they are used keeps
the memory of a long page small, and what is at work in the processor's cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from boilerplate.features import links, position
from boilerplate.features.arrays import unpack
from boilerplate.features.containers import Containers
from boilerplate.features.wording import NAMES as WORDING
from boilerplate.lexicon.markup import markup_kinds
from boilerplate.lexicon.tables import HEADING_KINDS
from boilerplate.segment.tags import CODES

_TAG_GROUPS = (
    ("p",),
    ("div",),
    ("li",),
    ("td", "th"),
    ("h1",),
    ("h2",),
    ("h3",),
    ("h4", "h5", "h6"),
    ("span", "font"),
    ("a",),
    ("strong", "b"),
    ("em", "i"),
    ("figcaption", "caption"),
    ("time",),
    ("button", "label", "select", "option"),
)
_PATH_GROUPS = (
    ("ul", "ol"),
    ("table", "tbody", "tr"),
    ("header",),
    ("footer",),
    ("nav", "menu"),
    ("aside",),
    ("main",),
    ("article",),
    ("form", "select", "button"),
    ("figure",),
    ("blockquote",),
    ("section",),
    ("dl", "dt", "dd"),
    ("p",),
)


def _code_table(groups: tuple[tuple[str, ...], ...]) -> np.ndarray:
    table = np.zeros(len(CODES) + 1, np.int64)
    for k, group in enumerate(groups):
        for tag in group:
            table[CODES[tag]] = 1 << k
    return table


TAG_BITS, PATH_BITS = _code_table(_TAG_GROUPS), _code_table(_PATH_GROUPS)


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Names of the columns of the matrix, in order."""
    kinds = markup_kinds()
    out = list(WORDING)
    out += ["link_share", "log_links", "strong_share", "heading_level", "in_heading", "log_depth", "log_again"]
    out += [f"tag_{g[0]}" for g in _TAG_GROUPS] + [f"own_{g[0]}" for g in _TAG_GROUPS]
    out += [f"in_{g[0]}" for g in _PATH_GROUPS]
    for where in ("own", "near", "mid", "path"):
        out += [f"{where}_{k}" for k in kinds]
    out += ["repeats0", "ordinal0", "repeats1", "ordinal1", "repeats2"]
    for heading in ("gov", "outer", "last"):
        out += [f"{heading}_{part}_{k}" for part in ("head", "word") for k in HEADING_KINDS]
        out += [f"{heading}_distance", f"{heading}_strength", f"{heading}_level"]
    out += ["strength"]
    out += [*position.NAMES, *links.NAMES]
    for shift in ("prev2", "prev", "next", "next2"):
        out += [f"{shift}_{c}" for c in NEIGHBOUR]
    return tuple(out)


NEIGHBOUR = (
    "log_words",
    "link_share",
    "ends_sentence",
    "strength",
    "paragraph",
    "heading_level",
    "ago",
    "date",
    "verb_lead",
    "rank",
    "gap",
)

LEXICON = slice(WORDING.index("head_related"), WORDING.index("head_related") + 2 * len(HEADING_KINDS))
"""The columns of the wording that say what a heading announces."""


@dataclass(slots=True)
class FeatureMatrix:
    """What the rows are made of: arrays with an entry a block in the last axis.

    Attributes
    ----------
    W
        Wording, shape (n_blocks, len(wording.NAMES)).
    own
        Link share, logarithm of links, share of strong text, level of heading, whether it is one, logarithms of
        the depth and of how many blocks of the page have the same text.
    tags
        Bits of the tags of the block-level element, of the first element, and of the path.
    masks
        Bits of what the markup announces: own element, near, further out, whole path.
    containers
        The containers around the blocks.
    headings
        The governing heading, the one that governs that, the last of a list: block numbers, -1 for none.
    strength
        See `sections.Headings`.
    position
        See `position.describe_position`: shape (n_blocks, len(position.NAMES)).
    href
        Numbers of the blocks with links, and their columns: see `links.describe_links`.
    around
        What neighbours see of a block (`NEIGHBOUR`), and two rows of zeros before and behind.
    begin, finish
        First block of the block's page, and the one after its last.
    """

    W: np.ndarray
    own: np.ndarray
    tags: tuple[np.ndarray, ...]
    masks: tuple[np.ndarray, ...]
    containers: Containers
    headings: tuple[np.ndarray, ...]
    strength: np.ndarray
    position: np.ndarray
    href: tuple[np.ndarray, np.ndarray]
    around: np.ndarray
    begin: np.ndarray
    finish: np.ndarray

    def rows(self, low: int, high: int) -> np.ndarray:
        """Make the rows of some blocks: shape (high - low, len(names())), float32."""
        part = slice(low, high)
        index = np.arange(low, min(high, len(self.W)))
        chain = self.containers.chain[:, part]
        parts = [self.W[part], self.own[:, part].T]
        widths = (len(_TAG_GROUPS), len(_TAG_GROUPS), len(_PATH_GROUPS))
        parts += [unpack(bits[part], width) for bits, width in zip(self.tags, widths, strict=True)]
        parts += [unpack(mask[part], len(markup_kinds())) for mask in self.masks]
        rep, order = self.containers.repeats, self.containers.ordinal
        item1, item2 = self._child_towards(chain[0], chain[1]), self._child_towards(chain[1], chain[2])
        parts.append(np.log1p(np.stack([rep[chain[0]], order[chain[0]], rep[item1], order[item1], rep[item2]], 1)))
        parts += [self._heading(heading[part], index) for heading in self.headings]
        parts += [self.strength[part, None], self.position[part], self._links(low, low + len(index))]
        for shift in (-2, -1, 1, 2):
            there = (index + shift >= self.begin[part]) & (index + shift < self.finish[part])
            parts.append(self.around[low + 2 + shift : low + 2 + shift + len(index)] * there[:, None])
        return np.concatenate(parts, 1, dtype=np.float32)

    def _links(self, low: int, high: int) -> np.ndarray:
        """The columns of links of some blocks; zeros for those without."""
        linked, columns = self.href
        out = np.zeros((high - low, columns.shape[1]), np.float32)
        start, end = np.searchsorted(linked, (low, high))
        out[linked[start:end] - low] = columns[start:end]
        return out

    def _child_towards(self, below: np.ndarray, container: np.ndarray) -> np.ndarray:
        """The child of a container that the block lies in, given the next smaller container: its record there."""
        top = self.containers.top[below]
        return np.where(self.containers.parent[top] == container, top, below)

    def _heading(self, heading: np.ndarray, index: np.ndarray) -> np.ndarray:
        has = heading >= 0
        at = np.maximum(heading, 0)
        said = self.W[:, LEXICON][at] * has[:, None]
        where = np.stack(
            [np.log1p(index - at) * has, self.strength[at] * has, self.own[3, at] * has],
            1,
            dtype=np.float32,
            casting="same_kind",
        )
        return np.concatenate([said, where], 1)
