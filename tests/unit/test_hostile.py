"""Pages made to take long, to take memory or to lose text: work is in proportion to the page, and nothing is lost."""

from __future__ import annotations

import sys
import tracemalloc
from array import array
from collections.abc import Callable
from typing import Any

import pytest
from helpers import untrained_finder
from lxml import etree

from boilerplate.compiled import original
from boilerplate.lexicon.headings import headings
from boilerplate.model.network import SpanModel
from boilerplate.reading import charset as reading
from boilerplate.segment import mend
from boilerplate.segment.html import parse, segment
from boilerplate.segment.leftovers import strip_leftovers
from boilerplate.segment.text import _Joiner, segment_text
from boilerplate.segment.xpath import XPaths
from boilerplate.spans import finder


class Counted(str):
    """A text that counts the characters that are copied or looked through on its behalf."""

    work = 0

    @staticmethod
    def counted(name: str) -> Callable[..., Any]:
        plain = getattr(str, name)

        def method(self: str, *args: Any) -> Any:
            result = plain(self, *args)
            sizes = result if isinstance(result, (list, tuple)) else (result,)
            seen = sum(len(part) for part in sizes if isinstance(part, str))
            Counted.work += seen if name in ("__getitem__", "__add__") else len(self)
            if isinstance(result, str):
                return Counted(result)
            if isinstance(result, (list, tuple)):
                return type(result)(map(Counted, result))
            return result

        return method


for _name in ("__getitem__", "__add__", "split", "strip", "rstrip", "lower", "count", "rpartition", "partition"):
    setattr(Counted, _name, Counted.counted(_name))


def characters(work: Callable[[], object]) -> int:
    """Characters that counted texts handle while something is done."""
    Counted.work = 0
    work()
    return Counted.work


def lines(work: Callable[[], object]) -> int:
    """Lines of Python that run while something is done."""
    count = 0

    def trace(frame: Any, event: str, arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def linear(measure: Callable[[Callable[[], object]], int], make: Callable[[int], Callable[[], object]], n: int) -> None:
    """Four times the input is at most four times the work, and a little."""
    few, many = measure(make(n)), measure(make(4 * n))
    assert few > 0
    assert many <= 4.6 * few, (few, many)


# Plain text


@pytest.mark.parametrize(
    "piece",
    [
        "Ab\n-\ncd\n",  # a place, a dash and no sentence
        "A yang\n",  # lines that hang over
        ", a\n",  # a sentence that goes on
        "kata (ab)\n",
        "tanpa,\n",
    ],
)
def test_lines_of_text_are_looked_at_in_proportion(piece):
    def make(n):
        texts = list(map(Counted, ("Kata dia itu yang\n" + piece * n).splitlines()))
        joiner = _Joiner(texts, [0] * len(texts), array("q", range(len(texts))), headings())
        return joiner.join

    linear(lambda work: characters(work) + lines(work), make, 150)


# Noise inside blocks


GLUED = [
    "AbaCda",  # borders within a word
    "tiga? Empat ",
    "Baca juga: ",
    "[Gambas:x]",
    "(ab/cd)",
    '"A',
    "ADVERTISEMENT ",
    "<b>Baca juga: <a href='/x'>Jalan</a></b><br>",
]


def numbers(model: SpanModel, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], int]:
    """Return what counts the words and pieces that are described while something is done."""

    def measure(work: Callable[[], object]) -> int:
        seen = 0

        def counted(plain: Callable[..., Any], size: Callable[[Any], int]) -> Callable[..., Any]:
            def call(*args: Any) -> Any:
                nonlocal seen
                result = plain(*args)
                seen += size(result)
                return result

            return call

        with monkeypatch.context() as patch:
            patch.setattr(finder, "describe_gaps", counted(finder.describe_gaps, lambda gaps: gaps.X.size))
            patch.setattr(finder, "describe_pieces", counted(finder.describe_pieces, lambda found: found.X.size))
            work()
        return seen

    return measure


