"""Pages in WARC files, through FastWARC."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from boilerplate.errors import InputError
from boilerplate.pipelines.files import GZIP, unpack
from boilerplate.pipelines.items import END, Item, failure, shown, why
from boilerplate.pipelines.tables import Collection
from boilerplate.reading import MAX_BYTES, decode

_TYPES = ("text/html", "application/xhtml+xml", "text/plain")


class Warc(Collection):
    """A WARC file, plain or gzip.

    Pages are the responses with status 2xx, and the resource and conversion
    records, that hold HTML or plain text; others are counted as skipped. The
    cursor is a count of records, the place in the file of the last one that
    can be found there, and the records since: a file whose records are
    gzipped one by one, as they should be, is not read twice.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`."""
        try:
            from fastwarc.warc import ArchiveIterator, WarcRecordType
        except ImportError:
            yield failure(self.path, "WARC files need fastwarc: pip install fastwarc")
            return
        kinds = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
        count, offset, since = cursor or (0, 0, 0)
        skipped = 0
        size = self.weight()
        try:
            with self.path.open("rb") as file:
                if cursor is not None and _found(file, offset):
                    left, count = since, count - since
                else:
                    file.seek(0)
                    left, count, offset = count, 0, 0
                since = 0
                for record in ArchiveIterator(file, record_types=kinds, parse_http=True, auto_decode="none"):
                    place = record.stream_pos
                    count += 1
                    since = since + 1 if place == offset else 1
                    offset = place
                    if left:
                        left -= 1
                        continue
                    if not _is_page(record):
                        skipped += 1
                        continue
                    item = self._item(record, count)
                    item.cursor, item.share = [count, offset, since], min(place / size, 1.0)
                    item.skipped, skipped = skipped, 0
                    yield item
                    if item.error == _CUT:
                        yield failure(self.path, f"breaks off in record {count}")
                        return
        except (OSError, EOFError, ValueError, zlib.error) as error:
            broken = failure(self.path, f"after record {count}: {why(error)}" if count else why(error))
            broken.skipped = skipped
            yield broken
            return
        if skipped:
            yield Item(shown(self.path), written=False, skipped=skipped, cursor=END, share=1.0)
        elif not count:
            yield failure(self.path, "no records in it")

    def _item(self, record: Any, number: int) -> Item:
        headers = record.headers
        carried = {
            "url": headers.get("WARC-Target-URI") or "",
            "date": headers.get("WARC-Date") or "",
            "warc_record_id": (headers.get("WARC-Record-ID") or "").strip("<>"),
        }
        item = Item(f"{shown(self.path)}:{number}", carried=carried, name=self.target(number))
        length = record.content_length
        if length > MAX_BYTES:
            item.error = f"{length / 2**20:.0f} MB is too large for a page (at most {MAX_BYTES // 2**20} MB)"
            return item
        body = record.reader.read()
        if len(body) < length:
            item.error = _CUT
            return item
        try:
            item.page = _page(_decoded(body, record.http_headers), record.http_headers)
        except InputError as error:
            item.error = str(error)
        return item


_CUT = "the record breaks off"


def _found(file: Any, offset: int) -> bool:
    """Whether a record, or gzip data, starts there; leaves the file at that place."""
    file.seek(offset)
    head = file.read(5)
    file.seek(offset)
    return bool(head[:2] == GZIP or head == b"WARC/")


def _is_page(record: Any) -> bool:
    headers = record.http_headers
    if headers is None:
        kind = record.headers.get("Content-Type") or ""
    else:
        kind = headers.get("Content-Type") or "text/html"
        status = headers.status_code
        if status is not None and not 200 <= status < 300:
            return False
    return kind.split(";")[0].strip().lower() in _TYPES


def _decoded(body: bytes, headers: Any) -> bytes:
    """Undo the transfer's and the content's coding; many archives did already and kept the header."""
    if headers is None:
        return body
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        body = _dechunk(body)
    coding = (headers.get("Content-Encoding") or "").strip().lower()
    if body[:2] == GZIP:
        return unpack(body)
    if coding == "deflate":
        for bits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
            try:
                return zlib.decompressobj(bits).decompress(body, MAX_BYTES)
            except zlib.error:
                pass
    elif coding in ("br", "zstd"):
        return _unpack_rare(body, coding)
    return body


def _page(data: bytes, headers: Any) -> str | bytes:
    """Decode a page where its header can help; others are decoded by those who clean them."""
    kind = (headers.get("Content-Type") or "") if headers is not None else ""
    return decode(data, kind) if "charset" in kind.lower() and "utf" not in kind.lower() else data


def _unpack_rare(body: bytes, coding: str) -> bytes:
    import io

    from fastwarc import stream_io

    reader = getattr(stream_io, {"br": "BrotliReader", "zstd": "ZstdReader"}[coding], None)
    if reader is None:
        raise InputError(f"packed with {coding}, which this version of FastWARC does not read")
    try:
        return bytes(reader(io.BytesIO(body)).read(MAX_BYTES))
    except (OSError, ValueError):
        return body


def _dechunk(body: bytes) -> bytes:
    """Join the chunks of a chunked body; data that is not chunked comes back as it is."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 100)
        try:
            size = int(body[at:end].split(b";")[0], 16) if end > 0 else -1
        except ValueError:
            size = -1
        if size < 0:
            return body if not parts else b"".join(parts)
        if size == 0:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + size])
        at = end + 4 + size
