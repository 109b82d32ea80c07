"""Features of a line's own text: `wording` and a few more, made fast for prose.

Texts come by the thousand a second and hold mostly paragraphs that never come
back, so a long line gets only the columns that tell paragraphs from what
stands between them; short lines are looked up like blocks of pages.
"""

from __future__ import annotations

import re
from functools import partial
from math import log1p

import numpy as np

from boilerplate.features.lookup import Lexicon, lexicon
from boilerplate.features.patterns import DATELINE_START
from boilerplate.features.wording import NAMES as WORDING
from boilerplate.features.wording import describe_texts
from boilerplate.lexicon.cache import BoundedCache
from boilerplate.lexicon.headings import Headings, headings
from boilerplate.lexicon.letters import heading_words
from boilerplate.lexicon.stopwords import STOPWORDS
from boilerplate.lexicon.tables import HEADING_KINDS, HeadingRows
from boilerplate.lexicon.vocabulary import LINE_APPEALS, LINE_BYLINES, LINE_CALLS, VERBS

_EXTRA = (
    "bracketed",
    "no_letters",
    "credit",
    "glued",
    "appeal",
    "about_article",
    "cut_off",
    "in_parens",
    "names_only",
    "calls",
    "site",
)
NAMES: tuple[str, ...] = (*WORDING, *_EXTRA)
"""Names of the columns: those of `wording`, then what only lines of text show."""

SHORT = 90
"""Characters up to which a line gets every column."""

_PROSE = (
    "log_chars",
    "log_words",
    "comma_rate",
    "ends_sentence",
    "ends_colon",
    "ends_dots",
    "quotes",
    "stop_share",
    "log_stops",
    "starts_lower",
    "starts_digit",
    "titlecase_share",
    "verb_lead",
    "lead_colon",
    "byline",
    "dateline",
    "question",
    "sentences",
    "is_long",
    *(f"lead_{k}" for k in HEADING_KINDS),
    "bracketed",
    "credit",
    "appeal",
    "about_article",
    "in_parens",
    "calls",
    "site",
)
_PROSE_AT = np.array([NAMES.index(name) for name in _PROSE])
_SAMPLE = 20  # words of a long line that are looked at one by one

_SITE = (".com", ".id", ".net", "situs kami", "laman ini", "redaksi")
_CREDIT = ("credit", "foto:", "dok.", "instagram/", "©", "image by", "istimewa)")
_ABOUT = ("tayang", "artikel ini", "selengkapnya")
_GLUED = re.compile(r"[a-z\d)][.!?:]?[A-Z][a-z]{2}")
_LEAD_COLON = re.compile(r"[^.:?!\"“]{2,40}\s?:(?!\d)")
_DATELINE = re.compile(DATELINE_START)
_NO_LETTERS = re.compile(r"[\W\d_]+$")


def _flags(lowered: str, low: list[str]) -> tuple[bool, int, bool, bool]:
    """Whether a text credits a picture, how it appeals to readers, whether it speaks of the article or names a site."""
    return (
        _holds(lowered, _CREDIT),
        len(LINE_APPEALS.intersection(low)),
        _holds(lowered, _ABOUT),
        _holds(lowered, _SITE),
    )


def _holds(text: str, marks: tuple[str, ...]) -> bool:
    for mark in marks:  # noqa: SIM110 - any() over a generator takes twice as long
        if mark in text:
            return True
    return False


def _extra(text: str) -> list[float]:
    """The columns `_EXTRA` of a short line."""
    credit, appeal, about, site = _flags(text.lower(), heading_words(text))
    tokens = text.split()
    capitals = sum(t[0].isupper() for t in tokens)
    return [
        text[0] == "[" and text[-1] == "]",
        bool(_NO_LETTERS.match(text)),
        credit,
        len(_GLUED.findall(text)),
        appeal,
        about,
        text[-1].isalnum() and tokens[-1].lower() in STOPWORDS,
        text[0] == "(" and text[-1] == ")",
        len(tokens) <= 4 and capitals == len(tokens),
        tokens[0].lower().strip("(,*[") in LINE_CALLS,
        site,
    ]


