"""Features of a block's own text: its shape and its wording.

Rows are looked up by text, since the same menus, headings and footers come
back on every page of a portal; a row is computed once and kept. Characters
are counted by NumPy over many texts at once, words by Python.
"""

from __future__ import annotations

import re

import numpy as np

from boilerplate.features.lexicon import HEADING_KINDS, heading_bits, heading_words, unpack

# The hundred commonest function words of Indonesian news prose, and of English.
STOPWORDS = frozenset(
    ["yang", "dan", "di", "ke", "dari", "untuk", "pada", "dengan", "ini", "itu", "dalam", "tidak", "akan", "oleh", "juga", "sudah", "telah", "bisa", "ada", "karena", "saat", "sebagai", "adalah", "tersebut", "mereka", "dia", "ia", "kami", "kita", "saya", "anda", "para", "atau", "agar", "bahwa", "seperti", "lebih", "menjadi", "namun", "hingga", "secara", "serta", "setelah", "antara", "masih", "harus", "dapat", "bagi", "tak", "pun", "belum", "sementara", "ketika", "jika", "maka", "hanya", "atas", "saja", "lalu", "kata", "ujar", "ujarnya", "katanya", "jelas", "tutur", "salah", "satu", "hal", "lain", "sejak", "sebelum", "terhadap", "melalui", "merupakan", "tahun", "hari", "nya", "the", "of", "and", "to", "in", "a", "is", "that", "for", "on", "with", "as", "was", "it", "by", "at", "from", "be", "this", "are", "an", "have", "has", "his", "her", "he", "she", "they", "we", "you", "not", "but", "or", "which", "were", "will", "had", "their", "its", "who", "been", "more", "about", "would", "said", "after", "one", "when", "there", "all", "out", "up", "so", "if", "than", "into", "can", "also", "over", "no", "what", "new"]
)

NAMES: tuple[str, ...] = (
    "log_chars", "log_words", "word_length", "digit_share", "upper_share", "punct_share", "comma_rate",
    "ends_sentence", "ends_colon", "ends_dots", "quotes", "stop_share", "log_stops", "starts_lower",
    "starts_digit", "rank", "ago", "date", "clock", "separator", "initials", "handle", "titlecase_share",
    "all_caps", "dateline", "verb_lead", "lead_colon", "byline", "social", "count", "continue", "question",
    "currency", "sentences", "is_long",
    *(f"head_{k}" for k in HEADING_KINDS), *(f"word_{k}" for k in HEADING_KINDS),
    *(f"lead_{k}" for k in HEADING_KINDS),
)  # fmt: skip
"""Names of the columns. Shares are 0 to 1, flags 0 or 1, ``log_*`` natural logarithms of 1 + count."""

_SHORT = 90
"""Texts up to this many characters are kept."""

N_SHAPE = NAMES.index("head_related")

