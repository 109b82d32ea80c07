"""Noise inside blocks: words and borders, pieces and their features, the course through a block. Texts are our own."""

from __future__ import annotations

import numpy as np
import pytest

from boilerplate.document import Span
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.model.evidence import Table
from boilerplate.select.assembly import remove_spans
from boilerplate.spans import finder
from boilerplate.spans.borders import candidates, describe_gaps, describe_words, look_up
from boilerplate.spans.borders import names as border_names
from boilerplate.spans.decoding import noisy_runs
from boilerplate.spans.pieces import cut, describe_pieces
from boilerplate.spans.pieces import names as piece_names
from boilerplate.spans.signs import announced, suspicious
from boilerplate.spans.tokens import CAPITAL, CAPITALS, MARKS, NUMBER, SMALL, tokenise

BODY, RELATED, AD = INDEX[Label.BODY], INDEX[Label.RELATED], INDEX[Label.AD]
NOTHING = Table(np.zeros(0, np.uint64), np.zeros((0, len(LABELS)), np.int8))


def words_of(*texts: str) -> list[str]:
    tokens = tokenise(texts)
    return [texts[b][s:e] for b, s, e in zip(tokens.block, tokens.start, tokens.end, strict=True)]


# Words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hujan turun di kotaSelain itu", ["Hujan", "turun", "di", "kota", "Selain", "itu"]),
        ("rusak.Baca juga:Jalan", ["rusak.", "Baca", "juga:", "Jalan"]),
        ("pukul 10 WIBJakarta - Warga", ["pukul", "10", "WIB", "Jakarta", "-", "Warga"]),
        ("tahun 2020Warga", ["tahun", "2020", "Warga"]),
        ("cair.(abc/def)jembatan", ["cair.", "(abc/def)", "jembatan"]),
        ('cair."Kami senang," kata', ["cair.", '"Kami', 'senang,"', "kata"]),
        ('"Ya,"Kata dia', ['"Ya,"', "Kata", "dia"]),
        ("di sini[Gambas:Video]", ["di", "sini", "[Gambas:", "Video]"]),
        ("PT Suara.com dan d'Arta", ["PT", "Suara.com", "dan", "d'Arta"]),
    ],
)
def test_words_end_at_blanks_and_at_borders_without_one(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_words_are_told_by_shape_and_hash() -> None:
    tokens = tokenise(['baca BACA Baca: 24 55 "', "baca"])
    assert tokens.shape.tolist() == [SMALL, CAPITALS, CAPITAL, NUMBER, NUMBER, MARKS, SMALL]
    assert len(set(tokens.hashes[[0, 1, 2, 6]].tolist())) == 1
    assert tokens.hashes[3] == tokens.hashes[4] != tokens.hashes[0]
    assert tokens.bounds.tolist() == [0, 6, 7]
    assert tokens.start[6] == 0


def test_sentence_ends_are_hard_gaps_and_initials_are_not() -> None:
    tokens = tokenise(["Ia pergi. Warga datang. Dr. Ratna dan 2. Budi"])
    at, hard = candidates(tokens)
    kinds = dict(zip(at.tolist(), hard.tolist(), strict=True))
    assert kinds[2] is True
    assert kinds[4] is True
    assert kinds[5] is False  # Dr. Ratna
    assert kinds[8] is False  # 2. Budi
    assert 1 not in kinds
    assert 0 not in kinds


def test_straight_quotes_open_and_close() -> None:
    assert words_of('Ia berkata"Saya datang"Lalu pergi') == ["Ia", "berkata", '"Saya', 'datang"', "Lalu", "pergi"]


# Features


def test_features_have_the_columns_that_are_named() -> None:
    texts = ["Warga datang. Baca juga: Jalan Rusak Warga pulang.", "Satu.", "Dua baris. Tiga?"]
    words = describe_words(tokenise(texts), np.array([0, 0, 1]))
    gaps = describe_gaps(words, NOTHING, NOTHING)
    assert gaps.X.shape == (len(gaps.at), len(border_names()))
    pieces, probability = cut(words, gaps.at, gaps.hard, np.zeros(len(gaps.at), np.float32))
    features = describe_pieces(words, pieces, probability, NOTHING)
    assert features.X.shape[1] + 3 * len(LABELS) == len(piece_names())
    assert np.isfinite(features.X).all()
    assert np.isfinite(gaps.X).all()
    assert len(set(piece_names())) == len(piece_names())
    assert len(set(border_names())) == len(border_names())
    assert pieces.page.tolist() == sorted(pieces.page.tolist())


def test_a_page_is_described_alike_alone_and_beside_others() -> None:
    texts = ["Warga datang. Baca juga: Jalan Rusak Warga pulang.", "Dua baris. Tiga?"]
    both = describe_gaps(describe_words(tokenise(texts), np.array([0, 1])), NOTHING, NOTHING)
    alone = [describe_gaps(describe_words(tokenise([text]), np.array([0])), NOTHING, NOTHING) for text in texts]
    np.testing.assert_allclose(both.X, np.concatenate([gaps.X for gaps in alone]), atol=1e-5)


def test_pieces_of_a_page_are_described_alike_alone_and_beside_others() -> None:
    texts = ["Warga datang. Jalan rusak. Warga pulang.", "Dua baris? Tiga.", "Empat baris. Lima orang. Enam."]

    def described(numbers: list[int]) -> np.ndarray:
        words = describe_words(tokenise([texts[i] for i in numbers]), np.arange(len(numbers)))
        gaps = describe_gaps(words, NOTHING, NOTHING)
        pieces, border = cut(words, gaps.at, gaps.hard, np.zeros(len(gaps.at), np.float32))
        return describe_pieces(words, pieces, border, NOTHING).X

    np.testing.assert_allclose(described([0, 1, 2]), np.concatenate([described([i]) for i in range(3)]), atol=1e-5)


def test_a_page_is_parted_alike_alone_and_beside_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finder, "MOST_CHARS", 40)
    pages = [[(0, "Satu dua.")], [(0, "Warga datang ke balai."), (4, "Mereka pulang.")], [(2, "Sore " * 20)]]
    stretches = list(finder._stretches(pages))
    for number, page in enumerate(pages):
        mine = [[part[1:] for part in stretch if part[0] == number] for stretch in stretches]
        alone = [[part[1:] for part in stretch] for stretch in finder._stretches([page])]
        assert [parts for parts in mine if parts] == alone


