"""Datatrove blocks: from WARCs to pages, and from pages to articles; pages without one are dropped and counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from datatrove.data import Document
from datatrove.io import DataFileLike, DataFolderLike
from datatrove.pipeline.extractors.base import BaseExtractor, ExtractorSandbox
from datatrove.pipeline.readers.base import BaseDiskReader
from datatrove.pipeline.writers.disk_base import DiskWriter
from datatrove.utils.batching import batched
from datatrove.utils.logging import logger
from datatrove.utils.typeshelper import StatHints

from boilerplate.batch.readers.base import SourcePage
from boilerplate.batch.readers.warc import Truncated, WarcReader
from boilerplate.cleaner import Cleaner, Kind
from boilerplate.document import Result
from boilerplate.errors import InputError
from boilerplate.metadata.record import FIELDS
from boilerplate.reading import decode

RESULTS = ("title", "confidence", "status", "text_source")
METADATA = (*RESULTS, *(name for name in FIELDS if name not in RESULTS), "sources")
"""What can be added to a document's metadata: of the result, and of what the page says about its article."""

UNREADABLE = "unreadable"
"""Field of the metadata that says why a document has no text."""


class WarcPages(BaseDiskReader):  # type: ignore[misc]
    """Reads the pages of WARC files, decoded as browsers do, and loses none.

    Use it instead of datatrove's `WarcReader`, which silently drops pages that
    are not UTF-8. A page that cannot be read (binary data, a body that is cut
    short) becomes a document without text, the reason in its metadata under
    ``unreadable``: `BoilerplateExtractor` drops it as ``dropped_error``.

    A record's page is a document whose id is the record's; its metadata has
    ``url`` and ``date``. Records that are no pages (images, status 404) are
    counted as ``skipped``, files that break off as ``broken_files``.

    Parameters
    ----------
    data_folder, paths_file, limit, skip, glob_pattern, others
        See datatrove's `BaseDiskReader`.
    truncated
        ``"keep"`` takes what there is of a page that is cut short;
        ``"error"`` calls it unreadable.
    """

    name = "🕷 WARC pages"
    _requires_dependencies = ("fastwarc",)

    def __init__(
        self,
        data_folder: DataFolderLike,
        paths_file: DataFileLike | None = None,
        *,
        truncated: Truncated = "error",
        **others: Any,
    ) -> None:
        super().__init__(data_folder, paths_file, **others)
        self.truncated = truncated

    def read_file(self, filepath: str) -> Iterator[Document]:
        """Read a file (see datatrove's `BaseDiskReader`)."""
        reader = WarcReader(Path(filepath), self.truncated, lambda: self.data_folder.open(filepath, "rb"))
        for number, page in enumerate(reader.pages()):
            if page.skipped:
                self.stat_update("skipped", value=len(page.skipped))
            if not page.has_record:
                if page.error:
                    self.stat_update("broken_files")
                    logger.warning(f"{page.source}: {page.error}")
                continue
            with self.track_time():
                document = self._document(page, filepath, number)
            if document is not None:  # an adapter may drop it
                yield document

    def _document(self, page: SourcePage, filepath: str, number: int) -> Document | None:
        text, error = "", page.error
        try:
            text = page.content if isinstance(page.content, str) else decode(page.content or b"")
        except InputError as reason:
            error = str(reason)
        data = {
            self.text_key: text or " ",  # datatrove drops what has no text before anything can count it
            self.id_key: page.fields["warc_record_id"] or page.source,
            "url": page.fields["url"],
            "date": page.fields["date"],
        }
        document = self.get_document_from_dict(data, filepath, number)
        if document is None:
            return None
        if error:
            document.metadata[UNREADABLE] = error
        elif page.note:
            document.metadata["truncated"] = page.note
        return document


class BoilerplateExtractor(BaseExtractor):  # type: ignore[misc]
    """Replaces the page in a document's text with its article; id and metadata stay.

    Documents without an article, and those that cannot be read, are dropped:
    counted as ``dropped_empty`` and ``dropped_error``, and handed with their
    page to `exclusion_writer`, the reason in their metadata.

    Cleans batches in the task's own process. With `timeout`, they are cleaned
    in datatrove's sandbox, a process that can hang or be killed without harm;
    a batch that fails there is cleaned again page by page.

    Parameters
    ----------
    model, favour
        See `Cleaner`.
    kind
        ``"html"`` or ``"text"``; ``"auto"`` detects which.
    metadata
        What to add to the metadata of documents that are kept: any of
        ``title``, ``confidence``, ``status``; replaces what is there.
    timeout
        Seconds that a page may take, in a separate process; None cleans in this process.
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
        self.cleaner = Cleaner(model, favour=favour)  # pickled without the model, which each task loads
        self.kind: Kind = kind
        self.metadata = tuple(metadata)
        self.batch_size = batch_size
        self.exclusion_writer = exclusion_writer

    def extract(self, text: str) -> str:
        """Return the article's text of one page."""
        return self.cleaner.clean(text, kind=self.kind)

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Clean the documents of a task (see datatrove's `PipelineStep`)."""
        separate = ExtractorSandbox(self.timeout, warmup_text=[]) if self.timeout else nullcontext()
        with self.exclusion_writer or nullcontext() as writer, separate as sandbox:
            for batch in batched(data, self.batch_size):
                with self.track_time("batch"):
                    results = self._clean_documents(batch, sandbox)
                for document, result in zip(batch, results, strict=True):
                    self.stat_update(StatHints.total)
                    if result.status == "ok":
                        document.text = result.text
                        document.metadata.update(self._added(result))
                        self.stat_update(StatHints.forwarded)
                        self.update_doc_stats(document)
                        yield document
                        continue
                    self.stat_update(StatHints.dropped, f"dropped_{result.status}")
                    if writer is not None:
                        document.metadata["filter_reason"] = result.why
                        writer.write(document, rank)

    def _clean_documents(self, batch: Sequence[Document], sandbox: ExtractorSandbox | None) -> list[Result]:
        readable = [document.text for document in batch if UNREADABLE not in document.metadata]
        results = iter(self._clean_texts(readable, sandbox))
        return [
            Result("error", error=document.metadata[UNREADABLE]) if UNREADABLE in document.metadata else next(results)
            for document in batch
        ]

    def _clean_texts(self, pages: list[str], sandbox: ExtractorSandbox | None) -> list[Result]:
        if sandbox is None:
            return self._clean(pages)
        sandbox.timeout = self.timeout * len(pages)
        try:
            return sandbox.process_document(pages, self._clean)
        except (TimeoutError, EOFError) as error:
            if len(pages) == 1:
                reason = "took too long" if isinstance(error, TimeoutError) else "the process that cleaned it died"
                return [Result("error", error=reason)]
            return [result for page in pages for result in self._clean_texts([page], sandbox)]

    def _clean(self, pages: list[str]) -> list[Result]:
        described = any(name not in RESULTS for name in self.metadata)
        return list(self.cleaner.clean_many(pages, kind=self.kind, metadata=described))

    def _added(self, result: Result) -> dict[str, Any]:
        """Return what is added to a document's metadata; of fields of the page's own those that have a value."""
        described = result.metadata.to_dict() if result.metadata is not None else {}
        found = {name: getattr(result, name) if name in RESULTS else described.get(name) for name in self.metadata}
        return {name: value for name, value in found.items() if name in RESULTS or value not in ("", [], None)}
