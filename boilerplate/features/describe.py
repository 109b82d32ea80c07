"""Describe the blocks of a page: one row of numbers a block."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from boilerplate.features import boxes as bx
from boilerplate.features import place, wording
from boilerplate.features.context import N_BOXES, Described
from boilerplate.features.gather import Row, along_path, depths, put_in_row
from boilerplate.features.lexicon import HEADING_KINDS, Markup, markup_kinds, unpack
from boilerplate.features.wording import NAMES as WORDING
from boilerplate.features.words import spell
from boilerplate.segment.page import Page
from boilerplate.segment.tags import CODES

_TAG_GROUPS = (
    ("p",), ("div",), ("li",), ("td", "th"), ("h1",), ("h2",), ("h3",), ("h4", "h5", "h6"), ("span", "font"),
    ("a",), ("strong", "b"), ("em", "i"), ("figcaption", "caption"), ("time",), ("button", "label", "select", "option"),
)  # fmt: skip
_PATH_GROUPS = (
    ("ul", "ol"), ("table", "tbody", "tr"), ("header",), ("footer",), ("nav", "menu"), ("aside",), ("main",), ("article",),
    ("form", "select", "button"), ("figure",), ("blockquote",), ("section",), ("dl", "dt", "dd"), ("p",),
)  # fmt: skip


def _code_table(groups: tuple[tuple[str, ...], ...]) -> np.ndarray:
    table = np.zeros(len(CODES) + 1, np.int64)
    for k, group in enumerate(groups):
        for tag in group:
            table[CODES[tag]] = 1 << k
    return table


_TAG_BITS, _PATH_BITS = _code_table(_TAG_GROUPS), _code_table(_PATH_GROUPS)
_LEX = ("head", "word", "lead")


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Names of the columns of `describe`, in order."""
    kinds = markup_kinds()
    out = list(WORDING)
    out += ["link_share", "log_links", "strong_share", "heading_level", "in_heading", "log_depth"]
    out += [f"tag_{g[0]}" for g in _TAG_GROUPS] + [f"own_{g[0]}" for g in _TAG_GROUPS]
    out += [f"in_{g[0]}" for g in _PATH_GROUPS]
    for where in ("own", "near", "mid", "path"):
        out += [f"{where}_{k}" for k in kinds]
    for level in range(1, bx.LEVELS + 1):
        out += [f"box{level}_{what}" for what in _BOX]
    out += ["repeats0", "ordinal0", "repeats1", "ordinal1", "repeats2"]
    for which in ("gov", "outer", "last"):
        out += [f"{which}_{part}_{k}" for part in ("head", "word") for k in HEADING_KINDS]
        out += [f"{which}_distance", f"{which}_strength", f"{which}_level"]
    out += ["strength"]
    out += list(place.NAMES)
    for shift in ("prev2", "prev", "next", "next2"):
        out += [f"{shift}_{c}" for c in _NEIGHBOUR]
    return tuple(out)


_BOX = ("log_blocks", "log_chars", "link_share", "mean_words", "paragraph_share", "place", "log_images", "times", "ranks", "stop_share", "title_overlap", "log_paragraphs")
_NEIGHBOUR = ("log_words", "link_share", "ends_sentence", "strength", "paragraph", "heading_level", "ago", "date", "verb_lead", "rank", "gap")


