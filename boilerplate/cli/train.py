"""The command ``train``: a shell around `boilerplate.training.fitting.train_model`."""

from __future__ import annotations

import argparse
import sys

from boilerplate.cli.progress import TerminalProgress
from boilerplate.cli.report import check_report, write_report
from boilerplate.cli.status import BAD_INPUT, OK
from boilerplate.cli.terminal import print_message, print_text, strip_controls

_SETTINGS = ("epochs", "hidden", "seeds", "decay", "drop", "random_state")


def train(args: argparse.Namespace) -> int:
    """Train a model, write it, print its report."""
    from boilerplate.training.datasets import read_lexicon
    from boilerplate.training.fitting import train_model

    if args.start is not None:
        return _retrain(args)
    if args.others or args.force:
        print_message("--others and --force go with --from")
        return BAD_INPUT
    settings = {name: getattr(args, name) for name in _SETTINGS if getattr(args, name) is not None}
    for name in ("epochs", "hidden", "seeds"):
        if settings.get(name, 1) < 1:
            print_message(f"--{name}: must be at least 1")
            return BAD_INPUT
    if args.report is not None and not args.evaluate:
        print_message("--report shows the measurement: leave out --no-evaluate")
        return BAD_INPUT
    check_report(args.report)
    lexicon = read_lexicon(args.lexicon) if args.lexicon is not None else ()
    with TerminalProgress() as progress:
        result = train_model(
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
    print_text(result.text)
    if result.scores is not None:
        note = "The portal of each page, and those that share its templates, had been left out of training."
        write_report(args.report, result.scores, result.model.stem, args.datasets, note, args.kind, args.jobs)
    size = result.model.stat().st_size / 1e6
    print(strip_controls(f"{result.model} ({size:.2f} MB), {result.card}"), file=sys.stderr)
    return OK


def _retrain(args: argparse.Namespace) -> int:
    """Start from a model: print what changes, and write it unless it got worse."""
    from boilerplate.training.retraining import retrain_model

    given = [name for name in (*_SETTINGS, "lexicon", "report") if getattr(args, name) is not None]
    if given:
        print_message(f"--{given[0].replace('_', '-')} does not go with --from: the start decides it")
        return BAD_INPUT
    with TerminalProgress() as progress:
        result = retrain_model(
            args.datasets,
            args.output,
            args.start,
            others=args.others,
            force=args.force,
            overwrite=args.overwrite,
            outside=args.outside,
            jobs=args.jobs,
            progress=progress,
        )
    print_text(result.text)
    if result.model is None:
        print_message("a figure is worse than before, so no model was written: label more pages, or add --force")
        return BAD_INPUT
    size = result.model.stat().st_size / 1e6
    print(strip_controls(f"{result.model} ({size:.2f} MB), {result.card}"), file=sys.stderr)
    return OK
