"""`boilerplate.spark`: over a real, local Spark."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers import news_page

import boilerplate

pytest.importorskip("pyspark")
pytest.importorskip("pyarrow")
if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
    pytest.skip("Spark needs Java", allow_module_level=True)

BIG = 2**60 + 1  # no float has this value
SCHEMA = "id int, big long, html string, tags array<string>"


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    path = os.pathsep.join([str(Path(boilerplate.__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "3g")  # a row of 64 MB is copied several times
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.executorEnv.PYTHONPATH", path)
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture
def frame(spark: Any) -> Any:
    rows = [
        (0, BIG, news_page(0), ["a"]),
        (1, None, news_page(1, article=False), None),
        (2, BIG, None, []),
        *((i, BIG + i, news_page(i), [str(i)]) for i in range(4, 40)),
    ]
    return spark.createDataFrame(rows, SCHEMA).repartition(4)


def test_columns_are_added(spark: Any, frame: Any, model: Path) -> None:
    too_large = spark.createDataFrame([(3, None, "x" * (64 * 2**20 + 1), ["b", None])], SCHEMA)
    out = boilerplate.spark.clean(frame.union(too_large), "html", model=model)
    added = ["text", "title", "confidence", "status", "error", "text_source"]
    assert out.columns == ["id", "big", "html", "tags", *added]
    rows = out.orderBy("id").collect()
    cleaner = boilerplate.Cleaner(model)
    assert [row.id for row in rows] == list(range(40))
    assert [row.status for row in rows] == ["ok", "empty", "empty", "error"] + ["ok"] * 36
    assert (rows[0].text, rows[0].big, rows[0].tags) == (cleaner.clean(news_page(0)), BIG, ["a"])
    assert rows[0].title == "Warga menanam bakau 0"
    assert 0 < rows[0].confidence <= 1
    assert (rows[1].text, rows[1].big, rows[1].tags) == ("", None, None)
    assert "no story" in rows[1].error
    assert (rows[2].text, rows[2].title, rows[2].confidence, rows[2].error) == (None, None, None, "no page")
    assert rows[3].text is None
    assert "too large" in rows[3].error
    assert all(f"Catatan nomor {row.id}." in row.text for row in rows[4:])


def test_bytes_and_the_shipped_model(spark: Any) -> None:
    pages = [bytearray(news_page(0), "utf-8"), bytearray(b"%PDF-1.7"), None]
    df = spark.createDataFrame([(page,) for page in pages], "page binary")
    rows = boilerplate.spark.clean(df, "page", favour="recall").collect()
    assert sorted(row.status for row in rows) == ["empty", "error", "ok"]


def test_a_model_that_is_on_the_driver_alone(frame: Any, model: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.npz"
    mine.write_bytes(model.read_bytes())
    out = boilerplate.spark.clean(frame, "html", model=mine)
    mine.unlink()
    assert out.where("status = 'ok'").count() == 37


def test_no_rows(frame: Any, model: Path) -> None:
    assert boilerplate.spark.clean(frame.where("id < 0"), model=model).collect() == []


def test_what_cannot_be_done_is_said_at_once(frame: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no column 'page' .there are: id, big, html, tags"):
        boilerplate.spark.clean(frame, "page")
    with pytest.raises(TypeError, match="'big' is bigint"):
        boilerplate.spark.clean(frame, "big")
    with pytest.raises(ValueError, match="Title.*withColumnRenamed"):
        boilerplate.spark.clean(frame.withColumnRenamed("id", "Title"))
    with pytest.raises(boilerplate.ModelError):
        boilerplate.spark.clean(frame, model=tmp_path / "none.npz")
    with pytest.raises(ValueError, match="unknown favour"):
        boilerplate.spark.clean(frame, favour="luck")


def test_metadata_comes_in_columns(spark: Any, model: Path) -> None:
    page = news_page(0).replace("<title>", '<meta name="author" content="Rani Putri"><title>')
    frame = spark.createDataFrame([(0, page), (1, None)], "id int, html string")
    out = boilerplate.spark.clean(frame, "html", model=model, metadata=True)
    assert dict(out.dtypes)["meta_authors"] == "array<string>"
    first, second = out.orderBy("id").collect()
    assert (first.meta_authors, first.meta_paywalled, first.meta_sources["authors"]) == (["Rani Putri"], False, "meta")
    assert (second.meta_authors, second.meta_paywalled, second.meta_sources) == (None, None, None)
    with pytest.raises(ValueError, match="clash"):
        boilerplate.spark.clean(out.select("html", "meta_authors"), "html", model=model, metadata=True)
