"""The command ``datasets``: a group of commands, a module each."""

from __future__ import annotations

import argparse
from importlib import import_module
from keyword import iskeyword


def datasets(args: argparse.Namespace) -> int:
    """Run a command of the group: the function of its name in its module (``datasets_check.check``)."""
    command: str = args.datasets_command
    function = f"{command}_" if iskeyword(command) else command
    return int(getattr(import_module(f"boilerplate.cli.datasets_{command}"), function)(args))
