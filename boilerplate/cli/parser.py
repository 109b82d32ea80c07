"""The command line's parser. Imports little but argparse, so that ``--help`` is instant."""

from __future__ import annotations

import argparse
from typing import NoReturn

from boilerplate import __version__
from boilerplate.cli.cleaning_arguments import add_clean, add_inspect, add_label
from boilerplate.cli.datasets_arguments import add_datasets
from boilerplate.cli.model_arguments import add_annotate, add_evaluate, add_models, add_train
from boilerplate.cli.terminal import strip_controls


class _Parser(argparse.ArgumentParser):
    """Keeps what controls a terminal out of its errors: names that a pattern matches are arguments, too."""

    def error(self, message: str) -> NoReturn:
        super().error(strip_controls(" ".join(message.split())))


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = _Parser(
        prog="boilerplate",
        description="Keeps the article of Indonesian news pages and says which kind of noise the rest is.",
    )
    parser.add_argument("--version", action="version", version=f"boilerplate {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    add_clean(commands)
    add_label(commands)
    add_inspect(commands)
    add_annotate(commands)
    add_train(commands)
    add_evaluate(commands)
    add_datasets(commands)
    add_models(commands)
    return parser
