"""Preparing labelled pages for training and evaluation: segmented, described, with gold labels of their blocks."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from boilerplate.features.page_features import PageFeatures
from boilerplate.kinds import PageDescriber, describer
from boilerplate.labels import INDEX, Label
from boilerplate.lexicon.headings import headings
from boilerplate.lexicon.tables import HeadingRows
from boilerplate.segment.html import parse, segment
from boilerplate.segment.page import HTML, TEXT
from boilerplate.segment.text import segment_text
from boilerplate.training.datasets import Example, count_words, load, node_labels
from boilerplate.training.rendering import texts_of
from boilerplate.training.targets import MASKED, NOT_BODY
from boilerplate.training.text_datasets import line_words
from boilerplate.training.variation import SHARE, Change, Draft, vary
from boilerplate.workers.pool import map_batches

BODY = INDEX[Label.BODY]
_WORD = re.compile(r"\w+")

VARIANTS = 3
"""Renderings of each page that the line model learns from."""


@dataclass(slots=True)
class LabelledPage:
    """A labelled page: the features of its blocks and their gold labels.

    Attributes
    ----------
    gold
        Shape (n_blocks,): column of the label, `NOT_BODY` or `MASKED`.
    words
        Shape (n_blocks, n_labels): words by gold label; None where only the
        body is known.
    texts
        Texts of the blocks.
    body
        Gold text of the article.
    title
        The page's own title.
    varied
        Whether the page was changed (see `variation`): it is learned from, and not measured on.
    """

    example: Example
    described: PageFeatures
    gold: np.ndarray
    words: np.ndarray | None
    texts: list[str]
    body: str
    title: str = ""
    varied: bool = False

    @property
    def portal(self) -> str:
        return self.example.portal

    @property
    def body_only(self) -> bool:
        """Whether of an article nothing but the body is known."""
        return self.words is None and not self.example.index


def shingles(text: str, n: int = 4) -> Counter[tuple[str, ...]]:
    """Count the n-grams of lower-case words of a text (all of it, if shorter)."""
    words = _WORD.findall(text.lower())
    if len(words) < n:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[i:] for i in range(n)), strict=False))


def shingle_scores(text: str, gold: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of a text's 4-gram shingles against the gold's.

    The measure of the article extraction benchmark of Lopukhin (2019). Two
    empty texts agree: 1, 1, 1.
    """
    found, expected = shingles(text), shingles(gold)
    if not found and not expected:
        return 1.0, 1.0, 1.0
    common = sum((found & expected).values())
    precision = common / max(sum(found.values()), 1)
    recall = common / max(sum(expected.values()), 1)
    f1 = 2 * precision * recall / (precision + recall) if common else 0.0
    return precision, recall, f1


def prepare(example: Example, describer: PageDescriber, change: Change | None = None) -> LabelledPage:
    """Read, segment, describe and label one page, as it is or changed.

    Parameters
    ----------
    example
        The page.
    describer
        Computes the features.
    change
        A change that leaves the story as it is (see `variation`), to a page that is labelled whole.

    Raises
    ------
    DatasetError
        If the page or its regions do not read.
    """
    page, root = load(example)
    if example.regions is not None:
        label_of = node_labels(example, root)
        words = count_words(page, label_of)
        if change is not None:
            alone = change(Draft(root, page, _mostly_body(words)), random.Random(f"vary {example.name}"))
            page = segment(root if alone is None else parse(alone), nodes=True)
            words = count_words(page, label_of if alone is None else lambda ref: BODY)
        gold = np.where(words.sum(axis=1) > 0, words.argmax(axis=1), MASKED)
        body = "\n".join(page.texts[i] for i in np.flatnonzero(_mostly_body(words)))
        return LabelledPage(
            example, describer.describe(page), gold, words, page.texts, body, page.title, change is not None
        )
    described = describer.describe(page)
    if example.index:
        return LabelledPage(example, described, np.full(len(page), NOT_BODY), None, page.texts, "", page.title)
    gold = align(page.texts, example.body or "")
    return LabelledPage(example, described, gold, None, page.texts, example.body or "", page.title)


def _mostly_body(words: np.ndarray) -> np.ndarray:
    """The blocks of the story: those that straddle body and noise are rare, the oracle reaches 0.9999 of tokens."""
    return words[:, BODY] * 2 > words.sum(axis=1)


