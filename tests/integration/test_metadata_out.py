"""Metadata on its way out: documents, results of batches, the command's records."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from helpers import STORY, Clean, news_page

from boilerplate import Cleaner

HEAD = """<meta property="og:site_name" content="Kabar Uji"><link rel=canonical href="https://uji.example/1">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Warga menanam bakau 1",
"author": {"name": "Rani Putri"}, "datePublished": "2024-01-12T10:30:00+07:00", "articleBody": "%s"}</script>"""


def page(*, article: bool = True, body: str = "") -> str:
    return news_page(1, article=article).replace("</head>", HEAD % body + "</head>")


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return Cleaner()


def test_a_document_has_its_metadata(cleaner: Cleaner) -> None:
    document = cleaner.label(page())
    found = document.metadata
    assert (found.authors, found.url, found.site_name) == (("Rani Putri",), "https://uji.example/1", "Kabar Uji")
    assert document.metadata is found
    assert document.relabel().metadata == found
    assert document.text_source == "page"


def test_what_the_head_does_not_say_comes_from_the_blocks(cleaner: Cleaner) -> None:
    byline = '<div class="detail-author">Penulis: Siti Aminah</div><div class="date">Jumat, 12 Jan 2024 10:30 WIB</div>'
    found = cleaner.label(news_page(1).replace("</h1>", "</h1>" + byline)).metadata
    assert (found.authors, found.published) == (("Siti Aminah",), "2024-01-12T10:30+07:00")
    assert found.sources == {"title": "blocks", "authors": "blocks", "published": "blocks"}
    text = "Warga menanam bakau di pantai yang rusak\nJumat, 12 Jan 2024 10:30 WIB\n" + "\n".join(STORY * 3)
    assert cleaner.label(text, kind="text").metadata.published in ("2024-01-12T10:30+07:00", "")


@pytest.mark.parametrize("options", [{}, {"n_jobs": 2}, {"blocks": True}])
def test_results_of_a_batch_have_it_if_asked_for(cleaner: Cleaner, options: dict[str, object]) -> None:
    results = list(cleaner.clean_many([page(), b"\x89PNG\r\n\x1a\n" * 9, news_page(2)], metadata=True, **options))
    assert [result.metadata is None for result in results] == [False, True, False]
    assert results[0].metadata == cleaner.label(page()).metadata
    assert next(cleaner.clean_many([page()])).metadata is None


def test_the_body_in_jsonld_is_the_text_where_the_page_shows_none(cleaner: Cleaner) -> None:
    body = "&lt;p&gt;Satu kalimat.&lt;/p&gt;&lt;p&gt;Dua kalimat.&lt;/p&gt;"
    empty = page(article=False, body=body)
    refusing = Cleaner(article_body=False)
    assert refusing.clean(empty) == "" == next(refusing.clean_many([empty], metadata=True)).text
    assert cleaner.clean(empty) == cleaner.clean(empty.encode()) == "Satu kalimat.\nDua kalimat."
    document = cleaner.label(empty)
    assert (document.text, document.text_source, document.confidence) == ("Satu kalimat.\nDua kalimat.", "json-ld", 0.0)
    for jobs in (1, 2):
        results = list(cleaner.clean_many([empty, page(body=body), news_page(article=False)], n_jobs=jobs))
        assert [(r.status, r.text_source) for r in results] == [("ok", "json-ld"), ("ok", "page"), ("empty", "")]
        assert results[1].text == cleaner.clean(page())
        assert (results[0].why, bool(results[2].why)) == ("", True)


def test_where_the_page_shows_a_story_jsonld_is_not_read(cleaner: Cleaner, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = page(article=False, body="Satu kalimat.")

    def refuse(*_: object) -> None:
        raise AssertionError("read")

    monkeypatch.setattr("boilerplate.metadata.jsonld.read_jsonld", refuse)
    assert cleaner.clean(page(body="Satu kalimat.")) == cleaner.clean(news_page(1))
    assert cleaner.clean(news_page(1, article=False)) == ""
    with pytest.raises(AssertionError, match="read"):
        cleaner.clean(empty)


def test_records_of_the_command(clean: Clean, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page())
    (tmp_path / "b.html").write_text(page(article=False, body="Satu kalimat."))
    pages = [tmp_path / "a.html", tmp_path / "b.html"]
    assert clean(*pages, "--metadata", "-o", tmp_path / "out.jsonl")[0] == 0
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [record["text_source"] for record in records] == ["page", "json-ld"]
    assert records[0]["metadata"]["authors"] == ["Rani Putri"]
    assert records[0]["metadata"]["sources"]["published"] == "json-ld"
    assert [record["text"] for record in records][1] == "Satu kalimat."
    assert clean(*pages, "--metadata", "--no-article-body", "-o", tmp_path / "out.csv")[0] == 0
    with (tmp_path / "out.csv").open(newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["meta_published"], row["meta_authors"]) == ("2024-01-12T10:30:00+07:00", '["Rani Putri"]')
    assert "text_source" not in row


def test_columns_of_parquet_are_strings(clean: Clean, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    (tmp_path / "a.html").write_text(page())
    assert clean(tmp_path / "a.html", "--metadata", "-o", tmp_path / "out.parquet")[0] == 0
    table = parquet.read_table(tmp_path / "out.parquet")
    assert {str(field.type) for field in table.schema if field.name.startswith("meta_")} == {"string"}
    assert table.column("meta_site_name").to_pylist() == ["Kabar Uji"]


def test_text_has_no_room_for_it(clean: Clean, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page())
    status, err = clean(tmp_path / "a.html", "--metadata")
    assert status == 2
    assert "--metadata needs --format jsonl, csv or parquet" in err
