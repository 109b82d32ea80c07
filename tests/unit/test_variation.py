"""Changes to labelled pages leave their story as it is, or cut it where they say so."""

from __future__ import annotations

import random

import numpy as np
import pytest
from helpers import STORY, news_page

from boilerplate.segment.html import parse, segment
from boilerplate.training import variation
from boilerplate.training.variation import CHANGES, Draft, vary


def draft(page: str) -> Draft:
    root = parse(page)
    segmented = segment(root, nodes=True)
    return Draft(root, segmented, np.array([" Catatan nomor " in text for text in segmented.texts]))


def changed(change: variation.Change, page: str) -> list[str]:
    before = draft(page)
    alone = change(before, random.Random(0))
    return segment(before.root if alone is None else parse(alone)).texts


@pytest.mark.parametrize(
    "change", [x for x in CHANGES if x not in (variation.cut_story, variation.number_story)], ids=lambda x: x.__name__
)
def test_story_stays(change: variation.Change) -> None:
    texts = changed(change, news_page(7))
    assert [f"{text} Catatan nomor 7." for text in STORY] == [text for text in texts if " Catatan nomor " in text]


@pytest.mark.parametrize("change", [variation.paragraphs_alone, variation.breaks_alone])
def test_nothing_but_the_story_is_left(change: variation.Change) -> None:
    assert len(changed(change, news_page(7))) == len(STORY)


def test_characters_of_markup_in_the_story_stay_text() -> None:
    page = news_page(7).replace("ombak besar", "ombak &lt;besar&gt; &amp; kuat")
    assert "ombak <besar> & kuat" in changed(variation.paragraphs_alone, page)[0]


def test_story_is_cut_at_the_block_that_reaches_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variation, "SHORT_STORY", len(STORY[0].split()) + 4)
    before, after = segment(parse(news_page(7))).texts, changed(variation.cut_story, news_page(7))
    assert [text for text in before if text not in after] == [f"{text} Catatan nomor 7." for text in STORY[2:]]


@pytest.mark.parametrize(
    ("page", "numbered"),
    [
        ("<h2>Sate</h2><p>Isi.</p><h2><b>Soto</b> ayam</h2><p>Isi.</p><h3>Rawon</h3>", ["Sate", "Soto ayam", "Rawon"]),
        ("<h2>Sate</h2><p>Satu.</p><p>Dua.</p><p>Tiga.</p><p>Empat.</p>", None),
        ("<p>Satu.</p>", []),
    ],
)
def test_numbers(page: str, numbered: list[str] | None) -> None:
    before = draft(page)
    before.story[:] = True
    texts = before.page.texts
    variation.number_story(before, random.Random(3))
    after = segment(before.root).texts
    changes = [text for text, new in zip(texts, after, strict=True) if text != new]
    assert changes == numbered if numbered is not None else len(changes) >= 3
    marks = [new.removesuffix(text) for text, new in zip(texts, after, strict=True) if text != new]
    assert [int("".join(filter(str.isdigit, mark))) for mark in marks] == list(range(1, len(marks) + 1))


def test_numbered_paragraphs_become_headings_of_a_sentence() -> None:
    page = "".join(
        f"<p>Warga menanam <b>bakau</b> {n}. Kapal datang.</p><p>Pagi ini ia pergi. <i>Ya.</i></p>" for n in "ab"
    )
    found = set()
    for seed in range(12):
        before = draft(page)
        before.story[:] = True
        variation.number_story(before, random.Random(seed))
        found |= {(e.tag, "".join(e.itertext()).strip()) for e in before.root.iter("h2", "h3")}
    assert {tag for tag, _ in found} == {"h2", "h3"}
    assert {text.lstrip("1234.) ") for _, text in found} == {
        *(f"Warga menanam bakau {n}. Kapal datang." for n in "ab"),  # the sentence goes on behind its first text
        "Pagi ini ia pergi",
    }


def test_titles() -> None:
    page = "<title>Warga menanam bakau - Kabar Uji</title>" + "<p>Warga menanam bakau.</p>"
    titles = []
    for change in (variation.drop_title, variation.cut_title, variation.leave_site_name):
        before = draft(page)
        change(before, random.Random(0))
        titles.append(segment(before.root).title)
    assert titles == ["", "Warga menanam baka…", "Kabar Uji"]


def test_names() -> None:
    stripped, hashed = draft(news_page(7)), draft(news_page(7))
    variation.strip_names(stripped, random.Random(0))
    variation.hash_names(hashed, random.Random(0))
    assert not stripped.root.xpath("//@class")
    assert "terkait" not in hashed.root.xpath("//@class")
    assert len(set(hashed.root.xpath("//@class"))) == 4


def test_a_page_varies_the_same_way_every_time() -> None:
    def varied(seed: int) -> list[str]:
        return changed(lambda draft, _: vary(draft, random.Random(seed)), news_page(7))

    assert [varied(seed) for seed in range(40)] == [varied(seed) for seed in range(40)]
    assert any(len(varied(seed)) == len(STORY) for seed in range(40)), "some are the story alone"