def prepare_texts(
    example: Example, describer: PageDescriber, lexicon: HeadingRows = (), variants: int = VARIANTS
) -> Iterator[LabelledPage]:
    """Prepare the texts of an example: a labelled document's own, or several renderings of a page.

    Raises
    ------
    DatasetError
        If the document, the page or its regions do not read.
    """
    for lines in texts_of(example, variants):
        page = segment_text("\n".join(lines.texts), headings(lexicon))
        described = describer.describe(page)
        if example.index:
            yield LabelledPage(example, described, np.full(len(page), NOT_BODY), None, page.texts, "")
            continue
        words = line_words(lines, page)
        gold = np.where(words.sum(axis=1) > 0, words.argmax(axis=1), MASKED)
        yield LabelledPage(
            example, described, gold, words, page.texts, "\n".join(page.texts[i] for i in np.flatnonzero(gold == BODY))
        )


def align(texts: Sequence[str], body: str) -> np.ndarray:
    """Label blocks where the gold text of the body is all that is known.

    A block is body if most of its shingles are among those of the gold that no
    earlier block has used up, and not body if few are. Blocks in between, and
    short ones among body blocks, are masked.

    Returns
    -------
    array of shape (n_blocks,)
        Column of the body, `NOT_BODY` or `MASKED`.
    """
    gold = np.full(len(texts), NOT_BODY)
    unused = shingles(body)
    joined = " ".join(_WORD.findall(body.lower()))
    short = []
    for i, text in enumerate(texts):
        words = _WORD.findall(text.lower())
        if len(words) < 4:
            if words and f" {' '.join(words)} " in f" {joined} ":
                short.append(i)
            continue
        block = shingles(text)
        common = block & unused
        share = sum(common.values()) / sum(block.values())
        if share >= 0.7:
            gold[i] = BODY
            unused -= common
        elif share > 0.15:
            gold[i] = MASKED
    found = np.flatnonzero(gold == BODY)
    for i in short:
        if len(found) and found[0] <= i <= found[-1] + 1:
            gold[i] = MASKED
    return gold


def prepare_page(example: Example, describer: PageDescriber, lexicon: HeadingRows = ()) -> Iterator[LabelledPage]:
    """Prepare a page of HTML: `prepare`, with the signature of `prepare_texts`."""
    yield prepare(example, describer)


_PREPARE = {HTML: prepare_page, TEXT: prepare_texts}  # by kind


def _prepare_all(
    describer: PageDescriber, examples: list[Example], kind: str, lexicon: HeadingRows, varied: bool
) -> list[LabelledPage]:
    pages = [page for example in examples for page in _PREPARE[kind](example, describer, lexicon)]
    if varied and kind == HTML:
        chosen = [example for example in examples if example.regions is not None and _is_chosen(example)]
        pages += [prepare(example, describer, vary) for example in chosen]
    return pages


def _is_chosen(example: Example) -> bool:
    return random.Random(f"choose {example.portal} {example.name}").random() < SHARE


def prepare_many(
    examples: Sequence[Example], n_jobs: int = -1, kind: str = HTML, lexicon: HeadingRows = (), *, varied: bool = False
) -> Iterator[LabelledPage]:
    """Prepare pages in several processes; yields in order (for text, several for a page).

    Parameters
    ----------
    varied
        Whether some labelled pages come a second time, changed, to learn from.
    """
    chunks = [list(examples[i : i + 16]) for i in range(0, len(examples), 16)]
    for pages in map_batches(
        partial(describer, kind, lexicon),
        partial(_prepare_all, kind=kind, lexicon=lexicon, varied=varied),
        chunks,
        n_jobs,
    ):
        yield from pages


def portal_weights(portals: Sequence[str]) -> np.ndarray:
    """Weight pages so that a portal of n pages counts as the square root of n, times n / (n + 3).

    Pages of one portal resemble each other: nine sister sites of a hundred
    pages each must not outweigh a portal with five. And what is seen on one
    page alone may be a whim of it: a thousand publishers with a page each
    must not outweigh the portals either.

    Returns
    -------
    array of shape (n_pages,)
    """
    counts = Counter(portals)
    return np.array([counts[p] ** 0.5 / (counts[p] + 3) for p in portals])
