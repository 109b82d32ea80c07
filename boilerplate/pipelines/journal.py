"""A run that survives being killed: finished chunks wait in a folder until all are done.

``OUT.parts`` holds a manifest (a line for the command, a line a finished
chunk) and a file a chunk. A chunk's file is written, put on the disk and
renamed before its line is added, so a line means a whole chunk; a torn last
line and a file without a line are of a chunk that is done again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from boilerplate.errors import InputError
from boilerplate.pipelines.formats import sync

MANIFEST = "manifest.jsonl"
LOCK = "lock"
WHOLE = "whole"


class Journal:
    """The folder of parts of one output.

    Parameters
    ----------
    out
        File or folder that the run is to write.
    command
        What makes a run the same run: plain types.
    overwrite
        Whether to replace a finished output and to drop what another command began.

    Attributes
    ----------
    complete
        Whether `out` was there before; nothing is to be done then.
    chunks
        What `commit` was given for each finished chunk.

    Raises
    ------
    InputError
        If another command began the parts, another run is at it, or the
        folder cannot be made.
    """

    def __init__(self, out: Path, command: Any, *, overwrite: bool = False, suffix: str = ".jsonl") -> None:
        self.out = out
        self.folder = out.with_name(out.name + ".parts")
        self.suffix = suffix
        self.chunks: list[dict[str, Any]] = []
        self.complete = False
        self._lock: IO[bytes] | None = None
        mark = hashlib.sha256(json.dumps(command, sort_keys=True, default=str).encode()).hexdigest()
        manifest = self.folder / MANIFEST
        if not manifest.exists() and not overwrite and _there(out):
            self.complete = True
            self.discard()  # what is left of a run that was killed when all was done
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not (self.folder / LOCK).exists() and any(self.folder.iterdir()):
                raise InputError(f"{self.folder}: is in the way, and not of our making")
            self._take()
            if manifest.exists():
                lines, end = _whole_lines(manifest)
                if not lines or lines[0].get("command") != mark:
                    if lines and not overwrite:
                        raise InputError(
                            f"{self.folder}: was begun by another command, or its inputs have changed since: "
                            "give that command, choose another OUT, or start anew with --overwrite"
                        )
                    manifest.unlink()
                else:
                    self.chunks = lines[1:]
                    os.truncate(manifest, end)
            if not manifest.exists():
                self._append({"command": mark})
        except OSError as error:
            raise InputError(f"{error.filename or self.folder}: {error.strerror}") from error

    def parts(self) -> list[Path]:
        """Files of the finished chunks, in order."""
        return [self._part(i) for i, chunk in enumerate(self.chunks) if chunk.get("part")]

    def commit(self, chunk: dict[str, Any], write: Callable[[Path], None] | None) -> None:
        """Add a finished chunk.

        Parameters
        ----------
        chunk
            What a later run has to know of it: plain types.
        write
            Writes the chunk to the path that it is given; None if there is nothing to merge.
        """
        if write is not None:
            path = self._part(len(self.chunks))
            partial = path.with_name(path.name + ".tmp")
            write(partial)
            partial.replace(path)
        chunk = {**chunk, "part": write is not None}
        self._append(chunk)
        self.chunks.append(chunk)

    def finish(self, merge: Callable[[Path], None] | None) -> None:
        """Merge the chunks to the output, which appears at once and whole, and drop them."""
        if merge is not None:
            whole = self.folder / WHOLE
            merge(whole)
            whole.replace(self.out)
        self.discard()

    def discard(self) -> None:
        """Remove the parts: the manifest first, so that what is left is known to be waste, the lock last."""
        if not (self.folder / LOCK).exists():
            return
        waste = [self.folder / MANIFEST, self.folder / WHOLE]
        waste += [path for path in self.folder.iterdir() if path.name.removesuffix(".tmp").endswith(self.suffix)]
        with contextlib.suppress(OSError):
            for path in (*waste, self.folder / LOCK):
                path.unlink(missing_ok=True)
            self.folder.rmdir()
        self.release()

    def release(self) -> None:
        """Let another run have the folder."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _part(self, number: int) -> Path:
        return self.folder / f"{number:06}{self.suffix}"

    def _append(self, line: dict[str, Any]) -> None:
        with (self.folder / MANIFEST).open("ab") as file:
            file.write(json.dumps(line).encode() + b"\n")
            sync(file)

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


def _there(out: Path) -> bool:
    """Whether the output exists: a file, or a folder that is not empty."""
    return any(out.iterdir()) if out.is_dir() else out.exists()


def _whole_lines(path: Path) -> tuple[list[dict[str, Any]], int]:
    """Read the lines of a manifest up to the first that is torn, and where they end."""
    lines = []
    end = 0
    with path.open("rb") as file:
        for line in file:
            try:
                if not line.endswith(b"\n"):
                    break
                lines.append(json.loads(line))
            except ValueError:
                break
            end += len(line)
    return lines, end
