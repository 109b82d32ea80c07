"""Many pages into columns: what the integrations with data frames share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from boilerplate.batch.record import METADATA_COLUMNS, to_json

if TYPE_CHECKING:
    from boilerplate.cleaner import Cleaner, Kind
    from boilerplate.document import Result

COLUMNS = ("text", "title", "confidence", "status", "error", "text_source")
"""Names of the columns, in order."""
LISTS, FLAGS, MAPS = ("meta_authors", "meta_tags"), ("meta_paywalled",), ("meta_sources",)
"""Columns of the metadata that hold lists of strings, truth values, and dicts of strings; the others hold strings."""

_NO_METADATA = (None,) * len(METADATA_COLUMNS)
_MISSING = (None, None, None, "empty", "no page", "")


def names(metadata: bool) -> tuple[str, ...]:
    """Return the names of the columns, in order, with those of the metadata or without."""
    return (*COLUMNS, *METADATA_COLUMNS) if metadata else COLUMNS


def clean_to_columns(
    cleaner: Cleaner,
    pages: Iterable[str | bytes | None],
    *,
    kind: Kind = "auto",
    n_jobs: int = 1,
    metadata: bool = False,
) -> dict[str, list[Any]]:
    """Clean pages into columns: a list for each of `names`, with a value for each page.

    A page in error has no text, title and confidence (None). A missing page
    (None) has none of the three either, and its status is ``"empty"``: that
    distinguishes it from a page without an article, whose text is ``""``.
    `error` says why there is no text, of pages in error and of empty ones.
    `text_source` is ``"json-ld"`` where a text is not what the page shows. Neither
    pages in error nor missing ones have metadata (None).
    """
    is_missing: list[bool] = []

    def present_pages() -> Iterable[str | bytes]:
        for page in pages:
            is_missing.append(page is None)
            if page is not None:
                yield page

    results = cleaner.clean_many(present_pages(), kind=kind, n_jobs=n_jobs, metadata=metadata)
    present = [_row(result) for result in results]
    remaining = iter(present)
    values = [(*_MISSING, *_NO_METADATA) if missing else next(remaining) for missing in is_missing]
    return {name: [row[i] for row in values] for i, name in enumerate(names(metadata))}


def flat(name: str, values: list[Any]) -> list[Any]:
    """Return the values of a column with lists and dicts as JSON, as tables in files have them."""
    if name not in LISTS + MAPS:
        return values
    return [None if value is None else to_json(value) for value in values]


def _row(result: Result) -> tuple[Any, ...]:
    if result.status == "error":
        shown: tuple[Any, ...] = (None, None, None, result.status, result.error, "")
    else:
        shown = (result.text, result.title, result.confidence, result.status, result.why, result.text_source)
    return (*shown, *(_NO_METADATA if result.metadata is None else result.metadata.to_dict().values()))
