"""The arguments of the group of commands ``datasets``. Imports nothing but argparse (see `boilerplate.cli.parser`)."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

_CHECK_DESCRIPTION = """\
Reads labelled pages as training does and says what is wrong with them, all at
once: fields of the lists, XPaths that find nothing, pages that do not read,
pages listed or shown twice, stories that two portals have nearly alike, too
few portals to hold one out. Compares the labels with a model, and counts the
words a label and portal.

exit status: 1 there are errors, 0 there are none (warnings or not), 2 an
argument is no dataset.
"""


def add_datasets(commands: Any, parse_jobs: Callable[[str], int]) -> None:
    """Add the group, and a parser for each of its commands.

    Parameters
    ----------
    commands
        Of the whole command line.
    parse_jobs
        Reads the value of ``--jobs``.
    """
    group = commands.add_parser(
        "datasets", help="check labelled pages", description="Commands for datasets: folders of labelled pages."
    )
    group_commands = group.add_subparsers(dest="datasets_command", metavar="COMMAND", required=True)
    _add_check(group_commands, parse_jobs)


def _add_check(commands: Any, parse_jobs: Callable[[str], int]) -> None:
    check = commands.add_parser(
        "check",
        help="say what is wrong with datasets, and count their labels",
        description=_CHECK_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument("datasets", nargs="+", metavar="DATASET", help="folder with a pages.jsonl, or of labelled texts")
    model = check.add_mutually_exclusive_group()
    model.add_argument("-m", "--model", metavar="MODEL", help="to compare the labels with (default: the shipped model)")
    model.add_argument("--no-model", action="store_true", help="compare the labels with none")
    check.add_argument("--all", action="store_true", help="show all suspicious labels (default: 20)")
    check.add_argument("--json", action="store_true", help="print all that was found as one JSON object")
    check.add_argument(
        "--outside", action="store_true", help="let a dataset name pages outside of its folder: any file of yours"
    )
    check.add_argument(
        "--jobs", type=parse_jobs, default=-1, metavar="N", help="processes that read pages (default: -1, all cores)"
    )
