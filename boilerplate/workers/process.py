"""A worker process as its parent sees it: started, asked, and killed if it does not reply in time."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import threading
from collections.abc import Iterator
from multiprocessing.spawn import get_executable
from typing import Any

from boilerplate.workers.child import DONE, MEMORY

_PIPE = 2**20
"""Bytes of the pipe to a process, as many as Linux gives to anybody: a batch of pages is some two megabytes."""

_BOOT = (
    "import sys; sys.path[:] = [p for p in sys.path if p]\n"  # nothing is imported from the current folder
    "import pickle; sys.path[:] = pickle.load(sys.stdin.buffer)\n"
    "from boilerplate.workers.child import serve; serve()"
)

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Settings that keep a process to one thread, unless the user set them."""


class Process:
    """A process and the pipes to it."""

    def __init__(self) -> None:
        self.late = False
        environment = {**dict.fromkeys(_THREADS, "1"), **os.environ}
        with _deaf():
            self.process = subprocess.Popen(
                [get_executable(), "-c", _BOOT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._in, self._out = self.process.stdin, self.process.stdout
        with contextlib.suppress(ImportError, AttributeError, OSError):
            import fcntl

            for pipe in (self._in, self._out):
                fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)

    def ask(self, data: bytes, limit: float | None) -> Any:
        """Send a message and return what is replied.

        Raises
        ------
        DiedError
            If no reply came, or not within `limit` seconds: the process is gone then.
        """
        timer = threading.Timer(limit, self._expire) if limit is not None else None
        if timer is not None:
            timer.daemon = True
            timer.start()
        try:
            self._in.write(data)
            self._in.flush()
            reply = pickle.load(self._out)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            self.kill()
            raise DiedError("the worker process died on this page", self._how(), self.late) from None
        finally:
            if timer is not None:
                timer.cancel()
        if reply[0] == DONE:
            return reply[1]
        if reply[0] == MEMORY:
            self.kill()
            raise DiedError("the worker process ran out of memory on this page", "MemoryError", False)
        raise reply[1] from RemoteError(reply[2])

    def kill(self) -> None:
        """End the process at once: it holds nothing that could be lost."""
        self.process.kill()
        self.process.wait()

    def _expire(self) -> None:
        self.late = True
        self.process.kill()

    def _how(self) -> str:
        code = self.process.returncode
        return f"signal {-code}" if code < 0 else f"exit status {code}"


class DiedError(Exception):
    """A process is gone without a reply."""

    def __init__(self, reason: str, how: str, late: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.how = how
        self.late = late


class RemoteError(Exception):
    """The traceback of a worker process, as text."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Block Ctrl-C in this thread: a process started in it inherits that, and imports in peace."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
