"""Labels, their names, and folding eight into four."""

import json

import pytest

from boilerplate.document import Block, Document, Span
from boilerplate.labels import FOLDINGS, INDEX, LABELS, Four, Label


def test_a_label_is_its_name():
    assert Label.BODY == "body"
    assert isinstance(Label.AD, str)
    assert f"{Label.RELATED}" == str(Label.RELATED) == "related"
    assert json.dumps([Label.META]) == '["meta"]'
    assert {Label.BODY: 1}["body"] == 1


@pytest.mark.parametrize(
    ("label", "title"),
    [
        (Label.BODY, "body"),
        (Label.RELATED, "Berita Terkait"),
        (Label.POPULAR, "Terpopuler"),
        (Label.AD, "ad"),
        (Label.LATEST, "Terkini"),
        (Label.PICKS, "Pilihan"),
        (Label.META, "meta"),
        (Label.CHROME, "chrome"),
    ],
)
def test_titles(label, title):
    assert label.title == title


def test_order_is_the_columns():
    assert [label.value for label in LABELS] == [
        "body",
        "related",
        "popular",
        "ad",
        "latest",
        "picks",
        "meta",
        "chrome",
    ]
    assert [INDEX[label] for label in LABELS] == list(range(8))


def test_parse():
    assert Label.parse("picks") is Label.PICKS
    with pytest.raises(ValueError, match=r"unknown label 'Berita Terkait'.*known: body, related"):
        Label.parse("Berita Terkait")


def test_foldings_are_total():
    for fold in FOLDINGS.values():
        assert set(fold) == set(LABELS)
    assert set(FOLDINGS["four"].values()) == set(Four)


def test_a_view_calls_nothing_what_it_is_not():
    four = FOLDINGS["four"]
    assert {label: four[label] for label in (Label.BODY, Label.RELATED, Label.POPULAR, Label.AD)} == {
        label: label for label in ("body", "related", "popular", "ad")
    }
    assert {four[label] for label in (Label.LATEST, Label.PICKS, Label.META, Label.CHROME)} == {Four.OTHER}
    assert [label.title for label in Four] == ["body", "Berita Terkait", "Terpopuler", "ad", "other"]
    assert f"{Four.OTHER}" == str(Four.OTHER) == "other"


def _document():
    p = dict(zip(LABELS, [0.05, 0.1, 0.05, 0.1, 0.4, 0.15, 0.05, 0.1], strict=True))
    block = Block(
        "Kabar lain",
        Label.LATEST,
        0.4,
        p,
        0,
        tag="li",
        kept=True,
        spans=(Span(0, 5, Label.META), Span(6, 10, Label.PICKS)),
        _locate=lambda: "/html/body/li",
    )
    return Document([block], "Kabar lain", "Judul", 0.4)


def test_relabel_sums_probabilities_and_keeps_blocks():
    document = _document()
    four = document.relabel("four")
    block = four.blocks[0]
    assert block.label is Four.OTHER
    assert list(block.probabilities) == list(Four)
    assert block.probabilities == pytest.approx(
        {"body": 0.05, "related": 0.1, "popular": 0.05, "ad": 0.1, "other": 0.7}
    )
    assert block.probability == pytest.approx(0.7)
    assert (block.text, block.index, block.tag, block.kept) == ("Kabar lain", 0, "li", True)
    assert block.xpath == "/html/body/li"
    assert [span.label for span in block.spans] == [Four.OTHER, Four.OTHER]
    assert (four.text, four.title, four.confidence) == ("Kabar lain", "Judul", 0.4)
    # The original is as it was.
    assert document.blocks[0].label == Label.LATEST
    assert document.blocks[0].spans[0].label == Label.META


def test_a_headline_and_a_menu_are_no_advertising():
    p = dict.fromkeys(LABELS, 0.0)
    blocks = [
        Block("Warga menanam bakau", Label.META, 1.0, {**p, Label.META: 1.0}, 0),
        Block("Beranda", Label.CHROME, 1.0, {**p, Label.CHROME: 1.0}, 1),
    ]
    for block in Document(blocks, "").relabel("four").blocks:
        assert block.label == "other"
        assert block.probability == block.probabilities[Four.OTHER] == 1.0
        assert block.probabilities[Four.AD] == 0.0
        assert block.to_dict()["label"] == "other"
        assert list(block.to_dict()["probabilities"]) == ["body", "related", "popular", "ad", "other"]


def test_a_folded_view_is_not_folded_again():
    with pytest.raises(ValueError, match="folded already"):
        _document().relabel("four").relabel("eight")


def test_relabel_eight_changes_nothing():
    document = _document()
    assert document.relabel("eight") == document


def test_relabel_unknown():
    with pytest.raises(ValueError, match=r"unknown folding 'two' \(known: eight, four\)"):
        _document().relabel("two")


def test_to_dict_is_plain():
    out = json.loads(json.dumps(_document().blocks[0].to_dict()))
    assert out["label"] == "latest"
    assert out["xpath"] == "/html/body/li"
    assert out["spans"] == [[0, 5, "meta", 1.0], [6, 10, "picks", 1.0]]
    assert Block("x", Label.AD, 1.0, {}, 0).xpath == ""
