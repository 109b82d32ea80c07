"""Elements that hide what they hold, and that a browser takes for closed where the parser leaves them open."""

from __future__ import annotations

from typing import Any

from boilerplate.segment.tags import BREAKOUT, BREAKOUT_FONT


def way_out(picture: Any) -> list[Any]:
    """Elements from what ends an unclosed picture, as a browser reads it, up to the picture's child; none if closed."""
    for element in picture.iter(*BREAKOUT):
        if element.tag != "font" or not BREAKOUT_FONT.isdisjoint(element.attrib):
            way = [element]
            while (parent := way[-1].getparent()) is not picture:
                way.append(parent)
            return way
    return []
