"""Many pages to columns: what data frames of any kind get."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boilerplate.cleaner import Cleaner, Kind

COLUMNS = ("text", "title", "confidence", "status", "error")
"""Names of the columns, in order."""


def columns(
    cleaner: Cleaner, pages: Iterable[str | bytes | None], *, kind: Kind = "auto", n_jobs: int = 1
) -> dict[str, list[Any]]:
    """Clean pages to columns: a list for each of `COLUMNS`, a value a page.

    A page in error has no text, title and confidence (None). A missing page
    (None) has none of the three either, and is ``"empty"``: that tells it from
    a page without an article, whose text is ``""``. `error` says why there is
    no text, of pages in error and of empty ones.
    """
    missing: list[bool] = []

    def present() -> Iterable[str | bytes]:
        for page in pages:
            missing.append(page is None)
            if page is not None:
                yield page

    rows: list[tuple[Any, ...]] = [
        (None, None, None, result.status, result.error)
        if result.status == "error"
        else (result.text, result.title, result.confidence, result.status, result.why)
        for result in cleaner.clean_many(present(), kind=kind, n_jobs=n_jobs)
    ]
    found = iter(rows)
    rows = [(None, None, None, "empty", "no page") if gone else next(found) for gone in missing]
    return {name: [row[i] for row in rows] for i, name in enumerate(COLUMNS)}
