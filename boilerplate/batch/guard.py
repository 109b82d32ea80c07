"""An output may not replace what it is made from."""

from __future__ import annotations

import os
from pathlib import Path

from boilerplate.batch.checkpoint import beside
from boilerplate.batch.readers.files import File, Folder
from boilerplate.batch.readers.sniff import is_page
from boilerplate.batch.source import Input
from boilerplate.errors import InputError


def protect(inputs: list[Input], out: Path, *, texts: bool, text: bool) -> None:
    """Refuse an output that would replace an input, or be taken for one by the next run.

    Symbolic links are followed, and a file is known by any of its names.

    Parameters
    ----------
    texts
        Whether `out` is a folder of texts.
    text
        Whether what is written is plain text: that is a page, too.

    Raises
    ------
    InputError
        Says which input it is.
    """
    ours = [out, *beside(out)]
    folders = [one.path for one in inputs if isinstance(one, Folder)]
    for one in inputs:
        if str(one.path) == "-":
            continue
        for path in ours:
            if _same(path, one.path):
                raise InputError(f"{out}: would replace the input {one.path}: choose another OUT")
        if _inside(one.path, ours[1]):
            raise InputError(f"{out}: the input {one.path} lies where parts of the output go: choose another OUT")
    for folder in folders:
        if _inside(out, folder) and (text or is_page(out.name)):
            raise InputError(f"{out}: lies in the input {folder}, whose pages it would join: choose another OUT")
        if not texts and _has(folder, out):
            raise InputError(f"{out}: is a page of the input {folder} by another name: choose another OUT")
    if texts:
        _protect_from_texts(inputs, folders, out)


def _protect_from_texts(inputs: list[Input], folders: list[Path], out: Path) -> None:
    pages = [one.path for one in inputs if str(one.path) != "-" and not isinstance(one, Folder)]
    known = {(stat.st_dev, stat.st_ino): page for page in pages if (stat := _stat(page)) is not None}
    for one in inputs:
        if isinstance(one, File):
            target = out / one.name
            stat = _stat(target)
            if stat is not None and (stat.st_dev, stat.st_ino) in known:
                raise InputError(f"{out}: the text of {one.path} would replace the input {target}: choose another OUT")
            area = target.parent
        else:
            area = out / getattr(one, "prefix", "")
            if not isinstance(one, Folder):
                area /= one.path.name
                if _same(area, one.path):
                    raise InputError(
                        f"{out}: texts of {one.path} would go to a folder of its own name: choose another OUT"
                    )
        for folder in folders:
            # In the folder, or below in a folder of the same name, as for `clean out/sub -o out` and out/sub/sub.
            below = os.path.relpath(os.path.realpath(folder), os.path.realpath(area))
            clash = isinstance(one, Folder) and not below.startswith("..") and (one.path / below).is_dir()
            if _inside(area, folder) or clash:
                raise InputError(f"{out}: texts of {one.path} would go to the input {folder}: choose another OUT")


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _same(one: Path, other: Path) -> bool:
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    a, b = _stat(one), _stat(other)
    return a is not None and b is not None and os.path.samestat(a, b)


def _inside(path: Path, folder: Path) -> bool:
    """Whether a path is a folder or lies in it."""
    whole, parent = os.path.realpath(path), os.path.realpath(folder)
    return whole == parent or whole.startswith(parent.rstrip(os.sep) + os.sep)


def _has(folder: Path, out: Path) -> bool:
    """Whether a folder has a file that is the output under another name (a hard link)."""
    stat = _stat(out)
    if stat is None or stat.st_nlink < 2 or not out.is_file():
        return False
    for path, _, names in os.walk(folder):
        for name in names:
            found = _stat(Path(path, name))
            if found is not None and os.path.samestat(stat, found):
                return True
    return False
