"""Train a model from datasets, and evaluate one: what the commands ``train`` and ``evaluate`` run."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boilerplate import __version__
from boilerplate.errors import DatasetError
from boilerplate.kinds import KINDS
from boilerplate.lexicon.tables import HeadingRows
from boilerplate.model.file import save
from boilerplate.model.network import SpanModel
from boilerplate.model.registry import DEFAULT, open_model
from boilerplate.progress import NO_PROGRESS, Progress
from boilerplate.segment.page import HTML, TEXT
from boilerplate.spans.finder import feature_names
from boilerplate.training.calibration import calibrate, quick_temperature
from boilerplate.training.datasets import Example, read_dataset
from boilerplate.training.estimator import BlockClassifier
from boilerplate.training.evaluation import Scores, fit, leave_out, score
from boilerplate.training.folds import deal, families
from boilerplate.training.model_card import card_settings, front_matter, write_card
from boilerplate.training.preparation import LabelledPage, prepare_many
from boilerplate.training.span_datasets import is_spans, read_span_lines, read_span_texts, render_examples
from boilerplate.training.span_fitting import STEPS, fit_spans
from boilerplate.training.text_datasets import is_texts, read_texts

DEFAULTS: dict[str, dict[str, Any]] = {HTML: {}, TEXT: {"body_weight": 2.0, "epochs": 12, "hidden": 48}}
"""Settings of `BlockClassifier` that go with a kind. A text holds little but its
story, often cut up into short lines, so losing one of those weighs more."""


_TOO_FEW = "leave-one-portal-out needs two families of portals: add pages, or train with --no-evaluate"


@dataclass(slots=True)
class TrainingResult:
    """What training gave: the model's file, its card and the text of it, and scores on unseen portals if measured."""

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
    if is_spans(dataset):
        return read_span_lines(dataset)
    return [x for x in read_dataset(dataset, outside=outside) if x.regions is not None or x.index]


_READERS = {HTML: read_dataset, TEXT: _read_for_texts}


def read_pages(
    datasets: Sequence[Path | str],
    kind: str,
    lexicon: HeadingRows,
    outside: bool,
    jobs: int,
    progress: Progress,
    *,
    varied: bool = False,
) -> list[LabelledPage]:
    """Read and describe the pages of datasets, some of them changed as well if `varied`.

    Raises
    ------
    DatasetError
        If a dataset does not read.
    """
    examples = read_examples(datasets, kind, outside)
    progress.start(len(examples), "reading pages")
    pages: list[LabelledPage] = []
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
    lexicon: HeadingRows = (),
    overwrite: bool = False,
    outside: bool = False,
    jobs: int = -1,
    progress: Progress = NO_PROGRESS,
    **settings: Any,
) -> TrainingResult:
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
        Whether a model or card that exists already is replaced.
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
    file, card = output_files(output, overwrite)
    if evaluate:
        listed = read_examples(datasets, kind, outside)
        if len({x.portal for x in listed if x.regions is not None or x.index or x.is_text}) < 2:
            raise DatasetError(_TOO_FEW)
    pages = read_pages(datasets, kind, lexicon, outside, jobs, progress, varied=True)
    if not any(page.words is not None and page.words.sum() for page in pages):
        raise DatasetError(f"{', '.join(map(str, datasets))}: no page with labelled regions")
    options = [f"--{name.replace('_', '-')} {value}" for name, value in settings.items()]
    options += [f"--folds {folds}"] if evaluate else ["--no-evaluate"]
    options += ["--lexicon FILE"] if lexicon else []
    settings = {**DEFAULTS[kind], **settings, "kind": kind, "lexicon": lexicon}
    # A page rendered to several texts is still one page.
    labelled = list(
        {page.example.path: page.example for page in pages if page.words is not None or page.example.index}.values()
    )
    family = families(labelled)
    scores = None
    if evaluate:
        scores, temperature = _leave_out_portals(pages, deal(labelled, family, folds), settings, progress)
    else:
        temperature = quick_temperature(pages, family, settings, progress)
    model = BlockClassifier(**settings)
    progress.start(model.steps(), "training")
    fit(model, pages, progress)
    model.network_.temperature = temperature
    model.network_.spans = _fit_spans(datasets, kind, labelled, family, outside, jobs, progress)
    pages = [page for page in pages if not page.varied]
    save(file, model.network_, _header(model, pages))
    text = write_card(file.stem, datasets, pages, family, scores, model, file.stat().st_size, options)
    card.write_text(front_matter(kind, scores) + text, encoding="utf-8")
    return TrainingResult(file, card, scores, text)


def _fit_spans(
    datasets: Sequence[Path | str],
    kind: str,
    examples: Sequence[Example],
    family: dict[str, str],
    outside: bool,
    jobs: int,
    progress: Progress,
) -> SpanModel | None:
    """Train what finds the noise inside blocks; None where no page has its labels known whole."""
    progress.start(STEPS, "training on noise inside blocks")
    texts = list(render_examples(examples, jobs))
    texts += [text for dataset in datasets for text in read_span_texts(dataset, kind)]
    return fit_spans(texts, family, progress) if texts else None


def _leave_out_portals(
    pages: Sequence[LabelledPage], folds: Sequence[set[str]], settings: dict[str, Any], progress: Progress
) -> tuple[Scores, float]:
    """Score pages by networks that saw no page of their portals, and fit the temperature on them."""
    if len(folds) < 2:
        raise DatasetError(_TOO_FEW)
    steps = BlockClassifier(**settings).steps() * len(folds)
    progress.start(steps, f"leaving out portals, {len(folds)} folds")
    results, temperature = calibrate(list(leave_out(pages, folds, settings, progress)), folds)
    scores = Scores()
    for page, P in results:
        scores.add(page, P)
    return scores, temperature


def _header(model: BlockClassifier, pages: Sequence[LabelledPage]) -> dict[str, Any]:
    """What a model's file states beside its arrays (see `model.file`)."""
    return {
        "kind": model.kind,
        "features": list(KINDS[model.kind].feature_names()),
        "settings": card_settings(model),
        "lexicon": model.lexicon,
        "span_features": feature_names(),
        "pages": len(pages),
        "portals": len({page.portal for page in pages}),
        "release": __version__,
    }


def output_files(output: Path | str, overwrite: bool) -> tuple[Path, Path]:
    """Return the paths of a model and of its card, after a check that both can be written.

    Raises
    ------
    OSError
        What writing them would raise after an hour of training.
    """
    output = Path(output).with_suffix("") if str(output).endswith(".npz") else Path(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    files = output.with_name(output.name + ".npz"), output.with_name(output.name + ".md")
    for path in files:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not overwrite and os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, "already exists (overwrite replaces it)", str(path))
    if not os.access(output.parent, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(files[0]))
    return files


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
    return score(network, read_pages(datasets, header["kind"], header["lexicon"], outside, jobs, progress))
