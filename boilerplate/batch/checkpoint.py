"""A run that survives being killed: finished chunks wait in a folder until all are done.

``OUT.parts`` holds a manifest (a line for the command, a line a finished
chunk) and a file a chunk. A chunk's file is written, put on the disk and
renamed before its line is added, so a line means a whole chunk; a torn last
line and a file without a line are of a chunk that is done again.

When all is done the manifest stays beside OUT as the record of what that is:
``.OUT.boilerplate.jsonl``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from boilerplate.batch.writers import naming, sync
from boilerplate.errors import InputError

MANIFEST = "manifest.jsonl"
LOCK = "lock"
WHOLE = "whole"

_ANOTHER = (
    "give that command, with the same options and the same release, choose another OUT, or start anew with --overwrite"
)
_GOES_ON = "; what is done is kept, and the same command goes on from there"


class Journal:
    """What is known of one output: what earlier runs finished, and what this one does.

    Nothing is changed on the disk before `begin`.

    Parameters
    ----------
    out
        File, or folder of texts, that the run is to write.
    command
        What makes a run the same run, but for its inputs: plain types.
    texts
        Whether `out` is a folder of texts.
    overwrite
        Whether to replace what is not this command's own.
    suffix
        Of the files of parts.

    Attributes
    ----------
    chunks
        What `commit` was given for each finished chunk.
    finished
        Whether a run of this command came to its end, and `out` is there.

    Raises
    ------
    InputError
        If the output or its parts are of another command or of nobody knows
        whom, or another run is at it.
    """

    def __init__(
        self, out: Path, command: Any, *, texts: bool = False, overwrite: bool = False, suffix: str = ".jsonl"
    ) -> None:
        self.out = out
        self.texts = texts
        self.overwrite = overwrite
        self.suffix = suffix
        self.folder, self.record = beside(out)
        self.chunks: list[dict[str, Any]] = []
        self.finished = False
        self._manifest = self.folder / MANIFEST
        self._end = 0  # of the manifest's whole lines, if they are ours
        self._lock: IO[bytes] | None = None
        self._mark = hashlib.sha256(json.dumps(command, sort_keys=True, default=str).encode()).hexdigest()
        with naming(self.folder):
            self._begun = self._manifest.exists()
            if self._begun:
                self._take()
                lines, ends = _whole_lines(self._manifest)
                if self._ours(lines, f"{self.folder}: was begun by another command"):
                    self._end = self._cut(lines, ends)
            elif not overwrite and _there(out):
                self._finished()

    def begin(self, reopen: Callable[[Path, Path], None] | None = None) -> None:
        """Make ready to add chunks.

        Parameters
        ----------
        reopen
            Makes a part (second) of a finished file (first).
        """
        with naming(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            if not (self.folder / LOCK).exists() and any(self.folder.iterdir()):
                raise InputError(f"{self.folder}: is in the way, and not of our making")
            if self._lock is None:
                self._take()
            if self._manifest.exists() != self._begun:
                raise InputError(f"{self.folder}: another run is writing {self.out.name}")
            if self._end:
                os.truncate(self._manifest, self._end)
            elif self.finished and self.texts:
                self.record.replace(self._manifest)
            elif self.finished and reopen is not None:
                self._reopen(reopen)
            else:
                self._sweep()
                if self.texts and self.overwrite:
                    _remove_texts(self.out, self.record)
                self.record.unlink(missing_ok=True)
                self._append({"command": self._mark})

    def forget(self) -> None:
        """Take nothing over from earlier runs."""
        self.chunks, self.finished, self._end = [], False, 0

    def parts(self) -> list[Path]:
        """Files of the finished chunks, in order."""
        return [self._part(i) for i, chunk in enumerate(self.chunks) if chunk["part"] is not None]

    def commit(self, chunk: dict[str, Any], write: Callable[[Path], None] | None) -> None:
        """Add a finished chunk.

        Parameters
        ----------
        chunk
            What a later run has to know of it: plain types.
        write
            Writes the chunk to the path that it is given; None if there is nothing to merge.
        """
        path = self._part(len(self.chunks))
        with naming(path, _GOES_ON):
            if write is not None:
                partial = path.with_name(path.name + ".tmp")
                write(partial)
                partial.replace(path)
            chunk = {**chunk, "part": path.stat().st_size if write is not None else None}
            self._append(chunk)
            self.chunks.append(chunk)

    def finish(self, merge: Callable[[Path], None] | None) -> None:
        """Merge the chunks to the output, which appears at once and whole, and leave the record."""
        with naming(self.out, _GOES_ON):
            if merge is not None:
                whole = self.folder / WHOLE
                merge(whole)
                whole.replace(self.out)
            if merge is not None or (self.texts and self.out.is_dir()):
                self._append({"finished": True, "size": None if self.texts else self.out.stat().st_size})
                self._manifest.replace(self.record)
        self.discard()

    def discard(self) -> None:
        """Remove the parts: the manifest first, so that what is left is known to be waste, the lock last."""
        if not (self.folder / LOCK).exists():
            return
        with contextlib.suppress(OSError, InputError):
            if self._lock is None:
                self._take()  # not while another run is at it
            self._sweep()
            (self.folder / LOCK).unlink()
            self.folder.rmdir()
        self.release()

    def release(self) -> None:
        """Let another run have the folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _ours(self, lines: list[dict[str, Any]], otherwise: str) -> bool:
        """Take over the lines of a manifest or a record, if they are this command's."""
        if lines and lines[0].get("command") == self._mark:
            self.chunks = [line for line in lines[1:] if "inputs" in line]
            return True
        if lines and not self.overwrite:
            self.release()
            raise InputError(f"{otherwise}: {_ANOTHER}")
        return False

    def _cut(self, lines: list[dict[str, Any]], ends: list[int]) -> int:
        """Keep the chunks up to the first whose part is gone; returns where their lines end."""
        number = 0
        for line, before in zip(lines[1:], ends, strict=False):
            if "inputs" not in line:
                continue
            part = self._part(number)
            if line["part"] is not None and not (part.exists() and part.stat().st_size == line["part"]):
                del self.chunks[number:]
                return before
            number += 1
        return ends[-1]

    def _finished(self) -> None:
        """Take over the record of an output that is there."""
        if not self.record.exists():
            raise InputError(
                f"{self.out}: is there already, and no record tells that this command wrote it: "
                "choose another OUT, or replace it with --overwrite"
            )
        lines, _ = _whole_lines(self.record)
        self._ours(lines or [{}], f"{self.out}: was written by another command")
        if not self.texts and lines[-1].get("size") != self.out.stat().st_size:
            raise InputError(
                f"{self.out}: has changed since it was written: delete it or give --overwrite to have it written anew"
            )
        self.finished = True

    def _reopen(self, reopen: Callable[[Path, Path], None]) -> None:
        """Make the finished file the first part, and its record the manifest."""
        self._sweep()
        reopen(self.out, self._part(0))
        for i, chunk in enumerate(self.chunks):
            chunk["part"] = self._part(0).stat().st_size if i == 0 else None
        partial = self._manifest.with_name(MANIFEST + ".tmp")
        with partial.open("wb") as file:
            file.write(b"".join(json.dumps(line).encode() + b"\n" for line in ({"command": self._mark}, *self.chunks)))
            sync(file)
        partial.replace(self._manifest)

    def _part(self, number: int) -> Path:
        return self.folder / f"{number:06}{self.suffix}"

    def _append(self, line: dict[str, Any]) -> None:
        with self._manifest.open("ab") as file:
            file.write(json.dumps(line).encode() + b"\n")
            sync(file)

    def _sweep(self) -> None:
        self._manifest.unlink(missing_ok=True)
        (self.folder / WHOLE).unlink(missing_ok=True)
        for path in self.folder.iterdir():
            if path.name.removesuffix(".tmp").endswith((self.suffix, ".jsonl")):
                path.unlink()

    def _take(self) -> None:
        self._lock = (self.folder / LOCK).open("ab")
        try:
            import fcntl
        except ImportError:  # Windows
            return
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.release()
            raise InputError(f"{self.folder}: another run is writing {self.out.name}") from None


