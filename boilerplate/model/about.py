"""What a model is, by its file and its card."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from boilerplate.errors import ModelError
from boilerplate.kinds import KINDS
from boilerplate.labels import LABELS
from boilerplate.model.file import load
from boilerplate.model.registry import find, shipped_models

_LONGEST = 1_000_000  # bytes of a card that are read
_TRAINED = re.compile(r"^Trained (\d{4}-\d\d-\d\d) at (?:commit (\w+)|release)", re.M)
_STARTED = re.compile(r"^Started from `([^`\n]+)`; learned from (.+?)\.?$", re.M)
_COMMAND = re.compile(r"^```\n(boilerplate train [^\n]+)\n```$", re.M)
_SECTION = re.compile(r"^## (.+)$", re.M)
_LICENCE = re.compile(r"\((CC[- ][^()]+|MIT|Apache[^()]*|BSD[^()]*|GPL[^()]*|public domain|ODC-[^()]*)\)", re.I)


@dataclass(slots=True)
class ModelInfo:
    """What is known of a model.

    Attributes
    ----------
    size
        Of the file, in bytes.
    usable
        Whether this release computes the features that it was trained on.
    pages, portals
        That it was trained on.
    features
        Columns a block.
    evidence
        Words, and names of classes and places, whose weights it learned.
    lexicon
        Section headings that it knows beyond the shipped ones.
    spans
        Whether it finds noise inside blocks.
    date
        Day of the training by the card, else of the file.
    commit, command, started_from
        Of the training, by the card; ``""`` where it does not say.
    figures
        Lines of the card that state figures, as they stand there.
    sources
        Where the pages were from, as the card names them, with their number and licence.
    card
        The card's text; ``""`` where there is none.
    """

    name: str
    file: Path
    size: int
    kind: str
    release: str
    usable: bool
    pages: int
    portals: int
    labels: list[str]
    features: int
    settings: dict[str, Any]
    temperature: float
    evidence: int
    lexicon: int
    spans: bool
    date: str = ""
    commit: str = ""
    command: str = ""
    started_from: str = ""
    figures: list[str] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    card: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain types."""
        return {**asdict(self), "file": str(self.file)}

    @property
    def summary(self) -> str:
        """One line about the training."""
        start = f"from {self.started_from}, " if self.started_from else ""
        figure = next((f", {line}" for line in self.figures if "macro-F1" in line or "page F1" in line), "")
        return f"{start}{self.pages} pages of {self.portals} portals{figure.replace('**', '')}"


def describe_model(model: str | Path) -> ModelInfo:
    """Read what a model's file and the card beside it say.

    Parameters
    ----------
    model
        Name of a shipped model, or path of a model file.

    Raises
    ------
    ModelError
        If there is no such model, or its file does not load. One of another release's features does.
    """
    file = find(model)
    network, header = load(file)
    stat = file.stat()
    settings = header.get("settings")
    info = ModelInfo(
        name=file.stem,
        file=file,
        size=stat.st_size,
        kind=header["kind"],
        release=str(header.get("release", "")),
        usable=tuple(header["features"]) == KINDS[header["kind"]].feature_names(),
        pages=_number(header.get("pages")),
        portals=_number(header.get("portals")),
        labels=[label.value for label in LABELS],
        features=len(header["features"]),
        settings=settings if isinstance(settings, dict) else {},
        temperature=network.temperature,
        evidence=sum(len(table.keys) for table in network.evidence.tables),
        lexicon=sum(len(entries) for _, entries in header["lexicon"]),
        spans=network.spans is not None,
        date=date.fromtimestamp(stat.st_mtime).isoformat(),
    )
    _read_card(info)
    return info


def _number(value: Any) -> int:
    return value if type(value) is int and value >= 0 else 0


def _read_card(info: ModelInfo) -> None:
    card = info.file.with_suffix(".md")
    try:
        if not card.is_file():
            return
        with card.open("rb") as file:
            text = file.read(_LONGEST).decode("utf-8", "replace")
    except OSError:
        return
    info.card = text = text.replace("\r\n", "\n")
    if trained := _TRAINED.search(text):
        info.date, info.commit = trained[1], trained[2] or ""
    if started := _STARTED.search(text):
        info.started_from = started[1]
    if command := _COMMAND.search(text):
        info.command = command[1]
    parts = _SECTION.split(text)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    for title, body in sections.items():
        if title.startswith("Unseen portals"):
            info.figures = [line.removeprefix("- ") for line in body.splitlines() if line.startswith("- ")]
        elif title.startswith("Sources"):
            lines = (line.removeprefix("- ") for line in body.splitlines() if line.startswith("- "))
            info.sources = [_source(line) for line in lines]
    if started:
        info.figures = [line.strip("| ") for line in parts[0].splitlines() if "→" in line]


def _source(line: str) -> dict[str, Any]:
    name, _, count = line.rpartition(": ")
    licence = _LICENCE.search(name)
    number = int(count) if count.isdigit() and len(count) < 12 else None
    return {"name": name or line, "pages": number, "licence": licence[1] if licence else ""}


def list_models(folders: list[Path]) -> tuple[list[ModelInfo], list[ModelInfo], int]:
    """List the shipped models, and those in folders.

    Returns
    -------
    shipped, own, others
        The models; and how many ``.npz`` files in the folders are none.

    Raises
    ------
    ModelError
        If a shipped model does not load.
    """
    shipped = [describe_model(file.stem) for file in shipped_models()]
    known = {info.file.resolve() for info in shipped}
    own: list[ModelInfo] = []
    others = 0
    files = {file.resolve(): file for folder in folders for file in sorted(folder.glob("*.npz"))}
    for resolved, file in files.items():
        if resolved in known:
            continue
        try:
            # With its folder: a bare name is that of a shipped model.
            own.append(describe_model(file if file.parent != Path() else Path.cwd() / file))
        except ModelError:
            others += 1
    return shipped, own, others
