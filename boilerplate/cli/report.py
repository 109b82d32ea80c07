"""The option ``--report`` of ``train`` and ``evaluate``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from boilerplate.cli.terminal import name_in_errors, print_message
from boilerplate.errors import InputError

if TYPE_CHECKING:
    from boilerplate.training.evaluation import Scores


def check_report(path: Path | None) -> None:
    """Refuse before the work a report that could not be written after it."""
    if path is None:
        return
    if path.is_dir():
        raise InputError(f"{path}: is a folder, the report is a file")
    from boilerplate.training.report import check_installed

    check_installed()


def write_report(path: Path | None, scores: Scores, model: str, datasets: Sequence[str], note: str) -> None:
    """Write the report, if one is asked for.

    Parameters
    ----------
    note
        What to keep in mind about the figures.
    """
    if path is None:
        return
    from boilerplate.training import report

    names = ", ".join(Path(dataset).name for dataset in datasets)
    with name_in_errors(path):
        report.write_report(path, scores, f"boilerplate: {model}", f"{len(scores.pages)} pages of {names}. {note}")
    print_message(f"report in {path}")
