"""Packed data unpacked: gzip files, and HTTP bodies as archives hold them. What is missing is told."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable
from typing import Any

from boilerplate.errors import InputError
from boilerplate.reading import MAX_BYTES

GZIP = b"\x1f\x8b"

_TOO_LARGE = f"unpacks to more than {MAX_BYTES // 2**20} MB"
_PORTION = 2**16
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,16})[ \t]*(?:;[^\r\n]{0,200})?\r\n")


def unpack(data: bytes) -> bytes:
    """Unpack gzip data; other data comes back as it is.

    Raises
    ------
    InputError
        If the data is broken or breaks off, or is larger than a page can be.
    """
    if data[:2] != GZIP:
        return data
    plain, missing = _gzip(data)
    if missing:
        raise InputError(f"broken gzip data: {missing}")
    return plain


def decode_body(body: bytes, headers: Any) -> tuple[bytes, str]:
    """Undo the transfer and content codings of an HTTP body.

    Many archives hold the decoded body under the headers of the encoded one:
    a body that is no data of its coding and looks like text is taken as
    decoded, and its Content-Length, which may count the encoded form, is not
    held against it.

    FastWARC's own decoding is not used for gzip, deflate and chunks: it takes
    gzip and deflate data that breaks off for whole, and a body without its
    last chunk, too.

    Parameters
    ----------
    headers
        Those of HTTP; None if the record has none.

    Returns
    -------
    the body, or as much of it as there is; what is missing, ``""`` if nothing

    Raises
    ------
    InputError
        If the body is damaged, larger than a page can be, or of a coding that
        cannot be read.
    """
    if headers is None:
        return body, ""
    transfer, content = _codings(headers, "Transfer-Encoding"), _codings(headers, "Content-Encoding")
    missing = "" if transfer or content else _shortfall(body, headers)
    for coding in [*reversed(transfer), *reversed(content)]:
        body, cut = _CODINGS[coding](body)
        missing = missing or cut
    if body[:2] == GZIP:  # files that are served packed, whatever the headers say
        body, cut = _gzip(body)
        missing = missing or cut
    return body, missing


def _codings(headers: Any, name: str) -> list[str]:
    """The codings that a header names, in the order in which they were applied; unknown ones left out."""
    return [coding for one in (headers.get(name) or "").lower().split(",") if (coding := one.strip()) in _CODINGS]


def _shortfall(body: bytes, headers: Any) -> str:
    length = (headers.get("Content-Length") or "").strip()
    if length.isascii() and length.isdigit() and len(length) < 16 and len(body) < int(length):
        return f"{len(body):,} bytes of {int(length):,}"
    return ""


def _looks_like_text(body: bytes) -> bool:
    """Whether its head is free of control characters, which packed data soon has."""
    return _NOT_TEXT.search(body, 0, 1024) is None


def _gzip(body: bytes) -> tuple[bytes, str]:
    if body[:2] != GZIP:
        return body, ""
    plain, error = _drain(gzip.GzipFile(fileobj=io.BytesIO(body)).read1)
    if isinstance(error, EOFError):
        return plain, "gzip data without its end"
    if error is not None:
        raise InputError(f"broken gzip data: {error}")
    return plain, ""


def _deflate(body: bytes) -> tuple[bytes, str]:
    """Undo deflate, with zlib's header (as the standard has it) or without (as some servers do)."""
    for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        stream = zlib.decompressobj(bits)
        try:
            plain = stream.decompress(body, MAX_BYTES + 1)
        except zlib.error:
            continue
        if len(plain) > MAX_BYTES:
            raise InputError(_TOO_LARGE)
        if stream.eof:
            return plain, ""
        if not _looks_like_text(body):
            return plain, "deflate data without its end"
    if not _looks_like_text(body):
        raise InputError("broken deflate data")
    return body, ""


def _rare(coding: str, name: str) -> Callable[[bytes], tuple[bytes, str]]:
    def undo(body: bytes) -> tuple[bytes, str]:
        from fastwarc import stream_io

        reader = getattr(stream_io, name, None)
        if reader is None:
            if _looks_like_text(body):
                return body, ""
            raise InputError(f"packed with {coding}, which this version of FastWARC does not read")
        plain, error = _drain(reader(io.BytesIO(body)).read)
        if (error is not None or not plain) and _looks_like_text(body):
            return body, ""
        # FastWARC has one message for brotli data that is damaged and that breaks off.
        return plain, f"{coding} data that is damaged or without its end" if error is not None else ""

    return undo


def _drain(read: Callable[[int], bytes]) -> tuple[bytes, Exception | None]:
    """Read to the end, or to the error that comes before."""
    parts: list[bytes] = []
    size = 0
    try:
        while part := read(_PORTION):
            size += len(part)
            if size > MAX_BYTES:
                raise InputError(_TOO_LARGE)
            parts.append(bytes(part))
    except (EOFError, OSError, zlib.error) as error:
        return b"".join(parts), error
    return b"".join(parts), None


def _chunked(body: bytes) -> tuple[bytes, str]:
    """Join the chunks; a body that does not begin with one is joined already."""
    parts: list[bytes] = []
    at = 0
    while chunk := _CHUNK.match(body, at):
        size = int(chunk[1], 16)
        if size == 0:
            return b"".join(parts), ""
        start, end = chunk.end(), chunk.end() + size
        if end < len(body) and not b"\r\n".startswith(body[end : end + 2]):
            if not parts:  # a text whose first line happens to be a number
                return body, ""
            raise InputError("broken chunks")
        parts.append(body[start:end])
        at = end + 2
    if not parts:
        return body, ""
    if at < len(body) and b"\n" in body[at : at + 220]:
        raise InputError("broken chunks")
    return b"".join(parts), "chunks without the last one"


_CODINGS: dict[str, Callable[[bytes], tuple[bytes, str]]] = {
    "chunked": _chunked,
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _rare("br", "BrotliReader"),
    "zstd": _rare("zstd", "ZstdReader"),
}
