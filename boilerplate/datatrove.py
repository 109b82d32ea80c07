"""A datatrove block: pages in, articles out; what holds none is dropped and counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.extractors.base import BaseExtractor, ExtractorSandbox
from datatrove.pipeline.writers.disk_base import DiskWriter
from datatrove.utils.batching import batched
from datatrove.utils.typeshelper import StatHints

from boilerplate.cleaner import Cleaner, Kind, Result

METADATA = ("title", "confidence", "status")
"""What can be added to a document's metadata."""


class BoilerplateExtractor(BaseExtractor):  # type: ignore[misc]
    """Replaces the page in a document's text by its article; id and metadata stay.

    Documents without an article, and those that cannot be read, are dropped:
    counted as ``dropped_empty`` and ``dropped_error``, and handed with their
    page to `exclusion_writer`, the reason in their metadata.

    Cleans in batches, in the task's own process. With `timeout`, a batch is
    cleaned in datatrove's sandbox, a process that can hang or be killed without
    harm: a batch that fails there goes through it again page by page.

    Parameters
    ----------
    model, favour
        See `Cleaner`.
    kind
        ``"html"`` or ``"text"``; ``"auto"`` tells them apart.
    metadata
        What to put into the metadata of documents that are kept: any of
        ``title``, ``confidence``, ``status``; replaces what is there.
    timeout
        Seconds a page, in a process apart; None cleans in this process.
    batch_size
        Documents that are cleaned together.
    exclusion_writer
        Writes the documents that are dropped, as in datatrove's filters.

    Raises
    ------
    ModelError
        If the model cannot be loaded.
    ValueError
        If a parameter is unknown.
    """

    name = "✂ boilerplate"

    def __init__(
        self,
        model: str | Path | None = None,
        *,
        favour: str | float = "balance",
        kind: Kind = "auto",
        metadata: Sequence[str] = (),
        timeout: float | None = None,
        batch_size: int = 64,
        exclusion_writer: DiskWriter | None = None,
    ) -> None:
        unknown = sorted({*metadata} - {*METADATA})
        if unknown:
            raise ValueError(f"unknown metadata: {', '.join(unknown)} (known: {', '.join(METADATA)})")
        super().__init__(timeout)
        self.cleaner = Cleaner(model, favour=favour)  # its pickle is a name: each task loads the model itself
        self.kind: Kind = kind
        self.metadata = tuple(metadata)
        self.batch_size = batch_size
        self.exclusion_writer = exclusion_writer

    def extract(self, text: str) -> str:
        """Return the article's text of one page."""
        return self.cleaner.clean(text, kind=self.kind)

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Clean the documents of a task (see datatrove's `PipelineStep`)."""
        apart = ExtractorSandbox(self.timeout, warmup_text=[]) if self.timeout else nullcontext()
        with self.exclusion_writer or nullcontext() as writer, apart as sandbox:
            for batch in batched(data, self.batch_size):
                with self.track_time("batch"):
                    results = self._results([document.text for document in batch], sandbox)
                for document, result in zip(batch, results, strict=True):
                    self.stat_update(StatHints.total)
                    if result.status == "ok":
                        document.text = result.text
                        document.metadata.update({name: getattr(result, name) for name in self.metadata})
                        self.stat_update(StatHints.forwarded)
                        self.update_doc_stats(document)
                        yield document
                        continue
                    self.stat_update(StatHints.dropped, f"dropped_{result.status}")
                    if writer is not None:
                        document.metadata["filter_reason"] = result.error or result.status
                        writer.write(document, rank)

    def _results(self, pages: list[str], sandbox: ExtractorSandbox | None) -> list[Result]:
        if sandbox is None:
            return self._clean(pages)
        sandbox.timeout = self.timeout * len(pages)
        try:
            return sandbox.process_document(pages, self._clean)
        except (TimeoutError, EOFError) as error:
            if len(pages) == 1:
                why = "took too long" if isinstance(error, TimeoutError) else "the process that cleaned it died"
                return [Result("error", error=why)]
            return [result for page in pages for result in self._results([page], sandbox)]

    def _clean(self, pages: list[str]) -> list[Result]:
        return list(self.cleaner.clean_many(pages, kind=self.kind))
