"""Describe the blocks of a page: one row of numbers a block."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from boilerplate.features import boxes as bx
from boilerplate.features import place
from boilerplate.features.context import N_BOXES, Described
from boilerplate.features.lexicon import HEADING_KINDS, markup_bits, markup_kinds, unpack
from boilerplate.features.wording import NAMES as WORDING
from boilerplate.features.wording import Wording
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
        self.wording = Wording()
        self._markup: dict[str, int] = {}

    def _markup_masks(self, attrs: list[str]) -> list[int]:
        """What each element's class and id names announce; looked up name by name."""
        known = self._markup
        if len(known) > 80_000:
            known.clear()
        masks = []
        for attr in attrs:
            mask = known.get(attr)
            if mask is None:
                mask = 0
                for name in attr.replace("#", " ").split():
                    bits = known.get(name)
                    if bits is None:
                        bits = known[name] = markup_bits(name)
                    mask |= bits
                known[attr] = mask
            masks.append(mask)
        return masks

    def describe(self, page: Page) -> Described:
        """Describe the blocks of a page; `Described.X` has the columns of `names`."""
        n = len(page)
        if n == 0:
            none = np.zeros(0, np.int64)
            boxless = np.zeros((N_BOXES, 0), np.int64)
            return Described(np.zeros((0, len(names())), np.float32), boxless, boxless, none, none, none)
        W = self.wording.rows(page.texts)
        col = {name: W[:, i] for i, name in enumerate(WORDING)}
        h0 = WORDING.index("head_related")
        k = len(HEADING_KINDS)
        head, word = W[:, h0 : h0 + k], W[:, h0 + k : h0 + 2 * k]
        col["any_head"], col["any_word"] = head.sum(1), word.sum(1)

        chars = np.array([len(t) for t in page.texts], np.float64)
        link_chars = np.array(page.link_chars, np.float64)
        link_share = link_chars / chars
        words = np.expm1(col["log_words"]).astype(np.float64)
        stops = np.expm1(col["log_stops"]).astype(np.float64)
        first_el, block_el = np.array(page.first_el), np.array(page.block_el)

        # --- elements around the block
        masks = self._markup_masks(page.attrs)
        path_masks, path_tags, depth = masks[:], [0] * len(masks), [0] * len(masks)
        mid = masks[:]
        near = masks[:]
        parents = page.parents
        tag_bits = _PATH_BITS[np.array(page.tags)].tolist()
        for i, parent in enumerate(parents):
            if parent >= 0:
                path_masks[i] |= path_masks[parent]
                path_tags[i] = tag_bits[i] | path_tags[parent]
                depth[i] = depth[parent] + 1
                near[i] = masks[i] | masks[parent]
                grand = parents[parent]
                mid[i] = near[i] if grand < 0 else near[i] | near[grand]
            else:
                path_tags[i] = tag_bits[i]
        m, nr, md, pm = (np.array(x) for x in (masks, near, mid, path_masks))
        tags = np.array(page.tags)
        width = len(markup_kinds())
        in_level = bx.heading_tags(page)
        boxes = bx.find_boxes(page)
        own_mask = m[first_el] | m[block_el] | m[boxes.chain[0]]
        par = boxes.parent
        up1 = np.maximum(par[boxes.chain[0]], 0)

        kinds = markup_kinds()
        own_title = (own_mask >> kinds.index("meta_title")) & 1
        strength = bx.heading_strength(page, boxes, col, own_title, in_level)

        # --- sums over boxes
        paragraph = (words >= 12) & (link_share < 0.34) & (stops >= 2)
        title_set = place.content_words(page.title)
        overlap, topic = place.overlaps(page.texts, paragraph, title_set, chars)
        cumulative = np.zeros((10, n + 1))
        images = np.zeros(n)
        if page.images:
            np.add.at(images, np.minimum(np.array(page.images), n - 1), 1)
        times = np.maximum(col["ago"], col["date"])
        np.cumsum(
            [chars, link_chars, words, stops, paragraph, images, times, col["rank"], topic, words * paragraph],
            axis=1, out=cumulative[:, 1:],
        )  # fmt: skip
        index = np.arange(n)
        sums = place.Sums(chars, link_chars, link_share, words, paragraph, overlap, topic, in_level)
        parts = [W]
        parts.append(
            np.stack(
                [link_share, np.log1p(page.links), np.array(page.strong_chars) / chars, in_level, in_level > 0, np.log1p(np.array(depth)[block_el])], 1
            )
        )
        parts.append(unpack(_TAG_BITS[tags[block_el]], len(_TAG_GROUPS)))
        parts.append(unpack(_TAG_BITS[tags[first_el]], len(_TAG_GROUPS)))
        parts.append(unpack(np.array(path_tags)[first_el], len(_PATH_GROUPS)))
        parts += [unpack(own_mask, width), unpack(nr[up1], width), unpack(md[np.maximum(par[up1], 0)], width), unpack(pm[first_el], width)]
        for level in range(1, bx.LEVELS + 1):
            parts.append(self._box(boxes.chain[level], boxes, cumulative, index))
        item1 = _child_towards(boxes, 1)
        item2 = _child_towards(boxes, 2)
        rep, order = boxes.repeats, boxes.ordinal
        parts.append(np.stack([np.log1p(rep[boxes.chain[0]]), np.log1p(order[boxes.chain[0]]), np.log1p(rep[item1]), np.log1p(order[item1]), np.log1p(rep[item2])], 1))

        # --- headings
        inner, outer = bx.governing(page, boxes, strength)
        last = _last_before((strength >= 3) & (head[:, :4].sum(1) > 0))
        lex = np.concatenate([head, word], 1)
        for which in (inner, outer, last):
            parts.append(_of_heading(which, lex, strength, in_level, index))
        parts.append(strength[:, None])

        parts.append(place.describe_place(page.texts, boxes, sums))
        gap = np.log1p(np.minimum(boxes.end[boxes.chain[1]] - boxes.start[boxes.chain[1]], 200))
        base = np.stack([col["log_words"], link_share, col["ends_sentence"], strength, paragraph, in_level, col["ago"], col["date"], col["verb_lead"], col["rank"], gap], 1)
        padded = np.zeros((n + 4, base.shape[1]))
        padded[2:-2] = base
        for shift in (0, 1, 3, 4):
            parts.append(padded[shift : shift + n])
        around = boxes.chain[1 : N_BOXES + 1]
        return Described(
            np.concatenate(parts, 1, dtype=np.float32),
            np.minimum(boxes.start[around], index), np.maximum(boxes.end[around], index + 1),
            inner, words, np.zeros(n, np.int64),
        )  # fmt: skip

    def describe_many(self, pages: Sequence[Page]) -> Described:
        """Describe several pages, put in a row."""
        return Described.concatenate([self.describe(page) for page in pages])

    @staticmethod
    def _box(box: np.ndarray, boxes: bx.Boxes, cumulative: np.ndarray, index: np.ndarray) -> np.ndarray:
        a, b = boxes.start[box], np.maximum(boxes.end[box], boxes.start[box] + 1)
        b = np.minimum(b, cumulative.shape[1] - 1)
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


def _last_before(flags: np.ndarray) -> np.ndarray:
    """For each block the last flagged block before it, or -1."""
    n = len(flags)
    marks = np.where(flags, np.arange(n), -1)
    out = np.full(n, -1)
    out[1:] = np.maximum.accumulate(marks)[:-1]
    return out


def _of_heading(which: np.ndarray, lex: np.ndarray, strength: np.ndarray, level: np.ndarray, index: np.ndarray) -> np.ndarray:
    has = which >= 0
    at = np.maximum(which, 0)
    return np.concatenate(
        [lex[at] * has[:, None], np.stack([np.log1p(index - at) * has, strength[at] * has, level[at] * has], 1)], 1
    )
