"""Entry point: parses, runs a command, turns what goes wrong into one line and a status."""

from __future__ import annotations

import argparse
import errno
import os
import signal
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from types import FrameType

from boilerplate.cli.console import message
from boilerplate.cli.parser import build

OK = 0
INTERNAL = 1
BAD_INPUT = 2
INTERRUPTED = 130
BROKEN_PIPE = 141

_WRITING = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

_MODULES = {"clean": "clean", "label": "label", "train": "train", "evaluate": "train"}


def program() -> int:
    """Run the program: `main`, but that Ctrl-C waits for imports, and ends it as the signal does.

    A shell says 130 either way, but a loop in Bash goes on with the next file
    after a program that chose this status itself.
    https://www.cons.org/cracauer/sigint.html
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _patient)
    status = main()
    if status == INTERRUPTED:
        sys.excepthook = lambda *_: None  # all is said
        raise KeyboardInterrupt
    return status


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    argv
        Arguments without the program's name; None takes those of the process.
    """
    args = build().parse_args(argv)
    command: str = args.command
    try:
        status: int = getattr(import_module(f"boilerplate.cli.{_MODULES[command]}"), command)(args)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        resumable = command == "clean" and args.output is not None
        say("interrupted: run the same command to resume" if resumable else "interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has gone; nor may Python's own flush at exit complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:
        if os.environ.get("BOILERPLATE_DEBUG"):
            raise
        from boilerplate.errors import BoilerplateError

        if isinstance(error, BoilerplateError):
            say(str(error))
            return BAD_INPUT
        if isinstance(error, OSError):
            say(f"{_name(error, args)}{error.strerror or error}")
            return BAD_INPUT
        say(f"internal error: {type(error).__name__}: {error} (BOILERPLATE_DEBUG=1 shows where)")
        return INTERNAL


def _name(error: OSError, args: argparse.Namespace) -> str:
    """The file that an error is about; where only writing can have failed (a full disk), what was written."""
    if error.filename is not None:
        return f"{error.filename}: "
    if error.errno in _WRITING:
        return f"{getattr(args, 'output', None) or 'standard output'}: "
    return ""


def _patient(number: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, but not inside an import: NumPy's takes it for an error of its own, or swallows it."""
    at = frame
    while at is not None and not at.f_code.co_filename.startswith("<frozen importlib"):
        at = at.f_back
    if at is None:
        signal.default_int_handler(number, frame)
    main_thread = threading.get_ident()  # that of signal handlers

    def again() -> None:
        if sys.platform == "win32":
            signal.raise_signal(number)
        else:
            signal.pthread_kill(main_thread, number)  # wakes it, too

    timer = threading.Timer(0.02, again)
    timer.daemon = True
    timer.start()


def say(what: str) -> None:
    """Write one line to standard error, after the program's name."""
    print(message(what), file=sys.stderr, flush=True)
