"""Characters that nobody sees: taken out of texts, unless they shape the letters beside them."""

from __future__ import annotations

import re

INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff\u00ad]")
"""Soft hyphens, marks of direction, places where a word may break."""
UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
"""Those, and joiners."""
_JOINERS = re.compile("[\u200c\u200d]+")


def drop_invisible(text: str) -> str:
    """Take out what cannot be seen; a joiner (U+200C, U+200D) stays between two characters that can.

    Emoji of several people are joined by one, and in Persian and in the scripts
    of India a word is written wrongly without.
    """
    if text.isascii():
        return text
    text = INVISIBLE.sub("", text)
    return _JOINERS.sub(_joiner, text) if "\u200c" in text or "\u200d" in text else text


def _joiner(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    between = start > 0 and end < len(text) and not text[start - 1].isspace() and not text[end].isspace()
    return match[0][0] if between else ""
