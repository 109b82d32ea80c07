"""Pages changed at random: what transfer, templates and editors do to them, and worse."""

from __future__ import annotations

import codecs
import random
import re
from collections.abc import Callable, Sequence

from fuzzing.soup import ALL, Soup

_TAG = re.compile(rb"</?[A-Za-z][^<>]*>")
_END = re.compile(rb"</[A-Za-z][^<>]*>")
_QUOTE = re.compile(rb"[\"'=>]")
ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "latin-1",
    "shift_jis",
    "koi8-r",
)
CHARSETS = (*ENCODINGS, "utf8", "x-user-defined", "iso-2022-jp", "nonsense", "punycode", "hex")

Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def _span(rng: random.Random, data: bytes) -> tuple[int, int]:
    """A stretch of a page: mostly short."""
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.choice((1, 4, 20, 200, len(data) // 4 + 1)))


def flip(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Change some bytes."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 2, 8)) if data else 0):
        out[rng.randrange(len(out))] = rng.choice((rng.randrange(256), 0, 0x3C, 0x3E, 0x22, 0x26, 0x2F, 0xC3, 0xFF))
    return bytes(out)


def drop(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Leave a stretch out."""
    start, end = _span(rng, data)
    return data[:start] + data[end:]


def double(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Repeat a stretch, now and then many times."""
    start, end = _span(rng, data)
    times = rng.choice((2, 2, 3, 50)) if end - start < 300 else 2
    return data[:start] + data[start:end] * times + data[end:]


def cut_off(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """End the page early."""
    return data[: rng.randrange(len(data) + 1)]


def splice(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Put a stretch of another page in."""
    other = rng.choice(others)
    start, end = _span(rng, other)
    at = rng.randrange(len(data) + 1)
    return data[:at] + other[start:end] + data[at:]


def move_tag(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Exchange two tags, drop one, or repeat one."""
    tags = [match.span() for match in _TAG.finditer(data)]
    if len(tags) < 2:
        return data
    (a, b), (c, d) = sorted(rng.sample(tags, 2))
    first, second = rng.choice(((data[c:d], data[a:b]), (b"", data[c:d]), (data[a:b] * 2, data[c:d])))
    return data[:a] + first + data[b:c] + second + data[d:]


def drop_ends(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Leave end tags out."""
    share = rng.choice((0.02, 0.2, 1.0))
    return _END.sub(lambda match: b"" if rng.random() < share else match[0], data)


def rename(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Make another element of one, or of its start tag alone."""
    match = rng.choice(list(_TAG.finditer(data)) or [None])
    if match is None:
        return data
    name = re.match(rb"</?([^\s/>]+)", match[0])[1]  # type: ignore[index]
    new = rng.choice(ALL).encode()
    if rng.random() < 0.3:
        return re.sub(rb"(</?)" + re.escape(name) + rb"(?=[\s/>])", rb"\g<1>" + new, data)
    return data[: match.start()] + match[0].replace(name, new, 1) + data[match.end() :]


def unquote(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Lose a quote, an equals sign or the end of a tag."""
    marks = [match.start() for match in _QUOTE.finditer(data)]
    if not marks:
        return data
    at = rng.choice(marks)
    return data[:at] + rng.choice((b"", b" ", b'"')) + data[at + 1 :]


def stir(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Put tag soup in."""
    at = rng.choice([match.end() for match in _TAG.finditer(data)] or [len(data)])
    soup = "".join(Soup(rng).pieces(rng.randint(1, 4)))
    return data[:at] + soup.encode("utf-8", "replace") + data[at:]


MUTATIONS: tuple[Mutation, ...] = (
    flip, drop, double, cut_off, splice, move_tag, move_tag, drop_ends, rename, rename, unquote, stir, stir, stir,
)  # fmt: skip


def mutate(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Change a page in one to six ways."""
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        data = rng.choice(MUTATIONS)(rng, data, others)
    return data


def encode(rng: random.Random, text: str) -> bytes:
    """Bytes of a page in some encoding, that it declares, or declares wrongly, or not at all."""
    encoding = rng.choice(ENCODINGS)
    declared = rng.choice((None, encoding, rng.choice(CHARSETS)))
    if declared:
        text = f'<meta charset="{declared}">{text}'
    data = text.encode(encoding, "replace")
    if rng.random() < 0.2:
        data = rng.choice((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) + data
    return flip(rng, data, ()) if rng.random() < 0.2 else data
