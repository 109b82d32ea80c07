"""The ten-minute walk: five pages of a portal corrected in ``annotate``, a model retrained on them, figures.

Usage: ``python benchmarks/walk.py PORTALS OTHERS --model MODEL --portals NAME
...``: a folder as for ``benchmarks/quality.py``; one whose pages the model was
trained on, which retraining must not forget; a model that has not seen the
portals that are named. The annotator is that of ``benchmarks/corrections.py``;
the corrected pages are written and read as ``annotate`` and ``train --from`` do.
Scores are of the portal's other pages, and of the other portals that are named.
Prints Markdown, the means of several draws of five pages.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
import time
from pathlib import Path

from corrections import correct, open_sheet

from boilerplate.annotation.labeller import Labeller
from boilerplate.model.registry import open_model
from boilerplate.training.datasets import Example, read_dataset
from boilerplate.training.evaluation import score
from boilerplate.training.preparation import LabelledPage, prepare_many
from boilerplate.training.retraining import retrain_model

GIVEN = 5
_LEAST = 7
_DRAWS = 3


def walk(given: list[Example], folder: Path, model: str, others: Path) -> tuple[Path | None, float, float, int]:
    """Correct pages and retrain on them: the model, if one was written, seconds of labelling and training, actions."""
    labeller = Labeller(model)
    sheets = [open_sheet(example, labeller) for example in given]
    count = correct(sheets, everywhere=True)
    (folder / "pages").mkdir()
    lines = []
    for example, sheet in zip(given, sheets, strict=True):
        shutil.copy(example.path, folder / "pages" / example.name)
        line = {"page": f"pages/{example.name}", "portal": example.portal, **sheet.document.record(), "done": True}
        lines.append(json.dumps(line) + "\n")
    (folder / "pages.jsonl").write_text("".join(lines))
    start = time.perf_counter()
    result = retrain_model([folder], folder / "model", model, others=[others], jobs=1)
    return result.model, count.seconds, time.perf_counter() - start, count.actions.total()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("others", type=Path)
    parser.add_argument("--model", required=True)
    parser.add_argument("--portals", nargs="+", required=True)
    args = parser.parse_args()
    network = open_model(args.model)[0]
    examples = [x for x in read_dataset(args.dataset) if x.portal in args.portals and x.regions is not None]
    prepared = {page.example.path: page for page in prepare_many([x for x in examples if not x.index], 1)}
    titles = ["portal", "actions", "labelling", "retraining", "other pages", "macro-F1", "body page F1", "other unseen"]
    print(f"| {' | '.join(titles)} |\n{'| --- ' * len(titles)}|")
    rows = []
    for portal in args.portals:
        mine = [x for x in examples if x.portal == portal and not x.index]
        if len(mine) < _LEAST:
            continue
        unseen = [page for page in prepared.values() if page.portal != portal]
        draws = []
        for draw in range(_DRAWS):
            shuffled = random.Random(draw).sample(mine, len(mine))
            rest: list[LabelledPage] = [prepared[x.path] for x in shuffled[GIVEN:]]
            with tempfile.TemporaryDirectory() as folder:
                model, labelling, training, actions = walk(shuffled[:GIVEN], Path(folder), args.model, args.others)
                after = open_model(model)[0] if model is not None else network
                pairs = [(score(network, pages), score(after, pages)) for pages in (rest, unseen)]
            (before, now), (unseen_before, unseen_now) = pairs
            scores = [before.macro_f1(), now.macro_f1(), before.body_f1(), now.body_f1()]
            draws.append(
                [actions, labelling, training, len(rest), *scores, unseen_now.macro_f1() - unseen_before.macro_f1()]
            )
        rows.append([sum(column) / _DRAWS for column in zip(*draws, strict=True)])
        print(_row(portal, rows[-1]), flush=True)
    print(_row("**mean**", [sum(column) / len(rows) for column in zip(*rows, strict=True)]))


def _row(name: str, figures: list[float]) -> str:
    actions, labelling, training, pages, macro, macro_now, body, body_now, unseen = figures
    time_taken = f"{labelling:.0f} s | {training:.0f} s"
    return (
        f"| {name} | {actions:.0f} | {time_taken} | {pages:.0f} | {macro:.3f} → {macro_now:.3f} "
        f"| {body:.3f} → {body_now:.3f} | {unseen:+.4f} |"
    )


if __name__ == "__main__":
    main()
