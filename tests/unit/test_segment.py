"""HTML to blocks, and the XPaths that find them again."""

import re
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from boilerplate.segment.html import parse, segment
from boilerplate.segment.leftovers import strip_leftovers
from boilerplate.segment.tags import BLOCK, BREAK, FALLBACKS, SKIP, TAGS, unknown
from boilerplate.segment.text import segment_text
from boilerplate.segment.unclosed import way_out
from boilerplate.segment.xpath import XPaths

INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


def blocks(html):
    page = segment(parse(html), nodes=True)
    consistent(page)
    return page.texts


def consistent(page):
    """What every page promises of its lists."""
    n, m = len(page.texts), len(page.tags)
    for values in (page.link_chars, page.strong_chars, page.links, page.block_el, page.first_el, page.refs):
        assert len(values) == n
    for values in (page.attrs, page.parents, page.starts, page.ends, page.nodes):
        assert len(values) == m
    for i, text in enumerate(page.texts):
        assert text == " ".join(text.split()) != ""
        assert not INVISIBLE.search(text)
        assert 0 <= page.link_chars[i] <= len(text)
        assert 0 <= page.strong_chars[i] <= len(text)
        assert page.refs[i]
        assert page.starts[page.block_el[i]] <= i < page.ends[page.block_el[i]]
    for i in range(m):
        assert page.parents[i] < i
        assert page.starts[i] <= page.ends[i] <= n


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        # Inline markup neither splits nor glues.
        ("<b>a</b>b", ["ab"]),
        ("a<span> b</span>", ["a b"]),
        ("a <span>b</span>c", ["a bc"]),
        ("<p>Ja<b>kar</b>ta</p>", ["Jakarta"]),
        ("<p>satu<i> </i>dua</p>", ["satu dua"]),
        ("<p>satu<em>\n</em>dua</p>", ["satu dua"]),
        ("<p>Hari <a href=x>Senin</a>, kata <strong>dia</strong>.</p>", ["Hari Senin, kata dia."]),
        ("<p>kata<wbr>sambung<img src=x>an</p>", ["katasambungan"]),
        ("<p>H<sub>2</sub>O", ["H2O"]),
        ("<p>a<foo>b</foo>c", ["abc"]),
        ("  <p> satu \n\t dua </p>  ", ["satu dua"]),
        # Line breaks.
        ("satu<br><br>dua", ["satu", "dua"]),
        ("satu<br> <br/>\n<br>dua", ["satu", "dua"]),
        ("Satu.<br>Dua.", ["Satu.", "Dua."]),
        ("Satu<br>Dua", ["Satu", "Dua"]),
        ("satu<br>dua", ["satu dua"]),
        ("satu<br>\n dua<br>tiga", ["satu dua tiga"]),
        ("satu.<br>dua", ["satu.", "dua"]),
        ("satu”<br>dua", ["satu”", "dua"]),
        ("satu <br> 2 dua", ["satu", "2 dua"]),
        ("<br>satu<br>", ["satu"]),
        ("<b>satu<br></b><i>dua</i>", ["satu dua"]),
        ("<b>Satu<br></b><i>Dua</i>", ["Satu", "Dua"]),
        (
            "<p>Isi.<br><br>Baca juga: <a href=x>Kabar lain</a><br><br>Isi lagi.</p>",
            ["Isi.", "Baca juga: Kabar lain", "Isi lagi."],
        ),
        ("<p>satu</br>dua</p>", ["satu dua"]),
        ("<p>satu</BR ><b>dua</b></p>", ["satu dua"]),
        ("satu</p>dua", ["satu dua"]),
        # Boxes.
        ("<div>lepas<p>isi</p>ekor</div>", ["lepas", "isi", "ekor"]),
        ("<div><span>lepas <p>isi</p></span> ekor</div>", ["lepas", "isi", "ekor"]),
        ("<a href=x><h3>Judul</h3><p>Ringkas</p></a>", ["Judul", "Ringkas"]),
        ("satu<hr>dua", ["satu", "dua"]),
        ("<ul><li>a<li>b<ul><li>c</ul>d</ul>", ["a", "b", "c", "d"]),
        ("<dl><dt>kunci<dd>nilai</dl>", ["kunci", "nilai"]),
        ("<figure><img src=x><figcaption>Foto: A</figcaption></figure>", ["Foto: A"]),
        ("<table><caption>Judul<tr><th>a<th>b<tr><td>c<td>d</table>", ["Judul", "a", "b", "c", "d"]),
        ("<select><option>a<option>b</select><button>c</button><textarea>d</textarea>", ["a", "b", "c", "d"]),
        ("<x-kotak>a</x-kotak><x-kotak>b</x-kotak>", ["a", "b"]),
        ("<xmp>a</xmp>b", ["a", "b"]),
        ("<details><summary>a</summary>b</details>", ["a", "b"]),
        # Runs of links.
        ("<a>satu</a> <a>dua</a>", ["satu", "dua"]),
        ("<a>satu</a> | <a>dua</a> · <a>tiga</a>", ["satu |", "dua ·", "tiga"]),
        ("<p><a>satu</a>, lalu <a>dua</a></p>", ["satu, lalu dua"]),
        ("<a>sa<b>tu</b></a><a>dua</a>", ["satu", "dua"]),
        ("<p>Tag: <a>satu</a> <a>dua</a></p>", ["Tag: satu dua"]),
        # Noise that is not text.
        ("a<script>x<b>y</b></script><style>z</style>b", ["ab"]),
        ("<template><p>x</p></template><noscript><p>y</p></noscript>a", ["a"]),
        ("<iframe><p>x</p></iframe><svg><text>y</text></svg><object>z</object>a", ["a"]),
        ("<video>x<source src=a><p>y</p></video>a", ["a"]),
        ("<head><title>Judul</title><meta name=a content=b><style>x</style></head><body>a", ["a"]),
        ("<noembed><b>x</b></noembed>a", ["a"]),
        ("<p hidden>a</p><div style='display:none'>b</div>", ["a", "b"]),  # labelled like visible text
        # Comments and their kin.
        ("<p>Ja<!-- x -->kar<!-- <p>y</p> -->ta", ["Jakarta"]),
        ("<p>a<!--[if IE]><p>x</p><![endif]-->b<![if !IE]>c<![endif]>", ["abc"]),
        ("<p>a<?php echo 'x' ?>b", ["ab"]),
        ("<p>a<![CDATA[x]]>b", ["ab"]),
        # Characters.
        ("<p>a &amp; b &lt;p&gt; &eacute; &#233; &takada;", ["a & b <p> é é &takada;"]),
        ("<p>a&nbsp;&nbsp;b&nbsp;", ["a b"]),
        ("<p>Ja&shy;kar&#8203;ta\ufeff", ["Jakarta"]),
        ("<p>&#8203;</p><p>&shy;\u200e</p><p>&nbsp;</p>a", ["a"]),
        ("<p>a\0b", ["a b"]),
        ("<p>\ud800a", ["?a"]),
        # Broken markup.
        ("<p>a<p>b", ["a", "b"]),
        ("<p>a<div>b</p>c</div>d", ["a", "b c", "d"]),
        ("<b>a<p>b</b>c", ["a", "bc"]),
        ("teks saja", ["teks saja"]),
        ("<html>a", ["a"]),
        ("<head><title>x</title>a<p>b", ["a", "b"]),
        ("<head><x-y>a<p>b</p></x-y><body>c", ["a", "b", "c"]),
        ("<frameset><frame src=a><noframes>a</noframes></frameset>", ["a"]),
        ("<html><body>a</body></html>b<p>c", ["a", "b", "c"]),
        ("<html><body>a</body></HTML >\n<!-- x --><p>b</p></html><p>c", ["a", "b", "c"]),
        ("<body>a</body>b</html>", ["a", "b"]),
        ("<body><p>a</p></body><body><p>b</p></body>", ["a", "b"]),
        ("<p>a<embed src=x>b</p><div><source src=y>c</div><track>d", ["ab", "c", "d"]),
        ("<amp-img src=x></amp-img><p>a</p><amp-img src=y><p>b</p>", ["a", "b"]),
        ("<amp-ad>a</amp-ad><amp-list><p>b</p></amp-list>", ["a", "b"]),
        ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><p/><p>a</p></body></html>", ["a"]),
        ("<html:body><html:p>a</html:p><html:p>b<html:b>c</html:b></html:p></html:body>", ["a", "bc"]),
        ("<xhtml:p>a</xhtml:p><xhtml:p>b</xhtml:p>", ["a", "b"]),
        ("<p>a<o:p>b</o:p>c", ["abc"]),
        ("", []),
        (" \n ", []),
        ("<!-- x -->", []),
        ("<!-- <p>x", []),
        ("<script>x", []),
        ("<p></p>", []),
    ],
)
def test_blocks(html, expected):
    assert blocks(html) == expected


