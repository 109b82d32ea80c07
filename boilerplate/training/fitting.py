"""The whole of training: datasets in; model, card and leave-one-portal-out figures out."""

from __future__ import annotations

import errno
import os
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from boilerplate import __version__
from boilerplate.errors import DatasetError
from boilerplate.features.lexicon import Rows
from boilerplate.kinds import KINDS
from boilerplate.model.file import save
from boilerplate.model.registry import DEFAULT, open_model
from boilerplate.progress import NO_PROGRESS, Progress
from boilerplate.segment.page import HTML, TEXT
from boilerplate.training.calibration import calibrate, quick_temperature
from boilerplate.training.datasets import Example, read_dataset
from boilerplate.training.estimator import BlockClassifier
from boilerplate.training.evaluation import Scores, fit, leave_out, score
from boilerplate.training.folds import deal, families
from boilerplate.training.preparation import Prepared, prepare_many
from boilerplate.training.text_datasets import is_texts, read_texts

DEFAULTS: dict[str, dict[str, Any]] = {HTML: {}, TEXT: {"body_weight": 2.0, "epochs": 12, "hidden": 48}}
"""Settings of `BlockClassifier` that go with a kind. A text holds little but its
story, often cut up into short lines, so losing one of those weighs more."""

_UNITS = {HTML: "pages", TEXT: "texts"}
"""What a model card counts."""


@dataclass(slots=True)
class Report:
    """What training gave: the file, its card, and the scores on unseen portals (if measured)."""

    model: Path
    card: Path
    scores: Scores | None
    text: str


def read_examples(datasets: Sequence[Path | str], kind: str, outside: bool = False) -> list[Example]:
    """List the pages of datasets; for text, folders of labelled documents are datasets, too.

    Raises
    ------
    DatasetError
        If a dataset does not read.
    """
    return [example for dataset in datasets for example in _READERS[kind](dataset, outside=outside)]


def _read_for_texts(dataset: Path | str, *, outside: bool = False) -> list[Example]:
    """List labelled documents, or the pages of which texts can be rendered: those with all labels known."""
    if is_texts(dataset):
        return read_texts(dataset, outside=outside)
    return [x for x in read_dataset(dataset, outside=outside) if x.regions is not None or x.index]


_READERS = {HTML: read_dataset, TEXT: _read_for_texts}


def _prepare(
    datasets: Sequence[Path | str],
    kind: str,
    lexicon: Rows,
    outside: bool,
    jobs: int,
    progress: Progress,
    *,
    varied: bool = False,
) -> list[Prepared]:
    examples = read_examples(datasets, kind, outside)
    progress.start(len(examples), "reading pages")
    pages: list[Prepared] = []
    for page in prepare_many(examples, jobs, kind, lexicon, varied=varied):
        if not page.varied and (not pages or pages[-1].example.path != page.example.path):
            progress.advance()
        pages.append(page)
    return pages


def train_model(
    datasets: Sequence[Path | str],
    output: Path | str,
    *,
    kind: str = "html",
    folds: int = 8,
    evaluate: bool = True,
    lexicon: Rows = (),
    overwrite: bool = False,
    outside: bool = False,
    jobs: int = -1,
    progress: Progress = NO_PROGRESS,
    **settings: Any,
) -> Report:
    """Train a model on labelled pages and write it with its card.

    Parameters
    ----------
    datasets
        Folders with ``pages.jsonl`` (see `training.datasets`).
    output
        Where the model goes, without its ending; ``NAME.npz`` and ``NAME.md`` are written.
    kind
        ``"html"`` or ``"text"``.
    folds
        Folds of the leave-one-portal-out figures; 0 holds out each family alone.
    evaluate
        Whether to measure leave-one-portal-out (a training a fold). The
        probabilities are calibrated either way (see `calibrate`).
    lexicon
        Rows of section headings that the model is to know beyond the shipped
        ones (see `datasets.read_lexicon`).
    overwrite
        Whether a model or card that is there already is replaced.
    outside
        Whether datasets may name pages outside of their folders.
    jobs
        Processes that read pages; -1 takes all cores.
    progress
        Told of every stage and step.
    settings
        Parameters of `BlockClassifier`.

    Raises
    ------
    DatasetError
        If a dataset does not read, or too few portals are labelled to hold one out.
    OSError
        If the model or its card cannot be written; `FileExistsError` if one is
        there already. Raised before any work.
    """
    output = Path(output).with_suffix("") if str(output).endswith(".npz") else Path(output)
    file, card = output.with_name(output.name + ".npz"), output.with_name(output.name + ".md")
    _check_writable(file, card, overwrite)
    pages = _prepare(datasets, kind, lexicon, outside, jobs, progress, varied=True)
    # A page rendered to several texts is still one page.
    labelled = list(
        {page.example.path: page.example for page in pages if page.words is not None or page.example.index}.values()
    )
    if not any(page.words is not None and page.words.sum() for page in pages):
        raise DatasetError(f"{', '.join(map(str, datasets))}: no page with labelled regions")
    settings = {**DEFAULTS[kind], **settings, "kind": kind, "lexicon": lexicon}
    model = BlockClassifier(**settings)
    scores = None
    family = families(labelled)
    if evaluate:
        held = deal(labelled, family, folds)
        if len(held) < 2:
            raise DatasetError(
                "leave-one-portal-out needs two families of portals: add pages, or train with --no-evaluate"
            )
        progress.start(model.steps() * len(held), f"leaving out portals, {len(held)} folds")
        results, temperature = calibrate(list(leave_out(pages, held, settings, progress)), held)
        scores = Scores()
        for page, P in results:
            scores.add(page, P)
    else:
        temperature = quick_temperature(pages, family, settings, progress)
    progress.start(model.steps(), "training")
    fit(model, pages, progress)
    model.network_.temperature = temperature
    pages = [page for page in pages if not page.varied]
    counts = Counter(page.portal for page in pages)
    header = {
        "kind": kind,
        "features": list(KINDS[kind].feature_names()),
        "settings": _settings(model),
        "lexicon": lexicon,
        "pages": len(pages),
        "portals": len(counts),
        "release": __version__,
    }
    save(file, model.network_, header)
    text = _card(output.name, datasets, pages, labelled, family, scores, model, file.stat().st_size)
    card.write_text(text, encoding="utf-8")
    return Report(file, card, scores, text)


