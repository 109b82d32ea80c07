"""Other extractors beside ours, where they are installed: the same articles, the same measure."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec

import numpy as np

from boilerplate.errors import DatasetError
from boilerplate.progress import NO_PROGRESS, Progress
from boilerplate.training.datasets import Example
from boilerplate.training.preparation import shingle_scores
from boilerplate.workers.pool import map_batches

TIMEOUT = 30.0
"""Seconds that a peer may take over a page; then it has found nothing."""

MOST = 300
"""Articles that peers are compared on: they take ten times as long as we do."""

Extract = Callable[[str], str]


def _trafilatura() -> Extract:
    extract = importlib.import_module("trafilatura").extract
    return lambda html: extract(html) or ""


def _resiliparse() -> Extract:
    extract = importlib.import_module("resiliparse.extract.html2text").extract_plain_text
    return lambda html: extract(html, main_content=True) or ""


def _justext() -> Extract:
    justext = importlib.import_module("justext")
    stoplist = justext.get_stoplist("Indonesian")

    def run(html: str) -> str:
        return "\n".join(p.text for p in justext.justext(html, stoplist) if not p.is_boilerplate)

    return run


PEERS: dict[str, Callable[[], Extract]] = {
    "trafilatura": _trafilatura,
    "resiliparse": _resiliparse,
    "justext": _justext,
}
"""By the name of its package: what makes a function from HTML to the article's text."""


@dataclass(frozen=True, slots=True)
class PeerScore:
    """Mean scores of an extractor over articles (see `shingle_scores`); `empty` is the share it finds nothing in."""

    name: str
    articles: int
    precision: float
    recall: float
    f1: float
    empty: float


def installed() -> list[str]:
    """Return the names of the peers that are installed."""
    return [name for name in PEERS if find_spec(name) is not None]


def score_peers(
    articles: Sequence[tuple[Example, str]], jobs: int = -1, progress: Progress = NO_PROGRESS
) -> list[PeerScore]:
    """Score the peers that are installed.

    Parameters
    ----------
    articles
        Pages with their gold text.
    jobs
        Processes; -1 takes all cores.
    """
    names = installed()
    if not articles or not names:
        return []
    progress.start(len(articles) * len(names), f"scoring {', '.join(names)}")
    scores = []
    for name in names:
        found = []
        for score in map_batches(
            PEERS[name], _score, [[article] for article in articles], jobs, timeout=TIMEOUT, on_failure=_nothing
        ):
            found.append(score)
            progress.advance()
        precision, recall, f1, empty = np.mean(found, axis=0).tolist()
        scores.append(PeerScore(f"{name} {version(name)}", len(found), precision, recall, f1, empty))
    return scores


def _score(extract: Extract, articles: list[tuple[Example, str]]) -> tuple[float, float, float, float]:
    ((example, gold),) = articles
    try:
        text = extract(example.read())
    except DatasetError:
        raise
    except Exception:  # whatever another library raises on a page, it has found nothing
        text = ""
    return (*shingle_scores(text, gold), float(not text.strip()))


def _nothing(reason: str) -> tuple[float, float, float, float]:
    return 0.0, 0.0, 0.0, 1.0


def own_score(pages: Sequence[tuple[float, float, float, bool]]) -> PeerScore:
    """Mean of our own figures, (precision, recall, F1, empty) a page, to stand beside those of peers."""
    precision, recall, f1, empty = np.mean([tuple(map(float, page)) for page in pages], axis=0).tolist()
    return PeerScore("boilerplate", len(pages), precision, recall, f1, empty)