def test_no_root():
    assert parse("") is None
    assert len(segment(None)) == 0


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title> Judul \n &amp; lagi </title><p>x", "Judul & lagi"),
        ("<svg><title>Ikon</title></svg><p>x", ""),
        ("<svg><g><title>Ikon</title></g></svg><title>Judul</title>", "Judul"),
        ("<title></title><title>Kedua</title>", "Kedua"),
        ("<p>x", ""),
    ],
)
def test_title(html, title):
    assert segment(parse(html)).title == title


_OG = '<meta property="og:title" content="{}">'


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>Warta Nusa</title>" + _OG.format("Jembatan Rawa selesai dibangun"), "Jembatan Rawa selesai dibangun"),
        (
            "<title>Jembatan Rawa sel…</title>" + _OG.format("Jembatan Rawa selesai dibangun"),
            "Jembatan Rawa selesai dibangun",
        ),
        ('<meta name="twitter:title" content="Jembatan Rawa selesai dibangun">', "Jembatan Rawa selesai dibangun"),
        (
            "<title>Jembatan Rawa selesai dibangun - Warta Nusa</title>" + _OG.format("Jembatan Rawa selesai"),
            "Jembatan Rawa selesai dibangun - Warta Nusa",
        ),
        (
            "<title>Jembatan Rawa selesai dibangun | Warta</title>" + _OG.format("Berita terkini hari ini di Nusa"),
            "Jembatan Rawa selesai dibangun | Warta",
        ),
        ("<title>Kabar Nusa</title>" + _OG.format("Berita terkini hari ini di Nusa"), "Kabar Nusa"),
        (_OG.format("Berita terkini hari ini di Nusa"), "Berita terkini hari ini di Nusa"),
        (_OG.format("") + "<meta property=og:title>", ""),
    ],
)
def test_title_is_the_one_that_a_block_repeats(head, title):
    page = segment(
        parse(f"<html><head>{head}</head><body><h1>Jembatan Rawa Selesai Dibangun</h1><p>Isi.</p></body></html>")
    )
    assert page.title == title


