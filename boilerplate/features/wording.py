"""Features of a block's own text: its shape and its wording.

All texts of a batch are described at once, from their characters and hashed
words (`tokenizer`); only those that could hold a date, a dateline or the like are
looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from boilerplate.features import characters as ch
from boilerplate.features import lookup as lk
from boilerplate.features import patterns
from boilerplate.features.arrays import unpack
from boilerplate.features.tokenizer import Words, tokenize
from boilerplate.lexicon.tables import HEADING_KINDS

NAMES: tuple[str, ...] = (
    "log_chars",
    "log_words",
    "word_length",
    "digit_share",
    "upper_share",
    "punct_share",
    "comma_rate",
    "ends_sentence",
    "ends_colon",
    "ends_dots",
    "quotes",
    "stop_share",
    "log_stops",
    "starts_lower",
    "starts_digit",
    "rank",
    "ago",
    "date",
    "clock",
    "separator",
    "initials",
    "handle",
    "titlecase_share",
    "all_caps",
    "dateline",
    "verb_lead",
    "lead_colon",
    "byline",
    "social",
    "count",
    "continue",
    "question",
    "currency",
    "sentences",
    "is_long",
    "said",
    "photo_credit",
    "notice",
    "pager",
    "log_appeals",
    *(f"head_{k}" for k in HEADING_KINDS),
    *(f"word_{k}" for k in HEADING_KINDS),
    *(f"lead_{k}" for k in HEADING_KINDS),
)
"""Names of the columns. Shares are 0 to 1, flags 0 or 1, ``log_*`` natural logarithms of 1 + count."""

N_SHAPE = NAMES.index("head_related")

_UNSPACED_STOPS = 8  # characters a function word in prose whose words are not parted
_CLOSING, _OPENING, _FULL_STOPS = "\"”'’)", "([", "。！？।؟۔"


def _one_of(codes: np.ndarray, chars: str) -> np.ndarray:
    """Which code points are one of a few characters (`np.isin` sorts first, which takes longer)."""
    return np.logical_or.reduce([codes == ord(char) for char in chars])


def _where(test: Callable[[str], object], texts: list[str], gate: np.ndarray) -> np.ndarray:
    """Test the texts that pass a gate."""
    out = np.zeros(len(texts), bool)
    for i in np.flatnonzero(gate).tolist():
        out[i] = test(texts[i]) is not None
    return out


def describe_texts(texts: list[str], known: lk.Lexicon) -> np.ndarray:
    """Describe texts that are not empty: shape ``(n_texts, len(NAMES))``, float32."""
    tokenized = tokenize(texts)
    return describe(texts, tokenized, known.bits(tokenized.hashes), known)


def describe(texts: list[str], tokenized: Words, bits: np.ndarray, known: lk.Lexicon) -> np.ndarray:
    """Describe texts whose words are known, and what the lexicon says of them."""
    size = tokenized.sizes
    (
        letters,
        upper,
        digits,
        spaces,
        commas,
        quotes,
        marks,
        handles,
        signs,
        joints,
        tokens,
        capitalised,
        borders,
        unspaced,
    ) = tokenized.counts
    tokens = np.maximum(tokens + unspaced // 2, 1)  # two characters a word: Chinese and Japanese have no spaces
    stops = np.bincount(tokenized.text, (bits & lk.IS_STOPWORD) > 0, len(texts)) + unspaced // _UNSPACED_STOPS
    held, lead_word = tokenized.any_of(bits), tokenized.first(bits)
    whole, part, lead = lk.find_headings(tokenized, bits, known)
    # --- first and last characters
    first_is, last_is, before, before2 = tokenized.edges
    first, last = ch.classes_of(first_is), ch.classes_of(last_is)
    full_stops = (last_is == ord(".")) & (before == ord(".")) & (before2 == ord("."))
    dots = (full_stops & (size >= 3)) | (last_is == ord("…"))
    closed = _one_of(last_is, _CLOSING) & ((ch.classes_of(before) & (ch.STOP | ch.COMMA)) > 0)
    # --- what the text itself is searched for
    short, has_digits = size <= 160, digits > 0
    timed = short & (((held & lk.IS_AGO) > 0) | ((size <= 6) & has_digits))
    punct = size - letters - digits - spaces
    dated = short & (((digits >= 2) & ((held & lk.IS_MONTH) > 0)) | ((digits >= 4) & (punct >= 2)))
    counted = short & has_digits & (((first & ch.LETTER) == 0) | ((lead_word & lk.IS_COUNT) > 0))
    joint = joints > 0
    paged = (size <= 24) & (digits >= 2) & (digits <= 6)
    out = np.empty((len(texts), len(NAMES)), np.float32)
    columns = (
        np.log1p(size),
        np.log1p(tokens),
        np.minimum(size / tokens, 20) / 10,
        digits / size,
        upper / np.maximum(letters, 1),
        punct / size,
        np.minimum(commas / tokens, 1),
        (closed | ((last & ch.STOP) > 0) | _one_of(last_is, _FULL_STOPS)) & ~dots,
        last_is == ord(":"),
        dots,
        quotes > 0,
        stops / tokens,
        np.log1p(stops),
        ((first & (ch.LETTER | ch.UPPER)) == ch.LETTER) & (first_is < ch.UNSPACED[0]),
        (first & ch.DIGIT) > 0,
        (size <= 3) & has_digits & (letters == 0) & (spaces == 0),
        _where(patterns.AGO.search, texts, timed),
        _where(patterns.DATE.search, texts, dated),
        _where(patterns.CLOCK.search, texts, short & (digits >= 3) & (punct > 0)),
        short & (marks > 0),
        _where(patterns.INITIALS.match, texts, short & _one_of(first_is, _OPENING)),
        (handles > 0) | ((held & lk.IS_HTTP) > 0),
        capitalised / tokens,
        (letters > 1) & (upper == letters),
        _where(patterns.DATELINE.match, texts, (joint | ((held & lk.IS_SITE) > 0)) & ((first & ch.UPPER) > 0)),
        (lead_word & lk.IS_VERB) > 0,
        _where(patterns.LEAD_COLON.match, texts, joint),
        ((lead_word & lk.IS_BYLINE) > 0) | (first_is == ord("©")),
        short & ((held & lk.IS_SOCIAL) > 0),
        _where(patterns.COUNT.search, texts, counted),
        short & ((held & lk.IS_CONTINUE) > 0),
        last_is == ord("?"),
        (signs > 0) | _where(patterns.CURRENCY.search, texts, has_digits & ((held & lk.IS_MONEY) > 0)),
        np.log1p(borders),
        tokens >= 25,
        (quotes > 0) & ((held & lk.IS_SAID) > 0),
        (size <= 200) & ((held & lk.IS_CREDIT) > 0),
        (held & lk.IS_NOTICE) > 0,
        _where(patterns.PAGER.match, texts, paged),
        np.log1p(np.bincount(tokenized.text, (bits & lk.IS_APPEAL) > 0, len(texts))),
    )
    for i, column in enumerate(columns):
        out[:, i] = column
    for k, mask in enumerate((whole, part, lead)):
        at = N_SHAPE + k * len(HEADING_KINDS)
        out[:, at : at + len(HEADING_KINDS)] = unpack(mask, len(HEADING_KINDS))
    return out
