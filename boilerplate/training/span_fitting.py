"""Training the span finder: its tables of evidence, its network of borders, its network of pieces.

Nothing is told of a text by what learned from its portal: evidence and
probabilities that a later stage learns from come from models that saw other
folds of portals only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from boilerplate.features.neighbours import NeighbourFeatures
from boilerplate.features.page_features import PageFeatures
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.model.evidence import Table
from boilerplate.model.network import Layers, Network, SpanModel
from boilerplate.progress import NO_PROGRESS, Progress
from boilerplate.spans.borders import (
    Words,
    candidates,
    describe_gaps,
    describe_words,
    edge_keys,
    opener_keys,
)
from boilerplate.spans.pieces import cut, describe_pieces
from boilerplate.spans.signs import suspicious
from boilerplate.spans.tokens import MOST_CHARS, tokenise
from boilerplate.training.evidence import Counts, learn
from boilerplate.training.folds import deal_folds
from boilerplate.training.perceptron import fit_layers
from boilerplate.training.span_datasets import SpanText
from boilerplate.training.targets import MASKED

BODY = INDEX[Label.BODY]
BORDER_EPOCHS, PIECE_EPOCHS = 8, 8
BORDER_HIDDEN, PIECE_HIDDEN = 48, 48
DECAY = 0.1
FOLDS = 3
STEPS = (FOLDS + 1) * BORDER_EPOCHS + (FOLDS + 1 + 2) * PIECE_EPOCHS
"""Number of times that `fit_spans` advances its progress."""

_BODY_WEIGHT = 1.5
"""Of a piece of the story, in training: its loss weighs more than noise that stays."""


@dataclass(slots=True)
class _Batch:
    """Texts of one fold, tokenised together."""

    words: Words
    texts: list[int]
    fold: int
    gap: np.ndarray
    border: np.ndarray
    opens: np.ndarray
    gold: np.ndarray
    portal: np.ndarray
    weight: np.ndarray


def fit_spans(
    span_texts: Sequence[SpanText], family: dict[str, str] | None = None, progress: Progress = NO_PROGRESS
) -> SpanModel:
    """Learn to find noise in texts.

    Parameters
    ----------
    span_texts
        The texts.
    family
        Name of the family of portals, where it has one: families are never split between folds.
    progress
        Advanced `STEPS` times.
    """
    texts, portals = [], []
    for text in span_texts:  # as when cleaning, only what has a sign of noise is looked into
        some = suspicious(text.glued.texts, range(len(text.glued.texts)))
        if some:
            texts.append(text.glued.part([i for i, _ in some]))
            portals.append(text.portal)
    groups = [(family or {}).get(portal, portal) for portal in portals]
    fold_of = dict(zip(groups, deal_folds(groups, FOLDS).tolist(), strict=True))
    numbers = {name: k for k, name in enumerate(dict.fromkeys(portals))}
    share = {name: list(portals).count(name) ** -0.5 for name in numbers}
    batches = list(_batches(texts, portals, groups, fold_of, numbers, share))
    fold = np.zeros(len(numbers), np.int64)
    for portal, group in zip(portals, groups, strict=True):
        fold[numbers[portal]] = fold_of[group]
    openers, edges = _opener_counts(batches, fold), _edge_counts(batches, fold)
    tables = [(openers.table(k), edges.table(k)) for k in (*range(FOLDS), None)]
    borders, whole = _fit_borders(batches, tables, progress)
    described, golds, labels = [], [], []
    pages: list[np.ndarray] = []
    for batch in batches:
        opener_table, edge_table = tables[batch.fold]
        gaps = describe_gaps(batch.words, opener_table, edge_table)
        pieces, probability = cut(batch.words, gaps.at, gaps.hard, borders[batch.fold].proba(gaps.X)[:, 1])
        described.append(describe_pieces(batch.words, pieces, probability, opener_table))
        golds.append(_piece_gold(batch, pieces.first, pieces.last))
        labels.append(np.full(len(pieces), batch.fold))
        pages.append(np.array(batch.texts)[pieces.page])
    network = _fit_pieces(described, golds, labels, pages, portals, numbers, share, progress)
    return SpanModel(whole, *tables[FOLDS], network)


def _batches(texts, portals, groups, fold_of, numbers, share):  # type: ignore[no-untyped-def]
    order = sorted(range(len(texts)), key=lambda i: fold_of[groups[i]])
    some: list[int] = []
    size = 0
    for i in [*order, -1]:
        length = sum(map(len, texts[i].texts)) if i >= 0 else 0
        if some and (i < 0 or size + length > MOST_CHARS or fold_of[groups[i]] != fold_of[groups[some[0]]]):
            yield _batch(
                [texts[j] for j in some], some, [portals[j] for j in some], fold_of[groups[some[0]]], numbers, share
            )
            some, size = [], 0
        if i >= 0 and length <= MOST_CHARS:
            some.append(i)
            size += length


def _batch(texts, which, portals, fold, numbers, share) -> _Batch:  # type: ignore[no-untyped-def]
    lines = [line for text in texts for line in text.texts]
    page = np.repeat(np.arange(len(texts)), [len(text.texts) for text in texts])
    tokens = tokenise(lines)
    words = describe_words(tokens, page)
    labels = np.concatenate([labels for text in texts for labels in text.labels])
    sizes = np.array([len(line) for line in lines])
    origin = (np.cumsum(sizes) - sizes)[tokens.block]
    gold = labels[tokens.start + origin].astype(np.int64)
    borders = np.zeros(len(labels) + 1, bool)
    at = 0
    for text in texts:
        for line, starts in zip(text.texts, text.borders, strict=True):
            borders[[at + start for start in starts]] = True
            at += len(line)
    begins = borders[tokens.start + origin]
    begins[1:] |= gold[1:] != gold[:-1]
    gap, _ = candidates(tokens)
    return _Batch(
        words,
        list(which),
        fold,
        gap,
        begins[gap],
        np.where(begins[gap], gold[gap], BODY),
        gold,
        np.array([numbers[portal] for portal in portals])[page],
        np.array([share[portal] for portal in portals])[page],
    )


def _counts(batches: Sequence[_Batch], keys, golds, fold: np.ndarray) -> Counts:  # type: ignore[no-untyped-def]
    hashes, of, gold, portal = [], [], [], []
    n = 0
    for batch in batches:
        for found in keys(batch.words.tokens, batch.gap):
            hashes.append(found)
            of.append(np.arange(len(found)) + n)
        gold.append(golds(batch))
        portal.append(batch.portal[batch.words.tokens.block[batch.gap]])
        n += len(batch.gap)
    return Counts(*(np.concatenate(x) for x in (hashes, of, gold, portal)), fold)


def _opener_counts(batches: Sequence[_Batch], fold: np.ndarray) -> Counts:
    return _counts(batches, opener_keys, lambda batch: batch.opens, fold)


def _edge_counts(batches: Sequence[_Batch], fold: np.ndarray) -> Counts:
    return _counts(batches, edge_keys, lambda batch: batch.border.astype(np.int64), fold)


def _fit_borders(
    batches: Sequence[_Batch], tables: Sequence[tuple[Table, Table]], progress: Progress
) -> tuple[list[Layers], Layers]:
    """Networks of borders: for each fold one that saw the others, and one that saw all."""
    rows, gold, weight, fold = [], [], [], []
    for batch in batches:
        gaps = describe_gaps(batch.words, *tables[batch.fold])
        # What ends a sentence is cut in any case; a share of it is enough to learn from.
        some = ~gaps.hard | (np.arange(len(gaps.at)) % 4 == 0)
        rows.append(gaps.X[some])
        gold.append(batch.border[some])
        weight.append(batch.weight[batch.words.tokens.block[gaps.at[some]]])
        fold.append(np.full(int(some.sum()), batch.fold))
    X, y, w, f = (np.concatenate(x) for x in (rows, gold, weight, fold))
    allowed = np.stack([~y, y], axis=1)
    common = {"hidden": BORDER_HIDDEN, "epochs": BORDER_EPOCHS, "decay": DECAY, "progress": progress}
    out = []
    for k in range(FOLDS):
        use = (f != k) if (f != k).any() else np.ones(len(f), bool)
        out.append(fit_layers(X[use], allowed[use], w[use], seeds=(0,), **common))
    return out, fit_layers(X, allowed, w, seeds=(0,), **common)


def _piece_gold(batch: _Batch, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Label of most characters of each piece; masked where too many are of another."""
    tokens = batch.words.tokens
    size = (tokens.end - tokens.start).astype(np.float64)
    sums = np.zeros((len(tokens) + 1, len(LABELS)))
    known = batch.gold >= 0
    flat = np.zeros((len(tokens), len(LABELS)))
    flat[np.flatnonzero(known), batch.gold[known]] = size[known]
    np.cumsum(flat, axis=0, out=sums[1:])
    each = sums[last] - sums[first]
    best = each.argmax(axis=1)
    clear = each.max(axis=1) > 0.65 * np.maximum(each.sum(axis=1), 1e-9)
    return np.where(clear & (each.sum(axis=1) > 0), best, MASKED)


