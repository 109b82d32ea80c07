"""Training the span finder: its tables of evidence, its network of borders, its network of pieces.

Nothing is told of a text by what learned from its portal: the evidence and the
probabilities that a later stage learns from come from what saw other folds of
portals only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from boilerplate.features.neighbours import NeighbourFeatures
from boilerplate.features.page_features import PageFeatures
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.model.evidence import Table
from boilerplate.model.network import Layers, Network, SpanModel
from boilerplate.progress import NO_PROGRESS, Progress
from boilerplate.spans.borders import Words, candidates, describe_gaps, describe_words, edge_keys, opener_keys
from boilerplate.spans.pieces import cut, describe_pieces
from boilerplate.spans.signs import suspicious
from boilerplate.spans.tokens import MOST_CHARS, Tokens, tokenise
from boilerplate.training.evidence import Counts, learn
from boilerplate.training.folds import deal_folds
from boilerplate.training.gluing import Glued
from boilerplate.training.perceptron import fit_layers
from boilerplate.training.span_datasets import SpanText
from boilerplate.training.targets import MASKED, allowed_labels

BODY = INDEX[Label.BODY]

BORDER_EPOCHS, PIECE_EPOCHS = 8, 8
BORDER_HIDDEN, PIECE_HIDDEN = 48, 48
DECAY = 0.1
FOLDS = 3
STEPS = (FOLDS + 1) * BORDER_EPOCHS + (FOLDS + 1 + 2) * PIECE_EPOCHS
"""Number of times that `fit_spans` advances its progress."""

BODY_WEIGHT = 1.5
"""Of a piece of the story, in training: its loss weighs more than noise that stays."""

_CLEAR = 0.65
"""Share of a piece's characters from which their label is the piece's."""

_Tables = tuple[Table, Table]


@dataclass(slots=True)
class _Text:
    """A text to learn from: its lines that are looked into, its portal's number and fold, and its weight."""

    glued: Glued
    portal: int
    fold: int
    weight: float

    @property
    def size(self) -> int:
        return sum(map(len, self.glued.texts))


@dataclass(slots=True)
class _Batch:
    """Texts of one fold, taken apart together.

    Attributes
    ----------
    gold
        Shape (n_tokens,): column of the label of each word's first character.
    at, border
        Shape (n_gaps,): the words that could begin something, and whether they do.
    """

    texts: list[_Text]
    words: Words
    gold: np.ndarray
    at: np.ndarray
    border: np.ndarray

    @property
    def fold(self) -> int:
        return self.texts[0].fold

    def of_words(self, values: Callable[[_Text], float]) -> np.ndarray:
        """A value of its text for each word."""
        return np.array([values(text) for text in self.texts])[self.words.page]


def fit_spans(
    span_texts: Sequence[SpanText], family: dict[str, str] | None = None, progress: Progress = NO_PROGRESS
) -> SpanModel | None:
    """Learn to find noise in texts; None where none of them could hold any.

    Parameters
    ----------
    span_texts
        The texts.
    family
        Name of the family of portals, where it has one: families are never split between folds.
    progress
        Advanced `STEPS` times.
    """
    texts, fold = _texts(span_texts, family or {})
    batches = list(_batches(texts))
    if not batches:
        return None
    openers = _counts(batches, opener_keys, _opening_labels, fold)
    edges = _counts(batches, edge_keys, lambda batch: batch.border.astype(np.int64), fold)
    used = range(int(fold.max()) + 1)  # fewer than `FOLDS` where there are few portals
    tables = [(openers.table(k), edges.table(k)) for k in used]
    tables += [(openers.table(), edges.table())] * (FOLDS + 1 - len(tables))
    *borders, whole = _fit_borders(batches, tables, progress)
    described, golds, owners = [], [], []
    for batch in batches:
        gaps = describe_gaps(batch.words, *tables[batch.fold])
        pieces, probability = cut(batch.words, gaps.at, gaps.hard, borders[batch.fold].proba(gaps.X)[:, 1])
        described.append(describe_pieces(batch.words, pieces, probability, tables[batch.fold][0]))
        golds.append(_piece_gold(batch, pieces.first, pieces.last))
        owners += [batch.texts[page] for page in pieces.page.tolist()]
    network = _fit_pieces(PageFeatures.concatenate(described), np.concatenate(golds), owners, progress)
    return SpanModel(whole, *tables[FOLDS], network)


def _texts(span_texts: Sequence[SpanText], family: dict[str, str]) -> tuple[list[_Text], np.ndarray]:
    """The texts with what is looked into when cleaning, too; and the fold of each portal."""
    looked_into = []
    for text in span_texts:
        lines = [i for i, _ in suspicious(text.glued.texts, range(len(text.glued.texts)))]
        if lines:
            looked_into.append((text.glued.part(lines), text.portal))
    portals = [portal for _, portal in looked_into]
    folds = deal_folds([family.get(portal, portal) for portal in portals], FOLDS)
    numbers = {name: k for k, name in enumerate(dict.fromkeys(portals))}
    number = np.array([numbers[portal] for portal in portals], np.int64)
    weight = np.bincount(number, minlength=len(numbers))[number] ** -0.5 if len(number) else number
    fold = np.zeros(len(numbers), np.int64)
    fold[number] = folds
    return [
        _Text(glued, int(k), int(f), float(w))
        for (glued, _), k, f, w in zip(looked_into, number, folds, weight, strict=True)
    ], fold


def _batches(texts: Sequence[_Text]) -> Iterator[_Batch]:
    some: list[_Text] = []
    size = 0
    for text in sorted(texts, key=lambda text: text.fold):
        if text.size > MOST_CHARS:
            continue
        if some and (size + text.size > MOST_CHARS or text.fold != some[0].fold):
            yield _batch(some)
            some, size = [], 0
        some.append(text)
        size += text.size
    if some:
        yield _batch(some)


