"""Labelled pages rendered to labelled lines, for the line model to learn from.

A labelled page gives any number of labelled texts: scrapers differ in which
part of a page they take, where they break lines, and what becomes of bullets
and blank lines. `render` draws one of their ways.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from boilerplate.labels import INDEX, Label
from boilerplate.segment.page import HtmlPage
from boilerplate.segment.tags import CODES
from boilerplate.training.augmentation import strew
from boilerplate.training.datasets import Example, load, node_labels, piece_text
from boilerplate.training.text_datasets import BLANK, Lines, read_lines

BODY, RELATED, META, CHROME = (INDEX[x] for x in (Label.BODY, Label.RELATED, Label.META, Label.CHROME))
_ELSE = frozenset(INDEX[x] for x in (Label.PICKS, Label.LATEST, Label.POPULAR))
_BULLETS = ("-", "•", "*", "–")
_LI = CODES["li"]


def texts_of(example: Example, variants: int) -> Iterator[Lines]:
    """Yield the labelled texts of an example: a document's own, or several renderings of a page."""
    if example.path.suffix == ".txt":
        yield read_lines(example)
        return
    page, root = load(example)
    label_of = node_labels(example, root)
    pieces: list[list[tuple[str, int]]] = []
    for refs in page.refs:
        found = [(" ".join(piece_text(ref).split()), label_of(ref)) for ref in dict.fromkeys(refs)]
        pieces.append([piece for piece in found if piece[0]])
    for k in range(1 if example.index else variants):
        lines = render(page, pieces, random.Random(f"{example.name} {k}"))
        if lines.texts:
            yield lines


def render(page: HtmlPage, pieces: list[list[tuple[str, int]]], rng: random.Random) -> Lines:
    """Render a segmented page the way some scraper might.

    Parameters
    ----------
    pieces
        For each block its text nodes, each with the column of its label.
    rng
        Draws the way.
    """
    whole = [_of(block) for block in pieces]
    chosen = _extent(page, whole, rng)
    breaks = rng.choice(("join", "join", "join", "nodes", "nodes", "glue"))
    bullets = rng.choice(("none", "none", "alone", "start"))
    mark = rng.choice(_BULLETS)
    blanks = rng.choice(("none", "none", "every", "box"))
    lines = Lines()
    before = -1
    for i in chosen:
        if not pieces[i]:
            continue
        parent = page.parents[page.block_el[i]]
        if lines.texts and (blanks == "every" or (blanks == "box" and parent != before)):
            lines.add("", BLANK)
        before = parent
        if bullets != "none" and _first_of_item(page, i):
            if bullets == "alone":
                lines.add(mark, whole[i])
                lines.add(page.texts[i], whole[i])
            else:
                lines.add(f"{mark} {page.texts[i]}", whole[i])
        elif breaks == "nodes":
            for text, label in pieces[i]:
                lines.add(text, label)
        elif breaks == "glue" and rng.random() < 0.5:
            lines.add("".join(text for text, _ in pieces[i]), whole[i])
        else:
            lines.add(page.texts[i], whole[i])
    if BODY not in lines.labels:
        return lines
    # Headlines of other stories, wherever they stand on the page: this story's own lists, and others'.
    told = [(text, label) for text, label in zip(page.texts, whole, strict=True) if 4 <= text.count(" ") <= 18]
    related = [text for text, label in told if label == RELATED]
    others = [text for text, label in told if label in _ELSE]
    return strew(lines, related, others, rng)


def _of(block: list[tuple[str, int]]) -> int:
    """Label of most of a block's words."""
    counts: dict[int, int] = {}
    for text, label in block:
        counts[label] = counts.get(label, 0) + len(text.split())
    return max(counts, key=lambda k: counts[k]) if counts else CHROME


def _extent(page: HtmlPage, labels: list[int], rng: random.Random) -> list[int]:
    """Draw which blocks a scraper takes: the page, the article's box, the story and what follows it."""
    n = len(labels)
    body = [i for i, label in enumerate(labels) if label == BODY]
    if not body:
        return list(range(n))
    first, last = body[0], body[-1]
    box = 0
    for number, (start, end) in enumerate(zip(page.starts, page.ends, strict=True)):
        if start <= first and end > last and end - start <= page.ends[box] - page.starts[box]:
            box = number
    way = rng.random()
    if way < 0.15:
        taken = range(n)
    elif way < 0.4:
        taken = range(page.starts[box], page.ends[box])
    elif way < 0.6:
        taken = range(first, min(n, last + 1 + rng.choice((0, 0, 2, 5, 10))))
    else:  # the story, then lists after it
        taken = range(first if rng.random() < 0.7 else page.starts[box], min(n, page.ends[box] + rng.randint(5, 120)))
    dropped = set()
    if way >= 0.15 and rng.random() < 0.5:
        dropped.add(CHROME)
    if way >= 0.15 and rng.random() < 0.2:
        dropped.add(META)
    return [i for i in taken if labels[i] not in dropped]


def _first_of_item(page: HtmlPage, i: int) -> bool:
    """Whether a block starts an item of a list."""
    e = page.block_el[i]
    for _ in range(4):
        if e < 0 or page.starts[e] != i:
            return False
        if page.tags[e] == _LI:
            return True
        e = page.parents[e]
    return False
