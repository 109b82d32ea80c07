"""Names of the texts in an output folder: no two alike, none too long."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator

MAX_BYTES = 255
"""Longest name of a file, in bytes, on the file systems in use."""


def with_ending(name: str, ending: str) -> str:
    """Return the name of a text with the ending of another format in place of ``.txt``."""
    return name.removesuffix(".txt") + ending


class TextNames:
    """The names that are taken; texts that ask for the same name get different ones.

    Only hashes are kept, so that a million names take some 70 MB.
    """

    def __init__(self) -> None:
        self._files: set[int] = set()
        self._folders: set[int] = set()

    def add(self, name: str) -> None:
        """Mark a name as taken."""
        self._files.add(hash(name))
        self._folders.update(map(hash, _folders(name)))

    def remove(self, name: str) -> None:
        """Mark a name as free again."""
        self._files.discard(hash(name))

    def claim(self, name: str) -> str:
        """Take a name, or one like it if that is taken: ``a.txt``, ``a-2.txt``, ``a-3.txt``."""
        *folders, last = name.split("/")
        parent = ""
        for folder in folders:
            number = 1
            while hash(parent + _shorten(folder, _suffix(number))) in self._files:  # a text is called like this folder
                number += 1
            parent += _shorten(folder, _suffix(number)) + "/"
        stem, ending = os.path.splitext(last)
        number = 1
        while (
            hash(free := parent + _shorten(stem, _suffix(number) + ending)) in self._files
            or hash(free) in self._folders
        ):
            number += 1
        self.add(free)
        return free


def _suffix(number: int) -> str:
    return f"-{number}" if number > 1 else ""


def _folders(name: str) -> Iterator[str]:
    """Yield the folders on the way to a name."""
    slash = name.find("/")
    while slash >= 0:
        yield name[:slash]
        slash = name.find("/", slash + 1)


def _shorten(stem: str, suffix: str) -> str:
    """Join both; if that is too long, cut the stem and add a hash of it, which tells it from others."""
    if len(os.fsencode(stem + suffix)) <= MAX_BYTES:
        return stem + suffix
    suffix = f"-{hashlib.sha256(os.fsencode(stem)).hexdigest()[:16]}{suffix}"
    while len(os.fsencode(stem + suffix)) > MAX_BYTES:
        stem = stem[:-1]
    return stem + suffix
