"""How far two annotators of a dataset agree, word by word."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from boilerplate.annotation.opening import read_annotator
from boilerplate.annotation.store import LISTS, Entry, Store
from boilerplate.labels import LABELS
from boilerplate.segment.page import HTML
from boilerplate.training.datasets import count_words, load, node_labels
from boilerplate.training.span_datasets import lay_spans


@dataclass(slots=True)
class Agreement:
    """How far an annotator agrees with the dataset, on what both have checked.

    Attributes
    ----------
    annotator
        Whose second opinion it is.
    words
        Words of the documents that both have checked.
    agreed
        Words that have one label by both.
    kappa
        Cohen's kappa, each block weighted by its words; 1 where all agree.
    documents
        Name, words, words agreed on of each.
    confusions
        Words by the labels of both, the dataset's first, where they differ.
    """

    annotator: str
    words: int = 0
    agreed: int = 0
    kappa: float = 1.0
    documents: list[tuple[str, int, int]] = field(default_factory=list)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)


def annotators(store: Store) -> list[str]:
    """Names of those who labelled the dataset a second time."""
    names = {
        path.name.removeprefix(name.replace(".jsonl", ".")).removesuffix(".jsonl")
        for name in LISTS.values()
        for path in store.folder.glob(name.replace(".jsonl", ".*.jsonl"))
    }
    return sorted(names)


def measure_agreement(store: Store, annotator: str) -> Agreement:
    """Compare an annotator's labels with the dataset's own.

    Raises
    ------
    DatasetError
        If a list or a page does not read.
    """
    from sklearn.metrics import cohen_kappa_score

    first, second = read_annotator(store, ""), read_annotator(store, annotator)
    found = Agreement(annotator)
    pairs: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for entry in store.entries:
        key = entry.kind, entry.name
        if key in first and key in second:
            a, weights = _labels(entry, first[key])
            b, _ = _labels(entry, second[key])
            pairs.append((a, b, weights))
            found.documents.append((entry.name, int(weights.sum()), int(weights[a == b].sum())))
            for x, y in zip(a[a != b].tolist(), b[a != b].tolist(), strict=True):
                found.confusions[LABELS[x].value, LABELS[y].value] += 1
    if pairs:
        a, b, weights = (np.concatenate(column) for column in zip(*pairs, strict=True))
        found.words, found.agreed = int(weights.sum()), int(weights[a == b].sum())
        if found.agreed < found.words:
            found.kappa = float(cohen_kappa_score(a, b, sample_weight=weights))
    return found


def _labels(entry: Entry, record: dict[str, object]) -> tuple[np.ndarray, np.ndarray]:
    """Labels of a document and the words that each stands for: of a page's blocks, of a text's words."""
    if entry.kind == HTML:
        example = Entry(entry.kind, entry.name, entry.portal, entry.source, record=record).example()
        page, root = load(example)
        words = count_words(page, node_labels(example, root))
        return words.argmax(axis=1), words.sum(axis=1)
    labels = lay_spans(record["spans"], len(entry.text), entry.name)  # type: ignore[arg-type]
    starts = [i for i, ch in enumerate(entry.text) if not ch.isspace() and (i == 0 or entry.text[i - 1].isspace())]
    return labels[starts].astype(np.int64), np.ones(len(starts), np.int64)
