"""Quality on portals and publishers that the model has not seen, with trafilatura beside it.

Usage: ``python benchmarks/quality.py PORTALS OWN [NEWS ...] [--more MORE ...]``:
folders with ``pages.jsonl``: labelled portal pages (held out family by family),
pages of our own that are always trained on, and general news pages (held out
publisher by publisher, in the folds of the portals). Of the general pages those
with the body's text alone are measured only, those after ``--more`` trained on
only. Prints Markdown.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import trafilatura
from tqdm import tqdm

from boilerplate.cli.progress import TerminalProgress
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.training.calibration import calibrate
from boilerplate.training.datasets import read_dataset
from boilerplate.training.estimator import BlockClassifier
from boilerplate.training.evaluation import Scores, f1, leave_out
from boilerplate.training.folds import deal, deal_by_name, families, largest_family
from boilerplate.training.preparation import LabelledPage, prepare_many, shingle_scores

warnings.filterwarnings("ignore")
_BACA = re.compile(r"^\W*(?:baca|simak|lihat)\s+juga\b", re.I)
Result = tuple[LabelledPage, np.ndarray]


def read(path: Path) -> list[LabelledPage]:
    """Read and describe a dataset's pages."""
    return list(tqdm(prepare_many(read_dataset(path), varied=True), desc=str(path), file=sys.stderr))


def oracle(pages: list[LabelledPage]) -> tuple[float, float]:
    """Token accuracy and macro-F1 of labelling each block by its majority gold label."""
    table = np.zeros((len(LABELS), len(LABELS)))
    for page in pages:
        if page.words is not None and not page.varied:
            np.add.at(table.T, page.words.argmax(axis=1), page.words)
    return float(np.trace(table) / table.sum()), float(f1(table).mean())


def peer(pages: Iterable[LabelledPage]) -> np.ndarray:
    """Mean shingle precision, recall and F1 of trafilatura on article pages."""
    found = [
        shingle_scores(trafilatura.extract(page.example.read()) or "", page.body)
        for page in pages
        if not page.example.index
    ]
    return np.mean(found, axis=0)


def in_text(results: list[Result]) -> str:
    """How much of the `Baca Juga` that stands between body paragraphs is removed, and at what cost."""
    body, related = INDEX[Label.BODY], INDEX[Label.RELATED]
    removed = total = lost = words = 0
    for page, P in results:
        if page.words is None or not (page.gold == body).any():
            continue
        best = P.argmax(axis=1)
        where = np.flatnonzero(page.gold == body)
        for i in range(where[0], where[-1]):
            if page.gold[i] == related and _BACA.match(page.texts[i]):
                total += 1
                removed += best[i] != body
        lost += int(page.words[best == related, body].sum())
        words += int(page.words[:, body].sum())
    return (
        f"`Baca Juga` lines inside the body removed: {removed}/{total} ({removed / max(total, 1):.1%}); "
        f"body words labelled related: {lost / words:.2%}"
    )


def scored(results: Iterable[Result]) -> Scores:
    """Score pages."""
    scores = Scores()
    for page, P in results:
        scores.add(page, P)
    return scores


def line(name: str, scores: Scores) -> str:
    """The figures of some pages as a row of a table."""
    labelled = bool(scores.confusion)
    macro = [f"{scores.macro_f1():.3f}", f"{scores.four_f1():.3f}"] if labelled else ["–", "–"]
    kinds = [f"{x:.2f}" for x in f1(scores.table())] if labelled else ["–"] * len(LABELS)
    index = f"{scores.empty_index():.1%}" if any(page.index for page in scores.pages) else "–"
    error = f"{scores.labelled.error():.2%}" if labelled else "–"
    count = sum(not page.index for page in scores.pages)
    cells = [
        name,
        str(count),
        f"{scores.body_f1():.4f}",
        *macro,
        index,
        f"{scores.empty_articles():.2%}",
        error,
        *kinds,
    ]
    return f"| {' | '.join(cells)} |"


HEAD = ["pages", "articles", "body page F1", "macro-F1", "four labels", "index pages empty", "wrongly empty", "ECE"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("portals", type=Path)
    parser.add_argument("own", type=Path)
    parser.add_argument("news", type=Path, nargs="*")
    parser.add_argument("--more", type=Path, nargs="+", default=(), help="general pages to train on, not measured")
    parser.add_argument(
        "--folds", type=int, default=0, help="deal the families to so many folds; 0 holds out each alone"
    )
    parser.add_argument(
        "--small", action="store_true", help="hold out the portals outside of the largest family alone, not all"
    )
    parser.add_argument("--seeds", type=int, default=1, help="trainings whose figures are shown, and their mean")
    parser.add_argument("--no-peer", action="store_true", help="without trafilatura")
    args = parser.parse_args()
    start = time.time()
    portals, own = read(args.portals), read(args.own)
    news = {path.name: read(path) for path in args.news}
    accuracy, macro = oracle(portals)
    print(f"Oracle (each block by its majority gold label): token accuracy {accuracy:.5f}, macro-F1 {macro:.5f}.\n")
    examples = [page.example for page in portals]
    family = families(examples)
    largest = largest_family(examples, family)
    folds = deal([x for x in examples if not args.small or family[x.portal] != largest], family, args.folds)
    print("Held out together: " + "; ".join(" + ".join(sorted(fold)) for fold in folds) + ".\n")
    # Each fold holds out its share of the publishers, too.
    more = [page for path in args.more for page in read(path)]
    general = [page for pages in news.values() for page in pages]
    for page in (*more, *general):
        folds[deal_by_name(page.portal, len(folds))].add(page.portal)
    bodies = [page for page in general if page.body_only]
    learned = [*portals, *own, *more, *(page for page in general if not page.body_only)]
    whose = {id(page): name for name, pages in (("portals", portals), *news.items()) for page in pages}
    progress = TerminalProgress()
    progress.start(BlockClassifier().steps() * len(folds) * args.seeds, "leave out")
    print(
        f"| {' | '.join([*HEAD, *(label.value for label in LABELS)])} |\n" + "| --- " * (len(HEAD) + len(LABELS)) + "|"
    )
    for seed in range(args.seeds):
        raw = list(leave_out(learned, folds, {"random_state": seed}, progress, bodies))
        results, temperature = calibrate(raw, folds)
        of = {name: [r for r in results if whose.get(id(r[0])) == name] for name in ("portals", *news)}
        if not args.small:
            print(line(f"all portals, seed {seed}", scored(of["portals"])))
            print(line("– the largest family", scored(r for r in of["portals"] if family[r[0].portal] == largest)))
        print(line("– the others", scored(r for r in of["portals"] if family[r[0].portal] != largest)))
        for name in news:
            print(line(name, scored(of[name])), flush=True)
    progress.close()
    print(f"\nOf the last seed (temperature {temperature:.2f}):\n\n{scored(of['portals']).to_markdown()}")
    print(f"\n- {in_text(of['portals'])}")
    if not args.no_peer:
        for name, pages in (("portals", portals), *news.items()):
            theirs = peer(tqdm([page for page in pages if not page.varied], desc="trafilatura", file=sys.stderr))
            print(
                f"- trafilatura {trafilatura.__version__} on the articles of {name}: page F1 **{theirs[2]:.4f}** "
                f"(precision {theirs[0]:.3f}, recall {theirs[1]:.3f})"
            )
    print(f"\n({time.time() - start:.0f} s)")


if __name__ == "__main__":
    main()
