"""Metadata: what the head, JSON-LD, microdata and the blocks say, and which of them is believed."""

from __future__ import annotations

import pickle

import pytest

from boilerplate.metadata.blocks import MetaBlock, read_blocks
from boilerplate.metadata.body import body_text
from boilerplate.metadata.byline import writers
from boilerplate.metadata.dates import find_dates, machine_date
from boilerplate.metadata.head import Head, read_head
from boilerplate.metadata.jsonld import MAX_CHARS
from boilerplate.metadata.merge import merge
from boilerplate.metadata.record import Metadata
from boilerplate.metadata.tidy import address, keywords, language, line
from boilerplate.segment.html import parse


def head_of(html: str) -> Head:
    return read_head(parse(html), "Air Naik di Kali Baru")


def read(html: str, **shown: object) -> Metadata:
    return merge(head_of(html), lambda _: dict(shown), ("", ""))


def jsonld(data: str) -> str:
    return f'<html><head><script type="application/ld+json">{data}</script></head><body><p>Satu.</p></body></html>'


FULL = """
{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Air Naik di Kali Baru",
 "author": [{"@type": "Person", "name": "Rani Putri"}, {"@type": "Person", "name": "Budi Hartono"}],
 "datePublished": "2024-01-12T10:30:00+0700", "dateModified": "2024-01-12T04:00:00Z",
 "publisher": {"@type": "Organization", "name": "Kabar Kali"}, "url": "https://kabarkali.example/air",
 "inLanguage": "id_id", "articleSection": ["Daerah"], "keywords": "banjir, kali baru, Banjir",
 "image": {"@type": "ImageObject", "url": "https://kabarkali.example/air.jpg"},
 "description": "Air &amp;quot;naik&amp;quot;\\u0000.", "license": "https://creativecommons.org/licenses/by/4.0/"}
"""


def test_jsonld_gives_every_field_and_its_source() -> None:
    found = read(jsonld(FULL))
    assert found.to_dict() == {
        "title": "Air Naik di Kali Baru",
        "authors": ["Rani Putri", "Budi Hartono"],
        "published": "2024-01-12T10:30:00+07:00",
        "modified": "2024-01-12T04:00:00+00:00",
        "site_name": "Kabar Kali",
        "url": "https://kabarkali.example/air",
        "language": "id-ID",
        "section": "Daerah",
        "tags": ["banjir", "kali baru"],
        "image": "https://kabarkali.example/air.jpg",
        "description": 'Air "naik" .',
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "access": "",
        "paywalled": False,
        "sources": dict.fromkeys(
            "title authors published modified site_name url language section tags image description licence".split(),
            "json-ld",
        ),
    }


def test_sources_come_one_after_the_other() -> None:
    html = """<html lang=id><head><title>Judul</title>
      <link rel=canonical href="https://a.example/x">
      <meta property="og:title" content="Judul OG"><meta name="twitter:title" content="Judul Lain">
      <meta property="og:image" content="/foto.jpg"><meta property="article:tag" content="satu">
      <meta property="article:tag" content="dua"><meta name=author content="Rani Putri">
      <meta name=pubdate content="2024/01/12 10:30:00"></head>
      <body><div itemscope itemtype="https://schema.org/NewsArticle">
        <span itemprop=author itemscope><a itemprop=name>Budi Hartono</a></span>
        <time itemprop=datePublished datetime="2024-01-13">kemarin</time>
        <div itemscope itemprop=comment><span itemprop=datePublished>2024-01-20</span></div>
      </div><a rel="license nofollow" href="https://b.example/cc">CC</a></body></html>"""
    found = read(html)
    assert (found.title, found.sources["title"]) == ("Judul OG", "opengraph")
    assert (found.authors, found.sources["authors"]) == (("Budi Hartono",), "microdata")
    assert (found.published, found.sources["published"]) == ("2024-01-13", "microdata")
    assert (found.url, found.sources["url"]) == ("https://a.example/x", "link")
    assert (found.language, found.sources["language"]) == ("id", "html")
    assert (found.licence, found.sources["licence"]) == ("https://b.example/cc", "link")
    assert found.image == "https://a.example/foto.jpg"
    assert found.tags == ("satu", "dua")


def test_properties_without_an_item_count_and_those_of_other_items_do_not() -> None:
    html = """<body><b itemprop=author>Rani Putri</b><i itemprop=datePublished content=2024-01-12>kemarin</i>
      <div itemscope><b itemprop=author>Lain Orang</b></div></body>"""
    found = read(html)
    assert (found.authors, found.published) == (("Rani Putri",), "2024-01-12")


