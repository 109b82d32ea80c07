"""Where a block stands: what it shares with the title and the paragraphs, and how far the article is."""

from __future__ import annotations

import numpy as np

from boilerplate.features.batch import make_batch
from boilerplate.features.containers import find_containers
from boilerplate.features.position import NAMES, Sums, describe_position, overlaps
from boilerplate.segment.html import parse, segment

PAGE = "<nav>Beranda</nav><h1>Banjir</h1><div><p>satu</p><p>dua</p><p>tiga</p></div><ul><li>satu<li>lima</ul>"
NAV, TITLE, FIRST, SECOND, THIRD, COPY, LINK = range(7)


def batch_of(*sources: str):
    return make_batch([segment(parse(source)) for source in sources])


def shares(batch, blocks: list[str], titles: list[str], paragraphs: list[int], chars: int = 20) -> list[list[float]]:
    """Return the shares of words, given the content words of blocks and of titles."""
    vocabulary = sorted({word for words in blocks + titles for word in words.split()})
    pairs = [(number, word) for number, words in enumerate(blocks + titles) for word in words.split()]
    text = np.array([number for number, _ in pairs])
    hashes = np.array([vocabulary.index(word) + 1 for _, word in pairs], np.uint64) << np.uint64(48)
    paragraph = np.isin(np.arange(len(blocks)), paragraphs)
    return [found.tolist() for found in overlaps(batch, text, hashes, np.full(len(blocks), chars), paragraph)]


def described(source: str = PAGE, **changes: object) -> dict[str, np.ndarray]:
    """Describe the position of a page's blocks, of which the first three of ``div`` are paragraphs of 20 words."""
    batch = batch_of(source)
    n = len(batch)
    paragraph = np.isin(np.arange(n), (FIRST, SECOND, THIRD))
    values = {
        "chars": np.full(n, 10.0),
        "link_chars": np.zeros(n),
        "link_share": np.zeros(n),
        "words": np.where(paragraph, 20.0, 3.0),
        "paragraph": paragraph,
        "overlap": np.where(np.arange(n) == TITLE, 1.0, 0.0),
        "topic": np.zeros(n),
        "ahead": np.zeros(n),
        "behind": np.zeros(n),
        "heading_level": np.where(np.arange(n) == TITLE, 1, 0),
        "dateline": np.zeros(n, bool),
    }
    columns = describe_position(batch, find_containers(batch, batch.tags), Sums(**(values | changes)))
    assert columns.shape == (n, len(NAMES))
    return {name: columns[:, i] for i, name in enumerate(NAMES)}


def test_words_are_sought_in_title_and_paragraphs():
    batch = batch_of("<p>0<p>1<p>2<p>3")
    title, topic, ahead, behind = shares(batch, ["banjir rumah", "banjir sawah", "sawah", "pantai"], ["banjir"], [0, 2])
    assert title == [0.5, 0.5, 0, 0]
    assert topic == [1, 1, 1, 0]
    assert ahead == [0, 0.5, 0, 0]  # `sawah`, in the paragraph after it
    assert behind == [0, 0.5, 0, 0]  # `banjir`, in the one before: no block is its own echo


def test_blocks_of_few_and_of_many_characters_are_not_asked():
    batch = batch_of("<p>0<p>1")
    for chars, share in ((11, 0), (12, 1), (400, 1), (401, 0)):
        assert shares(batch, ["banjir", "banjir"], ["banjir"], [0], chars)[0] == [share, share]


def test_pages_do_not_lend_each_other_words():
    batch = batch_of("<p>0<p>1", "<p>2<p>3")
    found = shares(batch, ["banjir", "sawah", "sawah", "banjir"], ["banjir", "pantai"], [0, 2])
    assert found[0] == [1, 0, 0, 0]
    assert found[1] == [1, 0, 1, 0]
    assert found[2] == [0, 0, 0, 0]


