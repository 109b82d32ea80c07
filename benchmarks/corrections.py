"""How many actions in ``annotate`` bring a model's labels of a portal's pages to the gold.

Usage: ``python benchmarks/corrections.py PORTALS [--model MODEL] [--portals NAME ...]``: a folder as for
``benchmarks/quality.py``, and a model that has not seen the portals that are
named (the shipped one has seen all of them, so its figures are too good).
Nobody labels here: a simulated annotator knows the gold, and takes the action
that puts most blocks right, until all of a page are. What it may do is what the
page offers: a block, a drag over up to thirty, a box, the list under a heading;
with ``all pages`` also the same place on the portal's other pages. A person
finds the best action less surely. Seconds are those of the keystroke-level
model (Card, Moran and Newell, 1980), without the time to read a page. Prints
Markdown.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from boilerplate.annotation.alike import Places, find_alike
from boilerplate.annotation.document import Selection
from boilerplate.annotation.html_document import HtmlDocument
from boilerplate.annotation.labeller import Labeller
from boilerplate.labels import LABELS
from boilerplate.training.datasets import Example, count_words, load, node_labels, read_dataset

_PAGES = 10
_DRAG = 30
"""Blocks that a drag goes over, at most: about a screen."""

_WIDER = 4
"""Times that a box is made wider, at most."""

_TRIED = 12
"""Best actions of a page of which it is tried what they do on the other pages."""

_KEY, _POINT, _BUTTON, _THINK = 0.28, 1.1, 0.1, 1.35
"""Seconds: to press a key, to point, to press or let go of a button, to think of what comes next."""

_CLICK = _THINK + _POINT + 2 * _BUTTON


@dataclass(slots=True)
class Action:
    """Something to do: a label for a selection; `strokes` are keys and clicks."""

    selection: Selection
    blocks: np.ndarray
    label: int
    name: str
    strokes: int
    seconds: float


@dataclass(slots=True)
class Sheet:
    """A page being corrected: its document, where its blocks are, and the gold, -1 where a block has no words."""

    document: HtmlDocument
    places: Places
    gold: np.ndarray

    def gain(self, blocks: np.ndarray, label: int) -> int:
        """Blocks that a label puts right, less those that it puts wrong."""
        now, gold = self.document.labels()[blocks], self.gold[blocks]
        known = gold >= 0
        return int(((gold == label) & (now != label) & known).sum() - ((gold != label) & (now == gold) & known).sum())

    def wrong(self) -> np.ndarray:
        """Blocks whose label is not the gold's."""
        return np.flatnonzero((self.gold >= 0) & (self.document.labels() != self.gold))


