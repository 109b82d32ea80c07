"""`boilerplate.sklearn`: the transformer in scikit-learn's own machinery."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from helpers import news_page

import boilerplate

pytest.importorskip("sklearn")
from sklearn import config_context
from sklearn.base import clone
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from boilerplate.sklearn import BoilerplateCleaner

PAGES = [news_page(i, article=i % 4 != 3) for i in range(8)]
BAD = b"%PDF-1.7 no page at all"


def test_texts_from_lists_arrays_and_series(model: Path) -> None:
    pd = pytest.importorskip("pandas")
    cleaner = BoilerplateCleaner(model)
    want = [boilerplate.Cleaner(model).clean(page) for page in PAGES]
    for pages in (
        PAGES,
        tuple(PAGES),
        np.array(PAGES),
        np.array(PAGES, dtype=object),
        pd.Series(PAGES, index=range(5, 13)),
    ):
        texts = cleaner.fit_transform(pages)
        assert texts.shape == (8,)
        assert texts.tolist() == want
    assert want[3] == ""
    assert cleaner.transform([]).shape == (0,)
    assert BoilerplateCleaner(model, n_jobs=2).transform(PAGES).tolist() == want


def test_metadata_instead_of_texts(model: Path) -> None:
    from sklearn.feature_extraction import DictVectorizer

    page = news_page(0).replace("<title>", '<meta name="keywords" content="bakau, pantai"><title>')
    cleaner = BoilerplateCleaner(model, output="metadata", errors="empty")
    found = cleaner.fit_transform([page, BAD])
    assert found.tolist() == [{"title": "Warga menanam bakau 0", "tags": ["bakau", "pantai"]}, {}]
    assert cleaner.get_feature_names_out().tolist() == ["metadata"]
    assert make_pipeline(cleaner, DictVectorizer()).fit_transform([page, BAD]).shape == (2, 3)
    with pytest.raises(ValueError, match="unknown output"):
        BoilerplateCleaner(model, output="html").fit([page])  # type: ignore[arg-type]


def test_before_a_vectorizer(model: Path) -> None:
    pipeline = make_pipeline(BoilerplateCleaner(model), TfidfVectorizer())
    X = pipeline.fit_transform(PAGES)
    assert X.shape[0] == 8
    assert X[3].nnz == 0
    names = pipeline.get_feature_names_out()
    assert "catatan" in names
    assert "beranda" not in names
    again = pickle.loads(pickle.dumps(pipeline))
    assert (again.transform(PAGES) != X).nnz == 0
    assert len(pickle.dumps(pipeline[0])) < 2000


def test_clone_and_parameters(model: Path) -> None:
    cleaner = BoilerplateCleaner(model, favour="recall", errors="empty", n_jobs=2, kind="html")
    assert clone(cleaner).get_params() == cleaner.get_params()
    assert cleaner.get_params()["favour"] == "recall"
    search = GridSearchCV(
        make_pipeline(BoilerplateCleaner(model), TfidfVectorizer(), LogisticRegression()),
        {"boilerplatecleaner__favour": ["precision", "recall"]},
        cv=2,
        error_score="raise",
    )
    search.fit(PAGES, [i % 4 != 3 for i in range(8)])
    assert search.best_params_["boilerplatecleaner__favour"] in ("precision", "recall")


def test_output_containers_change_nothing(model: Path) -> None:
    pd = pytest.importorskip("pandas")
    want = BoilerplateCleaner(model).transform(PAGES).tolist()
    cleaner = BoilerplateCleaner(model).set_output(transform="pandas")
    assert cleaner.fit_transform(PAGES).tolist() == want
    with config_context(transform_output="pandas"):
        X = make_pipeline(BoilerplateCleaner(model), TfidfVectorizer()).fit_transform(PAGES)
        assert X.shape[0] == 8
    frame = pd.DataFrame({"html": PAGES, "n": range(8)})
    both = make_column_transformer((make_pipeline(BoilerplateCleaner(model), TfidfVectorizer()), "html"))
    assert both.fit_transform(frame).shape[0] == 8


def test_what_is_no_list_of_pages(model: Path) -> None:
    pd = pytest.importorskip("pandas")
    cleaner = BoilerplateCleaner(model)
    for X, message in (
        (PAGES[0], "one page"),
        (PAGES[0].encode(), "one page"),
        (pd.DataFrame({"html": PAGES}), "2 dimensions"),
        (np.array([PAGES]), "2 dimensions"),
        (7, "int"),
    ):
        with pytest.raises(ValueError, match=message):
            cleaner.transform(X)
        with pytest.raises(ValueError, match=message):
            cleaner.fit(X)


def test_pages_in_error(model: Path) -> None:
    pages = [PAGES[0], BAD, None]
    with pytest.raises(boilerplate.InputError, match="page 1: .*PDF"):
        BoilerplateCleaner(model).transform(pages)
    texts = BoilerplateCleaner(model, errors="empty").transform(pages)
    assert [bool(text) for text in texts] == [True, False, False]


def test_parameters_are_checked(model: Path, tmp_path: Path) -> None:
    for cleaner in (BoilerplateCleaner(model, errors="ignore"), BoilerplateCleaner(model, favour="luck")):
        with pytest.raises(ValueError, match="unknown"):
            cleaner.fit(PAGES)
    with pytest.raises(boilerplate.ModelError):
        BoilerplateCleaner(tmp_path / "none.npz").fit(PAGES)