def _fit_pieces(described, golds, folds, pages, portals, numbers, share, progress) -> Network:  # type: ignore[no-untyped-def]
    all_pieces = PageFeatures.concatenate(described)
    # `concatenate` numbers its parts; pages are numbered by text.
    page = np.concatenate(pages)
    number = np.cumsum(np.concatenate([[0], page[1:] != page[:-1]]))
    all_pieces.page = number
    gold, fold = np.concatenate(golds), np.concatenate(folds)
    groups = [portals[i] for i in page[np.flatnonzero(np.diff(number, prepend=-1))]]
    weight = (np.sqrt(all_pieces.words) + 0.5) * np.array([share[p] for p in groups])[number]
    weight[gold == BODY] *= _BODY_WEIGHT
    use = gold != MASKED
    allowed = np.zeros((len(gold), len(LABELS)), bool)
    allowed[np.flatnonzero(use), gold[use]] = True
    evidence, told = learn(all_pieces.tokens, all_pieces.heading, gold, groups, number, fold)
    X = np.concatenate([all_pieces.X, told], axis=1)
    common = {"hidden": PIECE_HIDDEN, "epochs": PIECE_EPOCHS, "decay": DECAY, "progress": progress}
    guess = np.zeros(allowed.shape, np.float32)
    for k in range(FOLDS):
        train, held = use & (fold != k), fold == k
        if not held.any() or not train.any():
            train = use
        guess[held] = fit_layers(X[train], allowed[train], weight[train], seeds=(0,), **common).proba(X[held])
    first = fit_layers(X[use], allowed[use], weight[use], seeds=(0,), **common)
    both = np.concatenate([X, NeighbourFeatures(guess, all_pieces).rows(0, len(all_pieces))], axis=1)[use]
    second = fit_layers(both, allowed[use], weight[use], seeds=(0, 1), **common)
    return Network(first, second, evidence=evidence)