def test_links_and_strong():
    page = segment(parse("<p>Kata <a>dua</a> dan <a>tiga <b>kali</b></a><p><strong>tebal</strong><p>biasa"), nodes=True)
    assert list(page.links) == [2, 0, 0]
    assert list(page.link_chars) == [len("dua") + len("tiga") + len("kali"), 0, 0]
    assert list(page.strong_chars) == [4, 5, 0]


def test_elements_around():
    page = segment(parse("<div class=k id=i><p>a</p><ul><li>b<li>c</ul></div><p>d"), nodes=True)
    ranges = {(node.tag, a, b) for node, a, b in zip(page.nodes, page.starts, page.ends, strict=True)}
    assert ranges == {
        ("html", 0, 4),
        ("body", 0, 4),
        ("div", 0, 3),
        ("p", 0, 1),
        ("ul", 1, 3),
        ("li", 1, 2),
        ("li", 2, 3),
        ("p", 3, 4),
    }
    assert page.attrs[2] == "k#i"
    assert [page.nodes[i].tag for i in page.block_el] == ["p", "li", "li", "p"]


def test_an_invisible_run_leaves_ranges_whole():
    blocks("<div><span><p>a</p>&#8203;</span></div>")
    blocks("<div><a>&#8203;</a><a>\u00ad</a>&shy;<p>a</p><b>\ufeff</b></div>")