def test_graphs_are_followed_and_the_article_like_the_title_is_taken() -> None:
    found = read(
        jsonld(
            """{"@graph": [
            {"@type": "NewsArticle", "headline": "Harga Cabai Turun", "datePublished": "2020-01-01"},
            {"@type": "NewsArticle", "headline": "Air Naik di Kali Baru Lagi", "author": {"@id": "#rani"},
             "datePublished": "2024-01-12"},
            {"@type": "Person", "@id": "#rani", "name": "Rani Putri"}]}"""
        )
    )
    assert (found.authors, found.published) == (("Rani Putri",), "2024-01-12")


@pytest.mark.parametrize(
    "author", ["Kabar Kali", "Redaksi Kabar Kali", "kabarkali.example", "Admin", "https://kabarkali.example/rani"]
)
def test_the_site_itself_is_no_author(author: str) -> None:
    html = jsonld(FULL.replace('{"@type": "Person", "name": "Rani Putri"}', f'{{"name": "{author}"}}'))
    assert read(html).authors == ("Budi Hartono",)
    alone = html.replace('{"@type": "Person", "name": "Budi Hartono"}', '""')
    assert read(alone, authors=("Siti Aminah",)).authors == ("Siti Aminah",)
    assert read(alone, authors=("Siti Aminah",)).sources["authors"] == "blocks"


def test_blocks_are_read_only_for_what_the_head_does_not_say() -> None:
    found = read(jsonld(FULL), authors=("Siti Aminah",), published="2020-01-01")
    assert found.authors == ("Rani Putri", "Budi Hartono")
    assert found.published.startswith("2024")


@pytest.mark.parametrize(
    "script",
    [
        "<!-- {0} -->",
        "//<![CDATA[\n{0}\n//]]>",
        "{0};",
        '{{"@type": "NewsArticle", "headline": "Baris\nbaru\tdan \x01 lain", }}',
    ],
)
def test_what_pages_do_to_json_is_forgiven(script: str) -> None:
    assert head_of(jsonld(script.format('{"@type": "NewsArticle", "headline": "Judul"}'))).claims["json-ld"]["title"]


BROKEN = [
    "",
    "[",
    "nul",
    '{"@type": 5}',
    '{"@type": ["NewsArticle", 1, null], "author": 5, "image": [[[]]], "url": {}}',
    '{"@type": "Article", "author": {"@id": "#a"}, "@id": "#a", "mainEntity": {"@id": "#a"}}',
    '{"@type": "NewsArticle", "headline": "\\ud800", "datePublished": "9999-99-99", "url": "http://[x"}',
    '{"a": ' + "1" * 100_000 + "}",
    "[" * 100_000,
    '{"a":' * 50_000,
]


@pytest.mark.parametrize("script", BROKEN)
def test_no_json_is_an_exception(script: str) -> None:
    found = read(jsonld(script))
    pickle.dumps(found)
    str(found.to_dict()).encode()


def test_more_json_than_a_page_needs_is_not_read() -> None:
    assert read(jsonld(FULL.replace("Daerah", "x" * MAX_CHARS))).title == ""


DATES = [
    ("Senin, 12 Jan 2024 10:30 WIB", "2024-01-12T10:30+07:00"),
    ("Jumat, 12 Januari 2024 | 10:30 WITA", "2024-01-12T10:30+08:00"),
    ("12 Agustus 2024, 10.30 WIT", "2024-08-12T10:30+09:00"),
    ("Kamis (1/2/2024) pukul 07.05 WIB", "2024-02-01T07:05+07:00"),
    ("Sabtu, 3 Ags 2024 - 23:59", "2024-08-03T23:59"),
    ("2024-01-12 10:30:05", "2024-01-12T10:30:05"),
    ("January 12, 2024 at 4:05 p.m. EST", "2024-01-12T16:05-05:00"),
    ("12 May 2024", "2024-05-12"),
    ("Thứ tư, 22/10/2025, 19:25 (GMT+7)", "2025-10-22T19:25+07:00"),
    ("21. März 2026, 12:05 Uhr", "2026-03-21T12:05"),
    ("25 de mayo de 2025 16:51 h", "2025-05-25T16:51"),
]


@pytest.mark.parametrize(("text", "iso"), DATES)
def test_dates_that_readers_see(text: str, iso: str) -> None:
    assert [date.iso for date in find_dates(text)] == [iso]


@pytest.mark.parametrize(
    "text", ["2 jam lalu", "31 Februari 2024", "Pasal 12 ayat 3", "1.250.2024 rupiah", "", "12 dari 30"]
)
def test_what_is_no_date(text: str) -> None:
    assert find_dates(text) == []


