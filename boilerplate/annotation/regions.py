"""Labels of a page's text nodes written as regions: the fewest from which a reader finds the same labels again."""

from __future__ import annotations

from typing import Any

import numpy as np

from boilerplate.errors import DatasetError
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.segment.page import HtmlPage
from boilerplate.segment.xpath import XPaths
from boilerplate.training.xpaths import WORK

_CHROME = INDEX[Label.CHROME]
_N = len(LABELS)


def write_regions(page: HtmlPage, labels: np.ndarray) -> list[list[str]]:
    """Write the labels of a page's text nodes as ``[[xpath, label], ...]``.

    An element whose label its parent has is not named, and neither is chrome
    where nothing else would cover it. Takes time in proportion to the page.

    Parameters
    ----------
    page
        The page, with its nodes.
    labels
        Shape (n_refs,): column of the label of each of `page.refs`, in their order.

    Raises
    ------
    DatasetError
        If no reader would follow so many regions through this page (see `training.xpaths`).
    """
    refs = [ref for of_block in page.refs for ref in of_block]
    wanted = dict(zip(refs, labels.tolist(), strict=True))
    if not wanted:
        return []
    numbers = {node: i for i, node in enumerate(page.nodes)}
    set_there = _cheapest(page, numbers, wanted)
    by_node = {page.nodes[number]: label for number, label in set_there.items()}
    known: dict[Any, int] = {}
    paths = XPaths(page)
    regions = [(paths.element(number), LABELS[label].value) for number, label in sorted(set_there.items())]
    loose = []  # text nodes that their elements say nothing right about
    for ref, label in wanted.items():
        if _inherited(ref[0].getparent() if ref[1] else ref[0], by_node, known) != label:
            loose.append(ref)
            regions.append((paths.text(ref), LABELS[label].value))
    _check_work(page, [*set_there, *(_holder(ref, numbers) for ref in loose)])
    return [list(region) for region in regions]


def _cheapest(page: HtmlPage, numbers: dict[Any, int], wanted: dict[tuple[Any, bool], int]) -> dict[int, int]:
    """The elements to label, and with what, so that the fewest elements and text nodes need a label of their own."""
    cost = np.zeros((len(page.nodes), _N), np.int64)  # regions below an element that has a label from above
    for ref, label in wanted.items():
        row = cost[_holder(ref, numbers)]
        row += 1
        row[label] -= 1
    parents = page.parents
    for number in range(len(cost) - 1, 0, -1):  # parents have lower numbers
        row = cost[number]
        if row.any():
            cost[parents[number]] += np.minimum(row, row.min() + 1)
    best, least = cost.argmin(axis=1).tolist(), (cost.min(axis=1) + 1).tolist()
    given = [_CHROME] * len(cost)
    chosen = {}
    for number in range(len(cost)):
        above = given[parents[number]] if parents[number] >= 0 else _CHROME
        # Of two ways that cost the same, the outer element: the box that a reader of the regions sees.
        if cost[number, above] >= least[number] and best[number] != above:
            chosen[number] = given[number] = best[number]
        else:
            given[number] = above
    return chosen


def _holder(ref: tuple[Any, bool], numbers: dict[Any, int]) -> int:
    """Number of the element that a text node stands in."""
    element = ref[0].getparent() if ref[1] else ref[0]
    while element not in numbers:
        element = element.getparent()
    return numbers[element]


def _inherited(element: Any, labelled: dict[Any, int], known: dict[Any, int]) -> int:
    """The label that a reader finds for what stands in an element (see `training.datasets.node_labels`)."""
    passed = []
    label = _CHROME
    while element is not None:
        found = known.get(element, labelled.get(element))
        if found is not None:
            label = found
            break
        passed.append(element)
        element = element.getparent()
    known.update(dict.fromkeys(passed, label))
    return label


def _check_work(page: HtmlPage, named: list[int]) -> None:
    """Check that a reader follows the paths to these elements, which takes it a step for each sibling passed."""
    down: list[int] = []
    for number, node in enumerate(page.nodes):
        above = page.parents[number]
        down.append((down[above] if above >= 0 else 0) + 10 + len(node))
    if sum(down[number] for number in named) > WORK:
        raise DatasetError("so many labels in turn, in a page of so many siblings, would take too long to read again")