@pytest.mark.parametrize("piece", GLUED)
def test_noise_in_a_block_is_sought_in_proportion(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = untrained_finder()

    def make(n: int) -> Callable[[], object]:
        text = "Warga datang. " + piece * n + " itu."
        return lambda: finder.find_spans(model, [[(0, text)]])

    linear(lines, make, 2000)
    linear(numbers(model, monkeypatch), make, 2000)


def test_what_is_described_at_once_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    plain = finder.tokenise
    monkeypatch.setattr(finder, "tokenise", lambda texts: (sizes.append(sum(map(len, texts))), plain(texts))[1])
    monkeypatch.setattr(finder, "MOST_CHARS", 1000)
    finder.find_spans(untrained_finder(), [[(0, "Baca juga: Jalan " * 2000)], [(0, "Iklan." * 500)], [(0, "x" * 5000)]])
    assert len(sizes) > 30
    assert max(sizes) <= 1000


@pytest.mark.parametrize(
    "piece", ["<b>", "</b>", "<b", "<br>", "<a href='", "< b >", "<b>x</b>", "&amp;<i>", "<a x=1>"]
)
def test_leftover_tags_are_stripped_in_proportion(piece: str) -> None:
    def make(n: int) -> Callable[[], object]:
        text = Counted("Warga datang. " + piece * n)
        return lambda: strip_leftovers(text)

    linear(lambda work: characters(work) + lines(work), make, 400)


# XPaths


class Element(etree.ElementBase):
    """An element that counts the siblings that are looked at."""

    looked_at = 0

    def itersiblings(self, *args: Any, **kwargs: Any) -> Any:
        for sibling in super().itersiblings(*args, **kwargs):
            Element.looked_at += 1
            yield sibling

    def iterchildren(self, *args: Any, **kwargs: Any) -> Any:
        for child in super().iterchildren(*args, **kwargs):
            Element.looked_at += 1
            yield child

    def __iter__(self) -> Any:
        return self.iterchildren()


@pytest.mark.parametrize(
    "piece", ["<amp-img><p>a</p></amp-img>", "<a'\"b>a<p>b</p></a'\"b>", "<o:p>a</o:p>b<hr>", "<p>a</p>b"]
)
def test_siblings_are_counted_once(piece):
    def make(n):
        parser = etree.HTMLParser()
        parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=Element))
        root = etree.fromstring(f"<div>{piece * n}</div>", parser)

        def work():
            Element.looked_at = 0
            page = segment(root, nodes=True)
            paths = XPaths(page)
            for i in range(len(page)):
                paths.of(i)

        return work

    def siblings(work):
        work()
        return Element.looked_at + 1

    linear(siblings, make, 100)


def test_paths_of_deep_blocks_cost_their_depth_once():
    def work(depth):
        page = segment(parse("<div>" * depth + "<p>a</p>b" * 300), nodes=True)
        return lines(lambda: list(map(XPaths(page).of, range(len(page)))))

    assert work(1_000) < work(10) + 60_000 < 100_000  # 900,000 where each path is walked


@pytest.mark.parametrize(
    "tag",
    [
        "a:b",
        "o:p",
        "a:b:c",
        "html:p",
        "x\x01",
        "x\x7f",
        "p\x0b",
        'h1"x',
        "h1'x",
        "h1'\"x",
        "a&b",
        "xé",
        "x\u200b",
        "x😀",
    ],
)
def test_paths_find_blocks_in_elements_of_any_name(tag):
    root = parse(f"<div><{tag}>satu</{tag}><p>dua</p><{tag}>tiga<p>empat</p>lima</{tag}><hr><{tag}>enam</{tag}></div>")
    page = segment(root, nodes=True)
    assert " ".join(page.texts).split() == ["satu", "dua", "tiga", "empat", "lima", "enam"]
    for i, text in enumerate(page.texts):
        found = root.getroottree().xpath(XPaths(page).of(i))
        assert "".join(node if isinstance(node, str) else node.text for node in found).strip() == text


# Memory