class Describer:
    """Turn segmented pages into rows of features.

    Holds caches of what it has looked up (texts, class names), so keep one
    for many pages. Not for use by several threads at once.
    """

    def __init__(self) -> None:
        self._markup = Markup()

    def describe(self, page: Page) -> Described:
        """Describe the blocks of a page."""
        return self.describe_many([page])

    def describe_many(self, pages: Sequence[Page]) -> Described:
        """Describe the blocks of several pages, put in a row; `Described.X` has the columns of `names`."""
        row = put_in_row(pages)
        n = len(row)
        if n == 0:
            none = np.zeros(0, np.int64)
            boxless = np.zeros((N_BOXES, 0), np.int64)
            return Described(np.zeros((0, len(names())), np.float32), boxless, boxless, none, none, none)
        spelt = spell(row.texts + [page.title or "-" for page in pages])
        bits = wording.word_bits(spelt.hashes)
        own_words = spelt.only(n)
        W = wording.describe(row.texts, own_words, bits[: len(own_words.hashes)])
        col = {name: W[:, i] for i, name in enumerate(WORDING)}
        h0 = WORDING.index("head_related")
        k = len(HEADING_KINDS)
        lex = W[:, h0 : h0 + 2 * k]
        col["any_head"], col["any_word"] = lex[:, :k].sum(1), lex[:, k:].sum(1)

        chars = np.fromiter(map(len, row.texts), np.float64, n)
        link_chars = row.blocks(lambda page: page.link_chars)
        link_share = link_chars / chars
        words = np.expm1(col["log_words"]).astype(np.float64)
        stops = np.expm1(col["log_stops"]).astype(np.float64)
        first_el, block_el = row.first_el, row.block_el

        # --- elements around the block
        masks, classes = self._markup.look_up(pages)
        in_level = bx.heading_tags(row)
        boxes = bx.find_boxes(row, classes * len(_TAG_BITS) + row.tags)
        own = boxes.chain[0]
        own_mask = masks[first_el] | masks[block_el] | masks[own]
        up = [own]
        for _ in range(5):
            up.append(_parent(row.parents, up[-1]))
        near = masks[up[1]] | masks[up[2]]
        mid = masks[up[2]] | masks[up[3]] | masks[up[4]] | masks[up[5]]
        path = along_path(row.parents, masks)[first_el]
        path_tags = along_path(row.parents, _PATH_BITS[row.tags])[first_el]

        own_title = (own_mask >> markup_kinds().index("meta_title")) & 1
        strength = bx.heading_strength(boxes, col, own_title, in_level)

        # --- sums over boxes
        paragraph = (words >= 12) & (link_share < 0.34) & (stops >= 2)
        overlap, topic = place.overlaps(row, spelt, ~wording.is_stopword(bits), paragraph)
        cumulative = np.zeros((10, n + 1))
        times = np.maximum(col["ago"], col["date"])
        np.cumsum(
            [chars, link_chars, words, stops, paragraph, _images(row), times, col["rank"], topic, words * paragraph],
            axis=1, out=cumulative[:, 1:],
        )  # fmt: skip
        index = np.arange(n)
        parts = [W]
        strong = row.blocks(lambda page: page.strong_chars) / chars
        links = np.log1p(row.blocks(lambda page: page.links))
        depth = np.log1p(depths(row.parents)[block_el])
        parts.append(np.stack([link_share, links, strong, in_level, in_level > 0, depth], 1))
        parts += [unpack(_TAG_BITS[row.tags[block_el]], len(_TAG_GROUPS)), unpack(_TAG_BITS[row.tags[first_el]], len(_TAG_GROUPS))]
        parts.append(unpack(path_tags, len(_PATH_GROUPS)))
        parts += [unpack(mask, len(markup_kinds())) for mask in (own_mask, near, mid, path)]
        parts += [self._box(boxes.chain[level], boxes, cumulative, index) for level in range(1, bx.LEVELS + 1)]
        item1, item2 = _child_towards(boxes, 1), _child_towards(boxes, 2)
        rep, order = boxes.repeats, boxes.ordinal
        parts.append(np.log1p(np.stack([rep[own], order[own], rep[item1], order[item1], rep[item2]], 1)))

        # --- headings
        inner, outer = bx.governing(boxes, strength)
        last = _last_before((strength >= 3) & (lex[:, :4].sum(1) > 0) & ~bx.in_small_record(boxes), row.begin)
        parts += [_of_heading(which, lex, strength, in_level, index) for which in (inner, outer, last)]
        parts.append(strength[:, None])

        sums = place.Sums(chars, link_chars, link_share, words, paragraph, overlap, topic, in_level)
        parts.append(place.describe_place(row, boxes, sums))
        gap = np.log1p(np.minimum(boxes.end[boxes.chain[1]] - boxes.start[boxes.chain[1]], 200))
        base = np.zeros((n + 4, len(_NEIGHBOUR)), np.float32)
        base[2:-2] = np.stack([col["log_words"], link_share, col["ends_sentence"], strength, paragraph, in_level, col["ago"], col["date"], col["verb_lead"], col["rank"], gap], 1)
        for shift in (-2, -1, 1, 2):
            there = (index + shift >= row.begin) & (index + shift < row.finish)
            parts.append(base[2 + shift : 2 + shift + n] * there[:, None])
        around = boxes.chain[1 : N_BOXES + 1]
        return Described(
            np.concatenate(parts, 1, dtype=np.float32),
            np.minimum(boxes.start[around], index), np.maximum(boxes.end[around], index + 1),
            inner, words, row.page,
        )  # fmt: skip

    @staticmethod
    def _box(box: np.ndarray, boxes: bx.Boxes, cumulative: np.ndarray, index: np.ndarray) -> np.ndarray:
        a, b = boxes.start[box], np.maximum(boxes.end[box], boxes.start[box] + 1)
        total = cumulative[:, b] - cumulative[:, a]
        size = np.maximum(b - a, 1)
        chars, link_chars, words, stops, paragraphs, images, times, ranks, topic, _ = total
        return np.stack(
            [
                np.log1p(size), np.log1p(chars), link_chars / np.maximum(chars, 1), np.log1p(words / size), paragraphs / size,
                (index - a) / size, np.log1p(images), times / size, ranks / size, stops / np.maximum(words, 1), topic / size, np.log1p(paragraphs),
            ],
            1,
        )  # fmt: skip


def _child_towards(boxes: bx.Boxes, level: int) -> np.ndarray:
    """The child of the box at `level` in whose range the block lies: its record there."""
    below, box = boxes.chain[level - 1], boxes.chain[level]
    return np.where(boxes.parent[boxes.top[below]] == box, boxes.top[below], below)


def _parent(parents: np.ndarray, elements: np.ndarray) -> np.ndarray:
    """The parents of elements; a root is its own."""
    above = parents[elements]
    return np.where(above < 0, elements, above)


def _images(row: Row) -> np.ndarray:
    """Count the images before each block; those behind a page's last block are counted to it."""
    counts = np.zeros(len(row))
    for page, begin, end in zip(row.pages, row.bounds[:-1].tolist(), row.bounds[1:].tolist(), strict=True):
        if page.images and begin < end:
            counts[begin:end] = np.bincount(np.minimum(page.images, end - begin - 1), minlength=end - begin)
    return counts


def _last_before(flags: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """For each block the last flagged block before it on its page, or -1."""
    marks = np.where(flags, np.arange(len(flags)), -1)
    out = np.full(len(flags), -1)
    out[1:] = np.maximum.accumulate(marks)[:-1]
    return np.where(out >= begin, out, -1)


def _of_heading(which: np.ndarray, lex: np.ndarray, strength: np.ndarray, level: np.ndarray, index: np.ndarray) -> np.ndarray:
    has = which >= 0
    at = np.maximum(which, 0)
    return np.concatenate(
        [lex[at] * has[:, None], np.stack([np.log1p(index - at) * has, strength[at] * has, level[at] * has], 1)], 1
    )
