"""Checkpoints: finished chunks of a run wait in a folder until all are done, so that a killed run can resume.

``OUT.parts`` holds a manifest and a part for each chunk. A chunk's part is
written, put on the disk and renamed before its line is added to the manifest,
so a line means a complete chunk; a chunk whose line is torn or missing is done
again.

When all is done the manifest stays beside OUT as the record of how it was
made: ``.OUT.boilerplate.jsonl``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from boilerplate.batch.lock import FolderLock
from boilerplate.batch.manifest import Line, append_line, finished_pages, is_chunk, read_manifest, write_manifest
from boilerplate.errors import InputError
from boilerplate.files import atomic_write, input_errors

MANIFEST = "manifest.jsonl"
LOCK = "lock"
MERGED = "whole"
PARTIAL = ".tmp"

RESUMABLE = "; finished chunks are kept, and the same command resumes there"
_ADVICE = (
    "give that command, with the same options and the same release, choose another OUT, or start anew with --overwrite"
)


class Checkpoint:
    """What earlier runs of a command have finished, and what this run adds to it.

    Nothing is changed on the disk before `begin`.

    Parameters
    ----------
    out
        File, or folder of texts, that the run writes.
    command
        What identifies the run, but for its inputs: plain types.
    text_files
        Whether `out` is a folder of texts.
    overwrite
        Whether to replace what this command did not write.
    suffix
        Ending of the parts.

    Attributes
    ----------
    chunks
        What `commit` was given for each finished chunk.
    finished
        Whether a run of this command came to its end, and `out` is there.

    Raises
    ------
    InputError
        If the output or its parts are another command's or of unknown origin,
        or another run is writing them.
    """

    def __init__(
        self, out: Path, command: Any, *, text_files: bool = False, overwrite: bool = False, suffix: str = ".jsonl"
    ) -> None:
        self.out = out
        self.text_files = text_files
        self.overwrite = overwrite
        self.suffix = suffix
        self.folder, self.record = parts_folder(out), record_path(out)
        self.chunks: list[Line] = []
        self.finished = False
        self._manifest = self.folder / MANIFEST
        self._end = 0  # offset in the manifest at which the lines that count end
        self._another_run = f"{self.folder}: another run is writing {self.out.name}"
        self._lock = FolderLock(self.folder / LOCK, self._another_run)
        self._command = hashlib.sha256(json.dumps(command, sort_keys=True, default=str).encode()).hexdigest()
        with input_errors(self.folder):
            self._has_begun = self._manifest.exists()
            if self._has_begun:
                self._lock.acquire()
                lines, ends = read_manifest(self._manifest)
                if self._take_over(lines, f"{self.folder}: was begun by another command"):
                    self._end = self._drop_chunks_without_part(lines, ends)
            elif not overwrite and _has_content(out):
                self._read_record()

    def begin(self, reopen: Callable[[Path, Path], None] | None = None) -> None:
        """Get ready to add chunks.

        Parameters
        ----------
        reopen
            Turns a finished output (first) into a part (second).
        """
        with input_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self._lock.path.exists() and any(self.folder.iterdir()):
                raise InputError(f"{self.folder}: already exists and was not created by boilerplate")
            self._lock.acquire()
            if self._manifest.exists() != self._has_begun:
                raise InputError(self._another_run)
            if self._end:
                os.truncate(self._manifest, self._end)
            elif self.finished and self.text_files:
                self.record.replace(self._manifest)
            elif self.finished and reopen is not None:
                self._reopen(reopen)
            else:
                self._remove_parts()
                if self.text_files and self.overwrite:
                    _remove_texts(self.out, self.record)
                self.record.unlink(missing_ok=True)
                append_line(self._manifest, {"command": self._command})

    def forget(self) -> None:
        """Disregard earlier runs."""
        self.chunks, self.finished, self._end = [], False, 0

    def parts(self) -> list[Path]:
        """Return the parts of the finished chunks, in order."""
        return [self._part(i) for i, chunk in enumerate(self.chunks) if chunk["part"] is not None]

    def commit(self, chunk: Line, write: Callable[[Path], None] | None) -> None:
        """Add a finished chunk.

        Parameters
        ----------
        chunk
            What a later run has to know of it: plain types.
        write
            Writes the chunk's part to a path; None if there is nothing to merge.
        """
        part = self._part(len(self.chunks))
        with input_errors(part, RESUMABLE):
            if write is not None:
                with atomic_write(part, part.with_name(part.name + PARTIAL)) as partial:
                    write(partial)
            chunk = {**chunk, "part": part.stat().st_size if write is not None else None}
            append_line(self._manifest, chunk)
            self.chunks.append(chunk)

    def finish(self, merge: Callable[[Path], None] | None) -> None:
        """Merge the parts to the output, which appears at once and whole, and leave the record beside it."""
        with input_errors(self.out, RESUMABLE):
            if merge is not None:
                with atomic_write(self.out, self.folder / MERGED) as partial:
                    merge(partial)
            if merge is not None or (self.text_files and self.out.is_dir()):
                size = None if self.text_files else self.out.stat().st_size
                append_line(self._manifest, {"finished": True, "size": size})
                self._manifest.replace(self.record)
        self.discard()

    def discard(self) -> None:
        """Remove the parts: the manifest first, so that the rest is known to be waste, the lock last."""
        if not self._lock.path.exists():
            return
        with contextlib.suppress(OSError, InputError):
            self._lock.acquire()  # not while another run is at it
            self._remove_parts()
            self._lock.path.unlink()
            self.folder.rmdir()
        self.release()

    def release(self) -> None:
        """Let another run have the folder."""
        self._lock.release()

    def _take_over(self, lines: list[Line], otherwise: str) -> bool:
        """Take over the chunks of a manifest or a record, if they are this command's."""
        if lines and lines[0].get("command") == self._command:
            self.chunks = [line for line in lines[1:] if is_chunk(line)]
            return True
        if lines and not self.overwrite:
            self.release()
            raise InputError(f"{otherwise}: {_ADVICE}")
        return False

    def _drop_chunks_without_part(self, lines: list[Line], ends: list[int]) -> int:
        """Keep the chunks before the first whose part is missing; returns the offset at which their lines end."""
        number = 0
        for line, previous_end in zip(lines[1:], ends, strict=False):
            if not is_chunk(line):
                continue
            part = self._part(number)
            if line["part"] is not None and not (part.exists() and part.stat().st_size == line["part"]):
                del self.chunks[number:]
                return previous_end
            number += 1
        return ends[-1]

    def _read_record(self) -> None:
        """Take over the record of an output that is there."""
        if not self.record.exists():
            raise InputError(
                f"{self.out}: already exists, and no record says that this command wrote it: "
                "choose another OUT, or replace it with --overwrite"
            )
        lines, _ = read_manifest(self.record)
        self._take_over(lines or [{}], f"{self.out}: was written by another command")
        if not self.text_files and lines[-1].get("size") != self.out.stat().st_size:
            raise InputError(f"{self.out}: has changed since it was written: delete it, or replace it with --overwrite")
        self.finished = True

    def _reopen(self, reopen: Callable[[Path, Path], None]) -> None:
        """Turn the finished output into the first part, and its record into the manifest."""
        self._remove_parts()
        part = self._part(0)
        with atomic_write(part, part.with_name(part.name + PARTIAL)) as partial:
            reopen(self.out, partial)
        for i, chunk in enumerate(self.chunks):
            chunk["part"] = part.stat().st_size if i == 0 else None
        lines = [{"command": self._command}, *self.chunks]
        write_manifest(self._manifest, lines, self._manifest.with_name(MANIFEST + PARTIAL))

    def _part(self, number: int) -> Path:
        return self.folder / f"{number:06}{self.suffix}"

    def _remove_parts(self) -> None:
        self._manifest.unlink(missing_ok=True)
        (self.folder / MERGED).unlink(missing_ok=True)
        for path in self.folder.iterdir():
            if path.name.removesuffix(PARTIAL).endswith((self.suffix, ".jsonl")):
                path.unlink()


