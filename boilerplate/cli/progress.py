"""Progress on standard error: a bar on a terminal, elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

INTERVAL = 10.0
"""Seconds between two lines of progress where there is no terminal."""


class TerminalProgress:
    """Shows the progress of tasks, one after another (see `boilerplate.progress.Progress`)."""

    def __init__(self) -> None:
        self._what = ""
        self._unit = ""
        self._total: int | None = None
        self._is_estimate = False
        self._first = self._done = 0
        self._started = self._shown = 0.0
        self._bar: Any = None

    def __enter__(self) -> TerminalProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self, total: int | None, what: str, done: int = 0) -> None:
        """See `Progress`."""
        self.close()
        self._what = what
        self._total = total
        self._is_estimate = total is None
        self._unit = "page" if total is None else "step"
        self._first = self._done = done
        self._started = self._shown = time.monotonic()
        if sys.stderr.isatty():
            self._bar = _make_bar(desc=what, total=total, initial=done, unit=self._unit)

    def advance(self, fraction: float = 0.0) -> None:
        """See `Progress`."""
        self._done += 1
        if fraction > 0:
            self._total = max(self._done, round(self._done / min(fraction, 1.0)))
        if self._bar is not None:
            self._bar.total = self._total
            self._bar.update()
        elif (now := time.monotonic()) - self._shown >= INTERVAL:
            self._shown = now
            print(self._line(now), file=sys.stderr, flush=True)

    def print_line(self, line: str) -> None:
        """Print a line to standard error without breaking the bar."""
        if self._bar is not None:
            self._bar.clear()
        print(line, file=sys.stderr, flush=True)
        if self._bar is not None:
            self._bar.refresh()

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _line(self, now: float) -> str:
        rate = (self._done - self._first) / max(now - self._started, 1e-9)
        line = f"{self._what}: {self._done}"
        if self._total:
            about = "about " if self._is_estimate else ""
            line += f" of {about}{self._total} ({self._done / self._total:.0%})"
        line += f", {rate:.1f} {self._unit}s/s"
        if self._total and rate > 0:
            line += f", {format_duration((self._total - self._done) / rate)} left"
        return line


def _make_bar(**options: Any) -> Any:
    """Return a bar of tqdm; None in an installation for cleaning alone, which shows lines instead."""
    try:
        from tqdm import tqdm
    except ImportError:
        return None
    return tqdm(**options, dynamic_ncols=True, file=sys.stderr, leave=False)


def format_duration(seconds: float) -> str:
    """Write a duration as ``1:02:03`` or ``2:03``."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
