"""What all documents that are labelled have: blocks, their labels, and boxes of blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from boilerplate.labels import INDEX, LABELS

COLUMN = {label.value: INDEX[label] for label in LABELS}
"""Column of each label, by its name."""


class Box(NamedTuple):
    """Several blocks in a row that one element holds: its number, ``range(start, end)``, and what to call it."""

    element: int
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be labelled.

    Attributes
    ----------
    kind
        ``"blocks"``, ``"box"`` (an element and everything in it), ``"list"``
        (a heading and what it governs) or ``"chars"`` (a stretch of a text).
    blocks
        Of ``"blocks"``: their numbers.
    number
        Of ``"box"`` the element's number, of ``"list"`` the heading's block.
    start, end
        Of ``"chars"``: its ends, in characters.
    """

    kind: str
    blocks: tuple[int, ...] = ()
    number: int = -1
    start: int = 0
    end: int = 0


class Document(Protocol):
    """A document being labelled."""

    kind: str

    @property
    def texts(self) -> Sequence[str]:
        """Text of each block."""
        ...

    def labels(self) -> np.ndarray:
        """Column of the label of each block: shape (n_blocks,)."""
        ...

    def guesses(self) -> np.ndarray:
        """Column of the label that the model gives each block: shape (n_blocks,)."""
        ...

    def margins(self) -> np.ndarray:
        """How sure the model is of each block's label, shape (n_blocks,): its probability less that of the next.

        Below 0 where the model prefers another label.
        """
        ...

    def blocks_of(self, selection: Selection) -> np.ndarray:
        """Numbers of the blocks that a selection means.

        Raises
        ------
        ValueError
            If it means none.
        """
        ...

    def boxes(self, block: int) -> list[Box]:
        """The boxes around a block, from the smallest of several blocks outwards."""
        ...

    def heading_of(self, block: int) -> int:
        """The heading of the list that a block is in, or that it is itself; -1 for none."""
        ...

    def place_of(self, block: int) -> str:
        """Where a block is: an XPath, or a range of characters."""
        ...

    def relabel(self, selection: Selection, label: int) -> int:
        """Give a selection a label; returns the number of blocks that had another.

        Raises
        ------
        ValueError
            If it means no block.
        """
        ...

    def snapshot(self) -> np.ndarray:
        """A copy of all labels, for `restore`."""
        ...

    def restore(self, labels: np.ndarray) -> None:
        """Set all labels to what they were."""
        ...

    def markup(self) -> str:
        """HTML that shows the document with its blocks: no attribute, style or script of its own."""
        ...

    def record(self) -> dict[str, Any]:
        """The fields of a dataset's line that hold the labels."""
        ...

    def words(self) -> dict[str, int]:
        """Words of each label that there is, by its name."""
        ...


def check_block(block: int, count: int) -> int:
    """Return a block's number if there is such a block.

    Raises
    ------
    ValueError
        If not.
    """
    if not 0 <= block < count:
        raise ValueError(f"no block {block}")
    return block


def margins_of(P: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Probabilities of some labels, less the largest of the others.

    Parameters
    ----------
    P
        Shape (n_blocks, n_labels).
    labels
        Shape (n_blocks,): columns.
    """
    if not len(P):
        return np.zeros(0)
    rows = np.arange(len(P))
    others = P.copy()
    others[rows, labels] = -1.0
    return np.asarray(P[rows, labels] - others.max(axis=1))
