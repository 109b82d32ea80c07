"""What the addresses of links tell of blocks."""

from __future__ import annotations

import numpy as np
import pytest

from boilerplate.compiled import original
from boilerplate.features.address import FIRST, HOST, KEY, NUMBERS, PATH, SCHEME, VALUE
from boilerplate.features.arrays import count_alike
from boilerplate.features.batch import make_batch
from boilerplate.features.html import Describer
from boilerplate.features.links import NAMES, describe_links
from boilerplate.segment.html import parse, segment
from boilerplate.segment.page import LONGEST_TARGET, HtmlPage

ADDRESS = original("boilerplate.features._address")
OWN = "https://www.kabar.co.id"
PAGE = f"""<link rel="canonical" href="{OWN}/bola/lain"><title>Kabar</title>
<p><a href="{OWN}/bola/2026/01/02/1234567-tim-kota-menang-lagi">Tim kota menang lagi</a></p>
<p><a href="{OWN}/bola">Bola</a></p>
<p><a href="https://foto.kabar.co.id/">Foto</a></p>
<p><a href="https://belanja.example/p?utm_source=kabar">Beli sepatu</a></p>
<p><a href="#atas">Ke atas</a></p>
<p><a href=" JavaScript:bagikan('pesan') ">Bagikan</a></p>
<p><a>Tanpa alamat</a></p>
<p>Warga datang sejak pagi, <a href="/tag/warga">tag warga</a> dan <a href="/lain">lainnya</a>.</p>
"""


def page_of(source: str) -> HtmlPage:
    return segment(parse(source))


def described(*pages: HtmlPage) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    page = make_batch(pages).page
    linked, found, words, blocks = describe_links(pages, page)
    columns = np.zeros((len(page), len(NAMES)), np.float32)
    columns[linked] = found
    return columns, words, blocks


def of_text(page: HtmlPage, columns: np.ndarray, text: str) -> dict[str, float]:
    number = page.texts.index(text)
    return {name: float(x) for name, x in zip(NAMES, columns[number], strict=True) if x}


def test_each_block_has_the_address_of_its_first_link() -> None:
    page = page_of(PAGE)
    assert len(page.targets) == len(page)
    assert page.targets[page.texts.index("Bola")] == f"{OWN}/bola".encode()
    assert page.targets[page.texts.index("Tanpa alamat")] == b""
    assert page.targets[-1] == b"/tag/warga"
    long = page_of(f"<a href='/{'é' * 400}'>x</a>")
    assert long.targets == [f"/{'é' * 400}".encode()[:LONGEST_TARGET]]


def test_columns_tell_teasers_sections_and_other_sites() -> None:
    page = page_of(PAGE)
    columns, _, _ = described(page)
    teaser = of_text(page, columns, "Tim kota menang lagi")
    assert teaser.keys() == {"href", "href_slug", "href_depth", "href_digits", "href_date", "href_section"}
    assert teaser["href_slug"] == pytest.approx(np.log1p(4))
    assert of_text(page, columns, "Bola").keys() == {"href", "href_slug", "href_depth", "href_section"}
    assert of_text(page, columns, "Foto").keys() == {"href", "href_subdomain", "href_home"}
    shop = of_text(page, columns, "Beli sepatu")
    assert {"href_external", "href_query", "href_tracked"} <= shop.keys()
    assert of_text(page, columns, "Ke atas") == of_text(page, columns, "Bagikan") == {"href": 1, "href_nowhere": 1}
    assert of_text(page, columns, "Tanpa alamat") == {}


def test_links_to_one_place_are_counted() -> None:
    links = [b"/tag/a", b"/tag/a/", b"/tag/b", b"https://kabar.example/x/"]
    page = page_of(
        '<link rel="canonical" href="https://kabar.example/x">'
        + "".join(f"<p><a href='{link.decode()}'>{i}</a></p>" for i, link in enumerate(links))
    )
    columns, _, _ = described(page, page_of("<p><a href='/tag/a'>0</a></p>"))
    assert columns[:, NAMES.index("href_again")].tolist() == pytest.approx([np.log1p(1), np.log1p(1), 0, 0, 0])
    assert columns[:, NAMES.index("href_self")].tolist() == [0, 0, 0, 1, 0]


def test_the_numbers_of_stories_tell_newer_from_older() -> None:
    paths = ["2026/1200100/baru", "1100000/lama", "1200000/ini", "99999/lain", "tag/bola"]
    page = page_of(
        '<link rel="canonical" href="https://kabar.example/read/1200000/x">'
        + "".join(f"<p><a href='/{path}'>{path}</a></p>" for path in paths)
    )
    columns, _, _ = described(page)
    newer, older, near = columns[:, [NAMES.index(f"href_{name}") for name in ("newer", "older", "near")]].T.tolist()
    assert newer == [1, 0, 0, 0, 0]
    assert older == [0, 1, 0, 0, 0]
    assert near[0] > near[1] > 0
    assert near[2:] == [0, 0, 0]
    assert ADDRESS.take_apart([b"/12345678901234567890/1", b"/1234"])[3].tolist() == [123456789012345678, 0]


