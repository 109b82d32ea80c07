"""Arrays over the blocks of several pages: nothing reaches from one page into another."""

import numpy as np

from boilerplate.features.arrays import first_from, last_before, next_after, runs, shift, unpack

BEGIN, FINISH = np.array([0, 0, 0, 3, 3, 3]), np.array([3, 3, 3, 6, 6, 6])
FLAGS = np.array([0, 1, 0, 0, 0, 1], bool)


def test_the_last_flagged_block_before():
    assert last_before(FLAGS, BEGIN).tolist() == [-1, -1, 1, -1, -1, -1]
    assert last_before(np.ones(6, bool), BEGIN).tolist() == [-1, 0, 1, -1, 3, 4]


def test_the_next_flagged_block_after():
    assert next_after(FLAGS, FINISH).tolist() == [1, 6, 6, 5, 5, 6]
    assert next_after(np.ones(6, bool), FINISH).tolist() == [1, 2, 6, 4, 5, 6]


def test_the_first_flagged_block_of_a_page():
    assert first_from(FLAGS, BEGIN).tolist() == [1, 1, 1, 5, 5, 5]


def test_values_are_shifted_within_a_page():
    values, page = np.arange(1, 7), np.array([0, 0, 0, 1, 1, 1])
    assert shift(values, 1, page).tolist() == [2, 3, 0, 5, 6, 0]
    assert shift(values, -2, page).tolist() == [0, 0, 1, 0, 0, 4]
    assert shift(values[:, None], 2, page)[:, 0].tolist() == [3, 0, 0, 6, 0, 0]


def test_runs():
    start, end = runs(np.array([1, 0, 1, 1, 0, 0], bool))
    assert start.tolist() == [0, 0, 2, 3, 3, 3]
    assert end.tolist() == [2, 2, 3, 6, 6, 6]


def test_bits_are_unpacked_lowest_first():
    masks = np.array([0b101, 1 << 40, 0], np.int64)
    assert unpack(masks, 3).tolist() == [[1, 0, 1], [0, 0, 0], [0, 0, 0]]
    assert unpack(masks, 41)[:, 40].tolist() == [0, 1, 0]
