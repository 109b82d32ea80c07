"""The arguments of the commands on pages: clean, label, inspect. Imports little but argparse."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from boilerplate.cli.values import parse_count, parse_favour, parse_jobs, parse_seconds, parse_share

_CLEAN_DESCRIPTION = """\
Keeps the article of each page and writes its text.

PAGES are files, folders (searched for .html, .htm, .xhtml, .mhtml, .mht, .txt,
.gz and .zst of them, and other files that begin as HTML does), patterns
('crawl/**/*.html'), collections: JSON lines (.jsonl), JSON (.json: an array of
objects, or lines), CSV (.csv), Parquet (.parquet), WARC (.warc, .warc.gz), and
'-' for standard input: one page, or JSON lines if the first line is an object.

formats:
  text     The article's text, a paragraph a line, and nothing else. Several
           texts are separated by one blank line (no text has one); a page
           without an article prints nothing. With -o OUT, several pages
           become one .txt each in the folder OUT, named as in their own
           folders; if OUT ends in .txt they become that one file.
  markdown, html, xml-tei
           The article with its title, headings, lists, quotes and tables (and
           --links, --images); HTML that is safe to show; TEI P5 with the
           metadata in its header. Several pages become a file each, as texts
           do, or one file OUT.md, OUT.html.
  jsonl    An object a page: source, status (ok, empty, error), title, text,
           confidence, error, text_source (page; json-ld where the page shows
           no article and its JSON-LD holds one); then what came with the page
           (fields of a JSON line or a table's row; url, date and
           warc_record_id of a WARC record). Where there is no text, error says
           why, of empty pages too.
  csv, parquet
           The same as columns. Rows of a CSV or Parquet file keep all their
           columns and gain text, title, confidence, status, error and
           text_source. A text may start with "=": a spreadsheet takes such a
           cell of CSV for a formula unless told to read text.

On a terminal, control characters in texts are left out; in files and pipes
texts are as they are.

A field of the input that is called like one of ours is kept as input_NAME.

A run with -o can be killed at any moment and goes on when the same command is
given again; until it ends, what is done waits in OUT.parts. Then a record of
it stays beside OUT, .OUT.boilerplate.jsonl.
Given once more, the same command looks (by names and sizes) whether all is
there, makes again what was deleted, and adds pages that have come to a folder,
records at the end of a file, new PAGES. An OUT that was made otherwise, or has
changed since, is an error; --overwrite starts anew. A page that changes in a
folder is not noticed.

A page that takes longer than --timeout, whose process dies on it twice (out of
memory), or whose text cannot be written, is an error; the others go on. With a
limit, or --jobs above 1, pages are cleaned in processes of their own; without,
such a page ends the run.

