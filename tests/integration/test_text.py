"""Plain texts: lines to blocks, halves joined, labels, glued noise. The documents are our own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from boilerplate import Cleaner, Label
from boilerplate.document import Span
from boilerplate.errors import DatasetError, ModelError
from boilerplate.features.text import LineDescriber
from boilerplate.features.text import names as line_names
from boilerplate.kinds import KINDS
from boilerplate.model.registry import DEFAULT, find, open_model
from boilerplate.segment.text import BULLET, BULLET_ALONE, NO_BULLET, segment_text
from boilerplate.select.assembly import remove_spans
from boilerplate.spans.finder import find_spans
from boilerplate.training.datasets import read_dataset
from boilerplate.training.preparation import prepare_many
from boilerplate.training.rendering import texts_of
from boilerplate.training.text_datasets import is_texts, line_words, read_lines, read_texts

HERE = Path(__file__).parents[2]
PAGES = HERE / "datasets" / "portals"

BODY = [
    (
        "Kabarkota.com - Pemerintah Kota Tanjung Sari akan membangun jembatan baru di atas Sungai Cilamaya pada "
        "Maret tahun depan, kata wali kota."
    ),
    (
        "Jembatan sepanjang 120 meter itu menggantikan jembatan lama yang rusak diterjang banjir pada akhir tahun "
        "lalu dan sampai kini ditutup."
    ),
    (
        '"Warga sudah terlalu lama memutar sejauh tujuh kilometer untuk mengantar anak ke sekolah," ujar Wali Kota '
        "Ratna Wulandari, Selasa (4/11)."
    ),
    (
        "Menurut Ratna, dana pembangunan sebesar Rp 32 miliar berasal dari anggaran kota dan bantuan provinsi yang "
        "cair pada bulan Januari."
    ),
    (
        "Pakar konstruksi dari Universitas Tanjung Sari, Bambang Hartono, menilai rancangan jembatan itu sudah "
        "memperhitungkan debit banjir tertinggi."
    ),
    (
        "Sementara itu, para pedagang di tepi sungai meminta agar pekerjaan tidak menutup jalan menuju pasar pada "
        "hari Minggu."
    ),
]
LISTS = {
    Label.RELATED: (
        "Berita Terkait",
        [
            "Jembatan Lama Cilamaya Ditutup, Warga Tanjung Sari Memutar Tujuh Kilometer",
            "Banjir Cilamaya Surut, Wali Kota Ratna Tinjau Jembatan Rusak",
            "Pedagang Tepi Sungai Minta Jalan Menuju Pasar Tetap Dibuka",
        ],
    ),
    Label.POPULAR: (
        "Terpopuler",
        [
            "Harga Cabai Tembus Rp 90 Ribu, Emak-emak Mulai Tanam Sendiri di Pekarangan",
            "Bintang Film Anindya Putri Umumkan Pertunangan, Begini Kisah Cintanya",
            "Kiper Muda Persikota Dilirik Klub Jepang Usai Tampil Gemilang",
            "Viral Kucing Oren Masuk Ruang Sidang, Hakim Sampai Tunda Putusan",
        ],
    ),
    Label.PICKS: (
        "Pilihan",
        [
            "Mengapa Harga Rumah di Pinggir Kota Tak Kunjung Turun",
            "Menyusuri Dapur Kue Tradisional yang Bertahan Tiga Generasi",
            "Cara Sederhana Merawat Tanaman Hias di Balkon Sempit",
        ],
    ),
    Label.LATEST: (
        "Terkini",
        [
            "Gempa Magnitudo 4,8 Guncang Pesisir Selatan, Tidak Berpotensi Tsunami",
            "Polisi Tangkap Pencuri Motor yang Beraksi di Sebelas Lokasi",
            "Rupiah Menguat Tipis Jelang Pengumuman Suku Bunga",
            "Hujan Deras Diperkirakan Turun Hingga Akhir Pekan",
        ],
    ),
}


def seedlike() -> tuple[str, list[str]]:
    """A document of the make of the project's first: a story, a `Baca Juga` line, four lists with bullets alone."""
    lines = [*BODY[:3], "Baca Juga: Jembatan Lama Cilamaya Ditutup Setelah Diterjang Banjir", *BODY[3:]]
    labels = ["body"] * 3 + ["related"] + ["body"] * 3
    for label, (heading, items) in LISTS.items():
        lines.append(heading)
        labels.append(label.value)
        for item in items:
            lines += [f"- {item}"] if label is Label.POPULAR else ["-", item]
            labels.append(label.value)
    return "\n".join(lines), labels


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    try:
        find(DEFAULT["text"])
    except ModelError:
        pytest.skip("the model for text is not trained")
    return Cleaner(DEFAULT["text"])


