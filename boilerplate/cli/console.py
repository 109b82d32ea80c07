"""What a terminal is shown: nothing that steers it, one line a message, a bar of progress.

Elsewhere progress is a line now and then, and texts are as they are.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

EVERY = 10.0
"""Seconds between two lines of progress where there is no terminal."""


LONGEST = 900
"""Characters of a message: names and values in it can be of any length."""

# Controls but newline and tab (a carriage return writes over a line), and what turns the direction of writing.
_STEERS = "\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_STEERING = re.compile(f"[{_STEERS}]")


def plain(text: str) -> str:
    """Leave out of a text what steers a terminal: escape sequences, bells, right-to-left overrides."""
    return _STEERING.sub("", text)


def message(what: str) -> str:
    """Make one line for standard error, after the program's name."""
    line = plain(" ".join(what.split()))
    if len(line) > LONGEST:
        line = f"{line[: LONGEST // 2]} … {line[-LONGEST // 2 :]}"
    return f"boilerplate: {line}"


class _Plain:
    """A terminal as a stream of bytes that takes UTF-8, whole characters a call."""

    def __init__(self, terminal: IO[bytes]) -> None:
        self._terminal = terminal

    def write(self, data: bytes) -> int:
        """Write what does not steer the terminal."""
        self._terminal.write(plain(data.decode("utf-8", "replace")).encode())
        return len(data)

    def flush(self) -> None:
        """See `io.IOBase`."""
        self._terminal.flush()


def standard_output() -> IO[bytes]:
    """Return standard output for texts of pages: as they are, but on a terminal without what steers it."""
    out: Any = sys.stdout.buffer
    return _Plain(out) if sys.stdout.isatty() else out  # type: ignore[return-value]


def show(text: str) -> None:
    """Print a text to standard output; on a terminal without what steers it."""
    print(plain(text) if sys.stdout.isatty() else text)


@contextmanager
def named(path: object) -> Iterator[None]:
    """Name a file in the errors of writing it: a full disk gives none."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


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
