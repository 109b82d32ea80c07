"""The command ``datasets import``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boilerplate.cli.label_dataset import MAX_ERRORS
from boilerplate.cli.progress import TerminalProgress
from boilerplate.cli.status import BAD_INPUT, OK
from boilerplate.cli.terminal import format_message, name_in_errors, print_message
from boilerplate.errors import BoilerplateError, InputError

if TYPE_CHECKING:
    from boilerplate.curation.writing import DatasetWriter

Step = tuple[str, Callable[[], None]]
"""What a page is called in messages, and what adds it."""


def import_(args: argparse.Namespace) -> int:
    """Make a dataset of what was labelled elsewhere."""
    steps, finish = (_from_label_studio if args.source == "label-studio" else _from_bodies)(args)
    from boilerplate.curation.writing import DatasetWriter

    errors = 0
    with name_in_errors(args.output), DatasetWriter(args.output) as writer, TerminalProgress() as progress:
        progress.start(None, "importing")
        for name, add in steps(writer):
            try:
                add()
            except BoilerplateError as error:
                errors += 1
                if errors <= MAX_ERRORS:
                    progress.print_line(format_message(f"{name}: {error}"))
            progress.advance()
        if not writer.pages and not writer.texts:
            raise InputError("no page could be imported, so there is no dataset")
    finish()
    if errors > MAX_ERRORS:
        print_message(f"and {errors - MAX_ERRORS} more pages left out")
    kinds = [f"{n} {what}" for n, what in ((writer.pages, "pages"), (writer.texts, "texts")) if n]
    print_message(f"{' and '.join(kinds)} in {args.output}; {errors} left out")
    return BAD_INPUT if errors else OK


Steps = tuple[Callable[["DatasetWriter"], Iterator[Step]], Callable[[], None]]


def _from_label_studio(args: argparse.Namespace) -> Steps:
    from boilerplate.curation.label_studio_import import read_export, results_of
    from boilerplate.curation.lists import check_list
    from boilerplate.curation.task_importer import TaskImporter

    if args.pages is None:
        raise InputError("--from label-studio needs --pages: the dataset that was exported, for its pages")
    if args.model is not None or args.body_only or args.column != "body":
        raise InputError("--model, --body-only and --column go with --from bodies")
    tasks = read_export(args.file)
    examples, _ = check_list(args.pages, args.outside)
    importer = TaskImporter(examples, args.portal or "")
    waiting = sum(results_of(task) is None for task in tasks)

    def steps(writer: DatasetWriter) -> Iterator[Step]:
        for number, task in enumerate(tasks, 1):
            results = results_of(task)
            if results is not None:
                yield f"{args.file}: task {number}", partial(importer.add, writer, task, results)

    def finish() -> None:
        if waiting:
            print_message(f"{waiting} of {len(tasks)} tasks have no annotation and are left out")

    return steps, finish


def _from_bodies(args: argparse.Namespace) -> Steps:
    from boilerplate.cleaner import Cleaner
    from boilerplate.curation.bodies import FOUND, BodyImporter, PageFinder, read_bodies
    from boilerplate.kinds import KINDS
    from boilerplate.segment.page import HTML

    if args.body_only and args.model is not None:
        raise InputError("--body-only writes no labels, so it takes no --model")
    bodies = read_bodies(args.file, args.column)
    folder = args.pages if args.pages is not None else args.file.parent
    if not folder.is_dir():
        raise InputError(f"{folder}: {'is no folder' if folder.exists() else 'no such folder'}")
    finder = PageFinder(folder)
    cleaner = None if args.body_only else Cleaner(args.model)
    found: list[tuple[float, int, str]] = []

    def steps(writer: DatasetWriter) -> Iterator[Step]:
        name = Path(KINDS[HTML].model if args.model is None else args.model).stem
        importer = BodyImporter(writer, cleaner, name, args.portal or "")

        def add(gold: Any) -> None:
            share = importer.add(gold, *finder.find(gold))
            found.append((share, len(gold.body.split()), gold.where))

        for gold in bodies:
            yield gold.where, partial(add, gold)

    def finish() -> None:
        words = sum(count for _, count, _ in found)
        share = sum(share * count for share, count, _ in found) / max(words, 1)
        print_message(f"{share:.1%} of the words of the gold texts were found in the pages")
        poor = [(share, where) for share, _, where in sorted(found) if share < FOUND]
        if poor:
            worst = ", ".join(f"{where} {share:.0%}" for share, where in poor[:5])
            print_message(f"{len(poor)} texts were found by less than {FOUND:.0%}: {worst}{', …' * (len(poor) > 5)}")

    return steps, finish
