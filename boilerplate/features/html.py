"""Describe the blocks of pages: one row of numbers a block."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from boilerplate.features import position, sections, wording
from boilerplate.features.arrays import count_alike, last_before
from boilerplate.features.batch import Batch, along_path, depths, make_batch
from boilerplate.features.containers import find_containers
from boilerplate.features.links import describe_links
from boilerplate.features.lookup import Lexicon, is_stopword, lexicon
from boilerplate.features.matrix import LEXICON, PATH_BITS, TAG_BITS, FeatureMatrix, names
from boilerplate.features.page_features import N_CONTAINERS, PageFeatures
from boilerplate.features.tokenizer import chunks, tokenize
from boilerplate.features.tokens import ClassNames, Tokens, number_names, word_tokens
from boilerplate.lexicon.markup import Markup, markup_kinds
from boilerplate.lexicon.tables import HEADING_KINDS, HeadingRows
from boilerplate.segment.page import HtmlPage

__all__ = ["Describer", "names"]

_NOWHERE = np.zeros((3, 0), np.int64), np.zeros((5, 0), np.int64), np.zeros(0, np.uint64), np.zeros(0, np.int64)


class Describer:
    """Turn segmented pages into rows of features.

    Holds a cache of the class names that it has looked up, so keep one for
    many pages; threads may share it.

    Parameters
    ----------
    extra
        Rows of headings beyond the shipped ones.
    """

    def __init__(self, extra: HeadingRows = ()) -> None:
        self._markup = Markup()
        self._names = ClassNames()
        self._lexicon = lexicon(extra)

    def describe(self, page: HtmlPage) -> PageFeatures:
        """Describe the blocks of a page."""
        return self.describe_many([page])

    def describe_many(self, pages: Sequence[HtmlPage]) -> PageFeatures:
        """Describe the blocks of several pages together; `PageFeatures.X` has the columns of `names`."""
        batch = make_batch(pages)
        n = len(batch)
        if n == 0:
            return _no_features()
        W, words_of, hashes, tokens_of = _word_by_word(batch, self._lexicon)
        col = {name: W[:, i] for i, name in enumerate(wording.NAMES)}
        kinds = len(HEADING_KINDS)
        lex = W[:, LEXICON]
        col["any_head"], col["any_word"] = lex[:, :kinds].sum(1), lex[:, kinds:].sum(1)

        chars = np.fromiter(map(len, batch.texts), np.float64, n)
        link_chars = batch.blocks(lambda page: page.link_chars)
        link_share = link_chars / chars
        words = np.expm1(col["log_words"]).astype(np.float64)
        stops = np.expm1(col["log_stops"]).astype(np.float64)
        first_el, block_el = batch.first_el, batch.block_el

        # --- elements around the block
        named, names_of = number_names(list(chain.from_iterable(page.attrs for page in pages)))
        masks, classes = (found[names_of] for found in self._markup.look_up([named]))
        in_level = sections.heading_tags(batch)
        containers = find_containers(batch, classes)
        up = [containers.chain[0]]
        for _ in range(5):
            up.append(_parent(batch.parents, up[-1]))
        own_mask = masks[first_el] | masks[block_el] | masks[up[0]]
        near = masks[up[1]] | masks[up[2]]
        mid = masks[up[2]] | masks[up[3]] | masks[up[4]] | masks[up[5]]
        path = along_path(batch.parents, masks)[first_el]
        path_tags = along_path(batch.parents, PATH_BITS[batch.tags])[first_el]

        # --- headings
        own_title = (own_mask >> markup_kinds().index("meta_title")) & 1
        found = sections.find_headings(batch, containers, col, own_title, in_level, link_share)
        strength, inner, outer = found.strength, found.inner, found.outer
        last = last_before(found.heads & (strength >= 3) & (lex[:, :4].sum(1) > 0), batch.begin)

        # --- position on the page
        paragraph = (words >= 12) & (link_share < 0.34) & (stops >= 2)
        overlap, topic, ahead, behind = position.overlaps(batch, words_of, hashes, chars, paragraph)
        sums = position.Sums(
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
        strong = batch.blocks(lambda page: page.strong_chars) / chars
        links = np.log1p(batch.blocks(lambda page: page.links))
        depth = np.log1p(depths(batch.parents)[block_el])
        again = np.log1p(count_alike(batch.texts, batch.page))
        linked, href, *link_words = describe_links(pages, batch.page)
        gap = np.log1p(np.minimum(containers.end[containers.chain[1]] - containers.start[containers.chain[1]], 200))
        matrix = FeatureMatrix(
            W,
            np.stack(
                [link_share, links, strong, in_level, in_level > 0, depth, again], dtype=np.float32, casting="same_kind"
            ),
            (TAG_BITS[batch.tags[block_el]], TAG_BITS[batch.tags[first_el]], path_tags),
            (own_mask, near, mid, path),
            containers,
            (inner, outer, last),
            strength,
            position.describe_position(batch, containers, sums),
            (linked, href),
            _seen_by_neighbours(col, link_share, strength, paragraph, in_level, gap),
            batch.begin,
            batch.finish,
        )
        index = np.arange(n)
        around_it = containers.chain[1 : N_CONTAINERS + 1]
        starts, ends = np.minimum(containers.start[around_it], index), np.maximum(containers.end[around_it], index + 1)
        tokens = Tokens(
            *tokens_of,
            *self._names.look_up(named),
            names_of,
            batch.parents,
            np.stack([up[0], first_el, block_el], dtype=np.int32, casting="same_kind"),
            np.stack(up[1:], dtype=np.int32, casting="same_kind"),
            *link_words,
        )
        return PageFeatures(matrix.rows, starts, ends, inner, words, batch.page, tokens)


def _no_features() -> PageFeatures:
    """The features of no block."""
    none = np.zeros(0, np.int64)
    no_containers = np.zeros((N_CONTAINERS, 0), np.int64)
    tokens = Tokens(none.astype(np.uint64), none, none.astype(np.uint64), none, none, none, *_NOWHERE)
    return PageFeatures(np.zeros((0, len(names())), np.float32), no_containers, no_containers, none, none, none, tokens)


def _seen_by_neighbours(
    col: dict[str, np.ndarray],
    link_share: np.ndarray,
    strength: np.ndarray,
    paragraph: np.ndarray,
    heading_level: np.ndarray,
    gap: np.ndarray,
) -> np.ndarray:
    """What neighbours see of each block (`matrix.NEIGHBOUR`), and two rows of zeros before and behind."""
    columns = [
        col["log_words"],
        link_share,
        col["ends_sentence"],
        strength,
        paragraph,
        heading_level,
        *(col[name] for name in ("ago", "date", "verb_lead", "rank")),
        gap,
    ]
    return np.pad(np.stack(columns, 1, dtype=np.float32, casting="same_kind"), ((2, 2), (0, 0)))


def _word_by_word(
    batch: Batch, known: Lexicon
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
    texts = batch.texts + [page.title or "-" for page in batch.pages]
    W = np.empty((len(texts), len(wording.NAMES)), np.float32)
    of, hashes = [], []
    looked_up, blocks = [], []
    for stretch in chunks(texts):
        tokenized = tokenize(texts[stretch])
        bits = known.bits(tokenized.hashes)
        W[stretch] = wording.describe(texts[stretch], tokenized, bits, known)
        content = (tokenized.lengths >= 4) & ~is_stopword(bits)
        of.append(tokenized.text[content] + stretch.start)
        hashes.append(tokenized.hashes[content])
        found, texts_of = word_tokens(tokenized.hashes, tokenized.text, tokenized.bounds)
        texts_of += stretch.start
        if stretch.stop > len(batch):  # without the titles
            found, texts_of = found[texts_of < len(batch)], texts_of[texts_of < len(batch)]
        looked_up.append(found)
        blocks.append(texts_of.astype(np.int32))
    tokens, block = np.concatenate(looked_up), np.concatenate(blocks)
    return W[: len(batch)], np.concatenate(of), np.concatenate(hashes), (tokens, block)


def _parent(parents: np.ndarray, elements: np.ndarray) -> np.ndarray:
    """The parents of elements; a root is its own."""
    above = parents[elements]
    return np.where(above < 0, elements, above)