def test_nobody_can_tell_an_american_date_from_others() -> None:
    assert find_dates("3/4/2024", month_first=True) == []
    assert find_dates("3/14/2024", month_first=True)[0].iso == "2024-03-14"
    assert find_dates("3/4/2024")[0].iso == "2024-04-03"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024-01-12T10:30Z", "2024-01-12T10:30+00:00"),
        ("2024-01-12T10:30:00.123456789+0700", "2024-01-12T10:30:00+07:00"),
        ("2024-01-12 10:30:00", "2024-01-12T10:30:00"),
        ("Fri, 12 Jan 2024 10:30:00 +0700", "2024-01-12T10:30:00+07:00"),
        ("1705030200", "2024-01-12T03:30:00+00:00"),
        ("1705030200000", "2024-01-12T03:30:00+00:00"),
        ("Jan 12, 2024", "2024-01-12"),
        ("0000-00-00", ""),
        ("9" * 5000, ""),
    ],
)
def test_dates_for_machines(text: str, iso: str) -> None:
    assert machine_date(text) == iso


@pytest.mark.parametrize(
    ("text", "names", "editors"),
    [
        ("Penulis: Rani Putri", ["Rani Putri"], []),
        ("Penulis: Rani Putri, Editor: Budi Hartono", ["Rani Putri"], ["Budi Hartono"]),
        ("Reporter : Rani Putri | Editor : Budi Hartono", ["Rani Putri"], ["Budi Hartono"]),
        ("Laporan Wartawan Kabarkali.com, Rani Putri", ["Rani Putri"], []),
        ("Oleh Rani Putri dan Budi Hartono - Jumat, 12 Januari 2024", ["Rani Putri", "Budi Hartono"], []),
        ("Rabu, 20 Mei 2020 16:00 Penulis: Rani Putri", ["Rani Putri"], []),
        ("By Rani van der Putri, Updated January 12, 2024", ["Rani van der Putri"], []),
        ("Air naik di Kali Baru oleh hujan", [], []),
        ("Warga Ditolong Oleh Petugas Kali Baru", [], []),
    ],
)
def test_bylines(text: str, names: list[str], editors: list[str]) -> None:
    assert writers(text) == (names, editors)


def test_blocks_say_who_and_when() -> None:
    blocks = [
        MetaBlock("Air Naik di Kali Baru"),
        MetaBlock("Siti Aminah - kabarkali", "detail-author"),
        MetaBlock("Jumat, 12 Jan 2024 10:30 WIB Diperbarui 13 Jan 2024 08:00 WIB"),
        MetaBlock("Warga di Kali Baru, 3 Januari 2023. (Foto: Kabar Kali/Rani Putri)", "photo-caption"),
        MetaBlock("Budi Hartono", after=True),
        MetaBlock("Editor", after=True),
    ]
    assert read_blocks(blocks) == {
        "authors": ("Siti Aminah",),
        "published": "2024-01-12T10:30+07:00",
        "modified": "2024-01-13T08:00+07:00",
    }
    assert read_blocks(blocks[4:]) == {"authors": ("Budi Hartono",)}  # an editor, where nobody wrote
    assert read_blocks([MetaBlock("Penulis:"), MetaBlock("Rani Putri")]) == {"authors": ("Rani Putri",)}


def test_values_are_made_presentable() -> None:
    assert line("  a\x00b\u202e <b>c</b> &amp;amp; d\n") == "a b c & d"
    assert line(["a"]) == line(None) == ""
    assert len(line("a" * 100_000)) == 1000
    assert address("javascript:alert(1)") == address("//x.example") == address("http://[x") == ""
    assert address("/a b", "https://x.example/y/") == "https://x.example/ab"
    assert (language("en_gb"), language("zh-hant"), language("Bahasa Indonesia!")) == ("en-GB", "zh-Hant", "")
    assert keywords("a; b") == keywords(["a", "b", "A", 5]) == ("a", "b")


def test_article_bodies_lose_their_markup() -> None:
    assert body_text("Satu.\r\n\r\nDua &amp; tiga.\x00") == "Satu.\nDua & tiga."
    assert body_text("<p>Satu <b>dua</b>.<script>x</script></p><p>Tiga.<br>Empat.</p>") == "Satu dua.\nTiga.\nEmpat."
    assert body_text("&lt;p&gt;Satu.&lt;/p&gt;&lt;p&gt;Dua.&lt;/p&gt;") == "Satu.\nDua."


def test_metadata_is_frozen_and_goes_between_processes() -> None:
    found = Metadata(title="a", sources={"title": "meta"})
    assert pickle.loads(pickle.dumps(found)) == found
    with pytest.raises(AttributeError):
        found.title = "b"  # type: ignore[misc]
    with pytest.raises(TypeError):
        found.sources["title"] = "b"  # type: ignore[index]
