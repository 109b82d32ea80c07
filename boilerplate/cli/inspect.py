"""The command ``inspect``."""

from __future__ import annotations

import argparse
from pathlib import Path

from boilerplate.cli.label import read_page
from boilerplate.cli.status import OK
from boilerplate.cli.terminal import name_in_errors, print_message
from boilerplate.errors import InputError
from boilerplate.files import write_atomically


def inspect(args: argparse.Namespace) -> int:
    """Write a page with its labelled blocks as one HTML file."""
    from boilerplate.inspection.view import check_installed, render

    check_installed()
    if args.output.exists() and not args.overwrite:
        raise InputError(f"{args.output}: already exists (--overwrite replaces it)")
    from boilerplate.cleaner import Cleaner

    cleaner = Cleaner(args.model)
    source = read_page(args.page, "inspect")
    content = source.content or b""
    try:
        document, page = cleaner.label_page(content, kind=args.kind)
        other = Cleaner(args.diff).label_page(content, kind=args.kind)[0] if args.diff is not None else None
    except InputError as error:
        raise InputError(f"{source.source}: {error}") from error
    name = "standard input" if args.page == "-" else Path(args.page).name
    html = render(
        page,
        document,
        name,
        model=args.model or "",
        other=other,
        other_model=args.diff or "",
        headings=cleaner.headings(page),
    )
    with name_in_errors(args.output):
        write_atomically(args.output, html.encode("utf-8", "replace"))
    print_message(f"{len(document.blocks)} blocks in {args.output}")
    return OK