@dataclass(slots=True)
class Count:
    """What was needed for a portal."""

    pages: int = 0
    blocks: int = 0
    wrong: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    strokes: int = 0
    seconds: float = 0.0

    def add(self, other: Count) -> None:
        """Add what was needed for another portal."""
        for name in ("pages", "blocks", "wrong", "strokes", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.actions += other.actions

    def row(self, name: str) -> str:
        """The figures as a row of the table."""
        actions = self.actions.total()
        each = f"{self.blocks / actions:.0f}" if actions else "–"
        kinds = ", ".join(f"{kind} {number}" for kind, number in self.actions.most_common())
        return (
            f"| {name} | {self.pages} | {self.blocks / self.pages:.0f} | {self.wrong / self.blocks:.1%} "
            f"| {actions / self.pages:.1f} | {each} | {self.strokes / self.pages:.0f} "
            f"| {self.seconds / self.pages:.0f} | {kinds} |"
        )


def open_sheet(example: Example, labeller: Labeller) -> Sheet:
    """Open a page with the model's labels, and its gold."""
    page, root = load(example)
    words = count_words(page, node_labels(example, root))
    document = labeller.open_page(Example(example.path, example.portal, None, index=True, where=example.where))
    return Sheet(document, Places(document.page), np.where(words.any(axis=1), words.argmax(axis=1), -1))


def actions(sheet: Sheet) -> Iterator[Action]:
    """Yield what can be done to a page that puts a block right."""
    document, gold, wrong = sheet.document, sheet.gold, sheet.wrong()
    for block in wrong.tolist():
        one = Selection("blocks", (block,))
        yield Action(one, np.array([block]), int(gold[block]), "block", 2, _CLICK + _KEY)
    cuts = [0, *(np.flatnonzero(np.diff(gold)) + 1).tolist(), len(gold)]
    for start, end in pairwise(cuts):  # runs of blocks of one gold label
        inside = wrong[(wrong >= start) & (wrong < end)]
        if len(inside) > 1:
            first, last = int(inside[0]), int(min(inside[-1], inside[0] + _DRAG - 1))
            blocks = np.arange(first, last + 1)
            drag = Selection("blocks", tuple(blocks.tolist()))
            yield Action(drag, blocks, int(gold[first]), "drag", 2, _CLICK + _POINT + _KEY)
    seen: set[tuple[int, int]] = set()
    for block in wrong.tolist():
        label = int(gold[block])
        for wider, box in enumerate(document.boxes(block)[:_WIDER]):
            if (box.element, label) not in seen:
                seen.add((box.element, label))
                blocks = np.arange(box.start, box.end)
                # A shift-click selects the first box, each further one the next.
                seconds = _CLICK + _KEY + wider * 2 * _BUTTON + _KEY
                yield Action(Selection("box", number=box.element), blocks, label, "box", 3 + wider, seconds)
        heading = document.heading_of(block)
        if heading >= 0 and (-1 - heading, label) not in seen:
            seen.add((-1 - heading, label))
            whole = Selection("list", number=heading)
            yield Action(whole, document.blocks_of(whole), label, "list", 3, _CLICK + 2 * _KEY)


def correct(sheets: list[Sheet], everywhere: bool) -> Count:
    """Bring pages to their gold, one after the other."""
    count = Count(len(sheets), sum(len(s.gold) for s in sheets), sum(len(s.wrong()) for s in sheets))
    for number, sheet in enumerate(sheets):
        while len(sheet.wrong()):
            best = sorted(actions(sheet), key=lambda a: (-sheet.gain(a.blocks, a.label), a.strokes))
            action, alike = best[0], {}
            if everywhere:
                action, alike = _for_all(best[:_TRIED], number, sheets)
            sheet.document.relabel_blocks(action.blocks, action.label)
            for other, blocks in alike.items():
                sheets[other].document.relabel_blocks(blocks, action.label)
            count.actions[f"{action.name}, all pages" if alike else action.name] += 1
            count.strokes += action.strokes + bool(alike)
            count.seconds += action.seconds + _KEY * bool(alike)
    return count


def _for_all(best: list[Action], number: int, sheets: list[Sheet]) -> tuple[Action, dict[int, np.ndarray]]:
    """The action that gains most if it is done on all pages, or on this one alone; pages that are done stay right."""
    sheet = sheets[number]
    found: tuple[int, Action, dict[int, np.ndarray]] | None = None
    for action in best:
        here = sheet.gain(action.blocks, action.label)
        if here < 1:
            continue
        alike = {}
        for other, there in enumerate(sheets):
            if other != number:
                blocks = find_alike(action.selection, sheet.document, sheet.places, there.document, there.places)
                if len(blocks):
                    alike[other] = blocks
        gains = {other: sheets[other].gain(blocks, action.label) for other, blocks in alike.items()}
        spoils = any(gains[other] < 0 for other in gains if other < number)
        for gain, there in ((here, {}), (0 if spoils else here + sum(gains.values()), alike)):
            if found is None or gain > found[0]:
                found = gain, action, there
    assert found is not None
    return found[1], found[2]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("portals", type=Path)
    parser.add_argument("--model", default="portals")
    parser.add_argument("--portals", dest="names", nargs="*", default=())
    args = parser.parse_args()
    labeller = Labeller(args.model)
    by_portal: dict[str, list[Example]] = {}
    for example in read_dataset(args.portals):
        if example.regions is not None and not example.index and (not args.names or example.portal in args.names):
            by_portal.setdefault(example.portal, []).append(example)
    for everywhere in (False, True):
        print(f"\n{'With' if everywhere else 'Without'} `all pages`:\n")
        print(
            "| portal | pages | blocks a page | wrong at first | actions a page | blocks an action "
            "| keys and clicks a page | seconds a page | actions |"
        )
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        total = Count()
        for portal, examples in sorted(by_portal.items()):
            chosen = random.Random(0).sample(examples, min(_PAGES, len(examples)))
            count = correct([open_sheet(example, labeller) for example in chosen], everywhere)
            total.add(count)
            print(count.row(portal), flush=True)
        print(total.row("**all**"))
    print(f"\nModel `{Path(args.model).stem}`; labels: {', '.join(label.value for label in LABELS)}.")


if __name__ == "__main__":
    main()
