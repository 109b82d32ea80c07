"""Progress on standard error: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

EVERY = 10.0
"""Seconds between two lines of progress where there is no terminal."""


class Progress:
    """Counts steps and shows them.

    Parameters
    ----------
    what
        What is counted: ``"pages"``.
    total
        Number of steps, if known; `step` may also tell how far the run is.
    start
        Steps that an earlier run did.
    """

    def __init__(self, what: str, total: int | None = None, start: int = 0, unit: str = "page") -> None:
        self.what = what
        self.total = total
        self.start = self.done = start
        self.unit = unit
        self._began = self._shown = time.monotonic()
        self._bar: Any = None
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(
                desc=what, total=total, initial=start, unit=unit, dynamic_ncols=True, file=sys.stderr, leave=False
            )

    def step(self, fraction: float = 0.0) -> None:
        """Count a step; `fraction`, if given, is how much of the run is done."""
        self.done += 1
        if fraction > 0:
            self.total = max(self.done, round(self.done / min(fraction, 1.0)))
        if self._bar is not None:
            self._bar.total = self.total
            self._bar.update()
        elif (now := time.monotonic()) - self._shown >= EVERY:
            self._shown = now
            print(self._line(now), file=sys.stderr, flush=True)

    def write(self, line: str) -> None:
        """Print a line to standard error without breaking the bar."""
        if self._bar is not None:
            self._bar.clear()
        print(line, file=sys.stderr, flush=True)
        if self._bar is not None:
            self._bar.refresh()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _line(self, now: float) -> str:
        rate = (self.done - self.start) / max(now - self._began, 1e-9)
        line = f"{self.what}: {self.done}"
        if self.total:
            line += f" of {'' if self._exact() else 'about '}{self.total} ({self.done / self.total:.0%})"
        line += f", {rate:.1f} {self.unit}s/s"
        if self.total and rate > 0:
            line += f", {clock((self.total - self.done) / rate)} left"
        return line

    def _exact(self) -> bool:
        return self.unit != "page"


def clock(seconds: float) -> str:
    """Write a time as ``1:02:03`` or ``2:03``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def steps() -> Iterator[Callable[[int, str], Callable[[], None]]]:
    """Progress as training wants it: called with a total and a name, gives what to call at each step."""
    shown: list[Progress] = []

    def begin(total: int, what: str) -> Callable[[], None]:
        for old in shown:
            old.close()
        shown[:] = [Progress(what, total, unit="step")]
        return shown[0].step

    try:
        yield begin
    finally:
        for old in shown:
            old.close()
