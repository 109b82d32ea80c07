"""The charset that a page's HTTP header declares."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers import warc_record, write_warc

import boilerplate
from boilerplate.batch.readers.warc import WarcReader
from boilerplate.reading.charset import decode

TEXT = "<p>Ж и ш: красная площадь сегодня</p>"


@pytest.mark.parametrize("header", ["text/html; charset=windows-1251", 'text/html;Charset = "CP1251"'])
def test_header_decides_where_the_page_says_nothing(header: str) -> None:
    assert decode(TEXT.encode("cp1251"), header) == TEXT
    assert decode("<p>caf\xe9</p>".encode("cp1252"), "text/html; charset=iso-8859-1") == "<p>caf\xe9</p>"


def test_better_evidence_wins() -> None:
    assert decode(TEXT.encode(), "text/html; charset=windows-1251") == TEXT
    assert decode(b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=windows-1251") == TEXT
    page = '<meta charset="windows-1251">' + TEXT
    assert decode(page.encode("cp1251"), "text/html; charset=iso-8859-1") == page


@pytest.mark.parametrize(
    "header", ["", "text/html", "text/html; charset=", "text/html; charset=punycode", "charset=x-none"]
)
def test_headers_that_say_nothing(header: str) -> None:
    assert decode(TEXT.encode("cp1251"), header) == decode(TEXT.encode("cp1251"))


def test_a_page_that_claims_utf8_wrongly_leaves_it_to_the_header() -> None:
    page = '<meta charset="utf-8">' + TEXT
    assert decode(page.encode("cp1251"), "text/html; charset=windows-1251") == page


def test_warc_records(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    declared = "text/html; charset=windows-1251"
    source = tmp_path / "in.warc.gz"
    records = [
        warc_record(0, TEXT.encode("cp1251"), kind=declared),
        warc_record(1, TEXT.encode(), kind=declared),
        warc_record(2, TEXT.encode(), kind="text/html; charset=UTF-8"),
        warc_record(3, b"%PDF-1.7 " + TEXT.encode("cp1251"), kind=declared),
    ]
    write_warc(source, records, "each")
    items = list(WarcReader(source).pages())
    pages = [item.content if isinstance(item.content, str) else decode(item.content or b"") for item in items]
    assert pages == [TEXT, TEXT, TEXT, ""]
    assert [bool(item.error) for item in items] == [False, False, False, True]
    assert isinstance(items[2].content, bytes)  # decoded by the worker that cleans it
    assert boilerplate.Cleaner().clean(pages[0]) == boilerplate.Cleaner().clean(TEXT)
