"""A pool of worker processes; one that dies or hangs costs the item that it was working on, and nothing else.

Each process has a thread here that sends it a batch, waits for the reply, and
starts another process in its place if none comes. So it is always known which
batch a process is working on, and a process can be killed without harm to the
others.
"""

from __future__ import annotations

import os
import pickle
import queue
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from boilerplate.errors import WorkerError
from boilerplate.workers.process import WorkerDiedError, WorkerProcess

State = TypeVar("State")
Item = TypeVar("Item")
Output = TypeVar("Output")

QUEUE_LENGTH = 3
"""Batches that are read ahead for each process."""

GRACE = 10.0
"""Seconds that a batch may take beyond the limit of one item; then its items are done one by one, each within it."""

_ATTEMPTS = 2


def map_batches(
    make: Callable[[], State],
    work: Callable[[State, list[Item]], Output],
    batches: Iterable[list[Item]],
    n_jobs: int,
    *,
    timeout: float | None = None,
    on_failure: Callable[[str], Output] | None = None,
) -> Iterator[Output]:
    """Do work on batches in worker processes; yields in order, and reads batches a few ahead.

    A batch whose process dies is tried again, then its items one by one, each
    twice; so several outputs may come of one batch. The processes end with the
    iteration.

    Parameters
    ----------
    make
        Makes what a process works with; called once in each of them.
    work
        Called with that and a batch. This and `make` are pickled.
    n_jobs
        Processes; -1 takes all cores.
    timeout
        Seconds that an item may take; None for no limit.
    on_failure
        Called with the reason, returns the output for an item whose process
        died or took too long; without it that is an error.

    Raises
    ------
    WorkerError
        If processes die as they start, or on an item and there is no `on_failure`.
    """
    pool = WorkerPool(make, work, worker_count(n_jobs), timeout, on_failure)
    waiting: deque[_Task[Item, Output]] = deque()
    source = iter(batches)
    has_more = True
    read_error: Exception | None = None
    try:
        while True:
            while has_more and len(waiting) < QUEUE_LENGTH * pool.size:
                try:
                    waiting.append(pool.submit(next(source)))
                except StopIteration:
                    has_more = False
                except Exception as error:  # raised once all batches before it are done
                    read_error, has_more = error, False
            if not waiting:
                break
            yield from waiting.popleft().wait()
        if read_error is not None:
            raise read_error
    finally:
        pool.close()


def worker_count(n_jobs: int) -> int:
    """Return how many processes `n_jobs` stands for; negative numbers count down from all cores, -1."""
    if n_jobs == 0:
        raise ValueError("n_jobs is a number of processes, or -1 for all cores")
    if n_jobs > 0:
        return n_jobs
    return max(_core_count() + 1 + n_jobs, 1)


def _core_count() -> int:
    """Return how many cores this process may use."""
    try:
        from joblib import cpu_count  # respects the limits of containers, too
    except ImportError:  # an installation for cleaning alone
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1
    return int(cpu_count())


class _Task(Generic[Item, Output]):
    """A batch and its outputs."""

    def __init__(self, batch: list[Item]) -> None:
        self.batch = batch
        self.outputs: list[Output] = []
        self.error: BaseException | None = None
        self.done = threading.Event()

    def wait(self) -> list[Output]:
        while not self.done.wait(1.0):  # without a limit, Windows would not react to Ctrl-C
            pass
        if self.error is not None:
            raise self.error
        return self.outputs


