"""What reads as text but is no page is refused, and MHTML is read."""

from __future__ import annotations

import base64
import quopri
from pathlib import Path

import pytest
from helpers import STORY, news_page

import boilerplate
from boilerplate.errors import InputError
from boilerplate.reading import unwrap

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
ITEM = f"<item><title>Warga menanam bakau</title><description>{STORY[0]}</description></item>" * 3
LETTER = (
    "From: redaksi@uji.example\nTo: warga@uji.example\nDate: Mon, 1 Jan 2024 08:00:00 +0700\nSubject: Bakau\n\n"
    f"{STORY[0]}\n"
)

REFUSED = {
    "RSS": f'{XML}<rss version="2.0"><channel>{ITEM}</channel></rss>',
    "RSS feed": f'{XML}<?xml-stylesheet href="a.xsl"?><!-- dibuat otomatis --><rdf:RDF xmlns="x">{ITEM}</rdf:RDF>',
    "Atom": f'<feed xmlns="http://www.w3.org/2005/Atom">{ITEM}</feed>',
    "sitemap": f"\ufeff{XML}<urlset><url><loc>https://uji.example/</loc></url></urlset>",
    "SVG": f'{XML}<!DOCTYPE svg><svg width="1"><text>x</text></svg>',
    "JSON": '{"judul": "Bakau", "html": "<p>satu</p><p>dua</p>"}',
    "e-mail": LETTER,
    "e-mail message": "Received: from a by b;\n Mon, 1 Jan 2024\nMessage-ID: <1@uji.example>\nFrom: a@uji.example\n"
    f"MIME-Version: 1.0\nContent-Type: text/html\n\n{news_page()}",
    "WARC": "WARC/1.0\r\nWARC-Type: response\r\n\r\n" + news_page(),
}


@pytest.mark.parametrize(("what", "page"), REFUSED.items(), ids=REFUSED)
def test_refused(what: str, page: str) -> None:
    for data in (page, page.encode(), page.replace("\r", "").replace("\n", "\r\n").encode()):
        with pytest.raises(InputError, match=f"not a page or a text: an? {what}|{what}"):
            boilerplate.clean(data)
    results = list(boilerplate.Cleaner().clean_many([page, news_page()]))
    assert [result.status for result in results] == ["error", "ok"]


@pytest.mark.parametrize(
    "page",
    [
        news_page(),
        XML + news_page(),
        "<svg><path/></svg>" + news_page(),
        "<feed-list></feed-list>" + news_page(),
        "<feed>" + news_page(),
        "<!-- <rss> -->" + news_page(),
        "<p>Halaman ini memuat <rss> dan {" + '"a": 1}</p>',
        "[JAKARTA] " + STORY[0],
        "{JAKARTA} " + STORY[0],
        "Jakarta: " + STORY[0] + "\n" + STORY[1],
        "From: Jakarta\n\n" + STORY[0],
        "Tanggal: 1 Januari\nPenulis: Sari\n\n" + STORY[0],
        "WARC adalah format arsip.",
    ],
)
def test_not_refused(page: str) -> None:
    assert unwrap(page) == (page, "")
    assert unwrap(page.encode()) == (page.encode(), "")


def test_a_text_may_be_called_one() -> None:
    assert boilerplate.Cleaner().label(LETTER, kind="text").blocks


def mhtml(page: bytes, coding: str, kind: str = "text/html", start: str = "") -> bytes:
    packed = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes, "binary": bytes}[coding](page)
    head = "From: <Saved by Blink>\nSubject: Bakau\nMIME-Version: 1.0\n"
    head += f'Content-Type: multipart/related;\n\ttype="text/html";{start}\n\tboundary="--Batas=_1"\n\n\n'
    parts = "----Batas=_1\nContent-Type: text/css\nContent-Location: a.css\n\np { color: red }\n\n----Batas=_1\n"
    parts += f"Content-Type: {kind}\nContent-ID: <satu@uji>\nContent-Transfer-Encoding: {coding}\n\n"
    tail = "\n----Batas=_1\nContent-Type: text/html\nContent-ID: <dua@uji>\n\n<p>Bingkai iklan</p>\n----Batas=_1--\n"
    return (head + parts).replace("\n", "\r\n").encode() + packed + tail.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("coding", ["quoted-printable", "base64", "binary"])
def test_mhtml(coding: str) -> None:
    page = news_page(4).replace("Kepala desa", "Kepala d\xe9sa")
    want = boilerplate.clean(page)
    assert "d\xe9sa" in want
    for data in (mhtml(page.encode(), coding), mhtml(page.encode("latin-1"), coding, "text/html; charset=iso-8859-1")):
        assert boilerplate.clean(data) == want
    if coding != "binary":
        assert boilerplate.clean(mhtml(page.encode(), coding).decode()) == want


def test_the_main_document_of_mhtml() -> None:
    data = mhtml(news_page().encode(), "quoted-printable", start='\n\tstart="<dua@uji>";')
    assert unwrap(data)[0].strip() == b"<p>Bingkai iklan</p>"
    with pytest.raises(InputError, match="without an HTML part"):
        unwrap(
            mhtml(b"x", "base64", kind="image/png").replace(
                b"text/html\r\nContent-ID: <dua", b"image/gif\r\nContent-ID: <dua"
            )
        )
    with pytest.raises(InputError, match="broken base64"):
        unwrap(mhtml(b"<p>abcdefg</p>", "base64").replace(b"PHA", b"PH"))


def test_hostile_heads_end_soon() -> None:
    """Nothing here may take more than linear time: each is a thousand times what would show."""
    for page in (
        "<!-- a -->" * 6000 + "<x",
        "<!--" * 16000,
        "<?x " * 16000,
        "a:" + "\n " * 30000,
        "a: b\n" * 13000 + "c",
        "a:" + " " * 60000,
        '{"' + "\\" * 60000,
    ):
        assert unwrap(page) == (page, "")
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    nested = head + "".join('--b\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n' for _ in range(3000))
    with pytest.raises(InputError, match="without an HTML part"):
        unwrap(nested)


def test_mhtml_files(tmp_path: Path) -> None:
    from boilerplate.batch.readers.folder import FolderReader

    for name in ("a.mhtml", "b.MHT"):
        (tmp_path / name).write_bytes(mhtml(news_page().encode(), "base64"))
    pages = list(FolderReader(tmp_path).pages())
    assert [page.text_name for page in pages] == ["a.txt", "b.txt"]
    assert all(boilerplate.clean(page.content or b"") == boilerplate.clean(news_page()) for page in pages)
