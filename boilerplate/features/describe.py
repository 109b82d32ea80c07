"""Describe the blocks of pages: one row of numbers a block."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from boilerplate.features import boxes as bx
from boilerplate.features import place, sections, wording
from boilerplate.features.context import N_BOXES, Described
from boilerplate.features.gather import Row, along_path, depths, put_in_row
from boilerplate.features.lexicon import HEADING_KINDS, Markup, Rows, markup_kinds
from boilerplate.features.sheet import LEXICON, PATH_BITS, TAG_BITS, Sheet, names
from boilerplate.features.tokens import ClassNames, Tokens, word_tokens
from boilerplate.features.words import chunks, spell
from boilerplate.segment.page import HtmlPage

__all__ = ["Describer", "names"]

_NOWHERE = np.zeros((3, 0), np.int64), np.zeros((5, 0), np.int64)


class Describer:
    """Turn segmented pages into rows of features.

    Holds a cache of the class names that it has looked up, so keep one for
    many pages; threads may share it.

    Parameters
    ----------
    lexicon
        Rows of headings beyond the shipped ones.
    """

    def __init__(self, lexicon: Rows = ()) -> None:
        self._markup = Markup()
        self._names = ClassNames()
        self._lexicon = wording.lexicon(lexicon)

    def describe(self, page: HtmlPage) -> Described:
        """Describe the blocks of a page."""
        return self.describe_many([page])

    def describe_many(self, pages: Sequence[HtmlPage]) -> Described:
        """Describe the blocks of several pages, put in a row; `Described.X` has the columns of `names`."""
        row = put_in_row(pages)
        n = len(row)
        if n == 0:
            none = np.zeros(0, np.int64)
            boxless = np.zeros((N_BOXES, 0), np.int64)
            tokens = Tokens(none.astype(np.uint64), none, none.astype(np.uint64), none, none, none, *_NOWHERE)
            return Described(np.zeros((0, len(names())), np.float32), boxless, boxless, none, none, none, tokens)
        W, words_of, hashes, tokens_of = _word_by_word(row, self._lexicon)
        col = {name: W[:, i] for i, name in enumerate(wording.NAMES)}
        kinds = len(HEADING_KINDS)
        lex = W[:, LEXICON]
        col["any_head"], col["any_word"] = lex[:, :kinds].sum(1), lex[:, kinds:].sum(1)

        chars = np.fromiter(map(len, row.texts), np.float64, n)
        link_chars = row.blocks(lambda page: page.link_chars)
        link_share = link_chars / chars
        words = np.expm1(col["log_words"]).astype(np.float64)
        stops = np.expm1(col["log_stops"]).astype(np.float64)
        first_el, block_el = row.first_el, row.block_el

        # --- elements around the block
        masks, classes = self._markup.look_up([page.attrs for page in pages])
        in_level = sections.heading_tags(row)
        boxes = bx.find_boxes(row, classes)
        up = [boxes.chain[0]]
        for _ in range(5):
            up.append(_parent(row.parents, up[-1]))
        own_mask = masks[first_el] | masks[block_el] | masks[up[0]]
        near = masks[up[1]] | masks[up[2]]
        mid = masks[up[2]] | masks[up[3]] | masks[up[4]] | masks[up[5]]
        path = along_path(row.parents, masks)[first_el]
        path_tags = along_path(row.parents, PATH_BITS[row.tags])[first_el]

        # --- headings
        own_title = (own_mask >> markup_kinds().index("meta_title")) & 1
        found = sections.find_headings(row, boxes, col, own_title, in_level, link_share)
        strength, inner, outer = found.strength, found.inner, found.outer
        last = _last_before(found.heads & (strength >= 3) & (lex[:, :4].sum(1) > 0), row.begin)

        # --- place on the page
        paragraph = (words >= 12) & (link_share < 0.34) & (stops >= 2)
        overlap, topic, ahead, behind = place.overlaps(row, words_of, hashes, chars, paragraph)
        sums = place.Sums(
            chars,
            link_chars,
            link_share,
            words,
            paragraph,
            overlap,
            topic,
            ahead,
            behind,
            in_level,
            paragraph & (col["dateline"] > 0),
        )
        strong = row.blocks(lambda page: page.strong_chars) / chars
        links = np.log1p(row.blocks(lambda page: page.links))
        gap = np.log1p(np.minimum(boxes.end[boxes.chain[1]] - boxes.start[boxes.chain[1]], 200))
        around = [
            col["log_words"],
            link_share,
            col["ends_sentence"],
            strength,
            paragraph,
            in_level,
            col["ago"],
            col["date"],
            col["verb_lead"],
            col["rank"],
            gap,
        ]
        sheet = Sheet(
            W,
            np.stack([link_share, links, strong, in_level, in_level > 0, np.log1p(depths(row.parents)[block_el])]),
            (TAG_BITS[row.tags[block_el]], TAG_BITS[row.tags[first_el]], path_tags),
            (own_mask, near, mid, path),
            boxes,
            (inner, outer, last),
            strength,
            place.describe_place(row, boxes, sums),
            np.pad(np.stack(around, 1, dtype=np.float32, casting="same_kind"), ((2, 2), (0, 0))),
            row.begin,
            row.finish,
        )
        index = np.arange(n)
        box = boxes.chain[1 : N_BOXES + 1]
        starts, ends = np.minimum(boxes.start[box], index), np.maximum(boxes.end[box], index + 1)
        tokens = Tokens(
            *tokens_of,
            *self._names.look_up(list(chain.from_iterable(page.attrs for page in pages))),
            row.parents,
            np.stack([up[0], first_el, block_el]),
            np.stack(up[1:]),
        )
        return Described(sheet.rows, starts, ends, inner, words, row.page, tokens)


def _word_by_word(
    row: Row, lexicon: wording.Lexicon
) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Describe the wording of the blocks, and list the content words of blocks and of titles.

    Returns
    -------
    W : array of shape (n_blocks, len(wording.NAMES))
    text, hashes : arrays of shape (n_words,)
        Number of the block of each content word (the titles come after the
        blocks), and its hash. Content words have four letters or more and are
        no function words.
    tokens
        See `tokens.word_tokens`: of the blocks.
    """
    texts = row.texts + [page.title or "-" for page in row.pages]
    W = np.empty((len(texts), len(wording.NAMES)), np.float32)
    of, hashes = [], []
    looked_up, blocks = [], []
    for some in chunks(texts):
        spelt = spell(texts[some])
        bits = lexicon.bits(spelt.hashes)
        W[some] = wording.describe(texts[some], spelt, bits, lexicon)
        content = (spelt.lengths >= 4) & ~wording.is_stopword(bits)
        of.append(spelt.text[content] + some.start)
        hashes.append(spelt.hashes[content])
        found, texts_of = word_tokens(spelt)
        texts_of += some.start
        if some.stop > len(row):  # without the titles
            found, texts_of = found[texts_of < len(row)], texts_of[texts_of < len(row)]
        looked_up.append(found)
        blocks.append(texts_of.astype(np.int32))
    tokens, block = np.concatenate(looked_up), np.concatenate(blocks)
    return W[: len(row)], np.concatenate(of), np.concatenate(hashes), (tokens, block)


def _parent(parents: np.ndarray, elements: np.ndarray) -> np.ndarray:
    """The parents of elements; a root is its own."""
    above = parents[elements]
    return np.where(above < 0, elements, above)


def _last_before(flags: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """For each block the last flagged block before it on its page, or -1."""
    marks = np.where(flags, np.arange(len(flags)), -1)
    out = np.full(len(flags), -1)
    out[1:] = np.maximum.accumulate(marks)[:-1]
    return np.where(out >= begin, out, -1)
