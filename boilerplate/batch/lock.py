"""A lock on a folder, so that two runs do not write to the same place."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from boilerplate.errors import InputError


class FolderLock:
    """A lock that one process can hold; it ends with the process, whatever ends that.

    Parameters
    ----------
    path
        The file that is locked; it stays when the lock is released.
    message
        Error if another process holds the lock.
    """

    def __init__(self, path: Path, message: str) -> None:
        self.path = path
        self.message = message
        self._file: IO[bytes] | None = None

    def acquire(self) -> None:
        """Take the lock, unless this process has it.

        Raises
        ------
        InputError
            If another process has it.
        """
        if self._file is not None:
            return
        self._file = self.path.open("ab")
        try:
            import fcntl
        except ImportError:  # Windows
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.release()
            raise InputError(self.message) from None

    def release(self) -> None:
        """Let another process have the lock."""
        if self._file is not None:
            self._file.close()
            self._file = None