# --- lines to blocks


def test_every_line_is_a_block():
    page = segment_text("Satu baris.\r\n\r\n\nBaris  kedua\tpanjang.\n- butir\n")
    assert page.kind == "text"
    assert page.texts == ["Satu baris.", "Baris kedua panjang.", "- butir"]
    assert page.gaps == [0, 2, 0]
    assert page.bullets == [NO_BULLET, NO_BULLET, BULLET]
    assert page.lines == [(0, 1), (3, 4), (4, 5)]


def test_half_a_character_is_what_it_is_in_html():
    assert segment_text("a\ud800b\u00e9").texts == ["a?b\u00e9"]
    assert Cleaner().clean("a\ud800b") == Cleaner().clean(b"a?b")


@pytest.mark.parametrize("text", ["", "\n\n", " \t\n\u200b\n"])
def test_blank_text_has_no_blocks(text):
    assert len(segment_text(text)) == 0


@pytest.mark.parametrize("bullet", ["-", "•", "*", "–", "1."])
@pytest.mark.parametrize("blank", ["", "\n"])
def test_bullet_alone_belongs_to_the_item_after_it(bullet, blank):
    page = segment_text(f"Berita Terkait\n{bullet}\n{blank}Judul berita pertama\n{bullet}\n{blank}Judul berita kedua")
    assert page.texts == ["Berita Terkait", f"{bullet} Judul berita pertama", f"{bullet} Judul berita kedua"]
    assert page.bullets == [NO_BULLET, BULLET_ALONE, BULLET_ALONE]


def test_nothing_is_lost_between_text_and_blocks():
    text = "-\n-\n***\nJakarta\n-\nPara pemain\nTimnas\nakan berlatih di\nBandung\n, Jawa Barat.\n1.\n"
    assert "".join("".join(segment_text(text).texts).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (
            ["Para pemain akan dijamu", "Timnas Jepang", "pada laga terakhir di Osaka."],
            "Para pemain akan dijamu Timnas Jepang pada laga terakhir di Osaka.",
        ),
        (
            ["Pelaku mengirim", "e-mail", "permintaan bantuan kepada sejumlah pengusaha di kota itu."],
            "Pelaku mengirim e-mail permintaan bantuan kepada sejumlah pengusaha di kota itu.",
        ),
        (
            ["Keterangan itu dikutip dari", "Kabar Kota", ", Selasa (4/11)."],
            "Keterangan itu dikutip dari Kabar Kota, Selasa (4/11).",
        ),
        (
            ["Ratusan warga memprotes rencana yang diumumkan oleh", "Wali Kota Ratna."],
            "Ratusan warga memprotes rencana yang diumumkan oleh Wali Kota Ratna.",
        ),
        (
            [
                "Jakarta",
                "-",
                (
                    "Pemerintah mengumumkan rencana pembangunan jembatan baru yang akan mulai dikerjakan pada bulan "
                    "Maret tahun depan."
                ),
            ],
            (
                "Jakarta - Pemerintah mengumumkan rencana pembangunan jembatan baru yang akan mulai dikerjakan pada "
                "bulan Maret tahun depan."
            ),
        ),
        (
            ["Kota Blitar", "- Warga menanam seribu bakau di pantai yang rusak diterjang ombak besar bulan", "lalu."],
            "Kota Blitar - Warga menanam seribu bakau di pantai yang rusak diterjang ombak besar bulan lalu.",
        ),
    ],
)
def test_halves_of_a_sentence_are_joined(lines, joined):
    page = segment_text("\n".join(lines))
    assert page.texts == [joined]
    assert page.lines == [(0, len(lines))]


