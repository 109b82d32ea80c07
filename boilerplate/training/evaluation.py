"""Scores of a classifier, token by token and page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from boilerplate.features.page_features import PageFeatures
from boilerplate.labels import INDEX, LABELS, Four, Label
from boilerplate.model.network import Network
from boilerplate.progress import NO_PROGRESS, Progress
from boilerplate.select.choice import choose, confidence
from boilerplate.select.correction import admit_captions
from boilerplate.training.datasets import Example
from boilerplate.training.estimator import BlockClassifier
from boilerplate.training.mistakes import Mistakes
from boilerplate.training.preparation import LabelledPage, portal_weights, shingle_scores
from boilerplate.training.reliability import FLOOR, Reliability
from boilerplate.training.targets import MASKED, NOT_BODY

BODY = INDEX[Label.BODY]

ERRORS_SHOWN = 12
"""Wrongly kept and dropped blocks that are remembered of a page, the longest first."""

_SHOWN_CHARS = 200


@dataclass(slots=True)
class BlockError:
    """A block that was wrongly kept or wrongly dropped; its text is truncated."""

    kept: bool
    label: Label
    probability: float
    words: int
    text: str


@dataclass(slots=True)
class PageScore:
    """How one page came out.

    Attributes
    ----------
    precision, recall, f1
        Of the shingles of its body (see `shingle_scores`).
    empty
        Whether no text was kept.
    errors
        At most `ERRORS_SHOWN` of its `n_errors` wrong blocks, in the order of the page.
    body
        Gold text.
    example, P
        The page, and the probabilities of its blocks: what it is looked at again with.
    """

    portal: str
    name: str
    index: bool
    precision: float
    recall: float
    f1: float
    empty: bool
    confidence: float
    errors: list[BlockError]
    n_errors: int
    body: str = ""
    example: Example | None = None
    P: np.ndarray | None = None


class LabelScore(NamedTuple):
    """How one label came out, counted in words: `words` of its gold, `predicted` of the words that were given it."""

    label: Label
    precision: float
    recall: float
    f1: float
    words: int
    predicted: int


@dataclass(slots=True)
class Scores:
    """Scores accumulated over pages.

    Attributes
    ----------
    confusion
        By portal, shape (n_labels, n_labels): words by gold (rows) and
        predicted label. A word's gold label is that of its deepest labelled
        ancestor, whatever block it fell into.
    pages
        Scores of each page.
    labelled, kept
        Reliability of the probability of the label, and of the decision to
        keep or to drop.
    loss
        Sum of ``-log`` of the gold label's probability over words.
    mistakes
        The largest blocks with a wrong label.
    """

    confusion: dict[str, np.ndarray] = field(default_factory=dict)
    pages: list[PageScore] = field(default_factory=list)
    labelled: Reliability = field(default_factory=Reliability)
    kept: Reliability = field(default_factory=Reliability)
    loss: float = 0.0
    mistakes: Mistakes = field(default_factory=Mistakes)

    def add(self, page: LabelledPage, P: np.ndarray) -> None:
        """Add a page and the probabilities of its blocks."""
        P = admit_captions(P, page.described.words, page.title, page.texts)  # does nothing to a text: it has no title
        kept = choose(P, page.described.words, title=page.title, texts=page.texts)
        best = P.argmax(axis=1) if len(P) else np.zeros(0, np.int64)
        if page.words is not None:
            table = self.confusion.setdefault(page.portal, np.zeros((len(LABELS), len(LABELS))))
            np.add.at(table.T, best, page.words)
            self._add_probabilities(page.words, P, best, kept)
            self.mistakes.add(page.portal, page.example.name, [_truncated(x) for x in page.texts], page.words, P)
        text = "\n".join(page.texts[i] for i in np.flatnonzero(kept))
        gold = "" if page.example.index else page.body
        scores = shingle_scores(text, gold)
        wrong = np.flatnonzero((kept != (page.gold == BODY)) & (page.gold != MASKED))
        longest = wrong[np.argsort(-page.described.words[wrong], kind="stable")][:ERRORS_SHOWN]
        errors = [
            BlockError(
                bool(kept[i]),
                LABELS[best[i]],
                float(P[i, best[i]]),
                int(page.described.words[i]),
                _truncated(page.texts[i]),
            )
            for i in sorted(longest.tolist())
        ]
        self.pages.append(
            PageScore(
                page.portal,
                page.example.name,
                page.example.index,
                *scores,
                empty=not text,
                confidence=confidence(P, page.described.words, kept),
                errors=errors,
                n_errors=len(wrong),
                body=gold,
                example=page.example,
                P=P,
            )
        )

    def _add_probabilities(self, words: np.ndarray, P: np.ndarray, best: np.ndarray, kept: np.ndarray) -> None:
        total, body = words.sum(axis=1), words[:, BODY]
        self.loss -= float((words * np.log(np.maximum(P, FLOOR))).sum())
        self.labelled.add(P.max(axis=1, initial=0.0), words[np.arange(len(best)), best], total)
        self.kept.add(np.where(kept, P[:, BODY], 1 - P[:, BODY]), np.where(kept, body, total - body), total)

    def log_loss(self) -> float:
        """Mean ``-log`` of the gold label's probability, a word."""
        words = self.labelled.words.sum()
        return self.loss / float(words) if words else float("nan")

    def table(self, portal: str | None = None) -> np.ndarray:
        """The confusion of a portal, or of all."""
        if portal is not None:
            return self.confusion[portal]
        return np.sum([np.zeros((len(LABELS), len(LABELS))), *self.confusion.values()], axis=0)

    def labels(self, portal: str | None = None) -> list[LabelScore]:
        """How each label came out, on a portal or on all."""
        table = self.table(portal)
        right, golds, predicted = np.diag(table), table.sum(axis=1), table.sum(axis=0)
        precision, recall, each = right / np.maximum(predicted, 1), right / np.maximum(golds, 1), f1(table)
        return [
            LabelScore(label, float(precision[i]), float(recall[i]), float(each[i]), int(golds[i]), int(predicted[i]))
            for i, label in enumerate(LABELS)
        ]

    def body_f1(self, portal: str | None = None) -> float:
        """Mean page F1 of the body's shingles, over article pages."""
        found = [p.f1 for p in self.pages if not p.index and portal in (None, p.portal)]
        return float(np.mean(found)) if found else float("nan")

    def macro_f1(self, portal: str | None = None) -> float:
        """Mean F1 over the labels that occur."""
        table = self.table(portal)
        present = table.sum(axis=1) > 0
        return float(f1(table)[present].mean()) if present.any() else float("nan")

    def four_f1(self) -> float:
        """Mean F1 over body, related, popular and ad; that they have in the view of four, too."""
        four = [INDEX[Label(label.value)] for label in Four if label != Four.OTHER]
        return float(f1(self.table())[four].mean())

    def empty_index(self) -> float:
        """Share of the index pages that give empty text."""
        found = [p.empty for p in self.pages if p.index]
        return float(np.mean(found)) if found else float("nan")

    def empty_articles(self) -> float:
        """Share of the article pages that wrongly give empty text."""
        found = [p.empty for p in self.pages if not p.index]
        return float(np.mean(found)) if found else float("nan")

    def to_markdown(self) -> str:
        """The tables, as Markdown."""
        lines = ["| label | precision | recall | F1 | words |", "| --- | --- | --- | --- | --- |"]
        lines += [
            f"| {score.label.title} | {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} | {score.words} |"
            for score in self.labels()
        ]
        lines += [
            "",
            f"- macro-F1 over the eight labels: **{self.macro_f1():.3f}**",
            f"- macro-F1 over body, Berita Terkait, Terpopuler, ad: **{self.four_f1():.3f}**",
            f"- mean page F1 of the body (4-gram shingles): **{self.body_f1():.4f}**",
        ]
        if any(p.index for p in self.pages):
            lines.append(f"- index pages that give empty text: {self.empty_index():.1%}")
        lines += [
            f"- article pages that wrongly give empty text: {self.empty_articles():.2%}",
            f"- log loss a word: **{self.log_loss():.3f}**; expected calibration error of the label's probability: "
            f"**{self.labelled.error():.2%}**, of keep or drop: **{self.kept.error():.2%}**",
        ]
        lines += [
            "",
            "| portal | pages | body page F1 | macro-F1 | " + " | ".join(label.value for label in LABELS) + " |",
        ]
        lines.append("| --- " * (4 + len(LABELS)) + "|")
        for portal in sorted(self.confusion):
            cells = [f"{score.f1:.2f}" if score.words else "–" for score in self.labels(portal)]
            count = sum(p.portal == portal and not p.index for p in self.pages)
            lines.append(
                f"| {portal} | {count} | {self.body_f1(portal):.3f} | {self.macro_f1(portal):.3f} | "
                + " | ".join(cells)
                + " |"
            )
        return "\n".join(lines)


