"""The command ``datasets rules``."""

from __future__ import annotations

import argparse
from collections import Counter

from boilerplate.batch.readers.arguments import ReaderOptions, make_readers
from boilerplate.batch.readers.base import read_all
from boilerplate.cli.label_dataset import MAX_ERRORS, check_apart
from boilerplate.cli.progress import TerminalProgress
from boilerplate.cli.status import BAD_INPUT, OK
from boilerplate.cli.terminal import format_message, name_in_errors, print_message, print_text
from boilerplate.errors import InputError
from boilerplate.messages import counted

_UNUSED_SHOWN = 20


def rules(args: argparse.Namespace) -> int:
    """Label pages by rules and write them as a dataset."""
    from boilerplate.curation.check import PortalCount
    from boilerplate.curation.origin import name_portal
    from boilerplate.curation.rule_labelling import label_pages
    from boilerplate.curation.rules import read_rules
    from boilerplate.curation.tables import portal_table
    from boilerplate.curation.writing import DatasetWriter

    lines = [rule.where for rule in read_rules(args.rules)]
    readers = make_readers(args.pages, ReaderOptions(args.column))
    check_apart(args.output, readers)
    used: Counter[str] = Counter()
    portals: dict[str, PortalCount] = {}
    errors = 0
    with name_in_errors(args.output), DatasetWriter(args.output) as writer, TerminalProgress() as progress:
        progress.start(None, "labelling")
        for page in label_pages(args.rules, (page for page, _ in read_all(readers)), args.jobs):
            if page.error:
                errors += 1
                if errors <= MAX_ERRORS:
                    progress.print_line(format_message(f"{page.source}: {page.error}"))
            else:
                portal = name_portal(args.portal or "", page.url, page.source)
                writer.add_page(
                    page.source,
                    page.content,
                    portal,
                    page.regions,
                    url=page.url,
                    labels_from=f"rules {args.rules.name}",
                )
                used += page.used
                count = portals.setdefault(portal, PortalCount())
                count.pages += 1
                count.words += page.words
            progress.advance()
        if not writer.pages:
            raise InputError("no page could be labelled, so there is no dataset")
    print_text("words a label and portal\n" + "\n".join(portal_table(portals)))
    unused = [where for where in lines if not used[where]]
    if unused:
        shown = ", ".join(where.rpartition(":")[2] for where in unused[:_UNUSED_SHOWN])
        more = f" and {len(unused) - _UNUSED_SHOWN} more" if len(unused) > _UNUSED_SHOWN else ""
        print_message(f"{args.rules}: {len(unused)} of {len(lines)} rules labelled nothing: lines {shown}{more}")
    print_message(f"{counted(writer.pages, 'page')} in {args.output}; {errors} left out")
    if not used:
        print_message("no rule labelled anything: every text of these pages counts as chrome")
    return BAD_INPUT if errors or not used else OK
