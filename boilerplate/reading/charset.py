"""Bytes to text, the way a browser does it."""

from __future__ import annotations

import codecs
import re
from itertools import islice

from boilerplate.compiled import fastest
from boilerplate.errors import InputError

_utf8 = fastest("boilerplate.reading._utf8")

MAX_BYTES = 64 * 2**20
"""Largest page that is read, in bytes: no article is a hundredth of it."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MAGIC = (
    (rb"%PDF-", "a PDF file"),
    (rb"\x89PNG", "a PNG image"),
    (rb"\xff\xd8\xff", "a JPEG image"),
    (rb"GIF8[79]a", "a GIF image"),
    (rb"RIFF.{4}(?:WEBP|WAVE|AVI )", "an image or a recording"),
    (rb"PK\x03\x04", "a ZIP archive or an office document"),
    (rb"\x1f\x8b", "gzip data"),
    (rb"\x7fELF", "a program"),
    (rb"PAR1", "a Parquet file"),
    (rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)", "bzip2 data"),
    (rb"\x28\xb5\x2f\xfd", "zstandard data"),
    (rb"\xfd7zXZ\x00", "xz data"),
)

# https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding
_META = re.compile(rb"""<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]+)""", re.I)
_PRESCAN = 4096
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w:.-]+)""", re.I)

# Encodings that browsers know, by Python's names, and how they read them:
# https://encoding.spec.whatwg.org/#names-and-labels. No other codec is tried:
# Python has some that take hours on a large page (punycode) or are no charset.
_BROWSER = {
    **{
        name: name
        for name in [
            "utf-8",
            "cp866",
            "iso8859-2",
            "iso8859-3",
            "iso8859-4",
            "iso8859-5",
            "iso8859-6",
            "iso8859-7",
            "iso8859-8",
            "iso8859-10",
            "iso8859-13",
            "iso8859-14",
            "iso8859-15",
            "iso8859-16",
            "koi8-r",
            "koi8-u",
            "mac-roman",
            "cp874",
            "cp1250",
            "cp1251",
            "cp1252",
            "cp1253",
            "cp1254",
            "cp1255",
            "cp1256",
            "cp1257",
            "cp1258",
            "mac-cyrillic",
            "gb18030",
            "big5hkscs",
            "euc_jp",
            "cp932",
            "cp949",
        ]
    },
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
_ALIASES = {"x-sjis": "cp932", "x-gbk": "gbk", "windows-874": "cp874", "windows-949": "cp949", "x-cp1252": "cp1252"}

# One encoding a script: accents are too few in most pages to tell Western from Central European.
_CANDIDATES = ["cp1252", "cp1251", "koi8_r", "cp1256", "cp932", "big5", "gb18030", "euc_kr"]

_CONTROL = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))
_NOT_ASCII = bytes(range(128, 256))
_CONTROL_TEXT = dict.fromkeys([*_CONTROL, 0xFFFD])


def decode(data: bytes, content_type: str = "") -> str:
    """Decode the bytes of a page or a text.

    Order of evidence: byte order mark; valid UTF-8 (whatever the page says of
    itself, since text in another encoding is hardly ever valid UTF-8 by
    chance); UTF-8 with a few broken bytes; the charset that the page declares,
    read as browsers read it; the one that its HTTP header declares; a detection
    library.

    Parameters
    ----------
    content_type
        The HTTP header of that name.

    Raises
    ------
    InputError
        If the data is binary (a PDF, an image, …) or longer than `MAX_BYTES`.
    """
    return to_utf8(data, content_type).decode("utf-8")


def to_utf8(data: bytes, content_type: str = "") -> bytes:
    """Decode like `decode`, but give UTF-8: the data itself where it is that."""
    if len(data) > MAX_BYTES:
        raise InputError(f"{len(data) / 2**20:.0f} MB is too large for a page (at most {MAX_BYTES // 2**20} MB)")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            rest = data[len(bom) :]
            return _encode(rest.decode("utf-8", "replace") if encoding == "utf-8" else _wide(rest, encoding))
    for magic, name in _MAGIC:
        if re.match(magic, data, re.S):
            raise InputError(f"not a page or a text: {name}")
    head = data[:_PRESCAN]
    zeros = head.count(0)
    if zeros > 0.3 * len(head):  # UTF-16 without a mark: every second byte of Latin text
        odd = head[1::2].count(0)
        if odd > 0.9 * zeros or odd < 0.1 * zeros:
            return _encode(_wide(data, "utf-16-le" if odd * 2 > zeros else "utf-16-be"))
    if _controls(head):
        raise InputError("not a page or a text: binary data")
    if _utf8.is_utf8(data):
        return data
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _encode(_decode_legacy(data, error.reason == "unexpected end of data", content_type))
    return data


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _controls(head: bytes) -> bool:
    """Whether control characters that no text has are more than 5 % of `head`."""
    return len(head) - len(head.translate(None, _CONTROL)) > 0.05 * len(head)


def _wide(data: bytes, encoding: str) -> str:
    """Decode UTF-16 or UTF-32, unless most of it is no text."""
    head = data[: 2 * _PRESCAN].decode(encoding, "replace")
    if len(head) - len(head.translate(_CONTROL_TEXT)) > 0.02 * len(head) + 1:
        raise InputError("not a page or a text: binary data")
    return data.decode(encoding, "replace")


def _decode_legacy(data: bytes, truncated: bool, content_type: str) -> str:
    """Decode data that is not valid UTF-8; `truncated` says that it may just end within a character."""
    valid = data.decode("utf-8", "ignore")
    broken = len(data) - len(valid.encode())  # bytes
    good = len(valid) - len(data.translate(None, _NOT_ASCII))  # characters beyond ASCII
    # Two bytes of a character at the end of a page are no accident, and no other encoding.
    if good > broken or (truncated and broken > 1):
        return data.decode("utf-8", "replace")
    declared = _declared(data)
    if declared == "utf-8" and truncated:
        return data.decode("utf-8", "replace")
    if declared in (None, "utf-8"):
        header = _CHARSET.search(content_type)
        declared = _python_name(header[1]) if header else None
    if declared and declared != "utf-8":
        return data.decode(declared, "replace")
    from charset_normalizer import from_bytes

    # Markup is ASCII in every candidate; the bytes around non-ASCII ones decide.
    runs = re.finditer(rb"[\x80-\xff][^<>]{0,2000}", data)
    sample = b" ".join(data[max(0, run.start() - 40) : run.end()] for run in islice(runs, 200))
    best = from_bytes(sample, cp_isolation=_CANDIDATES).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def _declared(data: bytes) -> str | None:
    """Encoding that the page declares, as browsers read it, by Python's name; None if unknown."""
    match = _META.search(data[:_PRESCAN])
    return _python_name(match[1].decode("ascii", "replace")) if match else None


def _python_name(charset: str) -> str | None:
    """Encoding that browsers take a charset for, by Python's name; None if unknown."""
    name = charset.lower()
    try:
        return _BROWSER.get(codecs.lookup(_ALIASES.get(name, name)).name)
    except (LookupError, ValueError):
        return None
