"""The arguments of the group of commands ``datasets``. Imports little but argparse (see `boilerplate.cli.parser`)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from boilerplate.cli.datasets_pull import add_pull
from boilerplate.cli.values import parse_jobs

_CHECK_DESCRIPTION = """\
Reads labelled pages as training does and says what is wrong with them, all at
once: fields of the lists, XPaths that find nothing, pages that do not read,
pages listed or shown twice, stories that two portals have nearly alike, too
few portals to hold one out. Compares the labels with a model, and counts the
words a label and portal.

exit status: 1 there are errors, 0 there are none (warnings or not), 2 an
argument is no dataset.
"""

_RULES_DESCRIPTION = """\
Labels a portal's pages by rules and writes them as a dataset. A line of RULES
is a label, a selector of CSS or an XPath, and perhaps a regex that its text
must hold, separated by tabs:

  body     div.detail__body-text
  related  div.detail__body-text > p         ^(baca|simak) juga
  latest   //h3[.='Terkini']/following-sibling::ul
  meta     text::div.detail__body-text       ^\\([a-z/]+\\)$

An XPath begins with "/", "(" or "xpath::"; "text::" takes the text nodes right
inside of what the selector finds. The deepest element's label holds, and the
later of two rules for one element; what no rule finds is chrome. A line [glob]
begins rules for pages whose path or address it matches, [*] for all again, "#"
a comment. Rules compute: use those that you trust.

Pages that cannot be read, or take more than a minute, are named and left out.
"""

_EXPORT_DESCRIPTION = """\
Writes a dataset for Label Studio: tasks.json, its pages as HyperText or its
texts as Text, with their labels as predictions; and config.xml, the labelling
interface of the project. Pages are shown without their looks and scripts.
"""

_IMPORT_DESCRIPTION = """\
Makes a dataset of what was labelled elsewhere.

--from label-studio: FILE is an export of Label Studio (JSON) of tasks that
datasets export made; --pages names the dataset that was exported. The last
annotation of each task counts, a task without any is left out.

--from bodies: FILE is CSV or JSON lines with the body's text of pages (field
body, or --column) and the page itself (html), its file (page, in the folder
--pages, by default that of FILE) or its address (url: the page in --pages that
gives it as its own). Each block is body if it stands in the text, in order;
the others are labelled by a model, or not at all (--body-only: the dataset
then gives the body's text alone). The share of the texts that was found is
printed.
"""


def add_datasets(commands: Any) -> None:
    """Add the group, and a parser for each of its commands."""
    group = commands.add_parser(
        "datasets",
        help="check datasets, make them by rules, exchange and rebuild them",
        description="Commands for datasets: folders of labelled pages.",
    )
    group_commands = group.add_subparsers(dest="datasets_command", metavar="COMMAND", required=True)
    _add_check(group_commands)
    _add_rules(group_commands)
    _add_export(group_commands)
    _add_import(group_commands)
    add_pull(group_commands)


def _add_check(commands: Any) -> None:
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


def _add_rules(commands: Any) -> None:
    rules = commands.add_parser(
        "rules",
        help="label pages by selectors, and write them as a dataset",
        description=_RULES_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    rules.add_argument("rules", type=Path, metavar="RULES", help="file of rules (see above)")
    rules.add_argument("pages", nargs="+", metavar="PAGES", help="files, folders, patterns, collections, as for clean")
    rules.add_argument("-o", "--output", type=Path, required=True, metavar="DATASET", help="new folder to write")
    rules.add_argument(
        "--portal",
        metavar="NAME",
        help="portal of all the pages (default: by a page's address, else by its folder's name)",
    )
    rules.add_argument(
        "--column", default="html", metavar="NAME", help="field that holds the page, in collections (default: html)"
    )
    rules.add_argument("--jobs", type=parse_jobs, default=1, metavar="N", help="processes (default: 1; -1: all cores)")


def _add_export(commands: Any) -> None:
    export = commands.add_parser(
        "export",
        help="write a dataset for another tool",
        description=_EXPORT_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    export.add_argument("dataset", metavar="DATASET", help="folder with a pages.jsonl, or of labelled texts")
    export.add_argument("--to", choices=("label-studio",), required=True, help="the tool")
    export.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="folder to write tasks.json and config.xml to"
    )
    export.add_argument(
        "--outside", action="store_true", help="let a dataset name pages outside of its folder: any file of yours"
    )


def _add_import(commands: Any) -> None:
    command = commands.add_parser(
        "import",
        help="make a dataset of what was labelled elsewhere",
        description=_IMPORT_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("file", type=Path, metavar="FILE", help="what to import (see above)")
    command.add_argument("--from", dest="source", choices=("label-studio", "bodies"), required=True, help="what it is")
    command.add_argument("-o", "--output", type=Path, required=True, metavar="DATASET", help="new folder to write")
    command.add_argument("--pages", type=Path, metavar="DIR", help="where the pages are (see above)")
    command.add_argument("--portal", metavar="NAME", help="portal of all the pages")
    command.add_argument("--column", default="body", metavar="NAME", help="field with the body's text (default: body)")
    command.add_argument(
        "-m", "--model", metavar="MODEL", help="to label what is not body (default: the shipped model)"
    )
    command.add_argument("--body-only", action="store_true", help="write the body's text instead of labels")
    command.add_argument(
        "--outside", action="store_true", help="let a dataset name pages outside of its folder: any file of yours"
    )
