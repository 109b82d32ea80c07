"""The article with its structure is made in time that grows with the page and no faster."""

from __future__ import annotations

import time

import numpy as np
import pytest

from boilerplate.metadata.record import Metadata
from boilerplate.render.html import to_html
from boilerplate.render.images import story_images
from boilerplate.render.inlines import block_inlines
from boilerplate.render.markdown import to_markdown
from boilerplate.render.tei import to_tei
from boilerplate.render.tree import grow
from boilerplate.segment.html import parse, segment

BASE = "https://uji.example/"
PIECES = {
    "links": "<a href=/x>satu</a> dua ",
    "lists": "<ul><li>satu",
    "quotes": "<blockquote><p>satu",
    "cells": "<table><tr><td>satu<td>dua",
    "images": "<figure><img src=/x.jpg>satu",
}


def seconds(piece: str, count: int) -> float:
    page = segment(parse(piece * count), nodes=True)
    kept = np.ones(len(page), bool)
    start = time.process_time()
    found = story_images(page, kept, np.zeros(len(page), int), BASE, "")
    root = grow(page, range(len(page)), lambda block: block_inlines(page, block, (), links=True, base=BASE), found)
    to_markdown(root, "")
    to_html(root, "", Metadata())
    to_tei(root, "", Metadata())
    return time.process_time() - start


@pytest.mark.parametrize("name", PIECES)
def test_the_cost_grows_with_the_page_and_no_faster(name: str) -> None:
    best = {2_000: float("inf"), 16_000: float("inf")}
    for turn in range(8):  # until neighbours on the machine leave both alone; a square would be 64 times
        for count in best:
            best[count] = min(best[count], seconds(PIECES[name], count))
        if turn and best[16_000] <= 20 * best[2_000] + 0.02:
            return
    raise AssertionError(best)
