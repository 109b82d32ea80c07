"""Pages in WARC files, through FastWARC."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Literal

from boilerplate.batch.readers.codings import GZIP, decode_body
from boilerplate.batch.readers.tables import Collection
from boilerplate.batch.source import END, MOST_SKIPPED, Item, failure, shown, why
from boilerplate.errors import InputError
from boilerplate.reading import MAX_BYTES, decode

Truncated = Literal["error", "keep"]
"""What becomes of a page whose body is cut short."""

_TYPES = ("text/html", "application/xhtml+xml", "text/plain")


class Warc(Collection):
    """A WARC file, plain or gzip.

    Pages are the responses with status 2xx, and the resource and conversion
    records, that hold HTML or plain text; others are counted as skipped. The
    cursor is a count of records, the place in the file of the last one that
    can be found there, and the records since: a file whose records are
    gzipped one by one, as they should be, is not read twice.

    Parameters
    ----------
    truncated
        What becomes of a page whose body is cut short, by the server, on the
        way or by the crawler (WARC-Truncated): ``"error"``, or ``"keep"`` what
        there is of it, with a note.
    opened
        Opens the file, if it is not on a disk.
    """

    def __init__(
        self, path: Path, truncated: Truncated = "error", opened: Callable[[], IO[bytes]] | None = None
    ) -> None:
        super().__init__(path)
        self.truncated = truncated
        self._opened = opened or (lambda: path.open("rb"))

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`."""
        try:
            from fastwarc.warc import ArchiveIterator, WarcRecordType
        except ImportError:
            yield failure(self.path, "WARC files need fastwarc: pip install fastwarc")
            return
        kinds = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
        count, offset, since = cursor or (0, 0, 0)
        skipped: list[str] = []
        size = max(self.weight(), 1.0)
        try:
            with self._opened() as file:
                if cursor is not None and _found(file, offset):
                    left, count = since, count - since
                else:
                    if cursor is not None:
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
                    reason = _no_page(record)
                    if reason:
                        skipped.append(f"{shown(self.path)}:{count}: {reason}")
                        if len(skipped) < MOST_SKIPPED:
                            continue
                        item = Item(shown(self.path), written=False)
                    else:
                        item = self._item(record, count)
                    item.cursor, item.share = [count, offset, since], min(place / size, 1.0)
                    item.skipped, skipped = skipped, []
                    yield item
                    if _CUT in (item.error, item.note):
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
        broken_off = len(body) < length
        try:
            body, missing = decode_body(body, record.http_headers)
            if "WARC-Truncated" in headers:
                missing = f"WARC-Truncated: {headers['WARC-Truncated']}"
            flaw = _CUT if broken_off else f"the body is cut short: {missing}" if missing else ""
            if flaw and self.truncated == "error":
                item.error = flaw
            else:
                item.page, item.note = _page(body, record.http_headers), flaw
        except InputError as error:
            item.error = _CUT if broken_off else str(error)
        return item


_CUT = "the record breaks off"


def _found(file: Any, offset: int) -> bool:
    """Whether a record, or gzip data, starts there; leaves the file at that place."""
    file.seek(offset)
    head = file.read(5)
    file.seek(offset)
    return bool(head[:2] == GZIP or head == b"WARC/")


def _no_page(record: Any) -> str:
    """Why a record is no page; ``""`` if it is one."""
    headers = record.http_headers
    if headers is None:
        kind = record.headers.get("Content-Type") or ""
    else:
        kind = headers.get("Content-Type") or "text/html"
        status = headers.status_code
        if status is not None and not 200 <= status < 300:
            return f"status {status}"
    kind = kind.split(";")[0].strip().lower()
    return "" if kind in _TYPES else kind or "no content type"


def _page(data: bytes, headers: Any) -> str | bytes:
    """Decode a page where its header can help; others are decoded by those who clean them."""
    kind = (headers.get("Content-Type") or "") if headers is not None else ""
    return decode(data, kind) if "charset" in kind.lower() and "utf" not in kind.lower() else data
