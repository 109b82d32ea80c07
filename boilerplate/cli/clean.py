"""The command ``clean``."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import sys
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boilerplate import __version__
from boilerplate.batch.demands import Demands
from boilerplate.batch.readers.arguments import ReaderOptions, make_readers
from boilerplate.batch.readers.base import Reader, SourcePage, read_all
from boilerplate.batch.readers.table import TableReader
from boilerplate.batch.record import ENDINGS, OutputFormat
from boilerplate.cli.progress import TerminalProgress
from boilerplate.cli.status import BAD_INPUT, OK
from boilerplate.cli.terminal import format_message, print_message, standard_output
from boilerplate.errors import InputError
from boilerplate.progress import NO_PROGRESS, Progress

if TYPE_CHECKING:
    from boilerplate.batch.counts import PageCounts
    from boilerplate.batch.run import ResumableRun
    from boilerplate.cleaner import Cleaner
    from boilerplate.document import Result

_FORMATS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xml": "xml-tei",
}
"""Formats by the ending of the output."""

TIMEOUT = 60.0
"""Seconds that a page may take, by default."""

MAX_ERRORS = 50
"""Errors of single pages that are printed where the output has them, too."""


def clean(args: argparse.Namespace) -> int:
    """Clean pages; returns the exit status."""
    output_format = _output_format(args)
    options = ReaderOptions(args.column, output_format.has_columns, "keep" if args.keep_truncated else "error")
    readers = make_readers(args.pages, options)
    is_single = len(readers) == 1 and not readers[0].many
    out = args.output
    if out is None and output_format.name == "parquet":
        raise InputError("--format parquet needs a file: -o OUT")
    text_files = bool(output_format.ending) and out is not None and _is_folder(out, is_single, output_format)
    if output_format.name == "xml-tei" and not is_single and not text_files:
        raise InputError("--format xml-tei writes a file for each of several pages: -o FOLDER")
    if out is not None and not text_files and out.is_dir():
        raise InputError(f"{out}: is a folder, {output_format.name} goes to a file")
    if args.column != "html" and not any(isinstance(reader, TableReader) for reader in readers):
        print_message("--column has no effect: no input is JSON, CSV or Parquet")
    return _CleanCommand(args, output_format, readers, is_single, text_files).run()


def _output_format(args: argparse.Namespace) -> OutputFormat:
    name = args.format
    if name is None:
        name = _FORMATS.get(args.output.suffix.lower(), "text") if args.output is not None else "text"
    for option in ("blocks", "metadata", "paragraphs"):
        if getattr(args, option) and name in ENDINGS:
            raise InputError(f"--{option} needs --format jsonl, csv or parquet")
    for option in ("links", "images"):
        if getattr(args, option) and (name == "text" or name not in ENDINGS):
            raise InputError(f"--{option} needs --format markdown, html or xml-tei")
    output_format = OutputFormat(
        name,
        args.output_column,
        args.blocks,
        args.metadata,
        args.article_body,
        args.paragraphs,
        args.links,
        args.images,
    )
    if output_format.result_fields().count(args.output_column) > 1:
        raise InputError(f"--output-column {args.output_column}: that field holds something else")
    return output_format


def _is_folder(out: Path, is_single: bool, output_format: OutputFormat) -> bool:
    """Whether the output is a folder of texts, not one text."""
    return out.is_dir() or (not is_single and _FORMATS.get(out.suffix.lower()) != output_format.name)


class _CleanCommand:
    """One call of ``clean``.

    Parameters
    ----------
    is_single
        Whether one page is cleaned: no progress and no summary then.
    text_files
        Whether the output is a folder of texts.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        output_format: OutputFormat,
        readers: list[Reader],
        is_single: bool,
        text_files: bool,
    ) -> None:
        self.args = args
        self.output_format = output_format
        self.readers = readers
        self.is_single = is_single
        self.text_files = text_files
        self.progress = TerminalProgress()
        self.errors = 0  # of pages that have a record

    def run(self) -> int:
        """Clean the pages; returns the exit status."""
        resumable = None
        if self.args.output is not None:
            resumable = self._resumable_run()
            if resumable.complete:
                print_message(f"{self.args.output}: already complete, nothing to do (--overwrite replaces it)")
                return OK
        counts, missing_columns = self._clean(resumable)
        if self.errors > MAX_ERRORS and not self.output_format.ending:
            print_message(f"{self.errors - MAX_ERRORS} more errors are in the output's field 'error'")
        if missing_columns:
            names = ", ".join(missing_columns)
            print_message(
                f"fields left out of the CSV because the first page has none of them: {names}: -o OUT keeps all"
            )
        if not self.is_single:
            hint = " (-v names them)" if counts.skipped and not self.args.verbose else ""
            print(counts.summary() + hint, file=sys.stderr)
        return BAD_INPUT if counts.error else OK

    def _resumable_run(self) -> ResumableRun:
        from boilerplate.batch.overwriting import check_output
        from boilerplate.batch.run import ResumableRun
        from boilerplate.batch.writers.formats import make_writer

        out, output_format = self.args.output, self.output_format
        writer = None if self.text_files else make_writer(output_format, _column_types(self.readers))
        check_output(
            self.readers,
            out,
            text_files=self.text_files,
            plain_text=output_format.name in ("text", "html"),
            ending=output_format.ending,
        )
        return ResumableRun(out, writer, output_format, self._command(), self.readers, self.args.overwrite)

    def _clean(self, resumable: ResumableRun | None) -> tuple[PageCounts, list[str]]:
        """Write all results; returns the counts, and the fields that the output has no column for."""
        from boilerplate.batch.results import CleanedPages
        from boilerplate.batch.run import write_stream
        from boilerplate.batch.writers.formats import make_stream_writer

        results = CleanedPages(
            read_all(self.readers) if resumable is None else resumable.remaining,
            self._cleaner(),
            kind=self.args.kind,
            n_jobs=1 if self.is_single else self.args.jobs,
            blocks=self.output_format.blocks,
            metadata=self.output_format.metadata,
            markup=self.output_format.markup,
            paragraphs=self.output_format.paragraphs,
            demands=Demands(self.args.min_confidence, self.args.min_words),
            timeout=self._timeout(),
        )
        progress: Progress = NO_PROGRESS if self.is_single else self.progress
        with self.progress:
            progress.start(None, "cleaning", resumable.counts.pages if resumable is not None else 0)
            if resumable is not None:
                return resumable.write(results, self.on_page, progress), []
            writer = make_stream_writer(self.output_format)
            counts = write_stream(results, writer, self.output_format, standard_output(), self.on_page, progress)
            return counts, writer.missing_columns

    def on_page(self, page: SourcePage, result: Result) -> None:
        """Print the error of a page, and what else there is to say about it."""
        verbose = self.args.verbose
        if result.status == "error":
            self.errors += page.has_record
            if not page.has_record or self.errors <= MAX_ERRORS or self.output_format.ending:
                self._print(f"{page.source}: {result.error}")
        elif result.status == "empty" and page.has_record and (self.is_single or verbose):
            self._print(f"{page.source}: no article found: {result.reason}")
        if page.note and verbose:
            self._print(f"{page.source}: {page.note}")
        if verbose:
            for line in page.skipped:
                self._print(f"skipped: {line}")

    def _print(self, text: str) -> None:
        self.progress.print_line(format_message(text))

    def _cleaner(self) -> Cleaner:
        from boilerplate.cleaner import Cleaner

        wanted = {None: None, "keep": True, "drop": False}
        return Cleaner(
            self.args.model,
            favour=self.args.favour,
            article_body=self.args.article_body,
            initials=wanted[self.args.initials],
            attributions=wanted[self.args.attributions],
        )

    def _timeout(self) -> float | None:
        """Return the limit for a page: a limit needs a process, which one page is not worth unless asked for."""
        if self.args.timeout is None:
            return None if self.is_single else TIMEOUT
        return self.args.timeout or None

    def _command(self) -> dict[str, Any]:
        """Return what identifies the run, but for its inputs."""
        args, output_format = self.args, self.output_format
        return {
            "release": __version__,
            "style": [*astuple(output_format), self.text_files],
            "pages": [
                args.kind,
                args.favour,
                args.column,
                args.keep_truncated,
                args.article_body,
                args.initials,
                args.attributions,
            ],
            "demands": [args.min_confidence, args.min_words],
            "model": _model_checksums(args.model),
        }


def _model_checksums(model: str | None) -> list[str]:
    """Return checksums of the models that a run uses: with another model it is another run."""
    from boilerplate.errors import ModelError
    from boilerplate.model.registry import DEFAULT, find

    if model is not None:
        return [hashlib.sha256(find(model).read_bytes()).hexdigest()]
    checksums = []
    for name in sorted(set(DEFAULT.values())):
        with contextlib.suppress(ModelError):  # not every release has a model for text
            checksums.append(hashlib.sha256(find(name).read_bytes()).hexdigest())
    return checksums


def _column_types(readers: Sequence[Reader]) -> dict[str, Any]:
    """Return the Arrow types of the inputs' columns, where all inputs agree."""
    types: dict[str, Any] = {}
    ambiguous = set()
    for reader in readers:
        for name, type_ in reader.column_types().items():
            if types.setdefault(name, type_) != type_:
                ambiguous.add(name)
    return {name: type_ for name, type_ in types.items() if name not in ambiguous}
