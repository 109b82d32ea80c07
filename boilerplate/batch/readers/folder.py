"""The pages of a folder and of the folders in it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boilerplate.batch.readers.base import MAX_SKIPPED, TYPICAL_SIZE, Reader, SourcePage, unreadable
from boilerplate.batch.readers.file import read_page
from boilerplate.batch.readers.sniff import ENDINGS, why_no_page
from boilerplate.errors import InputError
from boilerplate.files import error_reason, printable_path


def text_names(names: Sequence[str], folders: Iterable[str] = ()) -> dict[str, str]:
    """Name the text of each page of one folder: no two alike, and none like a folder in it.

    ``a.html`` becomes ``a.txt``, unless there is also ``a.htm``: then
    ``a.html.txt`` and ``a.htm.txt``.

    Parameters
    ----------
    folders
        Names of the folders in that folder.
    """
    stems = {name: _stem(name) for name in names}
    times = Counter(stems.values())
    taken = set(folders)
    text_of = {}
    for name in sorted(names, key=lambda name: (times[stems[name]] > 1, name)):
        text_name = (stems[name] if times[stems[name]] == 1 else name) + ".txt"
        while text_name in taken:
            text_name = "_" + text_name
        taken.add(text_name)
        text_of[name] = text_name
    return text_of


def _stem(name: str) -> str:
    uncompressed = name[:-3] if name.lower().endswith(".gz") else name
    stem, ending = os.path.splitext(uncompressed)
    return stem if ending.lower() in ENDINGS else uncompressed


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """An entry that `walk` comes to: a page, or something else.

    Attributes
    ----------
    parts
        Its path below the root.
    text_name
        Path of its text, if it is a page.
    skipped
        Why it is no page.
    error
        Why a folder could not be read.
    """

    parts: tuple[str, ...]
    text_name: str = ""
    skipped: str = ""
    error: str = ""


def walk(root: Path, after: Sequence[str] = ()) -> Iterator[FolderEntry]:
    """Yield the entries of a folder and of the folders in it, sorted by name.

    Parameters
    ----------
    after
        Parts of a path: only entries after it are yielded.
    """
    yield from _walk(str(root), (), tuple(after))


def _walk(folder: str, parents: tuple[str, ...], after: tuple[str, ...]) -> Iterator[FolderEntry]:
    try:
        with os.scandir(folder) as found:
            # None for a folder, else why it is no page.
            entries = {
                entry.name: None if entry.is_dir(follow_symlinks=False) else why_no_page(entry) for entry in found
            }
    except OSError as error:
        yield FolderEntry(parents, error=error_reason(error))
        return
    folders = [name for name, skipped in entries.items() if skipped is None]
    text_of = text_names([name for name, skipped in entries.items() if skipped == ""], folders)
    for name in sorted(entries):
        if after and name < after[0]:
            continue
        parts, skipped = (*parents, name), entries[name]
        if skipped is None:
            yield from _walk(os.path.join(folder, name), parts, after[1:] if after and name == after[0] else ())
        elif after and name == after[0]:
            continue
        elif skipped:
            yield FolderEntry(parts, skipped=skipped)
        else:
            yield FolderEntry(parts, "/".join((*parents, text_of[name])))


class FolderReader(Reader):
    """Reads the pages of a folder and of the folders in it, sorted by name.

    The cursor is the path of the last page, so pages that are added later do
    not disturb it.

    Attributes
    ----------
    is_done
        Given the path of a page below the folder, returns whether to pass it over.
    """

    is_done: Callable[[str], bool] | None = None

    def __init__(self, path: Path, text_folder: str = "") -> None:
        super().__init__(path, text_folder)
        self._count: int | None = None

    def count(self) -> int:
        """Return the number of pages."""
        if self._count is None:
            self._count = self._count_after(())
        return self._count

    def _count_after(self, after: Sequence[str]) -> int:
        return sum(bool(entry.text_name) for entry in walk(self.path, after))

    def size(self) -> float:
        """See `Reader`."""
        return self.count() * TYPICAL_SIZE

    def pages(self, cursor: Any = None) -> Iterator[SourcePage]:
        """See `Reader`."""
        after = tuple(cursor or ())
        count = self.count()
        done = count - self._count_after(after) if after else 0
        skipped: list[str] = []
        last = list(after)
        for entry in walk(self.path, after):
            path = self.path.joinpath(*entry.parts)
            if entry.error:
                yield unreadable(path, entry.error, [*entry.parts, ""])
                continue
            last = list(entry.parts)
            if entry.skipped:
                skipped.append(f"{printable_path(path)}: {entry.skipped}")
                if len(skipped) < MAX_SKIPPED:
                    continue
                page = SourcePage(printable_path(path), has_record=False)
            else:
                done += 1
                if self.is_done is not None and self.is_done("/".join(entry.parts)):
                    skipped = []  # reported when that page was done
                    continue
                page = self._read(path, entry.text_name)
            page.cursor, page.fraction = last, min(done / max(count, 1), 1.0)
            page.skipped, skipped = skipped, []
            yield page
        if skipped:
            yield SourcePage(printable_path(self.path), has_record=False, skipped=skipped, cursor=last, fraction=1.0)
        if not count:
            yield unreadable(self.path, f"no pages in this folder (HTML, or {', '.join(ENDINGS)}, also with .gz)")

    def _read(self, path: Path, text_name: str) -> SourcePage:
        page = SourcePage(printable_path(path), text_name=self.text_path(text_name))
        try:
            page.content = read_page(path)
        except InputError as error:
            page.error = str(error)
        return page
