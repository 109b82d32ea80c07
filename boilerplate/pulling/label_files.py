"""Label files: which pages a dataset has, where they come from, and their labels; no text of any page.

A line (JSON) is a line of the dataset's ``pages.jsonl``, and says where its page is from:

``origin``
    ``owner/repository@commit:path``; where it is missing, ``source`` is in that form. Without a commit
    (``owner/repository@:path``) any version of the file in the history of the repository will do, if its checksum fits.
``sha256``
    Checksum of the page, unpacked.
``body_origin``, ``body_sha256``
    For a page of which only the body's text is known: the file that holds it (see `gold`), and the text's checksum.
"""

from __future__ import annotations

import gzip
import json
import re
import reprlib
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from boilerplate.errors import DatasetError
from boilerplate.files import error_reason
from boilerplate.labels import Label

MAX_BYTES = 256 * 2**20
"""Largest label file, unpacked."""
MAX_STRING = 4000
"""Characters of any value, so that none holds a page."""

_HERE = Path(__file__).resolve().parent.parent
FOLDERS = (_HERE / "label_files", _HERE.parent / "datasets" / "labels")  # installed; a checkout

_PULLING = ("origin", "body_origin", "body_sha256")
_STRINGS = ("portal", "template", "story", "url", "year", "kind", "country", "domain", "source")
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,99}/[\w][\w.-]{0,99}", re.A)
_ORIGIN = re.compile(rf"({_REPOSITORY.pattern})@((?:[0-9a-f]{{7,40}})?):([^\0\r\n]{{1,4000}})", re.A)
_SHA256 = re.compile(r"[0-9a-f]{64}")
# As few characters as names of files need: none that a shell, Windows or a terminal takes for more.
_PAGE = re.compile(r"\w[\w.-]{0,199}(?:/\w[\w.-]{0,199}){0,9}", re.A)
# Places in a tree and nothing else: predicates that name attributes could hold what a page says.
_XPATH = re.compile(r"(?:/[A-Za-z][\w.:-]{0,99}(?:\[\d{1,7}\])?){1,1000}(?:/text\(\)(?:\[\d{1,7}\])?)?", re.A)


@dataclass(frozen=True, slots=True)
class Origin:
    """A file of a repository: ``owner/name``, a commit (hexadecimal, at least 7 digits; ``""``: any), a path in it."""

    repository: str
    commit: str
    path: str


@dataclass(slots=True)
class LabelledFile:
    """A line of a label file: the page's place in the dataset, where it is from, and the line that it becomes."""

    page: str
    sha256: str
    origin: Origin | None
    record: dict[str, Any] = field(default_factory=dict)
    body_origin: Origin | None = None
    body_sha256: str = ""


def find_label_file(name: str | Path) -> Path:
    """Return a label file, given the name of a shipped one or a path.

    Raises
    ------
    DatasetError
        If there is none; the message lists the shipped ones.
    """
    if re.fullmatch(r"[\w-]+", str(name)):
        for folder in FOLDERS:
            if (folder / f"{name}.jsonl.gz").is_file():
                return folder / f"{name}.jsonl.gz"
    path = Path(name)
    if path.is_file():
        return path
    shipped = sorted({f.name.removesuffix(".jsonl.gz") for folder in FOLDERS for f in folder.glob("*.jsonl.gz")})
    raise DatasetError(f"{name}: no such label file (shipped: {', '.join(shipped) or 'none'})")


