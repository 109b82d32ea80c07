"""Dates as pages write them, for machines and for readers, to ISO 8601."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

MAX_CHARS = 500
"""Characters of a text that are searched for a date."""

_MONTHS = """
januari februari maret april mei juni juli agustus september oktober november desember
january february march april may june july august september october november december
januar februar märz april mai juni juli august september oktober november dezember
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
januari februari maart april mei juni juli augustus september oktober november december
jan feb mar apr mei jun jul agt sep okt nov des
jan feb mar apr may jun jul aug sep oct nov dec
jan feb mrt apr mai juni juli ags sept okt nop dez
jan feb maret apr mei jun jul agu sept okt nopember des
jän feb mär apr mai jun jul agus sep okt nov dec
"""
_NUMBER = {name: i % 12 + 1 for i, name in enumerate(_MONTHS.split())}
_MONTH = "|".join(sorted(_NUMBER, key=len, reverse=True))

_ZONES = {"wib": 7, "wita": 8, "wit": 9, "utc": 0, "gmt": 0, "z": 0}
_US = {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
_ZONES.update(_US, cet=1, cest=2, bst=1)
_ZONE = r"(?:\(?(?P<zone>wib|wita|wit|utc|gmt|[ecmp][sd]t|cest|cet|bst|z)\b ?(?P<shift>[+-]\d{1,2}(?::?\d\d)?)?\)?)"
_TIME = (
    r"(?P<hour>\d{1,2})(?P<colon>[:.])(?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d{1,9})?)?(?!\d)"
    rf"(?: ?(?P<half>[ap])\.?m\b\.?)?(?: ?(?:uhr|h)\b)?(?: ?{_ZONE}| ?(?P<offset>[+-]\d\d:?\d\d)(?!\d))?"
)
_BETWEEN = r"(?:[\s,|/•·–—@()-]|\bpukul\b|\bjam\b|\bat\b|\bum\b|\balle\b|\bvers\b|\bà\b|\ba las\b|\bts\b){0,6}"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.|er|º)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"


def _form(date: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\d/.:-]){date}(?:{_BETWEEN}{_TIME})?", re.I)


_FORMS = [
    _form(rf"{_YEAR}(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<day>\d\d?)(?!\d\d)(?:t(?=\d))?"),
    _form(
        rf"{_DAY}[ /-]?(?:de |of )?(?P<name>{_MONTH})\b\.?(?: del?|[,/-])? ?"
        r"(?P<year>(?:19|20)\d\d|'?\d\d(?![\d:.]))"
    ),
    _form(rf"(?P<name>{_MONTH})\b\.? {_DAY},? {_YEAR}"),
    _form(r"(?P<day>\d\d?)(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<year>(?:19|20)\d\d)"),
]
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ]\s?(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s?(Z|[A-Z]{3}|[+-]\d\d(?::?\d\d)?)?)?\Z",
    re.I,
)
_EPOCH = re.compile(r"(\d{10})(\d{3})?\Z")
_EARLIEST, _LATEST = 1970, 2100


class Found:
    """A date found in a text.

    Attributes
    ----------
    iso
        The date in ISO 8601.
    start, end
        Where it stands in the text.
    """

    __slots__ = ("end", "iso", "start")

    def __init__(self, iso: str, start: int, end: int) -> None:
        self.iso, self.start, self.end = iso, start, end

    @property
    def has_time(self) -> bool:
        """Whether the time of day is known."""
        return "T" in self.iso


def machine_date(value: object) -> str:
    """Read a date that is meant for machines (ISO 8601, RFC 2822, seconds since 1970), else as one for readers.

    Returns ISO 8601, ``""`` where there is no date.
    """
    if not isinstance(value, str):
        return ""
    text = " ".join(value[:MAX_CHARS].split())
    if iso := _ISO.match(text):
        year, month, day, hour, minute, second, zone = iso.groups()
        return _iso(year, month, day, hour, minute, second, _zone_of(zone))
    if epoch := _EPOCH.match(text):
        moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=int(epoch[1]))
        return moment.isoformat() if _EARLIEST < moment.year < _LATEST else ""
    try:
        moment = parsedate_to_datetime(text)
        return moment.isoformat() if _EARLIEST <= moment.year < _LATEST else ""
    except (TypeError, ValueError, IndexError, OverflowError):
        pass
    found = find_dates(text)
    return found[0].iso if found else ""


def find_dates(text: str, *, month_first: bool = False) -> list[Found]:
    """Find the dates in a text that readers see, in order; relative ones (``2 jam lalu``) are none.

    Parameters
    ----------
    month_first
        Whether ``1/2/2024`` may be the second of January: then it is no date,
        as nobody can tell.
    """
    text = text[:MAX_CHARS]
    found: list[Found] = []
    for form in _FORMS:
        for match in form.finditer(text):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            if iso := _read(match, month_first):
                found.append(Found(iso, match.start(), match.end()))
    return sorted(found, key=lambda date: date.start)


def _read(match: re.Match[str], month_first: bool) -> str:
    parts = match.groupdict()
    name, month, day = parts.get("name"), parts.get("month"), parts["day"]
    if name is not None:
        month = str(_NUMBER[name.lower()])
    elif month_first and parts["mark"] == "/" and match.start("year") > match.start("day"):
        if int(month or 0) > 12:
            month, day = day, month
        elif int(day or 0) <= 12 and day != month:
            return ""
    hour, half = parts["hour"], parts["half"]
    if hour is not None and half is not None:
        hour = str(int(hour) % 12 + 12 * (half.lower() == "p"))
    zone = parts["offset"]
    if name := parts["zone"]:
        zone = parts["shift"] if parts["shift"] else f"{_ZONES[name.lower()]:+03d}"
    year = str(parts["year"]).lstrip("'")
    return _iso(
        year if len(year) == 4 else f"20{year}", month, day, hour, parts["minute"], parts["second"], _zone_of(zone)
    )


def _zone_of(text: str | None) -> timezone | None:
    """Read a zone: ``Z``, ``+0700``, ``+07:00``, ``+7``, a name."""
    if not text:
        return None
    if text[0] not in "+-":
        hours = _ZONES.get(text.lower())
        return None if hours is None else timezone(timedelta(hours=hours))
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        return None
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(-shift if text[0] == "-" else shift)


def _iso(
    year: str | None,
    month: str | None,
    day: str | None,
    hour: str | None,
    minute: str | None,
    second: str | None,
    zone: timezone | None,
) -> str:
    """Return ISO 8601, as exact as what is given; ``""`` for a day that there is not."""
    try:
        date = datetime(int(year or 0), int(month or 0), int(day or 0))
    except ValueError:
        return ""
    if not _EARLIEST <= date.year < _LATEST:
        return ""
    if hour is None or minute is None or int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        return date.date().isoformat()
    moment = date.replace(hour=int(hour), minute=int(minute), second=int(second or 0), tzinfo=zone)
    return moment.isoformat(timespec="minutes" if second is None else "seconds")