def _batch(texts: list[_Text]) -> _Batch:
    lines = [line for text in texts for line in text.glued.texts]
    page = np.repeat(np.arange(len(texts)), [len(text.glued.texts) for text in texts])
    tokens = tokenise(lines)
    labels = np.concatenate([labels for text in texts for labels in text.glued.labels])
    sizes = np.array([len(line) for line in lines])
    begins = np.zeros(len(labels) + 1, bool)
    origins = np.cumsum(sizes) - sizes
    borders = [found for text in texts for found in text.glued.borders]
    for origin, found in zip(origins.tolist(), borders, strict=True):
        begins[[origin + at for at in found]] = True
    start = tokens.start + origins[tokens.block]
    gold = labels[start].astype(np.int64)
    border = begins[start]
    border[1:] |= gold[1:] != gold[:-1]
    at, _ = candidates(tokens)
    return _Batch(texts, describe_words(tokens, page), gold, at, border[at])


def _opening_labels(batch: _Batch) -> np.ndarray:
    """The label of what begins at each gap; body's where nothing does."""
    return np.where(batch.border, batch.gold[batch.at], BODY)


def _counts(
    batches: Sequence[_Batch],
    keys: Callable[[Tokens, np.ndarray], tuple[np.ndarray, np.ndarray]],
    golds: Callable[[_Batch], np.ndarray],
    fold: np.ndarray,
) -> Counts:
    """In how many portals the words at gaps come with what begins there."""
    hashes, of, gold, portal = [], [], [], []
    n = 0
    for batch in batches:
        for found in keys(batch.words.tokens, batch.at):
            hashes.append(found)
            of.append(np.arange(len(found)) + n)
        gold.append(golds(batch))
        portal.append(batch.of_words(lambda text: text.portal)[batch.at].astype(np.int64))
        n += len(batch.at)
    return Counts(np.concatenate(hashes), np.concatenate(of), np.concatenate(gold), np.concatenate(portal), fold)


def _fit_borders(batches: Sequence[_Batch], tables: Sequence[_Tables], progress: Progress) -> list[Layers]:
    """Networks of borders: for each fold one that saw the others, and one that saw all."""
    rows, golds, weights, folds = [], [], [], []
    for batch in batches:
        gaps = describe_gaps(batch.words, *tables[batch.fold])
        # What ends a sentence is cut in any case; a share of it is enough to learn from.
        some = ~gaps.hard | (np.arange(len(gaps.at)) % 4 == 0)
        rows.append(gaps.X[some])
        golds.append(batch.border[some])
        weights.append(batch.of_words(lambda text: text.weight)[gaps.at[some]])
        folds.append(np.full(int(some.sum()), batch.fold))
    X, border, weight, fold = (np.concatenate(x) for x in (rows, golds, weights, folds))
    allowed = np.stack([~border, border], axis=1)
    train = partial(fit_layers, hidden=BORDER_HIDDEN, epochs=BORDER_EPOCHS, decay=DECAY, seeds=(0,), progress=progress)
    uses = [(fold != k) if (fold != k).any() else np.ones(len(fold), bool) for k in range(FOLDS)]
    return [*(train(X[use], allowed[use], weight[use]) for use in uses), train(X, allowed, weight)]


def _piece_gold(batch: _Batch, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Label of most characters of each piece; masked where too many are of another."""
    tokens = batch.words.tokens
    known = np.flatnonzero(batch.gold >= 0)
    sums = np.zeros((len(tokens) + 1, len(LABELS)))
    sums[known + 1, batch.gold[known]] = (tokens.end - tokens.start)[known]
    np.cumsum(sums, axis=0, out=sums)
    each = sums[last] - sums[first]
    most, total = each.max(axis=1), each.sum(axis=1)
    return np.where((total > 0) & (most > _CLEAR * total), each.argmax(axis=1), MASKED)


def _fit_pieces(pieces: PageFeatures, gold: np.ndarray, owners: Sequence[_Text], progress: Progress) -> Network:
    """The network of pieces, given for each its gold label and its text."""
    number: dict[int, int] = {}
    for text in owners:
        number.setdefault(id(text), len(number))
    # `PageFeatures.concatenate` numbers batches; a page is a text.
    pieces.page = np.array([number[id(text)] for text in owners])
    portals = list({id(text): text.portal for text in owners}.values())
    fold = np.array([text.fold for text in owners])
    weight = (np.sqrt(pieces.words) + 0.5) * np.array([text.weight for text in owners])
    weight[gold == BODY] *= BODY_WEIGHT
    use = gold != MASKED
    allowed = allowed_labels(gold)
    evidence, told = learn(pieces.tokens, pieces.heading, gold, portals, pieces.page, fold)
    X = np.concatenate([pieces.X, told], axis=1)
    train = partial(fit_layers, hidden=PIECE_HIDDEN, epochs=PIECE_EPOCHS, decay=DECAY, progress=progress)
    guess = np.zeros(allowed.shape, np.float32)  # of the first pass, for pieces that it did not learn from
    for k in range(FOLDS):
        rest, held = use & (fold != k), fold == k
        rest = rest if held.any() and rest.any() else use
        guess[held] = train(X[rest], allowed[rest], weight[rest], seeds=(0,)).proba(X[held])
    first = train(X[use], allowed[use], weight[use], seeds=(0,))
    both = np.concatenate([X, NeighbourFeatures(guess, pieces).rows(0, len(pieces))], axis=1)[use]
    return Network(first, train(both, allowed[use], weight[use], seeds=(0, 1)), evidence=evidence)