def read_label_file(path: Path) -> list[LabelledFile]:
    """Read a label file (JSON lines, plain or gzip), in the order of its lines.

    Raises
    ------
    DatasetError
        If it does not read, or a line is not as it should be: a page outside of the dataset's folder, an XPath that
        could hold text, two pages of one name.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if data[:2] == b"\x1f\x8b":
            unpacker = zlib.decompressobj(wbits=31)
            data = unpacker.decompress(data, MAX_BYTES + 1)
            if not unpacker.eof and len(data) <= MAX_BYTES:
                raise DatasetError(f"{path}: gzip data without its end")
        if len(data) > MAX_BYTES:
            raise DatasetError(f"{path}: larger than {MAX_BYTES // 2**20} MB")
        lines = data.decode("utf-8").split("\n")
    except (OSError, zlib.error, UnicodeDecodeError) as error:
        raise DatasetError(f"{path}: no label file: {error_reason(error)}") from error
    pages: list[LabelledFile] = []
    names: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            page = _parse(line)
        except (ValueError, RecursionError) as error:
            raise DatasetError(f"{path}:{number}: {error}") from error
        if page.page.lower() in names:  # one file on some systems
            raise DatasetError(f"{path}:{number}: field 'page': {page.page} appears twice")
        names.add(page.page.lower())
        pages.append(page)
    if not pages:
        raise DatasetError(f"{path}: holds no pages")
    return pages


def write_label_file(path: Path, records: list[dict[str, Any]]) -> None:
    """Write a label file, the same bytes for the same records.

    Raises
    ------
    ValueError
        If a record is not what a label file may hold.
    """
    lines = []
    for record in records:
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        _parse(line)
        lines.append(line + "\n")
    path.write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))


def parse_origin(text: str) -> Origin | None:
    """Parse ``owner/repository@commit:path``; None for what is none, or leads out of the repository."""
    match = _ORIGIN.fullmatch(text)
    if match is None or any(part in ("", ".", "..") for part in match[3].split("/")):
        return None
    return Origin(match[1], match[2], match[3])


def _parse(line: str) -> LabelledFile:
    record = json.loads(line)
    if not isinstance(record, dict):
        raise ValueError("not an object")
    unknown = record.keys() - {"page", "sha256", "regions", "words", *_STRINGS, *_PULLING}
    if unknown:
        raise ValueError(f"field {reprlib.repr(min(unknown))} is unknown: a label file holds no text")
    page, checksum = record.get("page"), record.get("sha256")
    if not isinstance(page, str) or not _PAGE.fullmatch(page) or page == "pages.jsonl":
        raise ValueError(f"field 'page': {reprlib.repr(page)} is no path inside of a dataset")
    if not isinstance(checksum, str) or not _SHA256.fullmatch(checksum):
        raise ValueError(f"field 'sha256': {reprlib.repr(checksum)} is no checksum")
    for name in _STRINGS:
        value = record.get(name, "")
        if not isinstance(value, str) or len(value) > MAX_STRING:
            raise ValueError(
                f"field {name!r}: {reprlib.repr(value)} is not a string of at most {MAX_STRING} characters"
            )
    if record.get("kind", "article") not in ("article", "index"):
        raise ValueError(f"field 'kind': {reprlib.repr(record['kind'])} is neither 'article' nor 'index'")
    _check_regions(record)
    body_origin = _origin(record, "body_origin")
    body_checksum = record.get("body_sha256", "")
    if body_origin is not None and not (isinstance(body_checksum, str) and _SHA256.fullmatch(body_checksum)):
        raise ValueError(f"field 'body_sha256': {reprlib.repr(body_checksum)} is no checksum")
    origin = _origin(record, "origin") if "origin" in record else parse_origin(record.get("source", ""))
    kept = {name: value for name, value in record.items() if name not in _PULLING}
    return LabelledFile(page, checksum, origin, kept, body_origin, body_checksum)


def _origin(record: dict[str, Any], name: str) -> Origin | None:
    value = record.get(name)
    if value is None:
        return None
    origin = parse_origin(value) if isinstance(value, str) else None
    if origin is None:
        raise ValueError(f"field {name!r}: {reprlib.repr(value)} is not owner/repository@commit:path")
    return origin


def _check_regions(record: dict[str, Any]) -> None:
    words = record.get("words", {})
    if not isinstance(words, dict) or not all(type(n) is int for n in words.values()):
        raise ValueError(f"field 'words': {reprlib.repr(words)} is no object of counts")
    for label in words:
        Label.parse(label)
    regions = record.get("regions")
    if regions is None:
        return
    if not isinstance(regions, list):
        raise ValueError(f"field 'regions': {reprlib.repr(regions)} is not a list of [xpath, label]")
    for region in regions:
        if not isinstance(region, list) or len(region) != 2 or not all(isinstance(x, str) for x in region):
            raise ValueError(f"field 'regions': {reprlib.repr(region)} is not [xpath, label]")
        if not _XPATH.fullmatch(region[0]):
            raise ValueError(f"field 'regions': {reprlib.repr(region[0])} is more than a place in a page")
        Label.parse(region[1])
