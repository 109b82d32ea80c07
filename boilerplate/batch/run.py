"""A run: results to a stream, or to files that are whole or not there."""

from __future__ import annotations

import errno
import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from boilerplate.batch.checkpoint import RESUMABLE, Checkpoint
from boilerplate.batch.counts import PageCounts
from boilerplate.batch.readers.base import Reader, SourcePage
from boilerplate.batch.record import OutputFormat, make_record
from boilerplate.batch.resume import Resume
from boilerplate.batch.text_names import with_ending
from boilerplate.batch.writers.base import Writer
from boilerplate.batch.writers.stream import StreamWriter
from boilerplate.errors import InputError
from boilerplate.files import error_reason, input_errors, printable_path, write_atomically
from boilerplate.progress import Progress
from boilerplate.render.html import HEAD

if TYPE_CHECKING:
    from boilerplate.document import Result

CHUNK_PAGES = 256
"""Pages after which a chunk is committed, ..."""
CHUNK_SECONDS = 30.0
"""... or seconds, ..."""
CHUNK_CHARACTERS = 32 * 2**20
"""... or characters of its records."""

_FATAL = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.ENODEV}
"""Errors in writing a text that the next one would meet, too."""

OnPage = Callable[[SourcePage, "Result"], None]
"""Called with each page and its result."""

Results = Iterable[tuple[SourcePage, "Result", float]]
"""Pages, their results, and the fraction of the run that is done with each."""


def write_stream(
    results: Results,
    writer: StreamWriter,
    output_format: OutputFormat,
    out: IO[bytes],
    on_page: OnPage,
    progress: Progress,
) -> PageCounts:
    """Write results to a stream as they come."""
    counts = PageCounts()
    for page, result, fraction in results:
        counts.add(page, result)
        _report(page, result, fraction, on_page, progress)
        if not page.has_record:
            continue
        if data := writer.encode(make_record(page, result, output_format)):
            _write_through(out, data)
    return counts


def _report(page: SourcePage, result: Result, fraction: float, on_page: OnPage, progress: Progress) -> None:
    on_page(page, result)
    if page.has_record or page.error:
        progress.advance(fraction)


def _write_through(out: IO[bytes], data: bytes) -> None:
    try:
        out.write(data)
        out.flush()
    except BrokenPipeError:
        raise
    except OSError:
        with input_errors("standard output"):
            raise


