"""Pages in a pandas Series: ``df["html"].pipe(boilerplate.pandas.clean)``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from boilerplate.batch.columns import FLAGS, LISTS, MAPS, clean_to_columns
from boilerplate.cleaner import Cleaner, Kind


def clean(
    pages: pd.Series,
    *,
    model: str | Path | None = None,
    favour: str | float = "balance",
    kind: Kind = "auto",
    n_jobs: int = 1,
) -> pd.Series:
    """Return the article's text of each page, under the index and the name of `pages`.

    ``""`` where a page holds no article; missing where the page is missing, and
    where it is in error (`results` says which and why).

    Parameters
    ----------
    pages
        HTML or plain text: str, or bytes as served.
    model, favour
        See `Cleaner`.
    kind
        ``"html"`` or ``"text"``; ``"auto"`` detects which.
    n_jobs
        Processes; -1 takes all cores.

    Raises
    ------
    TypeError
        If `pages` is not a Series.
    ModelError
        If the model cannot be loaded.
    """
    texts = results(pages, model=model, favour=favour, kind=kind, n_jobs=n_jobs)["text"]
    texts.name = pages.name
    return texts


def results(
    pages: pd.Series,
    *,
    model: str | Path | None = None,
    favour: str | float = "balance",
    kind: Kind = "auto",
    n_jobs: int = 1,
    metadata: bool = False,
) -> pd.DataFrame:
    """Return the result of each page under the index of `pages`.

    The columns are ``text, title, confidence, status, error, text_source``, and
    with `metadata` one for each field of `Metadata`: ``meta_authors``, a list,
    ``meta_published``, ..., ``meta_sources``, a dict. `status` is ``"ok"``,
    ``"empty"`` or ``"error"`` (see `Result`). Text, title and confidence are missing
    where the page is in error, and where it is missing itself, which counts as
    ``"empty"``; so is the metadata. `error` says why there is no text,
    `text_source` whether it is from JSON-LD. Parameters and errors are those of
    `clean`.
    """
    if not isinstance(pages, pd.Series):
        raise TypeError(f"pages are a Series, such as df['html'], not a {type(pages).__name__}")
    cleaner = Cleaner(model, favour=favour)
    pages_or_none = (None if missing else page for page, missing in zip(pages, pages.isna(), strict=True))
    columns = clean_to_columns(cleaner, pages_or_none, kind=kind, n_jobs=n_jobs, metadata=metadata)
    # Texts get the string type of the pages, if they have one, and with it the same missing value.
    string = pages.dtype if pages.dtype.type is str else object
    types: dict[str, Any] = {
        "confidence": "float64",
        **dict.fromkeys(LISTS + MAPS, object),
        **dict.fromkeys(FLAGS, "boolean"),
    }
    return pd.DataFrame(
        {name: pd.Series(values, pages.index, types.get(name, string)) for name, values in columns.items()}
    )
