"""Gold labels as numbers that the networks are fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from boilerplate.labels import INDEX, LABELS, Label

NOT_BODY = -1
"""Gold of a block that is known not to be body, and no more."""
MASKED = -2
"""Gold of a block that is not learned from."""

Labels = Sequence[Any] | np.ndarray
"""Labels of the blocks of a page."""


def to_columns(labels: Labels) -> np.ndarray:
    """Labels of the blocks of a page as numbers: columns of the probabilities, `NOT_BODY` or `MASKED`."""
    if isinstance(labels, np.ndarray) and labels.dtype.kind == "i":
        return labels
    return np.array([x if isinstance(x, (int, np.integer)) else INDEX[Label.parse(x)] for x in labels], np.int64)


def allowed_labels(target: np.ndarray) -> np.ndarray:
    """The labels that each block's gold permits: bool, shape (n_blocks, n_labels); none where it is masked."""
    allowed = np.zeros((len(target), len(LABELS)), bool)
    allowed[target >= 0, target[target >= 0]] = True
    allowed[target == NOT_BODY] = True
    allowed[target == NOT_BODY, INDEX[Label.BODY]] = False
    return allowed
