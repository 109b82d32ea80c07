"""From probabilities to the kept text."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from boilerplate.document import Span
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.segment.html import parse, segment
from boilerplate.select.assembly import join_blocks
from boilerplate.select.choice import (
    MIN_WORDS,
    UNHEADED_WORDS,
    choose,
    confidence,
    why_nothing,
)
from boilerplate.select.correction import LONG_LINE, admit_captions, rule_out
from boilerplate.select.headline import html_headline


def proba(*labels, p=0.9):
    P = np.full((len(labels), 8), (1 - p) / 7, np.float32)
    for i, label in enumerate(labels):
        P[i, INDEX[Label.parse(label)]] = p
    return P


def assembled(html, kept=None):
    page = segment(parse(html))
    return "\n".join(join_blocks(page, np.ones(len(page), bool) if kept is None else np.array(kept), {}))


def test_choose_keeps_body():
    kept = choose(proba("body", "related", "body", "meta"), np.array([30, 30, 5, 9]))
    assert kept.tolist() == [True, False, True, False]


def test_too_few_words_are_no_article():
    P = proba("body", "chrome")
    assert choose(P, np.array([MIN_WORDS, 500])).tolist() == [True, False]
    assert choose(P, np.array([MIN_WORDS - 1, 500])).tolist() == [False, False]


@pytest.mark.parametrize(
    ("title", "headline", "article"),
    [
        ("Jembatan Sungai Rawa Selesai Dibangun - Warta Nusa", "Jembatan Sungai Rawa Selesai Dibangun", True),
        ("Jembatan Sungai Rawa Selesai Dibangun - Warta Nusa", "Sungai Rawa: Jembatan Selesai Dibangun Lagi", True),
        ("Warta Nusa: Berita Terkini Hari Ini", "Jembatan Sungai Rawa Selesai Dibangun", False),
        ("Warta Nusa: Berita Terkini Hari Ini", "Copyright Warta Nusa", False),
        ("新しい橋が完成、住民ら祝う - 川辺新聞", "新しい橋が完成、住民ら祝う", True),
        ("川辺新聞:最新のニュースと今日の天気", "新しい橋が完成、住民ら祝う", False),
        ("", "Jembatan Sungai Rawa Selesai Dibangun", True),  # a fragment tells nothing
    ],
)
def test_blurbs_of_a_page_without_a_headline_are_no_article(title, headline, article):
    P = proba("meta", "body", "body", p=0.7)
    texts = [headline, "Paragraf satu.", "Paragraf dua."]
    words = np.array([6, 40, 40])
    assert choose(P, words, title=title, texts=texts).tolist() == [False, article, article]
    assert choose(P, words * UNHEADED_WORDS, title=title, texts=texts).tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("labels", "p", "kept"),
    [
        (["meta", "body", "body"], 0.9, 2),
        (["meta", "body", "body"], 0.7, 0),  # the model is not sure
        (["body", "latest", "body", "latest", "body"], 0.9, 0),  # scattered, as blurbs are
    ],
)
def test_a_short_story_without_a_headline_stays_if_it_is_surely_one(labels, p, kept):
    texts = ["Jembatan selesai"] * len(labels)
    assert choose(proba(*labels, p=p), np.full(len(labels), 40.0), title="Warta Nusa", texts=texts).sum() == kept


@pytest.mark.parametrize(("ending", "kept"), [(".", 6), ('."', 6), (" sampai", 0), (" ke...", 0), (" bersama…", 0)])
def test_texts_that_break_off_are_teasers(ending, kept):
    P, texts = proba(*["body"] * 6), [f"Warga menanam bakau di pantai{ending}"] * 6
    assert choose(P, np.full(6, 30.0), texts=texts).sum() == kept
    assert choose(P[:4], np.full(4, 50.0), texts=texts[:4]).sum() == 4  # too few to tell
    assert choose(P, np.array([12.0, 90, 14, 60, 25, 120]), texts=texts).sum() == 6  # paragraphs differ in length
    numbered = [f"{n}. {text}" for n, text in enumerate(texts[:3], 1)]
    assert choose(P, np.full(6, 30.0), texts=numbered + texts[3:]).sum() == 6  # a listicle
    reason = why_nothing(P, np.full(6, 30.0), texts=texts)
    assert (kept > 0) or "break off" in reason


@pytest.mark.parametrize(("words", "whole", "kept"), [(20, 3, 0), (20, 4, 8), (26, 3, 8)])
def test_texts_cut_to_one_length_are_teasers_though_some_are_whole(words, whole, kept):
    texts = ["Warga menanam bakau di pantai."] * whole + ["Warga menanam bakau di pantai sampai"] * (8 - whole)
    lengths = np.array([20.0, *[20] * 5, words, words])
    lengths[1] = 14 if words > 20 else 20
    assert choose(proba(*["body"] * 8), lengths, texts=texts).sum() == kept


@pytest.mark.parametrize(
    ("story", "noise", "far", "kept"),
    [
        (100, 60, 5, [True, False]),  # a glossary in the footer
        (100, 60, 1, [True, True]),  # as many blocks of noise, of few words
        (100, 40, 10, [True, True]),  # a long table or list within the story
        (60, 60, 5, [True, True]),  # the first of them is a blurb
    ],
)
def test_what_is_far_behind_a_story_is_not_kept(story, noise, far, kept):
    P = np.concatenate([proba("body", p=0.95), proba(*["latest"] * noise), proba("body", p=0.97)])
    words = np.array([story, *[far] * noise, 300.0])
    for favour in (-1.0, 0.0, 2.0):
        chosen = choose(P, words, favour)
        assert [chosen[0], chosen[-1]] == kept


def test_a_story_far_behind_a_blurb_above_the_headline_is_kept():
    P = np.concatenate([proba("body", p=0.95), proba(*["latest"] * 60), proba("meta", "body", p=0.95)])
    words = np.array([100, *[5] * 60, 8, 300.0])
    texts = ["Kabar lain."] + [""] * 60 + ["Warga desa menanam bakau di pantai", "Isi."]
    assert choose(P, words, title="Warga desa menanam bakau di pantai", texts=texts)[-1]


@pytest.mark.parametrize(
    ("count", "p", "n_words", "title", "kept"),
    [
        (20, 0.85, 3, "Tim kota menang di laga kandang", 1),
        (19, 0.85, 3, "Tim kota menang di laga kandang", 20),  # too few to tell
        (20, 0.95, 3, "Tim kota menang di laga kandang", 21),  # a table of the story's own
        (20, 0.85, 8, "Tim kota menang di laga kandang", 21),  # sentences
        (20, 0.85, 3, "", 21),  # a text: fixtures
    ],
)
def test_standings_behind_a_story_are_not_kept(count, p, n_words, title, kept):
    P = np.concatenate([proba("body", p=0.95), proba("related"), proba(*["body"] * count, p=p)])
    words = np.array([80, 10] + [n_words] * count)
    texts = [title, "Baca juga"] + ["Warta FC"] * count
    for favour in (0.0, 1.0):
        assert choose(P, words, favour, title, texts).sum() == kept


def test_a_long_line_of_a_text_is_of_no_list():
    P = proba("picks", "meta", "ad", "picks", p=0.9)
    words = np.array([LONG_LINE, 3 * LONG_LINE, LONG_LINE, LONG_LINE - 1])
    found = rule_out(P, words)
    assert [LABELS[i] for i in found.argmax(axis=1)[[2, 3]]] == ["ad", "picks"]
    assert found[:2, INDEX[Label.BODY]].tolist() == pytest.approx([1 / 3, 1 / 3], rel=1e-3)  # as ad and chrome
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_array_equal(found[3], P[3])
    assert rule_out(P, words[[3, 3, 3, 3]]) is P
    certain = np.eye(len(LABELS))[[INDEX[Label.META]]]
    assert rule_out(certain, words[:1])[0, INDEX[Label.BODY]] == 1


def captioned(*captions: str, title: str = "Pawai Obor di Alun-alun Kota") -> tuple[np.ndarray, np.ndarray, str, list]:
    texts = ["Pawai Obor di Alun-alun Kota", *captions, "Berita lain"]
    P = proba("meta", *["meta"] * len(captions), "latest")
    return P, np.array([len(text.split()) for text in texts]), title, texts


CAPTION = "Warga membawa obor saat pawai di alun-alun kota pada malam takbiran tahun ini, {} ({}/Warta Nusa)."
CAPTIONS = [CAPTION.format(day, who) for day, who in (("Senin", "Rani"), ("Selasa", "Budi"), ("Rabu", "Sari"))]


def test_captions_are_the_story_where_there_is_no_other():
    given_ = captioned(*CAPTIONS)
    found = admit_captions(*given_)
    assert [LABELS[i] for i in found.argmax(axis=1)] == ["meta", "body", "body", "body", "latest"]
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-6)
    assert choose(found, given_[1], title=given_[2], texts=given_[3]).tolist() == [False, True, True, True, False]


@pytest.mark.parametrize(
    "page",
    [
        captioned(*CAPTIONS, title="Warta Nusa: Berita Terkini"),  # no headline: an index page
        captioned(*CAPTIONS, title=""),
        captioned(CAPTIONS[0], CAPTIONS[0], CAPTIONS[0]),  # a portal's words about itself
        captioned(CAPTIONS[0]),
        captioned(*(caption[:-2] for caption in CAPTIONS)),  # no sentences
    ],
)
def test_captions_are_no_story(page):
    assert admit_captions(*page) is page[0]


def test_captions_beside_a_story_stay_what_they_are():
    P, words, title, texts = captioned(*CAPTIONS)
    P[3] = proba("body", p=0.95)
    words[3] = MIN_WORDS
    assert admit_captions(P, words, title, texts) is P


def test_of_a_gallery_all_captions_are_kept_where_the_model_is_of_two_minds():
    P, words, title, texts = captioned(*CAPTIONS, CAPTIONS[0])
    P[[1, 3]] = proba("body", p=0.6)  # not the repeated one
    found = admit_captions(P, words, title, texts)
    assert [LABELS[i] for i in found.argmax(axis=1)] == ["meta", "body", "body", "body", "body", "latest"]


@pytest.mark.parametrize(("p", "n_words", "kept"), [(0.25, 100, 0), (0.55, 100, 1), (0.25, UNHEADED_WORDS, 1)])
def test_few_words_that_the_model_doubts_are_no_article(p, n_words, kept):
    title = "Jembatan Sungai Rawa Selesai Dibangun"
    P = np.concatenate([proba("meta"), np.full((2, len(LABELS)), (1 - p) / (len(LABELS) - 1))])
    P[1, INDEX[Label.BODY]] = p
    P[2] = proba("latest", p=0.7)
    words, texts = np.array([5, n_words, 200.0]), [title, "Warga datang sejak pagi.", "Berita lain"]
    assert choose(P, words, title=title, texts=texts).sum() == kept
    assert kept or "an index or a home page" in why_nothing(P, words, title=title, texts=texts)
    P[2] = proba("chrome", p=0.7)
    assert kept or "doubtful" in why_nothing(P, words, title=title, texts=texts)
    assert choose(P, words, title="", texts=texts).sum() == 1, "a fragment or a text has no title"
    assert choose(P, words, 1.0, title=title, texts=texts).sum() >= kept


def test_choose_on_no_blocks():
    assert choose(np.zeros((0, 8)), np.zeros(0, int)).tolist() == []


@given(
    hnp.arrays(np.float32, (12, 8), elements=st.floats(0.0078125, 1, width=32)),
    hnp.arrays(np.int64, 12, elements=st.integers(0, 30)),
    st.floats(-5, 5),
    st.floats(0, 5),
)
def test_favour_is_monotone(P, words, favour, more):
    P = P / P.sum(axis=1, keepdims=True)
    less = choose(P, words, favour)
    assert not (less & ~choose(P, words, favour + more)).any()


@pytest.mark.parametrize(("favour", "expected"), [(-1.1, False), (0.0, False), (1.1, True), (1e6, True), (-1e6, False)])
def test_favour(favour, expected):
    P = np.zeros((1, 8), np.float32)
    P[0, INDEX[Label.BODY]], P[0, INDEX[Label.AD]] = 0.4, 0.6
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert choose(P, np.array([50]), favour).tolist() == [expected]


def test_assemble_keeps_order_and_drops_the_rest():
    html = "<h1>Judul</h1><p>Satu.</p><p>Iklan</p><p>Dua.</p>"
    assert assembled(html, [0, 1, 0, 1]) == "Satu.\nDua."
    assert assembled(html, [0, 0, 0, 0]) == ""


def test_table_rows():
    html = "<p>a</p><table><tr><th>Kota<th>Suhu<tr><td>Medan<td>31<tr><td>Palu<td>33</table><p>z</p>"
    assert assembled(html) == "a\nKota | Suhu\nMedan | 31\nPalu | 33\nz"
    assert assembled(html, [1, 1, 1, 0, 1, 1, 0, 1]) == "a\nKota | Suhu\n31\nPalu\nz"


def test_paragraphs_in_one_cell_stay_apart():
    html = "<table><tr><td>Satu.<br><br>Dua.<br><br>Tiga.<td>kanan</table>"
    assert assembled(html) == "Satu.\nDua.\nTiga. | kanan"


def test_spans_are_cut_out():
    page = segment(parse("<p>Satu dua.<p>Iklan<p>Tiga."))
    spans = {0: (Span(0, 4, Label.AD),), 1: (Span(0, 5, Label.AD),)}
    assert join_blocks(page, np.ones(3, bool), spans) == ["dua.", "Tiga."]


@given(
    hnp.arrays(np.float32, (6, 8), elements=st.floats(0, 1, width=32)),
    hnp.arrays(np.int64, 6, elements=st.integers(0, 50)),
    hnp.arrays(bool, 6),
)
def test_confidence_is_a_probability(P, words, kept):
    assert 0.0 <= confidence(P, words, kept) <= 1.0


def test_confidence():
    P = proba("body", "ad", p=0.8)
    P[1, 0] = 0.1
    # 30 words kept at 0.8, 10 dropped at 0.9: of 24 + 1 expected to be body, 24 are kept, among 30
    words = np.array([30, 10])
    assert confidence(P, words, np.array([True, False])) == pytest.approx(2 * 24 / (30 + 25))
    assert confidence(P, words, np.array([False, False])) == pytest.approx(1 - 25 / 40)
    assert confidence(P, np.array([0, 0]), np.array([True, False])) == 1.0
    over = np.full((1, 8), 1.0000001, np.float32)
    assert confidence(over, np.array([5]), np.array([True])) == 1.0
    assert confidence(over, np.array([5]), np.array([False])) == 0.0


def headline(html, *labels):
    return html_headline(segment(parse(html)), proba(*labels))


def test_headline_is_the_heading_like_the_title():
    html = (
        "<title>Gempa Guncang Palu Pagi Ini - Kabar Kita</title><p>Gempa di tempat lain kemarin sore</p>"
        "<h1>Gempa Guncang Palu Pagi Ini</h1><p>Palu - Getaran terasa sampai ke kota - kota lain.</p>"
    )
    assert headline(html, "related", "meta", "body") == "Gempa Guncang Palu Pagi Ini"
    # A link to this story in a list of others is not its headline.
    assert headline(html, "related", "related", "body") == "Gempa Guncang Palu Pagi Ini"


def test_headline_prefers_h1():
    html = "<title>Harga Beras Naik Lagi</title><p>Harga Beras Naik Lagi</p><h1>Harga Beras Naik Lagi Kini</h1>"
    assert headline(html, "meta", "meta") == "Harga Beras Naik Lagi Kini"
    assert headline(html, "meta", "chrome") == "Harga Beras Naik Lagi"


@pytest.mark.parametrize("mark", [" | ", " - ", " – ", " — ", " :: ", " » "])
def test_headline_from_the_title(mark):
    assert headline(f"<title>Kabar{mark}Harga beras naik lagi</title><p>x", "chrome") == "Harga beras naik lagi"
    assert headline("<title>Semi-final</title><p>x", "chrome") == "Semi-final"
    assert headline("<p>x", "body") == ""


@pytest.mark.parametrize(
    ("labels", "words", "title", "why"),
    [
        ([], [], "", "no text on the page"),
        (["chrome"], [0], "", "no text on the page"),
        (["chrome", "meta"], [400, 9], "", "no story on the page"),
        (["body", "chrome"], [19, 400], "", "only 19 words of story: an article has at least 20"),
        (["body"], [1], "", "only 1 word of story: an article has at least 20"),
        (
            ["body", "picks", "body"],
            [75, 5, 74],
            "Bakau",
            "only 149 words of story and no block that repeats the title: an article has at least 150 then",
        ),
        (
            ["body", "latest", "picks"],
            [10, 9, 9],
            "",
            "only 10 words of story beside lists of other stories: an index or a home page",
        ),
    ],
)
def test_why_nothing_is_kept(labels: list[str], words: list[int], title: str, why: str) -> None:
    P = proba(*labels)
    assert not choose(P, np.array(words, float), 0.0, title, ["x"] * len(labels)).any()
    assert why_nothing(P, np.array(words, float), 0.0, title) == why
