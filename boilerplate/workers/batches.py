"""Grouping pages into batches, the unit of work of a process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_MAX_PAGES = 64  # texts are described many at once; pages of HTML fill a batch by size
_MAX_BYTES = 2 * 2**20


def batches(pages: Iterable[str | bytes]) -> Iterator[list[str | bytes]]:
    """Group pages by number and by size, so that a batch of large pages stays small."""
    batch: list[str | bytes] = []
    size = 0
    for page in pages:
        if isinstance(page, (bytearray, memoryview)):  # a view cannot be sent to a process
            page = bytes(page)
        batch.append(page)
        size += len(page) if isinstance(page, (str, bytes)) else 0
        if len(batch) >= _MAX_PAGES or size >= _MAX_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
