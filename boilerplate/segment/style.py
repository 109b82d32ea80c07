"""What an element's own attributes do to its text: hide it, set it apart, keep its lines.

Only attributes count: style sheets are not read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

LINES, HIDDEN, WRAP = 1, 2, 4
"""Marks of text, as bits: its line ends are shown as such; it is not shown; it is a line break within a sentence."""

GONE, BOXED, FLAT, KEPT_LINES, FOLDED = 1, 2, 4, 8, 16
"""Effects of attributes, as bits: hidden; on lines of its own; in the line; line ends shown; line ends folded."""

_MOST = 1000  # characters of a style that are read
_DECLARATION = re.compile(r"(?:\A|;)\s*(display|visibility|white-space)\s*:\s*([a-z-]+)")
_EFFECTS = {
    "display": dict.fromkeys(("block", "flex", "grid", "table", "list-item", "flow-root"), BOXED)
    | dict.fromkeys(("table-caption", "table-cell", "table-row", "table-row-group"), BOXED)
    | {"none": GONE, "inline": FLAT},
    "visibility": {"hidden": GONE, "collapse": GONE},
    "white-space": dict.fromkeys(("pre", "pre-wrap", "pre-line", "break-spaces"), KEPT_LINES)
    | dict.fromkeys(("normal", "nowrap"), FOLDED),
}
_ICON_FONT = re.compile(r"(?:^|\s)material-(?:icons|symbols)")
_ICON_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
_LONGEST_ICON = 40


@lru_cache(4096)
def effects(style: str) -> int:
    """Effects of a ``style`` attribute, as bits."""
    found = dict(_DECLARATION.findall(style[:_MOST].lower()))
    effect = 0
    for name, value in found.items():
        effect |= _EFFECTS[name].get(value, 0)
    return effect


def is_icon(names: str, text: str | None, hidden: bool) -> bool:
    """Whether an inline element shows an icon: its class says so, and its text is what the font names the picture.

    Parameters
    ----------
    names
        Its ``class``.
    text
        Its text, up to the first element in it.
    hidden
        Whether screen readers are to pass over it (``aria-hidden``).
    """
    text = (text or "").strip()
    name = _ICON_NAME.match(text) if len(text) <= _LONGEST_ICON else None
    if name is None:
        return False
    if _ICON_FONT.search(names):
        return True
    return hidden and (name[1] is not None or "icon" in names)


def effects_of(element: Any) -> int:
    """Effects of an element's attributes, as bits, less those of an icon."""
    style = element.get("style")
    effect = effects(style) if style else 0
    hidden = element.get("hidden")
    closed = element.tag == "dialog" and element.get("open") is None
    if closed or (hidden is not None and hidden.lower() != "until-found"):
        effect |= GONE
    return effect


def marks_under(marks: int, effect: int) -> int:
    """Marks of the text in an element, given those around it and the effects of its attributes."""
    if effect & GONE:
        marks |= HIDDEN
    if effect & KEPT_LINES:
        marks |= LINES
    elif effect & FOLDED:
        marks &= ~LINES
    return marks
