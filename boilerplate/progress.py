"""Progress of long tasks: reported by the code that works, shown by whoever started it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives the progress of tasks that follow one another."""

    def start(self, total: int | None, what: str, done: int = 0) -> None:
        """Begin a task.

        Parameters
        ----------
        total
            Number of steps; None if it is not known.
        what
            Name of the task, such as ``"reading pages"``.
        done
            Steps that an earlier run did.
        """

    def advance(self, fraction: float = 0.0) -> None:
        """Count one step; `fraction`, where the total is not known, is how much of the task is done."""


class NoProgress:
    """Progress that nobody looks at."""

    def start(self, total: int | None, what: str, done: int = 0) -> None:
        """See `Progress`."""

    def advance(self, fraction: float = 0.0) -> None:
        """See `Progress`."""


NO_PROGRESS = NoProgress()
