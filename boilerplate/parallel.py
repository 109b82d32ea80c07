"""Batches of work spread over processes, and the manners of these: deaf to Ctrl-C, gone when their parent is."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from types import FrameType
from typing import Any, TypeVar
from uuid import uuid4

State = TypeVar("State")
Batch = TypeVar("Batch")
Done = TypeVar("Done")

_PIPE = 2**20
"""Bytes of the pipe to the workers: as much as Linux gives to anybody."""

_OWN = threading.local()


def spread(
    make: Callable[[], State], work: Callable[[State, Batch], Done], batches: Iterable[Batch], n_jobs: int
) -> Iterator[Done]:
    """Do work on batches in several processes; yields in order, and reads batches a few ahead.

    Parameters
    ----------
    make
        Makes what a process works with; called once a run in each of them.
    work
        Called with that and a batch. This and `make` are pickled.
    n_jobs
        Processes; -1 takes all cores.
    """
    from joblib import Parallel, delayed

    run = os.getpid(), uuid4().hex
    pool = Parallel(n_jobs=n_jobs, return_as="generator", batch_size=1)
    results = pool(delayed(_do)(run, make, work, batch) for batch in batches)
    _widen(pool)
    yield from results


def _do(run: tuple[int, str], make: Callable[[], State], work: Callable[[State, Batch], Done], batch: Batch) -> Done:
    if getattr(_OWN, "run", None) != run:
        _OWN.state, _OWN.run = make(), run
        if run[0] != os.getpid():
            gc.freeze()  # joblib's workers collect garbage each second: a fiftieth of their time, for what they imported
    return work(_OWN.state, batch)


def _widen(pool: Any) -> None:
    """Widen the pipe to joblib's workers, or leave it as it is where that cannot be done.

    A batch of pages is some two megabytes; through a pipe of 64 KB a worker is
    woken thirty times for each (two processes: 1.68 times one, so 1.79).
    joblib has no setting for it.
    """
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        import fcntl

        fcntl.fcntl(pool._backend._workers._call_queue._writer.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)


@contextlib.contextmanager
def workers(jobs: int) -> Iterator[None]:
    """Start joblib's processes for all `spread` in this; for programs, which own Ctrl-C.

    A terminal sends Ctrl-C to workers, too, and each would print a traceback;
    the parent alone is to stop. After ``kill -9`` a worker that waits for the
    rest of a message would wait for ever, and hold the terminal's pipes.
    """
    if jobs == 1:
        yield
        return
    from joblib import Parallel, delayed, effective_n_jobs, parallel_config

    with _deaf(), parallel_config("loky", inner_max_num_threads=1, initializer=_begin, initargs=(os.getpid(),)):
        with _held():
            Parallel(n_jobs=jobs)(delayed(int)() for _ in range(effective_n_jobs(jobs)))
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
def _held() -> Iterator[None]:
    """Hold a Ctrl-C back until this is over; a second one is let through.

    joblib does not bear one while it starts: threads are half begun, a worker
    is forked and not yet known.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    came: list[tuple[int, FrameType | None]] = []

    def hold(number: int, frame: FrameType | None) -> None:
        came.append((number, frame))
        if len(came) > 1:
            before(number, frame)

    signal.signal(signal.SIGINT, hold)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        before(*came[0])


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Block Ctrl-C where processes are forked: they inherit that, and import in peace.

    joblib has no setting for it; where its insides differ, nothing is done.
    """
    try:
        from joblib.externals.loky.backend import fork_exec as spawning  # imported anew at each fork

        fork = spawning.fork_exec
        mask = signal.pthread_sigmask
    except (ImportError, AttributeError):
        yield
        return

    def deaf(*args: Any, **kwargs: Any) -> Any:
        before = mask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return fork(*args, **kwargs)
        finally:
            mask(signal.SIG_SETMASK, before)

    spawning.fork_exec = deaf
    try:
        yield
    finally:
        spawning.fork_exec = fork
