"""A dataset on its way to the disk: whole when it is done, and not there before."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path, PurePath
from types import TracebackType
from typing import Any, TextIO

from boilerplate.errors import InputError
from boilerplate.files import sync
from boilerplate.labels import Label

_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST = 80  # characters of a page's name

Region = tuple[str, Label]


class DatasetWriter:
    """Writes a new dataset, of pages (``pages.jsonl``, ``pages/``), of texts (``labelled/``), or both.

    All goes to a hidden folder beside `folder`, which takes its name when the
    ``with`` block ends without an error; otherwise it is removed.

    Parameters
    ----------
    folder
        The dataset; it must not exist, or be an empty folder.

    Raises
    ------
    InputError
        If there is something already.
    OSError
        If it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if os.path.lexists(folder) and not (folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())):
            raise InputError(f"{folder}: already exists; a dataset is never overwritten, so name a new folder")
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._part = Path(tempfile.mkdtemp(prefix=f".{folder.name[:40]}.", suffix=".part", dir=folder.parent))
        self._lists: dict[str, TextIO] = {}
        self._names: set[str] = set()
        self.pages = 0
        self.texts = 0

    def __enter__(self) -> DatasetWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for file in self._lists.values():
                if kind is None:
                    sync(file)
                file.close()
            if kind is None and self._lists:
                self._part.chmod(0o777 & ~_umask())  # that of mkdtemp is for its owner alone
                self._part.replace(self.folder)
        finally:
            shutil.rmtree(self._part, ignore_errors=True)

    def add_page(
        self, source: str, content: bytes, portal: str, regions: Iterable[Region] | None, /, **fields: Any
    ) -> tuple[Path, dict[str, Any]]:
        """Add a page of HTML: its file, and its line.

        Parameters
        ----------
        source
            What the page was called where it came from; its file is named after it.
        content
            The page as it was served.
        regions
            XPaths and labels; None for a page whose body alone is known.
        fields
            More fields of its line; those that are None or ``""`` are left out.

        Returns
        -------
        path, record
            Where the page is as long as the dataset is not done, and the fields of its line.
        """
        name = self._name(source)
        record: dict[str, Any] = {"page": f"pages/{name}.html", "portal": portal}
        record |= {key: value for key, value in fields.items() if value is not None and value != ""}
        if regions is not None:
            record["regions"] = [[xpath, label.value] for xpath, label in regions]
        path = self._part / record["page"]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        self._list("pages.jsonl").write(json.dumps(record, ensure_ascii=False) + "\n")
        self.pages += 1
        return path, record

    def add_text(self, source: str, text: str, portal: str, labels: Iterable[Label | None], url: str = "") -> Path:
        """Add a text: its file, that of its labels (None for a blank line), and its line in the index."""
        name = self._name(source)
        index = self._list("labelled/index.tsv")
        path = self._part / "labelled" / f"{name}.txt"
        path.write_bytes(text.encode("utf-8"))
        names = [label.value if label is not None else "-" for label in labels]
        path.with_suffix(".labels").write_text("\n".join(names) + "\n", encoding="utf-8")
        cells = [" ".join(cell.split()) for cell in (name, portal, url)]
        index.write("\t".join(cells).rstrip("\t") + "\n")
        self.texts += 1
        return path

    def _list(self, name: str) -> TextIO:
        if name not in self._lists:
            path = self._part / name
            path.parent.mkdir(exist_ok=True)
            self._lists[name] = path.open("w", encoding="utf-8", newline="\n")
        return self._lists[name]

    def _name(self, source: str) -> str:
        """A name of a file for a page, safe and its own."""
        stem = PurePath(source).name
        for ending in (".gz", ".zst", ".html", ".htm", ".xhtml", ".mhtml", ".mht", ".txt"):
            stem = stem[: -len(ending)] if stem.lower().endswith(ending) else stem
        stem = _UNSAFE.sub("-", stem)[:_LONGEST].strip("-.") or "page"
        name, number = stem, 1
        while name.lower() in self._names:
            number += 1
            name = f"{stem}-{number}"
        self._names.add(name.lower())
        return name


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
