"""A scikit-learn transformer from pages to texts, for use before a vectorizer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from boilerplate.cleaner import Cleaner, Kind
from boilerplate.document import Result
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
    output
        ``"text"``; or ``"metadata"``, for what the pages say about their articles
        instead: dicts of the fields of `Metadata` that have a value, as
        `DictVectorizer` takes them, ``{}`` for a page that cannot be read.
    """

    def __init__(
        self,
        model: str | Path | None = None,
        *,
        favour: str | float = "balance",
        kind: Kind = "auto",
        n_jobs: int = 1,
        errors: Literal["raise", "empty"] = "raise",
        output: Literal["text", "metadata"] = "text",
    ) -> None:
        self.model = model
        self.favour = favour
        self.kind = kind
        self.n_jobs = n_jobs
        self.errors = errors
        self.output = output

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
        """Return the text of each page, or its metadata.

        Raises
        ------
        InputError
            If a page cannot be read and `errors` is ``"raise"``; says which.
        ModelError
            If the model cannot be loaded.
        ValueError
            If a parameter is unknown, or `X` is not a sequence of pages.
        """
        described = self.output == "metadata"
        results = self._cleaner().clean_many(_check(X), kind=self.kind, n_jobs=self.n_jobs, metadata=described)
        values: list[Any] = []
        for number, result in enumerate(results):
            if result.status == "error" and self.errors == "raise":
                raise InputError(f"page {number}: {result.error}")
            values.append(_described(result) if described else result.text)
        return np.array(values, dtype=object)

    def set_output(self, *, transform: str | None = None) -> BoilerplateCleaner:
        """Do nothing: texts are always an array, as vectorizers take no data frame."""
        return self

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Name the one column that comes out: ``text`` or ``metadata``."""
        return np.array([self.output], dtype=object)

    def _cleaner(self) -> Cleaner:
        # Made each time: the model is loaded only once in a process, and pickles stay small.
        if self.errors not in ("raise", "empty"):
            raise ValueError(f"unknown errors {self.errors!r} (known: raise, empty)")
        if self.output not in ("text", "metadata"):
            raise ValueError(f"unknown output {self.output!r} (known: text, metadata)")
        return Cleaner(self.model, favour=self.favour)

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit = False
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


def _described(result: Result) -> dict[str, Any]:
    """Return the fields of a page's metadata that have a value, without where they are from."""
    values = result.metadata.to_dict() if result.metadata is not None else {}
    return {name: value for name, value in values.items() if value and name != "sources"}


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