def test_the_article_is_where_the_words_of_paragraphs_are():
    found = described()
    assert found["inside_article"].tolist() == [0, 0, 1, 1, 1, 0, 0]
    assert found["before_article"].tolist() == [1, 1, 0, 0, 0, 0, 0]
    assert found["after_article"].tolist() == [0, 0, 0, 0, 0, 1, 1]
    assert found["inside_run"].tolist() == [0, 0, 1, 1, 1, 0, 0]
    np.testing.assert_allclose(found["to_first"], np.sign(range(-2, 5)) * np.log1p(np.abs(range(-2, 5))), rtol=1e-6)
    assert found["to_last"][THIRD] == 0
    assert (found["article_share"] == 1).all()


def test_an_article_in_several_boxes_is_all_of_them():
    boxes = "".join(f"<section><p>{word}</p></section>" for word in ("satu", "dua", "tiga"))
    found = described(f"<nav>Beranda</nav><h1>Banjir</h1><div>{boxes}</div><ul><li>satu<li>lima</ul>")
    assert found["inside_whole"].tolist() == [0, 0, 1, 1, 1, 0, 0]


def test_teasers_with_more_words_than_a_short_story_are_no_article():
    found = described(
        "<nav>Beranda</nav><h1>Banjir</h1><div><p>satu</p><p>dua</p></div><div><a>Sate</a><p>tiga</p><p>lima</p></div>",
        paragraph=np.isin(np.arange(7), (2, 3, 5, 6)),
        words=np.array([1.0, 3.0, 20.0, 20.0, 50.0, 22.0, 22.0]),
        link_share=np.array([0, 0, 0, 0, 1.0, 0, 0]),
    )
    assert found["inside_whole"].tolist() == [0, 0, 1, 1, 0, 0, 0]


def test_the_headline_is_the_block_most_like_the_title():
    found = described()
    assert np.flatnonzero(found["is_title"]).tolist() == [TITLE]
    assert found["after_title"].tolist() == [0, 0, 1, 1, 1, 1, 1]
    np.testing.assert_allclose(found["title_distance"][[NAV, LINK]], [-np.log(2), np.log(6)], rtol=1e-6)
    unlike = described(overlap=np.full(7, 0.2), heading_level=np.zeros(7, int))
    assert not unlike["is_title"].any()
    assert not unlike["after_title"].any()
    assert not unlike["title_distance"].any()


def test_a_dateline_opens_the_story():
    dated = described(dateline=np.arange(7) == SECOND)
    assert dated["before_dateline"].tolist() == [1, 1, 1, 0, 0, 0, 0]
    assert dated["dateline_distance"][SECOND] == 0
    assert dated["dateline_distance"][LINK] > 0
    outside = described(dateline=np.arange(7) == LINK)  # in no paragraph of the article
    assert not outside["before_dateline"].any()
    assert not outside["dateline_distance"].any()


def test_texts_that_come_twice_are_counted():
    np.testing.assert_allclose(described()["same_text"], np.log([1, 1, 2, 1, 1, 2, 1]), rtol=1e-6)


def test_place_on_the_page_and_around():
    found = described(link_share=np.arange(7) / 10)
    np.testing.assert_allclose(found["position"], np.arange(7) / 7, rtol=1e-6)
    np.testing.assert_allclose(found["char_position"], np.arange(1, 8) / 7, rtol=1e-6)
    np.testing.assert_allclose(found["window_links"][0], np.mean(np.arange(5) / 10), rtol=1e-6)  # four ahead
    np.testing.assert_allclose(found["window_links"][6], np.mean(np.arange(2, 7) / 10), rtol=1e-6)  # four behind
    np.testing.assert_allclose(found["window_paragraphs"], [3 / 5, 3 / 6, 3 / 7, 3 / 7, 3 / 7, 3 / 6, 3 / 5], rtol=1e-6)


def test_the_smallest_container_that_holds_block_and_article():
    found = described()
    np.testing.assert_allclose(np.expm1(found["common_blocks"]), [7, 7, 3, 3, 3, 7, 7], rtol=1e-5)
