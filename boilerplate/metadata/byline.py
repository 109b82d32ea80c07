"""Names of authors in the lines above and below a story."""

from __future__ import annotations

import re

from boilerplate.metadata.dates import find_dates

_CALLED = (
    r"ditulis oleh|laporan wartawan(?: [A-Z][\w.]+){0,4},?|laporan|penulis|reporter|pewarta|jurnalis|wartawan"
    r"|kontributor|written by|posted by|words by|story by|report by|published by|author of the article|authors?"
    r"|autor(?:in)?|redacción"
)
_BY = r"oleh|by|kommentar von|von|texte|par|por|door"
_EDITORS = r"editor|penyunting|redaktur|edited by"
_ROLES = rf"(?:(?P<writer>(?i:{_CALLED}))|(?P<editor>(?i:{_EDITORS})))\b"
# A role begins a line or stands behind a sign; with a colon it may stand anywhere. Prepositions only begin a line.
_LEAD = re.compile(
    rf"(?:\A\W*|(?<=[|•·/\n(–—])\s*|\b(?=[^:|]{{0,40}}:)){_ROLES}\s?[:\-–|]?\s*(?=[A-ZÀ-Þ\"'(])"
    rf"|(?:\A\W*|(?<=[|•·])\s*)(?P<by>(?i:{_BY}))\b\s?[:\-–|]?\s*(?=[A-ZÀ-Þ\"'(])"
)
_ALONE = re.compile(rf"\W*(?:{_ROLES}|(?P<by>(?i:{_BY}))\b)\W*\Z")
_PARTICLE = r"(?:van|von|de|der|den|del|della|da|dos|du|la|le|bin|binti|al|el|y|ten|ter|op)"
_WORD = r"(?:[A-ZÀ-ÞĀ-Ž][\w'’.-]*|[A-Z]\.)"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_WORD}){{0,5}}")
_GLUED = re.compile(r"(?<=[a-zà-ÿ]{4})(?=[A-ZÀ-Þ])")  # what follows a name in an element of its own
_HOST = re.compile(r"[\w.-]+\.(?:com|co|id|net|news|org|tv)\Z", re.I)
_JOIN = re.compile(r"\s*(?:,|;|&|/|\+|\b(?:and|dan|und|et|y|e|en|with|bersama)\b)\s*")
_DAYS = (
    r"senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|januari|februari|january|february"
)
_CUT = re.compile(
    rf"\s*(?:[|•·(\[–—]|\s-\s?|-\s|,(?!\s*(?-i:{_WORD}))"
    rf"|\b(?:{_DAYS}|editor|reporter|penulis|on|in|published|posted|updated|am|um)\b)",
    re.I,
)
_NO_NAME = re.compile(
    rf"\b(?:{_DAYS}|editor|redaksi|redaktion|admin|administrator|staff|newsroom|tim|desk|news|home|baca|foto|photo|image"
    r"|share|follow|comments?|min|read|views?|kategori|categor(?:y|ies)|tags?|updated|published|posted|veröffentlicht"
    r"|by|oleh|von|author|penulis|reporter|all|the)\b",
    re.I,
)


def alone(text: str) -> str:
    """Whether a text is nothing but a role (``Penulis:``): ``"writer"``, ``"editor"``, else ``""``."""
    match = _ALONE.match(text[:60])
    return "" if match is None else "writer" if not match["editor"] else "editor"


def writers(text: str) -> tuple[list[str], list[str]]:
    """Find the writers and the editors that a line names behind their role (``Penulis: Rani Putri, Editor: Budi``)."""
    text = without_dates(text[:400])
    found: tuple[list[str], list[str]] = ([], [])
    leads = list(_LEAD.finditer(text))[:10]
    for i, lead in enumerate(leads):
        end = leads[i + 1].start() if i + 1 < len(leads) else len(text)
        found[bool(lead["editor"])].extend(split_names(text[lead.end() : end]))
    return found


def without_dates(text: str) -> str:
    """Return a text with a bar where dates stood."""
    for date in reversed(find_dates(text)):
        text = f"{text[: date.start]} | {text[date.end :]}"
    return text


def split_names(text: str) -> list[str]:
    """Return the names at the start of a text, up to what can be none."""
    cut = _CUT.search(text.lstrip())
    text = text.strip()[: cut.start()] if cut is not None else text.strip()
    names = []
    for part in _JOIN.split(text[:200])[:8]:
        if _HOST.match(part):  # "Laporan Wartawan Portal.com, Rani"
            continue
        match = _NAME.match(part)
        if match is None:
            break
        if name := _GLUED.split(match[0])[0].rstrip(" .-"):
            if len(name) < 3 or _NO_NAME.search(name):
                break
            names.append(name)
        if match.end() < len(part.rstrip(" .")):
            break
    return names
