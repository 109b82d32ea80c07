"""One cleaner, many threads: each gets what it would get alone, and nothing stays behind."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partialmethod

import numpy as np
import pytest
from helpers import STORY

import boilerplate
from boilerplate import Cleaner
from boilerplate.features.line_wording import SHORT, LineWording
from boilerplate.features.tokens import ClassNames
from boilerplate.kinds import describer
from boilerplate.lexicon.markup import Markup
from boilerplate.segment.page import TEXT

N_THREADS = 8


def html_page(number: int) -> str:
    """A page with a few hundred class names that no other has, and some that all have."""
    items = "".join(
        f'<li class="butir-{number}-{i} item-{"ad" if i % 3 else "berita"}{number}x{i}" id="k{number}-{i}">'
        f'<a class="tautan{i}n{number}" href="#">Kabar pendek nomor {i} dari halaman {number}</a></li>'
        for i in range(120)
    )
    story = "".join(f'<p class="isi-{number}-{i}">{text} Catatan {number}.</p>' for i, text in enumerate(STORY))
    return (
        f"<html><head><title>Bakau ditanam {number}</title></head><body><h1>Bakau ditanam {number}</h1>"
        f'<div class="artikel">{story}</div><div class="terkait"><h3>Berita Terkait</h3><ul>{items}</ul></div>'
        "</body></html>"
    )


def text_page(number: int) -> str:
    """A text with a hundred short lines that no other has, and some that all have."""
    lines = [f"Kabar pendek nomor {i} dari naskah {number}" for i in range(100)]
    return "\n".join(
        [f"Bakau ditanam {number}", *STORY, "Baca juga", *lines[:50], *STORY[::-1], "Terpopuler", *lines[50:]]
    )


PAGES = [page(i) for i in range(12) for page in (html_page, text_page)]


def answer(cleaner: Cleaner, page: str) -> object:
    document = cleaner.label(page)
    return document.text, [(block.text, block.label, block.probability) for block in document.blocks]


@pytest.fixture
def small_caches(monkeypatch):
    """Caches that are full, and so dropped, every other page."""
    for cache in (ClassNames, Markup, LineWording):
        monkeypatch.setattr(cache, "__init__", partialmethod(cache.__init__, capacity=300))


@pytest.fixture
def restless():
    """Threads that take turns every few instructions."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("small_caches", "restless")
def test_threads_that_share_a_cleaner_get_what_each_would_get_alone():
    alone = [answer(Cleaner(), page) for page in PAGES]
    cleaner = Cleaner()  # knows no class name, and has no model for texts yet
    together = threading.Barrier(N_THREADS)

    def work(thread: int) -> list[int]:
        together.wait()
        turned = [(i * 5 + thread * 7) % len(PAGES) for i in range(len(PAGES))]
        return [i for i in turned if answer(cleaner, PAGES[i]) != alone[i]]

    with ThreadPoolExecutor(N_THREADS) as pool:
        assert list(pool.map(work, range(N_THREADS))) == [[]] * N_THREADS
    assert [i for i, page in enumerate(PAGES) if answer(cleaner, page) != alone[i]] == []


@pytest.mark.usefixtures("restless")
def test_so_do_threads_that_call_the_module_first(monkeypatch):
    alone = [Cleaner().clean(page) for page in PAGES]
    monkeypatch.setattr(boilerplate, "_shared", None)
    together = threading.Barrier(N_THREADS)

    def work(thread: int) -> list[str]:
        together.wait()
        return [boilerplate.clean(page) for page in PAGES]

    with ThreadPoolExecutor(N_THREADS) as pool:
        assert list(pool.map(work, range(N_THREADS))) == [alone] * N_THREADS


class Meddled(list):
    """A list that does something else between one entry and the next, as another thread may."""

    def __init__(self, entries, meddle):
        super().__init__(entries)
        self.meddle = meddle

    def __iter__(self):
        for entry in super().__iter__():
            yield entry
            self.meddle()


def test_class_names_that_are_dropped_while_they_are_looked_up():
    names = [f"butir-{i % 50} iklan#k{i % 50}" for i in range(200)]
    masks, classes = Markup().look_up([names])
    markup = Markup()

    def another_thread():
        markup.clear()
        markup.look_up([["terkait", "populer"]])

    for _ in range(2):
        found = markup.look_up([Meddled(names, another_thread)])
        np.testing.assert_array_equal(found[0], masks)
        np.testing.assert_array_equal(found[1], classes)
    same = classes[:, None] == classes
    assert (same == [[a.partition("#")[0] == b.partition("#")[0] for b in names] for a in names]).all()


def test_lines_that_are_dropped_while_they_are_looked_up(monkeypatch):
    lines = [f"Kabar pendek nomor {i % 50}" for i in range(200)]
    alone = LineWording().rows(lines)
    words = LineWording()
    make = words._make

    def interrupted(texts):
        words._kept.clear()
        words._kept.update(zip(["Baca juga", "Terpopuler"], make(["Baca juga", "Terpopuler"]), strict=True))
        return make(texts)

    monkeypatch.setattr(words, "_make", interrupted)
    for _ in range(2):
        np.testing.assert_array_equal(words.rows(lines), alone)
    assert words._kept


def test_caches_keep_little_of_what_pages_hold():
    """A class name of two megabytes is looked up and forgotten, and so is a flood of short ones."""
    markup = Markup(capacity=100)
    masks, _ = markup.look_up([["iklan-" + "x" * 2_000_000, "iklan"]])
    assert masks[0] == masks[1] > 0
    assert sum(map(len, markup)) < 1000
    markup.look_up([[f"butir-{i}" for i in range(1000)]])
    assert len(markup) <= 100
    words = LineWording(capacity=100)
    for texts in ([f"butir {i}" for i in range(1000)], [f"lagi {i}" for i in range(60)], ["x" * (SHORT + 1)]):
        words.rows(texts)
    assert 0 < len(words._kept) <= 100


def test_no_part_of_a_class_name_is_kept_whole(monkeypatch):
    from boilerplate.lexicon import markup

    asked = []
    look_up = markup._part_bits
    monkeypatch.setattr(markup, "_part_bits", lambda part: asked.append(part) or look_up(part))
    assert markup.markup_bits("iklan" + "x" * 1000) == markup.markup_bits("iklan") > 0
    assert max(map(len, asked)) <= 32
    assert max(len(stem) for stems in markup._markup()[1].values() for stem, _ in stems) < 32


def test_a_describer_serves_both_kinds():
    """The one table of what threads share: a page described twice is the same, whatever came between."""
    for kind, page in (("html", html_page), ("text", text_page)):
        pages = [Cleaner()._segment(page(i), kind) for i in range(3)]
        shared = describer(kind)
        first = shared.describe(pages[0]).X
        shared.describe_many(pages[1:])
        np.testing.assert_array_equal(shared.describe(pages[0]).X, first)
        assert (pages[0].kind == TEXT) == (kind == "text")
