"""The command ``info``."""

from __future__ import annotations

import argparse
import json

from boilerplate.cli.status import OK
from boilerplate.cli.terminal import print_text
from boilerplate.errors import InputError
from boilerplate.kinds import KINDS
from boilerplate.model.about import ModelInfo, describe_model
from boilerplate.segment.page import HTML

_SOURCES_SHOWN = 8


def info(args: argparse.Namespace) -> int:
    """Print what a model is."""
    if args.json and args.card:
        raise InputError("--json and --card do not go together: the JSON holds the card")
    found = describe_model(args.model if args.model is not None else KINDS[HTML].model)
    if args.json:
        print_text(json.dumps(found.to_dict(), indent=2))
    elif args.card:
        if not found.card:
            raise InputError(f"{found.file}: has no card beside it ({found.file.with_suffix('.md').name})")
        print_text(found.card.rstrip("\n"))
    else:
        print_text("\n".join(_lines(found)))
    return OK


def _lines(found: ModelInfo) -> list[str]:
    """The model's facts, a line each."""
    of = f", release {found.release}" if found.release else ""
    commit = f" at commit {found.commit}" if found.commit else ""
    facts = [
        ("file", f"{found.file} ({found.size / 1e6:.2f} MB)"),
        ("kind", found.kind),
        ("trained", f"{found.date}{commit}{of}"),
        ("pages", f"{found.pages} of {found.portals} portals"),
    ]
    if found.started_from:
        facts.append(("started from", found.started_from))
    if found.command:
        facts.append(("command", found.command))
    facts += [
        ("labels", ", ".join(found.labels)),
        ("features", f"{found.features} a block, and the weights of {found.evidence} words and names that it learned"),
        ("lexicon", f"{found.lexicon} section headings beyond the shipped ones"),
        ("inside blocks", "finds noise inside blocks" if found.spans else "finds no noise inside blocks"),
        ("settings", ", ".join(f"{name}={value}" for name, value in sorted(found.settings.items()))),
        ("temperature", f"{found.temperature:.2f}"),
    ]
    if not found.usable:
        facts.append(("not usable", "trained on other features than this release computes: train it again"))
    lines = [found.name, *(f"  {name:<14} {value}" for name, value in facts)]
    lines.append("figures on portals that it had not seen" if not found.started_from else "figures before → after")
    lines += [f"  {line}" for line in found.figures] or ["  none in its card"]
    lines.append("sources of the pages")
    lines += [f"  {source['name']}: {source['pages']}" for source in found.sources[:_SOURCES_SHOWN]]
    if len(found.sources) > _SOURCES_SHOWN:
        lines.append(f"  and {len(found.sources) - _SOURCES_SHOWN} more (--json, --card)")
    if not found.sources:
        lines.append("  none in its card" if found.card else "  unknown: it has no card")
    return lines
