"""Pages in WARC files, through FastWARC."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Literal

from boilerplate.batch.readers.base import END, MAX_SKIPPED, Reader, SourcePage, unreadable
from boilerplate.batch.readers.codings import GZIP, decode_body
from boilerplate.errors import InputError
from boilerplate.extras import lacking
from boilerplate.files import error_reason, printable_path
from boilerplate.reading.charset import MAX_BYTES, decode

Truncated = Literal["error", "keep"]
"""What to do with a page whose body is incomplete."""

_CONTENT_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
_INCOMPLETE = "the record breaks off"


class WarcReader(Reader):
    """Reads a WARC file, plain or gzip.

    Pages are the responses with status 2xx, and the resource and conversion
    records, that hold HTML or plain text; others are reported as skipped. The
    cursor is a count of records, the offset of the last one that can be found
    in the file, and the records since: a file whose records are gzipped one by
    one, as they should be, is not read twice.

    Parameters
    ----------
    truncated
        What to do with a page whose body is incomplete, because of the server,
        the connection or the crawler (WARC-Truncated): ``"error"``, or
        ``"keep"`` what there is of it, with a note.
    open_file
        Opens the file, if it is not on a disk.
    """

    def __init__(
        self, path: Path, truncated: Truncated = "error", open_file: Callable[[], IO[bytes]] | None = None
    ) -> None:
        super().__init__(path)
        self.truncated = truncated
        self._open_file = open_file or (lambda: path.open("rb"))

    def pages(self, cursor: Any = None) -> Iterator[SourcePage]:
        """See `Reader`."""
        try:
            import fastwarc  # noqa: F401 - whether it is there
        except ImportError:
            yield unreadable(self.path, lacking("a WARC file", "fastwarc"))
            return
        count = cursor[0] if cursor else 0
        skipped: list[str] = []
        size = max(self.size(), 1.0)
        try:
            with self._open_file() as file:
                for record, position in _iter_records(file, cursor):
                    count, offset, _ = position
                    reason = _why_no_page(record)
                    if reason:
                        skipped.append(f"{printable_path(self.path)}:{count}: {reason}")
                        if len(skipped) < MAX_SKIPPED:
                            continue
                        page = SourcePage(printable_path(self.path), has_record=False)
                    else:
                        page = self._make_page(record, count)
                    page.cursor, page.fraction = position, min(offset / size, 1.0)
                    page.skipped, skipped = skipped, []
                    yield page
                    if _INCOMPLETE in (page.error, page.note):
                        yield unreadable(self.path, f"breaks off in record {count}")
                        return
        except (OSError, EOFError, ValueError, zlib.error) as error:
            reason = error_reason(error)
            failed = unreadable(self.path, f"after record {count}: {reason}" if count else reason)
            failed.skipped = skipped
            yield failed
            return
        if skipped:
            yield SourcePage(printable_path(self.path), has_record=False, skipped=skipped, cursor=END, fraction=1.0)
        elif not count:
            yield unreadable(self.path, "no records in it")

    def _make_page(self, record: Any, number: int) -> SourcePage:
        headers = record.headers
        fields = {
            "url": headers.get("WARC-Target-URI") or "",
            "date": headers.get("WARC-Date") or "",
            "warc_record_id": (headers.get("WARC-Record-ID") or "").strip("<>"),
        }
        source = f"{printable_path(self.path)}:{number}"
        page = SourcePage(source, fields=fields, text_name=self.record_text_path(number))
        length = record.content_length
        if length > MAX_BYTES:
            page.error = f"{length / 2**20:.0f} MB is too large for a page (at most {MAX_BYTES // 2**20} MB)"
            return page
        body = record.reader.read()
        is_short = len(body) < length
        try:
            body, missing = decode_body(body, record.http_headers)
            if "WARC-Truncated" in headers:
                missing = f"WARC-Truncated: {headers['WARC-Truncated']}"
            flaw = _INCOMPLETE if is_short else f"the body is cut short: {missing}" if missing else ""
            if flaw and self.truncated == "error":
                page.error = flaw
            else:
                page.content, page.note = _decode_page(body, record.http_headers), flaw
        except InputError as error:
            page.error = _INCOMPLETE if is_short else str(error)
        return page


def _iter_records(file: IO[bytes], cursor: Any) -> Iterator[tuple[Any, list[int]]]:
    """Yield the records after a cursor that may hold pages, each with the cursor that points behind it."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    types = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    count, offset, since = cursor or (0, 0, 0)
    if cursor is not None and _starts_record(file, offset):
        to_skip, count = since, count - since
    else:
        if cursor is not None:
            file.seek(0)
        to_skip, count, offset = count, 0, 0
    since = 0
    for record in ArchiveIterator(file, record_types=types, parse_http=True, auto_decode="none"):
        position = record.stream_pos
        count += 1
        since = since + 1 if position == offset else 1
        offset = position
        if to_skip:
            to_skip -= 1
            continue
        yield record, [count, offset, since]


def _starts_record(file: Any, offset: int) -> bool:
    """Whether a record, or gzip data, starts at an offset; leaves the file there."""
    file.seek(offset)
    head = file.read(5)
    file.seek(offset)
    return bool(head[:2] == GZIP or head == b"WARC/")


def _why_no_page(record: Any) -> str:
    """Return why a record is no page; ``""`` if it is one."""
    headers = record.http_headers
    if headers is None:
        content_type = record.headers.get("Content-Type") or ""
    else:
        content_type = headers.get("Content-Type") or "text/html"
        status = headers.status_code
        if status is not None and not 200 <= status < 300:
            return f"status {status}"
    content_type = content_type.split(";")[0].strip().lower()
    return "" if content_type in _CONTENT_TYPES else content_type or "no content type"


def _decode_page(body: bytes, headers: Any) -> str | bytes:
    """Decode a page if its header names an encoding that the page may not; others stay bytes for the cleaner."""
    content_type = (headers.get("Content-Type") or "") if headers is not None else ""
    lowered = content_type.lower()
    return decode(body, content_type) if "charset" in lowered and "utf" not in lowered else body
