"""The output's record of a page, from the page's result and the fields that came with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boilerplate.batch.readers.base import SourcePage
from boilerplate.metadata.record import FIELDS, Metadata

if TYPE_CHECKING:
    from boilerplate.document import Result
    from boilerplate.outcome import Markup


ENDINGS = {"text": ".txt", "markdown": ".md", "html": ".html", "xml-tei": ".xml"}
"""Endings of files that hold one article, by format."""

_WITH_STRUCTURE = ("markdown", "html", "xml-tei")

METADATA_COLUMNS = tuple(f"meta_{name}" for name in (*FIELDS, "sources"))
"""Columns of the metadata in tables."""

_PREFIX = "input_"
_PREFIXES = re.compile(f"(?:{_PREFIX})*")


@dataclass(frozen=True, slots=True)
class OutputFormat:
    """How records are written.

    Attributes
    ----------
    name
        ``"text"``, ``"markdown"``, ``"html"``, ``"xml-tei"``, ``"jsonl"``, ``"csv"`` or ``"parquet"``.
    text_field
        Field that holds the text.
    blocks
        Whether records have the labelled blocks.
    metadata
        Whether records have the metadata: an object, in tables a column a
        field (``meta_published``), lists in them as JSON.
    text_source
        Whether records say where the text is from (the page, or its JSON-LD).
    paragraphs
        Whether records have the text's paragraphs as a list (in tables as JSON), too.
    links, images
        Whether articles with structure keep them (see `Document.to_markdown`).
    """

    name: str
    text_field: str = "text"
    blocks: bool = False
    metadata: bool = False
    text_source: bool = True
    paragraphs: bool = False
    links: bool = False
    images: bool = False

    @property
    def ending(self) -> str:
        """Ending of the files of a folder that holds an article each; ``""`` where all go to one file."""
        return ENDINGS.get(self.name, "")

    @property
    def markup(self) -> Markup | None:
        """The articles with structure that are written; None where it is texts."""
        from boilerplate.outcome import Markup

        return Markup(self.name, self.links, self.images) if self.name in _WITH_STRUCTURE else None

    def content(self, result: Result) -> str:
        """Return what is written of an article: its text, or its structure, too."""
        return result.text if self.name not in _WITH_STRUCTURE else result.markup

    @property
    def has_columns(self) -> bool:
        """Whether the output is a table."""
        return self.name in ("csv", "parquet")

    def result_fields(self, *, from_table: bool = False) -> list[str]:
        """Return the names of the fields that hold the result, in order.

        Parameters
        ----------
        from_table
            Whether the page is a table's row.
        """
        if from_table and self.has_columns:
            names = [self.text_field, "title", "confidence", "status", "error"]
        else:
            names = ["source", "status", "title", self.text_field, "confidence", "error"]
        if self.text_source:
            names.append("text_source")
        if self.paragraphs:
            names.append("paragraphs")
        if self.metadata:
            names += METADATA_COLUMNS if self.has_columns else ["metadata"]
        return [*names, "blocks"] if self.blocks else names


def make_record(page: SourcePage, result: Result, output_format: OutputFormat) -> dict[str, Any]:
    """Make the record of a page."""
    names = output_format.result_fields(from_table=page.from_table)
    input_fields = {_rename(name, names): value for name, value in page.fields.items()}
    values: dict[str, Any] = {
        "source": page.source,
        "status": result.status,
        "title": result.title,
        output_format.text_field: output_format.content(result),
        "confidence": round(result.confidence, 4) if result.status != "error" else None,
        "error": result.why or page.note,
    }
    if output_format.blocks:
        blocks = [block.to_dict() for block in result.blocks or ()]
        values["blocks"] = to_json(blocks) if output_format.has_columns else blocks
    if output_format.paragraphs:
        paragraphs = list(result.paragraphs)
        values["paragraphs"] = to_json(paragraphs) if output_format.has_columns else paragraphs
    if output_format.text_source:
        values["text_source"] = result.text_source
    if output_format.metadata:
        values.update(_metadata_fields(result.metadata, output_format))
    result_fields = {name: values[name] for name in names}
    if page.from_table and output_format.has_columns:
        return {**input_fields, **result_fields}
    return {**result_fields, **input_fields}


def _metadata_fields(metadata: Metadata | None, output_format: OutputFormat) -> dict[str, Any]:
    """Return the fields that hold the metadata; of a page in error they are None."""
    values = metadata.to_dict() if metadata is not None else None
    if not output_format.has_columns:
        return {"metadata": values}
    if values is None:
        return dict.fromkeys(METADATA_COLUMNS)
    return {f"meta_{name}": value if isinstance(value, str) else to_json(value) for name, value in values.items()}


def _rename(name: str, taken: Iterable[str]) -> str:
    """Return the name under which a field of the input is kept.

    A taken name gets ``input_`` in front, and so does each that then has the
    same name: no two fields share one. What else the row holds does not
    matter, so that a field has one name in all rows.
    """
    depth, base = _depth(name)
    for occupied in sorted(d for d, other in map(_depth, taken) if other == base):
        depth += occupied <= depth
    return _PREFIX * depth + base


def _depth(name: str) -> tuple[int, str]:
    """How many times a name has ``input_`` in front, and the name without it."""
    base = name[_PREFIXES.match(name).end() :]  # type: ignore[union-attr]  # it matches nothing, too
    return (len(name) - len(base)) // len(_PREFIX), base


def to_json(value: Any) -> str:
    """Write JSON; what JSON does not know (dates, decimals, bytes) becomes a string."""
    return json.dumps(value, ensure_ascii=False, default=_to_string)


def to_cell(value: Any) -> str:
    """Write a value as a cell of CSV."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, dict, list)):
        return to_json(value)
    return _to_string(value)


def _to_string(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
