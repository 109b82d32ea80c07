"""Articles with structure from the command, and what texts must be to be written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers import STORY, Clean, html, jsonl, news_page
from lxml import etree

from boilerplate import Cleaner
from boilerplate.cli.main import main
from boilerplate.outcome import Markup

LINKED = news_page(1).replace("Warga desa itu", '<a href="https://uji.example/desa">Warga</a> <b>desa</b> itu')
ENDINGS = {"markdown": "md", "html": "html", "xml-tei": "xml", "text": "txt"}


def test_documents_and_results_have_the_same_markup() -> None:
    cleaner = Cleaner()
    document = cleaner.label(LINKED)
    shown = {"markdown": document.to_markdown, "html": document.to_html, "xml-tei": document.to_tei}
    for name, method in shown.items():
        for jobs in (1, 2):
            pages = [LINKED, news_page(2, article=False), b"\x89PNG\r\n\x1a\n" * 9]
            results = list(cleaner.clean_many(pages, markup=Markup(name, links=True), n_jobs=jobs))
            assert [result.markup for result in results] == [method(links=True), "", ""]
    assert "[Warga](https://uji.example/desa) **desa** itu" in document.to_markdown(links=True)
    assert document.to_markdown().startswith("# Warga menanam bakau 1\n\nWarga **desa** itu")
    assert cleaner.label("\n".join(STORY * 3), kind="text").to_markdown().count("\n\n") >= 2
    with pytest.raises(ValueError, match="unknown format"):
        next(cleaner.clean_many([LINKED], markup=Markup("rtf")))


@pytest.mark.parametrize("name", ENDINGS)
def test_a_folder_gets_a_file_a_page(clean: Clean, tmp_path: Path, name: str) -> None:
    pages = [html(tmp_path / f"in/{n}.html", n) for n in range(3)]
    pages.append(tmp_path / "in/kosong.html")
    pages[-1].write_text(news_page(5, article=False))
    assert clean(tmp_path / "in", "--format", name, "-o", tmp_path / "out")[0] == 0
    names = sorted(path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith("."))
    assert names == sorted([f"{n}.{ENDINGS[name]}" for n in range(3)] + [f"kosong.{ENDINGS[name]}"])
    content = (tmp_path / f"out/1.{ENDINGS[name]}").read_text()
    assert "Catatan nomor 1." in content
    assert (tmp_path / f"out/kosong.{ENDINGS[name]}").read_text() == ""
    if name == "html":
        assert content.startswith("<!DOCTYPE html>")
    if name == "xml-tei":
        etree.fromstring(content.encode())
    assert "already complete" in clean(tmp_path / "in", "--format", name, "-o", tmp_path / "out")[1]


@pytest.mark.parametrize(("ending", "mark"), [("md", "# Warga"), ("html", "<article>")])
def test_one_file_holds_many_and_takes_more(clean: Clean, tmp_path: Path, ending: str, mark: str) -> None:
    table = jsonl(tmp_path / "in/a.jsonl", range(3))
    out = tmp_path / f"out.{ending}"
    assert clean(table, "-o", out)[0] == 0
    first = out.read_text()
    assert (first.count(mark), first.count("<!DOCTYPE html>")) == (3, ending == "html")
    jsonl(table, range(4))
    assert clean(table, "-o", out)[0] == 0
    assert out.read_text().startswith(first)
    assert out.read_text().count(mark) == 4
    assert clean(table, "-o", tmp_path / f"whole.{ending}")[0] == 0
    assert (tmp_path / f"whole.{ending}").read_bytes() == out.read_bytes()


@pytest.mark.parametrize("name", ["markdown", "html", "xml-tei"])
def test_a_page_goes_to_standard_output(tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str) -> None:
    page = tmp_path / "a.html"
    page.write_text(LINKED)
    head = '<!DOCTYPE html>\n<meta charset="utf-8">\n' if name == "html" else ""
    result = next(Cleaner().clean_many([LINKED], markup=Markup(name, links=True)))
    assert main(["clean", str(page), "--format", name, "--links"]) == 0
    assert capfd.readouterr().out == f"{head}{result.markup}\n"


def test_html_beside_its_pages_replaces_none(clean: Clean, tmp_path: Path) -> None:
    page = html(tmp_path / "in/a.html", 1)
    before = page.read_bytes()
    assert clean(page, page, "--format", "html", "-o", tmp_path / "in")[0] == 2
    assert clean(tmp_path / "in", "--format", "html", "-o", tmp_path / "in")[0] == 2
    assert page.read_bytes() == before


def test_what_does_not_go_together_is_said(clean: Clean, tmp_path: Path) -> None:
    table = jsonl(tmp_path / "a.jsonl", range(2))
    for options, message in [
        (["--format", "xml-tei"], "-o FOLDER"),
        (["--format", "xml-tei", "-o", tmp_path / "out.xml"], "-o FOLDER"),
        (["--links"], "--links needs --format markdown, html or xml-tei"),
        (["--images", "--format", "jsonl"], "--images needs"),
        (["--paragraphs", "--format", "markdown"], "--paragraphs needs --format jsonl, csv or parquet"),
        (["--format", "html", "--blocks"], "--blocks needs"),
    ]:
        status, err = clean(table, *options)
        assert (status, message in err) == (2, True), err


def test_paragraphs_are_a_list(clean: Clean, tmp_path: Path) -> None:
    page = html(tmp_path / "a.html", 1)
    assert clean(page, "--paragraphs", "-o", tmp_path / "out.jsonl")[0] == 0
    record = json.loads((tmp_path / "out.jsonl").read_text())
    assert record["paragraphs"] == record["text"].split("\n")
    assert len(record["paragraphs"]) == len(STORY)


def test_texts_that_fall_short_are_empty(clean: Clean, tmp_path: Path) -> None:
    page = html(tmp_path / "a.html", 1)
    for n, (options, words) in enumerate(
        [
            (["--min-words", 10], ""),
            (["--min-words", 1000], "words are fewer than 1000"),
            (["--min-confidence", 0.01], ""),
            (["--min-confidence", 1], "is below 1"),
        ]
    ):
        out = tmp_path / f"{n}.jsonl"
        assert clean(page, *options, "-o", out)[0] == 0
        record = json.loads(out.read_text())
        assert (record["status"], words in record["error"]) == ("empty" if words else "ok", True)
        assert bool(record["text"]) != bool(words)


def test_favour_is_a_word_or_a_number(clean: Clean, tmp_path: Path) -> None:
    page = html(tmp_path / "a.html", 1)
    texts = {}
    for favour in ("recall", "1.1", "-50", "50"):
        out = tmp_path / f"out{favour}.jsonl"
        assert clean(page, f"--favour={favour}", "-o", out)[0] == 0
        texts[favour] = json.loads(out.read_text())["text"]
    assert texts["recall"] == texts["1.1"]
    assert len(texts["-50"]) < len(texts["1.1"]) < len(texts["50"])
    for favour in ("much", "nan", "inf"):
        with pytest.raises(SystemExit):
            clean(page, f"--favour={favour}")
