"""Decompress gzip files, and decode HTTP bodies as archives hold them; report what is missing of them."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable
from typing import Any

from boilerplate.batch.readers.zstd import ZSTD, open_zstd
from boilerplate.errors import InputError
from boilerplate.reading import MAX_BYTES

GZIP = b"\x1f\x8b"

_TOO_LARGE = f"unpacks to more than {MAX_BYTES // 2**20} MB"
_READ_SIZE = 2**16
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,16})[ \t]*(?:;[^\r\n]{0,200})?\r\n")


def decompress(data: bytes) -> bytes:
    """Decompress gzip or zstd data; other data is returned as it is.

    Raises
    ------
    InputError
        If the data is damaged, incomplete, or larger than a page can be.
    """
    if data[:4] == ZSTD:
        try:
            plain, error = _read_all(open_zstd(io.BytesIO(data)).read1)
        except OSError as missing_library:
            raise InputError(str(missing_library)) from missing_library
        if error is not None:
            raise InputError(str(error) or "zstd data without its end")
        return plain
    if data[:2] != GZIP:
        return data
    plain, missing = _gunzip(data)
    if missing:
        raise InputError(f"broken gzip data: {missing}")
    return plain


def decode_body(body: bytes, headers: Any) -> tuple[bytes, str]:
    """Undo the transfer and content codings of an HTTP body.

    Many archives hold the decoded body under the headers of the encoded one: a
    body that is not valid in its coding and looks like text is taken as
    decoded, and its Content-Length, which may count the encoded form, is
    ignored.

    FastWARC's own decoding is not used for gzip, deflate and chunks: it does
    not report gzip and deflate data that is incomplete, nor a missing last
    chunk.

    Parameters
    ----------
    headers
        HTTP headers; None if the record has none.

    Returns
    -------
    body : bytes
        As much of it as there is.
    missing : str
        What is missing; ``""`` if nothing is.

    Raises
    ------
    InputError
        If the body is damaged, larger than a page can be, or in a coding that
        cannot be read.
    """
    if headers is None:
        return body, ""
    transfer, content = _codings(headers, "Transfer-Encoding"), _codings(headers, "Content-Encoding")
    missing = "" if transfer or content else _missing_length(body, headers)
    for coding in [*reversed(transfer), *reversed(content)]:
        body, problem = _DECODERS[coding](body)
        missing = missing or problem
    if body[:2] == GZIP:  # files that are served compressed, whatever the headers say
        body, problem = _gunzip(body)
        missing = missing or problem
    return body, missing


def _codings(headers: Any, name: str) -> list[str]:
    """Return the known codings that a header names, in the order in which they were applied."""
    named = (headers.get(name) or "").lower().split(",")
    return [coding for part in named if (coding := part.strip()) in _DECODERS]


def _missing_length(body: bytes, headers: Any) -> str:
    """Return by how much a body is shorter than its Content-Length; ``""`` if it is not."""
    length = (headers.get("Content-Length") or "").strip()
    if length.isascii() and length.isdigit() and len(length) < 16 and len(body) < int(length):
        return f"{len(body):,} bytes of {int(length):,}"
    return ""


def _looks_like_text(body: bytes) -> bool:
    """Whether its first kilobyte is free of control characters, which compressed data soon has."""
    return _NOT_TEXT.search(body, 0, 1024) is None


def _gunzip(body: bytes) -> tuple[bytes, str]:
    if body[:2] != GZIP:
        return body, ""
    plain, error = _read_all(gzip.GzipFile(fileobj=io.BytesIO(body)).read1)
    if isinstance(error, EOFError):
        return plain, "gzip data without its end"
    if error is not None:
        raise InputError(f"broken gzip data: {error}")
    return plain, ""


def _inflate(body: bytes) -> tuple[bytes, str]:
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


def _fastwarc_decoder(coding: str, name: str) -> Callable[[bytes], tuple[bytes, str]]:
    """Return a decoder that uses one of FastWARC's stream readers, if this version has it."""

    def decode(body: bytes) -> tuple[bytes, str]:
        from fastwarc import stream_io

        reader = getattr(stream_io, name, None)
        if reader is None:
            if _looks_like_text(body):
                return body, ""
            raise InputError(f"compressed with {coding}, which this version of FastWARC does not read")
        plain, error = _read_all(reader(io.BytesIO(body)).read)
        if (error is not None or not plain) and _looks_like_text(body):
            return body, ""
        # FastWARC has the same message for damaged and for incomplete brotli data.
        return plain, f"{coding} data that is damaged or without its end" if error is not None else ""

    return decode


def _read_all(read: Callable[[int], bytes]) -> tuple[bytes, Exception | None]:
    """Read to the end, or up to an error, which is returned."""
    parts: list[bytes] = []
    size = 0
    try:
        while part := read(_READ_SIZE):
            size += len(part)
            if size > MAX_BYTES:
                raise InputError(_TOO_LARGE)
            parts.append(bytes(part))
    except (EOFError, OSError, zlib.error) as error:
        return b"".join(parts), error
    return b"".join(parts), None


def _join_chunks(body: bytes) -> tuple[bytes, str]:
    """Join the chunks of a body; one that does not begin with a chunk is joined already."""
    parts: list[bytes] = []
    position = 0
    while chunk := _CHUNK.match(body, position):
        size = int(chunk[1], 16)
        if size == 0:
            return b"".join(parts), ""
        start, end = chunk.end(), chunk.end() + size
        if end < len(body) and not b"\r\n".startswith(body[end : end + 2]):
            if not parts:  # a text whose first line happens to be a number
                return body, ""
            raise InputError("broken chunks")
        parts.append(body[start:end])
        position = end + 2
    if not parts:
        return body, ""
    if position < len(body) and b"\n" in body[position : position + 220]:
        raise InputError("broken chunks")
    return b"".join(parts), "chunks without the last one"


_DECODERS: dict[str, Callable[[bytes], tuple[bytes, str]]] = {
    "chunked": _join_chunks,
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _fastwarc_decoder("br", "BrotliReader"),
    "zstd": _fastwarc_decoder("zstd", "ZstdReader"),
}
