"""CSV as spreadsheets and pandas read it."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from boilerplate.batch.record import to_cell
from boilerplate.batch.writers.base import Writer

_MAX_FIELD = 2**31 - 1


class CsvWriter(Writer):
    """Writes CSV. Parts are JSON Lines, as all columns are known only at the end."""

    def merge(self, parts: Sequence[Path], columns: Sequence[str], path: Path) -> None:
        """See `Writer`."""
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for part in parts:
                with part.open("rb") as lines:
                    for line in lines:
                        record = json.loads(line)
                        writer.writerow([to_cell(record.get(name)) for name in columns])

    def reopen(self, output: Path, path: Path) -> None:
        """See `Writer`."""
        limit = csv.field_size_limit(_MAX_FIELD)
        try:
            with output.open(encoding="utf-8", newline="") as source, path.open("wb") as file:
                for row in csv.DictReader(source):
                    file.write(self.encode(row))
        finally:
            csv.field_size_limit(limit)
