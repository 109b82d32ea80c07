"""Pages in a column of a Hugging Face dataset: ``dataset.map(CleanBatch("html"), batched=True)``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from boilerplate.batch.columns import clean_to_columns, flat
from boilerplate.cleaner import Cleaner, Kind


class CleanBatch:
    """A function for `datasets.Dataset.map` with ``batched=True``: adds the articles of the pages in a column.

    The new columns are ``text, title, confidence, status, error, text_source``:
    see `Result`. A page that cannot be read does not end the run: its text, title and
    confidence are None, as those of a missing page (None), which counts as empty.

    It holds parameters and no model, so it travels to the processes of
    ``num_proc``, and datasets finds what it computed before in its cache.

    Parameters
    ----------
    column
        Where the pages are: str, or bytes as served.
    model, favour
        See `Cleaner`.
    kind
        ``"html"`` or ``"text"``; ``"auto"`` detects which.
    metadata
        Whether to add a column for each field of `Metadata`, too: ``meta_authors``,
        ``meta_published``, ...; lists and the sources as JSON, as no batch
        could tell the type of a list that is empty in all of it.

    Raises
    ------
    ModelError
        If the model cannot be loaded.
    ValueError
        If `favour` is unknown.
    """

    def __init__(
        self,
        column: str = "html",
        *,
        model: str | Path | None = None,
        favour: str | float = "balance",
        kind: Kind = "auto",
        metadata: bool = False,
    ) -> None:
        self.column = column
        self.model = model
        self.favour = favour
        self.kind: Kind = kind
        self.metadata = metadata
        Cleaner(model, favour=favour)  # so that wrong parameters raise here, and not in a process

    @cached_property
    def _cleaner(self) -> Cleaner:
        return Cleaner(self.model, favour=self.favour)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_cleaner"}

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, list[Any]]:
        """Return the new columns of a batch."""
        columns = clean_to_columns(self._cleaner, batch[self.column], kind=self.kind, metadata=self.metadata)
        return {name: flat(name, values) for name, values in columns.items()}
