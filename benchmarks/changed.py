"""Quality on pages that are changed in ways that leave the story as it is.

Usage: ``python benchmarks/changed.py PORTALS OWN NEWS ...``: folders as for
``benchmarks/quality.py``. The families of portals but the largest, and every
fourth publisher of labelled news, are held out together; a model is trained
on the rest and shown each of the held-out pages in every way of
`boilerplate.training.variation`. Prints Markdown.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from pathlib import Path

from tqdm import tqdm

from boilerplate.cli.progress import TerminalProgress
from boilerplate.kinds import describer
from boilerplate.segment.page import HTML
from boilerplate.training.datasets import read_dataset
from boilerplate.training.estimator import BlockClassifier
from boilerplate.training.evaluation import Scores, fit
from boilerplate.training.folds import deal_by_name, families, largest_family
from boilerplate.training.preparation import prepare, prepare_many
from boilerplate.training.variation import CHANGES, Change

warnings.filterwarnings("ignore")
EVERY = 4
"""One publisher in so many is held out."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("portals", type=Path)
    parser.add_argument("own", type=Path)
    parser.add_argument("news", type=Path, nargs="*")
    args = parser.parse_args()
    start = time.time()
    portals, own = read_dataset(args.portals), read_dataset(args.own)
    news = [example for path in args.news for example in read_dataset(path)]
    family = families(portals)
    largest = largest_family(portals, family)
    held = {portal for portal, head in family.items() if head != largest}
    held |= {page.portal for page in news if deal_by_name(page.portal, EVERY) == 0}
    every = [*portals, *own, *news]
    learned = [example for example in every if example.portal not in held]
    pages = list(tqdm(prepare_many(learned, varied=True), desc="read", file=sys.stderr))
    progress = TerminalProgress()
    progress.start(BlockClassifier().steps(), "train")
    network = fit(BlockClassifier(), pages, progress).network_
    progress.close()
    del pages
    articles = [page for page in every if page.portal in held and page.regions is not None and not page.index]
    print(f"{len(articles)} articles of {len({page.portal for page in articles})} portals and publishers held out.\n")
    print("| change | body page F1: portals | publishers | wrongly empty | macro-F1 |\n| --- " + "| --- " * 4 + "|")
    describe = describer(HTML)
    changes: list[Change | None] = [None, *CHANGES]
    for change in changes:
        scores = {True: Scores(), False: Scores()}  # by whether it is a portal
        both = Scores()
        for example in articles:
            page = prepare(example, describe, change)
            P = network.proba(page.described)
            scores[example.portal in family].add(page, P)
            both.add(page, P)
        name = change.__name__ if change else "none"
        print(
            f"| {name} | {scores[True].body_f1():.4f} | {scores[False].body_f1():.4f} "
            f"| {both.empty_articles():.2%} | {both.macro_f1():.3f} |",
            flush=True,
        )
    print(f"\n({time.time() - start:.0f} s)")


if __name__ == "__main__":
    main()
