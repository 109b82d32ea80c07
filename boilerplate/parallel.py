"""Batches of work spread over processes."""

from __future__ import annotations

import contextlib
import gc
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from uuid import uuid4

State = TypeVar("State")
Batch = TypeVar("Batch")
Done = TypeVar("Done")

_PIPE = 2**20
"""Bytes of the pipe to the workers: as much as Linux gives to anybody."""

_OWN = threading.local()


def spread(make: Callable[[], State], work: Callable[[State, Batch], Done], batches: Iterable[Batch], n_jobs: int) -> Iterator[Done]:
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
