"""Noise inside a paragraph, found only where both its ends are certain.

Scrapers that drop line breaks leave `Baca juga: Judul berita` in the middle
of a paragraph, and the initials and tags of the article at its end. No sentence
of the story may be lost, so a piece whose ends are in doubt stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left

import numpy as np

from boilerplate.document import Span
from boilerplate.labels import Label

_SIGNS = ("dvertisement", "ADVERTISEMENT", "SCROLL", "[Gambas")
# Searching for a single character is fastest; a look-behind then checks the word before it.
_CUE = re.compile(
    ":(?:" + "|".join(f"(?<={word}{gap}:)" for word in ("uga", "UGA", "ula", "ainnya") for gap in ("", r"\s")) + ")"
)
_AFTER = r"(?:(?<=[.!?…)\"”])|(?<=[.!?…)\"”]\s)|^)"
_READ_ALSO = re.compile(
    _AFTER
    + r"\(?(?:(?:[Bb]aca|BACA|[Ss]imak|SIMAK|[Ll]ihat|LIHAT|[Tt]onton|TONTON)\s(?:[Jj]uga|JUGA|[Pp]ula)"
    + r"|Baca\s(?:artikel|berita)(?:\smenarik)?\slainnya)\s?:\s*"
)
_AD_MARK = re.compile(
    _AFTER + r"(?:ADVERTISEMENT|Advertisement|SCROLL TO CONTINUE WITH CONTENT|SCROLL TO CONTINUE)(?=\s*(?:[\"“A-Z]|$))"
)
_GALLERY = re.compile(r"\[Gambas:[^\[\]]{1,40}\]")
_INITIALS_TAIL = re.compile(r"\([a-z]{2,5}(?:/[a-z\d]{2,5}){1,2}\)(?=[^\W\d_])[^.!?:;()\"“”]{1,150}$")
_APPEAL = re.compile(
    r"(?<=[.!?])(?:Temukan|Dapatkan|Ikuti|Gabung|Yuk,|Unduh|Download|Follow)\b[^.!?]{5,160}?"
    r"(?:\w\.com|\w\.id|WhatsApp|Telegram|Google News|aplikasi)\b[^.!?]{0,60}[.!?]"
)
_BORDER = re.compile(r"(?<=[a-z\d?!)’”\"])(?=[A-Z“][a-z])")
_QUESTION = re.compile(r"[?!]\s+(?=[\"“A-Z])")
_SENTENCE = re.compile(r"[.!?][\"”']?\s+[\"“A-Z]")
_CLOSING = frozenset(",.;:!?)%")
_WORD = re.compile(r"[^\W\d_]+")

MAX_WORDS = 22
"""No headline is longer."""
_MAX_CHARS = 400  # nor than this, whatever its words: what is sought in one stays bounded
_SAMPLE = 200  # characters that tell a sentence from a headline
_MAX_GAP = 200  # characters between an appeal and the noise after it


def find_spans(text: str) -> tuple[Span, ...]:
    """Find the pieces of a paragraph that are not the story's, first to last; most have none."""
    # The patterns are slow: they run only where a quick search says that one could match.
    if not (_has_sign(text) or _has_tail(text)):
        return ()
    spans = [Span(*m.span(), Label.AD) for m in _AD_MARK.finditer(text)]
    spans += [Span(*m.span(), Label.CHROME) for m in _GALLERY.finditer(text)]
    leads = list(_READ_ALSO.finditer(text))
    for k, lead in enumerate(leads):
        limit = leads[k + 1].start() if k + 1 < len(leads) else len(text)
        end = _headline_end(text, lead.end(), limit)
        if end > 0:
            spans.append(Span(lead.start(), end, Label.RELATED))
    tail = _INITIALS_TAIL.search(text, max(len(text) - 200, 0)) if _has_tail(text) else None
    if tail and len(tail.group().split()) <= 14:
        spans.append(Span(*tail.span(), Label.META))
    if spans:  # an appeal to the reader is noise for certain beside other noise only
        starts = sorted(span.start for span in spans)
        spans += [_appeal_span(text, m, starts) for m in _APPEAL.finditer(text)]
    return _without_overlaps(spans)


def find_in_blocks(texts: list[str], kept: np.ndarray) -> dict[int, tuple[Span, ...]]:
    """Find the noise inside the kept blocks (`kept`: shape (n_blocks,), bool), by the block's number."""
    numbers = np.flatnonzero(kept).tolist()
    any_sign = _has_sign("\n".join([texts[i] for i in numbers]))  # one search through all, as most have none
    found = ((i, find_spans(texts[i])) for i in numbers if any_sign or _has_tail(texts[i]))
    return {i: spans for i, spans in found if spans}


def _has_sign(text: str) -> bool:
    return any(map(text.__contains__, _SIGNS)) or _CUE.search(text) is not None


def _has_tail(text: str) -> bool:
    return text[-1].isalnum() and ")" in text[-180:]


def _carries_on(first: str) -> bool:
    """Whether a character goes on with the word or sentence before it: no capital, or closing punctuation."""
    return first in _CLOSING or (first.isalpha() and not first.isupper())


def remove_spans(text: str, spans: tuple[Span, ...]) -> str:
    """Cut spans out of a text, and the white space around them; a word or sentence goes on behind them as it did."""
    kept: list[str] = []
    at, open_end = 0, False  # whether white space stood at the end of what is kept so far
    for start, end in [*((span.start, span.end) for span in spans), (len(text), len(text))]:
        part, at = text[at:start], end
        stripped = part.strip()
        if not stripped:
            open_end = open_end or part != ""
            continue
        if kept and (open_end or part[0].isspace() or not _carries_on(part[0])):
            kept.append(" ")
        kept.append(stripped)
        open_end = part[-1].isspace()
    return "".join(kept)


def _headline_end(text: str, start: int, limit: int) -> int:
    """Where the headline that starts at `start` ends; -1 where that is not certain."""
    rest = text[start:limit]
    words = rest.split()
    if not words or (
        limit < len(text) and len(words) <= MAX_WORDS and not _SENTENCE.search(rest) and _is_titlecase(rest)
    ):
        return limit if words else -1
    if limit == len(text) and not _SENTENCE.search(rest):
        # All that is left: a headline has no full stop, the story's sentences have.
        if _is_titlecase(rest) and rest[-1] not in '."”':
            return limit
        if len(words) <= MAX_WORDS and rest[-1].isalnum():
            return limit
    # A headline in capitals, then a sentence: glued to it, or after its question mark.
    borders = [m.start() for m in _BORDER.finditer(rest, 0, _MAX_CHARS + 2)]
    borders += [m.end() for m in _QUESTION.finditer(rest, 0, _MAX_CHARS + 1)]
    for border in sorted(borders):
        title = rest[:border]
        if len(title.split()) > MAX_WORDS or _SENTENCE.search(title.rstrip()[:-1]):
            return -1
        if len(title.split()) >= 4 and _is_titlecase(title) and _is_prose(rest[border : border + _SAMPLE]):
            return start + border
    return -1


def _is_titlecase(text: str) -> bool:
    """Whether nearly all words of four letters or more start with a capital."""
    words = [word for word in _WORD.findall(text) if len(word) >= 4]
    return len(words) >= 3 and sum(word[0].isupper() for word in words) >= 0.8 * len(words)


def _is_prose(text: str) -> bool:
    """Whether a text starts with a sentence: most of its first words are in lower case."""
    words = _WORD.findall(text[:_SAMPLE])[1:13]
    return len(words) >= 4 and sum(word[0].islower() for word in words) >= 0.6 * len(words)


def _appeal_span(text: str, appeal: re.Match[str], starts: list[int]) -> Span:
    """The span of an appeal, up to the noise after it (at one of `starts`) if only a few words part them."""
    start, end = appeal.span()
    at = bisect_left(starts, end)
    if at < len(starts) and starts[at] - end <= _MAX_GAP and len(text[end : starts[at]].split()) <= 6:
        end = starts[at]
    return Span(start, end, Label.AD)


def _without_overlaps(spans: list[Span]) -> tuple[Span, ...]:
    """Sort spans and drop those that overlap one before them."""
    out: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not out or span.start >= out[-1].end:
            out.append(span)
    return tuple(out)
