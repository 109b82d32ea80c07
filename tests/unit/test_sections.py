"""Which heading governs which blocks: lists, tabs, controls, and where a section ends."""

from __future__ import annotations

import numpy as np
import pytest

from boilerplate.features.html import Describer, names
from boilerplate.features.lookup import lexicon
from boilerplate.features.wording import describe_texts
from boilerplate.segment.html import parse, segment

STORY = "".join(
    f"<p>Warga desa ke-{i} itu menanam kembali ribuan bibit bakau di sepanjang pantai yang rusak diterjang ombak.</p>"
    for i in range(12)
)
A = ("Jembatan gantung di hulu selesai dibangun", "Harga cabai turun jelang akhir pekan", "Pelajar juara lomba sains")
B = ("Nelayan pulang membawa ikan lebih banyak", "Pasar lama dibuka lagi oleh wali kota", "Sungai dikeruk warga")


def listed(titles: tuple[str, ...], extra: str = "") -> str:
    return f"<ul>{''.join(f'<li><a href=/{i}>{t}</a>{extra}</li>' for i, t in enumerate(titles))}</ul>"


def governed(body: str) -> dict[str, str | None]:
    """The text of the heading that each text hangs on."""
    page = segment(parse(f"<html><body><div><h1>Warga menanam bakau</h1>{STORY}</div>{body}</body></html>"))
    heading = Describer().describe(page).heading
    return {t: page.texts[h] if h >= 0 else None for t, h in zip(page.texts, heading, strict=True)}


def hang(found: dict[str, str | None], texts: tuple[str, ...]) -> set[str | None]:
    return {found[text] for text in texts}


def test_a_heading_in_a_sibling_box_governs_the_list():
    found = governed(
        f"<div class=a><div class=t><span>Berita Terkait</span></div><div class=l>{listed(A)}</div></div>"
        f"<div class=b><div class=t><a href=/x>Terpopuler</a></div><div class=l>{listed(B)}</div></div>"
    )
    assert hang(found, A) == {"Berita Terkait"}
    assert hang(found, B) == {"Terpopuler"}


def test_headings_that_are_siblings_of_their_lists():
    found = governed(f"<div><h4>Terkini</h4>{listed(A)}<h4>Pilihan Editor</h4>{listed(B)}</div>")
    assert hang(found, A) == {"Terkini"}
    assert hang(found, B) == {"Pilihan Editor"}


def test_the_second_pane_hangs_on_the_second_tab():
    found = governed(
        "<div><ul class=tabs><li><a href=#p>Terpopuler</a></li><li><a href=#t>Terkini</a></li></ul>"
        f"<div class=panes><div class=pane id=p>{listed(A)}</div><div class=pane id=t>{listed(B)}</div></div></div>"
    )
    assert hang(found, A) == {"Terpopuler"}
    assert hang(found, B) == {"Terkini"}


def test_headings_in_headings_alone_and_beside_another_page():
    boxes = [f"<section><h3>{kind}</h3>{listed(A)}</section>" for kind in ("Terkini", "Terpopuler", "Pilihan")]
    nested = [f"<article><h2>{channel}</h2>{''.join(boxes)}</article>" for channel in ("Bola", "Gaya", "Ragam")]
    sources = f"<main>{''.join(nested)}</main>", f"<main><h2>Berita Terkait</h2>{listed(B)}</main>"
    pages = [segment(parse(source)) for source in sources]
    alone, together = Describer().describe(pages[0]), Describer().describe_many(pages)
    X = alone.rows(0, len(alone))
    assert np.array_equal(X, together.rows(0, len(alone)))
    assert X[pages[0].texts.index("Terkini") + 1, names().index("outer_level")] == 2


@pytest.mark.parametrize("control", ["Advertisement", "Load more", "Beri Komentar", "Cari", "Suivant", "Anzeige"])
def test_controls_and_ad_marks_head_nothing(control):
    found = governed(f"<div><div><h3>Terkini</h3></div><div><span>{control}</span></div><div>{listed(A)}</div></div>")
    assert hang(found, A) == {"Terkini"}
    alone = governed(f"<div><span>{control}</span></div><div>{listed(A)}</div>")
    assert control not in hang(alone, A)


def test_a_section_ends_with_its_box():
    found = governed(f"<div><div><h3>Terkini</h3>{listed(A)}</div></div><div>{listed(B)}</div>")
    assert hang(found, A) == {"Terkini"}
    assert hang(found, B) == {None}


def test_dates_and_bylines_of_items_are_no_headings():
    found = governed(f"<div><h3>Berita Terkait</h3>{listed(A, '<div>1 jam lalu</div><div><b>Redaksi</b></div>')}</div>")
    assert hang(found, A) == {"Berita Terkait"}


def test_a_heading_with_a_subtitle_opens_the_box_around_both():
    found = governed(
        "<div><div class=head><h3>Kabar Pesisir</h3><p>Kumpulan kabar yang kami tulis dari tepi laut.</p></div>"
        f"<div class=cards>{listed(A)}</div></div>"
    )
    assert hang(found, A) == {"Kabar Pesisir"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("LO MAS LEIDO", "popular"),  # capitals go without accents
        ("Lo más leído", "popular"),
        ("Das könnte Sie auch interessieren", "picks"),
        ("Mehr zum Thema", "related"),
        ("Dernières actualités", "latest"),
        ("SON DAKİKA", "latest"),
        ("Читайте также", "related"),
        ("الأكثر قراءة", "popular"),
        ("संबंधित खबरें", "related"),
        ("Có thể bạn quan tâm", "picks"),
        ("ข่าวล่าสุด", "latest"),
        ("関連記事", "related"),
        ("많이 본 뉴스", "popular"),
        ("热门文章", "popular"),
        ("Abonnez-vous", "ad"),
        ("More from Coastal Weekly", "picks"),
        ("Laut dan Pesisir Terpopuler", "popular"),
    ],
)
def test_headings_of_many_languages(text, kind):
    known = describe_texts([text], lexicon())[0]
    assert known[names().index(f"head_{kind}")] == 1


@pytest.mark.parametrize(
    "text",
    [
        "Los vecinos de la costa plantaron miles de mangles para que la marea no se lleve las casas.",
        "Die Bewohner der Küste pflanzten Tausende Setzlinge, weil sich das Meer mit jedem Jahr nähert.",
        "Жители побережья посадили тысячи саженцев, потому что море с каждым годом подходит всё ближе к домам.",
        "村の人々は海岸に何千本もの苗木を植え、波から家々を守ろうとしている。",
    ],
)
def test_prose_of_many_languages_has_function_words(text):
    known = describe_texts([text], lexicon())[0]
    assert np.expm1(known[names().index("log_stops")]) >= 2