DEEP = [
    "div",
    "p",
    "li",
    "h1",
    "h6",
    "td",
    "table",
    "ul",
    "dl",
    "a",
    "b",
    "span",
    "font",
    "foo",
    "x-y",
    "section",
    "amp-img",
]


@pytest.mark.parametrize("tag", DEEP)
@pytest.mark.parametrize("depth", [300, 3_000, 100_000])
def test_deep_nesting_loses_nothing(tag, depth):
    start = time.process_time()
    opened = "".join(f"<{tag}>k{i} " for i in range(depth))
    html = f"<title>Judul</title><p>awal</p>{opened}inti{f'</{tag}>' * depth}<p>akhir</p>"
    page = segment(parse(html), nodes=True)
    words = " ".join(page.texts).split()
    assert words == ["awal", *(f"k{i}" for i in range(depth)), "inti", "akhir"]
    assert page.texts[-1] == "akhir"
    assert page.title == "Judul"
    assert time.process_time() - start < 30


def test_deep_pages_are_cut_like_others():
    inner = (
        "<div class=a>Satu</div><div>Dua</div><script>x<b>y</b></script><style>z</style><p>Ja<b>kar</b>ta<br><br>Baca: "
        "<a href=u>lagi</a></p><!-- <p>x</p> --><!--[if IE]>x<![endif]--><noscript>x</noscript><ul><li>a<li>b</ul>"
        "<img src=q><table><tr><td>c<td>d</table><svg></svg>e<x-y>f</x-y><h2>g</h2>h<a>i<p>j</p></a>"
    )
    deep = "<div>" * 3000 + inner
    assert blocks(deep) == blocks(inner)
    assert blocks(inner)[:4] == ["Satu", "Dua", "Jakarta", "Baca: lagi"]


@pytest.mark.parametrize(
    "tail",
    ["<a" * 50_000, "<!--" * 50_000, "<" * 100_000, "<a href='" * 20_000, "<" + "a" * 300_000, "<script " * 50_000],
)
def test_deep_and_hostile_is_no_hang(tail):
    start = time.process_time()
    page = segment(parse("<h1>" * 3000 + "awal" + tail), nodes=True)
    assert page.texts[0].startswith("awal")
    assert time.process_time() - start < 20


def _seconds(html):
    best = 1e9
    for _ in range(2):
        start = time.process_time()
        page = segment(parse(html), nodes=True)
        best = min(best, time.process_time() - start)
    return best, page


@pytest.mark.parametrize(
    "piece",
    [
        "<p>Satu kalimat pendek.</p>",
        "satu baris,<br>",  # wraps on: one run that grows
        "Satu baris.<br>",
        "<a href=x>tautan</a> | ",
        "<b>satu</b> <i>dua</i> ",
        "<div><div><span>satu</span></div></div>",
        "<o:p>a</o:p><p>b</p>",
        "a<!-- x -->",
    ],
)
def test_time_is_linear_in_blocks(piece):
    few, _ = _seconds(f"<div>{piece * 5_000}</div>")
    many, page = _seconds(f"<div>{piece * 50_000}</div>")
    assert len(page.texts) in (1, 50_000, 100_000)
    assert many < 40 * few + 0.5  # 10 times as much; quadratic would be 100


@pytest.mark.parametrize("piece", ["<p>a</p>", "Satu.<br>", "a<p>b</p>", "<o:p>a</o:p><hr>", "<p>a<b>b</b></p>c"])
def test_paths_take_linear_time(piece):
    def seconds(n):
        page = segment(parse(f"<div>{piece * n}</div>"), nodes=True)
        start = time.process_time()
        paths = list(map(XPaths(page).of, range(len(page))))
        assert len(set(paths)) == len(paths)
        return time.process_time() - start

    few = seconds(2_000)
    assert seconds(20_000) < 40 * few + 0.5


