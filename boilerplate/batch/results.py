"""Pages from the inputs through the cleaner, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from boilerplate.batch.demands import Demands
from boilerplate.batch.readers.base import SourcePage

if TYPE_CHECKING:
    from boilerplate.cleaner import Cleaner, Kind
    from boilerplate.document import Result
    from boilerplate.outcome import Markup


class CleanedPages:
    """Iterates over pages and their results, in order, each with the fraction of the run that is done.

    The cleaner reads pages ahead of the results that it gives; they wait here
    for these. Pages that could not be read, and blank ones, get their results
    without the cleaner.

    Parameters
    ----------
    pages
        Pages, each with the fraction of all inputs that has been read.
    demands
        What texts must be to be kept.
    kind, n_jobs, blocks, metadata, markup, paragraphs, timeout
        See `Cleaner.clean_many`.
    """

    def __init__(
        self,
        pages: Iterable[tuple[SourcePage, float]],
        cleaner: Cleaner,
        *,
        kind: Kind = "auto",
        n_jobs: int = 1,
        blocks: bool = False,
        metadata: bool = False,
        markup: Markup | None = None,
        paragraphs: bool = False,
        demands: Demands | None = None,
        timeout: float | None = None,
    ) -> None:
        self._pages = pages
        self._waiting: deque[tuple[SourcePage, float, bool]] = deque()  # and whether the cleaner got the page
        self._results = cleaner.clean_many(
            self._contents(),
            kind=kind,
            n_jobs=n_jobs,
            blocks=blocks,
            metadata=metadata,
            markup=markup,
            paragraphs=paragraphs,
            timeout=timeout,
        )
        self._demands = demands or Demands()
        self._read_error: Exception | None = None

    def __iter__(self) -> Iterator[tuple[SourcePage, Result, float]]:
        for result in self._results:
            yield from self._uncleaned()
            page, fraction, _ = self._waiting.popleft()
            yield page, self._demands.check(result), fraction
        if self._read_error is not None:
            raise self._read_error
        yield from self._uncleaned()

    def _contents(self) -> Iterator[str | bytes]:
        """Yield the pages that the cleaner is to clean."""
        try:
            for page, fraction in self._pages:
                content, page.content = page.content, None
                needs_cleaning = content is not None and not page.error and bool(content.strip())
                self._waiting.append((page, fraction, needs_cleaning))
                if needs_cleaning and content is not None:
                    yield content
        except Exception as error:  # raised once all pages before it are done
            self._read_error = error

    def _uncleaned(self) -> Iterator[tuple[SourcePage, Result, float]]:
        """Yield the pages at the head of the queue that the cleaner did not get."""
        from boilerplate.document import Result
        from boilerplate.select.choice import NO_TEXT

        while self._waiting and not self._waiting[0][2]:
            page, fraction, _ = self._waiting.popleft()
            result = Result("error", error=page.error) if page.error else Result("empty", reason=NO_TEXT)
            yield page, result, fraction
