"""A run: items through the cleaner, in order, to a stream or to files that are whole or not there."""

from __future__ import annotations

import errno
import itertools
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from boilerplate.batch.checkpoint import Journal
from boilerplate.batch.record import Style, record
from boilerplate.batch.resume import Past
from boilerplate.batch.source import Input, Item, shown, why
from boilerplate.batch.writers import CsvStream, Format, naming, write_whole
from boilerplate.errors import InputError

if TYPE_CHECKING:
    from boilerplate.cleaner import Cleaner, Kind
    from boilerplate.document import Result

CHUNK = 256
"""Pages after which a chunk is put on the disk, ..."""
CHUNK_SECONDS = 30.0
"""... or seconds, ..."""
CHUNK_CHARACTERS = 32 * 2**20
"""... or characters of its pages' texts and carried fields."""

_FATAL = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.ENODEV}
"""Errors in writing a text that the next one would meet, too."""

Watch = Callable[[Item, "Result", float], None]
"""Told of each page, its result, and the fraction of the run that is done."""


@dataclass(slots=True)
class Counts:
    """What came of the pages so far."""

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

    def add(self, item: Item, result: Result) -> None:
        """Count a page."""
        self.skipped += len(item.skipped)
        self.written += item.written
        if item.written or item.error:
            setattr(self, result.status, getattr(self, result.status) + 1)

    def summary(self) -> str:
        """Say it in a line."""
        line = f"{self.pages} page{'s' * (self.pages != 1)}: {self.ok} cleaned, {self.empty} empty, "
        line += f"{self.error} error{'s' * (self.error != 1)}"
        if self.skipped:
            line += f"; {self.skipped} skipped that are no pages"
        if self.earlier:
            line += f" ({self.earlier} pages done by an earlier run)"
        return line


class Pages:
    """Items and their results, in order.

    The cleaner takes pages from the inputs ahead of what it gives back; items
    wait here for their results. Pages that could not be read, and blank ones,
    get theirs without it.
    """

    def __init__(
        self,
        items: Iterable[tuple[Item, float]],
        cleaner: Cleaner,
        kind: Kind,
        jobs: int,
        blocks: bool,
        timeout: float | None = None,
    ) -> None:
        self._items = items
        self._cleaner = cleaner
        self._kind: Kind = kind
        self._jobs = jobs
        self._blocks = blocks
        self._timeout = timeout
        self._waiting: deque[tuple[Item, float, bool]] = deque()
        self._broken: BaseException | None = None

    def __iter__(self) -> Iterator[tuple[Item, Result, float]]:
        for result in self._cleaner.clean_many(
            self._feed(), kind=self._kind, n_jobs=self._jobs, blocks=self._blocks, timeout=self._timeout
        ):
            yield from self._unsent()
            item, fraction, _ = self._waiting.popleft()
            yield item, result, fraction
        if self._broken is not None:
            raise self._broken
        yield from self._unsent()

    def _feed(self) -> Iterator[str | bytes]:
        try:
            for item, fraction in self._items:
                page, item.page = item.page, None
                send = page is not None and not item.error and bool(page.strip())
                self._waiting.append((item, fraction, send))
                if send and page is not None:
                    yield page
        except Exception as error:  # raised when all that came before it is done
            self._broken = error

    def _unsent(self) -> Iterator[tuple[Item, Result, float]]:
        from boilerplate.document import Result
        from boilerplate.select.choice import NO_TEXT

        while self._waiting and not self._waiting[0][2]:
            item, fraction, _ = self._waiting.popleft()
            yield item, Result("error", error=item.error) if item.error else Result("empty", reason=NO_TEXT), fraction


def stream(
    pages: Iterable[tuple[Item, Result, float]], style: Style, out: IO[bytes], watch: Watch
) -> tuple[Counts, list[str]]:
    """Write results to a stream as they come.

    Returns
    -------
    counts, names of fields that CSV had no column for
    """
    from boilerplate.batch.writers import choose

    counts = Counts()
    table = CsvStream() if style.format == "csv" else None
    form = choose(style, {}) if table is None else None
    first = True
    for item, result, fraction in pages:
        counts.add(item, result)
        watch(item, result, fraction)
        if not item.written:
            continue
        row = record(item, result, style)
        data = table.lines([row]) if table is not None else form.line(row) if form is not None else b""
        if style.format == "text" and data and first:
            data, first = data[1:], False
        if data:
            try:
                out.write(data)
                out.flush()
            except BrokenPipeError:
                raise
            except OSError:
                with naming("standard output"):
                    raise
    return counts, table.missed if table is not None else []


