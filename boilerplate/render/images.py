"""The images of a story: those between its paragraphs, and the lead image that the page's head names."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from lxml import etree

from boilerplate.labels import INDEX, Label
from boilerplate.metadata.tidy import address, line
from boilerplate.render.tree import Image
from boilerplate.segment.page import HtmlPage

MAX_IMAGES = 100
_SMALLEST = 100
"""Pixels: smaller images are icons."""
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-srcset", "srcset", "src")
_NUMBER = re.compile(r"\s*(\d{1,6})(?:px)?\s*\Z")
_TAGS = ("img", "amp-img")
_UP = 6
"""Elements around an image in which its figure is looked for; pieces of a caption."""
_STORY = [INDEX[Label.BODY], INDEX[Label.META]]


def story_images(page: HtmlPage, kept: np.ndarray, labels: np.ndarray, base: str, lead: str) -> dict[int, list[Image]]:
    """Find the images, by the number of the kept block that each stands before (that of no block: behind the last).

    Parameters
    ----------
    kept
        Shape (n_blocks,), bool.
    labels
        Shape (n_blocks,): column of the best label.
    base
        Address of the page.
    lead
        Address of the lead image; ``""`` if there is none.
    """
    numbers = np.flatnonzero(kept)
    if not len(numbers):
        return {}
    found: dict[int, list[Image]] = {}
    names = {_name(lead)} if lead else set()
    if lead:
        found[int(numbers[0])] = [Image(lead)]
    count = 0
    for before, element in _walk(page, int(numbers[0]), int(numbers[-1])):
        if not _in_story(before, kept, labels):
            continue
        src = _source(element, base)
        if not src or _name(src) in names:
            continue
        names.add(_name(src))
        place = int(np.searchsorted(numbers, before))
        found.setdefault(int(numbers[place]) if place < len(numbers) else len(page), []).append(
            Image(src, line(element.get("alt"), 300), _caption(element))
        )
        count += 1
        if count == MAX_IMAGES:
            break
    return found


def _walk(page: HtmlPage, first: int, last: int) -> list[tuple[int, Any]]:
    """The images below the element that holds the whole story, each with the number of the block that comes next."""
    top = page.block_el[first]
    while top > 0 and page.ends[top] <= last:
        top = page.parents[top]
    begins: dict[Any, int] = {}  # the last block that begins in an element's own text, or behind the element
    for block in range(page.starts[top], page.ends[top]):
        begins[page.refs[block][0][0]] = block
    images = []
    at = page.starts[top]
    for element in page.nodes[top].iter(etree.Element):
        if element.tag in _TAGS:
            images.append((at, element))
        if element in begins:
            at = max(at, begins[element] + 1)
    return images


def _in_story(before: int, kept: np.ndarray, labels: np.ndarray) -> bool:
    """Whether an image stands by a paragraph of the story, or by its caption."""
    around = [i for i in (before - 1, before) if 0 <= i < len(kept)]
    return any(kept[i] for i in around) and all(kept[i] or labels[i] in _STORY for i in around)


def _source(element: Any, base: str) -> str:
    """Address of an image; ``""`` for icons, and where there is none."""
    for side in ("width", "height"):
        size = _NUMBER.match(element.get(side) or "")
        if size is not None and int(size[1]) < _SMALLEST:
            return ""
    for name in _SOURCES:
        value = (element.get(name) or "")[:4000]
        if "srcset" in name:
            value = value.split(",")[0].strip().split(" ")[0]
        if value and not value.lstrip().lower().startswith("data:") and (src := address(value, base)):
            return src
    return ""


def _caption(element: Any) -> str:
    """Text of the ``figcaption`` of the figure that an image is in."""
    for _ in range(_UP):
        element = element.getparent()
        if element is None:
            break
        if element.tag == "figure":
            found = next(element.iter("figcaption"), None)
            return line(" ".join(islice(found.itertext(), _UP)), 300) if found is not None else ""
    return ""


def _name(src: str) -> str:
    """The file's name: one image has many addresses, by its size."""
    try:
        return urlsplit(src).path.rpartition("/")[2] or src
    except ValueError:
        return src
