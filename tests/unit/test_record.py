"""The output's record of a page: which fields it has, in which order, and what becomes of the input's own."""

from __future__ import annotations

import csv
import datetime
import decimal
import io
import json
from typing import Any

import pytest

from boilerplate.batch.readers.base import SourcePage
from boilerplate.batch.record import OutputFormat, make_record, to_cell, to_json
from boilerplate.document import Block, Result
from boilerplate.labels import Label

OK = Result("ok", "isi berita", "Judul", 0.987654321, text_source="page")


def made(
    result: Result = OK,
    fields: dict[str, Any] | None = None,
    *,
    format_: str = "jsonl",
    from_table: bool = False,
    note: str = "",
    **style: Any,
) -> dict[str, Any]:
    page = SourcePage("a.jsonl:1", "<p>isi berita</p>", fields or {}, from_table=from_table, note=note)
    return make_record(page, result, OutputFormat(format_, **style))


@pytest.mark.parametrize("format_", ["jsonl", "csv", "parquet"])
def test_the_result_comes_first(format_):
    found = made(fields={"id": 7}, format_=format_)
    assert list(found) == ["source", "status", "title", "text", "confidence", "error", "text_source", "id"]
    assert found == {
        "source": "a.jsonl:1",
        "status": "ok",
        "title": "Judul",
        "text": "isi berita",
        "confidence": 0.9877,
        "error": "",
        "text_source": "page",
        "id": 7,
    }


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_rows_of_a_table_keep_their_columns_in_front(format_):
    found = made(fields={"id": 7, "html": "<p>"}, format_=format_, from_table=True)
    assert list(found) == ["id", "html", "text", "title", "confidence", "status", "error", "text_source"]


def test_rows_of_a_table_written_as_json_lines_are_like_others():
    assert list(made(fields={"id": 7}, from_table=True)) == list(made(fields={"id": 7}))


def test_fields_of_the_input_give_way_and_are_not_lost():
    found = made(fields={"title": "asal", "text": 1, "id": 2})
    assert found == {**made(), "input_title": "asal", "input_text": 1, "id": 2}


@pytest.mark.parametrize("format_", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("from_table", [False, True])
@pytest.mark.parametrize("text_field", ["text", "input_title", "input_input_status"])
def test_no_field_of_the_input_takes_the_place_of_another(format_, from_table, text_field):
    names = [prefix + name for name in ("status", "title", "url") for prefix in ("input_input_", "", "input_")]
    fields = {name: f"asal {name}" for name in names}
    found = made(fields=fields, format_=format_, from_table=from_table, text_field=text_field)
    assert sorted(value for value in found.values() if str(value).startswith("asal")) == sorted(fields.values())
    assert (found[text_field], found["title"], found["status"]) == ("isi berita", "Judul", "ok")


def test_a_field_has_one_name_whatever_else_its_row_holds():
    assert made(fields={"input_title": "b"})["input_input_title"] == "b"
    found = made(fields={"input_title": "b", "title": "a", "input_url": "c"})
    assert (found["input_title"], found["input_input_title"], found["input_url"]) == ("a", "b", "c")


def test_another_name_for_the_text():
    found = made(fields={"text": "asal"}, text_field="article")
    assert (found["article"], found["text"]) == ("isi berita", "asal")


def test_errors_reasons_and_notes():
    assert made(Result("error", error="rusak"))["confidence"] is None
    assert made(Result("error", error="rusak"))["error"] == "rusak"
    assert made(Result("empty", reason="no text"))["error"] == "no text"
    assert made(note="cut")["error"] == "cut"
    assert made(Result("error", error="rusak"), note="cut")["error"] == "rusak"


@pytest.mark.parametrize(("format_", "nested"), [("jsonl", True), ("csv", False), ("parquet", False)])
def test_blocks_are_lists_or_cells(format_, nested):
    block = Block("isi berita", Label.BODY, 0.9, dict.fromkeys(Label, 0.1), 0, "p", True)
    result = Result("ok", "isi berita", "Judul", 0.9, blocks=[block])
    found = made(result, format_=format_, blocks=True)["blocks"]
    assert isinstance(found, list) == nested
    (only,) = found if nested else json.loads(found)
    assert only["text"] == "isi berita"
    assert "blocks" not in made(result, format_=format_)


def test_what_json_does_not_know_becomes_text():
    values = [datetime.date(2024, 1, 2), decimal.Decimal("1.50"), b"caf\xc3\xa9 \xff", "é"]
    assert json.loads(to_json(values)) == ["2024-01-02", "1.50", "café \ufffd", "é"]
    assert "é" in to_json(values)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("007", "007"),
        (7, "7"),
        (True, "true"),
        (b"a", "a"),
        (datetime.datetime(2024, 1, 2, 3), "2024-01-02T03:00:00"),
        ({"a": [1, "é"]}, '{"a": [1, "é"]}'),
    ],
)
def test_cells_read_back(value, expected):
    assert to_cell(value) == expected
    out = io.StringIO()
    csv.writer(out).writerow([to_cell(value), "x"])
    assert next(csv.reader(io.StringIO(out.getvalue()))) == [expected, "x"]