def _check_writable(file: Path, card: Path, overwrite: bool) -> None:
    """Raise now what writing a model and its card would raise after an hour of training."""
    file.parent.mkdir(parents=True, exist_ok=True)
    for path in (file, card):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not overwrite and os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, "is there already (overwrite replaces it)", str(path))
    if not os.access(file.parent, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))


def evaluate_model(
    datasets: Sequence[Path | str],
    model: Path | str | None = None,
    *,
    outside: bool = False,
    jobs: int = -1,
    progress: Progress = NO_PROGRESS,
) -> Scores:
    """Score a model on labelled pages (on pages it was trained on it scores too well).

    Raises
    ------
    DatasetError, ModelError
        If a dataset or the model does not read.
    """
    network, header = open_model(model if model is not None else DEFAULT[HTML])
    return score(network, _prepare(datasets, header["kind"], header["lexicon"], outside, jobs, progress))


def _settings(model: BlockClassifier) -> dict[str, Any]:
    return {name: value for name, value in model.get_params().items() if name != "lexicon"}


def _commit() -> str:
    try:
        found = subprocess.run(
            ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"],
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
        return found.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return f"release {__version__}"


_NAMED = 12
"""Portals of a family that a model card names."""


def _some(names: list[str]) -> str:
    rest = len(names) - _NAMED
    return " + ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _card(
    name: str,
    datasets: Sequence[Path | str],
    pages: list[Prepared],
    labelled: list[Example],
    family: dict[str, str],
    scores: Scores | None,
    model: BlockClassifier,
    size: int,
) -> str:
    sources = Counter(str(page.example.meta.get("source") or "own pages").split("@")[0] for page in pages)
    merged: dict[str, list[str]] = {}
    for portal, head in sorted(family.items()):
        merged.setdefault(head, []).append(portal)
    shared = [_some(group) for group in merged.values() if len(group) > 1]
    regions = sum(page.words is not None for page in pages)
    index = sum(page.example.index for page in pages)
    lines = [
        f"# Model `{name}`",
        "",
        f"Trained {date.today().isoformat()} at commit {_commit()}; {size / 1e6:.2f} MB.",
        "",
        "```",
        f"boilerplate train --kind {model.kind} {' '.join(Path(d).name for d in datasets)} -o {name}",
        "```",
        "",
        f"- {_UNITS[model.kind]}: {len(pages)} ({regions} with labelled regions, {index} index pages, "
        f"{len(pages) - regions - index} with body text only), {len({p.portal for p in pages})} portals",
        f"- settings: {', '.join(f'{k}={v}' for k, v in sorted(_settings(model).items()))}",
        f"- features: {len(KINDS[model.kind].feature_names())} a block; temperature {model.network_.temperature:.2f}, fitted on portals left out",
        *(
            [f"- headings beyond the shipped ones: {sum(len(entries) for _, entries in model.lexicon)}"]
            if model.lexicon
            else ()
        ),
        "",
        "Limits: learned from the portals and years below; a portal unlike all of them is labelled worse. "
        "Figures under *unseen portals* are from models that saw no page of the portal's template family.",
        "",
    ]
    if shared:
        lines += ["Held out as one, for they share templates: " + "; ".join(shared) + ".", ""]
    if scores is not None:
        lines += ["## Unseen portals (leave-one-portal-out)", "", scores.to_markdown(), ""]
    lines += ["## Sources of the pages", ""]
    lines += [f"- {source}: {count}" for source, count in sorted(sources.items(), key=lambda kv: (-kv[1], kv[0]))[:60]]
    return "\n".join(lines) + "\n"
