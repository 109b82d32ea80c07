"""What blocks are described by: wording, echoes of other paragraphs, where the dateline stands."""

import numpy as np
import pytest

from boilerplate.features import wording
from boilerplate.features.html import Describer, names
from boilerplate.features.line_wording import LineWording
from boilerplate.features.lookup import lexicon
from boilerplate.segment.html import parse, segment

LEAD = (
    "Kabar Kota - Warga menanam seribu pohon mangrove di pesisir utara karena abrasi terus menggerus tambak dan "
    "jalan desa yang ada."
)
NEXT = (
    "Penanaman itu diikuti pelajar dan nelayan, yang mengaku sudah lama menunggu bantuan bibit dari dinas kehutanan "
    "setempat."
)


def flags(column: str, *texts: str) -> list[bool]:
    rows = wording.describe_texts(list(texts), lexicon())
    return [bool(value) for value in rows[:, wording.NAMES.index(column)]]


def columns(source: str, *wanted: str) -> dict[str, np.ndarray]:
    X = Describer().describe(segment(parse(source))).X
    return {name: X[:, names().index(name)] for name in wanted}


def test_texts_without_spaces_have_words_too():
    rows = wording.describe_texts(
        [
            "川辺町で新しい橋が完成し、住民らが祝った。",
            "강변 마을에 새 다리가 놓였다.",
            "Jembatan baru di tepi sungai selesai.",
        ],
        lexicon(),
    )
    words = np.expm1(rows[:, wording.NAMES.index("log_words")])
    assert words.round().tolist() == [10, 5, 6]  # two letters a word in Japanese; Korean and Indonesian part theirs


def test_sentences_end_in_other_scripts():
    assert (
        flags(
            "ends_sentence",
            "川辺町で新しい橋が完成した。",
            "नया पुल बनकर तैयार है।",
            "Jembatan selesai.",
            "هل اكتمل الجسر؟",
        )
        == [True] * 4
    )
    assert flags("ends_sentence", "川辺町で新しい橋が完成", "Jembatan selesai", "橋、") == [False] * 3


def test_pagers_are_counts_of_pages_alone():
    assert flags("pager", "2 dari 5 halaman", "1/6", "Halaman 2 dari 3", "3 of 12", "- 4 / 8 -") == [True] * 5
    assert flags("pager", "2 dari 5 warga mengungsi", "1/6/2024", "24", "5 halaman", "pukul 10/11 malam") == [False] * 5


def test_credits_stand_behind_captions():
    assert (
        flags("photo_credit", "Pemain merayakan gol. (c) AP Photo", "Warga antre. (ANTARA FOTO/Budi)", "Dok. Pribadi")
        == [True] * 3
    )
    assert flags("photo_credit", "Pemain merayakan gol.", "Warga antre air bersih") == [False] * 2


def test_quoted_speech_has_a_verb_of_saying():
    assert flags("said", '"Sehat selalu," tulis @bunda.', "“Kami siap,” ujarnya.") == [True] * 2
    assert flags("said", "Sehat selalu @bunda", '"Sehat selalu"', "Ia tulis surat.") == [False] * 3


def test_ages_are_not_told_in_sentences():
    assert (
        flags(
            "ago",
            "5 menit lalu",
            "Banjir surut - 2 jam yang lalu",
            "3 jam lalu Banjir surut di Demak",
            "kemarin",
            "2 hours ago",
            "News | Baru saja",
            "12h",
        )
        == [True] * 7
    )
    assert (
        flags(
            "ago",
            "Pangeran baru saja merayakan ulang tahun ayahnya.",
            "Ia pindah tiga tahun lalu.",
            "Warga yang kemarin mengungsi sudah pulang",
        )
        == [False] * 3
    )


def test_dates_in_many_ways_of_writing():
    dated = (
        "20/01/2024",
        "1.2.24",
        "12-11-2023 10:15",
        "Senin, 12 Agustus 2024",
        "3 Okt '23",
        "5th May 2021",
        "Mei 3, 2020",
        "2024-05-06",
        "Diperbarui 17 Mei",
    )
    assert flags("date", *dated) == [True] * len(dated)
    none = ("12 pemain 2024", "Skor 3-1 dan 2-0", "1/2 tahun 2024", "Rp 12.000.000", "Mei 2024 dan 3 orang")
    assert flags("date", *none) == [False] * len(none)


def test_datelines():
    assert (
        flags(
            "dateline",
            "Jakarta - Warga",
            "JAKARTA, KOMPAS.com - Warga",
            "Kabar.com, Bandung Warga",
            "Solo (ANTARA) - “Kami",
        )
        == [True] * 4
    )
    assert flags("dateline", "warga - Jakarta", "Warga menanam pohon", "Satu dua tiga - Empat") == [False] * 3


@pytest.mark.parametrize("text", ["A" * 5000 + "-", "A." * 3000 + "-", "Aa " * 3000 + "- x"])
def test_no_text_makes_datelines_slow(text):
    assert flags("dateline", text) == [False]  # with words read in more than one way this takes hours
    assert len(LineWording().rows([text])) == 1


def test_appeals_are_counted():
    at = wording.NAMES.index("log_appeals")
    rows = wording.describe_texts(
        ["Ikuti saluran WhatsApp kami, klik di sini", "Warga menanam pohon di pesisir"], lexicon()
    )
    assert rows[0, at] == pytest.approx(np.log1p(4))
    assert rows[1, at] == 0


def test_a_caption_that_says_what_the_lead_says_echoes_it_from_ahead():
    caption = LEAD.removeprefix("Kabar Kota - ")
    found = columns(f"<p>{caption}</p><p>{LEAD}</p><p>{NEXT}</p>", "echo_ahead", "echo_behind")
    assert found["echo_ahead"][0] == 1
    assert found["echo_behind"][0] == 0
    assert found["echo_behind"][1] > 0.8
    assert found["echo_ahead"][1] < 0.2
    assert found["echo_ahead"][2] == 0 == found["echo_behind"][2]


def test_echoes_stay_within_their_page():
    page = segment(parse(f"<p>{LEAD}</p>"))
    X = Describer().describe_many([page, page]).X
    at = [names().index("echo_ahead"), names().index("echo_behind")]
    assert not X[:, at].any()


def test_what_stands_above_the_dateline():
    found = columns(
        f"<h1>Mangrove</h1><p>Sebuah ringkasan</p><p>{LEAD}</p><p>{NEXT}</p>", "before_dateline", "dateline_distance"
    )
    assert found["before_dateline"].tolist() == [1, 1, 0, 0]
    assert np.sign(found["dateline_distance"]).tolist() == [-1, -1, 0, 1]


def test_a_dateline_far_down_opens_no_story():
    found = columns(f"{f'<p>{NEXT}</p>' * 5}<p>{LEAD}</p>", "before_dateline", "dateline_distance")
    assert not found["before_dateline"].any()
    assert not found["dateline_distance"].any()
