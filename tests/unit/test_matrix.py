"""The matrix of features: each column says what its name does, and nothing crosses from page to page."""

from __future__ import annotations

import numpy as np
import pytest

from boilerplate.features.html import Describer
from boilerplate.features.matrix import LEXICON, NEIGHBOUR, names
from boilerplate.features.wording import NAMES as WORDING
from boilerplate.lexicon.tables import HEADING_KINDS
from boilerplate.segment.html import parse, segment

LIST = (
    "<div><h3>Berita Terkait</h3><ul class=terkait><li><a>Jalan putus di dua kecamatan</a></li>"
    "<li><a>Harga cabai turun</a></li><li><a>Pelajar juara lomba sains</a></li></ul></div>"
)
STORY = "<p>Warga desa itu menanam kembali ribuan bibit bakau di sepanjang pantai yang rusak pada Senin.</p>"
HEADING, ITEMS, PARAGRAPH = 0, [1, 2, 3], 4


@pytest.fixture(scope="module")
def describer() -> Describer:
    return Describer()


@pytest.fixture(scope="module")
def columns(describer):
    X = describer.describe(segment(parse(LIST + STORY))).X
    return {name: X[:, i] for i, name in enumerate(names())}


def test_a_column_a_name(describer):
    assert len(set(names())) == len(names())
    X = describer.describe(segment(parse(LIST))).X
    assert X.dtype == np.float32
    assert X.shape == (4, len(names()))
    assert np.isfinite(X).all()
    assert describer.describe(segment(parse("<p>"))).X.shape == (0, len(names()))


def test_the_slice_of_the_lexicon_is_that_of_its_names():
    expected = [f"{part}_{kind}" for part in ("head", "word") for kind in HEADING_KINDS]
    assert list(WORDING[LEXICON]) == expected


def test_elements_are_flags(columns):
    for name, blocks in (("tag_li", ITEMS), ("own_a", ITEMS), ("in_ul", ITEMS), ("tag_p", [PARAGRAPH])):
        assert np.flatnonzero(columns[name]).tolist() == blocks, name
    assert np.flatnonzero(columns["in_heading"]).tolist() == [HEADING]
    assert columns["heading_level"][HEADING] == 3
    np.testing.assert_array_equal(columns["link_share"], [0, 1, 1, 1, 0])


def test_class_names_count_for_what_is_within(columns):
    """The list is announced by its class: items are near it, the heading beside it is not."""
    assert np.flatnonzero(columns["path_related"]).tolist() == ITEMS
    assert np.flatnonzero(columns["near_related"]).tolist() == ITEMS
    assert not columns["own_related"].any()


def test_records_are_counted_and_numbered(columns):
    np.testing.assert_allclose(columns["repeats0"][ITEMS], np.log1p(3), rtol=1e-6)
    np.testing.assert_allclose(columns["ordinal0"][ITEMS], np.log1p([1, 2, 3]), rtol=1e-6)


def test_what_the_governing_heading_says(columns):
    np.testing.assert_array_equal(columns["gov_head_related"], [0, 1, 1, 1, 0])
    np.testing.assert_array_equal(columns["gov_strength"], [0, 3, 3, 3, 0])
    np.testing.assert_array_equal(columns["gov_level"], [0, 3, 3, 3, 0])
    np.testing.assert_allclose(columns["gov_distance"], np.log1p([0, 1, 2, 3, 0]), rtol=1e-6)
    assert columns["last_head_related"][PARAGRAPH] == 1  # the list's heading is the last before it, all the same


@pytest.mark.parametrize(("prefix", "shift"), [("prev2", -2), ("prev", -1), ("next", 1), ("next2", 2)])
def test_neighbours_are_those_of_the_same_page(describer, prefix, shift):
    pages = [segment(parse(LIST)), segment(parse(STORY * 3))]
    X = describer.describe_many(pages).X
    for name in set(NEIGHBOUR) & set(names()):
        own, seen = X[:, names().index(name)], X[:, names().index(f"{prefix}_{name}")]
        for first, end in ((0, 4), (4, 7)):
            expected = [own[i + shift] if first <= i + shift < end else 0 for i in range(first, end)]
            np.testing.assert_array_equal(seen[first:end], expected, name)
