"""Texts as a page shows them: lines, hidden pieces, boxes in sentences, joiners; and what of it is kept."""

import numpy as np
import pytest

from boilerplate.compiled import original
from boilerplate.document import Span
from boilerplate.labels import Label
from boilerplate.segment.html import parse, segment
from boilerplate.segment.page import HtmlPage
from boilerplate.segment.style import BOXED, FLAT, FOLDED, GONE, KEPT_LINES, effects
from boilerplate.segment.text import segment_text
from boilerplate.select.assembly import join_blocks, remove_spans
from boilerplate.select.copies import cut_hidden, drop_copies
from boilerplate.select.verses import are_wrapped

PURE = original("boilerplate.segment._walk")

STORY = [
    "Nelayan di teluk itu menunda melaut sejak angin barat bertiup kencang pada awal pekan.",
    "Harga ikan kembung di pasar lelang naik dua kali lipat karena pasokan tinggal separuhnya.",
    "Pengurus koperasi membagikan beras kepada anggota yang perahunya masih tertambat di dermaga.",
    "Badan cuaca memperkirakan gelombang mereda pada akhir bulan dan kapal kecil bisa berlayar lagi.",
]


def cut(html):
    root = parse(html)
    page, pure = segment(root, nodes=True), HtmlPage()
    PURE.walk(root, pure, True)
    for name in ("texts", "breaks", "wraps", "hidden", "links", "link_chars", "strong_chars", "tags", "ends", "refs"):
        assert getattr(page, name) == getattr(pure, name), name
    return page


def text(html):
    """What is kept of a page whose blocks are all the story."""
    page = cut(html)
    kept, spans = np.ones(len(page), bool), {}
    drop_copies(page, kept, np.array([len(t.split()) for t in page.texts], float))
    cut_hidden(page, kept, spans)
    return "\n".join(join_blocks(page, kept, spans))


def paragraphs(texts):
    return "".join(f"<p>{t}</p>" for t in texts)


@pytest.mark.parametrize(
    ("style", "effect"),
    [
        ("display:none", GONE),
        ("color:red; DISPLAY : None !important", GONE),
        ("visibility:hidden", GONE),
        ("display:block", BOXED),
        ("display:inline", FLAT),
        ("display:table-cell", BOXED),
        ("display:inline-block", 0),
        ("white-space:pre-line;display:flex", KEPT_LINES | BOXED),
        ("white-space:nowrap", FOLDED),
        ("display:none;display:block", BOXED),
        ("x-display:none", 0),
        ("background:url(display:none)", 0),
    ],
)
def test_effects_of_styles(style, effect):
    assert effects(style) == effect


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ('<div><span style="display:block">Satu</span><span style="display:flex">dua</span>tiga</div>', 3),
        ('<div><b style="display:block">Judul kecil</b>Isinya menyusul.</div>', 2),
        ('<div>Air <div style="display:inline">sungai</div> surut.</div>', 1),
        ('<ul><li style="display:inline">Satu<li style="display:inline">Dua</ul>', 2),
        ('<a style="display:block">Satu</a><a style="display:block">dua tiga</a>', 2),
    ],
)
def test_styles_that_set_apart(html, blocks):
    assert len(cut(html).texts) == blocks


def test_a_link_set_apart_is_still_a_link():
    page = cut('<p>Kata<a href="x" style="display:block">tautan</a></p>')
    assert page.texts == ["Kata", "tautan"]
    assert list(page.links) == [0, 1]


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<p>Bank menahan <span><button><em>suku bunga</em></button></span> tahun ini.</p>", 1),
        ("<p><button>Inflasi</button> melandai bulan lalu.</p>", 1),
        ("<p>Menurut <button>BPS</button> Jawa Barat angka itu turun</p>", 1),
        ("<p>Kata <x-istilah>resesi</x-istilah>, ujarnya.</p>", 1),
        ("<p>Selesai sudah. <button>Bagikan</button> Komentar</p>", 3),
        ("<div><button>Simpan</button><button>Bagikan</button></div>", 2),
        ("<div>Kata <x-kotak><p>kotak</p></x-kotak> lain</div>", 3),
        ("<p>Kata<br><button>Bagikan</button> Lagi</p>", 3),
    ],
)
def test_boxes_in_sentences(html, blocks):
    assert len(cut(html).texts) == blocks


def test_hidden_pieces_are_noted_and_stay_in_their_block():
    page = cut("<p>Air <i hidden>x y</i> naik<b style='display:none'> z</b></p><p hidden=until-found>lain</p>")
    assert page.texts == ["Air x y naik z", "lain"]
    assert page.hidden == {0: [(4, 7), (13, 14)]}


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p><span style='display:none'>KODE 7</span>Air naik.</p>", "Air naik."),
        ("<p>Tang<span hidden>9</span>gul jebol.</p>", "Tanggul jebol."),
        (
            '<p><i class="material-icons">open_in_new</i>Peta <i aria-hidden="true">arrow_back</i> lama.</p>',
            "Peta lama.",
        ),
        ('<p>Naik <span aria-hidden="true">tajam</span> lagi.</p>', "Naik tajam lagi."),
        ("<p><ruby>山<rp>(</rp><rt>やま</rt><rp>)</rp></ruby>へ行く。</p>", "山へ行く。"),
    ],
)
def test_hidden_pieces_are_not_kept(html, kept):
    assert text(html) == kept


