"""Batches of work spread over processes; one that dies or hangs costs the item that it was at, and nothing else.

Each process has a thread here that sends it a batch, waits for the reply, and
starts another process in its place if none comes. So it is always known which
batch a process was at, and a process can be killed without harm to the others.
"""

from __future__ import annotations

import pickle
import queue
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from boilerplate.errors import WorkerError
from boilerplate.workers.process import DiedError, Process

State = TypeVar("State")
Item = TypeVar("Item")
Done = TypeVar("Done")

AHEAD = 3
"""Batches a process that are read before the first of them is done."""

GRACE = 10.0
"""Seconds that a batch may take beyond the limit of one item: its items are then done one by one, each within the limit."""


def spread(
    make: Callable[[], State],
    work: Callable[[State, list[Item]], Done],
    batches: Iterable[list[Item]],
    n_jobs: int,
    *,
    timeout: float | None = None,
    lost: Callable[[str], Done] | None = None,
) -> Iterator[Done]:
    """Do work on batches in processes of their own; yields in order, and reads batches a few ahead.

    A batch whose process dies is tried again, then its items one by one, each
    twice; what `work` gives for a batch may so come in several pieces. The
    processes end with the iteration.

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
    lost
        Gives what stands for an item whose process died or took too long, from
        the reason; without it that is an error.

    Raises
    ------
    WorkerError
        If processes die as they start, or on an item and there is no `lost`.
    """
    crew = _Crew(make, work, processes(n_jobs), timeout, lost)
    window: deque[_Task[Item, Done]] = deque()
    source = iter(batches)
    more = True
    broken: Exception | None = None
    try:
        while True:
            while more and len(window) < AHEAD * crew.size:
                try:
                    window.append(crew.put(next(source)))
                except StopIteration:
                    more = False
                except Exception as error:  # raised when all that came before it is done
                    broken, more = error, False
            if not window:
                break
            yield from window.popleft().wait()
        if broken is not None:
            raise broken
    finally:
        crew.close()


def processes(n_jobs: int) -> int:
    """How many processes `n_jobs` stands for; negative numbers count from all cores, -1, downwards."""
    if n_jobs == 0:
        raise ValueError("n_jobs is a number of processes, or -1 for all cores")
    if n_jobs > 0:
        return n_jobs
    from joblib import cpu_count  # knows of containers' limits

    return int(max(cpu_count() + 1 + n_jobs, 1))


class _Task(Generic[Item, Done]):
    """A batch, and what comes of it."""

    def __init__(self, batch: list[Item]) -> None:
        self.batch = batch
        self.results: list[Done] = []
        self.error: BaseException | None = None
        self.done = threading.Event()

    def wait(self) -> list[Done]:
        while not self.done.wait(1.0):  # without a limit, Windows would not heed Ctrl-C
            pass
        if self.error is not None:
            raise self.error
        return self.results


class _Crew(Generic[State, Item, Done]):
    """The threads, a process each; they begin when there is something to do."""

    def __init__(
        self,
        make: Callable[[], State],
        work: Callable[[State, list[Item]], Done],
        size: int,
        timeout: float | None,
        lost: Callable[[str], Done] | None,
    ) -> None:
        self.size = size
        self.timeout = timeout
        self.lost = lost
        self.greeting = pickle.dumps(sys.path) + pickle.dumps((make, work))
        self.tasks: queue.SimpleQueue[_Task[Item, Done] | None] = queue.SimpleQueue()
        self.closed = False
        self.lock = threading.Lock()
        self.workers: set[Process] = set()
        self.threads: list[threading.Thread] = []

    def put(self, batch: list[Item]) -> _Task[Item, Done]:
        """Queue a batch."""
        task: _Task[Item, Done] = _Task(batch)
        self.tasks.put(task)
        if len(self.threads) < self.size:
            self.threads.append(threading.Thread(target=self._serve, daemon=True))
            self.threads[-1].start()
        return task

    def close(self) -> None:
        """End all processes, whatever they are at."""
        with self.lock:
            self.closed = True
            workers = list(self.workers)
        for worker in workers:
            worker.kill()
        for _ in self.threads:
            self.tasks.put(None)
        for thread in self.threads:
            thread.join(5.0)

    def start(self) -> Process:
        """Start a process and wait until it is ready; tries twice."""
        for attempt in (1, 2):
            with self.lock:
                if self.closed:
                    raise ClosedError
                worker = Process()
                self.workers.add(worker)
            try:
                worker.ask(self.greeting, None)
                return worker
            except DiedError as died:
                self.drop(worker)
                if attempt == 2:
                    raise WorkerError(f"a worker process dies as it starts ({died.how})") from None
            except BaseException:
                self.drop(worker)
                raise
        raise AssertionError

    def drop(self, worker: Process) -> None:
        """End a process."""
        worker.kill()
        with self.lock:
            self.workers.discard(worker)

    def _serve(self) -> None:
        seat = _Seat(self)
        while (task := self.tasks.get()) is not None and not self.closed:
            try:
                task.results = seat.do(task.batch)
            except BaseException as error:
                task.error = error
            task.done.set()


class _Seat(Generic[State, Item, Done]):
    """A place for one process after the other."""

    def __init__(self, crew: _Crew[State, Item, Done]) -> None:
        self.crew = crew
        self.worker: Process | None = None

    def do(self, batch: list[Item]) -> list[Done]:
        """Do a batch, if need be an item at a time."""
        limit = self.crew.timeout
        if len(batch) > 1:
            try:
                return [self._twice(batch, limit + GRACE if limit is not None else None)]
            except LostError:
                pass
        return [self._one([item], limit) for item in batch]

    def _one(self, batch: list[Item], limit: float | None) -> Done:
        try:
            return self._twice(batch, limit)
        except LostError as lost:
            if self.crew.lost is None:
                raise WorkerError(f"{lost.reason} ({lost.how})") from None
            return self.crew.lost(lost.reason)

    def _twice(self, batch: list[Item], limit: float | None) -> Done:
        """Do a batch; its process may die once, and may not take too long at all."""
        data = pickle.dumps(batch, pickle.HIGHEST_PROTOCOL)
        for attempt in (1, 2):
            if self.worker is None:
                self.worker = self.crew.start()
            try:
                done: Done = self.worker.ask(data, limit)
            except DiedError as died:
                if self.crew.closed:
                    raise ClosedError from None
                if died.late:
                    raise LostError(f"took longer than {self.crew.timeout:g} seconds", died.how) from None
                if attempt == 2:
                    raise LostError(died.reason, died.how) from None
            else:
                if self.worker.late:  # the time was up just after
                    self._leave()
                return done
            finally:
                if self.worker is not None and self.worker.process.poll() is not None:
                    self._leave()
        raise AssertionError

    def _leave(self) -> None:
        if self.worker is not None:
            self.crew.drop(self.worker)
            self.worker = None


class LostError(Exception):
    """A batch is given up."""

    def __init__(self, reason: str, how: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.how = how


class ClosedError(Exception):
    """All is over: nobody waits for this any more."""
