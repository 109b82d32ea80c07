"""Pages whose body text is known, labelled: what ``datasets import --from bodies`` runs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boilerplate.batch.readers.file import read_page
from boilerplate.batch.readers.folder import walk
from boilerplate.cleaner import Cleaner
from boilerplate.curation.alignment import align_blocks
from boilerplate.curation.origin import name_portal, page_url
from boilerplate.curation.prelabel import check_regions, plain_bytes
from boilerplate.curation.writing import DatasetWriter
from boilerplate.errors import InputError
from boilerplate.files import error_reason
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.reading import decode
from boilerplate.segment.html import parse
from boilerplate.segment.page import HtmlPage
from boilerplate.training.records import is_inside

FOUND = 0.9
"""Share of a gold text from which it is found as a whole."""

MAX_BYTES = 2**30
"""Largest list of texts that is read: it is read whole."""

_LONGEST_CELL = 64 * 2**20


@dataclass(frozen=True, slots=True)
class GoldBody:
    """A line of the list: the body's text, and what tells its page."""

    where: str
    body: str
    html: str = ""
    page: str = ""
    url: str = ""
    portal: str = ""


def read_bodies(path: Path, column: str = "body") -> list[GoldBody]:
    """Read a list of body texts, CSV (with a heading line) or JSON lines.

    Parameters
    ----------
    column
        Field that holds the text.

    Raises
    ------
    InputError
        If it does not read, or a line has no text or tells no page; names file and line.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: larger than {MAX_BYTES // 2**30} GB")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: {error_reason(error)}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8: {error.reason}") from error
    rows = _json_rows(text, path) if path.suffix.lower() in (".jsonl", ".ndjson") else _csv_rows(text, path)
    bodies = []
    for where, row in rows:
        values = {name: value for name, value in row.items() if isinstance(value, str)}
        if not values.get(column, "").strip():
            raise InputError(f"{where}: field {column!r} has no text")
        known = {name: values.get(name, "") for name in ("html", "page", "url", "portal")}
        if not (known["html"] or known["page"] or known["url"]):
            raise InputError(f"{where}: needs 'html' (the page), 'page' (its file) or 'url' (its address)")
        bodies.append(GoldBody(where, values[column], **known))
    if not bodies:
        raise InputError(f"{path}: holds no texts")
    return bodies


def _json_rows(text: str, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{where}: not JSON: {error}") from error
        if not isinstance(row, dict):
            raise InputError(f"{where}: not an object")
        yield where, row


def _csv_rows(text: str, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    try:
        for row in reader:
            yield f"{path}:{reader.line_num}", {name: value for name, value in row.items() if name is not None}
    except csv.Error as error:
        raise InputError(f"{path}:{reader.line_num}: not CSV: {error}") from error


class PageFinder:
    """Finds the pages of a list: in its lines, in a folder by their paths, or there by the address that they give.

    Parameters
    ----------
    folder
        Where the pages are; nothing outside of it is read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._by_url: dict[str, Path] | None = None

    def find(self, gold: GoldBody) -> tuple[str, bytes]:
        """Return a page's name and its bytes.

        Raises
        ------
        InputError
            If there is no such page.
        """
        if gold.html:
            return gold.where.rpartition("/")[2].replace(":", "-"), gold.html.encode("utf-8", "replace")
        if gold.page:
            path = self._folder / gold.page
            if "\0" in gold.page or not is_inside(path, self._folder):
                raise InputError(f"field 'page': {gold.page!r} is outside of {self._folder}")
        else:
            found = self._urls().get(_plain(gold.url))
            if found is None:
                raise InputError(f"no page in {self._folder} says that {gold.url} is its address")
            path = found
        if not path.is_file():
            raise InputError(f"{path}: {'is not a file' if path.exists() else 'no such file'}")
        return str(path), read_page(path)

    def _urls(self) -> dict[str, Path]:
        if self._by_url is None:
            self._by_url = {}
            for entry in walk(self._folder):
                if not entry.text_name:
                    continue
                path = self._folder.joinpath(*entry.parts)
                try:
                    url = page_url(parse(decode(read_page(path))))
                except InputError:
                    continue
                if url:
                    self._by_url.setdefault(_plain(url), path)
        return self._by_url


def _plain(url: str) -> str:
    """An address without what says nothing about the page."""
    plain = url.strip().partition("#")[0].rstrip("/")
    return plain.removeprefix("https://").removeprefix("http://").removeprefix("www.")


class BodyImporter:
    """Labels pages by their body texts, and adds them to a dataset.

    Parameters
    ----------
    writer
        Takes the pages.
    cleaner
        Labels what is not body; None writes the body's text alone.
    portal
        The portal of all pages; ``""`` for that of each line, else by address or folder.
    """

    def __init__(self, writer: DatasetWriter, cleaner: Cleaner | None, model: str, portal: str = "") -> None:
        self._writer = writer
        self._cleaner = cleaner
        self._labels_from = f"body texts, others model {model}" if cleaner is not None else ""
        self._portal = portal

    def add(self, gold: GoldBody, source: str, content: bytes) -> float:
        """Add a page, and return which share of the words of its gold text was found in it.

        Raises
        ------
        InputError
            If the page does not read, or shows no text.
        """
        content = plain_bytes(content, "html")
        cleaner = self._cleaner if self._cleaner is not None else Cleaner()
        document, page = cleaner.label_page(decode(content), kind="html")
        assert isinstance(page, HtmlPage)
        if not document.blocks:
            raise InputError("shows no text")
        alignment = align_blocks(page.texts, gold.body)
        root = page.nodes[0].getroottree().getroot()
        url = gold.url or page_url(root)
        portal = name_portal(self._portal or gold.portal, url, source)
        if self._cleaner is None:
            self._writer.add_page(source, content, portal, None, url=url, body=gold.body)
            return alignment.found
        labels = []
        for block, is_body in zip(document.blocks, alignment.body, strict=True):
            others = (label for label in LABELS if label != Label.BODY)
            labels.append(Label.BODY if is_body else max(others, key=block.probabilities.__getitem__))
        regions = [
            (block.xpath, label) for block, label in zip(document.blocks, labels, strict=True) if label != Label.CHROME
        ]
        of = {ref: INDEX[label] for refs, label in zip(page.refs, labels, strict=True) for ref in refs}
        check_regions(page, root, [(xpath, INDEX[label]) for xpath, label in regions], of.__getitem__)
        self._writer.add_page(
            source,
            content,
            portal,
            regions,
            url=url,
            labels_from=self._labels_from,
            body_found=round(alignment.found, 3),
            done=False,
        )
        return alignment.found