def _truncated(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"


def f1(confusion: np.ndarray) -> np.ndarray:
    """F1 of each label from a table of counts by gold (rows) and predicted (columns)."""
    both = confusion.sum(axis=0) + confusion.sum(axis=1)
    return np.asarray(2 * np.diag(confusion) / np.maximum(both, 1e-9))


def score(network: Network, pages: Sequence[LabelledPage]) -> Scores:
    """Score a network on pages."""
    scores = Scores()
    for page in pages:
        scores.add(page, network.proba(page.described))
    return scores


PARTIAL_SHARE = 0.3
"""Total weight of pages whose body alone is known, relative to that of all others."""

_KEEP_EVERY = 4  # of the blocks outside of the body of a page whose body alone is known


def fit(model: BlockClassifier, pages: Sequence[LabelledPage], progress: Progress = NO_PROGRESS) -> BlockClassifier:
    """Fit the estimator on labelled pages, weighted by portal (see `portal_weights`).

    Of pages whose body alone is known, three in four blocks outside of it are
    masked: they say little, and are most of the blocks.
    """
    usable = [page for page in pages if len(page.described)]
    portals = [page.portal for page in usable]
    weights = portal_weights(portals)
    partial = np.array([page.body_only for page in usable])
    if partial.any() and not partial.all():
        weights[partial] *= PARTIAL_SHARE * weights[~partial].sum() / weights[partial].sum()
    golds = []
    for page, body_only in zip(usable, partial, strict=True):
        gold = page.gold.copy()
        if body_only:
            not_body = np.flatnonzero(gold == NOT_BODY)
            gold[np.delete(not_body, np.s_[::_KEEP_EVERY])] = MASKED
        golds.append(gold)
    return model.fit(
        [page.described for page in usable], golds, groups=portals, sample_weight=list(weights), progress=progress
    )


Proba = Callable[[Network, PageFeatures], np.ndarray]
"""Probabilities of the labels of described blocks, by a network."""


def leave_out(
    pages: Sequence[LabelledPage],
    folds: Sequence[set[str]],
    settings: dict[str, Any],
    progress: Progress = NO_PROGRESS,
    measured: Sequence[LabelledPage] = (),
    proba: Proba = Network.proba,
) -> Iterator[tuple[LabelledPage, np.ndarray]]:
    """Predict each page with a model that was trained on no page of its fold's portals.

    Pages of portals in no fold are always trained on and never predicted.

    Parameters
    ----------
    folds
        Sets of portals, each held out in turn.
    settings
        Parameters of `BlockClassifier`.
    measured
        More pages to predict, which are never trained on.
    proba
        What a network is asked for.

    Yields
    ------
    page, P
        A page and the probabilities of its blocks, shape (n_blocks, n_labels).
    """
    for held in folds:
        train = [page for page in pages if page.portal not in held]
        network = fit(BlockClassifier(**settings), train, progress).network_
        for page in (*pages, *measured):
            if page.portal in held and not page.varied:
                yield page, proba(network, page.described)
