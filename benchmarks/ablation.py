"""What each group of features, each source of pages and each pass brings on unseen portals and publishers.

Usage: ``python benchmarks/ablation.py PORTALS OWN NEWS [--folds N] [--only NAME...]``: the portals outside of the
largest family are held out with a share of the publishers of NEWS, fold by fold. A row leaves one thing out. Smaller
networks than the shipped ones (one seed, six passes); another seed moves macro-F1 by about 0.01, so less says nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from boilerplate.features.html import names
from boilerplate.features.page_features import PageFeatures
from boilerplate.features.position import NAMES as POSITION
from boilerplate.features.wording import NAMES as WORDING
from boilerplate.model.network import Network
from boilerplate.training.datasets import read_dataset
from boilerplate.training.evaluation import Proba, Scores, leave_out
from boilerplate.training.folds import deal, deal_by_name, families, largest_family
from boilerplate.training.preparation import LabelledPage, prepare_many

warnings.filterwarnings("ignore")
SETTINGS = {"seeds": 1, "folds": 3, "epochs": 6}

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
    "addresses of links": lambda name: name.startswith("href"),
    "repeated links and texts": lambda name: name in ("href_again", "log_again"),
}
TABLES = {
    "evidence of words": ("words", "block"),
    "evidence of class names": ("parts", "name"),
    "evidence of addresses": ("links", "link_block"),
}
"""Fields of `features.tokens.Tokens` that a table of evidence is made of."""

_TAGS = {name[4:] for name in names() if name.startswith("tag_")}


def without(page: LabelledPage, columns: np.ndarray, tables: Sequence[str] = ()) -> LabelledPage:
    """A page whose features of some columns, and whose tokens of some tables, say nothing."""
    d = page.described
    X = d.X.copy()
    X[:, columns] = 0
    fields = [name for table in tables for name in TABLES[table]]
    tokens = replace(d.tokens, **{name: getattr(d.tokens, name)[:0] for name in fields})
    return replace(page, described=PageFeatures(X, d.starts, d.ends, d.heading, d.words, d.page, tokens))


def first_pass(network: Network, d: PageFeatures) -> np.ndarray:
    """Probabilities of the labels by the first pass alone."""
    evidence = network.evidence.rows(d.tokens, d.heading, d.page)
    return network.first.proba(np.concatenate([d.rows(0, len(d)), evidence.rows(0, len(d))], axis=1))


def measure(
    pages: Sequence[LabelledPage], folds: Sequence[set[str]], proba: Proba = Network.proba, **settings: float
) -> Iterator[tuple[LabelledPage, np.ndarray]]:
    """Pages with the probabilities of their blocks, each fold held out in turn."""
    return leave_out(pages, folds, {**SETTINGS, **settings}, proba=proba)


def main() -> None:
    """Measure and print a row at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("portals", type=Path)
    parser.add_argument("own", type=Path)
    parser.add_argument("news", type=Path)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--only", nargs="*", help="rows to measure")
    args = parser.parse_args()
    portals, own, news = (
        list(prepare_many(read_dataset(path), varied=True)) for path in (args.portals, args.own, args.news)
    )
    examples = [page.example for page in portals]
    family = families(examples)
    largest = largest_family(examples, family)
    folds = deal([x for x in examples if family[x.portal] != largest], family, args.folds)
    for page in news:
        folds[deal_by_name(page.portal, len(folds))].add(page.portal)
    pages = [*portals, *own, *news]
    general = {page.portal for page in news}
    runs: dict[str, Callable[[], Iterator[tuple[LabelledPage, np.ndarray]]]] = {
        "nothing": lambda: measure(pages, folds),
        "nothing, another seed": lambda: measure(pages, folds, random_state=10),
        "our own pages": lambda: measure([*portals, *news], folds),
        "general pages": lambda: measure([*portals, *own], folds),
        "the second pass": lambda: measure(pages, folds, first_pass),
        "blanking of groups in training": lambda: measure(pages, folds, drop=0.0),
        "half of the hidden units": lambda: measure(pages, folds, hidden=48),
    }

    def leave(columns: np.ndarray, *tables: str) -> Callable[[], Iterator[tuple[LabelledPage, np.ndarray]]]:
        return lambda: measure([without(page, columns, tables) for page in pages], folds)

    runs |= {
        group: leave(np.array([i for i, name in enumerate(names()) if belongs(name)]))
        for group, belongs in GROUPS.items()
    }
    runs |= {table: leave(np.zeros(0, np.int64), table) for table in TABLES}
    print(
        "| left out | macro-F1, portals | four labels | body page F1 | index pages empty | macro-F1, general "
        "| body page F1 |"
    )
    print("| --- " * 7 + "|")
    for name, run in runs.items():
        if args.only and name not in args.only:
            continue
        start = time.time()
        s, g = Scores(), Scores()
        for page, P in run():
            (g if page.portal in general else s).add(page, P)
        both = [f"{g.macro_f1():.3f}", f"{g.body_f1():.4f}"] if g.pages else ["–", "–"]
        print(
            f"| {name} | {s.macro_f1():.3f} | {s.four_f1():.3f} | {s.body_f1():.4f} | {s.empty_index():.1%} "
            f"| {' | '.join(both)} |",
            flush=True,
        )
        print(f"{name}: {time.time() - start:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