def peak(work: Callable[[], object]) -> int:
    """Most memory that Python's objects take while something is done."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("piece", [b"\xe9", b"kata\xe9 ", b"\xe9\n", b"\xe2\x82\xac\xff"])
def test_decoding_takes_memory_in_proportion(piece):
    data = piece * (2**21 // len(piece))
    assert peak(lambda: reading.to_utf8(data)) <= 10 * len(data)


@pytest.mark.parametrize("line", ["Ab {}.\n", ", a\n", "kata {}\n\n"])
def test_lines_of_text_take_little_memory(line):
    text = "".join(line.format(i) for i in range(20_000))
    assert peak(lambda: segment_text(text)) <= 160 * 20_000


# Attributes


def attributes(n: int, style: str = 'a{}="1"') -> str:
    return " ".join(style.format(i) for i in range(n))


@pytest.mark.parametrize("style", ["a{}", "a{}=1", 'a{}="x > y"', "a{}='<p b=\"c\">'", 'a{}\n=\n"\'"', "a{}=/"])
@pytest.mark.parametrize("end", [">", " >", "/>", "\n/>"])
def test_attributes_beyond_a_thousand_are_cut_off(style, end):
    def page(n):
        return f"<p title='a>b'>satu<div {attributes(n, style)}{end}dua</div><p>tiga</p>"

    many, few = parse(page(3_000)), parse(page(10))
    assert max(len(element.attrib) for element in many.iter()) == mend.MAX_ATTRIBUTES
    assert segment(many).texts == segment(few).texts
    assert [element.tag for element in many.iter()] == [element.tag for element in few.iter()]


@pytest.mark.parametrize(
    "page",
    [
        f"<p {attributes(900)}>satu</p>" * 3,
        f"<!-- <p {attributes(1100)}> --><p>satu",
        f"<script>'<p {attributes(1100)}>'</script><p>satu",
        f"<p {attributes(1100)}",
        f"<p title='{attributes(1100)}'>satu",
        f'<p title="{attributes(1100, "a{}")}>satu',
        "<p " + "x" * 100_000 + "=" + "y" * 100_000 + ">satu",
    ],
)
def test_other_pages_keep_all(page):
    assert mend.mend(page.encode()) == page.encode()


@pytest.mark.skipif(not mend._LIKE_BROWSERS, reason="the parser takes for tags what browsers do not")
@pytest.mark.parametrize("tag", ["title", "textarea", "xmp", "iframe"])
def test_tags_within_text_are_left_alone(tag):
    page = f"<{tag}><p {attributes(1100)}></{tag}><p {attributes(1100)}>satu".encode()
    assert mend.mend(page).startswith(page[: page.rindex(b"a1000")].rstrip())
    assert mend.mend(page).endswith(b'a999="1">satu')


@pytest.mark.parametrize(
    "piece",
    [
        "<p " + "a " * 300 + ">",
        "<a b='",
        '<a b="x>',
        "<a ",
        "<!--",
        "<script>",
        "</p ='",
        "<",
        "<p =",
        "<title><b a='",
        "<svg><style>",
        "<math><div></i><style></math>",
        "<svg><g><a></b><svg><title><u><video>",
    ],
)
def test_tags_are_scanned_in_proportion(piece, monkeypatch):
    monkeypatch.setattr(mend, "_scan", original("boilerplate.segment._scan"))
    linear(lines, lambda n: lambda: mend.mend(piece.encode() * n), 100)


# Text that browsers show


SHOWN = [
    ("<p>a</html/><p>b", ["a", "b"]),
    ("<p>a</HTML x><p>b", ["a", "b"]),
    ("<p>a</html x='>'><p>b", ["a", "b"]),
    ("<p>a</html\n><p>b</html/>c</html>d", ["a", "bcd"]),
    ("<p>a</htmlx>b", ["ab"]),
    ("<p>a</html><!-- x --><p>b</html x>", ["a", "b"]),
    ("<textarea>a</html>b</textarea><p>c</html>d", ["a</html>b", "cd"]),
    ("<title>a</html>b</title><p>c", ["c"]),
    ("<!-- </html> --><p>c", ["c"]),
    ("<script>'</html>'</script><p>c</html><p>d", ["c", "d"]),
    ("<p title='</html>'>c</p></html>d", ["c", "d"]),
    ("<p>a</p><svg><path d='M0'><p>b</p><p>c", ["a", "b", "c"]),
    ("<p>a</p><svg><g><path/><text>x</text><div>b</div>c</g>d</svg>e", ["a", "b", "cde"]),
    ("<svg><text>x</text></svg>a<svg><desc>y</desc></svg>b", ["ab"]),
    ("<svg><span>a</span>b</svg>c", ["abc"]),
    ("<svg><font color=red>a</font>b</svg>c", ["abc"]),
    ("<svg><font>a</font>b</svg>c", ["c"]),
    ("<svg><ruby>a</ruby>", ["a"]),
    ("<svg><svg><g><h1>a</h1></g>b", ["a", "b"]),
    ("<div><svg><g></div>a<p>b", ["a", "b"]),
    ("<svg><a><p>a</p>b</a></svg>c<svg><text>x</text></svg>d", ["a", "bcd"]),
    ("<math><mi>a</mi><p>b</p>c", ["a", "b", "c"]),
    ("<math>a</math>b", ["ab"]),
    ("a<</html>b", ["a<b"]),
    ("<i</html>a", ["a"]),
    ("<html/>a", ["a"]),
    ("a</body><html />b", ["a", "b"]),
    ("<noscript><div></noscript>a", ["a"]),
    ("<noscript><iframe></noscript>a", ["a"]),
    ("<noscript><!-- </noscript>a", ["a"]),
    ("<noscript><img alt='</noscript>a<noscript>b</noscript>c", ["ac"]),
    ("<!-- <noscript> -->a<script>'<noscript>'</script>b<noscript><i>c</i></noscript>", ["ab"]),
    ("<math><title></math>a", ["a"]),
    ("<math><style><s>a", ["a"]),
    ("<svg><style></svg>a", ["a"]),
    ("<svg><xmp><p>a", ["a"]),
    ("<svg><style>a</style></svg>b<script>c<p></script>d", ["bd"]),
    ("<svg>a<p>b<script>c<i></script>d", ["bd"]),
    ("<p><video>a<p>b", ["b"]),
    ("<p><i><video>a<source><div>b</div>c</video>d", ["b", "cd"]),
    ("<div><video>a<p>b</p></video>c</div>", ["c"]),
    ("<p><object><p>a</p></object>b", ["b"]),
    ("<p><section><video><p>a</p></video>b", ["b"]),
    ("<li><datalist><li>a", ["a"]),
    ("<li><datalist><ul><li>a</ul></datalist>b", ["b"]),
    ("<dt><canvas><dd>a", ["a"]),
    ("<a><audio>a<a>b", ["b"]),
    ("<table><td><video><td>a</table>b", ["a", "b"]),
    ("<canvas><tr></canvas>a", ["a"]),
    ("<object><div></object>a", ["a"]),
    ("<div><svg></div><script>a<b></script>c", ["c"]),
    ("<svg><g><style></g><title></svg>a", ["a"]),
    ("<iframe/>a</html>b", ["ab"]),
    ("<video><table><td>a</table></video>b", ["b"]),
    ("<math></body><noscript><b>a", ["a"]),
    ("<math></textarea><title><b>a", ["a"]),
    ("<math><svg></svg><iframe><b>a", ["a"]),
    ("<math><svg></math><textarea><d", ["<d"]),
    ("<math><annotation-xml><noembed><p>a", ["a"]),
    ("<math><annotation-xml encoding='text/html'><textarea><p>a</textarea>", ["<p>a"]),
    ("<dd><math><annotation-xml></dd><style><p>a", ["a"]),
    ("<div><math></div><script><p>a</script>b", ["b"]),
    ("<form><math></form><style><p>a", ["a"]),
    ("<math><g title='>'><!-- </math> --><style>a", ["a"]),
    ("<svg><font><style>a</font></svg><svg><font size=1><style>b</style>c", ["c"]),
    ("<math><title><title></math>a", ["a"]),
    ("<math><audio><mi>a</audio></math><audio>b</audio>", ["a"]),
    ("<math><canvas>a<template>b</math>c", ["abc"]),
    ("<textarea a='<>' /><x", ["<x"]),
    ("<svg><title/></svg>a<textarea/>b<p></textarea>c", ["a", "b<p>", "c"]),
]


@pytest.mark.parametrize(("page", "expected"), SHOWN)
@pytest.mark.parametrize("nodes", [False, True])
def test_text_that_browsers_show_is_kept(page, expected, nodes):
    assert segment(parse(page), nodes=nodes).texts == expected


def test_the_title_keeps_what_looks_like_an_end():
    assert segment(parse("<title>a</html>b</title><p>c")).title == "a</html>b"


@pytest.mark.parametrize(
    "html",
    ["<svg></svg><svg><i></i><g>x<i>y</i><h2>a</h2>b", "<video>x</video><p><video><i>x</i><i>y<p>a</p>b</video>c"],
)
def test_xpaths_count_the_hidden_siblings_of_what_is_on_the_way_out(html):
    page = segment(parse(html), nodes=True)
    assert page.texts
    for i, text in enumerate(page.texts):
        found = page.nodes[0].getroottree().xpath(XPaths(page).of(i))
        assert "".join(node if isinstance(node, str) else node.text for node in found).strip() == text


def test_elements_on_the_way_out_of_a_picture_hold_the_blocks():
    page = segment(parse("<div><svg class=k><g id=i>x<p>a</p>b</g></svg></div>"), nodes=True)
    assert [node.tag for node in page.nodes] == ["html", "body", "div", "svg", "g", "p"]
    assert page.attrs[3:5] == ["k", "#i"]
    assert (page.starts[4], page.ends[4]) == (0, 2)
    for i in range(2):
        found = page.nodes[0].getroottree().xpath(XPaths(page).of(i))
        assert "".join(node if isinstance(node, str) else node.text for node in found).strip() == page.texts[i]


@pytest.mark.parametrize(
    "page", [page for page, _ in SHOWN if "<text>" not in page and "<desc>" not in page and "<iframe/>" not in page]
)
def test_what_html5lib_shows_is_in_a_block(page):
    html5lib = pytest.importorskip("html5lib")
    body = html5lib.parse(page, namespaceHTMLElements=False, scripting=True).find("body")

    def shown(element):
        if not isinstance(element.tag, str) or element.tag in ("script", "noscript", "style"):
            return ""
        if element.tag in ("audio", "canvas", "datalist", "object", "video") or element.tag.endswith("}svg"):
            return ""
        return (element.text or "") + "".join(shown(child) + (child.tail or "") for child in element)

    text = "".join(segment(parse(page)).texts)
    assert "".join(text.split()) == "".join(shown(body).split())
