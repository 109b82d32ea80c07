"""Changes to a page that leave its story as it is: a model must not hang on any one of them.

A page may come without class names, without a title or with one that is cut
or the site's own, with line breaks for paragraphs, with a headline that is no
heading; the story may be short, or all that there is. Labelled pages are
shown to the model so, too.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from lxml import etree

from boilerplate.segment.page import HtmlPage
from boilerplate.segment.tags import HEADINGS

SHARE = 0.3
"""Share of the labelled pages that are shown changed, besides as they are."""


@dataclass(slots=True)
class Draft:
    """A labelled page while it is changed.

    Attributes
    ----------
    root
        The parsed page, which changes work on in place.
    page
        The page as it was segmented before the change.
    story
        Shape (n_blocks,), bool: the blocks of the story.
    """

    root: Any
    page: HtmlPage
    story: np.ndarray


Change = Callable[[Draft, random.Random], str | None]
"""A change in place, or the HTML of a page that holds the story alone."""


def strip_names(draft: Draft, rng: random.Random) -> None:
    """Take class names and ids away."""
    for element in draft.root.iter(etree.Element):
        element.attrib.pop("class", None)
        element.attrib.pop("id", None)


def hash_names(draft: Draft, rng: random.Random) -> None:
    """Put letters without meaning for class names and ids, the same for the same."""
    names: dict[str, str] = {}
    for element in draft.root.iter(etree.Element):
        for attribute in ("class", "id"):
            value = element.get(attribute)
            if value:
                element.set(attribute, names.setdefault(value, "".join(rng.choices("bcdfghjklmnpqrstvwxz", k=7))))


def break_lines(draft: Draft, rng: random.Random) -> None:
    """Put double line breaks for paragraphs."""
    for paragraph in list(draft.root.iter("p")):
        if paragraph.getparent() is not None:
            for _ in range(2):
                paragraph.addprevious(etree.Element("br"))
            paragraph.tag = "span"


def drop_title(draft: Draft, rng: random.Random) -> None:
    """Leave the page without a title."""
    _set_title(draft, lambda title: "")


def cut_title(draft: Draft, rng: random.Random) -> None:
    """Cut the title to 60 %, as feeds do."""
    _set_title(draft, lambda title: title[: int(0.6 * len(title))] + "…" if title else "")


def leave_site_name(draft: Draft, rng: random.Random) -> None:
    """Leave of the title what stands last in it: the site's name."""
    _set_title(draft, lambda title: title.rpartition(" - ")[2].rpartition("|")[2].strip()[:30])


def _set_title(draft: Draft, change: Callable[[str], str]) -> None:
    for title in draft.root.iter("title"):
        title.text = change(title.text or "")


def demote_headline(draft: Draft, rng: random.Random) -> None:
    """Make the first-rank headings boxes like any other."""
    for heading in list(draft.root.iter("h1")):
        heading.tag = "div"


SHORT_STORY = 60
"""Words after which `cut_story` drops what follows."""


def cut_story(draft: Draft, rng: random.Random) -> None:
    """Empty the blocks of the story after the one that reaches `SHORT_STORY` words."""
    seen = 0
    for i in np.flatnonzero(draft.story):
        if seen >= SHORT_STORY:
            for element, is_tail in draft.page.refs[i]:
                setattr(element, "tail" if is_tail else "text", " ")
        seen += draft.page.texts[i].count(" ") + 1


def number_story(draft: Draft, rng: random.Random) -> None:
    """Number the story's sub-headings, or its paragraphs where it has few: no list of what is read most.

    Half of the numbered paragraphs are headings then, of one sentence, as beside the photos of a gallery.
    """
    numbers = np.flatnonzero(draft.story)
    headings = numbers[_are_headings(draft.page)[numbers]]
    chosen = headings if len(headings) >= _FEWEST else numbers[rng.randint(0, 2) :: rng.choice((1, 1, 2))]
    form = rng.choice(("{}. {}", "{}. {}", "{} {}", "{}) {}"))
    tag = rng.choice(("h2", "h3")) if len(headings) < _FEWEST and rng.random() < 0.5 else ""
    for number, i in enumerate(chosen.tolist() if len(chosen) >= _FEWEST else (), 1):
        element, is_tail = draft.page.refs[i][0]
        text = (element.tail if is_tail else element.text) or ""
        block = draft.page.nodes[draft.page.block_el[i]]
        if tag and block.tag == "p":
            block.tag = tag
            sentence, stop, _ = text.partition(". ")
            if stop and sentence.count(" ") >= _SENTENCE:
                text = sentence
                for other, tail in draft.page.refs[i][1:]:
                    setattr(other, "tail" if tail else "text", " ")
        setattr(element, "tail" if is_tail else "text", form.format(number, text.lstrip()))


def _are_headings(page: HtmlPage) -> np.ndarray:
    """Whether blocks are headings: shape (n_blocks,), bool."""
    return np.isin(np.array(page.tags)[np.array(page.block_el)], list(HEADINGS))


_FEWEST = 3
"""Items that make a list."""

_SENTENCE = 3
"""Blanks of the shortest sentence that is left of a paragraph."""


def paragraphs_alone(draft: Draft, rng: random.Random) -> str:
    """Return the story's paragraphs and nothing else, as feeds carry it."""
    return "".join(f"<h2>{text}</h2>" if is_heading else f"<p>{text}</p>" for text, is_heading in _story(draft))


def breaks_alone(draft: Draft, rng: random.Random) -> str:
    """Return the story's text and nothing else, with line breaks for paragraphs."""
    return "<br><br>".join(f"<b>{text}</b>" if is_heading else text for text, is_heading in _story(draft))


def _story(draft: Draft) -> list[tuple[str, bool]]:
    """The story's blocks, escaped, and whether they are headings."""
    page, headings = draft.page, _are_headings(draft.page)
    return [(escape(page.texts[i]), bool(headings[i])) for i in np.flatnonzero(draft.story)]


TREE_CHANGES: tuple[Change, ...] = (
    strip_names,
    hash_names,
    break_lines,
    drop_title,
    cut_title,
    leave_site_name,
    demote_headline,
)
"""Changes around the story."""

CHANGES: tuple[Change, ...] = (*TREE_CHANGES, cut_story, number_story, paragraphs_alone, breaks_alone)
"""All changes."""

_ALONE, _SHORT, _NUMBERED = 0.15, 0.15, 0.15
"""Shares of the changed pages that are the story alone, that have a short story, and that have a numbered one."""


def vary(draft: Draft, rng: random.Random) -> str | None:
    """Change a page in one to three ways; a few are cut down to the story alone."""
    has_story = bool(draft.story.any())
    drawn = rng.random()
    if has_story and drawn < _ALONE:
        return rng.choice((paragraphs_alone, breaks_alone))(draft, rng)
    if has_story and drawn < _ALONE + _SHORT:
        cut_story(draft, rng)
    elif has_story and drawn < _ALONE + _SHORT + _NUMBERED:
        number_story(draft, rng)
    for change in rng.sample(TREE_CHANGES, rng.randint(1, 3)):
        change(draft, rng)
    return None
