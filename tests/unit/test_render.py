"""The article with its structure: what is kept of it, and that nothing of a page gets through as markup."""

from __future__ import annotations

import re

import numpy as np
import pytest
from lxml import etree

from boilerplate.document import Document, Span
from boilerplate.labels import INDEX, Label
from boilerplate.metadata.record import Metadata
from boilerplate.render.html import TAGS, to_html
from boilerplate.render.images import story_images
from boilerplate.render.inlines import block_inlines
from boilerplate.render.markdown import to_markdown
from boilerplate.render.tei import to_tei
from boilerplate.render.tree import Image, Inline, Node, grow
from boilerplate.segment.html import parse, segment

html5lib = pytest.importorskip("html5lib")

BASE = "https://uji.example/berita/1"
TEI = "{http://www.tei-c.org/ns/1.0}"


def tree(html: str, *, links: bool = True, images: bool = False, dropped: str = "") -> Node:
    """Grow the tree of a page whose blocks are all kept, but for those with a word in them."""
    page = segment(parse(html), nodes=True)
    kept = np.array([not dropped or dropped not in text for text in page.texts])
    found = story_images(page, kept, np.where(kept, 0, 7), BASE, "") if images else {}
    numbers = np.flatnonzero(kept).tolist()
    return grow(page, numbers, lambda i: block_inlines(page, i, (), links=links, base=BASE), found)


STORY = """<div><h1>Judul</h1><p>Warga <b>tiga desa</b> menanam <a href="/bakau?a=1&b=2"><i>bakau</i></a>.</p>
<h2>Dua hal</h2><ul><li>Bibit</li><li>Alat<ol><li>Cangkul</li></ol></li></ul>
<blockquote><p>Kami senang.</p><p>Sangat.</p></blockquote>
<table><tr><th>Desa</th><th>Bibit</th></tr><tr><td>Baru</td><td>5 | 6</td></tr></table><p>Selesai.</p></div>"""


def test_markdown_has_the_structure() -> None:
    assert to_markdown(tree(STORY, dropped="Judul"), "Judul") == (
        "# Judul\n\n"
        "Warga **tiga desa** menanam [*bakau*](https://uji.example/bakau?a=1&b=2).\n\n"
        "## Dua hal\n\n"
        "- Bibit\n- Alat\n\n  1. Cangkul\n\n"
        "> Kami senang.\n>\n> Sangat.\n\n"
        "| Desa | Bibit |\n| --- | --- |\n| Baru | 5 \\| 6 |\n\n"
        "Selesai."
    )


def test_html_has_the_structure() -> None:
    assert to_html(tree(STORY, dropped="Judul"), "Judul", Metadata(language="id")).replace("\n", "") == (
        '<article lang="id"><h1>Judul</h1>'
        '<p>Warga <strong>tiga desa</strong> menanam <a href="https://uji.example/bakau?a=1&amp;b=2"><em>bakau</em></a>.</p>'
        "<h2>Dua hal</h2><ul><li>Bibit</li><li><p>Alat</p><ol><li>Cangkul</li></ol></li></ul>"
        "<blockquote><p>Kami senang.</p><p>Sangat.</p></blockquote>"
        "<table><tr><th>Desa</th><th>Bibit</th></tr><tr><td>Baru</td><td>5 | 6</td></tr></table><p>Selesai.</p>"
        "</article>"
    )


