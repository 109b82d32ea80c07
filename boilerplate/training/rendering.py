"""Labelled pages rendered as labelled lines, for the line model to learn from.

One labelled page gives any number of labelled texts: scrapers differ in which
part of a page they take, where they break lines, and what becomes of bullets
and blank lines. `render` draws one of those ways.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from boilerplate.labels import INDEX, Label
from boilerplate.segment.page import HtmlPage
from boilerplate.segment.tags import CODES
from boilerplate.training.augmentation import augment
from boilerplate.training.datasets import Example, load, node_labels, piece_text
from boilerplate.training.text_datasets import BLANK, Lines, read_lines

BODY, RELATED, META, CHROME = (INDEX[x] for x in (Label.BODY, Label.RELATED, Label.META, Label.CHROME))
_OTHER_LISTS = frozenset(INDEX[x] for x in (Label.PICKS, Label.LATEST, Label.POPULAR))
_BULLETS = ("-", "•", "*", "–")
_LI = CODES["li"]
_SITE_NAME = re.compile(r"\s(?:[-–—|]|::)\s[^-–—|]{2,40}\Z")  # behind the headline in a page's title

Fragment = tuple[str, int]
"""Text of a text node, and the column of its label."""


def texts_of(example: Example, variants: int) -> Iterator[Lines]:
    """Yield the labelled texts of an example: a document's own, or several renderings of a page.

    Raises
    ------
    DatasetError
        If the document, the page or its regions do not read.
    """
    if example.is_text:
        yield read_lines(example)
        return
    page, root = load(example)
    label_of = node_labels(example, root)
    fragments: list[list[Fragment]] = []
    for refs in page.refs:
        found = [(" ".join(piece_text(ref).split()), label_of(ref)) for ref in dict.fromkeys(refs)]
        fragments.append([fragment for fragment in found if fragment[0]])
    for k in range(1 if example.index else variants):
        lines = render(page, fragments, random.Random(f"{example.name} {k}"))
        if lines.texts:
            yield lines


def render(page: HtmlPage, fragments: list[list[Fragment]], rng: random.Random) -> Lines:
    """Render a segmented page as some scraper might, and augment it (see `training.augmentation`).

    Parameters
    ----------
    page
        The page.
    fragments
        For each block its text nodes.
    rng
        Draws which blocks are taken and how they are laid out.
    """
    labels = [_majority_label(block) for block in fragments]
    lines = _lay_out(page, fragments, labels, _scraped_blocks(page, labels, rng), rng)
    if BODY not in lines.labels:
        return lines
    # Headlines of other stories, wherever they stand on the page: this story's own lists, and others'.
    titles = [(text, label) for text, label in zip(page.texts, labels, strict=True) if 4 <= text.count(" ") <= 18]
    related = [text for text, label in titles if label == RELATED]
    others = [text for text, label in titles if label in _OTHER_LISTS]
    return augment(lines, related, others, rng, _SITE_NAME.sub("", page.title))


def _lay_out(
    page: HtmlPage, fragments: list[list[Fragment]], labels: list[int], blocks: list[int], rng: random.Random
) -> Lines:
    """Break blocks into lines: where, and what becomes of bullets and blank lines, is drawn."""
    breaks = rng.choice(("join", "join", "join", "nodes", "nodes", "glue"))
    bullets = rng.choice(("none", "none", "alone", "start"))
    bullet = rng.choice(_BULLETS)
    blanks = rng.choice(("none", "none", "every", "box"))
    lines = Lines()
    previous = -1  # parent of the block before
    for i in blocks:
        if not fragments[i]:
            continue
        parent = page.parents[page.block_el[i]]
        if lines.texts and (blanks == "every" or (blanks == "box" and parent != previous)):
            lines.add("", BLANK)
        previous = parent
        if bullets != "none" and _starts_list_item(page, i):
            if bullets == "alone":
                lines.add(bullet, labels[i])
                lines.add(page.texts[i], labels[i])
            else:
                lines.add(f"{bullet} {page.texts[i]}", labels[i])
        elif breaks == "nodes":
            lines.extend(fragments[i])
        elif breaks == "glue" and rng.random() < 0.5:
            lines.add("".join(text for text, _ in fragments[i]), labels[i])
        else:
            lines.add(page.texts[i], labels[i])
    return lines


def _majority_label(block: list[Fragment]) -> int:
    """Label of most of a block's words; chrome where it has none."""
    counts: dict[int, int] = {}
    for text, label in block:
        counts[label] = counts.get(label, 0) + len(text.split())
    return max(counts, key=lambda label: counts[label]) if counts else CHROME


def _scraped_blocks(page: HtmlPage, labels: list[int], rng: random.Random) -> list[int]:
    """Draw which blocks a scraper takes: the page, the article's element, the story and what follows it."""
    n = len(labels)
    body = [i for i, label in enumerate(labels) if label == BODY]
    if not body:
        return list(range(n))
    first, last = body[0], body[-1]
    article = 0  # the smallest element around the whole story
    for element, (start, end) in enumerate(zip(page.starts, page.ends, strict=True)):
        if start <= first and end > last and end - start <= page.ends[article] - page.starts[article]:
            article = element
    draw = rng.random()
    if draw < 0.15:
        return list(range(n))
    if draw < 0.4:
        taken = range(page.starts[article], page.ends[article])
    elif draw < 0.6:
        taken = range(first, min(n, last + 1 + rng.choice((0, 0, 2, 5, 10))))
    else:  # the story, then lists after it
        start = first if rng.random() < 0.7 else page.starts[article]
        taken = range(start, min(n, page.ends[article] + rng.randint(5, 120)))
    dropped = set()
    if rng.random() < 0.5:
        dropped.add(CHROME)
    if rng.random() < 0.2:
        dropped.add(META)
    return [i for i in taken if labels[i] not in dropped]


def _starts_list_item(page: HtmlPage, i: int) -> bool:
    """Whether a block starts an item of a list: one of its four nearest elements is an ``li`` that it starts."""
    element = page.block_el[i]
    for _ in range(4):
        if element < 0 or page.starts[element] != i:
            return False
        if page.tags[element] == _LI:
            return True
        element = page.parents[element]
    return False
