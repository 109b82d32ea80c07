"""What a check finds in a dataset."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a dataset, or may be.

    Attributes
    ----------
    severity
        `ERROR`: the dataset does not read until it is mended. `WARNING`: it
        reads, but may not be what was meant.
    code
        What kind of thing it is, a word or two: the same from release to release.
    where
        File and line (``set/pages.jsonl:3``), or a file or folder.
    field
        The field of the line; ``""`` where it is about no single one.
    message
        What is wrong, in words that name the field.
    """

    severity: str
    code: str
    where: str
    field: str
    message: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain types; `where` also split into file and line."""
        file, _, line = self.where.rpartition(":")
        found = {**asdict(self), "file": self.where, "line": None}
        return {**found, "file": file, "line": int(line)} if file and line.isdigit() else found

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"