def parts_folder(out: Path) -> Path:
    """Return the folder in which the parts of an output wait."""
    named = _named(out)
    return named.with_name(f"{named.name}.parts")


def record_path(out: Path) -> Path:
    """Return the path of an output's record."""
    named = _named(out)
    return named.with_name(f".{named.name}.boilerplate.jsonl")


def _named(out: Path) -> Path:
    """Return a path that ends in the output's name, also for ``.`` and ``..``."""
    return out if out.name not in ("", "..") else Path(os.path.realpath(out))


def _remove_texts(out: Path, record: Path) -> None:
    """Remove the texts of an earlier run, except those that have changed since."""
    if not record.exists():
        return
    lines, _ = read_manifest(record)
    for _, page in finished_pages(line for line in lines if is_chunk(line)):
        if len(page) > 1 and page[1]:
            path = out / page[1]
            with contextlib.suppress(OSError):
                if path.stat().st_size == page[2]:
                    path.unlink()
                    for folder in path.relative_to(out).parents:
                        (out / folder).rmdir()  # until one is not empty


def _has_content(out: Path) -> bool:
    """Whether the output exists: a file, or a folder with something in it other than .gitkeep and the like."""
    if not out.is_dir():
        return os.path.lexists(out)
    return any(not path.name.startswith(".") for path in out.iterdir())
