"""TEI that comes out is valid by the schema of TEI corpora of trafilatura (a DTD without tables and figures)."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers import PORTALS
from lxml import etree

from boilerplate import Cleaner
from boilerplate.outcome import Markup

TEI = "{http://www.tei-c.org/ns/1.0}"


def test_tei_is_valid():
    folder = Path(pytest.importorskip("trafilatura").__file__).parent
    with (folder / "data" / "tei_corpus.dtd").open("rb") as file:
        schema = etree.DTD(file)
    pages = [path.read_bytes() for path in sorted((PORTALS / "pages").glob("*.html"))[::4]]
    markup = Markup("xml-tei", links=True)
    found = [
        etree.fromstring(result.markup.encode())
        for result in Cleaner().clean_many(pages, markup=markup)
        if result.markup
    ]
    plain = [tree for tree in found if not any(True for _ in tree.iter(f"{TEI}table", f"{TEI}figure"))]
    assert len(plain) > len(pages) // 2
    for tree in plain:
        assert schema.validate(tree), schema.error_log
