"""Entry point: parses, runs a command, turns what goes wrong into one line and a status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from boilerplate.cli.parser import build

OK = 0
INTERNAL = 1
BAD_INPUT = 2
INTERRUPTED = 130
BROKEN_PIPE = 141

_MODULES = {"clean": "clean", "label": "label", "train": "train", "evaluate": "train"}


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
            say(f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error))
            return BAD_INPUT
        say(f"internal error: {type(error).__name__}: {error} (BOILERPLATE_DEBUG=1 shows where)")
        return INTERNAL


def say(what: str) -> None:
    """Write one line to standard error, after the program's name."""
    line = " ".join(what.split())
    print(f"boilerplate: {line}", file=sys.stderr, flush=True)
