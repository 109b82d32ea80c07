"""Compare what earlier runs of a command did with the inputs and the output as they are now."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from boilerplate.batch.manifest import Line, finished_pages
from boilerplate.batch.readers.base import END, Reader, SourcePage, read_all
from boilerplate.batch.readers.codings import GZIP
from boilerplate.batch.readers.folder import FolderReader
from boilerplate.batch.readers.zstd import ZSTD
from boilerplate.batch.text_names import TextNames
from boilerplate.errors import InputError
from boilerplate.files import error_reason

_EDGE = 2**16
"""Bytes at both ends of a file that tell whether it is the same but for what was added."""

_ADVICE = ": choose another OUT, or start anew with --overwrite"

Fingerprint = list[Any] | None
"""Size and time of an input, and a checksum of both ends of a collection; None if it was missing."""

Change = Literal["new", "same", "grown", "changed"]
"""How an input compares with what it was."""


class Resume:
    """What is done, and what is left to do.

    Parameters
    ----------
    readers
        The inputs of this run.
    chunks
        The chunks of earlier runs, see `Checkpoint`.
    finished
        Whether these came to their end.
    out
        The output, for messages.
    text_files
        Whether it is a folder of texts: these are checked then.

    Attributes
    ----------
    keys
        What each input is called in a manifest.
    counts
        Pages by status so far, except those whose text is missing and will be written again.
    columns
        Names of the fields of all records so far.
    text_names
        Names of texts that are taken.

    Raises
    ------
    InputError
        If the output was made from other inputs, or inputs or texts have changed since.
    """

    def __init__(
        self,
        readers: list[Reader],
        chunks: list[Line],
        out: Path,
        *,
        finished: bool = False,
        text_files: bool = False,
    ) -> None:
        self.readers = readers
        self.finished = finished
        self.text_files = text_files
        self.out = out
        self.keys = _keys(readers)
        self.fingerprints = [_fingerprint(reader) for reader in readers]
        self.counts: dict[str, int] = {}
        self.columns: dict[str, None] = {}
        self.text_names = TextNames()
        self._known: dict[str, list[Any]] = {}  # state of each input, by its key
        self._done: dict[str, set[int]] = {}  # hashes of the pages that are done, by input
        self._missing: dict[str, set[str]] = {}  # pages whose texts are missing, by input
        for chunk in chunks:
            self._known.update(chunk["inputs"])
            self.columns.update(dict.fromkeys(chunk["columns"]))
            self.counts = dict(chunk["counts"])
        if text_files:
            self._check_texts(chunks)
        for key, entry in finished_pages(chunks):
            self._done.setdefault(key, set()).add(hash(entry[0]))
        for key, missing in self._missing.items():
            self._done[key].difference_update(map(hash, missing))
        self._changes = self._compare()

    def input_state(self, page: SourcePage) -> list[Any]:
        """Return the state of a page's input after that page.

        A chunk keeps it: the input's fingerprint, the cursor to continue from,
        whether the input is exhausted, and the folder of its texts.
        """
        reader, key = self.readers[page.reader_index], self.keys[page.reader_index]
        before = self._known.get(key)
        if before is not None and _page_id(page, in_folder=False) in self._missing.get(key, ()):
            return before  # written again, somewhere before the cursor
        last = before[1] if before is not None else None
        is_last = page.cursor == END
        cursor = last if is_last else page.cursor
        self._known[key] = [self.fingerprints[page.reader_index], cursor, is_last, reader.text_folder]
        return self._known[key]

    def page_entry(self, page: SourcePage) -> list[Any] | None:
        """Return what a chunk keeps of a page, if anything: pages of a folder are known by their paths."""
        in_folder = isinstance(self.readers[page.reader_index], FolderReader)
        return [_page_id(page, in_folder)] if in_folder or self.text_files else None

    def remaining(self) -> Iterator[tuple[SourcePage, float]]:
        """Yield the pages that are left to do, each with the fraction of all inputs that has been read."""
        return read_all(self.readers, self._remaining_of)

    def _remaining_of(self, index: int) -> Iterator[SourcePage]:
        reader, key, change = self.readers[index], self.keys[index], self._changes[index]
        state = self._known.get(key)
        if isinstance(reader, FolderReader):
            done = self._done.get(key, set())
            reader.is_done = lambda path: hash(path) in done
            for page in reader.pages():
                if hash(_page_id(page, in_folder=True)) not in done:
                    yield page
            return
        if state is None or change == "new":
            yield from reader.pages()
            return
        has_more = change == "grown" or not (state[2] or self.finished)
        if missing := self._missing.get(key):
            yield from self._missing_and_rest(reader, state[1], missing, has_more)
        elif has_more:
            yield from reader.pages(state[1])

    @staticmethod
    def _missing_and_rest(reader: Reader, cursor: Any, missing: set[str], has_more: bool) -> Iterator[SourcePage]:
        """Yield the pages whose texts are missing, and those after the cursor if there are more."""
        is_beyond = False
        for page in reader.pages():
            if _page_id(page, in_folder=False) in missing:
                page.skipped = []  # reported before
                yield page
            elif is_beyond and has_more:
                yield page
            is_beyond = is_beyond or page.cursor == cursor

    def _check_texts(self, chunks: list[Line]) -> None:
        """Find the texts that are missing, and refuse any that have changed."""
        wrong: dict[tuple[str, str], tuple[str, int, str]] = {}
        for key, entry in finished_pages(chunks):
            if len(entry) == 1:
                continue
            page_id, name, size, status = entry
            try:
                found = os.stat(self.out / name).st_size
            except OSError:
                found = -1
            if found == size:
                self.text_names.add(name)
                wrong.pop((key, page_id), None)
            else:
                wrong[key, page_id] = name, found, status
        for (key, page_id), (name, found, status) in wrong.items():
            if found >= 0:
                raise InputError(
                    f"{self.out / name}: has changed since it was written: delete it to have it written again, "
                    "or start anew with --overwrite"
                )
            self._missing.setdefault(key, set()).add(page_id)
            self.counts[status] -= 1
            self.counts["written"] -= 1

    def _compare(self) -> list[Change]:
        """Compare each input with what it was; refuse those that have changed."""
        others = self._known.keys() - set(self.keys)
        if others:
            raise InputError(f"{self.out}: was made from other inputs ({min(others)} among them){_ADVICE}")
        changes: list[Change] = []
        for reader, key, fingerprint in zip(self.readers, self.keys, self.fingerprints, strict=True):
            state = self._known.get(key)
            if state is None:
                changes.append("new")
                continue
            change = _change(reader, state[0], fingerprint)
            if change == "changed":
                raise InputError(f"{reader.path}: has changed since {self.out} was made from it{_ADVICE}")
            if self.text_files and state[3] != reader.text_folder:
                raise InputError(
                    f"{self.out}: the texts of {reader.path} would go to another folder in it than before{_ADVICE}"
                )
            if reader.is_stdin and self.finished:
                raise InputError(
                    f"{self.out}: already exists; whether it was made from the same input cannot be known{_ADVICE}"
                )
            if change == "new":  # it was missing then, and counted as an error
                self.counts["error"] -= 1
            changes.append(change)
        return changes


def _keys(readers: list[Reader]) -> list[str]:
    """Return absolute paths; a number distinguishes an input that is given twice."""
    times: Counter[str] = Counter()
    keys = []
    for reader in readers:
        path = "-" if reader.is_stdin else os.path.abspath(reader.path)
        times[path] += 1
        keys.append(path if times[path] == 1 else f"{path} ({times[path]})")
    return keys


def _page_id(page: SourcePage, in_folder: bool) -> str:
    """Return what a page is called within its input."""
    return "/".join(page.cursor) if in_folder and isinstance(page.cursor, list) else json.dumps(page.cursor)


def _fingerprint(reader: Reader) -> Fingerprint:
    try:
        if reader.is_stdin or reader.path.is_dir():
            return reader.fingerprint()
        stat = reader.path.stat()
        size_and_time = [stat.st_size, stat.st_mtime_ns]
        return [*size_and_time, _checksum_of_ends(reader.path, stat.st_size)] if reader.many else size_and_time
    except OSError:
        return None


def _checksum_of_ends(path: Path, size: int) -> str:
    """Return a checksum of both ends of the first `size` bytes of a file."""
    with path.open("rb") as file:
        data = file.read(min(size, _EDGE))
        file.seek(max(size - _EDGE, 0))
        return hashlib.sha256(data + file.read(min(size, _EDGE))).hexdigest()


def _change(reader: Reader, before: Fingerprint, now: Fingerprint) -> Change:
    if before == now:
        return "same"
    if before is None:
        return "new"
    if now is None or len(before) != len(now) or len(now) < 3:
        return "changed"
    try:
        if now[0] == before[0] and now[2] == before[2]:  # only its time has changed
            return "same"
        if (
            now[0] > before[0]
            and _checksum_of_ends(reader.path, before[0]) == before[2]
            and _ends_with_record(reader.path, before[0])
        ):
            return "grown"
    except OSError as error:
        raise InputError(f"{reader.path}: {error_reason(error)}") from error
    return "changed"


def _ends_with_record(path: Path, size: int) -> bool:
    """Whether the first `size` bytes of a file may end with a complete record, so that others can follow."""
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(max(size - 1, 0))
        return head != b"PAR1" and (head[:2] == GZIP or head == ZSTD or head == b"WARC" or file.read(1) == b"\n")
