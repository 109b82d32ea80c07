"""Which characters words are made of, and how they compare."""

from __future__ import annotations

import re
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


_MARKS = "".join(ch for ch in map(chr, range(128, TABLE)) if is_letter(ch) and not ch.isalpha())
_WORD = re.compile(rf"(?:[^\W\d_]|[{_MARKS}])+")
_FOLD = {code: folded(chr(code)) for code in range(128, TABLE) if folded(chr(code)) != chr(code)}


def heading_words(text: str) -> list[str]:
    """Words of a text: runs of letters, folded (see `folded`)."""
    return _WORD.findall((text if text.isascii() else text.translate(_FOLD)).lower())
