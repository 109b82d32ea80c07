"""Entry point: parses the arguments, runs a command, and turns errors into one line and an exit status."""

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

from boilerplate.cli.parser import make_parser
from boilerplate.cli.status import BAD_INPUT, BROKEN_PIPE, INTERNAL, INTERRUPTED
from boilerplate.cli.terminal import print_message

_TRAINING_STACK = {"sklearn", "scipy"}  # left out where boilerplate was installed for cleaning alone
_WRITE_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def program() -> int:
    """Run the program: `main`, except that Ctrl-C waits for imports, and ends the process as the signal does.

    A shell reports 130 either way, but a loop in Bash goes on with the next
    file after a program that chose this status itself.
    https://www.cons.org/cracauer/sigint.html
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt_after_imports)
    status = main()
    if status == INTERRUPTED:
        sys.excepthook = lambda *_: None  # the message is out
        raise KeyboardInterrupt
    return status


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    argv
        Arguments without the program's name; None takes those of the process.
    """
    args = make_parser().parse_args(argv)
    command: str = args.command
    try:
        status: int = getattr(import_module(f"boilerplate.cli.{command}"), command)(args)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        resumable = command == "clean" and args.output is not None
        print_message("interrupted: run the same command to resume" if resumable else "interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output is gone; Python's own flush at exit must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:
        if os.environ.get("BOILERPLATE_DEBUG"):
            raise
        return _report_error(error, args)


def _report_error(error: Exception, args: argparse.Namespace) -> int:
    """Print what went wrong, and return the exit status."""
    from boilerplate.errors import BoilerplateError
    from boilerplate.extras import lacking

    if isinstance(error, BoilerplateError):
        print_message(str(error))
        return BAD_INPUT
    if isinstance(error, OSError):
        reason = error.strerror or str(error)
        print_message(f"{_file_of(error, args)}{reason[:1].lower()}{reason[1:]}")
        return BAD_INPUT
    if isinstance(error, ModuleNotFoundError) and str(error.name).partition(".")[0] in _TRAINING_STACK:
        print_message(lacking(args.command, "scikit-learn"))
        return BAD_INPUT
    print_message(f"internal error: {type(error).__name__}: {error} (BOILERPLATE_DEBUG=1 shows where)")
    return INTERNAL


def _file_of(error: OSError, args: argparse.Namespace) -> str:
    """Return the file that an error is about; where only writing can have failed (a full disk), the output."""
    if error.filename is not None:
        return f"{error.filename}: "
    if error.errno in _WRITE_ERRORS:
        return f"{getattr(args, 'output', None) or 'standard output'}: "
    return ""


def _interrupt_after_imports(number: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, but not inside an import: NumPy's takes it for an error of its own, or swallows it."""
    caller = frame
    while caller is not None and not caller.f_code.co_filename.startswith("<frozen importlib"):
        caller = caller.f_back
    if caller is None:
        signal.default_int_handler(number, frame)
    main_thread = threading.get_ident()  # that of signal handlers

    def send_again() -> None:
        if sys.platform == "win32":
            signal.raise_signal(number)
        else:
            signal.pthread_kill(main_thread, number)  # wakes it, too

    timer = threading.Timer(0.02, send_again)
    timer.daemon = True
    timer.start()
