"""The command ``datasets pull``: a shell around `boilerplate.pulling.pull.pull`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from boilerplate.cli.progress import TerminalProgress
from boilerplate.cli.status import BAD_INPUT, OK
from boilerplate.cli.terminal import print_message, strip_controls

_SHOWN = 20
"""Reasons for which pages failed that are told."""

_DESCRIPTION = """\
Rebuilds a dataset that the shipped models were trained on. Its labels ship with
boilerplate, its pages do not: they are fetched with git from the public
repositories that hold them, at the commits that the label file names, and
checked against its checksums. A repository whose commit is gone is searched
for other commits that have the page.

NAME is a shipped label file (id-portals, news-labelled, news-more, news-body) or the path
of one. Given again, the same command fetches what is still missing.

exit status: 0 all pages are there, 2 some are not (each with the reason on
standard error, the others are there and listed).
"""


def add_pull(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to those of ``datasets``."""
    pull = commands.add_parser(
        "pull",
        help="rebuild a dataset of the shipped models from public repositories",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    pull.add_argument("name", metavar="NAME", help="a shipped label file's name, or the path of one")
    pull.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="folder of the dataset")
    pull.add_argument(
        "--mirror",
        metavar="TEMPLATE",
        help="where repositories are, {repository} standing for owner/name: an address of https or an absolute path "
        "(default: https://github.com/{repository}.git)",
    )


def pull(args: argparse.Namespace) -> int:
    """Pull a dataset, and say what came and what did not."""
    from boilerplate.pulling.git import HOST
    from boilerplate.pulling.label_files import find_label_file
    from boilerplate.pulling.pull import pull as pull_dataset

    labels = find_label_file(args.name)
    with TerminalProgress() as progress:
        pulled = pull_dataset(labels, args.output, mirror=args.mirror or HOST, progress=progress)
    reasons = Counter(pulled.failed.values())
    page_of = {reason: name for name, reason in pulled.failed.items()}
    for reason, count in reasons.most_common(_SHOWN):
        print_message(f"{reason} ({count} pages)" if count > 1 else f"{page_of[reason]}: {reason}")
    if len(reasons) > _SHOWN:
        print_message(f"... and {len(reasons) - _SHOWN} reasons more")
    there = pulled.pages - len(pulled.failed)
    text = (
        f"{args.output}: {there} of {pulled.pages} pages "
        f"({pulled.fetched} fetched, {pulled.kept} there before, {len(pulled.failed)} missing)"
    )
    print(strip_controls(text), file=sys.stderr)
    return BAD_INPUT if pulled.failed else OK
