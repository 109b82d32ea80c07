"""What earlier runs of a command did, held against the inputs and the output as they are now."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from boilerplate.batch.checkpoint import rows_of
from boilerplate.batch.names import Names
from boilerplate.batch.readers.codings import GZIP
from boilerplate.batch.readers.files import Folder
from boilerplate.batch.source import END, Input, Item, chain, why
from boilerplate.errors import InputError

_EDGE = 2**16
"""Bytes at both ends of a file that tell whether it is the same but for what was added."""

_ANEW = ": choose another OUT, or start anew with --overwrite"


class Past:
    """What is done, and what is left to do.

    Parameters
    ----------
    inputs
        Those of today.
    chunks
        Those of earlier runs, see `Journal`.
    finished
        Whether these came to their end.
    out
        The output, for messages.
    texts
        Whether it is a folder of texts: these are looked at then.

    Attributes
    ----------
    counts
        Pages by status so far, without those whose text is gone and will be made again.
    columns
        Names of the fields of all records so far.
    names
        Names of texts that are taken.

    Raises
    ------
    InputError
        If the output is of other inputs, or inputs or texts have changed since.
    """

    def __init__(
        self,
        inputs: list[Input],
        chunks: list[dict[str, Any]],
        out: Path,
        *,
        finished: bool = False,
        texts: bool = False,
    ) -> None:
        self.inputs = inputs
        self.finished = finished
        self.texts = texts
        self.out = out
        self.keys = _keys(inputs)
        self.stamps = [_stamp(one) for one in inputs]
        self.counts: dict[str, int] = {}
        self.columns: dict[str, None] = {}
        self.names = Names()
        self._known: dict[str, list[Any]] = {}
        self._done: dict[str, set[int]] = {}
        self._again: dict[str, set[str]] = {}
        for chunk in chunks:
            self._known.update(chunk["inputs"])
            self.columns.update(dict.fromkeys(chunk["columns"]))
            self.counts = dict(chunk["counts"])
        if texts:
            self._look(chunks)
        for key, row in rows_of(chunks):
            self._done.setdefault(key, set()).add(hash(row[0]))
        for key, again in self._again.items():
            self._done[key].difference_update(map(hash, again))
        self._fates = self._compare()

    def entry(self, item: Item) -> list[Any]:
        """What a chunk keeps of an item's input: its stamp, the cursor to go on from, whether it is through, its folder."""
        number = item.number
        key = self.keys[number]
        before = self._known.get(key)
        if before is not None and _ident(item, False) in self._again.get(key, ()):
            return before  # made again, somewhere before the cursor
        last = before[1] if before is not None else None
        end = item.cursor == END
        self._known[key] = [self.stamps[number], last if end else item.cursor, end, _place(self.inputs[number])]
        return self._known[key]

    def row(self, item: Item) -> list[Any] | None:
        """What a chunk keeps of a page, if it keeps anything: pages of a folder are known by their paths."""
        folder = isinstance(self.inputs[item.number], Folder)
        return [_ident(item, folder)] if folder or self.texts else None

    def items(self) -> Iterator[tuple[Item, float]]:
        """What is left to do, with the fraction of the run that lies behind each item."""
        return chain(self.inputs, self._left)

    def _left(self, number: int) -> Iterator[Item]:
        one, key, fate = self.inputs[number], self.keys[number], self._fates[number]
        known = self._known.get(key)
        if isinstance(one, Folder):
            done = self._done.get(key, set())
            one.skip = lambda path: hash(path) in done
            for item in one.items():
                if hash(_ident(item, True)) not in done:
                    yield item
        elif known is None or fate == "new":
            yield from one.items()
        elif again := self._again.get(key):
            yield from self._remade(one, known, again, fate)
        elif fate == "grown" or not (known[2] or self.finished):
            yield from one.items(known[1])

    def _remade(self, one: Input, known: list[Any], again: set[str], fate: str) -> Iterator[Item]:
        """Pages whose texts are gone, and what is left of the input."""
        beyond = False
        more = fate == "grown" or not (known[2] or self.finished)
        for item in one.items():
            if _ident(item, False) in again:
                item.skipped = []  # told before
                yield item
            elif beyond and more:
                yield item
            beyond = beyond or item.cursor == known[1]

    def _look(self, chunks: list[dict[str, Any]]) -> None:
        """Look at the texts that are said to be there."""
        wrong: dict[tuple[str, str], tuple[str, int, str]] = {}
        for key, (page, name, size, status) in ((key, row) for key, row in rows_of(chunks) if len(row) > 1):
            try:
                there = os.stat(self.out / name).st_size
            except OSError:
                there = -1
            if there == size:
                self.names.add(name)
                wrong.pop((key, page), None)
            else:
                wrong[key, page] = name, there, status
        for (key, page), (name, there, status) in wrong.items():
            if there >= 0:
                raise InputError(
                    f"{self.out / name}: has changed since it was written: delete it to have it made again, "
                    "or start anew with --overwrite"
                )
            self._again.setdefault(key, set()).add(page)
            self.counts[status] -= 1
            self.counts["written"] -= 1

    def _compare(self) -> list[str]:
        """Tell for each input whether it is new, the same as it was, or has grown."""
        other = self._known.keys() - set(self.keys)
        if other:
            raise InputError(f"{self.out}: was made from other inputs ({min(other)} among them){_ANEW}")
        fates = []
        for number, (one, key) in enumerate(zip(self.inputs, self.keys, strict=True)):
            known = self._known.get(key)
            fate = "new" if known is None else _fate(one, known[0], self.stamps[number])
            if fate == "changed":
                raise InputError(f"{one.path}: has changed since {self.out} was made from it{_ANEW}")
            if known is not None and self.texts and known[3] != _place(one):
                raise InputError(
                    f"{self.out}: the texts of {one.path} would go to another folder in it than before{_ANEW}"
                )
            if str(one.path) == "-" and known is not None and self.finished:
                raise InputError(
                    f"{self.out}: is there already; whether it was made from the same input cannot be told{_ANEW}"
                )
            if fate == "new" and known is not None:  # it was missing then, and counted as an error
                self.counts["error"] -= 1
            fates.append(fate)
        return fates