_AGO = re.compile(
    r"\b(?:\d+|se|satu|dua|tiga|a|an)\s?(?:detik|menit|jam|hari|minggu|pekan|bulan|tahun|mins?|minutes?|hours?|days?|hrs?|weeks?|months?)\s(?:yang\s)?(?:lalu|ago)\b"
    r"|\bbaru saja\b|\bkemarin\b|^\d{1,2}\s?(?:h|hr|hrs|m|d|j)$|\bsejam lalu\b",
    re.I,
)
_AGO_HINTS = ("lalu", "ago", "baru saja", "kemarin")
_MONTH = r"(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|mar(?:et|ch)?|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?|ag(?:u?st(?:us)?|t|s)|aug(?:ust)?|sep(?:t(?:ember)?)?|o[kc]t(?:ober)?|nov(?:ember)?|de[sc](?:ember)?)"
_DATE = re.compile(
    rf"\b\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:20)?\d\d\b|\b20\d\d[/-]\d\d[/-]\d\d|\b\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}\.?,?\s'?\d{{2,4}}\b|\b{_MONTH}\.?\s\d{{1,2}},?\s\d{{4}}\b|\b\d{{1,2}}\s{_MONTH}$",
    re.I,
)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s?(?:wib|wita|wit|am|pm|gmt)?\b", re.I)
_INITIALS = re.compile(r"^[(\[][\w\s./*&,-]{2,40}[)\]]$")
_DATELINE = re.compile(r"^(?:[A-Z][\w.]+(?:\.com|\.co|\.id)?,?\s?){1,4}(?:\([^)]{1,20}\)\s?)?\s?[-–—:]{1,2}\s?[A-Z\"“]")
_LEAD_COLON = re.compile(r"^[^.:?!]{2,40}\s?:(?!\d)")
_COUNT = re.compile(
    r"^\W*\d[\d.,]*\s?(?:k|rb|jt|x)?\+?\s?(?:views?|kali|dibaca|komentar|comments?|shares?|likes?|pembaca|dilihat|suka|dibagikan|tayangan)\b"
    r"|^(?:dibaca|views?|komentar|comments?|dilihat)\s?:?\s?\(?\d",
    re.I,
)
_CURRENCY = re.compile(r"\b(?:rp|usd|idr|eur)\b\.?\s?\d", re.I)
_VERBS = frozenset("baca simak lihat tonton saksikan read see watch klik cek".split())
_BYLINES = frozenset(
    "oleh penulis editor reporter pewarta wartawan kontributor laporan sumber source foto photo dok copyright by"
    " ditulis written penerjemah uploader redaktur image ilustrasi credit kredit via".split()
)
_SOCIAL = frozenset(
    "facebook twitter whatsapp telegram instagram linkedin pinterest youtube tiktok salin tautan link email line threads rss".split()
)
_CONTINUE = frozenset(
    "scroll gulir swipe geser lanjut lanjutkan selengkapnya halaman berikutnya selanjutnya sebelumnya semua load all view indeks more".split()
)

# Classes of characters; those beyond the table count as lower-case letters.
_LETTER, _UPPER, _DIGIT, _SPACE, _PUNCT, _COMMA, _QUOTE, _STOP, _MARK, _HANDLE, _SIGN = (1 << k for k in range(11))
_CHARS = np.zeros(0x2200, np.uint16)
for _code in range(len(_CHARS)):
    _ch = chr(_code)
    if _ch.isalpha():
        _CHARS[_code] = _LETTER | (_UPPER if _ch.isupper() else 0)
    elif _ch.isdigit():
        _CHARS[_code] = _DIGIT
    else:
        _CHARS[_code] = _SPACE if _ch.isspace() else _PUNCT
for _chars, _bit in ((",", _COMMA), ("\"“”‘«»", _QUOTE), (".!?", _STOP), ("|»/>•·", _MARK), ("@©", _HANDLE), ("$€£%", _SIGN)):
    for _ch in _chars:
        _CHARS[ord(_ch)] |= _bit
_COUNTED = (_LETTER, _UPPER, _DIGIT, _SPACE, _COMMA, _QUOTE, _MARK, _HANDLE, _SIGN)


def _count_chars(texts: list[str]) -> np.ndarray:
    """Count characters a text by class: columns `_COUNTED`, capitalised words, sentence borders."""
    joined = "\n".join(texts) + "\n"  # a border after the last, too: a row must not depend on its neighbours
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    classes = np.where(codes < len(_CHARS), _CHARS[np.minimum(codes, len(_CHARS) - 1)], _LETTER)
    starts = np.cumsum([0, *(len(t) + 1 for t in texts[:-1])])
    upper, space = (classes & _UPPER) > 0, (classes & _SPACE) > 0
    first = upper.copy()
    first[1:] &= space[:-1]
    border = np.zeros(len(classes), bool)
    border[2:] = upper[2:] & space[1:-1] & ((classes[:-2] & _STOP) > 0)
    flags = np.stack([(classes & bit) > 0 for bit in _COUNTED] + [first, border])
    return np.add.reduceat(flags, starts, axis=1, dtype=np.int32).T


