"""`boilerplate.huggingface`: a function for `Dataset.map`."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from helpers import news_page

import boilerplate
from boilerplate.huggingface import CleanBatch

hf = pytest.importorskip("datasets")

BAD = b"%PDF-1.7 no page at all"
META = '<meta name="author" content="Rani Putri"><title>'


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hf.config, "HF_DATASETS_CACHE", tmp_path / "cache")


def dataset(pages: list[Any]) -> Any:
    return hf.Dataset.from_dict({"id": list(range(len(pages))), "html": pages})


def test_columns_are_added(model: Path) -> None:
    pages = [news_page(0).encode(), None, news_page(1, article=False).encode(), BAD]
    found = dataset(pages).map(CleanBatch(model=model), batched=True)
    assert found.column_names == ["id", "html", "text", "title", "confidence", "status", "error", "text_source"]
    assert found["status"][:] == ["ok", "empty", "empty", "error"]
    assert found["text"][0] == boilerplate.Cleaner(model).clean(pages[0])
    assert [text is None for text in found["text"]] == [False, True, False, True]
    assert found["id"][:] == [0, 1, 2, 3]


def test_metadata_has_one_type_in_all_batches(model: Path) -> None:
    pages = [news_page(0), news_page(1), news_page(2).replace("<title>", META)]
    clean = CleanBatch(model=model, metadata=True)
    found = dataset(pages).map(clean, batched=True, batch_size=1, remove_columns=["html"])
    assert [json.loads(names) for names in found["meta_authors"]] == [[], [], ["Rani Putri"]]
    assert json.loads(found["meta_sources"][2])["authors"] == "meta"
    assert found["meta_paywalled"][:] == [False] * 3


def test_processes_give_the_same(model: Path) -> None:
    pages = dataset([news_page(i) for i in range(20)])
    clean = CleanBatch(model=model)
    one = pages.map(clean, batched=True, load_from_cache_file=False)
    two = pages.map(clean, batched=True, batch_size=4, num_proc=2, load_from_cache_file=False)
    assert one["text"][:] == two["text"][:]
    streamed = pages.to_iterable_dataset().map(clean, batched=True, batch_size=3)
    assert [row["text"] for row in streamed] == one["text"][:]
    assert len(pickle.dumps(clean)) < 2000


def test_wrong_parameters_raise_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown favour"):
        CleanBatch(favour="luck")
    with pytest.raises(boilerplate.ModelError):
        CleanBatch(model=tmp_path / "none.npz")
