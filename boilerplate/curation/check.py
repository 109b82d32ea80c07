"""Check datasets: what ``datasets check`` runs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from boilerplate.curation.duplicates import alike
from boilerplate.curation.findings import ERROR, WARNING, Finding
from boilerplate.curation.lists import FEW_PORTALS, check_list, check_portals, check_spans, dataset_kind
from boilerplate.curation.pages import PageCheck, PageChecker, Suspicion, check_batch
from boilerplate.errors import DatasetError
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.progress import NO_PROGRESS, Progress
from boilerplate.segment.page import HTML
from boilerplate.training.datasets import Example
from boilerplate.training.folds import families_of
from boilerplate.training.span_datasets import SpanText, is_spans
from boilerplate.workers.pool import map_batches

_BATCH = 8
_WORD = re.compile(r"\S+")
_UNLABELLED = 0.5
"""Share of a portal's words that no region covers from which that is said."""


@dataclass(slots=True)
class PortalCount:
    """A portal's pages and words: `words` by label, shape (n_labels,), of them `unlabelled` covered by no region."""

    pages: int = 0
    words: np.ndarray = field(default_factory=lambda: np.zeros(len(LABELS), np.int64))
    unlabelled: int = 0


@dataclass(slots=True)
class Check:
    """What was found in datasets.

    Attributes
    ----------
    findings
        Errors and warnings, in the order of the lists.
    suspicions
        Labels that the model contradicts, those of most words first.
    portals
        By portal, what is labelled.
    """

    findings: list[Finding] = field(default_factory=list)
    suspicions: list[Suspicion] = field(default_factory=list)
    portals: dict[str, PortalCount] = field(default_factory=dict)

    def of(self, severity: str) -> list[Finding]:
        """The findings of a severity."""
        return [finding for finding in self.findings if finding.severity == severity]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain types."""
        labels = [label.value for label in LABELS]
        return {
            "errors": [finding.to_dict() for finding in self.of(ERROR)],
            "warnings": [finding.to_dict() for finding in self.of(WARNING)],
            "suspicious": [
                {name: getattr(suspicion, name) for name in Suspicion.__slots__} for suspicion in self.suspicions
            ],
            "portals": {
                name: {
                    "pages": count.pages,
                    "words": dict(zip(labels, count.words.tolist(), strict=True)),
                    "unlabelled": count.unlabelled,
                }
                for name, count in sorted(self.portals.items())
            },
        }


class DatasetsCheck:
    """The check of datasets in two steps: their lists, then their pages.

    Parameters
    ----------
    datasets
        Folders with ``pages.jsonl``, such files, or folders of labelled texts; all of one kind.
    outside
        Whether their pages may lie outside of their folders.

    Raises
    ------
    DatasetError
        If one is no dataset, or they are not of one kind.
    """

    def __init__(self, datasets: Sequence[str | Path], outside: bool = False) -> None:
        self.datasets = datasets
        kinds = {dataset_kind(dataset) for dataset in datasets}
        if len(kinds) > 1:
            raise DatasetError("pages and labelled texts are checked apart, as they are trained on apart")
        self.kind = kinds.pop()
        self.check = Check()
        self.examples: list[Example] = []
        for dataset in datasets:
            examples, findings = check_list(dataset, outside)
            self.examples += examples
            self.check.findings += findings
            texts, findings = check_spans(dataset)
            self.check.findings += findings
            if is_spans(dataset):
                if not texts and not findings:
                    self.check.findings.append(Finding(ERROR, "empty", str(dataset), "", "holds no texts"))
                _count_spans(texts, self.check.portals)
        if not all(map(is_spans, datasets)):
            self.check.findings += check_portals(datasets, self.examples)

    def read_pages(self, model: str | Path | None, jobs: int = -1, progress: Progress = NO_PROGRESS) -> Check:
        """Check the pages, and return all that was found.

        Parameters
        ----------
        model
            See `PageChecker`.
        jobs
            Processes; -1 takes all cores.

        Raises
        ------
        ModelError
            If the model does not load.
        """
        PageChecker(self.kind, model)  # a model that does not load is said before any process starts
        batches = [self.examples[i : i + _BATCH] for i in range(0, len(self.examples), _BATCH)]
        progress.start(len(self.examples), "checking pages")
        checks: list[PageCheck] = []
        for found in map_batches(partial(PageChecker, self.kind, model), check_batch, batches, jobs):
            checks += found
            for _ in found:
                progress.advance()
        self._gather(checks)
        return self.check

    def _gather(self, checks: Sequence[PageCheck]) -> None:
        check = self.check
        classes: dict[str, set[str]] = defaultdict(set)
        for example, found in zip(self.examples, checks, strict=True):
            check.findings += [
                Finding(ERROR, "page", example.where, field, problem) for field, problem in found.problems
            ]
            if not found.problems and not found.digest:
                message = f"field 'page': {example.path} shows no text"
                check.findings.append(Finding(WARNING, "no-text", example.where, "page", message))
            check.suspicions += found.suspicions
            count = check.portals.setdefault(example.portal, PortalCount())
            count.pages += 1
            count.words += found.words
            count.unlabelled += found.unlabelled
            if example.regions is not None:
                classes[example.portal] |= found.classes
        check.suspicions.sort(key=lambda suspicion: -suspicion.words * suspicion.probability)
        check.findings += _unlabelled(check.portals)
        check.findings += _copies(self.examples, checks)
        if self.kind == HTML and len(classes) > 1:
            check.findings += _few_families(self.datasets, classes)


def _count_spans(texts: Sequence[SpanText], portals: dict[str, PortalCount]) -> None:
    """Count the words of texts that are labelled by the character: a word has the label of its first."""
    for text in texts:
        count = portals.setdefault(text.portal, PortalCount())
        count.pages += 1
        for line, labels in zip(text.glued.texts, text.glued.labels, strict=True):
            starts = [match.start() for match in _WORD.finditer(line)]
            count.words += np.bincount(labels[starts], minlength=len(LABELS))


def _unlabelled(portals: dict[str, PortalCount]) -> Iterator[Finding]:
    """Portals of which a label is missing, or most words."""
    body = INDEX[Label.BODY]
    for name, count in sorted(portals.items()):
        total = int(count.words.sum())
        if not total:
            continue
        if not count.words[body]:
            yield Finding(WARNING, "no-body", name, "regions", "none of its labelled words is body")
        if count.unlabelled > _UNLABELLED * total:
            share = count.unlabelled / total
            message = f"{share:.0%} of its words are covered by no region, and count as chrome"
            yield Finding(WARNING, "unlabelled", name, "regions", message)


def _copies(examples: Sequence[Example], checks: Sequence[PageCheck]) -> Iterator[Finding]:
    """Pages that show the same text, and stories that two portals have nearly alike."""
    first: dict[str, Example] = {}
    for example, found in zip(examples, checks, strict=True):
        if not found.digest:
            continue
        earlier = first.setdefault(found.digest, example)
        if earlier is not example and earlier.path != example.path:
            yield Finding(WARNING, "duplicate", example.where, "page", f"shows the same text as {earlier.where}")
    for a, b, score in alike([found.sketch for found in checks]):
        one, other = examples[a], examples[b]
        if one.portal == other.portal or checks[a].digest == checks[b].digest:
            continue
        if one.meta.get("story") is not None and one.meta.get("story") == other.meta.get("story"):
            continue
        message = f"its story is nearly that of {one.where} ({score:.0%} alike; {one.portal} and {other.portal})"
        yield Finding(WARNING, "near-duplicate", other.where, "page", message)


def _few_families(datasets: Sequence[str | Path], classes: dict[str, set[str]]) -> Iterator[Finding]:
    family = families_of(classes)
    number = len(set(family.values()))
    if number < min(FEW_PORTALS, len(classes)):
        message = (
            f"{len(classes)} portals share templates so much that they are {number} "
            f"{'family' if number == 1 else 'families'}, held out together"
        )
        if number == 1:
            message += ": train needs --no-evaluate, or --from a model"
        yield Finding(WARNING, "few-families", ", ".join(map(str, datasets)), "portal", message)
