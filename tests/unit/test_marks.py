"""Initials and attributions of embeds: kept or cut as one wants them."""

from __future__ import annotations

import numpy as np
import pytest

from boilerplate import Cleaner
from boilerplate.document import Span
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.segment.page import TextPage
from boilerplate.select.marks import Marks, attribution_from, initials_from
from boilerplate.select.selection import Selection

FIRST = (
    "Warga menanam kembali ribuan bibit bakau di sepanjang pantai yang rusak diterjang ombak besar bulan lalu, dan "
    "pemerintah kabupaten menyediakan bibit dan alat, sedangkan mereka menyumbang tenaga dan waktu mereka sendiri."
)
LAST = "Kegiatan itu akan dilanjutkan setiap pekan sampai seluruh garis pantai di kabupaten itu hijau kembali."


def selection(blocks: list[tuple[str, Label]], **marks: bool) -> Selection:
    texts = [text for text, _ in blocks]
    P = np.full((len(texts), len(LABELS)), 0.001)
    P[np.arange(len(texts)), [INDEX[label] for _, label in blocks]] = 0.993
    words = np.array([len(text.split()) for text in texts])
    page = TextPage(texts, "Bakau")
    return Selection(page, P, words, 0.0, Marks(**marks))


@pytest.mark.parametrize("end", [" (rin/dew)", " (dew)", "(abc/DEF)", " [rin|dew]", " (ab/cd/ef).", " (rin / dew)"])
def test_initials_that_share_the_last_paragraph(end: str) -> None:
    blocks = [(FIRST, Label.BODY), (LAST + end, Label.BODY), ("Bakau", Label.META)]
    assert selection(blocks).paragraphs == [FIRST, LAST + end]
    assert selection(blocks, initials=True).paragraphs == [FIRST, LAST + end]
    dropped = selection(blocks, initials=False)
    assert dropped.paragraphs == [FIRST, LAST]
    assert [span.label for span in dropped.spans[1]] == [Label.META]


@pytest.mark.parametrize("end", [" (2019)", " (Jakarta)", " (lima orang)", " dan (dew) itu", " (WHO)", " (abcdefgh)"])
def test_other_brackets_are_no_initials(end: str) -> None:
    assert initials_from(LAST + end) == -1


def test_initials_on_a_line_of_their_own() -> None:
    blocks = [(FIRST, Label.BODY), (LAST, Label.BODY), ("(rin/dew)", Label.META), ("(abc)", Label.META)]
    assert selection(blocks).paragraphs == selection(blocks, initials=False).paragraphs == [FIRST, LAST]
    assert selection(blocks, initials=True).paragraphs == [FIRST, LAST, "(rin/dew)"]
    kept = [(FIRST, Label.BODY), (LAST, Label.BODY), ("(rin/dew)", Label.BODY)]
    assert selection(kept, initials=False).paragraphs == [FIRST, LAST]


def test_what_the_finder_cut_out_is_kept_if_wanted() -> None:
    text = f"{LAST} (rin/dew)"
    found = {1: (Span(0, 8, Label.AD), Span(len(LAST) + 1, len(text), Label.META))}
    for initials, want in ((True, f"{LAST[9:]} (rin/dew)"), (False, LAST[9:])):
        chosen = selection([(FIRST, Label.BODY), (text, Label.BODY)], initials=initials)
        chosen.set_spans(dict(found))
        assert chosen.paragraphs == [FIRST, want]


@pytest.mark.parametrize(
    "line",
    [
        "A post shared by Kabar Uji (@kabaruji) on Jan 2, 2020 at 1:00am PST",
        "Sebuah kiriman dibagikan oleh Kabar Uji (@kabaruji)",
        "— Kabar Uji (@kabaruji) January 2, 2020",
        "– Kabar Uji (@kabaruji) 2 Januari 2020",
    ],
)
def test_attributions(line: str) -> None:
    caption = f"Bibit pertama sudah ditanam pagi ini. {line}"
    blocks = [(FIRST, Label.BODY), (caption, Label.BODY), (line, Label.CHROME), (LAST, Label.BODY), (line, Label.BODY)]
    assert selection(blocks).paragraphs == [FIRST, caption, LAST, line]
    assert selection(blocks, attributions=True).paragraphs == [FIRST, caption, line, LAST, line]
    assert selection(blocks, attributions=False).paragraphs == [FIRST, "Bibit pertama sudah ditanam pagi ini.", LAST]


@pytest.mark.parametrize(
    "text", ["Foto itu dibagikan oleh Rani di akunnya.", f"A post shared by Rani. {FIRST * 4}", "— kata Rani", ""]
)
def test_other_texts_are_no_attributions(text: str) -> None:
    assert attribution_from(text) == -1


def test_an_attribution_far_from_the_story_stays_out() -> None:
    line = "A post shared by Kabar Uji (@kabaruji)"
    blocks = [(FIRST, Label.BODY), (LAST, Label.BODY), ("Iklan", Label.AD), (line, Label.CHROME)]
    assert selection(blocks, attributions=True).paragraphs == [FIRST, LAST]
    assert selection([(line, Label.CHROME)], attributions=True).paragraphs == []


def test_a_cleaner_takes_them_along_to_processes() -> None:
    import pickle

    cleaner = Cleaner(initials=False, attributions=True)
    assert repr(pickle.loads(pickle.dumps(cleaner))) == repr(cleaner)
    assert "initials=False, attributions=True" in repr(cleaner)
    page = "".join(f"<p>{FIRST} {FIRST}</p>" for _ in range(3)) + f"<p>{LAST} (rin/dew)</p>"
    page = f"<html><body><h1>Bakau</h1><div class=isi>{page}</div></body></html>"
    texts = [Cleaner(initials=wanted).clean(page) for wanted in (True, False)]
    assert [text.endswith("(rin/dew)") for text in texts] == [True, False]
    assert LAST in texts[1]
    assert next(cleaner.clean_many([page], n_jobs=2)).text == texts[1]
