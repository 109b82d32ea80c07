"""The option ``--dataset`` of the command ``label``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from boilerplate.batch.readers.arguments import ReaderOptions, make_readers
from boilerplate.batch.readers.base import Reader, read_all
from boilerplate.cli.progress import TerminalProgress
from boilerplate.cli.status import BAD_INPUT, OK
from boilerplate.cli.terminal import format_message, name_in_errors, print_message
from boilerplate.errors import InputError

MAX_ERRORS = 50
"""Pages that were left out that are named, at most."""


def label_to_dataset(args: argparse.Namespace) -> int:
    """Label pages and write them as a dataset; pages that cannot be read are named and left out."""
    from boilerplate.cleaner import Cleaner
    from boilerplate.curation.prelabel import Prelabeller
    from boilerplate.curation.writing import DatasetWriter

    if args.four or args.format is not None:
        raise InputError("--four and --format do not go with --dataset: a dataset has eight labels, and a format")
    if args.portal is not None and not args.portal.strip():
        raise InputError("--portal: the name is empty")
    cleaner = Cleaner(args.model)
    readers = make_readers(args.pages, ReaderOptions(args.column))
    check_apart(args.dataset, readers)
    errors = 0
    with name_in_errors(args.dataset), DatasetWriter(args.dataset) as writer, TerminalProgress() as progress:
        prelabeller = Prelabeller(cleaner, writer, args.kind, args.portal or "")
        progress.start(None, "labelling")
        for page, fraction in read_all(readers):
            problem = page.error
            if not problem and page.content is None:
                continue
            try:
                if not problem:
                    prelabeller.add(page)
            except InputError as error:
                problem = str(error)
            if problem:
                errors += 1
                if errors <= MAX_ERRORS:
                    progress.print_line(format_message(f"{page.source}: {problem}"))
            progress.advance(fraction)
        if not writer.pages and not writer.texts:
            raise InputError("no page could be labelled, so there is no dataset")
    if errors > MAX_ERRORS:
        print_message(f"and {errors - MAX_ERRORS} more pages left out")
    kinds = [f"{n} {what}" for n, what in ((writer.pages, "pages"), (writer.texts, "texts")) if n]
    print_message(f"{' and '.join(kinds)} in {args.dataset}; {errors} left out")
    return BAD_INPUT if errors else OK


def check_apart(dataset: Path, readers: Sequence[Reader]) -> None:
    """Refuse a dataset inside a folder that is read: its own pages would be read into it.

    Raises
    ------
    InputError
        If it is in one.
    """
    for reader in readers:
        if reader.path.is_dir() and dataset.resolve().is_relative_to(reader.path.resolve()):
            raise InputError(f"{dataset}: is in {reader.path}, which is read: name a folder outside of it")