def beside(out: Path) -> tuple[Path, Path]:
    """Where the parts of an output are, and its record."""
    named = out if out.name not in ("", "..") else Path(os.path.realpath(out))
    return named.with_name(f"{named.name}.parts"), named.with_name(f".{named.name}.boilerplate.jsonl")


def rows_of(chunks: list[dict[str, Any]]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the pages that chunks tell of, each with the key of its input."""
    for chunk in chunks:
        for key, rows in chunk["pages"].items():
            for row in rows:
                yield key, row


def _remove_texts(out: Path, record: Path) -> None:
    """Remove the texts of an earlier run, as far as they are as it left them."""
    if not record.exists():
        return
    lines, _ = _whole_lines(record)
    for _, row in rows_of([line for line in lines if "pages" in line]):
        if len(row) > 1 and row[1]:
            path = out / row[1]
            with contextlib.suppress(OSError):
                if path.stat().st_size == row[2]:
                    path.unlink()
                    for folder in path.relative_to(out).parents:
                        (out / folder).rmdir()  # until one is not empty


def _there(out: Path) -> bool:
    """Whether the output exists: a file, or a folder with something in it (.gitkeep and the like do not count)."""
    if not out.is_dir():
        return os.path.lexists(out)
    return any(not path.name.startswith(".") for path in out.iterdir())


def _whole_lines(path: Path) -> tuple[list[dict[str, Any]], list[int]]:
    """Read the lines of a manifest up to the first that is torn, and where each ends."""
    lines = []
    ends: list[int] = []
    with path.open("rb") as file:
        for line in file:
            try:
                if not line.endswith(b"\n"):
                    break
                lines.append(json.loads(line))
            except ValueError:
                break
            ends.append(ends[-1] + len(line) if ends else len(line))
    return lines, ends