@pytest.mark.parametrize(
    "lines",
    [
        ["Pemerintah membangun jembatan baru di Cilamaya.", "iPhone terbaru dijual mulai pekan ini di seluruh toko."],
        ["(abc/def)", "jembatan baru", "wali kota", "banjir"],
        ["Warga memprotes rencana itu. (abc/def)", "jembatan baru", "wali kota", "banjir"],
        ["Jembatan Baru Cilamaya Dibangun Maret", "jembatan", "banjir cilamaya", "wali kota"],
        ["Terpopuler", "Harga cabai tembus Rp 90 ribu", "Kucing oren masuk ruang sidang"],
        ["Pilihan", "-", "Mengapa harga rumah tak kunjung turun", "Terkini"],
        [
            "Buah Naga",
            "- Dikupas, dipotong dadu, lalu direndam dalam air es selama dua jam sebelum disajikan bersama es",
            "- Gula",
        ],
        [
            "Terpopuler",
            "- Mengapa harga rumah di pinggir kota tak kunjung turun padahal bunga kredit sudah dipangkas bank",
        ],
        ["Baca juga:", "iPhone terbaru dijual mulai pekan ini"],
        ["Advertisement", "pada hari itu ia tidak datang ke kantor."],
        ["Sub judul tanpa titik", "Kalimat berikutnya dimulai dengan huruf besar."],
    ],
)
def test_lines_of_their_own_stay_apart(lines):
    assert len(segment_text("\n".join(lines))) >= len(lines) - lines.count("-")


def test_blank_lines_part_sentences_unless_they_stand_everywhere():
    assert len(segment_text("Para pemain akan\n\nberlatih di lapangan.")) == 2
    spaced = "\n\n".join(
        [
            "Kalimat pertama.",
            "Para pemain akan dijamu",
            "tim tamu pada laga terakhir.",
            "Kalimat ketiga.",
            "Kalimat keempat.",
        ]
    )
    assert "Para pemain akan dijamu tim tamu pada laga terakhir." in segment_text(spaced).texts


# --- features


def test_described_alone_or_together_is_the_same():
    texts = [seedlike()[0], "Satu baris saja.", BODY[0], "\n".join(BODY)]
    pages = [segment_text(text) for text in texts]
    together = LineDescriber().describe_many(pages)
    alone = [LineDescriber().describe(page) for page in pages]
    assert together.X.shape == (sum(map(len, pages)), len(line_names()))
    assert np.isfinite(together.X).all()
    np.testing.assert_allclose(together.X, np.concatenate([d.X for d in alone]), atol=1e-5)
    assert (together.starts <= np.arange(len(together))).all()
    assert (together.ends > np.arange(len(together))).all()
    assert list(together.page) == [i for i, page in enumerate(pages) for _ in page.texts]


def test_names_are_unique():
    assert len(set(KINDS["text"].feature_names())) == len(KINDS["text"].feature_names())


# --- cleaning


def test_document_like_the_seed_gives_exactly_its_article(cleaner):
    text, labels = seedlike()
    document = cleaner.label(text)
    assert [block.label.value for block in document.blocks] == labels
    assert document.text == "\n".join(BODY)
    assert cleaner.clean(text) == document.text
    assert all(block.tag == "" and block.xpath == "" and not block.spans for block in document.blocks)


def test_kind_is_told_by_itself_or_given(cleaner):
    text, _ = seedlike()
    assert cleaner.clean(text, kind="auto") == cleaner.clean(text, kind="text") == "\n".join(BODY)
    assert cleaner.clean(text.encode("utf-16"), kind="auto") == "\n".join(BODY)
    with pytest.raises(ModelError, match="html"):
        cleaner.clean(f"<p>{BODY[0]}</p>")


def test_joined_lines_come_out_as_one_paragraph(cleaner):
    lines = [*BODY]
    lines[1:2] = [
        "Jembatan sepanjang 120 meter itu menggantikan",
        "jembatan lama",
        "yang rusak diterjang banjir pada akhir tahun lalu dan sampai kini ditutup.",
    ]
    assert cleaner.clean("\n".join(lines)) == "\n".join(BODY)


