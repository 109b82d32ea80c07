"""Weights of pages in training."""

import numpy as np
import pytest

from boilerplate.training.preparation import portal_weights


def test_a_portal_counts_for_less_than_its_pages_and_a_single_page_for_a_quarter():
    weights = portal_weights(["a"] * 100 + ["b"] * 4 + ["c"])
    of_portal = {"a": weights[:100], "b": weights[100:104], "c": weights[104:]}
    expected = {"a": 1000 / 103, "b": 8 / 7, "c": 0.25}
    assert {portal: w.sum() for portal, w in of_portal.items()} == pytest.approx(expected)
    assert all(np.ptp(w) == 0 for w in of_portal.values())
