"""What characters are to the tokenizer: classes, as bits, and the numbers that words are hashed from."""

from __future__ import annotations

import numpy as np

from boilerplate.lexicon.letters import TABLE, folded, is_letter

LETTER, UPPER, DIGIT, SPACE, PUNCT, COMMA, QUOTE, STOP, MARK, HANDLE, SIGN, JOINT = (1 << k for k in range(12))
"""Classes of characters, as bits."""

COUNTED = (
    "letters",
    "upper",
    "digits",
    "spaces",
    "commas",
    "quotes",
    "marks",
    "handles",
    "signs",
    "joints",
    "tokens",
    "capitalised",
    "borders",
    "unspaced",
)
"""What `tokenizer.Words.counts` counts: characters of ten classes; words between white space, those of them
that begin with a capital, and those that do so behind the end of a sentence; Chinese and Japanese
letters, which have no white space between words."""

UNSPACED = 0x2E80, 0xA000
"""The range of those characters (Korean, which parts its words, lies beyond it)."""

_LONGEST = 64
_BASE = np.uint64(0x9E3779B97F4A7C15)


def _tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    classes, values = np.zeros(TABLE, np.uint16), np.zeros(TABLE, np.uint64)
    for code in range(TABLE):
        ch = chr(code)
        values[code] = ord(folded(ch))
        if is_letter(ch):
            classes[code] = LETTER | (UPPER if ch.isupper() else 0)
        elif ch.isdigit():
            classes[code] = DIGIT
        else:
            classes[code] = SPACE if ch.isspace() else PUNCT
    signs = (
        (",", COMMA),
        ('"“”‘«»', QUOTE),
        (".!?", STOP),
        ("|»/>•·", MARK),
        ("@©", HANDLE),
        ("$€£%", SIGN),
        (":-–—", JOINT),
    )
    for chars, bit in signs:
        for ch in chars:
            classes[ord(ch)] |= bit
    return classes, values, np.cumprod(np.full(_LONGEST, _BASE, np.uint64), dtype=np.uint64)


CLASSES, VALUES, POWERS = _tables()
"""Class bits and folded values of the characters below `TABLE`; the powers that letters are multiplied by, the last
of them from there on."""


def classes_of(codes: np.ndarray) -> np.ndarray:
    """Class bits of code points."""
    return np.where(codes < TABLE, CLASSES[np.minimum(codes, TABLE - 1)], LETTER)
