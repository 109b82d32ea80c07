"""The compiled modules give what the Python and NumPy code beside them gives; where they are not built, all works."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boilerplate.compiled import extension, original
from boilerplate.features.keys import SortedKeys
from boilerplate.segment import html
from boilerplate.segment.foreign import Foreign
from boilerplate.segment.page import HtmlPage

PAGES = sorted((Path(__file__).parent.parent.parent / "datasets/portals/pages").glob("*.html"))
MODULES = (
    "reading._utf8",
    "segment._scan",
    "segment._walk",
    "features._tokenize",
    "features._address",
    "features._keys",
)
UTF8, SCAN, WALK, TOKENIZE, ADDRESS, KEYS = (extension(f"boilerplate.{name}") for name in MODULES)
PURE_UTF8, PURE_SCAN, PURE_WALK, PURE_TOKENIZE, PURE_ADDRESS, PURE_KEYS = (
    original(f"boilerplate.{name}") for name in MODULES
)


built = pytest.mark.skipif(
    None in (UTF8, SCAN, WALK, TOKENIZE, ADDRESS, KEYS), reason="the compiled modules are not built"
)

PIECES = [
    "<p>",
    "</p>",
    "<br>",
    "</br>",
    "<a href=x>",
    "<a href='/tag/a&amp;b?é&#x1f600;'>",
    "<a href>",
    "<a>",
    "</a>",
    "<b>",
    "</b>",
    '<div class="a  b" id=c>',
    "<div id=x>",
    "<div class>",
    "</div>",
    " ",
    "\n",
    "\x1c",
    "\xa0",
    "\u200b",
    "\xad",
    "\u3000",
    "kata ",
    "Kata.",
    "\u201d",
    ".",
    "1",
    "| ",
    "\U0001f600",
    "&nbsp;",
    "&foo;",
    "<!-- x -->",
    "<img>",
    "<amp-img>",
    "</amp-img>",
    "<svg:path>",
    "<x-y>",
    "<o:p>",
    "<script>1<2</script>",
    "<li>",
    "<td>",
    "<table>",
    "<?pi x?>",
    "<![CDATA[z]]>",
    "<span>",
    "</span>",
    "<noembed>t</noembed>",
    "<h1>",
    "<title>T</title>",
    "<title></title>",
    "<svg>",
    "</svg>",
    "<g>",
    "<ruby>",
    "<font color=red>",
    "<font>",
    "<iframe>x</iframe>",
    "<head>",
    "<dialog>",
    "<dialog open>",
    "</html>",
    "</HTML >x",
]
MARKUP = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=40).map("".join)


def same_page(source: str | bytes) -> None:
    root = html.parse(source)
    if root is None:
        return
    for nodes in (False, True):
        ours, theirs = HtmlPage(), HtmlPage()
        PURE_WALK.walk(root, ours, nodes)
        WALK.walk(root, theirs, nodes)
        assert theirs == ours
        assert bool(theirs.nodes) is nodes
    assert WALK.title(root) == PURE_WALK.title(root)


@built
@pytest.mark.parametrize("page", PAGES[::4], ids=lambda page: page.stem)
def test_walks_are_the_same_on_pages(page):
    same_page(page.read_bytes().decode("utf-8", "replace"))


@built
@settings(max_examples=600)
@given(MARKUP)
@example("1<a>Kata.<a>\xad")
@example("<svg><title>q</title></svg><title>r</title>")
@example("satu<!-- x -->dua<br>tiga")
def test_walks_are_the_same_on_any_markup(source):
    same_page(source)


@built
def test_walk_goes_as_deep_as_the_parser():
    same_page("<div>" * 2000 + "teks" + "</div>" * 2000)
    same_page("<b>" * 100_000 + "teks")


@built
def test_walk_wants_an_element():
    with pytest.raises(TypeError):
        WALK.walk(None, HtmlPage(), False)
    with pytest.raises(TypeError):
        WALK.title("title")


@built
@settings(max_examples=300)
@given(
    st.lists(
        st.text(
            st.one_of(
                st.sampled_from(' .!?,"aAbB19\xa0\u201c\u3000\U0001f600\u24b6\u2e7f\u2e80\u9fff\ua000\ud55c'),
                st.characters(),
            ),
            min_size=1,
            max_size=90,
        ),
        min_size=1,
        max_size=8,
    )
)
@example(["a" * 500])
@example(["Ya. Tidak", "Tidak", ". Tidak", "\u21ff\u2200\ud800"])
def test_words_are_the_same(texts):
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    ours, theirs = PURE_TOKENIZE.take_apart(texts, sizes), TOKENIZE.take_apart(texts, sizes)
    for name, mine, other in zip(("counts", "edges", "hashes", "lengths", "bounds"), ours, theirs, strict=True):
        assert mine.dtype == other.dtype, name
        np.testing.assert_array_equal(mine, other, name)


HASH = st.one_of(st.integers(0, 2**64 - 1), st.integers(0, 40), st.sampled_from([2**63, 2**64 - 1]))


@built
@settings(max_examples=500)
@given(st.lists(HASH, max_size=60, unique=True), st.lists(HASH, max_size=40))
@example(list(range(40)), [0, 20, 39, 40, 2**64 - 1])  # more keys of the same first bits than are gone through
def test_hashes_are_found_alike(keys, hashes):
    rising, wanted = np.array(sorted(keys), np.uint64), np.array(hashes, np.uint64)
    index = SortedKeys(rising)
    ours, theirs = (module.find(wanted, index._keys, index._first, int(index._shift)) for module in (PURE_KEYS, KEYS))
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.dtype == other.dtype
        np.testing.assert_array_equal(mine, other)
    assert ours[0].tolist() == [x in set(keys) for x in hashes]
    assert rising[ours[1]].tolist() == [x for x in hashes if x in set(keys)]
    weights = (np.arange(8 * len(keys)) % 255 - 127).astype(np.int8).reshape(-1, 8)
    of = np.arange(len(ours[1])) % 3
    sums = [np.ones((3, 9), np.float32) for _ in range(2)]
    PURE_KEYS.add_rows(weights, ours[1], of, sums[0])
    KEYS.add_rows(weights, ours[1], of, sums[1])
    np.testing.assert_array_equal(*sums)


ADDRESS_PIECES = [
    *(b"http", b"https", b"javascript", b"mailto", b":", b"//", b"/", b"?", b"&", b"=", b"#", b".", b" ", b"\n", b"-"),
    *(b"www.", b"kabar", b"co.id", b"com", b":8080", b"Tag", b"utm_source", b"REF=", b"from", b"typea", b"page"),
    *(b"2019", b"20", b"1", b"12345", b"a", b"bc", b"\xc3\xa9", b"\xff", b"\x00", b"@", b"[", b"`", b"{", b"+"),
]


@built
@settings(max_examples=1500)
@given(st.lists(st.lists(st.sampled_from(ADDRESS_PIECES), max_size=24).map(b"".join), max_size=6))
@example([b"https://m.kabar.co.id:80/Bola/2020/01/02/12345-tim-kota-menang?utm_source=a_b&x=1&Ref=ab-cd-ef-gh-ij#x"])
@example([b"ab" * 150, b"a/" * 400, b"ab?" + b"cd&" * 90, b"javascript:" + b"ab " * 60])
def test_addresses_are_the_same(addresses):
    ours, theirs = PURE_ADDRESS.take_apart(addresses), ADDRESS.take_apart(addresses)
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.dtype == other.dtype
        np.testing.assert_array_equal(mine, other)


@built
@settings(max_examples=500)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=4),
            st.sampled_from(
                [b"\xe2\x82", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80", b"x" * 9, "é€😀".encode()]
            ),
        )
    ).map(b"".join)
)
def test_utf8_is_what_python_takes_for_it(data):
    try:
        data.decode("utf-8")
        valid = True
    except UnicodeDecodeError:
        valid = False
    assert UTF8.is_utf8(data) == PURE_UTF8.is_utf8(data) == valid


@built
@settings(max_examples=500)
@given(
    st.lists(
        st.sampled_from(
            [b"</p>", b"</P \n>", b"x", b" ", b"<", b"</", b"</br", b"</html>", b"</HTM", b"L", b">", b"\x0b", b"\xc2"]
        )
    ).map(b"".join)
)
def test_suspect_end_tags_are_the_same(data):
    assert SCAN.suspect(data) == PURE_SCAN.suspect(data)


@built
@settings(max_examples=800)
@given(
    st.lists(
        st.sampled_from(
            [
                b"<p",
                b"</p",
                b" a" * 30,
                b" b c=d" * 20,
                b' e="1"' * 51,
                b" f=",
                b"=",
                b'"',
                b"'",
                b">",
                b"/>",
                b" ",
                b"\x0b",
                b"<!--",
                b"-->",
                b"--!>",
                b"<!",
                b"<?",
                b"</",
                b"<",
                b"x",
                b"<script",
                b"</script",
                b"<script>",
                b"-",
                b"</script>",
                b"<title>",
                b"</title>",
                b"<TEXTAREA>",
                b"</textarea >",
                b"<plaintext>",
                b"</style/",
                b"<style>",
                b"<noscript>",
                b"</noscript>",
                b"<svg>",
                b"</svg>",
                b"<math/>",
                b"<mi>",
                b"<html/>",
                b"<title/>",
                b"<textarea a=b/>",
                b"<object/>",
                b"<VIDEO>",
                b"<math>",
                b"</math>",
                b"<foreignObject>",
                b"<div>",
                b"</div>",
            ]
        ),
        max_size=30,
    ).map(b"".join),
    st.sampled_from([2, 9]),
)
@example(b"<p" + b" a" * 60 + b"/>", 9)
@example(b"<!--><p" + b" a" * 60 + b">", 9)
@example(b"<script><!--<script></script><p" + b" a" * 60 + b">--></script><p" + b" b" * 60 + b">", 9)
@example(b"<script><!--<script><!--></script></html>2", 9)
@example(b"<svg><title" + b" a" * 60 + b"></svg><style></style><svg><style><p></style>", 9)
def test_what_the_parser_must_not_see_is_the_same(data, raw):
    assert SCAN.misread(data, 50, raw, Foreign(data)) == PURE_SCAN.misread(data, 50, raw, Foreign(data))


def test_all_works_without_them(tmp_path):
    code = (
        "import sys, boilerplate\n"
        "for file in sys.argv[1:]:\n"
        "    print(boilerplate.clean(open(file, 'rb').read()))\n"
        "print([name for name, module in sys.modules.items()"
        " if name.startswith('boilerplate') and not module.__spec__.origin.endswith('.py')])"
    )
    files = [str(page) for page in PAGES[:3]]
    said = []
    for extra in ({}, {"BOILERPLATE_PURE": "1"}):
        run = subprocess.run(
            [sys.executable, "-c", code, *files],
            env={**os.environ, **extra},
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=True,
        )
        said.append(run.stdout.splitlines())
    assert said[0][:-1] == said[1][:-1]
    assert len(said[0]) > 10
    assert said[1][-1] == "[]"