def _long(text: str, known: Headings) -> list[float]:
    """The columns `_PROSE` of a long line."""
    last, before = text[-1], text[-2]
    words = text.count(" ") + 1
    tokens = text.split(" ", _SAMPLE)[:_SAMPLE]
    lowered = text.lower()
    low = lowered.split(" ")
    stops = sum(map(STOPWORDS.__contains__, low))
    dots = last == "…" or text.endswith("...")
    opener = low[0].strip("\"“(['>•*-:,")
    lead = 0
    if opener in known.openers:
        lead = known.look_up(heading_words(text[:60]))[2]
    credit, appeal, about, site = _flags(lowered, low)
    values = [
        log1p(len(text)),
        log1p(words),
        min(text.count(",") / words, 1.0),
        (last in ".!?" or (last in "\"”'’)" and before in ".!?,")) and not dots,
        last == ":",
        dots,
        '"' in text or "“" in text,
        stops / words,
        log1p(stops),
        text[0].islower(),
        text[0].isdigit(),
        sum(map(str.istitle, tokens)) / len(tokens),
        opener in VERBS,
        ":" in text[:45] and bool(_LEAD_COLON.match(text)),
        opener in LINE_BYLINES,
        text[0].isupper() and bool(_DATELINE.match(text, 0, 80)),
        last == "?",
        log1p(text.count(". ")),
        words >= 25,
    ]
    values += [(lead >> k) & 1 for k in range(len(HEADING_KINDS))]
    values += [
        text[0] == "[" and last == "]",
        credit,
        appeal,
        about,
        text[0] == "(" and last == ")",
        opener in LINE_CALLS,
        site,
    ]
    return values


def _rows_of(texts: list[str], known: Lexicon) -> list[bytes]:
    """Work out the rows of short lines."""
    table = np.empty((len(texts), len(NAMES)), np.float32)
    table[:, : len(WORDING)] = describe_texts(texts, known)
    table[:, len(WORDING) :] = [_extra(text) for text in texts]
    data, size = table.tobytes(), table.strides[0]
    return [data[at : at + size] for at in range(0, len(data), size)]


def _row_of(known: Lexicon, text: str) -> bytes:
    return _rows_of([text], known)[0]


class LineWording:
    """Rows of features of lines; those of short lines are kept, for they come again.

    A row follows from its line alone, so threads may share them.
    """

    def __init__(self, extra: HeadingRows = (), capacity: int = 40_000) -> None:
        self._known, self._lexicon = headings(extra), lexicon(extra)
        self._kept = BoundedCache[bytes](partial(_row_of, self._lexicon), capacity, SHORT)

    def rows(self, texts: list[str]) -> np.ndarray:
        """Describe texts: shape ``(n_texts, len(NAMES))``, float32."""
        out = np.zeros((len(texts), len(NAMES)), np.float32)
        known: list[str] = []
        known_at: list[int] = []
        prose: list[list[float]] = []
        prose_at: list[int] = []
        for i, text in enumerate(texts):
            if len(text) > SHORT:
                prose.append(_long(text, self._known))
                prose_at.append(i)
                continue
            known.append(text)
            known_at.append(i)
        if known:
            out[known_at] = np.frombuffer(b"".join(self._look_up(known)), np.float32).reshape(-1, len(NAMES))
        if prose:
            out[np.array(prose_at)[:, None], _PROSE_AT] = np.array(prose, np.float32)
        return out

    def _look_up(self, texts: list[str]) -> list[bytes]:
        """The rows of short lines, as bytes: an array for each would take longer to put in one."""
        kept = self._kept
        found = list(map(kept.get, texts))
        fresh = list(dict.fromkeys(text for text, row in zip(texts, found, strict=True) if row is None))
        if not fresh:
            return found  # type: ignore[return-value]
        made = dict(zip(fresh, self._make(fresh), strict=True))
        kept.store(made)
        return [made[text] if row is None else row for text, row in zip(texts, found, strict=True)]

    def _make(self, texts: list[str]) -> list[bytes]:
        return _rows_of(texts, self._lexicon)