def test_a_closed_dialog_is_hidden():
    page = cut("<dialog><p>Setujui</p></dialog><dialog open><p>Pilih</p></dialog><dialog OPEN=false>Lagi</dialog>")
    assert page.hidden == {0: [(0, 7)]}


@pytest.mark.parametrize(
    "copy", ["<div hidden>{}</div>", "<div style='display: none'>{}</div>", "<div class=ponsel>{}</div>"]
)
def test_of_two_copies_one_is_kept(copy):
    assert text(paragraphs(STORY) + copy.format(paragraphs(STORY))) == "\n".join(STORY)


def test_the_copy_that_is_shown_is_kept():
    page = cut(f"<div hidden>{paragraphs(STORY)}<p>Hanya di ponsel.</p></div>{paragraphs(STORY)}")
    kept = np.ones(len(page), bool)
    drop_copies(page, kept, np.array([len(t.split()) for t in page.texts], float))
    assert kept.tolist() == [False] * 5 + [True] * 4


@pytest.mark.parametrize(
    "html",
    [
        f"<div hidden>{paragraphs(STORY)}</div>",
        f"{paragraphs(STORY[:1])}<div style='display:none'>{paragraphs(STORY[1:])}</div>",
        f"<body style='visibility:hidden'>{paragraphs(STORY)}",
    ],
)
def test_a_hidden_story_without_a_copy_is_kept(html):
    assert text(html) == "\n".join(STORY)


def test_a_hidden_aside_is_not_kept():
    assert text(f"{paragraphs(STORY)}<div hidden><p>Ringkasan bagi mesin.</p></div>") == "\n".join(STORY)


def test_refrains_stay():
    refrain = "<p>Ombak pulang ke pantai</p><p>membawa kabar dari seberang</p><p>dan kita menunggu</p>"
    kept = text(f"{refrain}{paragraphs(STORY)}{refrain}").split("\n")
    assert kept.count("dan kita menunggu") == 2


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>Malam jatuh di dermaga<br>dan lampu kapal padam<br>satu demi satu</p>", 3),
        ("<pre>Lampu padam\n  satu demi satu\n\nlalu pagi</pre>", 3),
        ("<div style='white-space:pre-line'>Lampu padam\nsatu demi satu</div>", 2),
        ("<p>Lampu padam\nsatu demi satu</p>", 1),
        ("<pre style='white-space:normal'>Lampu padam\nsatu</pre>", 1),
        (f"<p>{STORY[0][:-1]}<br>dan {STORY[1].lower()}</p>", 1),
    ],
)
def test_lines_within_a_block(html, kept):
    shown = text(html)
    assert len(shown.split("\n")) == kept
    assert " ".join(shown.split()) == cut(html).texts[0]


def test_prose_wrapped_by_hand_is_joined():
    words = " ".join(STORY).lower().split()
    lines = [""]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > 64:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    joined = " ".join(lines)
    wraps = [sum(map(len, lines[: k + 1])) + k for k in range(len(lines) - 1)]
    assert {joined[at] for at in wraps} == {" "}
    assert are_wrapped(joined, wraps)
    assert not are_wrapped(joined[:120], [20, 41])


def test_cells_that_hold_blocks():
    table = "<table><tr><td><p>Dermaga Timur</p></td><td><div><p>Dua kapal.</p><p>Ramai.</p></div></td></tr>"
    assert text(f"{table}<tr><td>Barat</td><td>Sepi</td></tr></table>").split("\n") == [
        "Dermaga Timur | Dua kapal.",
        "Ramai.",
        "Barat | Sepi",
    ]


def test_columns_of_a_page_laid_out_as_a_table_are_no_cells():
    columns = (
        f"<table><tr><td><div>{'<p>Menu</p>' * 9}</div></td><td><div>{paragraphs(STORY * 3)}</div></td></tr></table>"
    )
    page = cut(columns)
    assert {page.cell(i) for i in range(len(page))} == {(-1, -1)}


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("\U0001f468\u200d\U0001f33e panen", "\U0001f468\u200d\U0001f33e panen"),
        ("می\u200cروم", "می\u200cروم"),
        ("\u200ckata\u200c \u200d lain\u200d", "kata lain"),
        ("ta\u200b\u200c\u200b\u200cta", "ta\u200cta"),
        ("me\u00adnge\u00adjar", "mengejar"),
        ("\u200f\u200ckata", "kata"),
    ],
)
def test_joiners_stay_between_what_is_seen(raw, seen):
    assert cut(f"<p>{raw}</p>").texts == [seen]
    assert cut(f"<p>{raw[:2]}<i>{raw[2:]}</i></p>").texts == [seen]
    assert segment_text(raw).texts == [seen]


def test_wbr_parts_no_word():
    assert cut("<p>tang<wbr>gung<wbr>jawab</p>").texts == ["tanggungjawab"]


@pytest.mark.parametrize(
    ("whole", "span", "left"),
    [
        ("sebexlum", (4, 5), "sebelum"),
        ("satu x dua", (5, 6), "satu dua"),
        ("Satu.xDua", (5, 6), "Satu. Dua"),
        ("satu x.", (5, 6), "satu ."),
        ("x", (0, 1), ""),
    ],
)
def test_spans_leave_words_as_they_were(whole, span, left):
    assert remove_spans(whole, (Span(*span, Label.CHROME),)) == left
