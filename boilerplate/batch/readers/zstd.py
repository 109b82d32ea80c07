"""Zstandard, through the standard library (since Python 3.14) or its backport."""

from __future__ import annotations

import io
from typing import IO, Any

from boilerplate.extras import lacking

ZSTD = b"\x28\xb5\x2f\xfd"
"""What a file begins with."""


def open_zstd(raw: IO[bytes]) -> io.BufferedReader:
    """Return a stream of what is compressed in another, as far back as its start seekable.

    Raises
    ------
    OSError
        If no library for it is installed, says how to get one; when reading,
        if the data is broken.
    """
    return io.BufferedReader(_Decompressed(raw), 2**18)


def _import_zstd() -> Any:
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]  # Python 3.14
    except ImportError:
        try:
            from backports import zstd  # type: ignore[import-not-found,unused-ignore]
        except ImportError:
            raise OSError(lacking("Zstandard", "backports.zstd")) from None
    return zstd


class _Decompressed(io.RawIOBase):
    """Reads compressed data, with errors that all readers know."""

    def __init__(self, raw: IO[bytes]) -> None:
        zstd = _import_zstd()
        self._file = zstd.ZstdFile(raw)
        self._error = zstd.ZstdError

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def readinto(self, buffer: Any) -> int:
        try:
            return int(self._file.readinto(buffer))
        except self._error as error:
            raise OSError(f"broken zstd data: {error}") from error

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return int(self._file.seek(offset, whence))
        except self._error as error:
            raise OSError(f"broken zstd data: {error}") from error

    def tell(self) -> int:
        return int(self._file.tell())
