"""The command ``label``."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from boilerplate.batch.readers.collect import kind
from boilerplate.batch.readers.files import File
from boilerplate.batch.readers.stdin import standard_input
from boilerplate.batch.readers.urls import NOT_FETCHED, is_url
from boilerplate.batch.record import dumps
from boilerplate.cli.console import standard_output
from boilerplate.cli.main import OK
from boilerplate.document import Block, Document
from boilerplate.errors import InputError


def label(args: argparse.Namespace) -> int:
    """Print the labelled blocks of a page."""
    document = _document(args)
    if args.four:
        document = document.relabel("four")
    out = standard_output()
    if args.format == "jsonl":
        for block in document.blocks:
            out.write((dumps(block.to_dict()) + "\n").encode("utf-8", "replace"))
    else:
        for line in table(document.blocks, _width()):
            out.write((line + "\n").encode("utf-8", "replace"))
    out.flush()
    return OK


def _document(args: argparse.Namespace) -> Document:
    path = Path(args.page)
    if is_url(args.page) and not path.exists():
        raise InputError(f"{args.page}: {NOT_FETCHED} label -")
    form = kind(path)
    one = standard_input("html") if form == "stdin" else File(path, "")
    if form not in ("stdin", "file") or one.many:
        what = "is a folder" if form == "folder" else "holds many pages"
        raise InputError(f"{path}: {what}, label takes one: use boilerplate clean --blocks --format jsonl {path}")
    item = next(iter(one.items()))
    if item.error:
        raise InputError(f"{item.source}: {item.error}")
    page = item.page or b""
    from boilerplate.cleaner import Cleaner

    cleaner = Cleaner(args.model)
    if not page.strip():
        return Document([], "")
    try:
        return cleaner.label(page, kind=args.kind)
    except InputError as error:
        raise InputError(f"{item.source}: {error}") from error


def _width() -> int:
    """Columns of the terminal; 0 where the output goes elsewhere."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit():
        return shutil.get_terminal_size().columns
    return 0


def table(blocks: list[Block], width: int) -> list[str]:
    """Lay blocks out as lines.

    Parameters
    ----------
    width
        Columns that a line may take; 0 for fields whole and parted by tabs,
        for XPaths of 200 characters would push the texts out of sight.
    """
    paths = [_plain(block.xpath) for block in blocks]
    if not width:
        return [
            f"{block.index}\t{block.label.value}\t{block.probability:.2f}\t{path}\t{_plain(block.text)}"
            for block, path in zip(blocks, paths, strict=True)
        ]
    widest = max([len(path) for path in paths] + [5])
    room = min(widest, max(width * 2 // 5, 12))
    digits = max(len(str(len(blocks))), 2)
    lines = []
    for block, path in zip(blocks, paths, strict=True):
        path = path if len(path) <= room else "…" + path[len(path) - room + 1 :]
        line = f"{block.index:>{digits}}  {block.label.value:<7}  {block.probability:.2f}  {path:<{room}}  {_plain(block.text)}"
        lines.append((line if len(line) <= width else line[: width - 1] + "…").rstrip())
    return lines


def _plain(text: str) -> str:
    """A text without what could steer a terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)