def test_glued_noise_is_cut_and_told(cleaner):
    lead = "Baca Juga:Jembatan Lama Cilamaya Ditutup Usai Banjir"
    lines = [*BODY]
    lines[1] += lead
    lines[-1] += "(abc/def)jembatan barubanjir"
    document = cleaner.label("\n".join(lines))
    assert document.text == "\n".join(BODY)
    spans = [(block.text[s.start : s.end], s.label) for block in document.blocks for s in block.spans]
    assert spans == [(lead, Label.RELATED), ("(abc/def)jembatan barubanjir", Label.META)]


def test_batch_gives_what_single_calls_give(cleaner):
    text, _ = seedlike()
    texts = [
        text,
        "\n".join(BODY),
        "",
        "Terpopuler\nHarga Cabai Naik",
        *(f"{BODY[i]}\n{BODY[i - 1]}" for i in range(6)),
    ] * 9
    results = list(cleaner.clean_many(texts, kind="text"))
    assert [r.text for r in results] == [cleaner.clean(t, kind="text") for t in texts]
    assert [r.status for r in results[:4]] == ["ok", "ok", "empty", "empty"]


@pytest.mark.parametrize("text", ["", "\n", "x", "-", "-\n-", "a\n" * 3000, "." * 10_000, "\u2028\u2029\x0b"])
def test_odd_texts_do_not_trip_it(cleaner, text):
    cleaner.label(text, kind="text")


# --- glued noise


def spans_of(text: str, favour: float = 0.0) -> tuple[Span, ...]:
    """Noise that the shipped model finds in one line."""
    spans = open_model(DEFAULT["text"])[0].spans
    assert spans is not None
    return find_spans(spans, [[(0, text)]], favour)[0].get(0, ())


@pytest.mark.parametrize(
    ("text", "rest", "label"),
    [
        ("Jembatan itu rusak.Baca Juga:Jembatan Lama Cilamaya Ditutup Usai Banjir", "Jembatan itu rusak.", "related"),
        (
            (
                "Jembatan itu rusak. Baca juga: Wali Kota Tinjau Jembatan Rusak, Apa Katanya? Menurut dia, dana akan "
                "cair pada bulan Januari."
            ),
            "Jembatan itu rusak. Menurut dia, dana akan cair pada bulan Januari.",
            "related",
        ),
        (
            (
                "Jembatan itu rusak. Baca Juga: Wali Kota Tinjau Jembatan Rusak di CilamayaMenurut dia, dana akan "
                "cair pada bulan Januari."
            ),
            "Jembatan itu rusak. Menurut dia, dana akan cair pada bulan Januari.",
            "related",
        ),
        (
            (
                "Jembatan itu rusak. Baca juga: wali kota meninjau jembatan rusak Menurut dia, dana akan cair pada "
                "bulan Januari."
            ),
            "Jembatan itu rusak. Menurut dia, dana akan cair pada bulan Januari.",
            "related",
        ),
        (
            "Jembatan itu rusak. Baca Juga: Wali Kota Tinjau Jembatan Menurut dia, dana akan cair pada bulan Januari.",
            "Jembatan itu rusak. Menurut dia, dana akan cair pada bulan Januari.",
            "related",
        ),
        (
            "Jembatan itu rusak. ADVERTISEMENT Menurut dia, dana akan cair.",
            "Jembatan itu rusak. Menurut dia, dana akan cair.",
            "ad",
        ),
        ("Jembatan itu rusak. [Gambas:Instagram]", "Jembatan itu rusak.", "chrome"),
    ],
)
def test_glued_noise_is_found(text, rest, label):
    spans = spans_of(text)
    assert remove_spans(text, spans) == rest
    assert [span.label for span in spans] == [label]
    assert all(0.5 < span.probability <= 1 for span in spans)


@pytest.mark.parametrize(
    "text",
    [
        "Ia berkata bahwa warga suka baca juga: koran, majalah, dan buku yang dipinjam dari taman bacaan.",
        "Harga beras (medium/premium) naik dan iklan advertisement di televisi bertambah.",
        "Nilainya naik 10% (yoy) pada kuartal ketiga tahun ini",
        "Rumah Tahanan (Rutan) Kelas I menggelar lomba. Ketua Panitia Ratna Wulandari membuka acara itu.",
    ],
)
def test_sentences_stay_whole(text):
    assert spans_of(text) == ()


