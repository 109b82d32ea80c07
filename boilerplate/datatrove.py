"""Datatrove blocks: WARCs to pages, and pages to articles; what holds none is dropped and counted."""

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

from boilerplate.batch.readers.warc import Truncated, Warc
from boilerplate.batch.source import Item
from boilerplate.cleaner import Cleaner, Kind
from boilerplate.document import Result
from boilerplate.errors import InputError
from boilerplate.reading import decode

METADATA = ("title", "confidence", "status")
"""What can be added to a document's metadata."""


UNREADABLE = "unreadable"
"""Field of the metadata that says why a document has no text."""


class WarcPages(BaseDiskReader):  # type: ignore[misc]
    """Reads the pages of WARC files, decoded as a browser does, and loses none.

    In place of datatrove's own `WarcReader`, which drops pages that are not
    UTF-8, unseen. A page that cannot be read (binary data, a body that is cut
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
        warc = Warc(Path(filepath), self.truncated, lambda: self.data_folder.open(filepath, "rb"))
        for number, item in enumerate(warc.items()):
            if item.skipped:
                self.stat_update("skipped", value=len(item.skipped))
            if not item.written:
                if item.error:
                    self.stat_update("broken_files")
                    logger.warning(f"{item.source}: {item.error}")
                continue
            with self.track_time():
                document = self._document(item, filepath, number)
            if document is not None:  # an adapter may drop it
                yield document

    def _document(self, item: Item, filepath: str, number: int) -> Document | None:
        text, error = "", item.error
        try:
            text = item.page if isinstance(item.page, str) else decode(item.page or b"")
        except InputError as broken:
            error = str(broken)
        carried = item.carried
        data = {
            self.text_key: text or " ",  # datatrove drops what has no text before anything can count it
            self.id_key: carried["warc_record_id"] or item.source,
            "url": carried["url"],
            "date": carried["date"],
        }
        document = self.get_document_from_dict(data, filepath, number)
        if document is None:
            return None
        if error:
            document.metadata[UNREADABLE] = error
        elif item.note:
            document.metadata["truncated"] = item.note
        return document


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
                    found = iter(self._results([one.text for one in batch if UNREADABLE not in one.metadata], sandbox))
                    results = [
                        Result("error", error=one.metadata[UNREADABLE]) if UNREADABLE in one.metadata else next(found)
                        for one in batch
                    ]
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
                        document.metadata["filter_reason"] = result.why
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
