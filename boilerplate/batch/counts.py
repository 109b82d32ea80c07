"""Counts of the pages of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from boilerplate.batch.readers.base import SourcePage
from boilerplate.messages import counted

if TYPE_CHECKING:
    from boilerplate.document import Result


@dataclass(slots=True)
class PageCounts:
    """Pages by status, so far; `earlier` is how many an earlier run did."""

    ok: int = 0
    empty: int = 0
    error: int = 0
    skipped: int = 0
    written: int = 0
    earlier: int = field(default=0, compare=False)

    @property
    def pages(self) -> int:
        """All inputs and pages: cleaned, empty or in error."""
        return self.ok + self.empty + self.error

    def add(self, page: SourcePage, result: Result) -> None:
        """Count a page."""
        self.skipped += len(page.skipped)
        self.written += page.has_record
        if page.has_record or page.error:
            setattr(self, result.status, getattr(self, result.status) + 1)

    def summary(self) -> str:
        """Return a line for the user."""
        line = f"{counted(self.pages, 'page')}: {self.ok} cleaned, {self.empty} empty, {counted(self.error, 'error')}"
        if self.skipped:
            line += f"; {self.skipped} skipped that are no pages"
        if self.earlier:
            line += f" ({self.earlier} pages done by an earlier run)"
        return line
