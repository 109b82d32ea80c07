"""Output to a terminal, which texts and messages must not control, and elsewhere as it is."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

MAX_MESSAGE = 900
"""Characters of a message: names and values in it can be of any length."""

# Control characters but newline and tab (a carriage return overwrites a line), and those that change the direction
# of writing.
_CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def strip_controls(text: str) -> str:
    """Remove from a text what controls a terminal: escape sequences, bells, right-to-left overrides."""
    return _CONTROLS.sub("", text)


def format_message(text: str) -> str:
    """Make one line for standard error, after the program's name."""
    line = strip_controls(" ".join(text.split()))
    if len(line) > MAX_MESSAGE:
        line = f"{line[: MAX_MESSAGE // 2]} … {line[-MAX_MESSAGE // 2 :]}"
    return f"boilerplate: {line}"


def print_message(text: str) -> None:
    """Print one line to standard error, after the program's name."""
    print(format_message(text), file=sys.stderr, flush=True)


class _TerminalStream:
    """A terminal as a stream of bytes that takes UTF-8, whole characters a call."""

    def __init__(self, terminal: IO[bytes]) -> None:
        self._terminal = terminal

    def write(self, data: bytes) -> int:
        """Write data without what controls the terminal."""
        self._terminal.write(strip_controls(data.decode("utf-8", "replace")).encode())
        return len(data)

    def flush(self) -> None:
        """See `io.IOBase`."""
        self._terminal.flush()


def standard_output() -> IO[bytes]:
    """Return standard output for texts of pages: unchanged, but on a terminal without what controls it."""
    out: Any = sys.stdout.buffer
    return _TerminalStream(out) if sys.stdout.isatty() else out  # type: ignore[return-value]


def print_text(text: str) -> None:
    """Print a text to standard output; on a terminal without what controls it."""
    print(strip_controls(text) if sys.stdout.isatty() else text)


@contextmanager
def name_in_errors(path: object) -> Iterator[None]:
    """Name a file in the errors of writing it: those of a full disk have no name."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise
