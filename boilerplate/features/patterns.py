"""Regular expressions for what short texts are: dates, bylines, datelines, counts, page numbers."""

from __future__ import annotations

import re

_UNITS = (
    r"(?:detik|menit|jam|hari|minggu|pekan|bulan|tahun|mins?|minutes?|hours?|days?|hrs?|weeks?|months?)"
    r"\s(?:yang\s)?(?:lalu|ago)"
)
_SINCE = rf"(?:(?:\d+|se|satu|dua|tiga|a|an)\s?{_UNITS}|baru saja|kemarin|sejam lalu)"
# An age stands alone, ends or begins an entry, or is set off by a mark; `baru saja` in a sentence is none.
AGO = re.compile(
    rf"^\W*\d+\s?{_UNITS}\b|^\W*{_SINCE}\b(?=.{{0,40}}$)|\b{_SINCE}[^\w.?!]*$|[|•·–-]\s*{_SINCE}\b|^\d{{1,2}}\s?(?:h|hr|hrs|m|d|j)$",
    re.I,
)
_MONTH = (
    r"(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|mar(?:et|ch)?|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?"
    r"|ag(?:u?st(?:us)?|t|s)|aug(?:ust)?|sep(?:t(?:ember)?)?|o[kc]t(?:ober)?|nov(?:ember)?|de[sc](?:ember)?)"
)
# Most of a text can be passed over by its first letters, so each way of telling a date begins with what it is told by.
DATE = re.compile(
    rf"\b(?:\d\d?(?:[/.-]\d\d?[/.-](?:20)?\d\d\b|\s{_MONTH}$|(?:st|nd|rd|th)?\s{_MONTH}\.?,?\s'?\d{{2,4}}\b)"
    rf"|20\d\d[/-]\d\d[/-]\d\d|(?=[jfmasond]){_MONTH}\.?\s\d\d?,?\s\d{{4}}\b)",
    re.I,
)
CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s?(?:wib|wita|wit|am|pm|gmt)?\b", re.I)
INITIALS = re.compile(r"^[(\[][\w\s./*&,-]{2,40}[)\]]$")
# Something must part the words, so that a long one can be read in one way only: no page may make this slow.
DATELINE_START = r"[A-Z][\w.]+(?:(?:,\s?|\s)[A-Z][\w.]+){0,3},?\s?(?:\([^)]{1,20}\)\s?)?\s?[-–—:]{1,2}\s?[A-Z\"“]"
DATELINE = re.compile(rf"^{DATELINE_START}|^[\w-]+\.(?:com|co\.id|net|id),\s[A-Z]")
LEAD_COLON = re.compile(r"^[^.:?!]{2,40}\s?:(?!\d)")
COUNT = re.compile(
    r"^\W*\d[\d.,]*\s?(?:k|rb|jt|x)?\+?\s?(?:views?|kali|dibaca|komentar|comments?|shares?|likes?|pembaca|dilihat|suka|dibagikan|tayangan)\b"
    r"|^(?:dibaca|views?|komentar|comments?|dilihat)\s?:?\s?\(?\d",
    re.I,
)
PAGER = re.compile(
    r"^\W*(?:halaman|hal|page|foto|photo|slide)?\W*\d{1,3}\s?(?:dari|of|/)\s?\d{1,3}(?:\s(?:halaman|pages?|foto|photos?|gambar))?\W*$",
    re.I,
)
CURRENCY = re.compile(r"\b(?:rp|usd|idr|eur)\b\.?\s?\d", re.I)
