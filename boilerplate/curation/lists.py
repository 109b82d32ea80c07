"""The list of a dataset, checked line by line before any page is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from boilerplate.curation.findings import ERROR, WARNING, Finding
from boilerplate.errors import DatasetError
from boilerplate.segment.page import HTML, TEXT
from boilerplate.training.datasets import Example, make_example, record_problems
from boilerplate.training.records import list_lines, parse_fields
from boilerplate.training.span_datasets import SPANS, SpanText, is_spans, read_span_text
from boilerplate.training.text_datasets import is_texts, list_texts

FEW_PORTALS = 5
"""Portals with labelled pages below which figures on portals held out say little."""


def dataset_kind(dataset: str | Path) -> str:
    """Return which kind of pages a dataset holds: ``"text"`` for labelled documents, else ``"html"``."""
    return TEXT if is_texts(dataset) or is_spans(dataset) else HTML


def check_list(dataset: str | Path, outside: bool = False) -> tuple[list[Example], list[Finding]]:
    """Check the lines of a dataset's list: all of them, all of their fields.

    Parameters
    ----------
    dataset
        A dataset's folder, or its ``pages.jsonl``.
    outside
        Whether its pages may lie outside of its folder.

    Returns
    -------
    examples, findings
        The pages whose lines are in order, and what is wrong with the others.

    Raises
    ------
    DatasetError
        If there is no list, or it does not read as text.
    """
    examples: list[Example] = []
    findings: list[Finding] = []
    if is_spans(dataset):
        return [], []
    if dataset_kind(dataset) == TEXT:
        for where, found in list_texts(dataset, outside=outside):
            if isinstance(found, Example):
                examples.append(found)
            else:
                findings.append(Finding(ERROR, "line", where, "", found))
    else:
        file = Path(dataset)
        if file.is_dir():
            file = file / "pages.jsonl"
        for number, line in list_lines(file, dataset):
            where = f"{file}:{number}"
            try:
                record = parse_fields(line, where)
            except DatasetError as error:
                findings.append(Finding(ERROR, "line", where, "", str(error).removeprefix(f"{where}: ")))
                continue
            problems = list(record_problems(record, file, outside))
            findings += [Finding(ERROR, "field", where, field, problem) for field, problem in problems]
            if not problems:
                examples.append(make_example(record, file, where))
    if not examples and not findings:
        findings.append(Finding(ERROR, "empty", str(dataset), "", "holds no pages"))
    return examples, findings + _listed_twice(examples) + _unchecked(dataset, examples)


def _listed_twice(examples: Sequence[Example]) -> list[Finding]:
    first: dict[Path, str] = {}
    findings = []
    for example in examples:
        earlier = first.setdefault(example.path, example.where)
        if earlier is not example.where:
            message = f"field 'page': {example.path} is listed already, in {earlier}"
            findings.append(Finding(WARNING, "listed-twice", example.where, "page", message))
    return findings


def _unchecked(dataset: str | Path, examples: Sequence[Example]) -> list[Finding]:
    """Say that labels are a model's guesses: figures that are measured on them are too good."""
    number = sum(example.meta.get("done") is False for example in examples)
    if not number:
        return []
    message = (
        f"{number} of {len(examples)} pages bear labels that nobody has checked (field 'done' is false): correct them, "
        "with annotate, before you train or measure on them"
    )
    return [Finding(WARNING, "unchecked", str(dataset), "done", message)]


def check_spans(dataset: str | Path) -> tuple[list[SpanText], list[Finding]]:
    """Check a dataset's ``spans.jsonl``, if it has one.

    Returns
    -------
    texts, findings
        The texts whose lines are in order, and what is wrong with the others.

    Raises
    ------
    DatasetError
        If it does not read as text.
    """
    file = Path(dataset) / SPANS
    texts: list[SpanText] = []
    findings: list[Finding] = []
    for number, line in list_lines(file, dataset) if file.is_file() else ():
        where = f"{file}:{number}"
        try:
            texts.append(read_span_text(line, where))
        except DatasetError as error:
            message = str(error).removeprefix(f"{where}: ")
            findings.append(Finding(ERROR, "spans", where, "spans" if "'spans'" in message else "", message))
    return texts, findings


def check_portals(datasets: Sequence[str | Path], examples: Sequence[Example]) -> list[Finding]:
    """Say whether the portals are too few for figures on portals held out, from the lists alone."""
    labelled = [example for example in examples if example.regions is not None or example.is_text]
    names = ", ".join(map(str, datasets))
    if not labelled:
        return [Finding(WARNING, "no-labels", names, "", "no page has labelled regions: there is nothing to train on")]
    portals = Counter(example.portal for example in labelled)
    if len(portals) == 1:
        message = (
            f"one portal ({next(iter(portals))}): none can be held out, so train needs --no-evaluate, "
            "or --from a model, which holds out pages instead"
        )
    elif len(portals) < FEW_PORTALS:
        message = (
            f"{len(portals)} portals ({', '.join(sorted(portals))}): figures on portals held out rest on few of "
            "them; train --from a model holds out pages instead"
        )
    else:
        return []
    return [Finding(WARNING, "few-portals", names, "portal", message)]
