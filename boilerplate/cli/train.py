"""The commands ``train`` and ``evaluate``: shells around `boilerplate.training.fitting`."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boilerplate.cli.console import named, plain, show, steps
from boilerplate.cli.main import BAD_INPUT, OK, say
from boilerplate.errors import InputError
from boilerplate.labels import LABELS

if TYPE_CHECKING:
    from boilerplate.training.evaluation import Scores

_SETTINGS = ("epochs", "hidden", "seeds", "decay", "drop", "random_state")


def train(args: argparse.Namespace) -> int:
    """Train a model, write it, print its report."""
    from boilerplate.training.datasets import read_lexicon
    from boilerplate.training.fitting import train_model

    settings = {name: getattr(args, name) for name in _SETTINGS if getattr(args, name) is not None}
    for name in ("epochs", "hidden", "seeds"):
        if settings.get(name, 1) < 1:
            say(f"--{name}: is at least 1")
            return BAD_INPUT
    if args.report is not None and not args.evaluate:
        say("--report shows the measurement: leave out --no-evaluate")
        return BAD_INPUT
    _check_report(args.report)
    lexicon = read_lexicon(args.lexicon) if args.lexicon is not None else ()
    with steps() as progress:
        report = train_model(
            args.datasets,
            args.output,
            kind=args.kind,
            folds=args.folds,
            evaluate=args.evaluate,
            lexicon=lexicon,
            overwrite=args.overwrite,
            outside=args.outside,
            jobs=args.jobs,
            progress=progress,
            **settings,
        )
    show(report.text)
    if report.scores is not None:
        _write_report(
            args,
            report.scores,
            report.model.stem,
            "The portal of each page, and those that share its templates, had been left out of training.",
        )
    print(plain(f"{report.model} ({report.model.stat().st_size / 1e6:.2f} MB), {report.card}"), file=sys.stderr)
    return OK


def evaluate(args: argparse.Namespace) -> int:
    """Score a model and print the tables."""
    from boilerplate.training.fitting import evaluate_model

    _check_report(args.report)
    with steps() as progress:
        scores = evaluate_model(args.datasets, args.model, outside=args.outside, jobs=args.jobs, progress=progress)
    _write_report(
        args,
        scores,
        Path(args.model or "the shipped model").stem,
        "Pages that the model was trained on come out too well.",
    )
    if args.format == "table":
        show(scores.to_markdown())
    else:
        show(json.dumps(_figures(scores), indent=2))
    return OK


def _check_report(report: Path | None) -> None:
    """Refuse before the work what could not be written after it."""
    if report is not None and report.is_dir():
        raise InputError(f"{report}: is a folder, the report is a file")


def _write_report(args: argparse.Namespace, scores: Scores, model: str, note: str) -> None:
    if args.report is None:
        return
    from boilerplate.training.report import write_report

    names = ", ".join(Path(dataset).name for dataset in args.datasets)
    with named(args.report):
        write_report(args.report, scores, f"boilerplate: {model}", f"{len(scores.pages)} pages of {names}. {note}")
    say(f"report in {args.report}")


def _figures(scores: Scores) -> dict[str, Any]:
    """The scores as plain types; what could not be measured is null."""
    from boilerplate.training.evaluation import f1

    figures: dict[str, Any] = {
        "pages": len(scores.pages),
        "macro_f1": scores.macro_f1() if scores.confusion else math.nan,
        "four_f1": scores.four_f1() if scores.confusion else math.nan,
        "body_f1": scores.body_f1(),
        "empty_index": scores.empty_index(),
        "empty_articles": scores.empty_articles(),
        "log_loss": scores.log_loss(),
        "calibration_error": scores.labelled.error(),
        "calibration_error_keep": scores.kept.error(),
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
