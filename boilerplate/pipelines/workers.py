"""Manners of joblib's worker processes: deaf to Ctrl-C, and gone when their parent is."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def workers(jobs: int) -> Iterator[None]:
    """Set joblib up for a run with that many processes.

    A terminal sends Ctrl-C to workers, too, and each would print a traceback;
    the parent alone is to stop. After ``kill -9`` a worker that waits for the
    rest of a message would wait for ever, and hold the terminal's pipes.
    """
    if jobs == 1:
        yield
        return
    from joblib import parallel_config

    with _deaf_from_birth(), parallel_config("loky", inner_max_num_threads=1, initializer=_begin, initargs=(os.getpid(),)):
        yield


def _begin(parent: int) -> None:
    """Run in each worker before its first task."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=look, daemon=True).start()


@contextlib.contextmanager
def _deaf_from_birth() -> Iterator[None]:
    """Let workers ignore Ctrl-C while they still import: they inherit it, if it is ignored as they fork.

    joblib has no setting for this; where its insides differ, nothing is done.
    """
    try:
        from joblib.externals.loky.backend import fork_exec as spawning  # imported anew at each fork

        fork = spawning.fork_exec
    except (ImportError, AttributeError):
        yield
        return

    def deaf(*args: Any, **kwargs: Any) -> Any:
        if threading.current_thread() is not threading.main_thread():
            return fork(*args, **kwargs)
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return fork(*args, **kwargs)
        finally:
            signal.signal(signal.SIGINT, before)

    spawning.fork_exec = deaf
    try:
        yield
    finally:
        spawning.fork_exec = fork
