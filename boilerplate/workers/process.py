"""A worker process as its parent sees it: started, given work, and killed if it does not reply in time."""

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

_PIPE_SIZE = 2**20
"""Bytes that the pipes hold, as many as Linux gives to anybody: a batch of pages is some two megabytes."""

_PROGRAM = (
    "import sys; sys.path[:] = [p for p in sys.path if p]\n"  # nothing is imported from the current folder
    "import pickle; sys.path[:] = pickle.load(sys.stdin.buffer)\n"
    "from boilerplate.workers.child import serve; serve()"
)

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Variables that keep a process to one thread, unless the user set them."""


class WorkerProcess:
    """A worker process and the pipes to it.

    Attributes
    ----------
    timed_out
        Whether it was killed because a reply took too long.
    """

    def __init__(self) -> None:
        self.timed_out = False
        environment = {**dict.fromkeys(_THREADS, "1"), **os.environ}
        with _block_interrupt():
            self._process = subprocess.Popen(
                [get_executable(), "-c", _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._replies = self._process.stdin, self._process.stdout
        with contextlib.suppress(ImportError, AttributeError, OSError):
            import fcntl

            for pipe in (self._requests, self._replies):
                fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_SIZE)

    def request(self, data: bytes, timeout: float | None) -> Any:
        """Send a pickled message and return the reply.

        Raises
        ------
        WorkerDiedError
            If there is no reply, or none within `timeout` seconds; the process has ended then.
        Exception
            Whatever the work raised.
        """
        timer = threading.Timer(timeout, self._time_out) if timeout is not None else None
        if timer is not None:
            timer.daemon = True
            timer.start()
        try:
            self._requests.write(data)
            self._requests.flush()
            reply = pickle.load(self._replies)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            self.kill()
            raise WorkerDiedError(
                "the worker process died on this page", self._exit_cause(), timed_out=self.timed_out
            ) from None
        finally:
            if timer is not None:
                timer.cancel()
        if reply[0] == DONE:
            return reply[1]
        if reply[0] == MEMORY:
            self.kill()
            raise WorkerDiedError("the worker process ran out of memory on this page", "MemoryError")
        raise reply[1] from RemoteError(reply[2])

    def is_alive(self) -> bool:
        """Whether the process is running."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process at once: it holds nothing that could be lost."""
        self._process.kill()
        self._process.wait()

    def _time_out(self) -> None:
        self.timed_out = True
        self._process.kill()

    def _exit_cause(self) -> str:
        code = self._process.returncode
        return f"signal {-code}" if code < 0 else f"exit status {code}"


class WorkerDiedError(Exception):
    """A worker process ended without a reply.

    Attributes
    ----------
    reason
        What to tell the user.
    cause
        How it ended: ``"signal 9"``.
    timed_out
        Whether it was killed because it took too long.
    """

    def __init__(self, reason: str, cause: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cause = cause
        self.timed_out = timed_out


class RemoteError(Exception):
    """The traceback of a worker process, as text."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


@contextlib.contextmanager
def _block_interrupt() -> Iterator[None]:
    """Block Ctrl-C in this thread: a process started here inherits that, and is not interrupted in its imports."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
