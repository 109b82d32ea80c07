"""Whether the items of lists hang on their own headings, by gold labels alone: no model takes part.

Usage: ``python benchmarks/headings.py PORTALS [NEWS]``: folders with
``pages.jsonl`` whose pages have every text labelled. A list is a stretch of
blocks with one of the labels of lists in which a kind of element repeats. Each
word of a list counts once: under a heading with the list's label (and what the
lexicon says of that heading), under an item that passes for a heading, under a
text of another label, or under nothing. Prints Markdown.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
from tqdm import tqdm

from boilerplate.features.html import Describer, names
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.lexicon.tables import HEADING_KINDS
from boilerplate.segment.page import Page
from boilerplate.training.datasets import iter_gold, read_dataset

LISTS = [INDEX[label] for label in (Label.RELATED, Label.POPULAR, Label.LATEST, Label.PICKS, Label.AD)]
FAMILY = frozenset("liputan6.com merdeka.com dream.co.id bola.net kapanlagi.com otosia.com brilio.net".split())
"""The sister brands that most of the portal pages come from."""

OUTCOMES = ("names its kind", "silent", "names another", "an item", "wrong heading", "no heading")
_NAMES, _SILENT, _OTHER, _ITEM, _WRONG, _NONE = range(len(OUTCOMES))
_MOST_WORDS = 8
_HEAD = slice(names().index("head_related"), names().index("head_related") + len(HEADING_KINDS))
# The label that each kind of heading speaks of; a channel's container holds picks.
_SPOKEN = np.array([INDEX[Label("picks" if k == "channel" else k)] if k != "control" else -1 for k in HEADING_KINDS])


def signatures(page: Page) -> list[tuple[int, str, int, str]]:
    """Tags and classes of each block's elements: what the items of a list share."""
    tags, attrs = page.tags, page.attrs
    return [
        (tags[a], attrs[a].partition("#")[0], tags[b], attrs[b].partition("#")[0])
        for a, b in zip(page.first_el, page.block_el, strict=True)
    ]


def stretches(
    gold: np.ndarray, signature: list[tuple[int, str, int, str]]
) -> Iterable[tuple[int, int, Counter[tuple[int, str, int, str]]]]:
    """Yield the lists of a page: first block, end, and how often each signature occurs."""
    borders = [0, *(np.flatnonzero(np.diff(gold)) + 1).tolist(), len(gold)]
    for start, end in pairwise(borders):
        if start < end and gold[start] in LISTS:
            counts = Counter(signature[start:end])
            if max(counts.values()) >= 2:
                yield start, end, counts


class Table:
    """Words of lists by what they hang on."""

    def __init__(self) -> None:
        self.words = np.zeros(len(OUTCOMES), np.int64)
        self.headed = np.zeros(len(OUTCOMES), np.int64)
        self.no_ads = np.zeros(len(OUTCOMES), np.int64)
        self.wrong: Counter[str] = Counter()
        self.items: Counter[str] = Counter()
        self.silent: Counter[str] = Counter()
        self.other: Counter[str] = Counter()
        self.leak = self.rest = 0

    def add(self, page: Page, gold: np.ndarray, words: np.ndarray, heading: np.ndarray, heads: np.ndarray) -> None:
        """Add a page: label and words of each block, its heading (-1 for none), and what the lexicon says of blocks."""
        signature = signatures(page)
        covered = np.isin(gold, LISTS)
        governed = (heading >= 0) & ~covered
        self.rest += int(words[~covered].sum())
        self.leak += int(words[governed & np.isin(gold[heading], LISTS)].sum())
        for start, end, counts in stretches(gold, signature):
            most = max(counts.values())
            item = [3 * counts[s] > most and counts[s] >= 2 for s in signature[start:end]]
            short = [len(text.split()) <= _MOST_WORDS for text in page.texts[start:end]]
            headed = any(s and not i for s, i in zip(short[:2], item[:2], strict=True))
            own = set(heading[start:end].tolist())
            for i in range(start, end):
                at = i if i in own and (heads[i].any() or not item[i - start]) else int(heading[i])
                outcome = self._outcome(at, gold, heads, int(gold[i]), start <= at < end and item[at - start])
                self.words[outcome] += words[i]
                if headed:
                    self.headed[outcome] += words[i]
                    self.no_ads[outcome] += words[i] * (gold[i] != INDEX[Label.AD])
                if at >= 0:
                    shown = {_WRONG: self.wrong, _ITEM: self.items, _SILENT: self.silent, _OTHER: self.other}
                    if outcome in shown:
                        shown[outcome][f"{page.texts[at][:50]} ({LABELS[gold[at]].value})"] += int(words[i])

    @staticmethod
    def _outcome(at: int, gold: np.ndarray, heads: np.ndarray, label: int, item: bool) -> int:
        if at < 0:
            return _NONE
        if gold[at] != label:
            return _WRONG
        said = _SPOKEN[heads[at] > 0]
        if label in said:
            return _NAMES
        if (said >= 0).any():
            return _OTHER
        return _ITEM if item else _SILENT

    def rows(self, name: str) -> Iterable[str]:
        """The table's rows, in Markdown: all lists, those with a heading, those of them that are no ads."""
        leak = f"{self.leak / max(self.rest, 1):.1%}"
        for heading, words, last in (
            ("", self.words, leak),
            (", with a heading", self.headed, ""),
            (", with a heading, no ads", self.no_ads, ""),
        ):
            total = max(int(words.sum()), 1)
            cells = " | ".join(f"{x:.1%}" for x in words / total)
            yield f"| {name}{heading} | {words.sum()} | **{words[:_ITEM].sum() / total:.1%}** | {cells} | {last} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("portals", type=Path)
    parser.add_argument("news", type=Path, nargs="?")
    parser.add_argument("--most", type=int, default=15, help="wrong headings shown of each group")
    args = parser.parse_args()
    tables = {"large family": Table(), "small portals": Table()}
    if args.news:
        tables["general pages"] = Table()
    describer = Describer()
    for folder in filter(None, (args.portals, args.news)):
        for example, page, counts in tqdm(iter_gold(read_dataset(folder)), desc=str(folder), file=sys.stderr):
            group = (
                "general pages"
                if folder == args.news
                else "large family"
                if example.portal in FAMILY
                else "small portals"
            )
            described = describer.describe(page)
            tables[group].add(page, counts.argmax(axis=1), counts.sum(axis=1), described.heading, described.X[:, _HEAD])
    print(
        "| lists of | words | right heading | of these: " + " | ".join(OUTCOMES) + " | list headings over other words |"
    )
    print("| --- " * (4 + len(OUTCOMES)) + "|")
    for group, table in tables.items():
        print("\n".join(table.rows(group)))
    for group, table in tables.items():
        for what in ("wrong", "items", "silent", "other"):
            found = getattr(table, what).most_common(args.most)
            print(f"\n{group}, {what}: " + "; ".join(f"{text} {n}" for text, n in found))


if __name__ == "__main__":
    main()
