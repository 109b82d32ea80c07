"""The arguments of the command line. Imports nothing but argparse, so that ``--help`` is instant."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import NoReturn

from boilerplate import __version__
from boilerplate.cli.datasets_arguments import add_datasets
from boilerplate.cli.terminal import strip_controls

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


def _parse_count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must not be below 0")
    return value


def _parse_jobs(text: str) -> int:
    value = int(text)
    if value == 0 or value < -1:
        raise argparse.ArgumentTypeError("must be a number of processes, or -1 for all cores")
    return value


def _parse_seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1e6:
        raise argparse.ArgumentTypeError("must be a number of seconds, or 0 for no limit")
    return value


def _parse_share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("must be from 0 to 1")
    return value


def _parse_favour(text: str) -> str | float:
    if text in ("precision", "balance", "recall"):
        return text
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError("must be precision, balance, recall or a number")
    return value


_parse_seconds.__name__ = _parse_share.__name__ = _parse_count.__name__ = _parse_jobs.__name__ = (
    "number"  # argparse: "invalid number value: 'x'"
)


class _Parser(argparse.ArgumentParser):
    """Keeps what controls a terminal out of its errors: names that a pattern matches are arguments, too."""

    def error(self, message: str) -> NoReturn:
        super().error(strip_controls(" ".join(message.split())))


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = _Parser(
        prog="boilerplate",
        description="Keeps the article of Indonesian news pages and says which kind of noise the rest is.",
    )
    parser.add_argument("--version", action="version", version=f"boilerplate {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_clean(commands)
    _add_label(commands)
    _add_inspect(commands)
    _add_annotate(commands)
    _add_train(commands)
    _add_evaluate(commands)
    add_datasets(commands, _parse_jobs)
    _add_models(commands)
    return parser


def _add_clean(commands: argparse._SubParsersAction[_Parser]) -> None:
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
    clean.add_argument("--jobs", type=_parse_jobs, default=1, metavar="N", help="processes; -1: all cores (default: 1)")
    clean.add_argument(
        "--timeout",
        type=_parse_seconds,
        metavar="SECONDS",
        help="limit for a page; 0: none (default: 60; for a single page none)",
    )
    _add_page_options(clean)
    clean.add_argument(
        "--favour",
        type=_parse_favour,
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
        type=_parse_share,
        default=0.0,
        metavar="X",
        help="take texts of a lower confidence for none, 0 to 1 (default: 0)",
    )
    clean.add_argument(
        "--min-words", type=_parse_count, default=0, metavar="N", help="take texts of fewer words for none (default: 0)"
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


def _add_label(commands: argparse._SubParsersAction[_Parser]) -> None:
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


def _add_inspect(commands: argparse._SubParsersAction[_Parser]) -> None:
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


def _add_annotate(commands: argparse._SubParsersAction[_Parser]) -> None:
    annotate = commands.add_parser(
        "annotate",
        help="label pages by hand, in a browser on this computer",
        description="Serves a web page on this computer for labelling pages by hand, and prints its address. A model "
        "labels the pages first; every change is saved at once, in the format that train reads. Given again, it goes "
        "on where it stopped.",
    )
    annotate.add_argument(
        "folder", type=Path, metavar="FOLDER", help="a dataset (pages.jsonl, spans.jsonl), or a folder of pages"
    )
    annotate.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="DATASET",
        help="the dataset made of a folder of pages (default: FOLDER-labelled), or a copy of a dataset to work on",
    )
    annotate.add_argument("--model", metavar="MODEL", help="a shipped model's name or a model file's path")
    annotate.add_argument(
        "--portal", default="", metavar="NAME", help="portal of the pages of a folder (default: the folder's name)"
    )
    annotate.add_argument(
        "--annotator",
        default="",
        metavar="NAME",
        help="label a dataset a second time, without sight of its labels, for figures of agreement",
    )
    annotate.add_argument(
        "--others",
        nargs="+",
        type=Path,
        default=(),
        metavar="DATASET",
        help="pages of other portals, to measure what retraining does to them",
    )
    annotate.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    annotate.add_argument("--port", type=_parse_count, default=0, help="port to listen on (default: a free one)")


def _add_train(commands: argparse._SubParsersAction[_Parser]) -> None:
    train = commands.add_parser(
        "train",
        help="train a model on labelled pages",
        description="Trains a model on labelled pages, and measures it leaving portals out. With --from it starts "
        "from a model, for which five pages of one portal are enough, and takes seconds.",
    )
    train.add_argument("datasets", nargs="+", metavar="DATASET", help="folder with a pages.jsonl")
    train.add_argument(
        "-o", "--output", type=Path, required=True, metavar="MODEL", help="writes MODEL.npz and its card MODEL.md"
    )
    train.add_argument("--overwrite", action="store_true", help="replace MODEL if it exists")
    train.add_argument("--kind", choices=("html", "text"), default="html", help="of the pages (default: html)")
    train.add_argument(
        "--folds",
        type=_parse_count,
        default=8,
        metavar="N",
        help="folds of the measurement; 0: a fold a portal (default: 8)",
    )
    train.add_argument(
        "--no-evaluate",
        dest="evaluate",
        action="store_false",
        help="train only: skips the measurement, most of the work",
    )
    train.add_argument(
        "--jobs", type=_parse_jobs, default=-1, metavar="N", help="processes that read pages (default: -1, all cores)"
    )
    train.add_argument(
        "--lexicon",
        type=Path,
        metavar="FILE.tsv",
        help="section headings beyond the shipped ones: kind<TAB>phrase|phrase a line",
    )
    _add_measurement_options(train)
    start = train.add_argument_group("starting from a model")
    start.add_argument("--from", dest="start", metavar="MODEL", help="a shipped model's name or a model file's path")
    start.add_argument(
        "--others",
        nargs="+",
        default=(),
        metavar="DATASET",
        help="pages of other portals, to measure what the change does to them",
    )
    start.add_argument("--force", action="store_true", help="write the model even if it is worse than its start")
    network = train.add_argument_group("the network (defaults: see boilerplate.training.estimator)")
    network.add_argument("--epochs", type=_parse_count, metavar="N", help="passes over the blocks")
    network.add_argument("--hidden", type=_parse_count, metavar="N", help="hidden units")
    network.add_argument("--seeds", type=_parse_count, metavar="N", help="networks that are averaged")
    network.add_argument("--decay", type=float, metavar="X", help="weight decay")
    network.add_argument("--drop", type=float, metavar="X", help="probability of blanking a group of features")
    network.add_argument("--random-state", type=_parse_count, metavar="N", help="first seed")


def _add_evaluate(commands: argparse._SubParsersAction[_Parser]) -> None:
    evaluate = commands.add_parser(
        "evaluate",
        help="score a model on labelled pages",
        description="Scores a model on labelled pages. On pages that it was trained on it scores too well.",
    )
    evaluate.add_argument("datasets", nargs="+", metavar="DATASET", help="folder with a pages.jsonl")
    evaluate.add_argument("-m", "--model", metavar="MODEL", help="a shipped model's name or a model file's path")
    evaluate.add_argument("--format", choices=("table", "json"), default="table", help="(default: table)")
    evaluate.add_argument(
        "--jobs", type=_parse_jobs, default=-1, metavar="N", help="processes that read pages (default: -1, all cores)"
    )
    _add_measurement_options(evaluate)


def _add_models(commands: argparse._SubParsersAction[_Parser]) -> None:
    info = commands.add_parser(
        "info",
        help="show what a model is and what it was trained on",
        description="Shows what a model is: its kind, labels, settings, lexicon, and what its card says of the "
        "pages it was trained on, their sources and its figures.",
    )
    info.add_argument(
        "model",
        nargs="?",
        metavar="MODEL",
        help="a shipped model's name or a model file's path (default: the shipped model for HTML)",
    )
    info.add_argument("--json", action="store_true", help="print all of it as one JSON object")
    info.add_argument("--card", action="store_true", help="print the model's card as it is")
    models = commands.add_parser(
        "models",
        help="list models",
        description="Lists the shipped models, and those in folders of yours.",
    )
    models.add_argument(
        "folders", nargs="*", type=Path, metavar="FOLDER", help="to look for models in (default: . and models)"
    )
    models.add_argument("--json", action="store_true", help="print the list as JSON")


def _add_measurement_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--outside", action="store_true", help="let a dataset name pages outside of its folder: any file of yours"
    )
    command.add_argument(
        "--report",
        type=Path,
        metavar="FILE.html",
        help="also write figures, plots and the worst pages to one HTML file (needs jinja2 and matplotlib)",
    )
