"""Changes to a page that leave its story as it is: a model must not hang on any one of them.

A page may come without class names, without a title or with one that is cut
or the site's own, with line breaks for paragraphs, with a headline that is no
heading. Labelled pages are shown to the model so, too.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from lxml import etree

SHARE = 0.3
"""Share of the labelled pages that are shown changed, besides as they are."""

Change = Callable[[Any, random.Random], None]


def strip_names(root: Any, rng: random.Random) -> None:
    """Take class names and ids away."""
    for element in root.iter(etree.Element):
        element.attrib.pop("class", None)
        element.attrib.pop("id", None)


def hash_names(root: Any, rng: random.Random) -> None:
    """Put letters without meaning for class names and ids, the same for the same."""
    names: dict[str, str] = {}
    for element in root.iter(etree.Element):
        for attribute in ("class", "id"):
            value = element.get(attribute)
            if value:
                element.set(attribute, names.setdefault(value, "".join(rng.choices("bcdfghjklmnpqrstvwxz", k=7))))


def break_lines(root: Any, rng: random.Random) -> None:
    """Put double line breaks for paragraphs."""
    for paragraph in list(root.iter("p")):
        if paragraph.getparent() is not None:
            for _ in range(2):
                paragraph.addprevious(etree.Element("br"))
            paragraph.tag = "span"


def spoil_title(root: Any, rng: random.Random) -> None:
    """Drop the title, cut it, or leave the site's name of it."""
    how = rng.randrange(3)
    for title in root.iter("title"):
        text = title.text or ""
        cut = text[: int(0.6 * len(text))] + "…" if text else ""
        title.text = ("", cut, text.rpartition(" - ")[2].rpartition("|")[2].strip()[:30])[how]


def demote_headline(root: Any, rng: random.Random) -> None:
    """Make the first-rank headings boxes like any other."""
    for heading in list(root.iter("h1")):
        heading.tag = "div"


CHANGES: tuple[Change, ...] = (strip_names, hash_names, break_lines, spoil_title, demote_headline)


def vary(root: Any, rng: random.Random) -> None:
    """Make one to three changes to a parsed page, in place."""
    for change in rng.sample(CHANGES, rng.randint(1, 3)):
        change(root, rng)
