"""Headings among the lines of texts: how much each line looks like one, and which governs each line."""

from __future__ import annotations

import numpy as np

from boilerplate.features.arrays import last_before
from boilerplate.features.line_wording import NAMES as WORDING
from boilerplate.lexicon.tables import HEADING_KINDS

H0, K = WORDING.index("head_related"), len(HEADING_KINDS)
"""The first column of the wording that says what a heading announces, and the number of kinds."""

_LISTS = 4  # the first kinds: those that head lists of other stories

NAMES = ("distance", "strength", "gap")
"""What is said of the heading that governs a line, behind what it announces."""


def heading_strength(
    W: np.ndarray,
    col: dict[str, np.ndarray],
    words: np.ndarray,
    bullet: np.ndarray,
    bullets_follow: np.ndarray,
    prose_follows: np.ndarray,
) -> np.ndarray:
    """How much each line looks like the heading of a section, 0 to 3.

    3: a known heading. 2: short, with a telling word and no prose after it, or
    with bullets after it. 1: short and ends in a colon. 0: none.
    """
    head = W[:, H0 : H0 + K]
    known, telling = head[:, :-1].sum(1) > 0, W[:, H0 + K : H0 + 2 * K].sum(1) > 0
    plain = (
        (col["ends_sentence"] == 0)
        & (col["date"] == 0)
        & (col["ago"] == 0)
        & (col["rank"] == 0)
        & (col["no_letters"] == 0)
        & ~bullet
    )
    strength = np.zeros(len(W), np.int64)
    strength[plain & (words <= 8) & (col["ends_colon"] > 0)] = 1
    strength[plain & (words <= 6) & bullets_follow] = 2
    strength[plain & (words <= 5) & telling & ~prose_follows] = 2
    strength[plain & known] = 3
    return strength


def governing(
    W: np.ndarray, strength: np.ndarray, paragraph: np.ndarray, begin: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find for each line the nearest heading above, unless a paragraph stands between, and the last that heads a list.

    Parameters
    ----------
    W
        Shape (n_lines, len(WORDING)).
    strength, paragraph, begin
        Shape (n_lines,): see `heading_strength`; whether a line is a paragraph; the first line of its text.

    Returns
    -------
    above, last : arrays of shape (n_lines,)
        Numbers of lines, -1 for none.
    """
    index = np.arange(len(W))
    above = last_before(strength > 0, begin)
    above = np.where(above > last_before(paragraph, begin), above, -1)
    above = np.where((paragraph & (above != index - 1)) | (strength >= 3), -1, above)
    return above, last_before((strength >= 3) & (W[:, H0 : H0 + _LISTS].sum(1) > 0), begin)


def describe_headings(
    W: np.ndarray, strength: np.ndarray, gap: np.ndarray, headings: tuple[np.ndarray, ...]
) -> list[np.ndarray]:
    """Describe the headings that `governing` found: what each announces, then `NAMES`."""
    index = np.arange(len(W))
    lex = W[:, H0 : H0 + 3 * K]
    parts = []
    for heading in headings:
        has = heading >= 0
        at = np.maximum(heading, 0)
        parts.append(lex[at] * has[:, None])
        parts.append(np.stack([np.log1p(index - at) * has, strength[at] * has, gap[at] * has], 1))
    return parts
