"""Texts with noise inside their lines, rendered for the span finder: every character keeps its label."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from helpers import PORTALS

from boilerplate.errors import DatasetError
from boilerplate.labels import INDEX, Label
from boilerplate.progress import NoProgress
from boilerplate.training.datasets import read_dataset
from boilerplate.training.gluing import STYLES, Glued, Part, glue, without_initials
from boilerplate.training.span_datasets import SpanText, label_text, read_span_texts, render_examples
from boilerplate.training.span_fitting import STEPS, fit_spans

BODY, RELATED, META, CHROME = (INDEX[x] for x in (Label.BODY, Label.RELATED, Label.META, Label.CHROME))
SENTENCES = [
    "Warga desa itu menanam kembali ribuan bibit bakau di sepanjang pantai.",
    "Kepala desa mengatakan kegiatan itu akan dilanjutkan setiap pekan.",
    "Pemerintah kabupaten menyediakan bibit dan alat.",
]


def part(text: str, label: int) -> Part:
    return Part(text, np.full(len(text), label, np.int8))


def page() -> list[Part | None]:
    story = [part(text, BODY) for text in SENTENCES]
    noise = [part(f"Judul Berita Lain Nomor {n} Hari Ini", RELATED) for n in ("Satu", "Dua")]
    return [story[0], None, noise[0], story[1], story[2], noise[1]]


def texts_by_label(glued: Glued, label: int) -> str:
    return "".join(
        ch
        for text, labels in zip(glued.texts, glued.labels, strict=True)
        for ch, k in zip(text, labels.tolist(), strict=True)
        if k == label and ch != " "
    )


@pytest.mark.parametrize("style", ["blank", "none", "mixed"])
def test_every_character_keeps_its_label(style: str) -> None:
    for seed in range(30):
        glued = glue(page(), "Warga Menanam Bakau - Kabar Uji", random.Random(seed), style)
        assert glued is not None
        (text,), (labels,), (borders,) = glued.texts, glued.labels, glued.borders
        assert len(text) == len(labels)
        assert texts_by_label(glued, BODY).replace(".", "") == "".join(SENTENCES).replace(".", "").replace(" ", "")
        changes = {i for i in range(1, len(text)) if labels[i] >= 0 and labels[i] != labels[i - 1] >= 0}
        assert changes <= borders
        assert 0 in borders


def test_paragraphs_and_blocks_have_lines_of_their_own() -> None:
    found = [glue(page(), "", random.Random(seed), "paragraphs") for seed in range(20)]
    assert max(len(glued.texts) for glued in found if glued is not None) > 1
    mixed = Part("Warga desa pulang. Baca juga: Jalan", np.array([BODY] * 18 + [RELATED] * 17, np.int8))
    glued = next(g for g in (glue([mixed], "", random.Random(seed), "block") for seed in range(9)) if g is not None)
    assert glued.texts == [mixed.text]


def test_a_page_without_a_story_gives_none() -> None:
    assert glue([part("Menu", CHROME), None], "", random.Random(0)) is None


def test_initials_at_the_end_are_the_articles() -> None:
    text = "Warga pulang. (abc/def)"
    labels = without_initials(text, np.full(len(text), BODY, np.int8))
    assert set(labels[:13].tolist()) == {BODY}
    assert set(labels[13:].tolist()) == {META}
    other = "Warga pulang (abc/def)"  # within the sentence
    assert set(without_initials(other, np.full(len(other), BODY, np.int8)).tolist()) == {BODY}


def test_renderings_are_the_same_every_time() -> None:
    examples = [e for e in read_dataset(PORTALS) if not e.index][:3]
    first, again = ([text.glued.texts for text in render_examples(examples, 1, 2)] for _ in range(2))
    assert first == again
    assert len(first) == 6
    assert {text.glued.style for text in render_examples(examples, 1, 2, ["none"])} == {"none"}


def test_spans_are_laid_over_folded_lines() -> None:
    text = "Warga  datang.\n\n<b>Baca juga: Jalan</b><br>\nMereka pulang."
    labels = np.full(len(text), BODY, np.int8)
    labels[text.index("<b>") : text.index("Mereka") - 1] = RELATED
    glued = label_text(text, labels)
    assert glued.texts == ["Warga datang.", "Baca juga: Jalan", "Mereka pulang."]
    assert texts_by_label(glued, RELATED) == "Bacajuga:Jalan"
    assert glued.borders == [{0}, {0}, {0}]


def test_span_texts_are_read(tmp_path: Path) -> None:
    record = {"doc": "a", "portal": "kabar.example", "text": "Warga datang. Iklan", "spans": [[14, 19, "ad"]]}
    (tmp_path / "spans.jsonl").write_text(json.dumps(record) + "\n")
    (found,) = read_span_texts(tmp_path)
    assert (found.portal, found.name) == ("kabar.example", "a")
    assert texts_by_label(found.glued, INDEX[Label.AD]) == "Iklan"
    assert found.glued.borders == [{0, 14}]
    assert read_span_texts(tmp_path, "html") == []
    assert read_span_texts(tmp_path / "none") == []


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ("x", "needs"),
        ([[0, 99, "ad"]], "stretch"),
        ([[0, 3, "news"]], "news"),
        ([[3, 3, "ad"]], "stretch"),
        ([5], "int"),
    ],
)
def test_a_line_that_is_no_span_text_is_named(tmp_path: Path, spans: object, message: str) -> None:
    (tmp_path / "spans.jsonl").write_text(json.dumps({"portal": "a", "text": "Warga datang.", "spans": spans}) + "\n")
    with pytest.raises(DatasetError, match=rf"spans.jsonl:1: .*{message}"):
        read_span_texts(tmp_path)


def test_the_finder_learns_from_few_portals_and_tells_its_steps() -> None:
    class Steps(NoProgress):
        count = 0

        def advance(self, fraction: float = 0.0) -> None:
            Steps.count += 1

    texts = [
        SpanText(glued, "kabar.example", str(seed))
        for seed in range(12)
        if (glued := glue(page(), "", random.Random(seed), STYLES[seed % 3])) is not None
    ]
    model = fit_spans(texts, progress=Steps())
    assert model is not None
    assert Steps.count == STEPS
    assert fit_spans([SpanText(Glued(["Warga pulang."], [np.zeros(13, np.int8)], [{0}]), "a", "b")]) is None