def test_tei_has_the_structure_and_the_metadata() -> None:
    metadata = Metadata(
        authors=("Rani",), published="2024-01-12", url=BASE, site_name="Uji", tags=("bakau",), language="id"
    )
    root = etree.fromstring(to_tei(tree(STORY, dropped="Judul"), "Judul", metadata).encode())
    assert root.findtext(f".//{TEI}titleStmt/{TEI}author") == "Rani"
    assert [date.get("when") for date in root.iter(f"{TEI}date")] == ["2024-01-12", "2024-01-12"]
    body = root.find(f"{TEI}text/{TEI}body/{TEI}div")
    assert body is not None
    assert [child.tag.removeprefix(TEI) for child in body] == ["head", "p", "div"]
    assert [child.tag.removeprefix(TEI) for child in body[2]] == ["head", "list", "quote", "table", "p"]
    assert body.find(f".//{TEI}ref").get("target") == "https://uji.example/bakau?a=1&b=2"
    assert body.find(f".//{TEI}list[@rend='numbered']/{TEI}item/{TEI}p").text == "Cangkul"
    assert body.find(f".//{TEI}cell[@role='label']").text == "Desa"
    assert "".join(body.find(f"{TEI}p").itertext()) == "Warga tiga desa menanam bakau."


def test_without_links_their_words_stay() -> None:
    assert "[" not in to_markdown(tree(STORY, links=False), "")
    assert "*bakau*." in to_markdown(tree(STORY, links=False), "")


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td><p>Satu.</p><p>Dua.</p></td></tr></table>",
        "<table><tr><td>" + "<p>Satu.</p>" * 9 + "</td><td>Dua.</td></tr></table>",
        "<ul><li>" + "<p>Satu.</p>" * 9 + "</li></ul>",
        "<blockquote><p>Satu.</p><p>Dua.</p></blockquote>",
        "<li>Satu.</li>",
    ],
)
def test_what_is_layout_is_left_out(html: str) -> None:
    assert {node.kind for node in tree(html).children} == {"p"}


HOSTILE = [
    '<p onclick="x()">Satu <a href="javascript:alert(1)" onmouseover="x()">dua</a> <script>alert(1)</script></p>',
    '<p>a <a href=" jAvA\tscript:alert(1)">b</a> <a href="data:text/html,x">c</a> <a href="//x.example/">d</a></p>',
    "<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=alert(1)&gt;</p><iframe src='https://x'></iframe>",
    """<p><a href='https://x.example/"onclick="x()'>Satu</a><a href="https://x.example/<script>">dua</a></p>""",
    '<p>Satu</p><img src="javascript:x()" onerror="x()"><p>Dua</p>',
    """<p>Satu</p><img src='https://x.example/"onerror="x()' alt='"><script>'><p>Dua</p>""",
    "<p>[x](javascript:alert(1)) <b>*a*</b> `b` # c</p><p># d</p><p>1. e</p><p>- f</p><p>&amp;lt;script&amp;gt;</p>",
    "<p>Satu <svg onload=x()><a xlink:href='javascript:x()'>dua</a></svg></p><math><mi xlink:href='data:x'>c</mi>",
]


@pytest.mark.parametrize("html", HOSTILE)
def test_html_lets_nothing_through(html: str) -> None:
    shown = to_html(tree(html, images=True), "</h1><script>x()</script>", Metadata(language='">'))
    allowed = {"article": {"lang"}, "a": {"href"}, "img": {"src", "alt"}}
    for element in html5lib.parse(shown, namespaceHTMLElements=False).find("body").iter():
        if element.tag == "body":
            continue
        assert element.tag in TAGS
        assert set(element.attrib) <= allowed.get(element.tag, set())
        for name in ("href", "src"):
            assert element.get(name, "https://").startswith(("https://", "http://"))


@pytest.mark.parametrize("html", HOSTILE)
def test_markdown_lets_nothing_through(html: str) -> None:
    shown = to_markdown(tree(html, images=True), "<script>x()</script>")
    bare = re.sub(r"\\.", "", shown)
    assert "<" not in bare
    assert not re.search(r"\]\((?!https?://[^()<>\s]*\))", bare)


def test_signs_at_the_start_of_a_line_stay_signs() -> None:
    found = to_markdown(tree("<p># a</p><p>1. b</p><p>- c</p><p>+ d</p><p>2024. e</p><p>=== f</p>"), "")
    assert found.split("\n\n") == ["\\# a", "1\\. b", "\\- c", "\\+ d", "2024\\. e", "\\=== f"]


