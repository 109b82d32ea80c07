"""Pages concatenated: their lists as arrays, so that features are computed for many pages at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from boilerplate.segment.page import HtmlPage, Numbers, Page

MOST_BLOCKS = 2**12
"""Blocks that are described at once: describing takes up to four kilobytes for each."""


@dataclass(slots=True)
class Batch:
    """Blocks and elements of several pages, numbered through.

    Attributes
    ----------
    pages
        The pages.
    texts
        Text of each block.
    bounds
        Shape (n_pages + 1,): the blocks of page `i` are ``bounds[i]:bounds[i + 1]``.
    page, begin, finish
        Shape (n_blocks,): number of the block's page, the page's first block, and the one after its last.
    block_el, first_el
        Shape (n_blocks,): numbers of elements, as in `HtmlPage`.
    roots
        Shape (n_pages + 1,): the elements of page `i` are ``roots[i]:roots[i + 1]``.
    tags, parents, starts, ends
        Shape (n_elements,), as in `HtmlPage`; a root's parent is -1.
    """

    pages: Sequence[HtmlPage]
    texts: list[str]
    bounds: np.ndarray
    page: np.ndarray
    begin: np.ndarray
    finish: np.ndarray
    block_el: np.ndarray
    first_el: np.ndarray
    roots: np.ndarray
    tags: np.ndarray
    parents: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    def __len__(self) -> int:
        """Number of blocks."""
        return len(self.texts)

    def blocks(self, values: Callable[[HtmlPage], Numbers]) -> np.ndarray:
        """Put one of the pages' arrays of blocks together."""
        return _join(map(values, self.pages))


def _join(arrays: Iterable[Numbers]) -> np.ndarray:
    return np.concatenate([np.frombuffer(numbers, np.int64) for numbers in arrays])


def make_batch(pages: Sequence[HtmlPage]) -> Batch:
    """Concatenate pages of HTML."""
    n_blocks = np.array([len(page) for page in pages], np.int64)
    n_elements = np.array([len(page.tags) for page in pages], np.int64)
    bounds, roots = (np.concatenate([[0], np.cumsum(sizes)]) for sizes in (n_blocks, n_elements))
    first_element, first_block = np.repeat(roots[:-1], n_elements), np.repeat(bounds[:-1], n_elements)
    page = np.repeat(np.arange(len(pages)), n_blocks)
    parents = _join(p.parents for p in pages)
    to_element = roots[page]
    return Batch(
        pages,
        list(chain.from_iterable(p.texts for p in pages)),
        bounds,
        page,
        bounds[page],
        bounds[page + 1],
        _join(p.block_el for p in pages) + to_element,
        _join(p.first_el for p in pages) + to_element,
        roots,
        _join(p.tags for p in pages),
        np.where(parents >= 0, parents + first_element, -1),
        _join(p.starts for p in pages) + first_block,
        # The run of text that an inline element ends in may come to nothing.
        np.minimum(_join(p.ends for p in pages) + first_block, np.repeat(bounds[1:], n_elements)),
    )


def split_into_batches(pages: Sequence[Page]) -> Iterator[list[Page]]:
    """Part pages into batches of up to `MOST_BLOCKS` blocks; a longer page of HTML stands alone.

    A longer text is cut into pieces (see `TextPage.pieces`).
    """
    batch: list[Page] = []
    size = 0
    for page in chain.from_iterable(page.pieces(MOST_BLOCKS) for page in pages):
        if batch and size + len(page) > MOST_BLOCKS:
            yield batch
            batch, size = [], 0
        batch.append(page)
        size += len(page)
    if batch:
        yield batch


def accumulate_down(parents: np.ndarray, values: np.ndarray, combine: np.ufunc) -> np.ndarray:
    """Combine each element's values (rows, with a neutral 0) with those of all its ancestors.

    Pointers are doubled, so the cost grows with the logarithm of the depth.
    """
    out = np.concatenate([values, np.zeros_like(values, shape=(1, *values.shape[1:]))])
    above = np.append(np.where(parents >= 0, parents, len(parents)), len(parents))
    while (above < len(parents)).any():
        combine(out, out[above], out=out)
        above = above[above]
    return out[:-1]


def along_path(parents: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Combine (bitwise or) each element's value with those of all its ancestors."""
    return accumulate_down(parents, values, np.bitwise_or)


def depths(parents: np.ndarray) -> np.ndarray:
    """Count each element's ancestors."""
    return accumulate_down(parents, (parents >= 0).astype(np.int64), np.add)