def test_evidence_is_looked_up() -> None:
    table = Table(np.array([3, 9], np.uint64), np.array([[16] * 8, [-16] * 8], np.int8))
    assert look_up(table, np.array([9, 4, 3], np.uint64))[:, 0].tolist() == [-1.0, 0.0, 1.0]


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [0],
        [2**64 - 1],
        [3, 9],
        list(range(100)),
        [2**63 + i for i in range(40)],
        np.random.default_rng(0).integers(0, 2**64, 5000, np.uint64).tolist(),
    ],
)
def test_a_table_finds_what_it_has(keys: list[int]) -> None:
    rising = np.unique(np.array(keys, np.uint64))
    table = Table(rising, np.zeros((len(rising), len(LABELS)), np.int8))
    asked = np.concatenate([rising, rising + np.uint64(1), np.array([0, 1, 2**63, 2**64 - 1], np.uint64)])
    place = {key: row for row, key in enumerate(rising.tolist())}
    known, rows = table.find(asked)
    assert known.tolist() == [key in place for key in asked.tolist()]
    assert rows.tolist() == [place[key] for key in asked.tolist() if key in place]


# From probabilities to runs


def probabilities(*noise: float, label: int = RELATED) -> np.ndarray:
    P = np.zeros((len(noise), len(LABELS)), np.float32)
    P[:, label] = noise
    P[:, BODY] = 1 - P[:, label]
    return P


def test_a_name_in_the_middle_of_a_sentence_is_no_noise() -> None:
    block = np.zeros(3, np.int64)
    doubtful = probabilities(0.01, 0.9, 0.01)
    assert noisy_runs(doubtful, np.array([1.0, 0.05, 0.05]), block) == []
    assert noisy_runs(doubtful, np.array([1.0, 0.95, 0.95]), block) == [(1, 2, RELATED)]


