"""`boilerplate.pandas`: a Series in, texts under the same index out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from helpers import news_page

import boilerplate

pd = pytest.importorskip("pandas")

BAD = b"%PDF-1.7 no page at all"


@pytest.fixture
def pages() -> pd.Series:
    values = [news_page(0), None, news_page(1, article=False), BAD, news_page(2).encode(), float("nan"), pd.NA]
    return pd.Series(values, index=list("abacdef"), name="html", dtype=object)


def test_texts_keep_index_and_name(pages: pd.Series, model: Path) -> None:
    texts = pages.pipe(boilerplate.pandas.clean, model=model)
    cleaner = boilerplate.Cleaner(model)
    assert texts.name == "html"
    assert texts.index.equals(pages.index)
    assert texts.isna().tolist() == [False, True, False, True, False, True, True]
    assert texts.iloc[0] == cleaner.clean(news_page(0))
    assert "Catatan nomor 0" in texts.iloc[0]
    assert texts.iloc[2] == ""
    assert "Catatan nomor 2" in texts.iloc[4]


def test_results_say_what_came_of_each_page(pages: pd.Series, model: Path) -> None:
    found = boilerplate.pandas.results(pages, model=model)
    assert list(found.columns) == ["text", "title", "confidence", "status", "error", "text_source"]
    assert found.index.equals(pages.index)
    assert found["status"].tolist() == ["ok", "empty", "empty", "error", "ok", "empty", "empty"]
    assert "PDF" in found["error"].iloc[3]
    assert [bool(error) for error in found["error"]] == [status != "ok" for status in found["status"]]
    assert found["error"].iloc[1] == "no page"
    assert found["title"].iloc[0] == "Warga menanam bakau 0"
    assert found["confidence"].isna().tolist() == found["text"].isna().tolist()
    assert found["confidence"].dtype == "float64"


def test_metadata_comes_in_columns(pages: pd.Series, model: Path) -> None:
    head = '<meta name="author" content="Rani Putri"><meta property="article:content_tier" content="metered">'
    pages.iloc[0] = news_page(0).replace("<title>", f"{head}<title>")
    found = boilerplate.pandas.results(pages, model=model, metadata=True)
    assert found["meta_authors"].iloc[0] == ["Rani Putri"]
    assert found["meta_access"].iloc[0] == "metered"
    assert found["meta_sources"].iloc[0]["authors"] == "meta"
    assert found["meta_paywalled"].dtype == "boolean"
    assert found["meta_paywalled"].isna().tolist() == found["text"].isna().tolist()
    assert found["text_source"].tolist() == ["page", "", "", "", "page", "", ""]
    assert list(found.columns)[:6] == list(boilerplate.pandas.results(pages, model=model).columns)


def test_strings_stay_strings(model: Path) -> None:
    for dtype in ["string", *(["string[pyarrow]", "str"] if int(pd.__version__.split(".")[0]) > 2 else [])]:
        pages = pd.Series([news_page(0), None], dtype=dtype)
        found = boilerplate.pandas.results(pages, model=model)
        assert found["text"].dtype == pages.dtype
        assert found["text"].isna().tolist() == [False, True]


def test_processes_and_options(model: Path) -> None:
    pages = pd.Series([news_page(i) for i in range(70)])
    texts = boilerplate.pandas.clean(pages, model=model, favour="recall", n_jobs=2)
    assert [f"Catatan nomor {i}." in text for i, text in enumerate(texts)] == [True] * 70
    assert boilerplate.pandas.clean(pages[:0], model=model).empty
    with pytest.raises(ValueError, match="unknown favour"):
        boilerplate.pandas.clean(pages, favour="luck")


def test_a_frame_is_no_series() -> None:
    with pytest.raises(TypeError, match="Series"):
        boilerplate.pandas.clean(pd.DataFrame({"html": [news_page()]}))  # type: ignore[arg-type]


def test_integrations_are_imported_when_asked_for() -> None:
    code = (
        "import sys, boilerplate\n"
        "boilerplate.Cleaner\n"
        "assert not {'pandas', 'sklearn', 'pyspark', 'scrapy', 'datatrove'} & set(sys.modules)\n"
        "assert boilerplate.pandas.clean and boilerplate.sklearn.BoilerplateCleaner\n"
        "assert sys.modules['pandas'].DataFrame\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
