"""Words and phrases looked up for whole arrays of texts, by their hashes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from boilerplate.features.keys import SortedKeys
from boilerplate.features.tokenizer import Words, phrase_hashes, tokenize
from boilerplate.lexicon import vocabulary as v
from boilerplate.lexicon.headings import Headings, headings
from boilerplate.lexicon.letters import heading_words
from boilerplate.lexicon.stopwords import STOPWORDS
from boilerplate.lexicon.tables import HEADING_KINDS, LONGEST_OPEN, LONGEST_PHRASE, MOST_MORE, HeadingRows

# What a word can be, as bits above those of the heading kinds that it leans to.
(
    IS_STOPWORD,
    IS_VERB,
    IS_BYLINE,
    IS_SOCIAL,
    IS_CONTINUE,
    IS_HTTP,
    IS_AGO,
    IS_MONEY,
    _OPENER,
    IS_MONTH,
    IS_COUNT,
    IS_SAID,
    IS_CREDIT,
    IS_NOTICE,
    IS_APPEAL,
    IS_SITE,
    _CLOSER,
) = (1 << (len(HEADING_KINDS) + k) for k in range(17))
_LEANS = (1 << len(HEADING_KINDS)) - 1


class Lookup:
    """A table from words (or phrases of `n` words) to bits, for whole arrays of hashes."""

    def __init__(self, bits: Mapping[str, int], n: int = 1) -> None:
        entries = {key: value for key, value in bits.items() if len(key.split()) == n}
        # One text for each word of each phrase, so that each gives one hash.
        tokenized = tokenize([word for key in entries for word in key.split()]) if entries else None
        keys = np.zeros(0, np.uint64)
        if tokenized is not None:
            if len(tokenized.hashes) != n * len(entries):
                raise ValueError("an entry of a lexicon is not made of words")
            keys = phrase_hashes(tokenized.hashes, np.arange(0, n * len(entries), n), n)
        order = np.argsort(keys)
        self._keys = SortedKeys(keys[order])
        self._bits = np.fromiter(entries.values(), np.int64, len(entries))[order]

    def get(self, hashes: np.ndarray) -> np.ndarray:
        """Bits of each hash; 0 for those not in the table."""
        out = np.zeros(len(hashes), np.int64)
        known, at = self._keys.find(hashes)
        out[known] = self._bits[at]
        return out


class Lexicon:
    """The words and phrases that matter, hashed."""

    def __init__(self, known: Headings) -> None:
        phrases, bits = known.phrases, dict(known.words)
        groups = (
            (STOPWORDS, IS_STOPWORD),
            (v.VERBS, IS_VERB),
            (v.BYLINES, IS_BYLINE),
            (v.SOCIAL, IS_SOCIAL),
            (v.CONTINUES, IS_CONTINUE),
            (("http", "https", "www"), IS_HTTP),
            (("lalu", "ago", "baru", "kemarin"), IS_AGO),
            (("rp", "usd", "idr", "eur"), IS_MONEY),
            ({phrase.split()[0] for phrase in (*phrases, *known.before)}, _OPENER),
            ({phrase.split()[-1] for phrase in known.behind}, _CLOSER),
            (v.MONTHS, IS_MONTH),
            (("dibaca", "view", "views", "komentar", "comment", "comments", "dilihat"), IS_COUNT),
            (v.SAID, IS_SAID),
            (v.CREDITS, IS_CREDIT),
            (v.NOTICES, IS_NOTICE),
            (v.APPEALS, IS_APPEAL),
            (("com", "co", "net", "id"), IS_SITE),
        )
        for group, bit in groups:
            for word in group:
                word = "".join(heading_words(word))  # as the words of texts are: without accents
                bits[word] = bits.get(word, 0) | bit
        self.words = Lookup(bits)
        self.phrases = [Lookup(phrases, n) for n in range(1, LONGEST_PHRASE + 1)]
        self.before = [Lookup(known.before, n) for n in range(1, LONGEST_OPEN + 1)]
        self.behind = [Lookup(known.behind, n) for n in range(1, LONGEST_OPEN + 1)]

    def bits(self, hashes: np.ndarray) -> np.ndarray:
        """What each word is: kinds that it leans a heading to, and more (see `is_stopword`)."""
        return self.words.get(hashes)


@lru_cache(maxsize=8)
def lexicon(extra: HeadingRows = ()) -> Lexicon:
    """Return the lexicon with a model's own rows of headings, made once for each set of rows."""
    return Lexicon(headings(extra))


def is_stopword(bits: np.ndarray) -> np.ndarray:
    """Whether each word, given its bits, is a function word."""
    return (bits & IS_STOPWORD) > 0


def find_headings(tokenized: Words, bits: np.ndarray, known: Lexicon) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Look texts up as section headings: see `Headings.look_up`."""
    count = np.diff(tokenized.bounds)
    whole, lead = np.zeros(len(count), np.int64), np.zeros(len(count), np.int64)
    fits = tokenized.sizes <= 100
    part = np.where(fits & (count <= 8), tokenized.any_of(bits) & _LEANS, 0)
    opens = np.flatnonzero(tokenized.first(bits) & _OPENER)  # those that begin as some phrase does
    for n, lookup in enumerate(known.phrases, 1):
        opens = opens[count[opens] >= n]
        found = lookup.get(phrase_hashes(tokenized.hashes, tokenized.bounds[:-1][opens], n))
        whole[opens] = np.where((count[opens] == n) & fits[opens], found, whole[opens])
        if 2 <= n <= 5:
            lead[opens] = np.where(found > 0, found, lead[opens])
    # Headings of which only the first or the last words are known: the longest such phrase tells.
    open_ = fits & (whole == 0) & (count >= 2) & (count <= LONGEST_OPEN + MOST_MORE)
    first, last = tokenized.bounds[:-1], tokenized.bounds[1:]
    closes = np.flatnonzero(open_ & (last > first))
    closes = closes[(bits[last[closes] - 1] & _CLOSER) > 0]
    opens = np.flatnonzero(open_ & ((tokenized.first(bits) & _OPENER) > 0))
    for candidates, lookups, behind in ((closes, known.behind, True), (opens, known.before, False)):
        for n, lookup in enumerate(lookups, 1):
            longer = candidates[(count[candidates] > n) & (count[candidates] <= n + MOST_MORE)]
            found = lookup.get(phrase_hashes(tokenized.hashes, last[longer] - n if behind else first[longer], n))
            whole[longer] = np.where(found > 0, found, whole[longer])
    return whole, part, lead