class Saved:
    """A run whose output is a file, or a folder of texts.

    Parameters
    ----------
    out
        The file or folder.
    form
        Its format; None for a folder of texts.
    command
        See `Journal`.
    inputs
        What is cleaned.
    overwrite
        Whether to replace what is there.

    Attributes
    ----------
    complete
        Whether the output is there and whole: nothing is to be done then.
    items
        What is left to do, with the fraction of the run that lies behind each.

    Raises
    ------
    InputError
        If the output is not this run's own, or cannot be made.
    """

    def __init__(
        self, out: Path, form: Format | None, style: Style, command: Any, inputs: list[Input], overwrite: bool
    ) -> None:
        self.out = out
        self.form = form
        self.style = style
        texts = form is None
        suffix = ".jsonl" if form is None else form.suffix
        self.journal = journal = Journal(out, command, texts=texts, overwrite=overwrite, suffix=suffix)
        try:
            self.past = Past(inputs, journal.chunks, out, finished=journal.finished, texts=texts)
        except InputError:
            if not overwrite:
                if journal.finished:
                    journal.discard()
                journal.release()
                raise
            journal.forget()
            self.past = Past(inputs, [], out, texts=texts)
        self.counts = Counts(**self.past.counts)
        self.counts.earlier = self.counts.pages
        self.items = self.past.items()
        self.complete = False
        if journal.finished:
            first = next(self.items, None)
            if first is None:
                self.complete = True
                journal.discard()  # what is left of a run that was killed when all was done
                return
            self.items = itertools.chain([first], self.items)
        journal.begin(form.reopen if form is not None else None)
        self._clear()

    def run(self, pages: Iterable[tuple[Item, Result, float]], watch: Watch) -> Counts:
        """Take all results, and finish the output.

        Finished chunks survive whatever ends this early; the one at hand is
        done again. Ctrl-C is no exception: it may come in the middle of a
        commit or of a count, and nothing may be put on the disk after it.
        """
        for item, result, fraction in pages:
            result = self._add(item, result)
            watch(item, result, fraction)
            full = self._number >= CHUNK or self._size >= CHUNK_CHARACTERS
            if full or time.monotonic() - self._began >= CHUNK_SECONDS:
                self._commit()
        self._commit()
        self.journal.finish(self._merge if self.form is not None and self.counts.written else None)
        return self.counts

    def _clear(self) -> None:
        self._records: list[dict[str, Any]] = []
        self._rows: dict[str, list[list[Any]]] = {}
        self._entries: dict[str, list[Any]] = {}
        self._number = self._size = 0
        self._began = time.monotonic()

    def _add(self, item: Item, result: Result) -> Result:
        """Take a page; returns its result, which is an error if its text cannot be written."""
        row = self.past.row(item)
        if item.written and self.form is None and result.status != "error":
            result, name, size = self._write(item, result)
            if row is not None and name:
                row += [name, size, result.status]
        if row is not None:
            self._rows.setdefault(self.past.keys[item.number], []).append(row)
        self._entries[self.past.keys[item.number]] = self.past.entry(item)
        self.counts.add(item, result)
        self._number += 1
        if item.written and self.form is not None:
            fields = record(item, result, self.style)
            self._records.append(fields)
            self._size += sum(len(value) for value in fields.values() if isinstance(value, (str, bytes)))
            self._size += 10 * len(result.text) * bool(result.blocks)
        return result

    def _write(self, item: Item, result: Result) -> tuple[Result, str, int]:
        """Write a text; what hinders only this one is the page's error."""
        name = self.past.names.claim(item.name)
        data = (result.text + "\n" if result.text else "").encode("utf-8", "replace")
        try:
            write_whole(self.out / name, data)
        except OSError as error:
            if error.errno in _FATAL:
                with naming(self.out / name, "; what is done is kept, and the same command goes on from there"):
                    raise
            self.past.names.remove(name)
            return replace(result, status="error", text="", error=f"cannot write {shown(name)}: {why(error)}"), "", 0
        return result, name, len(data)

    def _commit(self) -> None:
        if not self._entries:
            return
        columns = list(dict.fromkeys(name for fields in self._records for name in fields))
        chunk = {
            "inputs": self._entries,
            "pages": self._rows,
            "counts": {**asdict(self.counts), "earlier": 0},
            "columns": columns,
        }
        form, records = self.form, self._records
        self.journal.commit(chunk, (lambda path: form.write_part(records, path)) if form and records else None)
        self.past.columns.update(dict.fromkeys(columns))
        self._clear()

    def _merge(self, path: Path) -> None:
        assert self.form is not None
        self.form.merge(self.journal.parts(), list(self.past.columns), path)
