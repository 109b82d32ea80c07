"""Pages labelled by rules, written as a dataset: what ``datasets rules`` runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from boilerplate.batch.readers.base import SourcePage
from boilerplate.curation.origin import page_url
from boilerplate.curation.prelabel import check_regions, plain_bytes
from boilerplate.curation.rules import Rule, apply_rules, read_rules, regions_of
from boilerplate.curation.writing import Region
from boilerplate.errors import InputError
from boilerplate.labels import INDEX, LABELS
from boilerplate.reading import decode
from boilerplate.segment.html import parse, segment
from boilerplate.training.datasets import count_words
from boilerplate.workers.pool import map_batches

TIMEOUT = 60.0
"""Seconds that a page may take: an XPath can compute for days."""


@dataclass(slots=True)
class RuledPage:
    """A page that was labelled by rules, or why it was not.

    Attributes
    ----------
    content
        The page as training reads it.
    url
        The address that came with it or that it gives as its own.
    words
        Words a label, shape (n_labels,).
    used
        Lines of the rules that labelled something on it.
    """

    source: str
    error: str = ""
    content: bytes = b""
    url: str = ""
    regions: list[Region] = field(default_factory=list)
    words: np.ndarray = field(default_factory=lambda: np.zeros(len(LABELS), np.int64))
    used: Counter[str] = field(default_factory=Counter)


def label_pages(rules: Path, pages: Iterator[SourcePage], jobs: int = 1) -> Iterator[RuledPage]:
    """Label pages by a file of rules; a page that takes longer than `TIMEOUT` is an error of its own.

    Raises
    ------
    InputError
        If the rules do not read; before any page is.
    """
    read_rules(rules)
    sources: list[str] = []

    def batches() -> Iterator[list[SourcePage]]:
        for page in pages:
            if page.content is not None or page.error:
                sources.append(page.source)
                yield [page]

    work = map_batches(
        partial(read_rules, rules),
        _label_batch,
        batches(),
        jobs,
        timeout=TIMEOUT,
        on_failure=lambda reason: RuledPage("", reason),
    )
    for number, page in enumerate(work):
        page.source, sources[number] = sources[number], ""
        yield page


def _label_batch(rules: list[Rule], pages: list[SourcePage]) -> RuledPage:
    (page,) = pages
    try:
        return _label(rules, page)
    except InputError as error:
        return RuledPage(page.source, str(error))


def _label(rules: list[Rule], page: SourcePage) -> RuledPage:
    if page.error:
        return RuledPage(page.source, page.error)
    content = plain_bytes(page.content or b"", "html")
    root = parse(decode(content))
    segmented = segment(root, nodes=True)
    if not len(segmented):
        raise InputError("shows no text")
    url = str(page.fields.get("url") or "") or page_url(root)
    found = RuledPage(page.source, content=content, url=url)
    label_of = apply_rules(rules, [name for name in (page.source.replace("\\", "/"), url) if name], root, found.used)
    found.regions = regions_of(segmented, label_of)
    found.words = count_words(segmented, label_of).sum(axis=0)
    check_regions(segmented, root, [(xpath, INDEX[label]) for xpath, label in found.regions], label_of)
    return found