def test_noise_within_a_block_is_cut_out() -> None:
    page = segment(parse("<p>Satu dua. <b>Baca juga:</b> <a href='/x'>Tiga</a> Empat <b>lima</b>.</p>"), nodes=True)
    text = page.texts[0]
    spans = (Span(text.index("Baca"), text.index("Empat"), Label.RELATED),)
    assert block_inlines(page, 0, spans, links=True, base=BASE) == [
        Inline("Satu dua. Empat "),
        Inline("lima", strong=True),
        Inline("."),
    ]


def test_lines_of_verses_stay_lines() -> None:
    verses = tree("<div><pre>Air naik\ndi <i>kali</i>\n- baru</pre><p>Selesai.</p></div>")
    assert to_markdown(verses, "") == "Air naik\\\ndi *kali*\\\n\\- baru\n\nSelesai."
    assert "<p>Air naik<br>di <em>kali</em><br>- baru</p>" in to_html(verses, "", Metadata())
    root = etree.fromstring(to_tei(verses, "", Metadata()).encode())
    assert len(list(root.iter(f"{TEI}lb"))) == 2


def test_images_stand_where_they_stood() -> None:
    html = (
        '<div><p>Satu.</p><figure><img data-src="/a.jpg" src="data:x" alt="Bakau">'
        '<figcaption>Keterangan</figcaption></figure><p>Dua.</p><img src="/ikon.png" width=16><p>Tiga.</p></div>'
        '<ul><li>lain<img src="/lain.jpg"></li><li>lain</li></ul>'
    )
    page = segment(parse(html), nodes=True)
    kept = np.array([text in ("Satu.", "Dua.", "Tiga.") for text in page.texts])
    of = {"Keterangan": Label.META, "lain": Label.RELATED}
    labels = np.array([INDEX[of.get(text, Label.BODY)] for text in page.texts])
    found = story_images(page, kept, labels, BASE, "https://uji.example/utama.jpg")
    assert found == {
        0: [Image("https://uji.example/utama.jpg")],
        2: [Image("https://uji.example/a.jpg", "Bakau", "Keterangan")],
    }
    root = grow(
        page, np.flatnonzero(kept).tolist(), lambda i: block_inlines(page, i, (), links=False, base=BASE), found
    )
    assert [node.kind for node in root.children] == ["image", "p", "image", "p", "p"]
    assert "![Bakau](https://uji.example/a.jpg)\n\n*Keterangan*" in to_markdown(root, "")
    assert '<img src="https://uji.example/a.jpg" alt="Bakau"><figcaption>Keterangan</figcaption>' in to_html(
        root, "", Metadata()
    )
    assert len(list(etree.fromstring(to_tei(root, "", Metadata()).encode()).iter(f"{TEI}graphic"))) == 2


def test_tei_has_no_character_that_xml_has_not() -> None:
    root = Node("root", children=[Node("p", inlines=[Inline("a\x00b\x1b\ufffe")])])
    assert (
        etree.fromstring(to_tei(root, "c\x01", Metadata(authors=("d\x02",))).encode()).findtext(f".//{TEI}p[1]")
        is not None
    )


@pytest.mark.parametrize(
    "piece", ["<ul><li>a", "<blockquote><p>a", "<table><tr><td>a<td>b", "<b><i>a", "<p>a<img src='/x.jpg'>"]
)
def test_depth_and_number_are_no_matter(piece: str) -> None:
    root = tree(piece * 3000, images=True)
    for shown in (to_markdown(root, ""), to_html(root, "", Metadata()), to_tei(root, "", Metadata())):
        assert shown.count("a") >= 3000


def test_a_document_of_ones_own_has_no_structure() -> None:
    with pytest.raises(ValueError, match="no structure"):
        Document([], "Satu.").to_markdown()