def _keys(inputs: list[Input]) -> list[str]:
    """Absolute paths; an input that is given twice is told from itself by a number."""
    times: Counter[str] = Counter()
    keys = []
    for one in inputs:
        path = os.path.abspath(one.path) if str(one.path) != "-" else "-"
        times[path] += 1
        keys.append(path if times[path] == 1 else f"{path} ({times[path]})")
    return keys


def _ident(item: Item, folder: bool) -> str:
    """What a page is called within its input."""
    return "/".join(item.cursor) if folder and isinstance(item.cursor, list) else json.dumps(item.cursor)


def _place(one: Input) -> str:
    """The folder below the output that an input's texts go to."""
    name: str = getattr(one, "prefix", getattr(one, "name", ""))
    return name.rpartition("/")[0]


def _stamp(one: Input) -> list[Any] | None:
    """Size and time of an input, and a checksum of both ends of a collection; None if it is not there."""
    try:
        if str(one.path) == "-" or one.path.is_dir():
            return [*getattr(one, "mark", ())]
        stat = one.path.stat()
        stamp = [stat.st_size, stat.st_mtime_ns]
        return [*stamp, _ends(one.path, stat.st_size)] if one.many else stamp
    except OSError:
        return None


def _ends(path: Path, size: int) -> str:
    with path.open("rb") as file:
        data = file.read(min(size, _EDGE))
        file.seek(max(size - _EDGE, 0))
        return hashlib.sha256(data + file.read(min(size, _EDGE))).hexdigest()


def _fate(one: Input, then: list[Any] | None, now: list[Any] | None) -> str:
    if then == now:
        return "same"
    if then is None:
        return "new"
    if now is None or len(then) != len(now) or len(now) < 3:
        return "changed"
    try:
        if now[0] == then[0] and now[2] == then[2]:  # touched
            return "same"
        if now[0] > then[0] and _ends(one.path, then[0]) == then[2] and _extends(one.path, then[0]):
            return "grown"
    except OSError as error:
        raise InputError(f"{one.path}: {why(error)}") from error
    return "changed"


def _extends(path: Path, size: int) -> bool:
    """Whether what comes after the first bytes of a file is more of the same: records, and no line's other half."""
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(max(size - 1, 0))
        return head != b"PAR1" and (head[:2] == GZIP or head == b"WARC" or file.read(1) == b"\n")
