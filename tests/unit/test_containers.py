"""The elements around a block: nested containers, repeated siblings, the heading that governs."""

from __future__ import annotations

import numpy as np

from boilerplate.features.boxes import LEVELS, find_boxes, governing, heading_tags, in_small_record
from boilerplate.features.gather import put_in_row
from boilerplate.segment.html import parse, segment
from boilerplate.segment.tags import CODES

TAGS = {code: tag for tag, code in CODES.items()}


def batch_of(*sources: str):
    return put_in_row([segment(parse(source)) for source in sources])


def containers_of(batch):
    """Return the containers of a batch; elements of one tag and one ``class`` are alike."""
    attributes = [a.partition("#")[0] for page in batch.pages for a in page.attrs]
    kinds = sorted(set(zip(attributes, batch.tags.tolist(), strict=True)))
    return find_boxes(batch, np.array([kinds.index(kind) for kind in zip(attributes, batch.tags, strict=True)]))


def tags(batch, elements) -> list[str]:
    return [TAGS[code] for code in batch.tags[elements].tolist()]


def governed(source: str, strength: list[int]) -> tuple[list[int], list[int]]:
    batch = batch_of(source)
    assert len(batch) == len(strength), batch.texts
    inner, outer = governing(containers_of(batch), np.array(strength))
    return inner.tolist(), outer.tolist()


def test_containers_are_those_that_hold_more():
    """An element around the same blocks as the one within it is no further container."""
    batch = batch_of("<section><div><ul><li><a>satu</a></li><li>dua</li></ul></div><p>tiga</p></section>")
    chain = containers_of(batch).chain
    assert tags(batch, chain[0]) == ["li", "li", "p"]
    assert tags(batch, chain[1]) == ["ul", "ul", "section"]
    assert tags(batch, chain[2]) == ["section"] * 3
    assert tags(batch, chain[LEVELS]) == ["section"] * 3  # nothing is further out: html and body hold no more


def test_a_block_that_shares_its_element_has_that_for_a_container():
    batch = batch_of("<div>satu<p>dua</p></div>")
    chain = containers_of(batch).chain
    assert tags(batch, chain[0]) == ["div", "p"]
    assert tags(batch, chain[1]) == ["div", "div"]


def test_siblings_of_one_tag_and_class_that_hold_text_are_counted():
    batch = batch_of("<div class=a>satu</div><div class=b>dua</div><div class=a>tiga</div><div class=a></div><p>empat")
    found = containers_of(batch)
    own = found.chain[0]
    assert found.repeats[own].tolist() == [2, 1, 2, 1]
    assert found.ordinal[own].tolist() == [1, 1, 2, 1]


def test_wrappers_repeat_as_often_as_what_they_wrap():
    wrapped = "".join(f"<section><p>{text}</p></section>" for text in ("satu", "dua", "tiga"))
    batch = batch_of(f"<div>{wrapped}</div>")
    found = containers_of(batch)
    own = found.chain[0]
    assert tags(batch, own) == ["p"] * 3
    assert found.repeats[own].tolist() == [3, 3, 3]
    assert found.ordinal[own].tolist() == [1, 2, 3]


def test_pages_of_a_batch_do_not_meet():
    page = "<p>satu</p><p>dua</p>"
    alone, together = containers_of(batch_of(page)), containers_of(batch_of(page, page))
    half = len(alone.repeats)
    for name in ("repeats", "ordinal"):
        expected = getattr(alone, name).tolist()
        assert getattr(together, name).tolist() == expected * 2
    assert (together.chain[:, 2:] == alone.chain + half).all()
    assert (together.chain[:, :2] == alone.chain).all()


def test_a_heading_governs_the_rest_of_its_container():
    assert governed("<div><h2>Terkait</h2><ul><li>satu<li>dua</ul></div><p>tiga", [2, 0, 0, 0]) == (
        [-1, 0, 0, -1],
        [-1, -1, -1, -1],
    )


def test_a_later_heading_takes_over():
    assert governed("<div><h2>A</h2><p>satu</p><h2>B</h2><p>dua</p></div>", [2, 0, 2, 0]) == (
        [-1, 0, 0, 2],
        [-1, -1, -1, 0],
    )


def test_a_wrapper_of_a_heading_and_its_link_is_no_section():
    assert governed(
        "<div><div><h3>Terkait</h3><p>Lainnya</p></div><ul><li>satu<li>dua</ul></div><p>tiga", [3, 0, 0, 0, 0]
    )[0] == [-1, 0, 0, 0, -1]


def test_a_heading_within_a_record_reaches_no_further():
    record = "<article><h3>Judul</h3><p>isi</p></article>"
    assert governed(f"<div>{record * 3}</div>", [2, 0] * 3)[0] == [-1, 0, -1, 2, -1, 4]
    assert governed(f"<div>{record * 2}</div>", [2, 0] * 2)[0] == [-1, 0, 0, 2]  # two alike are no list


def test_short_records_are_told():
    record = "<li><b>Ekonomi</b><p>satu</p></li>"
    batch = batch_of(f"<ul>{record * 3}</ul><div><p>dua</p><h2>tiga</h2></div>")
    assert in_small_record(containers_of(batch)).tolist() == [True] * 6 + [False] * 2
    long = "<li><h4>satu</h4><p>dua</p><div>tiga</div><pre>empat</pre><h5>lima</h5></li>"
    batch = batch_of(f"<ul>{long * 3}</ul>")
    assert len(batch) == 15
    assert not in_small_record(containers_of(batch)).any()


def test_the_level_of_a_heading_is_that_of_the_element_around_it():
    batch = batch_of("<h1>satu</h1><h3><a><b>dua</b></a></h3><p><b>tiga</b></p><div><h6>empat</h6>lima</div>")
    assert heading_tags(batch).tolist() == [1, 3, 0, 6, 0]
