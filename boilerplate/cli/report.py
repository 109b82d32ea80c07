"""The option ``--report`` of ``train`` and ``evaluate``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from boilerplate.cli.progress import TerminalProgress
from boilerplate.cli.terminal import name_in_errors, print_message
from boilerplate.errors import InputError
from boilerplate.segment.page import HTML

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


def write_report(
    path: Path | None, scores: Scores, model: str, datasets: Sequence[str], note: str, kind: str = HTML, jobs: int = -1
) -> None:
    """Write the report, if one is asked for.

    Parameters
    ----------
    note
        What to keep in mind about the figures.
    kind
        Of the pages: other extractors are scored on those of HTML.
    jobs
        Processes that other extractors run in; -1 takes all cores.
    """
    if path is None:
        return
    from boilerplate.training import report
    from boilerplate.training.peers import MOST, own_score, score_peers

    names = ", ".join(Path(dataset).name for dataset in datasets)
    articles = [page for page in scores.pages if page.example is not None and not page.index]
    compared = articles[:: -(-len(articles) // MOST)] if articles else []
    with TerminalProgress() as progress:
        pairs = [(page.example, page.body) for page in compared if page.example is not None]
        peers = score_peers(pairs, jobs, progress) if kind == HTML else []
    if peers:
        peers.insert(0, own_score([(page.precision, page.recall, page.f1, page.empty) for page in compared]))
    with name_in_errors(path):
        about = f"{len(scores.pages)} pages of {names}. {note}"
        report.write_report(path, scores, f"boilerplate: {model}", about, peers)
    print_message(f"report in {path}")