def test_ten_megabytes():
    page = segment(parse("<p>" + "kata " * 2_000_000 + "</p><p>akhir</p>"), nodes=True)
    assert [len(text) for text in page.texts] == [5 * 2_000_000 - 1, 5]
    page = segment(parse("<div class=x><p>Kalimat <b>biasa</b> saja.</p></div>" * 200_000), nodes=True)
    assert len(page) == 200_000
    assert page.texts[-1] == "Kalimat biasa saja."


# XPaths


def visible(node):
    """Text of an element as the segmenter shows it."""
    out = []

    def walk(element):
        kind, code = (TAGS.get(element.tag) or unknown(element.tag)) if isinstance(element.tag, str) else (SKIP, 0)
        if kind == BREAK:
            out.append(" ")
        elif kind != SKIP:
            out.append(element.text or "")
            walk_all(element)
        elif code in FALLBACKS and (way := way_out(element)):
            walk(way[0])
            for element in way:  # from the one that ends the picture outwards
                out.append(element.tail or "")
                walk_all(element.itersiblings())

    def walk_all(elements):
        for element in elements:
            walk(element)
            out.append(element.tail or "")

    walk(node)
    return " ".join(INVISIBLE.sub("", "".join(out)).split())


def check_paths(html):
    root = parse(html)
    page = segment(root, nodes=True)
    for i, text in enumerate(page.texts):
        path = XPaths(page).of(i)
        found = root.getroottree().xpath(path)
        assert found, path
        if isinstance(found[0], str):
            # White space between the pieces of a run is not among them.
            pieces = INVISIBLE.sub("", "".join(found))
            assert "".join(pieces.split()) == text.replace(" ", ""), path
        else:
            assert len(found) == 1
            assert visible(found[0]) == text, path
    return list(map(XPaths(page).of, range(len(page))))


@pytest.mark.parametrize(
    ("html", "paths"),
    [
        ("<p>a</p><p>b</p>", ["/html/body/p[1]", "/html/body/p[2]"]),
        ("<div><p>a <b>b</b></p></div>", ["/html/body/div/p"]),
        ("<div>a<p>b</p>c</div>", ["/html/body/div/text()[1]", "/html/body/div/p", "/html/body/div/text()[2]"]),
        (
            "<div><b>y</b> x<p>z</p></div>",
            ["/html/body/div/b/text()[1] | /html/body/div/text()[1]", "/html/body/div/p"],
        ),
        ("<div><b>y</b><p>z</p></div>", ["/html/body/div/b", "/html/body/div/p"]),
        ("<a>a</a> | <a>b</a>", ["/html/body/a[1]/text()[1] | /html/body/text()[1]", "/html/body/a[2]/text()[1]"]),
        ("<p>a <a>b</a>", ["/html/body/p"]),
        (
            "a<br><br>b<!-- x -->c<p>d",
            ["/html/body/text()[1]", "/html/body/text()[2] | /html/body/text()[3]", "/html/body/p"],
        ),
        ("<o:p>a</o:p><hr><o:p>b</o:p>", ["/html/body/*[name()='o:p'][1]", "/html/body/*[name()='o:p'][2]"]),
    ],
)
def test_paths(html, paths):
    assert check_paths(html) == paths


@pytest.mark.parametrize(
    "html",
    [
        "<div>a<!-- x -->b<p>c<!-- y -->d<b>e</b><!-- z -->f</p>g</div>",
        "<p>a<script>x</script>b<br>c</p>d<?php x ?>e<p>f",
        "<fb:like>a</fb:like><p>b</p><fb:like>c<p>d</p>e</fb:like>",
        "<div><fb:like>a</fb:like><p>x</p></div><div><fb:like>b <i>c</i></fb:like> d<p>y</p></div>",
        "<foo\"bar>a<p>b</p></foo\"bar><foo'bar>c<p>d</p></foo'bar><a\"'b>e<p>f</p>g</a\"'b>",
        "<x-y>a</x-y><x-y>b</x-y><x.y>c</x.y><p>d",
        "<div><span>· <a>satu</a> · <a>dua</a></span><p>z</p></div>",
        "<div><span><a>satu</a> <a>dua</a></span><p>z</p></div>",
        "<div>x<p>y</p><span><a>satu</a> <a>dua</a></span> <a>tiga</a></div>",
        "<amp-img></amp-img><amp-img>a<p>b</p></amp-img><amp-img>c<p>d",
        "<head><x-y>a</x-y><body>b<p>c",
        "<html><body>a</body></html>b<p>c</p>d",
        "<div>satu<br>dua<b>tiga<br>Empat</b> lima<br><br>enam</div>",
        "<table>x<tr><td>a<td>b<tr><td>c</table>",
        "<p>&#8203;<b>a</b>&shy;</p>b",
        "<div>" * 1500 + "a<p>b</p>c",
    ],
)
def test_paths_find_the_blocks(html):
    assert check_paths(html)