class WorkerPool(Generic[State, Item, Output]):
    """Threads with a worker process each, which start when there is something to do.

    Parameters
    ----------
    size
        Number of processes.
    make, work, timeout, on_failure
        See `map_batches`.
    """

    def __init__(
        self,
        make: Callable[[], State],
        work: Callable[[State, list[Item]], Output],
        size: int,
        timeout: float | None,
        on_failure: Callable[[str], Output] | None,
    ) -> None:
        self.size = size
        self.timeout = timeout
        self.on_failure = on_failure
        self.closed = False
        self._setup = pickle.dumps(sys.path) + pickle.dumps((make, work))
        self._tasks: queue.SimpleQueue[_Task[Item, Output] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._processes: set[WorkerProcess] = set()
        self._threads: list[threading.Thread] = []

    def submit(self, batch: list[Item]) -> _Task[Item, Output]:
        """Queue a batch."""
        task: _Task[Item, Output] = _Task(batch)
        self._tasks.put(task)
        if len(self._threads) < self.size:
            self._threads.append(threading.Thread(target=self._run_tasks, daemon=True))
            self._threads[-1].start()
        return task

    def close(self) -> None:
        """End all processes, whatever they are doing."""
        with self._lock:
            self.closed = True
            processes = list(self._processes)
        for process in processes:
            process.kill()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join(5.0)

    def start_process(self) -> WorkerProcess:
        """Start a process and wait until it is ready; tries twice."""
        for attempt in range(_ATTEMPTS):
            with self._lock:
                if self.closed:
                    raise PoolClosedError
                process = WorkerProcess()
                self._processes.add(process)
            try:
                process.request(self._setup, None)
                return process
            except WorkerDiedError as died:
                self.end_process(process)
                if attempt + 1 == _ATTEMPTS:
                    raise WorkerError(f"worker processes die as they start ({died.cause})") from None
            except BaseException:
                self.end_process(process)
                raise
        raise AssertionError

    def end_process(self, process: WorkerProcess) -> None:
        """End a process."""
        process.kill()
        with self._lock:
            self._processes.discard(process)

    def _run_tasks(self) -> None:
        slot = _Slot(self)
        while (task := self._tasks.get()) is not None and not self.closed:
            try:
                task.outputs = slot.run(task.batch)
            except BaseException as error:
                task.error = error
            task.done.set()


class _Slot(Generic[State, Item, Output]):
    """The place of one process in the pool, which another takes if it dies."""

    def __init__(self, pool: WorkerPool[State, Item, Output]) -> None:
        self._pool = pool
        self._process: WorkerProcess | None = None

    def run(self, batch: list[Item]) -> list[Output]:
        """Do a batch, item by item if it cannot be done at once."""
        timeout = self._pool.timeout
        if len(batch) > 1:
            try:
                return [self._request(batch, timeout + GRACE if timeout is not None else None)]
            except BatchFailedError:
                pass
        return [self._run_item(item) for item in batch]

    def _run_item(self, item: Item) -> Output:
        try:
            return self._request([item], self._pool.timeout)
        except BatchFailedError as failed:
            if self._pool.on_failure is None:
                raise WorkerError(f"{failed.reason} ({failed.cause})") from None
            return self._pool.on_failure(failed.reason)

    def _request(self, batch: list[Item], timeout: float | None) -> Output:
        """Do a batch; its process may die once, but may not time out."""
        data = pickle.dumps(batch, pickle.HIGHEST_PROTOCOL)
        for attempt in range(_ATTEMPTS):
            if self._process is None:
                self._process = self._pool.start_process()
            try:
                output: Output = self._process.request(data, timeout)
            except WorkerDiedError as died:
                if self._pool.closed:
                    raise PoolClosedError from None
                if died.timed_out:
                    reason = f"took longer than {self._pool.timeout:g} seconds"
                    raise BatchFailedError(reason, died.cause) from None
                if attempt + 1 == _ATTEMPTS:
                    raise BatchFailedError(died.reason, died.cause) from None
            else:
                if self._process.timed_out:  # just after the reply
                    self._end_process()
                return output
            finally:
                if self._process is not None and not self._process.is_alive():
                    self._end_process()
        raise AssertionError

    def _end_process(self) -> None:
        if self._process is not None:
            self._pool.end_process(self._process)
            self._process = None


class BatchFailedError(Exception):
    """A batch is given up.

    Attributes
    ----------
    reason, cause
        See `WorkerDiedError`.
    """

    def __init__(self, reason: str, cause: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cause = cause


class PoolClosedError(Exception):
    """The pool was closed: nobody waits for this batch."""
