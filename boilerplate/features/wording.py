"""Features of a block's own text: its shape and its wording.

Rows are looked up by text, since the same menus, headings and footers come
back on every page of a portal; a row is computed once and kept.
"""

from __future__ import annotations

import re
from math import log1p

import numpy as np

from boilerplate.features.lexicon import HEADING_KINDS, heading_bits, heading_words

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

N_SHAPE = NAMES.index("head_related")

_AGO = re.compile(
    r"\b(?:\d+|se|satu|dua|tiga|a|an)\s?(?:detik|menit|jam|hari|minggu|pekan|bulan|tahun|mins?|minutes?|hours?|days?|hrs?|weeks?|months?)\s(?:yang\s)?(?:lalu|ago)\b"
    r"|\bbaru saja\b|\bkemarin\b|^\d{1,2}\s?(?:h|hr|hrs|m|d|j)$|\bsejam lalu\b",
    re.I,
)
_MONTH = r"(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|mar(?:et|ch)?|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?|ag(?:u?st(?:us)?|t|s)|aug(?:ust)?|sep(?:t(?:ember)?)?|o[kc]t(?:ober)?|nov(?:ember)?|de[sc](?:ember)?)"
_DATE = re.compile(
    rf"\b\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:20)?\d\d\b|\b20\d\d[/-]\d\d[/-]\d\d|\b\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}\.?,?\s'?\d{{2,4}}\b|\b{_MONTH}\.?\s\d{{1,2}},?\s\d{{4}}\b|\b\d{{1,2}}\s{_MONTH}$",
    re.I,
)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s?(?:wib|wita|wit|am|pm|gmt)?\b", re.I)
_INITIALS = re.compile(r"^[(\[][\w\s./*&,-]{2,40}[)\]]$")
_DATELINE = re.compile(r"^(?:[A-Z][\w.]+(?:\.com|\.co|\.id)?,?\s?){1,4}(?:\([^)]{1,20}\)\s?)?\s?[-–—:]{1,2}\s?[A-Z\"“]")
_VERB = re.compile(r"^[\s\"“(\[>»•*-]*(?:baca|simak|lihat|tonton|saksikan|read|see|watch|klik|cek)\b", re.I)
_LEAD_COLON = re.compile(r"^[^.:?!]{2,40}\s?:(?!\d)")
_BYLINE = re.compile(
    r"^[\s(]*(?:oleh|penulis|editor|reporter|pewarta|wartawan|kontributor|laporan|sumber|source|foto|photo|dok|copyright|©|by|ditulis|written|penerjemah|uploader|redaktur|image|ilustrasi|credit|kredit|via)\b",
    re.I,
)
_SOCIAL = re.compile(
    r"\b(?:facebook|twitter|whats\s?app|telegram|instagram|linkedin|pinterest|youtube|tiktok|copy link|salin tautan|salin link|e-?mail|line|threads|rss)\b",
    re.I,
)
_COUNT = re.compile(
    r"^\W*\d[\d.,]*\s?(?:k|rb|jt|x)?\+?\s?(?:views?|kali|dibaca|komentar|comments?|shares?|likes?|pembaca|dilihat|suka|dibagikan|tayangan)\b"
    r"|^(?:dibaca|views?|komentar|comments?|dilihat)\s?:?\s?\(?\d",
    re.I,
)
_CONTINUE = re.compile(
    r"\b(?:scroll|gulir|swipe|geser|lanjut(?:kan)?|selengkapnya|halaman|berikutnya|selanjutnya|sebelumnya|lihat semua|read more|load more|see all|view all|indeks|more)\b",
    re.I,
)
_CURRENCY = re.compile(r"\b(?:rp|usd|idr|eur)\b\.?\s?\d|[$€£%]", re.I)
_QUOTES = re.compile("[\"“”‘«»]")
_SENTENCE = re.compile(r"[.!?][\"”']?\s+[\"“A-Z]")


def row(text: str) -> list[float]:
    """Describe a text: one value for each of `NAMES`."""
    chars = len(text)
    tokens = text.split()
    words = len(tokens) or 1
    short = chars <= 160
    lowered = text.lower()
    low_tokens = lowered.split()
    letters = digits = upper = 0
    sample = text if chars <= 400 else text[:400]
    for ch in sample:
        if ch.isalpha():
            letters += 1
            if ch.isupper():
                upper += 1
        elif ch.isdigit():
            digits += 1
    size = len(sample) or 1
    spaces = sample.count(" ")
    stops = sum(t in STOPWORDS for t in low_tokens)
    first, last = text[:1], text[-1:]
    ends = last in ".!?" or (last in "\"”'’)" and text[-2:-1] in ".!?,")
    dots = text.endswith(("...", "…"))
    titlecase = sum(t[0].isupper() for t in tokens) / words if tokens else 0.0
    plain = heading_words(text if chars <= 100 else text[:100])
    head, part, lead = heading_bits(plain)
    if chars > 100:
        head = part = 0
    values = [
        log1p(chars),
        log1p(words),
        min(chars / words, 20.0) / 10,
        digits / size,
        upper / max(letters, 1),
        (size - letters - digits - spaces) / size,
        min(text.count(",") / words, 1.0),
        ends and not dots,
        last == ":",
        dots,
        bool(_QUOTES.search(text)),
        stops / words,
        log1p(stops),
        first.islower(),
        first.isdigit(),
        chars <= 3 and text.strip(".#)").isdigit(),
        short and bool(_AGO.search(text)),
        short and bool(_DATE.search(text)),
        short and bool(_CLOCK.search(text)),
        any(s in text for s in ("|", "»", "/", ">", "•", "·")) if short else False,
        short and bool(_INITIALS.match(text)),
        ("@" in text or "©" in text or "www." in lowered or "http" in lowered),
        titlecase,
        letters > 1 and upper == letters,
        bool(_DATELINE.match(text[:80])),
        bool(_VERB.match(text)),
        bool(_LEAD_COLON.match(text)),
        bool(_BYLINE.match(text)),
        short and bool(_SOCIAL.search(text)),
        short and bool(_COUNT.search(text)),
        short and bool(_CONTINUE.search(text)),
        last == "?",
        bool(_CURRENCY.search(sample)),
        log1p(len(_SENTENCE.findall(text))),
        words >= 25,
    ]
    for bits in (head, part, lead):
        values.extend((bits >> k) & 1 for k in range(len(HEADING_KINDS)))
    return [float(v) for v in values]


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
        if len(index) + len(texts) > self.keep + len(texts):
            index.clear()
        out = np.empty((len(texts), len(NAMES)), np.float32)
        known: list[int] = []
        at: list[int] = []
        for i, text in enumerate(texts):
            if len(text) > 90:
                out[i] = row(text)
                continue
            number = index.get(text)
            if number is None:
                number = index[text] = len(index)
                if number >= len(self._table):
                    self._table = np.concatenate([self._table, np.zeros_like(self._table)])
                self._table[number] = row(text)
            known.append(number)
            at.append(i)
        if at:
            out[at] = self._table[known]
        return out