# Random pages

INLINES = ["b", "a", "span", "strong", "i", "foo", "o:p"]
BOXES = ["p", "div", "li", "td", "h2", "section", "x-y", "ul"]
HIDDEN = ["script", "style", "template", "noscript", "iframe"]


def nodes(children):
    def element(tags):
        return st.tuples(st.sampled_from(tags), st.lists(children, max_size=4))

    return st.one_of(element(INLINES), element(INLINES), element(BOXES), element(HIDDEN))


TREES = st.recursive(
    st.sampled_from(["word", "word", "Word.", "glue", " ", "br", "img", "comment", "zero", "nbsp", "|"]),
    nodes,
    max_leaves=40,
)


def build(tree, parent, counter, out):
    """Make lxml nodes of a random tree; collect the words that a reader sees."""

    def add_text(text):
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text

    hidden = any(a.tag in HIDDEN for a in [parent, *parent.iterancestors()])
    if isinstance(tree, tuple):
        tag, children = tree
        child = etree.SubElement(parent, "x") if ":" in tag else etree.SubElement(parent, tag)
        for inner in children:
            build(inner, child, counter, out)
    elif tree in ("word", "Word.", "glue"):
        counter[0] += 1
        word = {"word": f" w{counter[0]} ", "Word.": f" W{counter[0]}. ", "glue": f"g{counter[0]}"}[tree]
        add_text(word)
        if not hidden:
            out.append(word.strip())
    elif tree == "comment":
        parent.append(etree.Comment(" tersembunyi "))
    elif tree in ("br", "img"):
        etree.SubElement(parent, tree)
    else:
        add_text({"zero": "\u200b", "nbsp": "\u00a0"}.get(tree, tree))


def random_page(trees):
    root = etree.Element("html")
    body = etree.SubElement(root, "body")
    out: list[str] = []
    counter = [0]
    for tree in trees:
        build(tree, body, counter, out)
    return root, out


RANDOM = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@RANDOM
@given(st.lists(TREES, max_size=8))
@example([("span", [("p", ["word"]), "zero"])])
@example([("a", ["word"]), "|", ("a", ["word"])])
def test_each_word_is_in_one_block_in_order(trees):
    root, words = random_page(trees)
    page = segment(root, nodes=True)
    consistent(page)
    text = " ".join(page.texts)
    assert "".join(text.replace("|", "").split()) == "".join(words)
    # In one block whole, once.
    for word in words:
        assert sum(len(re.findall(rf"{re.escape(word)}(?!\d)", t)) for t in page.texts) == 1
    # No text node is in two blocks.
    seen = [(id(e), tail) for refs in page.refs for e, tail in dict.fromkeys(refs)]
    assert len(seen) == len(set(seen))


@RANDOM
@given(st.lists(TREES, max_size=8))
def test_inline_markup_makes_no_difference(trees):
    """The same page without its inline elements (but links) has the same blocks."""
    root, _ = random_page(trees)
    bare, _ = random_page(trees)
    for element in list(bare.iter("b", "span", "strong", "i", "foo", "x")):
        _drop(element)
    assert segment(root, nodes=True).texts == segment(bare).texts


