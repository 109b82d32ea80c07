"""Measure the line model on plain texts, portals held out, and print a Markdown table.

    python benchmarks/text.py            # everything, some minutes
    python benchmarks/text.py --quick    # the shipped model only: seed document, speed

Each family of portals that the labelled documents come from is held out in
turn: neither its documents nor its pages are trained on. A line counts once,
blank lines do not count; a line joined to another has its block's label. Pages of
those portals are rendered to lines as well (see `training.rendering`).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from boilerplate import Cleaner
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.lexicon.headings import headings
from boilerplate.lexicon.letters import heading_words
from boilerplate.lexicon.tables import HEADING_KINDS
from boilerplate.model.network import Network
from boilerplate.segment.page import TEXT
from boilerplate.segment.text import segment_text
from boilerplate.select.choice import choose
from boilerplate.training.datasets import Example
from boilerplate.training.estimator import BlockClassifier
from boilerplate.training.evaluation import f1, fit
from boilerplate.training.fitting import DEFAULTS, read_examples
from boilerplate.training.folds import families
from boilerplate.training.preparation import LabelledPage, prepare_many
from boilerplate.training.text_datasets import BLANK, Lines, read_lines

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
DATASETS = (SHARED / "id-text", SHARED / "id-portals", ROOT / "datasets" / "portals")
BODY = INDEX[Label.BODY]


class Tally:
    """Lines by gold and given label, and what was kept."""

    def __init__(self) -> None:
        self.table = np.zeros((len(LABELS), len(LABELS)), np.int64)
        self.lost = self.kept = 0

    def add(self, lines: Lines, labels: Sequence[int], kept: Sequence[bool]) -> None:
        """Add a document: its lines, and what they were taken for (blank lines ignored)."""
        for gold, label, keeps in zip(lines.labels, labels, kept, strict=True):
            if gold != BLANK:
                self.table[gold, label] += 1
                self.lost += gold == BODY and not keeps
                self.kept += gold != BODY and keeps

    def row(self, name: str) -> str:
        """A row of the report."""
        scores, golds = f1(self.table), self.table.sum(axis=1)
        noise = golds.sum() - golds[BODY]
        cells = [
            f"{scores[BODY]:.4f}",
            f"{scores[golds > 0].mean():.3f}",
            f"{self.kept / max(noise, 1):.1%}",
            f"{self.lost / max(golds[BODY], 1):.2%}",
        ]
        cells += [f"{s:.2f}" if n else "–" for s, n in zip(scores, golds, strict=True)]
        return f"| {name} | " + " | ".join(cells) + " |"


def by_model(network: Network, page: LabelledPage, lines: Lines) -> tuple[list[int], list[bool]]:
    """Labels of a document's lines, and whether they are kept, by a model."""
    P = network.proba(page.described)
    kept = choose(P, page.described.words)
    labels, keeps = [BODY] * len(lines.texts), [False] * len(lines.texts)
    for i, (a, b) in enumerate(segment_text("\n".join(lines.texts)).lines):
        labels[a:b] = [int(P[i].argmax())] * (b - a)
        keeps[a:b] = [bool(kept[i])] * (b - a)
    return labels, keeps


def add_rendered(tally: Tally, network: Network, page: LabelledPage) -> None:
    """Add a page that was rendered to lines: each block of lines counts once."""
    P = network.proba(page.described)
    kept = choose(P, page.described.words)
    known = page.gold >= 0
    np.add.at(tally.table, (page.gold[known], P.argmax(axis=1)[known]), 1)
    tally.lost += int((~kept[known] & (page.gold[known] == BODY)).sum())
    tally.kept += int((kept[known] & (page.gold[known] != BODY)).sum())


def by_phrases(lines: Lines) -> tuple[list[int], list[bool]]:
    """The obvious baseline: known phrases start noise, and a list after one is noise until a sentence."""
    labels = []
    heading = BODY
    for text in lines.texts:
        whole, _, lead = headings().look_up(heading_words(text))
        bits = whole or lead
        kinds = [kind for k, kind in enumerate(HEADING_KINDS) if bits >> k & 1 and kind not in ("channel", "control")]
        if kinds:
            heading = INDEX[Label(kinds[0])]
            labels.append(heading)
        elif text.startswith("(") and text.endswith(")") and "/" in text:
            labels.append(INDEX[Label.META])
        elif text.rstrip().endswith((".", "!", "?", '"', "”")) and text.count(" ") >= 8:
            heading = BODY
            labels.append(BODY)
        else:
            labels.append(heading)
    return labels, [label == BODY for label in labels]


def by_length(lines: Lines) -> tuple[list[int], list[bool]]:
    """Line-length rule: ten words or more are body; the rest is one kind of noise."""
    labels = [BODY if len(text.split()) >= 10 else INDEX[Label.CHROME] for text in lines.texts]
    return labels, [label == BODY for label in labels]


