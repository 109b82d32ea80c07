"""Calibration: one temperature, fitted on pages that the network did not learn from.

On portals that it has not seen, a network is overconfident. Dividing the
logarithms of its probabilities by a temperature (Guo et al. 2017) corrects
most of that and changes no label.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]  # comes with scikit-learn

from boilerplate.model.file import TEMPERATURES
from boilerplate.progress import Progress
from boilerplate.training.estimator import BlockClassifier
from boilerplate.training.evaluation import leave_out
from boilerplate.training.folds import deal
from boilerplate.training.preparation import LabelledPage
from boilerplate.training.reliability import FLOOR

Result = tuple[LabelledPage, np.ndarray]
"""A page, and the probabilities that a network which had not seen it gave its blocks."""


def temper(P: np.ndarray, temperature: float) -> np.ndarray:
    """Divide the logarithms of probabilities by a temperature, as `Network.proba` does."""
    out = np.asarray(P, float) ** (1.0 / temperature)
    out /= out.sum(axis=1, keepdims=True)
    return out


def fit_temperature(results: Iterable[Result]) -> float:
    """Return the temperature that minimises the log loss per word; 1 if no page has labelled regions."""
    known = [(P, page.words) for page, P in results if page.words is not None and len(P)]
    words = np.concatenate([words for _, words in known]) if known else np.zeros((0, 1))
    if not words.sum():
        return 1.0
    logs = np.log(np.maximum(np.concatenate([P for P, _ in known]).astype(float), FLOOR))
    logs -= logs.max(axis=1, keepdims=True)
    used = words.sum(axis=1)
    gold = float((words * logs).sum())

    def loss(inverse: float) -> float:  # convex: a minimum found is the minimum
        return float(used @ np.log(np.exp(logs * inverse).sum(axis=1))) - gold * inverse

    low, high = TEMPERATURES
    return 1.0 / float(minimize_scalar(loss, bounds=(1.0 / high, 1.0 / low), method="bounded").x)


def calibrate(results: Sequence[Result], folds: Sequence[set[str]]) -> tuple[list[Result], float]:
    """Fit the temperature on the pages of all folds, and calibrate these pages to measure it by.

    The pages of a fold are calibrated with the temperature of the other folds,
    so figures from them are of portals that neither the network nor the
    temperature has seen.

    Returns
    -------
    results : list of (page, probabilities)
        In the order given.
    temperature : float
    """
    of_fold = {
        k: fit_temperature((page, P) for page, P in results if page.portal not in held) for k, held in enumerate(folds)
    }
    of_portal = {portal: of_fold[k] for k, held in enumerate(folds) for portal in held}
    return [(page, temper(P, of_portal[page.portal])) for page, P in results], fit_temperature(results)


def quick_temperature(
    pages: Sequence[LabelledPage], family: dict[str, str], settings: dict[str, Any], progress: Progress
) -> float:
    """Fit the temperature where portals are not left out to measure.

    Families of portals are still left out, in two halves, but by networks of
    one seed, with two inner folds and half the epochs: that takes a third of
    the time of training. On 936 pages of labelled portals it gave 1.73, where
    eight folds of full networks, at eight times the cost of training, gave
    1.74. With a single family there is nothing to leave out, so 1.

    Parameters
    ----------
    family
        Family of each portal (see `folds.families`).
    settings
        Parameters of `BlockClassifier`.
    """
    labelled = [page for page in pages if page.words is not None and page.words.sum()]
    folds = deal([page.example for page in labelled], family, 2)
    if len(folds) < 2:
        return 1.0
    quick = {**settings, "seeds": 1, "folds": 2, "epochs": (BlockClassifier(**settings).epochs + 1) // 2}
    progress.start(BlockClassifier(**quick).steps() * len(folds), "calibrating, 2 folds")
    return fit_temperature(leave_out(pages, folds, quick, progress))