def rows(texts: list[str]) -> np.ndarray:
    """Describe texts that are not empty: shape ``(n_texts, len(NAMES))``, float32."""
    counts = _count_chars(texts)
    values = [_row(text, digits, marks) for text, digits, marks in zip(texts, counts[:, 2].tolist(), counts[:, 6].tolist(), strict=True)]
    own = np.array(values, np.float32)
    letters, upper, digits, spaces, commas, quotes, _, handles, signs, capitalised, borders = counts.T.astype(np.float32)
    size, words, stops, http, currency = own[:, 0], np.maximum(own[:, 1], 1), own[:, 2], own[:, 3], own[:, 4]
    out = np.empty((len(texts), len(NAMES)), np.float32)
    columns = (
        np.log1p(size), np.log1p(words), np.minimum(size / words, 20) / 10, digits / size, upper / np.maximum(letters, 1),
        (size - letters - digits - np.minimum(spaces, size)) / size, np.minimum(commas / words, 1),
        own[:, 5], own[:, 6], own[:, 7], quotes > 0, stops / words, np.log1p(stops), own[:, 8], own[:, 9], own[:, 10],
        own[:, 11], own[:, 12], own[:, 13], own[:, 14], own[:, 15], np.maximum(handles > 0, http), capitalised / words,
        (letters > 1) & (upper == letters), own[:, 16], own[:, 17], own[:, 18], own[:, 19], own[:, 20], own[:, 21], own[:, 22],
        own[:, 23], np.maximum(signs > 0, currency), np.log1p(borders), words >= 25,
    )  # fmt: skip
    for i, column in enumerate(columns):
        out[:, i] = column
    for part in range(3):
        at = N_SHAPE + part * len(HEADING_KINDS)
        out[:, at : at + len(HEADING_KINDS)] = unpack(own[:, 24 + part].astype(np.int64), len(HEADING_KINDS))
    return out


def _row(text: str, digits: int, marks: int) -> tuple[float, ...]:
    """What of a text's description needs its words: sizes first, flags, bits of the lexicon last."""
    size = len(text)
    short = size <= 160
    lowered = text.lower()
    tokens = lowered.split()
    stops = len([1 for t in tokens if t in STOPWORDS])
    plain = heading_words(text if size <= 100 else text[:100])
    head, part, lead = heading_bits(plain)
    if size > 100:
        head = part = 0
    first, last = text[0], text[-1]
    dots = last == "…" or text.endswith("...")
    ends = not dots and (last in ".!?" or (last in "\"”'’)" and text[-2:-1] in (".", "!", "?", ",")))
    lead_word = plain[0] if plain else ""
    ago = date = clock = count = False
    if short:
        if digits:
            date, clock, count = bool(_DATE.search(text)), bool(_CLOCK.search(text)), bool(_COUNT.search(text))
        ago = bool((digits or any(hint in lowered for hint in _AGO_HINTS)) and _AGO.search(text))
    return (
        size, len(tokens), stops, "www." in lowered or "http" in lowered, bool(digits and _CURRENCY.search(text)),
        ends, last == ":", dots, first.islower(), first.isdigit(), size <= 3 and bool(digits) and text.strip(".#)").isdigit(),
        ago, date, clock, short and marks > 0, short and first in "([" and bool(_INITIALS.match(text)),
        bool(_DATELINE.match(text[:80])) if first.isupper() else False,
        lead_word in _VERBS, ":" in text[:45] and bool(_LEAD_COLON.match(text)), lead_word in _BYLINES or first == "©",
        short and not _SOCIAL.isdisjoint(plain), count, short and not _CONTINUE.isdisjoint(plain), last == "?",
        head, part, lead,
    )  # fmt: skip


class Wording:
    """Rows of texts, computed once each.

    Parameters
    ----------
    keep
        Number of short texts whose rows are kept; the memory is dropped whole
        when it is full, so a hostile crawl costs no more than that.
    """

    def __init__(self, keep: int = 40_000) -> None:
        self.keep = keep
        self._index: dict[str, int] = {}
        self._table = np.zeros((1024, len(NAMES)), np.float32)

    def rows(self, texts: list[str]) -> np.ndarray:
        """Describe texts: shape ``(n_texts, len(NAMES))``, float32."""
        index = self._index
        if len(index) > self.keep:
            index.clear()
        known = [index.get(text, -1) for text in texts]
        fresh = [i for i, number in enumerate(known) if number < 0]
        out = self._table[known]
        if fresh:
            made = rows([texts[i] for i in fresh])
            out[fresh] = made
            for i, values in zip(fresh, made, strict=True):
                text = texts[i]
                if len(text) <= _SHORT and text not in index:
                    number = index[text] = len(index)
                    if number >= len(self._table):
                        self._table = np.concatenate([self._table, np.zeros_like(self._table)])
                    self._table[number] = values
        return out
