"""Measure the span finder on texts with noise inside their lines, portals held out, and print a Markdown table.

    python benchmarks/spans.py                    # everything, some ten minutes
    python benchmarks/spans.py --finder           # the finder alone, without the line model
    python benchmarks/spans.py --data DIR         # where id-text and id-portals are

Portals are dealt to folds by family, and each fold is held out in turn: line
model and span finder see none of its pages and texts. Of each fold's pages
also one way of rendering is held out (see `training.gluing.STYLES`): the fold
is measured on renderings of that kind. The line model takes and drops lines
as always; what counts are characters that are no white space.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from boilerplate.document import Span
from boilerplate.kinds import KINDS
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.model.network import Network, SpanModel
from boilerplate.segment.page import TEXT
from boilerplate.select.selection import Selection
from boilerplate.spans.finder import find_in_selections, find_spans
from boilerplate.spans.signs import suspicious
from boilerplate.training.datasets import Example
from boilerplate.training.estimator import BlockClassifier
from boilerplate.training.evaluation import f1, fit
from boilerplate.training.fitting import DEFAULTS, read_examples
from boilerplate.training.folds import deal_folds, families
from boilerplate.training.gluing import STYLES, Glued
from boilerplate.training.preparation import prepare_many
from boilerplate.training.span_datasets import SpanText, read_span_texts, render_examples
from boilerplate.training.span_fitting import fit_spans

ROOT = Path(__file__).resolve().parent.parent
FOLDS = 4
ONE_LINE = ("blank", "none", "mixed", "paragraphs")
BODY = INDEX[Label.BODY]
TWINS = {"antaranews-037": "merdeka-064", "beritasatu-061": "merdeka-065", "liputan6-047": "prfmnews-060"}
"""Texts of two portals that tell one story nearly in the same words: not learned from where the other is measured."""


class Tally:
    """Characters by gold and given label, and borders of noise."""

    def __init__(self) -> None:
        self.table = np.zeros((len(LABELS), len(LABELS)), np.int64)
        self.texts = self.borders = self.exact = self.near = 0
        self.errors: list[str] = []

    def add(self, name: str, glued: Glued, given: Sequence[np.ndarray]) -> None:
        """Add a text: its lines with their gold, and the labels that their characters were given."""
        self.texts += 1
        for text, gold, labels in zip(glued.texts, glued.labels, given, strict=True):
            known = gold >= 0
            np.add.at(self.table, (gold[known], labels[known]), 1)
            self._add_borders(text, _spread(gold), labels)
            self._add_errors(name, text, gold, labels)

    def _add_borders(self, text: str, gold: np.ndarray, given: np.ndarray) -> None:
        wanted, found = _edges(text, gold), _edges(text, given)
        for at in wanted:
            self.borders += 1
            self.exact += at in found
            self.near += any(len(text[min(at, x) : max(at, x)].split()) <= 1 for x in found)

    def _add_errors(self, name: str, text: str, gold: np.ndarray, given: np.ndarray) -> None:
        bad = (gold >= 0) & ((gold == BODY) != (given == BODY))
        edges = np.flatnonzero(np.diff(np.concatenate([[False], bad, [False]]).astype(np.int8)))
        for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            what = "lost" if gold[a] == BODY else f"kept {LABELS[gold[a]]}"
            self.errors.append(f"{name} {what}: {text[max(a - 40, 0) : a]}[[{text[a:b]}]]{text[b : b + 40]}")

    def row(self, name: str) -> str:
        """A row of the report."""
        golds = self.table.sum(axis=1)
        noise = golds.sum() - golds[BODY]
        scores = f1(self.table)
        present = (golds > 0) & (np.arange(len(LABELS)) != BODY)
        cells = [
            str(self.texts),
            f"{noise:,}",
            f"{self.table[:, BODY].sum() / max(noise, 1) - self.table[BODY, BODY] / max(noise, 1):.1%}",
            f"{(golds[BODY] - self.table[BODY, BODY]) / max(golds[BODY], 1):.2%}",
            f"{self.exact / max(self.borders, 1):.1%}",
            f"{self.near / max(self.borders, 1):.1%}",
            f"{scores[present].mean():.3f}" if present.any() else "–",
        ]
        cells += [f"{s:.2f}" if n else "–" for s, n in zip(scores, golds, strict=True)]
        return f"| {name} | " + " | ".join(cells) + " |"


def _spread(gold: np.ndarray) -> np.ndarray:
    """Labels in which a blank has that of the character before it."""
    index = np.maximum.accumulate(np.where(gold >= 0, np.arange(len(gold)), 0))
    return np.where(gold[index] >= 0, gold[index], BODY)


def _edges(text: str, labels: np.ndarray) -> set[int]:
    """Where noise begins and ends within a line, blanks around it left out."""
    noise = np.concatenate([[False], labels != BODY, [False]])
    out = set()
    for at in np.flatnonzero(noise[1:] != noise[:-1]).tolist():
        while 0 < at < len(text) and text[at - 1] == " ":
            at -= 1
        if 0 < at < len(text):
            out.add(at)
    return out


def _laid(texts: Sequence[str], spans: dict[int, tuple[Span, ...]], labels: Sequence[int]) -> list[np.ndarray]:
    """Label of each character of each line."""
    out = [np.full(len(text), label) for text, label in zip(texts, labels, strict=True)]
    for i, found in spans.items():
        for span in found:
            out[i][span.start : span.end] = INDEX[Label(span.label)]
    return out


def by_finder(model: SpanModel, texts: Sequence[SpanText]) -> Iterator[list[np.ndarray]]:
    """What the finder alone gives: every line with a sign of noise is looked into."""
    lines = [text.glued.texts for text in texts]
    pages = [suspicious(some, range(len(some))) for some in lines]
    for some, spans in zip(lines, find_spans(model, pages), strict=True):
        yield _laid(some, spans, [BODY] * len(some))


def by_product(network: Network, texts: Sequence[SpanText]) -> Iterator[list[np.ndarray]]:
    """What line model and finder give together, as the cleaner does."""
    kind = KINDS[TEXT]
    for text in texts:
        page = kind.segment("\n".join(text.glued.texts), _headings())
        features = kind.describer().describe(page)
        P = network.proba(features)
        selection = Selection(page, P, features.words, 0.0)
        if network.spans is not None:
            find_in_selections(network.spans, [selection], 0.0)
        labels = np.where(selection.kept, BODY, np.where(P.argmax(1) == BODY, INDEX[Label.CHROME], P.argmax(1)))
        blocks = _laid(page.texts, selection.spans, labels.tolist())
        # Lines are joined to blocks by a blank or by nothing: all other characters are the same.
        solid = [
            given[np.array([ch != " " for ch in block], bool)] for block, given in zip(page.texts, blocks, strict=True)
        ]
        flat = np.concatenate(solid) if solid else np.zeros(0, np.int64)
        out, at = [], 0
        for line in text.glued.texts:
            given = np.full(len(line), -1)
            places = [i for i, ch in enumerate(line) if ch != " "]
            given[places] = flat[at : at + len(places)]
            at += len(places)
            out.append(_spread(given))
        yield out


def _headings():  # type: ignore[no-untyped-def]
    from boilerplate.lexicon.headings import headings

    return headings()


def measure(data: Path, finder_only: bool, show_errors: bool) -> None:
    """Train and measure all folds, and print the table."""
    datasets = (data / "id-text", data / "id-portals", ROOT / "datasets" / "portals")
    examples = read_examples(datasets, TEXT)
    family = families([example for example in examples if example.path.suffix != ".txt"])
    real = [text for dataset in datasets for text in read_span_texts(dataset)]

    def head(portal: str) -> str:
        return family.get(portal, portal)

    names = sorted({head(p) for p in [*(x.portal for x in examples), *(x.portal for x in real)]})
    counts = [head(example.portal) for example in examples]
    fold_of = dict(zip(counts, deal_folds(counts, FOLDS).tolist(), strict=True))
    fold_of = {name: fold_of.get(name, k % FOLDS) for k, name in enumerate(names)}
    pages = [] if finder_only else list(prepare_many(examples, 1, TEXT))
    tallies = {
        name: Tally()
        for name in ("rendered pages", *(f"… {style}" for style in ONE_LINE), "scraped texts", "their joined lines")
    }
    for k in range(FOLDS):
        style = ONE_LINE[k % len(ONE_LINE)]
        styles = [name for name in STYLES if name != style]
        learned = [x for x in examples if fold_of[head(x.portal)] != k]
        twins = {TWINS.get(x.name, "") for x in real if fold_of[head(x.portal)] == k}
        train = list(render_examples(learned, 1, styles=styles))
        train += [x for x in real if fold_of[head(x.portal)] != k and x.name not in twins]
        model = fit_spans(train, family)
        held = [x for x in examples if fold_of[head(x.portal)] == k and _is_real(x, data)]
        rendered = list(render_examples(held, 1, 1, [style]))
        texts = [x for x in real if fold_of[head(x.portal)] == k]
        network = None
        if not finder_only:
            network = fit(
                BlockClassifier(**DEFAULTS[TEXT], kind=TEXT), [p for p in pages if fold_of[head(p.portal)] != k]
            ).network_
            network.spans = model
        for kind, some in (("rendered pages", rendered), ("scraped texts", texts)):
            given = by_finder(model, some) if network is None else by_product(network, some)
            for text, labels in zip(some, given, strict=True):
                tallies[kind].add(text.name, text.glued, labels)
                if kind == "rendered pages":
                    tallies[f"… {style}"].add(text.name, text.glued, labels)
                else:
                    mixed = [i for i, gold in enumerate(text.glued.labels) if (gold == BODY).any()]
                    tallies["their joined lines"].add(text.name, text.glued.part(mixed), [labels[i] for i in mixed])
        print(f"fold {k + 1} of {FOLDS}: {len(train)} texts learned from", file=sys.stderr)
    print(
        "| on unseen portals | texts | noise | noise kept | body lost | borders exact | within a word | kinds | "
        + " | ".join(label.value for label in LABELS)
        + " |"
    )
    print("| --- " * (8 + len(LABELS)) + "|")
    for name, tally in tallies.items():
        print(tally.row(name))
    if show_errors:
        for name in ("scraped texts", "rendered pages"):
            print("\n".join(["", name, *tallies[name].errors]), file=sys.stderr)


def _is_real(example: Example, data: Path) -> bool:
    """Whether an example is a page of a real portal: those of our own words are not measured on."""
    return example.path.suffix != ".txt" and data in example.path.parents


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the datasets")
    parser.add_argument("--finder", action="store_true", help="the finder alone, without the line model")
    parser.add_argument("--errors", action="store_true", help="list what came out wrong")
    args = parser.parse_args()
    measure(args.data, args.finder, args.errors)
    return 0


if __name__ == "__main__":
    sys.exit(main())
