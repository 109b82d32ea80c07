"""The command ``evaluate``: a shell around `boilerplate.training.fitting.evaluate_model`."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boilerplate.cli.progress import TerminalProgress
from boilerplate.cli.report import check_report, write_report
from boilerplate.cli.status import OK
from boilerplate.cli.terminal import print_text
from boilerplate.labels import LABELS
from boilerplate.model.registry import DEFAULT, open_model
from boilerplate.segment.page import HTML

if TYPE_CHECKING:
    from boilerplate.training.evaluation import Scores


def evaluate(args: argparse.Namespace) -> int:
    """Score a model and print the tables."""
    from boilerplate.training.fitting import evaluate_model

    check_report(args.report)
    with TerminalProgress() as progress:
        scores = evaluate_model(args.datasets, args.model, outside=args.outside, jobs=args.jobs, progress=progress)
    model = Path(args.model if args.model is not None else DEFAULT[HTML]).stem
    kind = open_model(args.model if args.model is not None else DEFAULT[HTML])[1]["kind"]
    note = "Pages that the model was trained on come out too well."
    write_report(args.report, scores, model, args.datasets, note, kind, args.jobs)
    print_text(scores.to_markdown() if args.format == "table" else json.dumps(_figures(scores), indent=2))
    return OK


def _figures(scores: Scores) -> dict[str, Any]:
    """Return the scores as plain types; what could not be measured is null."""
    from boilerplate.training.evaluation import f1

    figures: dict[str, Any] = {
        "pages": len(scores.pages),
        "macro_f1": _rounded(scores.macro_f1() if scores.confusion else math.nan),
        "four_f1": _rounded(scores.four_f1() if scores.confusion else math.nan),
        "body_f1": _rounded(scores.body_f1()),
        "empty_index": _rounded(scores.empty_index()),
        "empty_articles": _rounded(scores.empty_articles()),
        "log_loss": _rounded(scores.log_loss()),
        "calibration_error": _rounded(scores.labelled.error()),
        "calibration_error_keep": _rounded(scores.kept.error()),
    }
    if scores.confusion:
        table = scores.table()
        words = table.sum(axis=1)
        figures["labels"] = {
            label.value: {"f1": round(float(score), 6), "words": int(n)}
            for label, score, n in zip(LABELS, f1(table), words, strict=True)
        }
        figures["portals"] = {
            portal: {"body_f1": _rounded(scores.body_f1(portal)), "macro_f1": _rounded(scores.macro_f1(portal))}
            for portal in sorted(scores.confusion)
        }
    return figures


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 6)