exit status: 0 done (a page without an article is no error), 2 some input could
not be read (each is named on standard error, the others are done), 130 Ctrl-C
(the signal itself, to whoever started it).
"""


def add_clean(commands: argparse._SubParsersAction[Any]) -> None:
    clean = commands.add_parser(
        "clean",
        help="write the article's text of pages",
        description=_CLEAN_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    clean.add_argument(
        "pages", nargs="+", metavar="PAGES", help="files, folders, patterns, collections, or - (see above)"
    )
    clean.add_argument(
        "--format",
        choices=("text", "jsonl", "csv", "parquet", "markdown", "html", "xml-tei"),
        help="of the output (default: by the ending of OUT, else text)",
    )
    clean.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="file or folder to write (default: standard output)"
    )
    clean.add_argument("--overwrite", action="store_true", help="replace OUT if it exists")
    clean.add_argument(
        "-v", "--verbose", action="store_true", help="name what is skipped and why, and say why pages are empty"
    )
    clean.add_argument("--jobs", type=parse_jobs, default=1, metavar="N", help="processes; -1: all cores (default: 1)")
    clean.add_argument(
        "--timeout",
        type=parse_seconds,
        metavar="SECONDS",
        help="limit for a page; 0: none (default: 60; for a single page none)",
    )
    _add_page_options(clean)
    clean.add_argument(
        "--favour",
        type=parse_favour,
        default="balance",
        metavar="FAVOUR",
        help="precision drops doubtful blocks, balance weighs them evenly, recall keeps them; or a number to add to "
        "the log odds of keeping a block (default: balance)",
    )
    for name, what in (("initials", "initials that end a story: (rin/dew)"), ("attributions", "A post shared by ...")):
        clean.add_argument(
            f"--{name}",
            choices=("keep", "drop"),
            help=f"{what} (default: kept where they are part of the story's own text)",
        )
    clean.add_argument(
        "--min-confidence",
        type=parse_share,
        default=0.0,
        metavar="X",
        help="take texts of a lower confidence for none, 0 to 1 (default: 0)",
    )
    clean.add_argument(
        "--min-words", type=parse_count, default=0, metavar="N", help="take texts of fewer words for none (default: 0)"
    )
    clean.add_argument(
        "--column", default="html", metavar="NAME", help="field that holds the page, in collections (default: html)"
    )
    clean.add_argument(
        "--output-column", default="text", metavar="NAME", help="field that the text is written to (default: text)"
    )
    clean.add_argument(
        "--keep-truncated",
        action="store_true",
        help="clean pages in WARCs that are cut short, with a note in the field error (default: they are errors)",
    )
    clean.add_argument("--blocks", action="store_true", help="add the labelled blocks of each page (not for text)")
    clean.add_argument("--paragraphs", action="store_true", help="add the text's paragraphs as a list (not for text)")
    clean.add_argument("--links", action="store_true", help="keep links to http(s), in markdown, html and xml-tei")
    clean.add_argument("--images", action="store_true", help="keep the story's images, in markdown, html and xml-tei")
    clean.add_argument(
        "--metadata",
        action="store_true",
        help="add what each page says about its article: authors, dates, site, address, tags ... (not for text)",
    )
    clean.add_argument(
        "--article-body",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="where a page shows no article, take the text of its JSON-LD; text_source says so (default: yes)",
    )


def _add_page_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--kind", choices=("auto", "html", "text"), default="auto", help="of the pages (default: auto)"
    )
    command.add_argument("-m", "--model", metavar="MODEL", help="a shipped model's name or a model file's path")


def add_label(commands: argparse._SubParsersAction[Any]) -> None:
    label = commands.add_parser(
        "label",
        help="show the blocks of a page and their labels, or write labelled pages as a dataset",
        description="Shows the blocks of one page and their labels. With --dataset, labels many pages and writes them "
        "as a dataset to correct and to train on; pages that cannot be read are named and left out.",
    )
    label.add_argument("pages", nargs="+", metavar="PAGE", help="file, or - for standard input")
    label.add_argument(
        "--format",
        choices=("table", "jsonl"),
        help="table: number, label, probability, XPath, text (separated by tabs where the output is no terminal); "
        "jsonl: an object a block (default: table)",
    )
    _add_page_options(label)
    label.add_argument(
        "--four", action="store_true", help="four labels: body, related, popular, ad, and other for the rest"
    )
    dataset = label.add_argument_group("writing a dataset")
    dataset.add_argument(
        "--dataset",
        type=Path,
        metavar="DIR",
        help="new folder to write; each PAGE may then be a folder, a pattern or a collection, as for clean",
    )
    dataset.add_argument(
        "--portal",
        metavar="NAME",
        help="portal of all the pages (default: by the address that came with a page or that it gives as its own, "
        "else by its folder's name)",
    )
    dataset.add_argument(
        "--column", default="html", metavar="NAME", help="field that holds the page, in collections (default: html)"
    )


def add_inspect(commands: argparse._SubParsersAction[Any]) -> None:
    inspect = commands.add_parser(
        "inspect",
        help="show a page with its blocks and their labels in one HTML file",
        description="Writes one HTML file that shows a page with its blocks in their labels' colours, the list of "
        "blocks, and the text that is kept. Nothing of the page runs in it, and nothing is fetched.",
    )
    inspect.add_argument("page", metavar="PAGE", help="file, or - for standard input")
    inspect.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.html", help="file to write")
    inspect.add_argument("--overwrite", action="store_true", help="replace FILE.html if it exists")
    _add_page_options(inspect)
    inspect.add_argument("--diff", metavar="MODEL", help="a second model, to show where the two differ")
