"""The command ``datasets export``."""

from __future__ import annotations

import argparse
import json
import os

from boilerplate.cli.progress import TerminalProgress
from boilerplate.cli.status import OK
from boilerplate.cli.terminal import name_in_errors, print_message
from boilerplate.errors import InputError
from boilerplate.files import atomic_write, write_atomically

TASKS, CONFIG = "tasks.json", "config.xml"


def export(args: argparse.Namespace) -> int:
    """Write a dataset as tasks for Label Studio, and the configuration of their project."""
    from boilerplate.curation.label_studio import labelling_config, page_task, text_task
    from boilerplate.curation.lists import dataset_kind
    from boilerplate.segment.page import HTML
    from boilerplate.training.datasets import read_dataset
    from boilerplate.training.text_datasets import read_texts

    kind = dataset_kind(args.dataset)
    read, task = (read_dataset, page_task) if kind == HTML else (read_texts, text_task)
    examples = read(args.dataset, outside=args.outside)
    for name in (TASKS, CONFIG):
        if os.path.lexists(args.output / name):
            raise InputError(f"{args.output / name}: already exists")
    with name_in_errors(args.output), TerminalProgress() as progress:
        progress.start(len(examples), "exporting")
        args.output.mkdir(parents=True, exist_ok=True)
        with atomic_write(args.output / TASKS) as partial, partial.open("w", encoding="utf-8") as file:
            for number, example in enumerate(examples):
                file.write(("[\n" if not number else ",\n") + json.dumps(task(example), ensure_ascii=False))
                progress.advance()
            file.write("\n]\n")
        write_atomically(args.output / CONFIG, labelling_config(kind).encode())
    print_message(f"{len(examples)} tasks in {args.output / TASKS}; the project's labelling interface is in {CONFIG}")
    return OK
