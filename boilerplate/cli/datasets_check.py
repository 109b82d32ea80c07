"""The command ``datasets check``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence

from boilerplate.cli.progress import TerminalProgress
from boilerplate.cli.status import FOUND_ERRORS, OK
from boilerplate.cli.terminal import print_text
from boilerplate.curation.findings import ERROR, WARNING, Finding
from boilerplate.curation.pages import SURE, Suspicion
from boilerplate.messages import counted

SHOWN = 20
"""Suspicious labels that are shown without ``--all``."""


def check(args: argparse.Namespace) -> int:
    """Check datasets and print what was found; errors and what the lists say come before the pages are read."""
    from boilerplate.curation.check import DatasetsCheck
    from boilerplate.curation.tables import portal_table

    work = DatasetsCheck(args.datasets, args.outside)
    early = list(work.check.findings)
    if not args.json:
        _print(early)
    with TerminalProgress() as progress:
        found = work.read_pages("" if args.no_model else args.model, args.jobs, progress)
    errors, warnings = found.of(ERROR), found.of(WARNING)
    if args.json:
        print_text(json.dumps(found.to_dict(), indent=2))
        return FOUND_ERRORS if errors else OK
    _print(found.findings[len(early) :])
    if found.suspicions:
        print_text("\n".join(_suspicious(found.suspicions, len(found.suspicions) if args.all else SHOWN)))
    if found.portals:
        print_text("\nwords a label and portal (no reg.: share of them that no region covers)")
        print_text("\n".join(portal_table(found.portals)))
    pages = sum(count.pages for count in found.portals.values())
    print_text(
        f"\n{counted(pages, 'page')} of {counted(len(found.portals), 'portal')}: {counted(len(errors), 'error')}, "
        f"{counted(len(warnings), 'warning')}, {counted(len(found.suspicions), 'suspicious label')}"
    )
    return FOUND_ERRORS if errors else OK


def _print(findings: Iterable[Finding]) -> None:
    for finding in findings:
        print_text(f"{finding.severity}: {' '.join(str(finding).split())}")


def _suspicious(suspicions: Sequence[Suspicion], most: int) -> list[str]:
    lines = [f"\nlabels of which a model is at least {SURE:.0%} sure that they are others, most words first"]
    for found in suspicions[:most]:
        lines.append(
            f"{found.where}: {found.label}, model: {found.guess} {found.probability:.2f}, "
            f"{counted(found.words, 'word')}: {found.text}"
        )
        lines.append(f"    {found.place}")
    if len(suspicions) > most:
        lines.append(f"… and {len(suspicions) - most} more (--all shows them)")
    return lines
