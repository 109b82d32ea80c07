r"""Write the label file of a dataset: what `boilerplate datasets pull` rebuilds the dataset from.

    python datasets/make_labels.py DATASET [DATASET ...]

writes ``DATASET.jsonl.gz`` to ``datasets/labels``, from the ``pages.jsonl`` of a dataset folder. Texts stay out: of the
text of a body a checksum is kept. ``origins.tsv`` says where pages are of which ``source`` does not:

    commit<TAB>owner/repository<TAB>FULL        the whole name of a commit that sources abbreviate
    page<TAB>REGEX<TAB>ORIGIN                   where pages whose name matches are from (\1 ... from the match)
    body<TAB>REGEX<TAB>ORIGIN                   and where the text of their body is
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from boilerplate.pulling.label_files import parse_origin, write_label_file

LABELS = Path(__file__).resolve().parent / "labels"

TEXTS = ("body", "gold_body")
"""Fields that hold text."""


class Origins:
    """The table of origins."""

    def __init__(self, path: Path) -> None:
        self.commits: list[tuple[str, str]] = []
        self.patterns: dict[str, list[tuple[re.Pattern[str], str]]] = {"page": [], "body": []}
        for line in path.read_text("utf-8").splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            kind, key, value = line.split("\t")
            if kind == "commit":
                self.commits.append((key, value))
            else:
                self.patterns[kind].append((re.compile(key), value))

    def of(self, kind: str, page: str) -> str | None:
        """Return the origin that the table has for a page."""
        for pattern, origin in self.patterns[kind]:
            if (match := pattern.search(page)) is not None:
                return match.expand(origin)
        return None

    def whole(self, source: str) -> str | None:
        """Return a source with the whole name of its commit; None if the table does not have it."""
        origin = parse_origin(source)
        if origin is None:
            return None
        for repository, commit in self.commits:
            if repository == origin.repository and commit.startswith(origin.commit):
                return f"{repository}@{commit}:{origin.path}"
        return None


def labels_of(record: dict[str, Any], origins: Origins) -> dict[str, Any]:
    """Return a line of the label file for a line of the dataset."""
    page = record["page"]
    kept = {name: value for name, value in record.items() if name not in TEXTS}
    if origin := origins.whole(record.get("source", "")) or origins.of("page", page):
        kept["origin"] = origin
    if "body" in record:
        kept["body_sha256"] = hashlib.sha256(record["body"].encode()).hexdigest()
        if origin := origins.of("body", page):
            kept["body_origin"] = origin
    return kept


def main() -> None:
    """Write the label files."""
    parser = argparse.ArgumentParser(description="Writes the label files of datasets.")
    parser.add_argument("datasets", nargs="+", type=Path)
    origins = Origins(LABELS / "origins.tsv")
    for folder in parser.parse_args().datasets:
        lines = (folder / "pages.jsonl").read_text("utf-8").split("\n")
        records = [labels_of(json.loads(line), origins) for line in lines if line.strip()]
        file = LABELS / f"{folder.resolve().name}.jsonl.gz"
        write_label_file(file, records)
        found = Counter("pinned" if _commit(record) else "no commit" for record in records)
        print(f"{file.name}: {len(records)} pages ({dict(found)}), {file.stat().st_size:,} bytes")


def _commit(record: dict[str, Any]) -> str:
    origin = parse_origin(record.get("origin") or record.get("source", ""))
    return origin.commit if origin is not None else ""


if __name__ == "__main__":
    main()