class _Chunk:
    """Results since the last commit."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.pages: dict[str, list[list[Any]]] = {}
        self.inputs: dict[str, list[Any]] = {}
        self.count = 0
        self.characters = 0
        self._start = time.monotonic()

    def add_record(self, record: dict[str, Any], result: Result) -> None:
        self.records.append(record)
        self.characters += sum(len(value) for value in record.values() if isinstance(value, (str, bytes)))
        self.characters += 10 * len(result.text) * bool(result.blocks)

    def is_full(self) -> bool:
        return (
            self.count >= CHUNK_PAGES
            or self.characters >= CHUNK_CHARACTERS
            or time.monotonic() - self._start >= CHUNK_SECONDS
        )

    def columns(self) -> list[str]:
        return list(dict.fromkeys(name for record in self.records for name in record))


class ResumableRun:
    """A run whose output is a file, or a folder of texts.

    Parameters
    ----------
    out
        The file or folder.
    writer
        Writes the file; None for a folder of texts.
    command
        See `Checkpoint`.
    readers
        The inputs.
    overwrite
        Whether to replace what is there.

    Attributes
    ----------
    complete
        Whether the output is there and whole: nothing is left to do then.
    remaining
        The pages that are left to do, each with the fraction of the run that is done.

    Raises
    ------
    InputError
        If the output is not this command's own, or cannot be made.
    """

    def __init__(
        self,
        out: Path,
        writer: Writer | None,
        output_format: OutputFormat,
        command: Any,
        readers: list[Reader],
        overwrite: bool,
    ) -> None:
        self.out = out
        self.writer = writer
        self.output_format = output_format
        self.checkpoint = Checkpoint(
            out,
            command,
            text_files=writer is None,
            overwrite=overwrite,
            suffix=Writer.suffix if writer is None else writer.suffix,
        )
        self.resume = self._compare(readers, overwrite)
        self.counts = PageCounts(**self.resume.counts)
        self.counts.earlier = self.counts.pages
        self.remaining: Iterator[tuple[SourcePage, float]] = self.resume.remaining()
        self.complete = False
        if self.checkpoint.finished:
            first = next(self.remaining, None)
            if first is None:
                self.complete = True
                self.checkpoint.discard()  # what a run left that was killed when all was done
                return
            self.remaining = itertools.chain([first], self.remaining)
        self.checkpoint.begin(writer.reopen if writer is not None else None)
        self._chunk = _Chunk()

    def _compare(self, readers: list[Reader], overwrite: bool) -> Resume:
        """Compare what earlier runs did with the inputs; disregard it if it does not fit and may be overwritten."""
        checkpoint = self.checkpoint
        text_files = self.writer is None
        try:
            return Resume(readers, checkpoint.chunks, self.out, finished=checkpoint.finished, text_files=text_files)
        except InputError:
            if not overwrite:
                if checkpoint.finished:
                    checkpoint.discard()
                checkpoint.release()
                raise
            checkpoint.forget()
            return Resume(readers, [], self.out, text_files=text_files)

    def write(self, results: Results, on_page: OnPage, progress: Progress) -> PageCounts:
        """Write all results, and finish the output.

        Finished chunks survive whatever ends this early; the current one is
        done again. Ctrl-C is not handled here: it may come in the middle of a
        commit or of a count, and nothing may be put on the disk after it.
        """
        for page, result, fraction in results:
            result = self._add(page, result)
            _report(page, result, fraction, on_page, progress)
            if self._chunk.is_full():
                self._commit()
        self._commit()
        self.checkpoint.finish(self._merge if self.writer is not None and self.counts.written else None)
        return self.counts

    def _add(self, page: SourcePage, result: Result) -> Result:
        """Add a page to the chunk; returns its result, which is an error if its text cannot be written."""
        chunk, key = self._chunk, self.resume.keys[page.reader_index]
        entry = self.resume.page_entry(page)
        if page.has_record and self.writer is None and result.status != "error":
            result, name, size = self._write_text(page, result)
            if entry is not None and name:
                entry += [name, size, result.status]
        if entry is not None:
            chunk.pages.setdefault(key, []).append(entry)
        chunk.inputs[key] = self.resume.input_state(page)
        self.counts.add(page, result)
        chunk.count += 1
        if page.has_record and self.writer is not None:
            chunk.add_record(make_record(page, result, self.output_format), result)
        return result

    def _write_text(self, page: SourcePage, result: Result) -> tuple[Result, str, int]:
        """Write a text; an error that concerns only this text is the page's error."""
        name = self.resume.text_names.claim(with_ending(page.text_name, self.output_format.ending))
        data = self._content(result)
        try:
            write_atomically(self.out / name, data)
        except OSError as error:
            if error.errno in _FATAL:
                with input_errors(self.out / name, RESUMABLE):
                    raise
            self.resume.text_names.remove(name)
            message = f"cannot write {printable_path(name)}: {error_reason(error)}"
            return replace(result, status="error", text="", error=message), "", 0
        return result, name, len(data)

    def _content(self, result: Result) -> bytes:
        content = self.output_format.content(result)
        head = HEAD if content and self.output_format.name == "html" else ""
        return f"{head}{content}\n".encode("utf-8", "replace") if content else b""

    def _commit(self) -> None:
        chunk, writer = self._chunk, self.writer
        if not chunk.inputs:
            return
        columns = chunk.columns()
        line = {
            "inputs": chunk.inputs,
            "pages": chunk.pages,
            "counts": {**asdict(self.counts), "earlier": 0},
            "columns": columns,
        }
        write_part = partial(writer.write_part, chunk.records) if writer is not None and chunk.records else None
        self.checkpoint.commit(line, write_part)
        self.resume.columns.update(dict.fromkeys(columns))
        self._chunk = _Chunk()

    def _merge(self, path: Path) -> None:
        assert self.writer is not None
        self.writer.merge(self.checkpoint.parts(), list(self.resume.columns), path)