def test_alike_are_those_of_one_page() -> None:
    assert count_alike(["a", "b", "a", "a", "b"], np.array([0, 0, 0, 1, 1])).tolist() == [1, 0, 1, 0, 0]
    assert count_alike([], np.zeros(0, int)).tolist() == []


def test_words_of_the_own_host_are_left_out() -> None:
    page = page_of(PAGE)
    _, words, blocks = described(page)
    section, shop = (words[blocks == page.texts.index(text)] for text in ("Bola", "Beli sepatu"))
    assert len(section) == 2  # the word, and that it comes first
    assert len(shop) > 4
    other = page_of('<p><a href="/bola">Bola</a></p>')
    np.testing.assert_array_equal(described(other)[1], section)


@pytest.mark.parametrize(
    ("head", "external"),
    [
        ("", ["Bagikan"]),
        ('<link rel="canonical" href="//m.kabar.example/x">', ["Bagikan"]),
        ('<meta property="og:url" content="https://warta.example">', ["Bagikan", "A", "B", "C"]),
        ('<link rel="canonical" href="/x">', ["Bagikan"]),
    ],
)
def test_the_own_host_is_what_the_page_says_or_most_links_name(head: str, external: list[str]) -> None:
    links = "".join(f"<p><a href='/berita/{i}'>Berita {i}</a></p>" for i in range(40))
    named = "".join(f"<p><a href='https://www.kabar.example/{x}'>{x}</a></p>" for x in "ABC")
    page = page_of(f"<head>{head}</head>{links}<p><a href='https://facebook.example/'>Bagikan</a></p>{named}")
    columns, _, _ = described(page)
    found = columns[:, NAMES.index("href_external")]
    assert [text for text, x in zip(page.texts, found.tolist(), strict=True) if x] == external


def test_a_page_that_never_names_its_host_has_none() -> None:
    page = page_of("<p><a href='/a'>A</a></p><p><a href='https://facebook.example/'>Bagikan</a></p>")
    columns, _, _ = described(page)
    assert of_text(page, columns, "Bagikan")["href_external"] == 1


def test_pages_are_described_alike_alone_and_together() -> None:
    pages = [page_of(PAGE), page_of("<p>Tanpa tautan</p>"), page_of(PAGE.replace("kabar", "warta")), page_of("")]
    columns, words, blocks = described(*pages)
    alone = [described(page) for page in pages]
    np.testing.assert_array_equal(columns, np.concatenate([found[0] for found in alone]))
    np.testing.assert_array_equal(words, np.concatenate([found[1] for found in alone]))
    at = np.cumsum([0, *map(len, pages[:-1])])
    np.testing.assert_array_equal(blocks, np.concatenate([b + n for (_, _, b), n in zip(alone, at, strict=True)]))
    assert Describer().describe_many(pages).tokens.links.tolist() == words.tolist()


def test_where_a_word_stands_is_hashed_with_it() -> None:
    address = b"https://shop.example/Promo/Sepatu?id_kota=jakarta&ref=box-atas"
    numbers, hosts, sites, ids, words, roles, bounds = ADDRESS.take_apart([address, b"mailto:a.bc@x.example", b""])
    assert roles[: bounds[1]].tolist() == [HOST, HOST, PATH, FIRST, PATH, KEY, KEY, KEY, VALUE, VALUE]
    assert set(roles[bounds[1] : bounds[2]].tolist()) == {SCHEME}
    assert len(set(words.tolist())) == len(words)
    assert dict(zip(NUMBERS, numbers[0].tolist(), strict=True)) == {
        "nowhere": 0,
        "slug": 1,
        "depth": 2,
        "digits": 0,
        "date": 0,
        "query": 1,
        "tracked": 1,
        "home": 0,
    }
    assert ids.tolist() == [0, 0, 0]
    assert (hosts[1:] == 0).all()
    assert (sites[1:] == 0).all()
    assert numbers[1].tolist() == [1] + [0] * 7 == numbers[2].tolist()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (b"//www.kabar.co.id/", b"//m.kabar.co.id:80", True),
        (b"//www.kabar.id/", b"//kabar.id", True),
        (b"//kabar.co.id/", b"//warta.co.id", False),
        (b"//a.kabar.com/", b"//b.warta.com", False),
    ],
)
def test_sites_are_what_somebody_registered(one: bytes, other: bytes, same: bool) -> None:
    _, hosts, sites, *_ = ADDRESS.take_apart([one, other])
    assert bool(sites[0] == sites[1]) is same
    assert hosts[0] != hosts[1]
