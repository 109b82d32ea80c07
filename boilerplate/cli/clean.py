"""The command ``clean``."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boilerplate import __version__
from boilerplate.batch.readers.collect import collect
from boilerplate.batch.record import Style, own_names
from boilerplate.batch.source import Input, Item, chain
from boilerplate.cli.console import Progress, message, standard_output
from boilerplate.cli.main import BAD_INPUT, OK, say
from boilerplate.errors import InputError

if TYPE_CHECKING:
    from boilerplate.batch.readers.warc import Truncated
    from boilerplate.document import Result

_ENDINGS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".txt": "text",
}

TIMEOUT = 60.0
"""Seconds that a page may take, where nothing else is asked for."""

MOST_ERRORS = 50
"""Errors of single pages that are named on standard error where the output names them, too."""


def clean(args: argparse.Namespace) -> int:
    """Clean pages; returns the exit status."""
    style = _style(args)
    truncated: Truncated = "keep" if args.keep_truncated else "error"
    inputs = collect(args.pages, column=args.column, keep_rows=style.tabular, truncated=truncated)
    single = len(inputs) == 1 and not inputs[0].many
    if args.output is None and style.format == "parquet":
        raise InputError("--format parquet needs a file: -o OUT")
    out = args.output
    folder = style.format == "text" and out is not None and _is_folder(out, single, str(args.pages[0]))
    if out is not None and not folder and out.is_dir():
        raise InputError(f"{out}: is a folder, {style.format} goes to a file")
    if args.column != "html" and not any(hasattr(one, "column") for one in inputs):
        say("--column has no effect: no input is JSON, CSV or Parquet")
    return _Run(args, style, inputs, single, folder).go()


def _style(args: argparse.Namespace) -> Style:
    form = args.format
    if form is None:
        form = _ENDINGS.get(args.output.suffix.lower(), "text") if args.output is not None else "text"
    if args.blocks and form == "text":
        raise InputError("--blocks needs --format jsonl, csv or parquet")
    style = Style(form, args.output_column, args.blocks)
    if own_names(style, False).count(args.output_column) > 1:
        raise InputError(f"--output-column {args.output_column}: that field holds something else")
    return style


def _is_folder(out: Path, single: bool, page: str) -> bool:
    """Whether OUT is a folder of texts and not one text."""
    return out.is_dir() or (not single and out.suffix.lower() != ".txt")


class _Run:
    """What one call of ``clean`` knows."""

    def __init__(self, args: argparse.Namespace, style: Style, inputs: list[Input], single: bool, folder: bool) -> None:
        self.args = args
        self.style = style
        self.inputs = inputs
        self.single = single
        self.folder = folder
        self.progress: Progress | None = None
        self.told = 0

    def go(self) -> int:
        saved = None
        if self.args.output is not None:
            from boilerplate.batch.guard import protect
            from boilerplate.batch.run import Saved
            from boilerplate.batch.writers import choose

            form = None if self.folder else choose(self.style, _types(self.inputs))
            protect(self.inputs, self.args.output, texts=self.folder, text=self.style.format == "text")
            saved = Saved(self.args.output, form, self.style, self._command(), self.inputs, self.args.overwrite)
            if saved.complete:
                say(f"{self.args.output}: is there already, nothing done (--overwrite replaces it)")
                return OK
        from boilerplate.batch.run import Pages, stream
        from boilerplate.cleaner import Cleaner

        cleaner = Cleaner(self.args.model, favour=self.args.favour)
        items = saved.items if saved is not None else chain(self.inputs)
        jobs = 1 if self.single else self.args.jobs
        pages = Pages(items, cleaner, self.args.kind, jobs, self.style.blocks, self._timeout())
        if not self.single:
            self.progress = Progress("cleaning", start=saved.counts.pages if saved is not None else 0)
        missed: list[str] = []
        try:
            if saved is not None:
                counts = saved.run(pages, self.watch)
            else:
                counts, missed = stream(pages, self.style, standard_output(), self.watch)
        finally:
            if self.progress is not None:
                self.progress.close()
        if self.told > MOST_ERRORS and self.style.format != "text":
            say(f"{self.told - MOST_ERRORS} more errors are in the output's field 'error'")
        if missed:
            say(
                f"fields left out of the CSV because the first page has none of them: {', '.join(missed)}: -o OUT keeps all"
            )
        if not self.single:
            hint = " (-v names them)" if counts.skipped and not self.args.verbose else ""
            print(counts.summary() + hint, file=sys.stderr)
        return BAD_INPUT if counts.error else OK

    def watch(self, item: Item, result: Result, fraction: float) -> None:
        """Show progress, and name a page that is in error, or the only one, if it gives nothing."""
        if result.status == "error":
            self.told += item.written
            if not item.written or self.told <= MOST_ERRORS or self.style.format == "text":
                self._tell(f"{item.source}: {result.error}")
        elif result.status == "empty" and item.written and (self.single or self.args.verbose):
            self._tell(f"{item.source}: no article found: {result.reason}")
        if item.note and self.args.verbose:
            self._tell(f"{item.source}: {item.note}")
        if self.args.verbose:
            for line in item.skipped:
                self._tell(f"skipped: {line}")
        if self.progress is not None and (item.written or item.error):
            self.progress.step(fraction)

    def _tell(self, what: str) -> None:
        line = message(what)
        if self.progress is not None:
            self.progress.write(line)
        else:
            print(line, file=sys.stderr)

    def _timeout(self) -> float | None:
        """Seconds a page; a limit takes a process of its own, which is too much to start for one page unasked."""
        if self.args.timeout is None:
            return None if self.single else TIMEOUT
        return self.args.timeout or None

    def _command(self) -> Any:
        """What makes another run the same run, but for its inputs."""
        args = self.args
        return {
            "release": __version__,
            "style": [self.style.format, self.style.text, self.style.blocks, self.folder],
            "pages": [args.kind, args.favour, args.column, args.keep_truncated],
            "model": _digest(args.model),
        }


def _digest(model: str | None) -> list[str]:
    """Checksums of the models that a run uses: another model makes another run."""
    from boilerplate.errors import ModelError
    from boilerplate.model.registry import DEFAULT, find

    if model is not None:
        return [hashlib.sha256(find(model).read_bytes()).hexdigest()]
    digests = []
    for name in sorted(set(DEFAULT.values())):
        with contextlib.suppress(ModelError):  # not every release has a model for text
            digests.append(hashlib.sha256(find(name).read_bytes()).hexdigest())
    return digests


def _types(inputs: Sequence[Input]) -> dict[str, Any]:
    """Arrow types of the columns of Parquet inputs, where these agree."""
    types: dict[str, Any] = {}
    clash = set()
    for one in inputs:
        for name, type_ in getattr(one, "types", dict)().items():
            if types.setdefault(name, type_) != type_:
                clash.add(name)
    return {name: type_ for name, type_ in types.items() if name not in clash}
