"""How well blocks are found in the text of a body: alignment of known bodies against labels of the same pages.

Usage: ``python benchmarks/bodies.py DATASET [--field gold_body]``: a dataset of labelled pages of which the body's text
is known from elsewhere as well, in a field of their own. Prints one line.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from boilerplate.curation.alignment import align_blocks
from boilerplate.labels import INDEX, Label
from boilerplate.training.datasets import gold_words, load, read_dataset


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--field", default="gold_body")
    args = parser.parse_args()
    body = INDEX[Label.BODY]
    both = found = labelled = gold_count = 0
    covered = 0.0
    pages = 0
    for example in read_dataset(args.dataset):
        text = example.meta.get(args.field)
        if not isinstance(text, str) or not text.strip() or example.regions is None:
            continue
        page, root = load(example)
        words = gold_words(example, page, root)
        alignment = align_blocks(page.texts, text)
        taken = np.array(alignment.body, bool)
        both += int(words[taken, body].sum())
        found += int(words[taken].sum())
        labelled += int(words[:, body].sum())
        covered += alignment.found * len(text.split())
        gold_count += len(text.split())
        pages += 1
    precision, recall = both / found, both / labelled
    print(
        f"{pages} pages: {covered / gold_count:.2%} of the words of the gold texts found in their pages; against "
        f"labels of the same pages the words of the blocks found have precision {precision:.4f}, recall {recall:.4f}"
    )


if __name__ == "__main__":
    main()
