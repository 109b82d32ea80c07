"""The commands ``datasets ...``: each is in a file of its own."""

from __future__ import annotations

import argparse
from importlib import import_module


def datasets(args: argparse.Namespace) -> int:
    """Run one of them."""
    name: str = args.datasets_command
    status: int = getattr(import_module(f"boilerplate.cli.datasets_{name}"), name)(args)
    return status
