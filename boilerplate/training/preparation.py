"""Labelled pages made ready to learn from and to measure on."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from boilerplate.features.context import Described
from boilerplate.features.lexicon import Rows, headings
from boilerplate.kinds import PageDescriber, describer
from boilerplate.labels import INDEX, Label
from boilerplate.segment.html import segment
from boilerplate.segment.page import HTML, TEXT
from boilerplate.segment.text import segment_text
from boilerplate.training.datasets import Example, count_words, load, node_labels
from boilerplate.training.estimator import MASKED, NOT_BODY
from boilerplate.training.rendering import texts_of
from boilerplate.training.text_datasets import line_words
from boilerplate.training.variation import SHARE, vary
from boilerplate.workers.pool import map_batches

BODY = INDEX[Label.BODY]
_WORD = re.compile(r"\w+")

VARIANTS = 3
"""Renderings of each page that the line model learns from."""


@dataclass(slots=True)
class Prepared:
    """A labelled page: its described blocks and what is known of them.

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
    described: Described
    gold: np.ndarray
    words: np.ndarray | None
    texts: list[str]
    body: str
    title: str = ""
    varied: bool = False

    @property
    def portal(self) -> str:
        return self.example.portal


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
    ours, theirs = shingles(text), shingles(gold)
    if not ours and not theirs:
        return 1.0, 1.0, 1.0
    both = sum((ours & theirs).values())
    precision = both / max(sum(ours.values()), 1)
    recall = both / max(sum(theirs.values()), 1)
    f1 = 2 * precision * recall / (precision + recall) if both else 0.0
    return precision, recall, f1


def prepare(example: Example, describer: PageDescriber, *, varied: bool = False) -> Prepared:
    """Read, segment, describe and label one page; if `varied`, changed in a way that leaves its story as it is.

    Raises
    ------
    DatasetError
        If the page or its regions do not read.
    """
    page, root = load(example)
    if example.regions is not None:
        label_of = node_labels(example, root)
        if varied:
            vary(root, random.Random(f"vary {example.name}"))
            page = segment(root, nodes=True)
        words = count_words(page, label_of)
        gold = np.where(words.sum(axis=1) > 0, words.argmax(axis=1), MASKED)
        # Blocks that straddle body and noise are rare: the oracle reaches 0.9999 of tokens.
        mostly = words[:, BODY] * 2 > words.sum(axis=1)
        body = "\n".join(page.texts[i] for i in np.flatnonzero(mostly))
        return Prepared(example, describer.describe(page), gold, words, page.texts, body, page.title, varied)
    described = describer.describe(page)
    if example.index:
        return Prepared(example, described, np.full(len(page), NOT_BODY), None, page.texts, "", page.title)
    gold = align(page.texts, example.body or "")
    return Prepared(example, described, gold, None, page.texts, example.body or "", page.title)


def prepare_texts(
    example: Example, describer: PageDescriber, lexicon: Rows = (), variants: int = VARIANTS
) -> Iterator[Prepared]:
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
            yield Prepared(example, described, np.full(len(page), NOT_BODY), None, page.texts, "")
            continue
        words = line_words(lines, page)
        gold = np.where(words.sum(axis=1) > 0, words.argmax(axis=1), MASKED)
        yield Prepared(
            example, described, gold, words, page.texts, "\n".join(page.texts[i] for i in np.flatnonzero(gold == BODY))
        )


def align(texts: Sequence[str], body: str) -> np.ndarray:
    """Label blocks by a gold text of the body alone.

    A block is body where most of its shingles are the gold's, in numbers not
    yet used up; not body where few are. What lies between, and what is too
    short to tell and stands among body blocks, is masked.
    """
    gold = np.full(len(texts), NOT_BODY)
    left = shingles(body)
    whole = " ".join(_WORD.findall(body.lower()))
    short = []
    for i, text in enumerate(texts):
        words = _WORD.findall(text.lower())
        if len(words) < 4:
            if words and f" {' '.join(words)} " in f" {whole} ":
                short.append(i)
            continue
        own = shingles(text)
        both = own & left
        share = sum(both.values()) / sum(own.values())
        if share >= 0.7:
            gold[i] = BODY
            left -= both
        elif share > 0.15:
            gold[i] = MASKED
    sure = np.flatnonzero(gold == BODY)
    for i in short:
        if len(sure) and sure[0] <= i <= sure[-1] + 1:
            gold[i] = MASKED
    return gold


def prepare_page(example: Example, describer: PageDescriber, lexicon: Rows = ()) -> Iterator[Prepared]:
    """Prepare a page of HTML: `prepare`, with the signature of `prepare_texts`."""
    yield prepare(example, describer)


_PREPARE = {HTML: prepare_page, TEXT: prepare_texts}  # by kind


def _prepare_all(
    describer: PageDescriber, examples: list[Example], kind: str, lexicon: Rows, varied: bool
) -> list[Prepared]:
    pages = [page for example in examples for page in _PREPARE[kind](example, describer, lexicon)]
    if varied and kind == HTML:
        chosen = [example for example in examples if example.regions is not None and _is_chosen(example)]
        pages += [prepare(example, describer, varied=True) for example in chosen]
    return pages


def _is_chosen(example: Example) -> bool:
    return random.Random(f"choose {example.portal} {example.name}").random() < SHARE


def prepare_many(
    examples: Sequence[Example], n_jobs: int = -1, kind: str = HTML, lexicon: Rows = (), *, varied: bool = False
) -> Iterator[Prepared]:
    """Prepare pages in several processes; yields in order (for text, several for a page).

    Parameters
    ----------
    varied
        Whether some labelled pages come a second time, changed, to learn from.
    """
    chunks = [list(examples[i : i + 16]) for i in range(0, len(examples), 16)]
    for part in map_batches(
        partial(describer, kind, lexicon),
        partial(_prepare_all, kind=kind, lexicon=lexicon, varied=varied),
        chunks,
        n_jobs,
    ):
        yield from part


def portal_weights(portals: Sequence[str]) -> np.ndarray:
    """Weigh pages so that a portal counts as the square root of its pages.

    Pages of one portal repeat each other; nine sister sites with a hundred
    pages each must not drown the portal with five.
    """
    counts = Counter(portals)
    return np.array([counts[p] ** -0.5 for p in portals])
