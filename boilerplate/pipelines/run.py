"""A run: items through the cleaner, in order, to a stream or to files that are whole or not there."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from boilerplate.parallel import workers
from boilerplate.pipelines.formats import CsvStream, Format, write_whole
from boilerplate.pipelines.items import Input, Item, chain
from boilerplate.pipelines.journal import Journal
from boilerplate.pipelines.rows import Style, record

if TYPE_CHECKING:
    from boilerplate.cleaner import Cleaner, Kind, Result

CHUNK = 256
"""Pages after which a chunk is put on the disk, ..."""
CHUNK_SECONDS = 30.0
"""... or seconds, ..."""
CHUNK_CHARACTERS = 32 * 2**20
"""... or characters of its pages' texts and carried fields."""

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
        self.skipped += item.skipped
        self.written += item.written
        if item.written or item.error:
            setattr(self, result.status, getattr(self, result.status) + 1)

    def summary(self) -> str:
        """Say it in a line."""
        line = f"{self.pages} page{'s' * (self.pages != 1)}: {self.ok} cleaned, {self.empty} empty, "
        line += f"{self.error} error{'s' * (self.error != 1)}"
        if self.skipped:
            line += f"; {self.skipped} records skipped that are no pages"
        if self.earlier:
            line += f" ({self.earlier} pages done by an earlier run)"
        return line


class Pages:
    """Items and their results, in order.

    The cleaner takes pages from the inputs ahead of what it gives back, maybe
    in another thread; items wait here for their results. Pages that could not
    be read, and blank ones, get theirs without it.
    """

    def __init__(
        self, items: Iterable[tuple[Item, float]], cleaner: Cleaner, kind: Kind, jobs: int, blocks: bool
    ) -> None:
        self._items = items
        self._cleaner = cleaner
        self._kind: Kind = kind
        self._jobs = jobs
        self._blocks = blocks
        self._waiting: deque[tuple[Item, float, bool]] = deque()
        self._broken: BaseException | None = None

    def __iter__(self) -> Iterator[tuple[Item, Result, float]]:
        with workers(self._jobs):
            results = self._cleaner.clean_many(self._feed(), kind=self._kind, n_jobs=self._jobs, blocks=self._blocks)
            for result in results:
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
        except Exception as error:  # must not be lost in joblib's thread
            self._broken = error

    def _unsent(self) -> Iterator[tuple[Item, Result, float]]:
        from boilerplate.cleaner import Result

        while self._waiting and not self._waiting[0][2]:
            item, fraction, _ = self._waiting.popleft()
            yield item, Result("error", error=item.error) if item.error else Result("empty"), fraction


def stream(
    pages: Iterable[tuple[Item, Result, float]], style: Style, out: IO[bytes], watch: Watch
) -> tuple[Counts, list[str]]:
    """Write results to a stream as they come.

    Returns
    -------
    counts, names of fields that CSV had no column for
    """
    from boilerplate.pipelines.formats import choose

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
            out.write(data)
            out.flush()
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
    """

    def __init__(self, out: Path, form: Format | None, style: Style, command: Any, overwrite: bool) -> None:
        self.out = out
        self.form = form
        self.style = style
        suffix = ".jsonl" if form is None else form.suffix
        self.journal = Journal(out, command, overwrite=overwrite, suffix=suffix)
        self.counts = Counts()
        self.columns: dict[str, None] = {}
        self.start, self.cursor = 0, None
        for chunk in self.journal.chunks:
            self.counts = Counts(**chunk["counts"])
            self.columns.update(dict.fromkeys(chunk["columns"]))
            self.start, self.cursor = chunk["input"], chunk["cursor"]
        self.counts.earlier = self.counts.pages
        self._clear()

    def items(self, inputs: list[Input]) -> Iterator[tuple[Item, float]]:
        """The items that are left to do."""
        return chain(inputs, self.start, self.cursor)

    def run(self, pages: Iterable[tuple[Item, Result, float]], watch: Watch) -> Counts:
        """Take all results, and finish the output.

        Finished chunks survive whatever ends this early; the one at hand is
        done again. Ctrl-C is no exception: it may come in the middle of a
        commit or of a count, and nothing may be put on the disk after it.
        """
        for item, result, fraction in pages:
            self._add(item, result)
            watch(item, result, fraction)
            full = self._number >= CHUNK or self._size >= CHUNK_CHARACTERS
            if full or time.monotonic() - self._began >= CHUNK_SECONDS:
                self._commit()
        self._commit()
        self.journal.finish(self._merge if self.form is not None and self.counts.written else None)
        return self.counts

    def _clear(self) -> None:
        self._records: list[dict[str, Any]] = []
        self._names: list[str] = []
        self._last: Item | None = None
        self._number = self._size = 0
        self._began = time.monotonic()

    def _add(self, item: Item, result: Result) -> None:
        self.counts.add(item, result)
        self._last = item
        self._number += 1
        if not item.written or (self.form is None and result.status == "error"):
            return
        row = record(item, result, self.style)
        self._records.append(row)
        self._names.append(item.name)
        self._size += sum(len(value) for value in row.values() if isinstance(value, (str, bytes)))
        if result.blocks:
            self._size += 10 * len(result.text)

    def _commit(self) -> None:
        if self._last is None:
            return
        columns = list(dict.fromkeys(name for row in self._records for name in row))
        counts = asdict(self.counts)
        counts["earlier"] = 0
        chunk = {"input": self._last.number, "cursor": self._last.cursor, "counts": counts, "columns": columns}
        if self.form is None:
            for name, row in zip(self._names, self._records, strict=True):
                text = row[self.style.text]
                write_whole(self.out / name, (text + "\n" if text else "").encode("utf-8", "replace"))
            self.journal.commit(chunk, None)
        else:
            form, records = self.form, self._records
            self.journal.commit(chunk, (lambda path: form.write_part(records, path)) if records else None)
        self.columns.update(dict.fromkeys(columns))
        self._clear()

    def _merge(self, path: Path) -> None:
        assert self.form is not None
        self.form.merge(self.journal.parts(), list(self.columns), path)
