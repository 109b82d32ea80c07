"""A dataset from its label file: pages are fetched, checked against their checksums, and listed with their labels."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from boilerplate.batch.readers.codings import GZIP, decompress
from boilerplate.errors import DatasetError, InputError
from boilerplate.files import write_atomically
from boilerplate.progress import NO_PROGRESS, Progress
from boilerplate.pulling.git import HOST, GitError, Repository, address_of
from boilerplate.pulling.gold import body_texts
from boilerplate.pulling.label_files import LabelledFile, Origin, read_label_file

LIST = "pages.jsonl"
MARK = ".pulled.json"
"""File that says which label file a folder's pages come from: one dataset is not pulled over another."""
BODIES = ".bodies"
"""Folder that keeps the texts of bodies for the next run."""


@dataclass(slots=True)
class Pulled:
    """What a pull brought.

    Attributes
    ----------
    pages
        Pages that the label file names.
    kept, fetched
        How many of them were there before, and how many have come.
    failed
        Those that have not: the page's name and why.
    """

    pages: int = 0
    kept: int = 0
    fetched: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def pull(labels: Path, output: Path, *, mirror: str = HOST, progress: Progress = NO_PROGRESS) -> Pulled:
    """Make a dataset of a label file and the pages that it names.

    Pages that are there with the right checksum are not fetched again, so a
    pull that was stopped goes on. Pages that cannot be had are left out of the
    list, which keeps the label file's order.

    Parameters
    ----------
    labels
        The label file (see `label_files`).
    output
        The dataset's folder; made if it is not there.
    mirror
        Address of repositories, ``{repository}`` standing for ``owner/name`` (see `git.address_of`).
    progress
        Told of each page that is there or has failed.

    Raises
    ------
    DatasetError
        If the label file does not read, the mirror is no address, or the folder holds something else.
    OSError
        If a page cannot be written.
    """
    wanted = read_label_file(labels)
    try:
        address_of("owner/name", mirror)
    except ValueError as error:
        raise DatasetError(str(error)) from error
    _claim(output, labels)
    result = Pulled(len(wanted))
    progress.start(len(wanted), "pulling pages")
    missing: list[LabelledFile] = []
    for page in wanted:
        if _is_there(output, page) and _body(output, page) is not None:
            result.kept += 1
            progress.advance()
        else:
            missing.append(page)
    repositories = sorted({origin.repository for page in missing for origin in _origins(page)})
    reasons: dict[Origin, str] = {}
    for repository in repositories:
        pages = [page for page in missing if any(origin.repository == repository for origin in _origins(page))]
        reasons |= _pull_repository(repository, pages, output, mirror)
        for _ in pages:
            progress.advance()
    for page in missing:
        if _is_there(output, page) and _body(output, page) is not None:
            result.fetched += 1
        else:
            result.failed[page.page] = _why(page, output, reasons)
    _write_list(output, [page for page in wanted if page.page not in result.failed])
    return result


def _origins(page: LabelledFile) -> Iterator[Origin]:
    for origin in (page.origin, page.body_origin):
        if origin is not None:
            yield origin


def _claim(output: Path, labels: Path) -> None:
    """Check that a folder is empty, or of an earlier pull by a label file of this name."""
    name = labels.name.split(".")[0]
    mark = output / MARK
    try:
        before = json.loads(mark.read_bytes()).get("labels")
    except (OSError, ValueError, AttributeError):
        before = None
    if before is None and output.is_dir() and any(output.iterdir()):
        raise DatasetError(f"{output}: holds other files: pull into a folder of its own")
    if before is not None and before != name:
        raise DatasetError(f"{output}: holds the dataset {before}: pull into another folder")
    write_atomically(mark, (json.dumps({"labels": name}) + "\n").encode())


def _pull_repository(repository: str, pages: list[LabelledFile], output: Path, mirror: str) -> dict[Origin, str]:
    """Fetch what pages need of a repository; return why files of it are not to be had."""
    wanted: dict[Origin, list[LabelledFile]] = {}
    for page in pages:
        for origin in _origins(page):
            if origin.repository == repository:
                wanted.setdefault(origin, []).append(page)
    reasons: dict[Origin, str] = {}
    with tempfile.TemporaryDirectory(prefix=".git-", dir=output, ignore_cleanup_errors=True) as folder:
        try:
            source = Repository(address_of(repository, mirror), Path(folder))
            found = source.find(list(wanted))
            uses: dict[str, list[Origin]] = {}
            for origin, blobs in found.items():
                reasons[origin] = source.problems.get(origin) or "checksum differs"
                for blob in blobs:
                    uses.setdefault(blob, []).append(origin)
            for blob, data in source.read(uses):
                for origin in uses[blob]:
                    for page in wanted[origin]:
                        _take(page, origin, data, output)
        except GitError as error:
            reasons = dict.fromkeys(wanted, str(error))
    return {origin: f"{repository}: {reason}" for origin, reason in reasons.items()}


def _take(page: LabelledFile, origin: Origin, data: bytes, output: Path) -> None:
    """Write a page, or the text of its body, if these bytes are it."""
    if origin == page.origin and not _is_there(output, page):
        plain = data if _checksum(data) == page.sha256 else _unpacked(data)
        if _checksum(plain) == page.sha256:
            packed = page.page.endswith(".gz")
            write_atomically(_place(output, page.page), gzip.compress(plain, 9, mtime=0) if packed else plain)
    if origin == page.body_origin and _body(output, page) is None:
        for text in body_texts(data):
            if _checksum(text.encode("utf-8", "surrogatepass")) == page.body_sha256:
                write_atomically(_place(output, f"{BODIES}/{page.body_sha256}"), text.encode())
                break


def _why(page: LabelledFile, output: Path, reasons: dict[Origin, str]) -> str:
    if page.origin is None:
        return "the label file names no repository for it"
    if not _is_there(output, page):
        return reasons.get(page.origin, "was not fetched")
    return f"its body: {reasons.get(page.body_origin, 'was not fetched') if page.body_origin else 'nowhere'}"


def _is_there(output: Path, page: LabelledFile) -> bool:
    """Whether a page is in its place with the right checksum."""
    try:
        data = _place(output, page.page).read_bytes()
    except OSError:
        return False
    return _checksum(_unpacked(data) if page.page.endswith(".gz") else data) == page.sha256


def _body(output: Path, page: LabelledFile) -> str | None:
    """Return the text of a page's body; ``""`` if none belongs to it, None if it is missing."""
    if page.body_origin is None:
        return ""
    try:
        data = _place(output, f"{BODIES}/{page.body_sha256}").read_bytes()
        return data.decode() if _checksum(data) == page.body_sha256 else None
    except (OSError, UnicodeDecodeError):
        return None


def _write_list(output: Path, pages: list[LabelledFile]) -> None:
    lines = []
    for page in pages:
        record: dict[str, Any] = dict(page.record)
        if page.body_origin is not None:
            record["body"] = _body(output, page)
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    write_atomically(output / LIST, "".join(lines).encode())


def _place(output: Path, name: str) -> Path:
    """Return where a file goes.

    Raises
    ------
    DatasetError
        If a symbolic link leads out of the dataset's folder.
    """
    path = output / name
    real, home = os.path.realpath(path), os.path.realpath(output)
    if not real.startswith(os.path.join(home, "")):
        raise DatasetError(f"{path}: leads out of {output}")
    return path


def _unpacked(data: bytes) -> bytes:
    if data[:2] == GZIP:
        with suppress(InputError):
            return decompress(data)
    return data


def _checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
