"""The elements around a block: nested containers, repeated siblings (`test_sections`: the headings that govern)."""

from __future__ import annotations

import numpy as np

from boilerplate.features.batch import make_batch
from boilerplate.features.containers import LEVELS, find_containers
from boilerplate.features.sections import heading_tags, in_small_record
from boilerplate.segment.html import parse, segment
from boilerplate.segment.tags import CODES

TAGS = {code: tag for tag, code in CODES.items()}


def batch_of(*sources: str):
    return make_batch([segment(parse(source)) for source in sources])


def containers_of(batch):
    """Return the containers of a batch; elements of one tag and one ``class`` are alike."""
    attributes = [a.partition("#")[0] for page in batch.pages for a in page.attrs]
    names = sorted(set(attributes))
    return find_containers(batch, np.array([names.index(name) for name in attributes]))


def tags(batch, elements) -> list[str]:
    return [TAGS[code] for code in batch.tags[elements].tolist()]


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


def test_short_records_are_told():
    record = "<li><b>Ekonomi</b><p>satu</p></li>"
    batch = batch_of(f"<ul>{record * 3}</ul><div><p>dua</p><h2>tiga</h2></div>")
    assert in_small_record(containers_of(batch), np.zeros(8, bool)).tolist() == [True] * 6 + [False] * 2
    long = "<li><h4>satu</h4><p>dua</p><div>tiga</div><pre>empat</pre><h5>lima</h5></li>"
    batch = batch_of(f"<ul>{long * 3}</ul>")
    assert len(batch) == 15
    assert not in_small_record(containers_of(batch), np.zeros(15, bool)).any()


def test_the_level_of_a_heading_is_that_of_the_element_around_it():
    batch = batch_of("<h1>satu</h1><h3><a><b>dua</b></a></h3><p><b>tiga</b></p><div><h6>empat</h6>lima</div>")
    assert heading_tags(batch).tolist() == [1, 3, 0, 6, 0]
