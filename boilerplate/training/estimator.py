"""The block classifier as a scikit-learn estimator: pages in, labels of their blocks out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from boilerplate.features.neighbours import WIDTH, NeighbourFeatures
from boilerplate.features.page_features import PageFeatures
from boilerplate.kinds import KINDS
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.lexicon.headings import headings
from boilerplate.lexicon.tables import HeadingRows
from boilerplate.model.network import Network
from boilerplate.progress import NO_PROGRESS, Progress
from boilerplate.segment.page import HTML, Page
from boilerplate.training.evidence import learn
from boilerplate.training.folds import deal_folds
from boilerplate.training.perceptron import fit_layers
from boilerplate.training.targets import MASKED, NOT_BODY, Labels, allowed_labels, to_columns

PageLike = str | Page | PageFeatures

EVIDENCE_FOLDS = 16
"""Folds, by group, in which the tables of evidence for the training blocks are made: each from nearly all portals, as
the table that the model keeps is. With four the network learned to trust less than it is given."""


class BlockClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classifier of the blocks of pages: a network of two passes (see `model.network`).

    Follows scikit-learn's contract with pages for samples: ``X`` is a list of
    pages (HTML, `Page` or `PageFeatures`), ``y`` a list of label sequences, one
    label a block. Pages differ in their number of blocks, so neither is an
    array, and cross-validation needs an explicit splitter, such as
    ``GroupKFold`` with portals for groups.

    Parameters
    ----------
    hidden : int
        Hidden units of each network.
    epochs : int
        Passes over the blocks.
    decay : float
        Weight decay.
    drop : float
        Probability with which a group of features (the class names, the
        headings, …) of a block is blanked in training.
    seeds : int
        Networks that are averaged in the second pass. The first pass is one
        network, like those whose predictions the second learns from.
    folds : int
        Folds, by group, in which the first pass's predictions for the second are made.
    random_state : int
        First seed.
    body_weight : float
        Weight of body blocks: above 1, less of the story is lost and more noise kept.
    kind : str
        Kind of the pages: ``"html"`` or ``"text"``.
    lexicon : tuple
        Rows of headings beyond the shipped ones (see `lexicon.headings`).

    Attributes
    ----------
    classes_ : ndarray of str, shape (n_labels,)
        The labels, in the order of the columns of `predict_proba`.
    network_ : Network
        The fitted network.
    """

    def __init__(
        self,
        hidden: int = 96,
        epochs: int = 10,
        decay: float = 0.2,
        drop: float = 0.25,
        seeds: int = 2,
        folds: int = 4,
        random_state: int = 0,
        body_weight: float = 1.0,
        kind: str = HTML,
        lexicon: HeadingRows = (),
    ) -> None:
        self.hidden = hidden
        self.epochs = epochs
        self.decay = decay
        self.drop = drop
        self.seeds = seeds
        self.folds = folds
        self.random_state = random_state
        self.body_weight = body_weight
        self.kind = kind
        self.lexicon = lexicon

    def steps(self) -> int:
        """Number of times `fit` advances its `progress`."""
        return self.epochs * (self.seeds + 1 + self.folds)

    def fit(
        self,
        X: Sequence[PageLike],
        y: Sequence[Labels],
        groups: Sequence[Any] | None = None,
        sample_weight: Sequence[float] | None = None,
        progress: Progress = NO_PROGRESS,
    ) -> BlockClassifier:
        """Learn from labelled pages.

        Parameters
        ----------
        X : sequence of n_pages pages
            HTML, `Page` or `PageFeatures`.
        y : sequence of n_pages sequences, each of shape (n_blocks,)
            Labels of the blocks of each page: `Label`, name, column,
            `NOT_BODY` or `MASKED`.
        groups : sequence of shape (n_pages,), optional
            Portals of the pages; pages of one portal are never split between
            folds. None: each page stands alone.
        sample_weight : array-like of shape (n_pages,), optional
            Weights of the pages.
        progress : Progress
            Advanced after every pass over the blocks, `steps` times in all.

        Returns
        -------
        BlockClassifier
            Itself, fitted.

        Raises
        ------
        ValueError
            If lengths differ, a label is unknown, or there is nothing to learn.
        """
        pages, gold, portals, weights = self._validated(X, y, groups, sample_weight)
        all_pages = PageFeatures.concatenate(pages)
        target = np.concatenate(gold)
        weight = (np.sqrt(all_pages.words) + 0.5) * weights[all_pages.page]
        weight[target == INDEX[Label.BODY]] *= self.body_weight
        use = target != MASKED
        if not use.any() or not (target[use] >= 0).any():
            raise ValueError("no labelled blocks to learn from")
        allowed = allowed_labels(target)
        seeds = range(self.random_state, self.random_state + self.seeds)
        fold = deal_folds(portals, self.folds)[all_pages.page]
        common: dict[str, Any] = {
            "hidden": self.hidden,
            "epochs": self.epochs,
            "decay": self.decay,
            "drop": self.drop,
            "progress": progress,
        }
        groups1, groups2 = _feature_groups(self.kind)
        partial = np.bincount(all_pages.page, target == NOT_BODY, len(pages)) > 0  # of these not all labels are known
        counted = np.where(partial[all_pages.page], MASKED, target)
        evidence_fold = deal_folds(portals, EVIDENCE_FOLDS)[all_pages.page]
        evidence, columns = learn(all_pages.tokens, all_pages.heading, counted, portals, all_pages.page, evidence_fold)
        X_all = np.concatenate([all_pages.X, columns], axis=1)
        del columns
        guess = np.zeros(allowed.shape, np.float32)  # of the first pass, for blocks that it did not learn from
        for k in range(self.folds):
            train, held_out = use & (fold != k), fold == k
            if not held_out.any() or not (target[train] >= 0).any():
                train = use
            layers = fit_layers(X_all[train], allowed[train], weight[train], seeds=seeds[:1], groups=groups1, **common)
            guess[held_out] = layers.proba(X_all[held_out])
        first = fit_layers(X_all[use], allowed[use], weight[use], seeds=seeds[:1], groups=groups1, **common)
        both = np.concatenate([X_all, NeighbourFeatures(guess, all_pages).rows(0, len(all_pages))], axis=1)[use]
        second = fit_layers(both, allowed[use], weight[use], seeds=seeds, groups=groups2, **common)
        self.network_ = Network(first, second, evidence=evidence)
        self.classes_ = np.array([label.value for label in LABELS])
        return self

    def _validated(
        self,
        X: Sequence[PageLike],
        y: Sequence[Labels],
        groups: Sequence[Any] | None,
        sample_weight: Sequence[float] | None,
    ) -> tuple[list[PageFeatures], list[np.ndarray], list[Any], np.ndarray]:
        """Return pages, columns of their labels, groups and weights, after a check that they match."""
        pages = [_described(page, self.kind, self.lexicon) for page in X]
        if len(pages) != len(y):
            raise ValueError(f"{len(pages)} pages but {len(y)} sequences of labels")
        if not pages:
            raise ValueError("no pages to learn from")
        gold = [to_columns(labels) for labels in y]
        for i, (page, labels) in enumerate(zip(pages, gold, strict=True)):
            if len(page) != len(labels):
                raise ValueError(f"page {i}: {len(page)} blocks but {len(labels)} labels")
        portals = list(range(len(pages))) if groups is None else list(groups)
        weights = np.ones(len(pages)) if sample_weight is None else np.asarray(sample_weight, float)
        if len(portals) != len(pages) or len(weights) != len(pages):
            raise ValueError("groups and sample_weight need one entry a page")
        return pages, gold, portals, weights

    def predict_proba(self, X: Sequence[PageLike]) -> list[np.ndarray]:
        """Predict the probabilities of the labels of the blocks of pages.

        Returns
        -------
        list of n_pages arrays, each of shape (n_blocks, n_labels)
            Columns are in the order of `classes_`.

        Raises
        ------
        NotFittedError
            If `fit` was not called.
        """
        check_is_fitted(self, "network_")
        return [self.network_.proba(_described(page, self.kind, self.lexicon)) for page in X]

    def predict(self, X: Sequence[PageLike]) -> list[np.ndarray]:
        """Predict the labels of the blocks of pages.

        Returns
        -------
        list of n_pages arrays of str, each of shape (n_blocks,)

        Raises
        ------
        NotFittedError
            If `fit` was not called.
        """
        return [self.classes_[p.argmax(axis=1)] for p in self.predict_proba(X)]

    def score(self, X: Sequence[PageLike], y: Sequence[Labels], sample_weight: Sequence[float] | None = None) -> float:
        """Return the accuracy over blocks with a gold label, weighted by their words and by page.

        Parameters
        ----------
        X, y, sample_weight
            See `fit`.

        Raises
        ------
        NotFittedError
            If `fit` was not called.
        """
        check_is_fitted(self, "network_")
        right = total = 0.0
        weights = np.ones(len(X)) if sample_weight is None else np.asarray(sample_weight, float)
        for page, labels, weight in zip(
            (_described(page, self.kind, self.lexicon) for page in X), y, weights, strict=True
        ):
            best = self.network_.proba(page).argmax(axis=1)
            gold = to_columns(labels)
            words = page.words * weight * (gold >= 0)
            right += float((words * (best == gold)).sum())
            total += float(words.sum())
        return right / total if total else 0.0

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.target_tags.multi_output = True
        tags.no_validation = True
        return tags


def _described(page: PageLike, kind: str, lexicon: HeadingRows) -> PageFeatures:
    if isinstance(page, PageFeatures):
        return page
    if isinstance(page, str):
        page = KINDS[kind].segment(page, headings(lexicon))
    if not isinstance(page, Page):
        raise TypeError(f"a page is HTML, a Page or PageFeatures, not {type(page).__name__}")
    return KINDS[kind].describer(lexicon).describe(page)


def _feature_groups(kind: str) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Columns of features that are dropped together in the first and the second pass.

    Each group is something that one portal's habits could carry a decision by, alone.
    """
    columns = KINDS[kind].feature_names()

    def of(*starts: str) -> np.ndarray:
        return np.array([i for i, name in enumerate(columns) if name.startswith(starts)])

    groups = [
        of("own_", "near_"),
        of("mid_", "path_"),
        of("in_", "tag_"),
        of("gov_", "outer_"),
        of("last_"),
        of("box"),
        of("href", "log_again"),
        of("prev", "next"),
    ]
    groups = [group for group in groups if len(group)]
    n = len(columns)
    return groups, [*groups, np.arange(n, n + WIDTH // 2), np.arange(n + WIDTH // 2, n + WIDTH)]
