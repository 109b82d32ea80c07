"""Quality on portals that the model has not seen, with trafilatura beside it.

Usage: ``python benchmarks/quality.py PORTALS OWN [NEWS]``: folders with
``pages.jsonl``: labelled portal pages (held out family by family), pages that
are always trained on, and general news pages with the body text only (every
third domain is held out). Prints Markdown.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import trafilatura
from tqdm import tqdm

from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.training.calibration import calibrate
from boilerplate.training.datasets import read_dataset
from boilerplate.training.estimator import BlockClassifier
from boilerplate.training.evaluation import Scores, f1, fit, leave_out, score
from boilerplate.training.folds import deal, families
from boilerplate.training.preparation import Prepared, prepare_many, shingle_scores

warnings.filterwarnings("ignore")
_BACA = re.compile(r"^\W*(?:baca|simak|lihat)\s+juga\b", re.I)


def read(path: Path) -> list[Prepared]:
    """Read and describe a dataset's pages."""
    return list(tqdm(prepare_many(read_dataset(path)), desc=str(path), file=sys.stderr))


def oracle(pages: list[Prepared]) -> tuple[float, float]:
    """Token accuracy and macro-F1 of labelling each block by its majority gold label."""
    table = np.zeros((len(LABELS), len(LABELS)))
    for page in pages:
        if page.words is not None:
            np.add.at(table.T, page.words.argmax(axis=1), page.words)
    return float(np.trace(table) / table.sum()), float(f1(table).mean())


def peer(pages: list[Prepared]) -> np.ndarray:
    """Mean shingle precision, recall and F1 of trafilatura on article pages."""
    found = [
        shingle_scores(trafilatura.extract(page.example.read()) or "", page.body)
        for page in tqdm(pages, desc="trafilatura", file=sys.stderr)
        if not page.example.index
    ]
    return np.mean(found, axis=0)


def in_text(results: list[tuple[Prepared, np.ndarray]]) -> str:
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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("portals", type=Path)
    parser.add_argument("own", type=Path)
    parser.add_argument("news", type=Path, nargs="?")
    parser.add_argument(
        "--folds", type=int, default=0, help="deal the families to so many folds; 0 holds out each alone"
    )
    args = parser.parse_args()
    start = time.time()
    portals, own = read(args.portals), read(args.own)
    news = read(args.news) if args.news else []
    held_news = [p for p in news if hashlib.md5(p.portal.encode()).digest()[0] % 3 == 0]
    rest_news = [p for p in news if hashlib.md5(p.portal.encode()).digest()[0] % 3]
    accuracy, macro = oracle(portals)
    print(f"Oracle (each block by its majority gold label): token accuracy {accuracy:.5f}, macro-F1 {macro:.5f}.\n")
    family = families([page.example for page in portals])
    folds = deal([page.example for page in portals], family, args.folds)
    print("Held out together: " + "; ".join(" + ".join(sorted(fold)) for fold in folds) + ".\n")
    model = BlockClassifier()
    bar = tqdm(total=model.steps() * len(folds), desc="leave portals out", file=sys.stderr)
    raw = list(leave_out([*portals, *own, *rest_news], folds, {}, lambda: bool(bar.update())))
    results, temperature = calibrate(raw, folds)
    scores, before = Scores(), Scores()
    for page, P in results:
        scores.add(page, P)
    for page, P in raw:
        before.add(page, P)
    print(scores.to_markdown())
    print(
        f"\n- temperature {temperature:.2f}; without it: log loss a word {before.log_loss():.3f}, "
        f"calibration error of the label {before.labelled.error():.2%}, of keep or drop {before.kept.error():.2%}"
    )
    theirs = peer(portals)
    print(f"\n- {in_text(results)}")
    print(
        f"- trafilatura {trafilatura.__version__} on the same article pages: page F1 **{theirs[2]:.4f}** "
        f"(precision {theirs[0]:.3f}, recall {theirs[1]:.3f})"
    )
    if held_news:
        network = fit(BlockClassifier(), [*portals, *own, *rest_news]).network_
        ours = score(network, held_news).pages
        mean = np.mean([[p.precision, p.recall, p.f1] for p in ours], axis=0)
        theirs = peer(held_news)
        print(f"\nGeneral news, {len(held_news)} pages of held-out domains (shingle precision, recall, F1):\n")
        print(f"- boilerplate {mean[0]:.4f} {mean[1]:.4f} **{mean[2]:.4f}**")
        print(f"- trafilatura {theirs[0]:.4f} {theirs[1]:.4f} **{theirs[2]:.4f}**")
    print(f"\n({time.time() - start:.0f} s)")


if __name__ == "__main__":
    main()
