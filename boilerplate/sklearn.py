"""A scikit-learn transformer from pages to texts, for use before a vectorizer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from boilerplate.cleaner import Cleaner, Kind
from boilerplate.errors import InputError

Pages = Iterable[str | bytes]


class BoilerplateCleaner(TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):  # type: ignore[misc, call-arg]
    """Turns pages into the texts of their articles; ``""`` where there is none.

    Takes a list, an array or a Series of pages (str or bytes), and returns a
    one-dimensional array of str. It learns nothing: `fit` may be left out.

    Parameters
    ----------
    model, favour
        See `Cleaner`.
    kind
        ``"html"`` or ``"text"``; ``"auto"`` detects which.
    n_jobs
        Processes; -1 takes all cores.
    errors
        What to do with a page that cannot be read, or is missing: ``"raise"``,
        or ``"empty"``, which gives it the text ``""``.
    """

    def __init__(
        self,
        model: str | Path | None = None,
        *,
        favour: str | float = "balance",
        kind: Kind = "auto",
        n_jobs: int = 1,
        errors: Literal["raise", "empty"] = "raise",
    ) -> None:
        self.model = model
        self.favour = favour
        self.kind = kind
        self.n_jobs = n_jobs
        self.errors = errors

    def fit(self, X: Pages, y: Any = None) -> BoilerplateCleaner:
        """Check the parameters and the type of `X`; its pages are not read.

        Raises
        ------
        ModelError
            If the model cannot be loaded.
        ValueError
            If a parameter is unknown, or `X` is not a sequence of pages.
        """
        self._cleaner()
        _check(X)
        return self

    def transform(self, X: Pages) -> np.ndarray:
        """Return the text of each page.

        Raises
        ------
        InputError
            If a page cannot be read and `errors` is ``"raise"``; says which.
        ModelError
            If the model cannot be loaded.
        ValueError
            If a parameter is unknown, or `X` is not a sequence of pages.
        """
        results = self._cleaner().clean_many(_check(X), kind=self.kind, n_jobs=self.n_jobs)
        texts = []
        for number, result in enumerate(results):
            if result.status == "error" and self.errors == "raise":
                raise InputError(f"page {number}: {result.error}")
            texts.append(result.text)
        return np.array(texts, dtype=object)

    def set_output(self, *, transform: str | None = None) -> BoilerplateCleaner:
        """Do nothing: texts are always an array, as vectorizers take no data frame."""
        return self

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name the one column that comes out: ``text``."""
        return np.array(["text"], dtype=object)

    def _cleaner(self) -> Cleaner:
        # Made each time: the model is loaded only once in a process, and pickles stay small.
        if self.errors not in ("raise", "empty"):
            raise ValueError(f"unknown errors {self.errors!r} (known: raise, empty)")
        return Cleaner(self.model, favour=self.favour)

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


def _check(X: Any) -> Pages:
    """Refuse what would be split into characters or column names."""
    if isinstance(X, (str, bytes, bytearray)):
        raise ValueError("X is one page: give a list of pages")
    if getattr(X, "ndim", 1) != 1:
        raise ValueError(f"X has {X.ndim} dimensions: give one column of pages, such as df['html']")
    try:
        iter(X)
    except TypeError:
        raise ValueError(f"X is not a list of pages but {type(X).__name__}") from None
    return X
