"""Annotated tasks of Label Studio, added to a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from boilerplate.batch.readers.file import read_page
from boilerplate.curation.label_studio import digest
from boilerplate.curation.label_studio_import import line_labels_of, node_labels_of
from boilerplate.curation.rules import regions_of
from boilerplate.curation.writing import DatasetWriter
from boilerplate.errors import InputError
from boilerplate.labels import INDEX
from boilerplate.training.datasets import Example, load, node_labels


class TaskImporter:
    """Adds annotated tasks to a dataset.

    Parameters
    ----------
    examples
        The pages or texts that were exported.
    portal
        The portal of all of them; ``""`` for the one that each had.
    """

    def __init__(self, examples: Sequence[Example], portal: str = "") -> None:
        self._examples = {_name(example): example for example in examples}
        self._portal = portal

    def add(self, writer: DatasetWriter, task: dict[str, Any], results: Sequence[dict[str, Any]]) -> None:
        """Add a task's page with the labels of its results.

        Raises
        ------
        InputError
            If its page is none of those that were exported, or has changed; see also `node_labels_of`.
        DatasetError
            If its page does not read.
        """
        example = self._examples.get(str(task["data"].get("page")))
        if example is None:
            raise InputError(
                f"its page {str(task['data'].get('page'))[:200]!r} is not in the dataset that was exported"
            )
        portal = self._portal or example.portal
        if example.is_text:
            text, labels = line_labels_of(task, results)
            if text.split("\n") != example.read().split("\n"):
                raise InputError(f"{example.path}: has changed since it was exported")
            writer.add_text(example.path.name, text, portal, labels)
            return
        if task["data"].get("digest") != digest(example):
            raise InputError(f"{example.path}: has changed since it was exported")
        regions = [(xpath, INDEX[label]) for xpath, label in node_labels_of(task, results)]
        page, root = load(example)
        # Of a page that had no labels, nobody has said that all of it is chrome.
        unlabelled = example.regions is None and not regions
        labelled = Example(example.path, portal, regions, where=example.where)
        fields = {key: value for key, value in example.meta.items() if key not in _OURS}
        writer.add_page(
            example.path.name,
            read_page(example.path),
            portal,
            None if unlabelled else regions_of(page, node_labels(labelled, root)),
            **fields,
            labels_from="Label Studio",
        )


_OURS = ("page", "portal", "domain", "regions", "labels_from", "confidence", "done", "words")
"""Fields of a page's line that are not carried over: they are written anew, or tell of the labels that were."""


def _name(example: Example) -> str:
    return example.path.stem if example.is_text else str(example.meta["page"])
