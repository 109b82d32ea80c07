"""The command ``label``."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from boilerplate.batch.readers.arguments import input_type
from boilerplate.batch.readers.base import Reader, SourcePage
from boilerplate.batch.readers.file import FileReader
from boilerplate.batch.readers.stdin import stdin_reader
from boilerplate.batch.readers.urls import NOT_FETCHED, is_url
from boilerplate.batch.record import to_json
from boilerplate.cli.status import OK
from boilerplate.cli.terminal import standard_output
from boilerplate.document import Block, Document
from boilerplate.errors import InputError


def label(args: argparse.Namespace) -> int:
    """Print the labelled blocks of a page, or write a dataset of pages."""
    if args.dataset is not None:
        from boilerplate.cli.label_dataset import label_to_dataset

        return label_to_dataset(args)
    if len(args.pages) > 1:
        raise InputError(f"label shows one page, {len(args.pages)} are given: --dataset DIR writes the labels of many")
    if args.portal is not None:
        raise InputError("--portal goes with --dataset")
    document = _label_page(read_page(args.pages[0], "label"), args)
    if args.four:
        document = document.relabel("four")
    out = standard_output()
    if args.format == "jsonl":
        lines = [to_json(block.to_dict()) for block in document.blocks]
    else:
        lines = format_table(document.blocks, _output_width())
    for line in lines:
        out.write((line + "\n").encode("utf-8", "replace"))
    out.flush()
    return OK


def read_page(argument: str, command: str) -> SourcePage:
    """Read the one page that an argument of a command names.

    Raises
    ------
    InputError
        If it cannot be read, or is no single page.
    """
    path = Path(argument)
    if is_url(argument) and not path.exists():
        raise InputError(f"{argument}: {NOT_FETCHED} {command} -")
    what = input_type(path)
    reader: Reader = stdin_reader("html") if what == "stdin" else FileReader(path, "")
    if what not in ("stdin", "file") or reader.many:
        problem = "is a folder" if what == "folder" else "holds many pages"
        raise InputError(
            f"{path}: {problem}, {command} takes one: use boilerplate clean --blocks --format jsonl {path}"
        )
    page = next(iter(reader.pages()))
    if page.error:
        raise InputError(f"{page.source}: {page.error}")
    return page


def _label_page(page: SourcePage, args: argparse.Namespace) -> Document:
    from boilerplate.cleaner import Cleaner

    cleaner = Cleaner(args.model)
    content = page.content or b""
    if not content.strip():
        return Document([], "")
    try:
        return cleaner.label(content, kind=args.kind)
    except InputError as error:
        raise InputError(f"{page.source}: {error}") from error


def _output_width() -> int:
    """Return the columns of the terminal; 0 where the output goes elsewhere."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit():
        return shutil.get_terminal_size().columns
    return 0


def format_table(blocks: list[Block], width: int) -> list[str]:
    """Format blocks as lines of a table.

    Parameters
    ----------
    width
        Columns that a line may take; XPaths are shortened, which would push
        the texts out of sight. 0 for complete fields separated by tabs.
    """
    paths = [_printable(block.xpath) for block in blocks]
    if not width:
        return [
            f"{block.index}\t{block.label.value}\t{block.probability:.2f}\t{path}\t{_printable(block.text)}"
            for block, path in zip(blocks, paths, strict=True)
        ]
    longest = max([len(path) for path in paths] + [5])
    path_width = min(longest, max(width * 2 // 5, 12))
    digits = max(len(str(len(blocks))), 2)
    lines = []
    for block, path in zip(blocks, paths, strict=True):
        short = path if len(path) <= path_width else "…" + path[len(path) - path_width + 1 :]
        line = f"{block.index:>{digits}}  {block.label.value:<7}  {block.probability:.2f}  {short:<{path_width}}  "
        line += _printable(block.text)
        lines.append((line if len(line) <= width else line[: width - 1] + "…").rstrip())
    return lines


def _printable(text: str) -> str:
    """Replace what is not printable, and so what could control a terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)
