"""Refuse an output that would replace what it is made from."""

from __future__ import annotations

import os
from pathlib import Path

from boilerplate.batch.checkpoint import parts_folder, record_path
from boilerplate.batch.readers.base import Reader
from boilerplate.batch.readers.file import FileReader
from boilerplate.batch.readers.folder import FolderReader
from boilerplate.batch.readers.sniff import is_page
from boilerplate.batch.text_names import with_ending
from boilerplate.errors import InputError

_CHOOSE = "choose another OUT"


def check_output(readers: list[Reader], out: Path, *, text_files: bool, plain_text: bool, ending: str = ".txt") -> None:
    """Refuse an output that would replace an input, or be taken for one by the next run.

    Symbolic links are followed, and a file is known by any of its names.

    Parameters
    ----------
    text_files
        Whether `out` is a folder of texts.
    plain_text
        Whether plain text or HTML is written, which is a page, too.
    ending
        Ending of the texts.

    Raises
    ------
    InputError
        Says which input it is.
    """
    parts = parts_folder(out)
    folders = [reader.path for reader in readers if isinstance(reader, FolderReader)]
    for reader in readers:
        if reader.is_stdin:
            continue
        if any(_is_same(path, reader.path) for path in (out, parts, record_path(out))):
            raise InputError(f"{out}: would replace the input {reader.path}: {_CHOOSE}")
        if _is_inside(reader.path, parts):
            raise InputError(f"{out}: the input {reader.path} is where parts of the output go: {_CHOOSE}")
    for folder in folders:
        if _is_inside(out, folder) and (plain_text or is_page(out.name)):
            raise InputError(f"{out}: is in the input {folder} and would become one of its pages: {_CHOOSE}")
        if not text_files and _has_hard_link(folder, out):
            raise InputError(f"{out}: is a page of the input {folder} by another name: {_CHOOSE}")
    if text_files:
        _check_texts(readers, folders, out, ending)


def _check_texts(readers: list[Reader], folders: list[Path], out: Path, ending: str) -> None:
    """Refuse a folder of texts in which a text would replace an input, or become a page of one."""
    files = [reader.path for reader in readers if not reader.is_stdin and not isinstance(reader, FolderReader)]
    input_of = {(stat.st_dev, stat.st_ino): path for path in files if (stat := _stat(path)) is not None}
    for reader in readers:
        target = out / reader.text_folder
        if isinstance(reader, FileReader):
            text = out / with_ending(reader.text_name, ending)
            stat = _stat(text)
            if stat is not None and (stat.st_dev, stat.st_ino) in input_of:
                raise InputError(f"{out}: the text of {reader.path} would replace the input {text}: {_CHOOSE}")
        elif not isinstance(reader, FolderReader):
            target /= reader.path.name
            if _is_same(target, reader.path):
                raise InputError(f"{out}: texts of {reader.path} would go to a folder of the same name: {_CHOOSE}")
        for folder in folders:
            # In the folder, or below in a folder of the same name, as for `clean out/sub -o out` and out/sub/sub.
            below = os.path.relpath(os.path.realpath(folder), os.path.realpath(target))
            clashes = isinstance(reader, FolderReader) and not below.startswith("..") and (reader.path / below).is_dir()
            if clashes or _is_inside(target, folder):
                raise InputError(f"{out}: texts of {reader.path} would go to the input {folder}: {_CHOOSE}")


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _is_same(path: Path, other: Path) -> bool:
    if os.path.realpath(path) == os.path.realpath(other):
        return True
    stat, other_stat = _stat(path), _stat(other)
    return stat is not None and other_stat is not None and os.path.samestat(stat, other_stat)


def _is_inside(path: Path, folder: Path) -> bool:
    """Whether a path is a folder or lies in it."""
    real_path, real_folder = os.path.realpath(path), os.path.realpath(folder)
    return real_path == real_folder or real_path.startswith(real_folder.rstrip(os.sep) + os.sep)


def _has_hard_link(folder: Path, out: Path) -> bool:
    """Whether a folder has a file that is the output under another name."""
    stat = _stat(out)
    if stat is None or stat.st_nlink < 2 or not out.is_file():
        return False
    for parent, _, names in os.walk(folder):
        for name in names:
            found = _stat(Path(parent, name))
            if found is not None and os.path.samestat(stat, found):
                return True
    return False
