"""The cleaner with the shipped model, on pages of our own."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import boilerplate
from boilerplate import Cleaner, InputError, Label, ModelError

PAGES = sorted((Path(__file__).parents[2] / "datasets" / "portals" / "pages").glob("*.html"))
SULUH = next(p for p in PAGES if p.name.startswith("suluh"))


@pytest.fixture(scope="module")
def cleaner():
    return Cleaner()


def test_the_article_is_kept_and_the_lists_are_not(cleaner):
    document = cleaner.label(SULUH.read_bytes())
    assert len(document.text.split()) > 100
    assert document.title
    assert document.title in SULUH.read_text(encoding="utf-8")
    found = {block.label for block in document.blocks}
    assert {Label.BODY, Label.RELATED, Label.POPULAR, Label.META, Label.CHROME} <= found
    for block in document.blocks:
        if block.text in ("Terpopuler", "Berita Terkait", "Terkini"):
            assert block.text not in document.text.split("\n")
            assert block.label.title == block.text
    assert 0.5 < document.confidence <= 1


def test_every_block_has_probabilities_and_an_xpath_that_finds_it(cleaner):
    from boilerplate.segment.html import parse

    html = SULUH.read_bytes()
    root = parse(html)
    for block in cleaner.label(html).blocks:
        assert sum(block.probabilities.values()) == pytest.approx(1, abs=1e-3)
        assert block.probability == block.probabilities[block.label]
        assert root.xpath(block.xpath)


def test_clean_is_the_text_of_label(cleaner):
    for path in PAGES[::12]:
        html = path.read_bytes()
        assert cleaner.clean(html) == cleaner.label(html).text == boilerplate.clean(html)


def test_pages_without_an_article_give_nothing(cleaner):
    for html in (
        "<html><body></body></html>",
        "<p></p>",
        b"<html>",
        "<!-- nothing -->",
        "<html><body><ul><li><a href=x>Beranda</a></ul>",
    ):
        assert cleaner.clean(html) == ""
    index = [p for p in PAGES if p.name.startswith("arusutama")]
    assert index
    assert all(cleaner.clean(p.read_bytes()) == "" for p in index)


@pytest.mark.parametrize(
    ("kind", "page", "limit"),
    [
        ("html", "<html><p>Satu.<p>Dua.<p>Tiga.", "MAX_BLOCKS"),
        ("text", "Satu baris.\n\nDua baris.\n\nTiga baris.", "MAX_LINES"),
    ],
)
def test_a_page_of_countless_blocks_is_refused(cleaner, monkeypatch, kind, page, limit):
    assert len(cleaner.label(page, kind=kind).blocks) == 3
    monkeypatch.setattr(f"boilerplate.cleaner.{limit}", 2)
    with pytest.raises(InputError, match="3 blocks are too many"):
        cleaner.clean(page, kind=kind)
    assert [r.status for r in cleaner.clean_many([page, "<p>"], kind=kind)] == ["error", "empty"]


def test_many_in_order_with_errors_as_results(cleaner):
    pages = [SULUH.read_bytes(), b"%PDF-1.7 ...", "<p></p>", 7, SULUH.read_text(encoding="utf-8")]
    results = list(cleaner.clean_many(iter(pages), kind="html"))  # type: ignore[arg-type]
    assert [r.status for r in results] == ["ok", "error", "empty", "error", "ok"]
    assert "PDF" in results[1].error
    assert results[0].text == results[4].text == cleaner.clean(pages[0])  # type: ignore[arg-type]


def test_processes_give_what_one_gives(cleaner):
    pages = [p.read_bytes() for p in PAGES[:40]]
    one = [(r.status, r.text) for r in cleaner.clean_many(pages)]
    two = [(r.status, r.text) for r in cleaner.clean_many(pages, n_jobs=2)]
    assert one == two


def test_batches_are_lazy(cleaner):
    taken = []

    def endless():
        while True:
            taken.append(1)
            yield "<p>x</p>"

    results = cleaner.clean_many(endless())
    assert next(results).status == "empty"
    assert len(taken) < 100


def test_results_can_carry_blocks(cleaner):
    (result,) = cleaner.clean_many([SULUH.read_bytes()], blocks=True)
    assert result.blocks
    assert result.blocks[0].xpath.startswith("/html")
    assert pickle.loads(pickle.dumps(result)).blocks[3].text == result.blocks[3].text


def test_the_dial_keeps_more_or_less():
    html = [p.read_bytes() for p in PAGES[::6]]
    sizes = [sum(len(r.text) for r in Cleaner(favour=f).clean_many(html)) for f in ("precision", "balance", "recall")]
    assert sizes[0] <= sizes[1] <= sizes[2]
    assert sizes[0] < sizes[2]
    with pytest.raises(ValueError, match="favour"):
        Cleaner(favour="speed")


def test_wrong_models_and_kinds_are_refused(tmp_path, cleaner):
    with pytest.raises(ModelError, match="no such model"):
        Cleaner("no-such-model")
    bad = tmp_path / "bad.npz"
    bad.write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(ModelError, match=r"bad\.npz"):
        Cleaner(bad)
    with pytest.raises(InputError):
        cleaner.clean(b"\x89PNG\r\n\x1a\n123")
    with pytest.raises(ValueError, match="kind"):
        cleaner.clean("<p>x</p>", kind="pdf")


def test_hostile_pages_end(cleaner):
    deep = "<div>" * 100_000 + "teks"
    assert cleaner.clean(deep) == ""
    wide = "<p>satu</p>" * 50_000
    assert len(cleaner.label(wide).blocks) == 50_000
    assert cleaner.clean("<" * 10_000, kind="html") == ""
    assert isinstance(cleaner.clean("\ud800<p>x</p>"), str)
