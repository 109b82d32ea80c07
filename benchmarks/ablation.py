"""What each group of features, each source of pages and each pass brings on unseen portals.

Usage: ``python benchmarks/ablation.py PORTALS OWN [--folds N] [--only NAME...]``. A row leaves one thing out. Smaller
networks than the shipped ones (one seed); another seed moves macro-F1 by about 0.01, so less says nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from boilerplate.features.html import names
from boilerplate.features.page_features import PageFeatures
from boilerplate.features.position import NAMES as POSITION
from boilerplate.features.wording import NAMES as WORDING
from boilerplate.model.network import Network
from boilerplate.training.datasets import read_dataset
from boilerplate.training.estimator import BlockClassifier
from boilerplate.training.evaluation import Scores, fit
from boilerplate.training.folds import deal, families
from boilerplate.training.preparation import LabelledPage, prepare_many

warnings.filterwarnings("ignore")
SETTINGS = {"seeds": 1, "folds": 3}

GROUPS: dict[str, Callable[[str], bool]] = {
    "wording": lambda name: name in WORDING,
    "lexicon of headings, own text": lambda name: name.startswith(("head_", "word_", "lead_")),
    "governing headings": lambda name: name.startswith(("gov_", "outer_", "last_")),
    "class and id names": lambda name: name.startswith(("own_", "near_", "mid_", "path_")) and name[4:] not in _TAGS,
    "tags": lambda name: name.startswith(("tag_", "in_")) or (name.startswith("own_") and name[4:] in _TAGS),
    "speech, credits, notices, pages, appeals": lambda name: (
        name in ("said", "photo_credit", "notice", "pager", "log_appeals")
    ),
    "echoes and dateline": lambda name: name.startswith("echo_") or "dateline" in name,
    "records (repeats, ordinals)": lambda name: name.startswith(("repeats", "ordinal")),
    "place on the page": lambda name: name in POSITION,
    "neighbours": lambda name: name.startswith(("prev_", "prev2_", "next_", "next2_")),
}
_TAGS = {name[4:] for name in names() if name.startswith("tag_")}


def without(page: LabelledPage, columns: np.ndarray) -> LabelledPage:
    """A page whose features of some columns say nothing."""
    d = page.described
    X = d.X.copy()
    X[:, columns] = 0
    return replace(page, described=PageFeatures(X, d.starts, d.ends, d.heading, d.words, d.page))


def first_pass(network: Network, d: PageFeatures) -> np.ndarray:
    """Probabilities of the labels by the first pass alone."""
    evidence = network.evidence.rows(d.tokens, d.heading, d.page)
    return network.first.proba(np.concatenate([d.rows(0, len(d)), evidence.rows(0, len(d))], axis=1))


def measure(
    pages: Sequence[LabelledPage],
    own: Sequence[LabelledPage],
    folds: Sequence[set[str]],
    first: bool = False,
    **settings: float,
) -> Scores:
    """Scores of the portals' pages, each fold held out in turn."""
    scores = Scores()
    for held in folds:
        train = [page for page in [*pages, *own] if page.portal not in held]
        network = fit(BlockClassifier(**{**SETTINGS, **settings}), train).network_
        for page in pages:
            if page.portal in held:
                scores.add(page, (first_pass if first else Network.proba)(network, page.described))
    return scores


def main() -> None:
    """Measure and print a row at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("portals", type=Path)
    parser.add_argument("own", type=Path)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--only", nargs="*", help="rows to measure")
    args = parser.parse_args()
    pages, own = (list(prepare_many(read_dataset(path))) for path in (args.portals, args.own))
    folds = deal([page.example for page in pages], families([page.example for page in pages]), args.folds)
    runs: dict[str, Callable[[], Scores]] = {
        "nothing": lambda: measure(pages, own, folds),
        "nothing, another seed": lambda: measure(pages, own, folds, random_state=10),
        "our own pages": lambda: measure(pages, [], folds),
        "the second pass": lambda: measure(pages, own, folds, first=True),
        "blanking of groups in training": lambda: measure(pages, own, folds, drop=0.0),
        "half of the hidden units": lambda: measure(pages, own, folds, hidden=48),
    }

    def leave(group: str) -> Callable[[], Scores]:
        columns = np.array([i for i, name in enumerate(names()) if GROUPS[group](name)])
        return lambda: measure([without(p, columns) for p in pages], [without(p, columns) for p in own], folds)

    runs |= {group: leave(group) for group in GROUPS}
    print("| left out | macro-F1 | four labels | body page F1 | index pages empty | articles wrongly empty |")
    print("| --- " * 6 + "|")
    for name, run in runs.items():
        if args.only and name not in args.only:
            continue
        start = time.time()
        s = run()
        print(
            f"| {name} | {s.macro_f1():.3f} | {s.four_f1():.3f} | {s.body_f1():.4f} | {s.empty_index():.1%} "
            f"| {s.empty_articles():.2%} |",
            flush=True,
        )
        print(f"{name}: {time.time() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
