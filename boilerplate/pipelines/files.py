"""Pages in files, in folders of files, and on standard input."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from boilerplate.errors import InputError
from boilerplate.pipelines.items import END, Item, failure, shown, why
from boilerplate.reading import MAX_BYTES

ENDINGS = (".html", ".htm", ".xhtml", ".txt")
"""Files in a folder that are pages, also with .gz after."""

GZIP = b"\x1f\x8b"
_TYPICAL = 100_000.0  # bytes of a page, where nobody looked


def read_page(path: Path) -> bytes:
    """Read a page, unpacking it if it is gzip data.

    Raises
    ------
    InputError
        If it is missing, unreadable, too large or broken; says what, not where.
    """
    try:
        if path.is_file() and path.stat().st_size > MAX_BYTES:
            raise InputError(
                f"{path.stat().st_size / 2**20:.0f} MB is too large for a page (at most {MAX_BYTES // 2**20} MB)"
            )
        with path.open("rb") as file:
            return unpack(file.read(MAX_BYTES + 1))
    except OSError as error:
        raise InputError(why(error)) from error


def unpack(data: bytes) -> bytes:
    """Unpack gzip data; other data comes back as it is.

    Raises
    ------
    InputError
        If the data is broken, or larger than a page can be.
    """
    if data[:2] != GZIP:
        return data
    try:
        plain = gzip.GzipFile(fileobj=io.BytesIO(data)).read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"broken gzip data: {error}") from error
    if len(plain) > MAX_BYTES:
        raise InputError(f"unpacks to more than {MAX_BYTES // 2**20} MB")
    return plain


def is_page(name: str) -> bool:
    """Whether a file in a folder is a page, by its ending."""
    return name.lower().removesuffix(".gz").endswith(ENDINGS)


def targets(names: Sequence[str], folders: Iterable[str] = ()) -> dict[str, str]:
    """Name the ``.txt`` of each page of one folder: no two alike, and none like one of the folders in it.

    ``a.html`` becomes ``a.txt``, unless there is also ``a.htm``: then
    ``a.html.txt`` and ``a.htm.txt``.
    """
    stems = {name: _stem(name) for name in names}
    times = Counter(stems.values())
    used = set(folders)
    named = {}
    for name in sorted(names, key=lambda name: (times[stems[name]] > 1, name)):
        target = (stems[name] if times[stems[name]] == 1 else name) + ".txt"
        while target in used:
            target = "_" + target
        used.add(target)
        named[name] = target
    return named


def _stem(name: str) -> str:
    plain = name[:-3] if name.lower().endswith(".gz") else name
    stem, ending = os.path.splitext(plain)
    return stem if ending.lower() in ENDINGS else plain


def walk(root: Path, after: Sequence[str] = ()) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield the pages of a folder in order: path (as parts), name of the ``.txt``, error.

    Parameters
    ----------
    after
        Parts of the last path that is not wanted any more.
    """
    yield from _walk(str(root), (), tuple(after))


def _walk(folder: str, here: tuple[str, ...], after: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    try:
        with os.scandir(folder) as found:
            entries = {entry.name: entry.is_dir(follow_symlinks=False) for entry in found if _wanted(entry)}
    except OSError as error:
        yield here, "", why(error)
        return
    folders = [name for name, is_folder in entries.items() if is_folder]
    named = targets([name for name, is_folder in entries.items() if not is_folder], folders)
    for name in sorted(entries):
        if after and name < after[0]:
            continue
        rest = after[1:] if after and name == after[0] else ()
        if entries[name]:
            yield from _walk(os.path.join(folder, name), (*here, name), rest)
        elif not after or name != after[0]:
            yield (*here, name), "/".join((*here, named[name])), ""


def _wanted(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False) or (is_page(entry.name) and entry.is_file())
    except OSError:
        return False


class File:
    """One page in a file."""

    many = False

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name

    def weight(self) -> float:
        """See `Input`."""
        return _TYPICAL

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`."""
        if not self.path.exists():
            yield failure(self.path, "no such file")
            return
        item = Item(shown(self.path), name=self.name, cursor=END, share=1.0)
        try:
            item.page = read_page(self.path)
        except InputError as error:
            item.error = str(error)
        yield item


class Folder:
    """The pages of a folder and the folders in it, in order of their names.

    Attributes
    ----------
    skip
        Told the path of a page below the folder, says whether to pass it over.
    """

    many = True
    skip: Callable[[str], bool] | None = None

    def __init__(self, path: Path, prefix: str = "") -> None:
        self.path = path
        self.prefix = prefix
        self._count: int | None = None

    def count(self) -> int:
        """Number of pages."""
        if self._count is None:
            self._count = sum(not error for _, _, error in walk(self.path))
        return self._count

    def weight(self) -> float:
        """See `Input`."""
        return self.count() * _TYPICAL

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`; the cursor is the path of the last page, so pages that come later do no harm."""
        after = tuple(cursor or ())
        count = self.count()
        done = count - sum(not error for _, _, error in walk(self.path, after)) if after else 0
        if not count:
            yield failure(self.path, f"no pages in this folder ({', '.join(ENDINGS)}, also with .gz)")
            return
        for parts, name, error in walk(self.path, after):
            path = self.path.joinpath(*parts)
            if error:
                yield failure(path, error, [*parts, ""])
                continue
            done += 1
            if self.skip is not None and self.skip("/".join(parts)):
                continue
            item = Item(shown(path), name=self.prefix + name, cursor=list(parts), share=min(done / max(count, 1), 1.0))
            try:
                item.page = read_page(path)
            except InputError as broken:
                item.error = str(broken)
            yield item


class Stdin:
    """One page on standard input."""

    many = False
    path = Path("-")

    def weight(self) -> float:
        """See `Input`."""
        return _TYPICAL

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`."""
        item = Item("-", name="stdin.txt", cursor=END, share=1.0)
        try:
            item.page = unpack(sys.stdin.buffer.read(MAX_BYTES + 1))
        except InputError as error:
            item.error = str(error)
        except OSError as error:
            item.error = why(error)
        yield item


class Missing:
    """An argument that names nothing: fails when its turn comes, so that the others are done."""

    many = False

    def __init__(self, path: str, error: str) -> None:
        self.name = path
        self.path = Path(path)
        self.error = error

    def weight(self) -> float:
        """See `Input`."""
        return 0.0

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`."""
        yield failure(self.name, self.error)
