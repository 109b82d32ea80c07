"""Metadata without JSON-LD against what JSON-LD says, with trafilatura beside.

Usage: ``python benchmarks/metadata.py DATASET...``: folders with
``pages.jsonl`` of labelled pages. On the articles whose JSON-LD has a date or
an author, JSON-LD is taken out; what is then read is compared with it: from
the blocks alone (by their gold labels, and by the shipped model's), from all
that is left, and by trafilatura. Prints Markdown; with ``--wrong`` the cases
that differ, too.
"""

from __future__ import annotations

import argparse
import re
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import trafilatura

from boilerplate import Cleaner
from boilerplate.labels import INDEX, Label
from boilerplate.metadata.head import Head
from boilerplate.metadata.merge import merge
from boilerplate.metadata.page import describe, head_of
from boilerplate.metadata.record import Metadata
from boilerplate.training.datasets import Example, count_words, load, node_labels, read_dataset

warnings.filterwarnings("ignore")
BODY = INDEX[Label.BODY]
FIELDS = ("published", "authors")
_SCRIPT = re.compile(r"<script[^>]{0,300}ld\+json[^>]{0,300}>.*?</script", re.I | re.S)
_WORD = re.compile(r"\w+")
WAYS = ("blocks, gold labels", "blocks, the model's labels", "all but JSON-LD", "trafilatura, without JSON-LD")


def readings(example: Example, cleaner: Cleaner) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what JSON-LD says, then what each of `WAYS` reads without it; nothing where JSON-LD says nothing."""
    page, root = load(example)
    head = head_of(page)
    truth = merge(
        Head({"json-ld": head.claims.get("json-ld", {}), **_names(head)}, head.publisher), lambda _: {}, ("", "")
    )
    if not (truth.published or truth.authors):
        return
    yield "json-ld", truth.to_dict()
    words = count_words(page, node_labels(example, root))
    P = words / np.maximum(words.sum(axis=1, keepdims=True), 1)
    silent = Head({**_names(head)}, head.publisher)
    page.head = silent
    yield WAYS[0], describe(page, P, P[:, BODY] > 0.5, "").to_dict()
    html = _SCRIPT.sub("<script></script", example.read())
    document = cleaner.label(html, kind="html")
    yield WAYS[2], document.metadata.to_dict()
    describe_it = document._describe
    assert describe_it is not None
    describe_it.args[0].page.head = silent  # type: ignore[attr-defined]  # a partial with the selection
    yield WAYS[1], describe_it().to_dict()
    theirs = trafilatura.extract_metadata(html)
    authors = [name for name in (theirs.author or "").split("; ") if name] if theirs else []
    yield WAYS[3], Metadata(published=(theirs and theirs.date) or "", authors=tuple(authors)).to_dict()


def _names(head: Head) -> dict[str, dict[str, Any]]:
    """What the head says of the site and the language, as a source of its own: bylines may name the site."""
    known = {name: head.first(name)[0] for name in ("site_name", "url", "language")}
    return {"meta": {name: value for name, value in known.items() if value}}


def same_day(a: str, b: str) -> bool:
    """Whether two dates are of one day: of the first one's zone, where both have one."""
    first, second = datetime.fromisoformat(a), datetime.fromisoformat(b)
    if first.tzinfo is not None and second.tzinfo is not None:
        second = second.astimezone(first.tzinfo)
    return first.date() == second.date()


def same_people(a: list[str], b: list[str]) -> bool:
    """Whether both name one person at least; a name may have more parts in one of them."""
    parts = [[set(_WORD.findall(name.casefold())) for name in names] for names in (a, b)]
    return any(x <= y or y <= x for x in parts[0] for y in parts[1] if x and y)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("datasets", type=Path, nargs="+")
    parser.add_argument("--wrong", action="store_true", help="print the cases that differ")
    args = parser.parse_args()
    start = time.time()
    cleaner = Cleaner()
    same = {"published": same_day, "authors": same_people}
    print("| dataset | without JSON-LD | dates: JSON-LD has | found | agree | authors: JSON-LD has | found | agree |")
    print("| --- " * 8 + "|")
    for path in args.datasets:
        counts: Counter[tuple[str, str, str]] = Counter()
        for example in read_dataset(path):
            if example.index or example.regions is None:
                continue
            truth: dict[str, Any] = {}
            for way, found in readings(example, cleaner):
                truth = truth or found
                for name in FIELDS:
                    if not truth[name] or way == "json-ld":
                        continue
                    agrees = bool(found[name]) and same[name](truth[name], found[name])
                    counts[way, name, "known"] += 1
                    counts[way, name, "found"] += bool(found[name])
                    counts[way, name, "agree"] += agrees
                    if args.wrong and not agrees:
                        print(f"{example.name}: {name} {truth[name]} but {found[name]} ({way})")
        for way in WAYS:
            cells = []
            for name in FIELDS:
                known, found_, agree = (counts[way, name, what] for what in ("known", "found", "agree"))
                cells += [str(known), f"{found_ / max(known, 1):.1%}", f"{agree / max(found_, 1):.1%}"]
            print(f"| {path.name} | {way} | {' | '.join(cells)} |", flush=True)
    print(f"\n({time.time() - start:.0f} s, trafilatura {trafilatura.__version__})")


if __name__ == "__main__":
    main()