def held_out(examples: list[Example], family: dict[str, str]) -> list[str]:
    """Print the table of unseen portals; returns the lines that came out wrong."""
    pages = list(prepare_many(examples, 1, TEXT))
    documents = [page for page in pages if page.example.path.suffix == ".txt"]
    ours, phrases, length, rendered = Tally(), Tally(), Tally(), Tally()
    by_portal: dict[str, Tally] = {}
    wrong = []
    for head in sorted({family.get(page.portal, page.portal) for page in documents}):
        train = [page for page in pages if family.get(page.portal, page.portal) != head]
        network = fit(BlockClassifier(**DEFAULTS[TEXT], kind=TEXT), train).network_
        unseen = [page for page in pages if family.get(page.portal, page.portal) == head]
        for page in unseen:
            if page.example.path.suffix != ".txt" and page.words is not None:
                add_rendered(rendered, network, page)
        for page in unseen:
            if page.example.path.suffix != ".txt":
                continue
            lines = read_lines(page.example)
            labels, kept = by_model(network, page, lines)
            ours.add(lines, labels, kept)
            by_portal.setdefault(page.portal, Tally()).add(lines, labels, kept)
            phrases.add(lines, *by_phrases(lines))
            length.add(lines, *by_length(lines))
            for gold, label, text in zip(lines.labels, labels, lines.texts, strict=True):
                if gold not in (BLANK, label):
                    wrong.append(f"{page.example.name} {LABELS[gold]} as {LABELS[label]}: {text[:80]}")
    print(f"{len(documents)} documents; {int(ours.table.sum())} lines, {int(ours.table[BODY].sum())} of them body\n")
    print(
        "| on unseen portals | body line F1 | macro-F1 | noise lines kept | body lines lost | "
        + " | ".join(x.value for x in LABELS)
        + " |"
    )
    print("| --- " * (5 + len(LABELS)) + "|")
    print(ours.row("**line model**"))
    print(phrases.row("list of phrases"))
    print(length.row("ten words or more"))
    print(rendered.row("**line model**, pages rendered to lines"))
    for portal, tally in sorted(by_portal.items()):
        print(tally.row(portal))
    return wrong


def seed(cleaner: Cleaner) -> None:
    """Check the document that the project was born from."""
    text = (SHARED / "seed" / "suara.txt").read_text(encoding="utf-8")
    gold = (SHARED / "seed" / "suara.labels").read_text(encoding="utf-8").split("\n")
    lines = text.split("\n")
    document = cleaner.label(text, kind="text")
    right = total = 0
    for block, (a, b) in zip(document.blocks, segment_text(text).lines, strict=True):
        right += sum(gold[k] == block.label for k in range(a, b) if lines[k].strip())
        total += sum(bool(lines[k].strip()) for k in range(a, b))
    article = "\n".join(" ".join(line.split()) for line, label in zip(lines, gold, strict=False) if label == "body")
    print(
        f"- seed document: {right} of {total} lines labelled right; "
        f"article exact: {'yes' if document.text == article else 'NO'}"
    )


def speed(cleaner: Cleaner, seconds: float = 10.0) -> None:
    """Clean documents of 300 words on one core."""
    with gzip.open(SHARED / "id-text" / "unlabelled.jsonl.gz", "rt", encoding="utf-8") as file:
        pool = [json.loads(line)["text"] for line in file]
    documents = []
    for text in pool:  # whole lines, up to 300 words
        taken, words = [], 0
        for line in text.split("\n"):
            taken.append(line)
            words += len(line.split())
            if words >= 300:
                documents.append("\n".join(taken))
                break
    mean = sum(len(text.split()) for text in documents) / len(documents)
    rates = []
    begin = time.process_time()
    while time.process_time() - begin < seconds:
        start = time.process_time()
        for _ in cleaner.clean_many(documents, kind="text"):
            pass
        rates.append(len(documents) / (time.process_time() - start))
    best = max(rates)
    print(
        f"- {np.median(rates):,.0f} documents a second on one core (best round {best:,.0f}; "
        f"{len(documents)} documents of {mean:.0f} words, so {np.median(rates) * mean / 300:,.0f} of 300 words)"
    )


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="only the shipped model: seed document and speed")
    parser.add_argument("--errors", action="store_true", help="list the lines that came out wrong")
    args = parser.parse_args()
    if not args.quick:
        examples = read_examples(DATASETS, TEXT)
        wrong = held_out(examples, families([example for example in examples if example.path.suffix != ".txt"]))
        if args.errors:
            print("\n".join(["", *wrong]), file=sys.stderr)
        print()
    cleaner = Cleaner("portals-text")
    seed(cleaner)
    speed(cleaner)
    return 0


if __name__ == "__main__":
    sys.exit(main())
