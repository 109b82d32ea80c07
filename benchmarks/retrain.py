"""What five labelled pages of a portal bring to a model that has not seen it.

Usage: ``python benchmarks/retrain.py PORTALS OWN NEWS``: folders as for
``benchmarks/quality.py``. The small families of portals are dealt to three
folds; a model that saw none of a fold starts from the rest. Each of the fold's
portals with eight articles or more then gives five pages to ``adapt``, and is
measured on its other pages; the fold's other portals, and a sample of those
that the start was trained on, show what the change costs there. Prints Markdown.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import warnings
from pathlib import Path

from tqdm import tqdm

from boilerplate.training.adaptation import adapt
from boilerplate.training.datasets import read_dataset
from boilerplate.training.estimator import BlockClassifier
from boilerplate.training.evaluation import fit, score
from boilerplate.training.folds import deal, families, largest_family
from boilerplate.training.preparation import prepare_many

warnings.filterwarnings("ignore")
GIVEN = 5
"""Pages that are learned from."""
_FOLDS, _LEAST, _SAMPLE, _DRAWS = 3, 8, 120, 3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("portals", type=Path)
    parser.add_argument("own", type=Path)
    parser.add_argument("news", type=Path, nargs="*")
    args = parser.parse_args()
    start = time.time()
    portals = read_dataset(args.portals)
    family = families(portals)
    largest = largest_family(portals, family)
    small = [page for page in portals if family[page.portal] != largest]
    examples = [*portals, *(x for path in (args.own, *args.news) for x in read_dataset(path))]
    pages = list(tqdm(prepare_many(examples, varied=True), desc="read", file=sys.stderr))
    rows = []
    seconds = []
    for fold in deal(small, family, _FOLDS):
        network = fit(BlockClassifier(), [page for page in pages if page.portal not in fold]).network_
        labelled = [page for page in pages if page.words is not None and not page.varied]
        held = [page for page in labelled if page.portal in fold and not page.example.index]
        known = [page for page in labelled if page.portal not in fold]
        known = random.Random(0).sample(known, min(_SAMPLE, len(known)))
        on_known = score(network, known)
        for portal in sorted(fold):
            mine = [page for page in held if page.portal == portal]
            if len(mine) < _LEAST:
                continue
            unseen = [page for page in held if page.portal != portal]
            on_unseen = score(network, unseen)
            changes = []
            for draw in range(_DRAWS):
                random.Random(draw).shuffle(mine)
                given, rest = mine[:GIVEN], mine[GIVEN:]
                before = score(network, rest)
                begun = time.process_time()
                retrained = adapt(network, [page.described for page in given], [page.gold for page in given])
                seconds.append(time.process_time() - begun)
                after, there, elsewhere = score(retrained, rest), score(retrained, known), score(retrained, unseen)
                changes.append(
                    (
                        before.macro_f1(),
                        after.macro_f1(),
                        before.body_f1(),
                        after.body_f1(),
                        elsewhere.macro_f1() - on_unseen.macro_f1() if unseen else 0.0,
                        there.macro_f1() - on_known.macro_f1(),
                    )
                )
            rows.append((portal, len(mine) - GIVEN, [sum(column) / _DRAWS for column in zip(*changes, strict=True)]))
    print(f"Means of {_DRAWS} draws of {GIVEN} pages.\n")
    print("| portal | other pages | macro-F1 | body page F1 | macro-F1 of unseen portals | of known ones |")
    print("| --- | --- | --- | --- | --- | --- |")
    means = [sum(column) / len(rows) for column in zip(*(figures for _, _, figures in rows), strict=True)]
    for portal, count, (macro, macro_after, body, body_after, unseen_change, known_change) in [
        *rows,
        ("**mean**", sum(count for _, count, _ in rows), means),
    ]:
        print(
            f"| {portal} | {count} | {macro:.3f} → {macro_after:.3f} | {body:.3f} → {body_after:.3f} "
            f"| {unseen_change:+.4f} | {known_change:+.4f} |"
        )
    print(f"\n{sum(seconds) / len(seconds):.2f} s of CPU for a retraining; {time.time() - start:.0f} s in all.")


if __name__ == "__main__":
    main()
