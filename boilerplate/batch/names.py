"""Names of the texts in an output folder: no two alike, none too long."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator

LONGEST = 255
"""Bytes of a name, at most, on the file systems in use."""


class Names:
    """The names that are taken; two texts that ask for one name get two.

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
        """Give a name back."""
        self._files.discard(hash(name))

    def claim(self, name: str) -> str:
        """Take the name that is asked for, or one like it if that is taken: ``a.txt``, ``a-2.txt``, ``a-3.txt``."""
        *folders, last = name.split("/")
        path = ""
        for folder in folders:
            number = 1
            while hash(path + _short(folder, _tail(number))) in self._files:  # a text is called like this folder
                number += 1
            path += _short(folder, _tail(number)) + "/"
        stem, ending = os.path.splitext(last)
        number = 1
        while hash(found := path + _short(stem, _tail(number) + ending)) in self._files or hash(found) in self._folders:
            number += 1
        self.add(found)
        return found


def _tail(number: int) -> str:
    return f"-{number}" if number > 1 else ""


def _folders(name: str) -> Iterator[str]:
    at = name.find("/")
    while at >= 0:
        yield name[:at]
        at = name.find("/", at + 1)


def _short(stem: str, tail: str) -> str:
    """Join both, cutting the stem if they are too long: a hash of what it was then tells it from others."""
    if len(os.fsencode(stem + tail)) <= LONGEST:
        return stem + tail
    tail = f"-{hashlib.sha256(os.fsencode(stem)).hexdigest()[:16]}{tail}"
    while len(os.fsencode(stem + tail)) > LONGEST:
        stem = stem[:-1]
    return stem + tail
