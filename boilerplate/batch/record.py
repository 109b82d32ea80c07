"""From a page's result to its record in the output."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boilerplate.batch.source import Item

if TYPE_CHECKING:
    from boilerplate.document import Result


@dataclass(frozen=True, slots=True)
class Style:
    """How records are written: the format, the text's field, and whether with blocks."""

    format: str
    text: str = "text"
    blocks: bool = False

    @property
    def tabular(self) -> bool:
        """Whether the output has columns."""
        return self.format in ("csv", "parquet")


def own_names(style: Style, row: bool) -> list[str]:
    """Names of our fields, in order; `row`: of a table's row that stays a row."""
    if row and style.tabular:
        names = [style.text, "title", "confidence", "status", "error"]
    else:
        names = ["source", "status", "title", style.text, "confidence", "error"]
    return [*names, "blocks"] if style.blocks else names


def free(name: str, taken: Iterable[str]) -> str:
    """Name under which a field of the input is kept."""
    while name in taken:
        name = "input_" + name
    return name


def record(item: Item, result: Result, style: Style) -> dict[str, Any]:
    """Make the record of a page."""
    names = own_names(style, item.row)
    carried = {free(name, names) if name in names else name: value for name, value in item.carried.items()}
    ours: dict[str, Any] = {
        "source": item.source,
        "status": result.status,
        "title": result.title,
        style.text: result.text,
        "confidence": round(result.confidence, 4) if result.status != "error" else None,
        "error": result.why or item.note,
    }
    if style.blocks:
        blocks = [block.to_dict() for block in result.blocks or ()]
        ours["blocks"] = dumps(blocks) if style.tabular else blocks
    own = {name: ours[name] for name in names}
    return {**carried, **own} if item.row and style.tabular else {**own, **carried}


def dumps(value: Any) -> str:
    """Write JSON; what JSON does not know (dates, decimals, bytes) becomes text."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def cell(value: Any) -> str:
    """Write a value into a cell of CSV."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, dict, list)):
        return dumps(value)
    if isinstance(value, bytes):
        return _plain(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
