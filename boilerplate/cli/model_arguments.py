"""The arguments of the commands on models: annotate, train, evaluate, models, info. Imports little but argparse."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from boilerplate.cli.values import parse_count, parse_jobs


def add_annotate(commands: argparse._SubParsersAction[Any]) -> None:
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
    annotate.add_argument("--port", type=parse_count, default=0, help="port to listen on (default: a free one)")


def add_train(commands: argparse._SubParsersAction[Any]) -> None:
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
        type=parse_count,
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
        "--jobs", type=parse_jobs, default=-1, metavar="N", help="processes that read pages (default: -1, all cores)"
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
    network.add_argument("--epochs", type=parse_count, metavar="N", help="passes over the blocks")
    network.add_argument("--hidden", type=parse_count, metavar="N", help="hidden units")
    network.add_argument("--seeds", type=parse_count, metavar="N", help="networks that are averaged")
    network.add_argument("--decay", type=float, metavar="X", help="weight decay")
    network.add_argument("--drop", type=float, metavar="X", help="probability of blanking a group of features")
    network.add_argument("--random-state", type=parse_count, metavar="N", help="first seed")


def add_evaluate(commands: argparse._SubParsersAction[Any]) -> None:
    evaluate = commands.add_parser(
        "evaluate",
        help="score a model on labelled pages",
        description="Scores a model on labelled pages. On pages that it was trained on it scores too well.",
    )
    evaluate.add_argument("datasets", nargs="+", metavar="DATASET", help="folder with a pages.jsonl")
    evaluate.add_argument("-m", "--model", metavar="MODEL", help="a shipped model's name or a model file's path")
    evaluate.add_argument("--format", choices=("table", "json"), default="table", help="(default: table)")
    evaluate.add_argument(
        "--jobs", type=parse_jobs, default=-1, metavar="N", help="processes that read pages (default: -1, all cores)"
    )
    _add_measurement_options(evaluate)


def add_models(commands: argparse._SubParsersAction[Any]) -> None:
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
