"""The commands ``train`` and ``evaluate``: shells around `boilerplate.training.train`."""

from __future__ import annotations

import argparse
import json
import math
import sys
from typing import Any

from boilerplate.cli.console import steps
from boilerplate.cli.main import BAD_INPUT, OK, say
from boilerplate.labels import LABELS

_SETTINGS = ("epochs", "hidden", "seeds", "decay", "drop", "random_state")


def train(args: argparse.Namespace) -> int:
    """Train a model, write it, print its report."""
    from boilerplate.training.train import train_model

    settings = {name: getattr(args, name) for name in _SETTINGS if getattr(args, name) is not None}
    for name in ("epochs", "hidden", "seeds"):
        if settings.get(name, 1) < 1:
            say(f"--{name}: is at least 1")
            return BAD_INPUT
    with steps() as progress:
        report = train_model(
            args.datasets, args.output,
            kind=args.kind, folds=args.folds, evaluate=args.evaluate, jobs=args.jobs, progress=progress, **settings,
        )  # fmt: skip
    print(report.text)
    print(f"{report.model} ({report.model.stat().st_size / 1e6:.2f} MB), {report.card}", file=sys.stderr)
    return OK


def evaluate(args: argparse.Namespace) -> int:
    """Score a model and print the tables."""
    from boilerplate.training.train import evaluate_model

    with steps() as progress:
        scores = evaluate_model(args.datasets, args.model, jobs=args.jobs, progress=progress)
    if args.format == "table":
        print(scores.to_markdown())
    else:
        print(json.dumps(_figures(scores), indent=2))
    return OK


def _figures(scores: Any) -> dict[str, Any]:
    """The scores as plain types; what could not be measured is null."""
    from boilerplate.training.evaluate import f1

    four, folded = scores.four_f1() if scores.confusion else (math.nan, math.nan)
    figures: dict[str, Any] = {
        "pages": len(scores.pages),
        "macro_f1": scores.macro_f1() if scores.confusion else math.nan,
        "four_f1": four,
        "four_f1_folded": folded,
        "body_f1": scores.body_f1(),
        "empty_index": scores.empty_index(),
        "empty_articles": scores.empty_articles(),
    }
    figures = {name: None if math.isnan(value) else round(float(value), 6) for name, value in figures.items()}
    figures["pages"] = len(scores.pages)
    if scores.confusion:
        table = scores.table()
        words = table.sum(axis=1)
        figures["labels"] = {
            label.value: {"f1": round(float(score), 6), "words": int(n)}
            for label, score, n in zip(LABELS, f1(table), words, strict=True)
        }
        figures["portals"] = {
            portal: {"body_f1": _plain(scores.body_f1(portal)), "macro_f1": _plain(scores.macro_f1(portal))}
            for portal in sorted(scores.confusion)
        }
    return figures


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 6)
