"""Which characters words are made of, and how they compare."""

from __future__ import annotations

import unicodedata

TABLE = 0x3200
"""Characters below it are classed by a table; those beyond count as lower-case letters."""


def is_letter(ch: str) -> bool:
    """Whether words are made of a character: letters, and the vowel signs and other marks that go with them."""
    return ch.isalpha() or unicodedata.category(ch) in ("Mn", "Mc")


def folded(ch: str) -> str:
    """A character in lower case, without accents, which capitals often lack; Turkish has two kinds of i."""
    plain = unicodedata.normalize("NFD", ch)[0]
    lower = (plain if plain.isalpha() else ch).lower()
    return {"ı": "i", "ς": "σ"}.get(lower, lower if len(lower) == 1 else ch)
