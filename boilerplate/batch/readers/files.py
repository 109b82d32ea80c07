"""Pages in files and in folders of files."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boilerplate.batch.readers.codings import unpack
from boilerplate.batch.readers.sniff import ENDINGS, why_no_page
from boilerplate.batch.source import END, MOST_SKIPPED, Item, failure, shown, why
from boilerplate.errors import InputError
from boilerplate.reading import MAX_BYTES

TYPICAL = 100_000.0  # bytes of a page, where nobody looked


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


@dataclass(frozen=True, slots=True)
class Found:
    """What `walk` comes to: a page, or something else.

    Attributes
    ----------
    parts
        Its path below the root.
    name
        Of its ``.txt``, if it is a page.
    skipped
        Why it is no page.
    error
        Why a folder could not be read.
    """

    parts: tuple[str, ...]
    name: str = ""
    skipped: str = ""
    error: str = ""


def walk(root: Path, after: Sequence[str] = ()) -> Iterator[Found]:
    """Yield what is in a folder and the folders in it, in order of the names.

    Parameters
    ----------
    after
        Parts of the last path that is not wanted any more.
    """
    yield from _walk(str(root), (), tuple(after))


def _walk(folder: str, here: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Found]:
    try:
        with os.scandir(folder) as found:
            # None for a folder, else why it is no page.
            entries = {
                entry.name: None if entry.is_dir(follow_symlinks=False) else why_no_page(entry) for entry in found
            }
    except OSError as error:
        yield Found(here, error=why(error))
        return
    folders = [name for name, skipped in entries.items() if skipped is None]
    named = targets([name for name, skipped in entries.items() if skipped == ""], folders)
    for name in sorted(entries):
        if after and name < after[0]:
            continue
        parts, skipped = (*here, name), entries[name]
        if skipped is None:
            yield from _walk(os.path.join(folder, name), parts, after[1:] if after and name == after[0] else ())
        elif after and name == after[0]:
            continue
        elif skipped:
            yield Found(parts, skipped=skipped)
        else:
            yield Found(parts, "/".join((*here, named[name])))


class File:
    """One page in a file."""

    many = False

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name

    def weight(self) -> float:
        """See `Input`."""
        return TYPICAL

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
            self._count = self._pages(())
        return self._count

    def _pages(self, after: Sequence[str]) -> int:
        return sum(bool(found.name) for found in walk(self.path, after))

    def weight(self) -> float:
        """See `Input`."""
        return self.count() * TYPICAL

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """See `Input`; the cursor is the path of the last page, so pages that come later do no harm."""
        after = tuple(cursor or ())
        count = self.count()
        done = count - self._pages(after) if after else 0
        skipped: list[str] = []
        at = list(after)
        for found in walk(self.path, after):
            path = self.path.joinpath(*found.parts)
            if found.error:
                yield failure(path, found.error, [*found.parts, ""])
                continue
            at = list(found.parts)
            if found.skipped:
                skipped.append(f"{shown(path)}: {found.skipped}")
                if len(skipped) < MOST_SKIPPED:
                    continue
                item = Item(shown(path), written=False)
            else:
                done += 1
                if self.skip is not None and self.skip("/".join(found.parts)):
                    skipped = []  # told when that page was done
                    continue
                item = Item(shown(path), name=self.prefix + found.name)
                try:
                    item.page = read_page(path)
                except InputError as broken:
                    item.error = str(broken)
            item.cursor, item.share = at, min(done / max(count, 1), 1.0)
            item.skipped, skipped = skipped, []
            yield item
        if skipped:
            yield Item(shown(self.path), written=False, skipped=skipped, cursor=at, share=1.0)
        if not count:
            yield failure(self.path, f"no pages in this folder (HTML, or {', '.join(ENDINGS)}, also with .gz)")


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