def test_favour_keeps_or_drops_doubtful_noise():
    text = "Jembatan itu rusak. Baca juga: Wali Kota Tinjau Jembatan Menurut dia, dana akan cair pada bulan Januari."
    assert spans_of(text, 40.0) == ()
    assert sum(s.end - s.start for s in spans_of(text, -40.0)) > sum(s.end - s.start for s in spans_of(text))


def test_a_story_in_one_line_comes_out_whole(cleaner):
    noise = [
        "ADVERTISEMENT SCROLL TO CONTINUE WITH CONTENT",
        "Baca juga: Jembatan Lama Cilamaya Ditutup Usai Banjir",
        "[Gambas:Video 20detik]",
    ]
    text = " ".join([BODY[0], noise[0], BODY[1], BODY[2], noise[1], *BODY[3:5], noise[2], BODY[5]])
    document = cleaner.label(text)
    assert document.text == " ".join(BODY)
    (block,) = document.blocks
    assert [block.text[s.start : s.end] for s in block.spans] == noise


def test_leftover_tags_go_and_line_breaks_stay(cleaner):
    lines = [*BODY]
    lines[1] = f"<b>Jembatan</b>{lines[1].removeprefix('Jembatan')}"
    lines[3] += "<br><br>"
    lines.insert(3, '<strong>Baca Juga: <a href="https://kabarkota.example/1">Jembatan Lama Ditutup</a></strong><br>')
    assert cleaner.clean("\n".join(lines)) == "\n".join(BODY)


# --- training texts


def test_renderings_carry_every_label_and_lose_no_word():
    example = next(e for e in read_dataset(PAGES) if not e.index)
    found = list(texts_of(example, 6))
    assert len(found) == 6
    assert len({tuple(lines.texts) for lines in found}) > 3
    again = list(texts_of(example, 6))
    assert [lines.texts for lines in found] == [lines.texts for lines in again]
    for lines in found:
        assert len(lines.texts) == len(lines.labels)
        page = segment_text("\n".join(lines.texts))
        words = line_words(lines, page)
        assert words.sum() == sum(
            len(t.split()) for t, label in zip(lines.texts, lines.labels, strict=True) if label >= 0
        )
        assert (words.sum(axis=1) > 0).all()
        assert words[:, 0].sum() > 50


def test_labelled_documents_are_read(tmp_path):
    text, labels = seedlike()
    page = segment_text(text)
    per_line = [label for label, (a, b) in zip(labels, page.lines, strict=True) for _ in range(a, b)]
    folder = tmp_path / "labelled"
    folder.mkdir()
    (folder / "index.tsv").write_text("001\tkabarkota.example\thttps://kabarkota.example/1\n", encoding="utf-8")
    (folder / "001.txt").write_text(text + "\n\nPilihan", encoding="utf-8")
    (folder / "001.labels").write_text("\n".join([*per_line, "-", "picks"]), encoding="utf-8")
    assert is_texts(tmp_path)
    assert not is_texts(PAGES)
    (example,) = read_texts(tmp_path)
    assert example.portal == "kabarkota.example"
    (prepared,) = prepare_many([example], 1, "text")
    assert prepared.texts[:3] == BODY[:3]
    assert prepared.body == "\n".join(BODY)
    (folder / "001.labels").write_text("\n".join(["news", *per_line[1:], "-", "picks"]), encoding="utf-8")
    with pytest.raises(DatasetError, match=r"001.labels:1: .*news"):
        read_lines(example)
    (folder / "001.labels").write_text("body", encoding="utf-8")
    with pytest.raises(DatasetError, match="no label"):
        read_lines(example)
    with pytest.raises(DatasetError, match="index.tsv"):
        read_texts(tmp_path / "none")


def test_document_to_dict_holds_spans(cleaner):
    lines = [*BODY[:-1], f"{BODY[-1]}Baca Juga:Jembatan Lama Cilamaya Ditutup Usai Banjir"]
    block = cleaner.label("\n".join(lines)).blocks[-1]
    assert json.loads(json.dumps(block.to_dict()))["spans"] == [
        [len(BODY[-1]), len(block.text), "related", round(block.spans[0].probability, 4)]
    ]
