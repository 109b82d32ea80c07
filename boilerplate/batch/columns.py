"""Many pages into columns: what the integrations with data frames share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boilerplate.cleaner import Cleaner, Kind

COLUMNS = ("text", "title", "confidence", "status", "error")
"""Names of the columns, in order."""

_MISSING = (None, None, None, "empty", "no page")


def clean_to_columns(
    cleaner: Cleaner, pages: Iterable[str | bytes | None], *, kind: Kind = "auto", n_jobs: int = 1
) -> dict[str, list[Any]]:
    """Clean pages into columns: a list for each of `COLUMNS`, with a value for each page.

    A page in error has no text, title and confidence (None). A missing page
    (None) has none of the three either, and its status is ``"empty"``: that
    distinguishes it from a page without an article, whose text is ``""``.
    `error` says why there is no text, of pages in error and of empty ones.
    """
    is_missing: list[bool] = []

    def present_pages() -> Iterable[str | bytes]:
        for page in pages:
            is_missing.append(page is None)
            if page is not None:
                yield page

    present: list[tuple[Any, ...]] = [
        (None, None, None, result.status, result.error)
        if result.status == "error"
        else (result.text, result.title, result.confidence, result.status, result.why)
        for result in cleaner.clean_many(present_pages(), kind=kind, n_jobs=n_jobs)
    ]
    remaining = iter(present)
    values = [_MISSING if missing else next(remaining) for missing in is_missing]
    return {name: [row[i] for row in values] for i, name in enumerate(COLUMNS)}
