"""`boilerplate.files`: a file is written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from boilerplate import files
from boilerplate.errors import InputError


def test_a_file_is_replaced_at_once(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "a.txt"
    files.write_atomically(path, b"old")
    with files.atomic_write(path) as partial:
        partial.write_bytes(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert os.listdir(path.parent) == ["a.txt"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt(), ValueError()])
def test_a_file_stays_as_it_was_if_writing_fails(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def write() -> None:
        with files.atomic_write(path) as partial:
            partial.write_bytes(b"half")
            raise error

    with pytest.raises(type(error)) as caught:
        write()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.txt"]
    if isinstance(caught.value, OSError):
        assert caught.value.filename == str(path)


def test_what_is_on_the_disk_is_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, synced = tmp_path / "a.txt", []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (sync(fd), synced.append(path.exists())))
    files.write_atomically(path, b"a")
    assert synced == [False]


def test_errors_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "none" / "a.txt"
    with (
        pytest.raises(InputError, match=f"{path}: no such file or directory; try again"),
        files.input_errors(path, "; try again"),
    ):
        path.open()
