"""How many words of portals that were labelled by rules come out with their labels when the rules are run again.

Usage: ``python benchmarks/rules.py DATASET RULES ... [--without REGEX]``: a dataset of labelled pages, and files of
rules (``PORTAL.rules.tsv``) for portals in it. Sections of the rules match the field ``source`` of a page
(``repository@commit:path``, read as ``repository/path``, the repository's slash also as a plus sign) and its address.
Pages whose names the regex is found in are left out. Prints Markdown.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import numpy as np

from boilerplate.curation.rules import Rule, apply_rules, read_rules, regions_of
from boilerplate.labels import INDEX
from boilerplate.segment.html import parse, segment
from boilerplate.training.datasets import Example, gold_words, load, read_dataset
from boilerplate.training.evaluation import f1


def names_of(example: Example) -> list[str]:
    """Names that sections of rules may match."""
    source, url = str(example.meta.get("source", "")), str(example.meta.get("url", ""))
    repository, _, path = re.sub(r"@\w+:", ":", source, count=1).partition(":")
    return [f"{repository}/{path}", f"{repository.replace('/', '+')}/{path}", str(example.path), url]


def compare(example: Example, rules: list[Rule]) -> np.ndarray:
    """Words by stored label (rows) and by the label that the rules give, by way of the regions that they come to."""
    page, root = load(example)
    gold = gold_words(example, page, root)
    regions = regions_of(page, apply_rules(rules, names_of(example), root))
    again = parse(example.read())
    written = Example(example.path, "", [(xpath, INDEX[label]) for xpath, label in regions])
    guess = gold_words(written, segment(again, nodes=True), again)
    both = np.minimum(gold, guess)
    table = np.diag(both.sum(axis=0)).astype(float)
    for left, right in zip(gold - both, guess - both, strict=True):
        if left.sum():
            table += np.outer(left, right) / left.sum()
    return table


def row(name: str, tables: list[np.ndarray]) -> str:
    """A row of the printed table."""
    table = np.sum(tables, axis=0)
    present = table.sum(axis=1) > 0
    good = sum(np.trace(page) > 0.99 * page.sum() for page in tables)
    share = np.trace(table) / table.sum()
    return f"| {name} | {len(tables)} | {table.sum():.0f} | {share:.2%} | {f1(table)[present].mean():.3f} | {good} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("rules", type=Path, nargs="+")
    parser.add_argument("--without", metavar="REGEX")
    args = parser.parse_args()
    examples = [example for example in read_dataset(args.dataset) if example.regions is not None]
    if args.without:
        examples = [example for example in examples if not re.search(args.without, example.name)]
    print("| portal | pages | words | with their label | macro-F1 | pages above 99 % |")
    print("| --- | --- | --- | --- | --- | --- |")
    every: list[np.ndarray] = []
    for file in args.rules:
        key, rules = file.name.split(".")[0], read_rules(file)
        tables = [compare(x, rules) for x in examples if key in (x.portal.split(".")[0], x.portal.replace(".", ""))]
        if tables:
            print(row(key, tables), flush=True)
        every += tables
    print(row("all", every))


if __name__ == "__main__":
    main()
