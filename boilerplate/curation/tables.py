"""Tables of a check, as lines of text."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import numpy as np

from boilerplate.curation.check import PortalCount
from boilerplate.labels import LABELS

WIDTH = 100
"""Columns that a line takes at most."""

_NUMBER = 8
_NAME = WIDTH - 6 - 8 - _NUMBER * len(LABELS)


def portal_table(portals: Mapping[str, PortalCount]) -> list[str]:
    """Lay out the words a label and portal.

    Returns
    -------
    list of str
        Lines of at most `WIDTH` columns: a heading, a portal each, and all of them where there are several.
    """
    heading = f"{'portal':<{_NAME}}{'pages':>6}" + "".join(f"{label.value:>{_NUMBER}}" for label in LABELS)
    lines = [heading + f"{'no reg.':>8}"]
    rows = sorted(portals.items())
    lines += [_row(name, count) for name, count in rows]
    if len(rows) > 1:
        total = PortalCount(
            sum(count.pages for _, count in rows),
            np.sum([count.words for _, count in rows], axis=0),
            sum(count.unlabelled for _, count in rows),
        )
        lines.append(_row("all", total))
    return lines


def _row(name: str, count: PortalCount) -> str:
    words = count.words.tolist()
    total = sum(words)
    share = f"{count.unlabelled / total:.0%}" if total else "–"
    return f"{_fit(name)}{count.pages:>6}" + "".join(f"{_short(n):>{_NUMBER}}" for n in words) + f"{share:>8}"


def _short(n: int) -> str:
    """A number of at most seven characters; nothing is a dash."""
    if n >= 1_000_000:
        return f"{n / 1e6:.1f}M" if n < 10**9 else f"{n / 1e9:.0f}G"
    return str(n) if n else "–"


def _fit(name: str) -> str:
    """A name cut and filled to its column, wide characters counted as two."""
    shown, width = "", 0
    for character in name:
        takes = 2 if unicodedata.east_asian_width(character) in "WF" else 0 if unicodedata.combining(character) else 1
        if width + takes > _NAME - 2:
            shown += "…"
            width += 1
            break
        shown += character
        width += takes
    return shown + " " * (_NAME - width)