def _drop(element):
    parent, at = element.getparent(), element.getparent().index(element)
    before = parent[at - 1] if at else None

    def append(text):
        if before is None:
            parent.text = (parent.text or "") + text
        else:
            before.tail = (before.tail or "") + text

    tail = element.tail or ""
    element.tail = None
    append(element.text or "")
    for child in list(element):
        parent.insert(parent.index(element), child)
        before = child
    parent.remove(element)
    append(tail)


@RANDOM
@given(st.lists(TREES, max_size=8))
@example([("div", [("b", ["word"]), "word", ("p", ["word"])])])
def test_each_path_finds_its_block(trees):
    root, _ = random_page(trees)
    check_paths(
        etree.tostring(root, encoding="unicode", method="html").replace("<x>", "<o:p>").replace("</x>", "</o:p>")
    )


@RANDOM
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div>",
                "</div>",
                "<a href=x>",
                "</a>",
                "<b>",
                "</b>",
                "<br>",
                "</br>",
                "<li>",
                "<table>",
                "<tr>",
                "<td>",
                "</table>",
                "<script>",
                "</script>",
                "<!--",
                "-->",
                "kata ",
                "Lain. ",
                "&amp;",
                "<",
                ">",
                "</html>",
                "<head>",
                "</head>",
                "<body>",
                "<x:y>",
                "<svg>",
                "</svg>",
                "<title>",
                "</title>",
                "\u200b",
                "\xa0",
                "<amp-img>",
                "<select>",
                "<option>",
                "<frameset>",
                "<textarea>",
                "'",
                '"',
                "<![CDATA[",
                "]]>",
                "<?",
                "?>",
                "\0",
                "</body>",
            ]
        ),
        max_size=40,
    )
)
def test_tag_soup(pieces):
    html = "".join(pieces)
    root = parse(html)
    consistent(segment(root, nodes=True))
    if root is not None:
        check_paths(html)


def test_kinds_are_disjoint():
    assert TAGS["p"][0] == TAGS["head"][0] == BLOCK
    assert unknown("x-y")[0] == BLOCK
    assert unknown("html:p") == TAGS["p"]
    assert unknown("o:p")[0] not in (BLOCK, SKIP, BREAK)
    codes = [code for _, code in TAGS.values()]
    assert len(set(codes)) == len(codes)
    assert 0 not in codes


@pytest.mark.parametrize("html", ["<p>a</p>b<br><br>c", "<ul><li><a>x</a> | <a>y</a></ul><p>d <b>e</b></p>", "x", ""])
def test_keeping_the_nodes_changes_no_block(html):
    bare, full = segment(parse(html)), segment(parse(html), nodes=True)
    assert (bare.texts, list(bare.starts), list(bare.ends)) == (full.texts, list(full.starts), list(full.ends))
    assert (len(full.nodes), len(full.refs)) == (len(full.tags), len(full))
    assert (bare.nodes, bare.refs) == ([], [])


# Tags left in a text


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("Warga datang.", "Warga datang."),
        ("Tag <img> dipakai untuk gambar.", "Tag <img> dipakai untuk gambar."),
        ("Baca: <a href='/x'>Jalan</a>", "Baca: Jalan"),
        ("<b>Warga</b> dan a < b", "Warga dan a < b"),
        ("Satu.<br>Dua.<BR/>Tiga &amp; empat", "Satu. Dua. Tiga & empat"),
        ("Tidak bertanda &amp; begini", "Tidak bertanda &amp; begini"),
        ("<b>a</b>&#10;b", "a b"),
        ("<nama> dan </tempat>", "<nama> dan </tempat>"),
    ],
)
def test_leftover_tags_are_stripped(text, stripped):
    assert strip_leftovers(text) == stripped


def test_stripping_tags_adds_and_takes_no_line():
    text = "<b>Satu</b><br>\n<br>\n<a\nhref='/x'>Dua</a>\n<p>Tiga</p>"
    assert strip_leftovers(text).count("\n") == text.count("\n")
    assert segment_text("Satu<br>\n<b>Dua</b>\n<br>\nTiga").lines == [(0, 1), (1, 2), (3, 4)]