def test_the_middle_of_a_headline_stays_with_it() -> None:
    P = probabilities(0.01, 0.999, 0.3, 0.999, 0.01)
    assert noisy_runs(P, np.array([1.0, 0.9, 0.05, 0.05, 0.9]), np.zeros(5, np.int64)) == [(1, 4, RELATED)]


def test_kinds_change_at_likely_borders_only() -> None:
    P = np.concatenate([probabilities(0.01), probabilities(0.999, 0.9, label=AD), probabilities(0.99, 0.999)])
    assert noisy_runs(P, np.array([1, 0.9, 0.1, 0.9, 0.1]), np.zeros(5, np.int64)) == [(1, 3, AD), (3, 5, RELATED)]


def test_a_block_of_one_piece_keeps_its_label() -> None:
    assert noisy_runs(probabilities(0.999, 0.999), np.ones(2), np.array([0, 1])) == []


def test_a_block_is_noise_as_a_whole_where_that_is_sure() -> None:
    border, block = np.array([1.0, 0.1, 0.1]), np.zeros(3, np.int64)
    doubtful = probabilities(0.85, 0.9, 0.85)
    assert noisy_runs(doubtful, border, block) == []
    assert noisy_runs(doubtful, border, block, -1.0) == [(0, 3, RELATED)]
    assert noisy_runs(probabilities(0.95, 0.9, 0.95), border, block) == [(0, 3, RELATED)]


def test_favour_moves_the_decision() -> None:
    P, border, block = probabilities(0.01, 0.75), np.array([1.0, 0.9]), np.zeros(2, np.int64)
    assert noisy_runs(P, border, block) == []
    assert noisy_runs(P, border, block, -3.0) == [(1, 2, RELATED)]
    assert noisy_runs(probabilities(0.01, 0.97), border, block) == [(1, 2, RELATED)]
    assert noisy_runs(probabilities(0.01, 0.97), border, block, 3.0) == []
    assert noisy_runs(P, border, block, 1e300) == []


# What is looked into


def test_only_blocks_with_a_sign_are_looked_into() -> None:
    texts = [
        "Warga Tanjung Sari memutar tujuh kilometer, kata Wali Kota Ratna, Selasa (4/11).",
        "Jembatan itu rusak. Baca juga: Jalan Baru",
        "Jembatan itu rusak.Kata dia",
        "Jembatan itu rusak. (abc/def)",
        "Jembatan itu rusak [Gambas:Video]",
        "kata " * 200,
    ]
    assert [i for i, _ in suspicious(texts, range(6))] == [1, 2, 3, 4, 5]
    assert suspicious(texts, [0]) == []
    assert announced(texts, range(6)) == [(1, texts[1]), (4, texts[4])]
    assert announced(texts, [0, 2, 3, 5]) == []


def test_long_blocks_are_parted_at_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finder, "MOST_CHARS", 40)
    text = "Warga datang ke balai desa. " * 20
    parts = [part for stretch in finder._stretches([[(3, text)], [(0, "Satu dua.")]]) for part in stretch]
    assert all(len(part) <= 40 for _, _, _, part in parts)
    assert all(text[at : at + len(part)] == part for page, _, at, part in parts if page == 0)
    assert "".join(part for page, _, _, part in parts if page == 0).replace(" ", "") == text.replace(" ", "")
    assert parts[-1] == (1, 0, 0, "Satu dua.")


def test_spans_that_touch_are_one() -> None:
    spans = [Span(0, 5, Label.AD, 0.9), Span(6, 9, Label.AD, 0.8), Span(10, 12, Label.META, 0.7)]
    assert finder._joined(spans) == (Span(0, 9, Label.AD, 0.9), Span(10, 12, Label.META, 0.7))


def test_spans_are_cut_out_with_the_blanks_around() -> None:
    text = "Warga datang. Baca juga: Jalan Baru Mereka pulang."
    assert remove_spans(text, (Span(14, 35, Label.RELATED),)) == "Warga datang. Mereka pulang."
