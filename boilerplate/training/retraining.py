"""Retrain a model on a user's own pages, and say what that changed: what ``train --from`` runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from boilerplate import __version__
from boilerplate.errors import DatasetError
from boilerplate.model.file import save
from boilerplate.model.network import Network
from boilerplate.model.registry import find, open_model
from boilerplate.progress import NO_PROGRESS, Progress
from boilerplate.training.adaptation import STEPS, adapt, blend
from boilerplate.training.evaluation import Scores, score
from boilerplate.training.fitting import output_files, read_pages
from boilerplate.training.model_card import front_matter
from boilerplate.training.preparation import LabelledPage

FOLDS = 5
"""Most folds of pages that the user's portals are measured in."""

TOLERANCE = 0.005
"""Loss of macro-F1 or of page F1 from which a model is worse."""

SHARES = (1.0, 0.5, 0.25)
"""Shares of the change that are tried, until no figure is worse: half of it keeps most of what it brings."""


@dataclass(slots=True)
class Change:
    """Scores of the same pages before and after.

    Attributes
    ----------
    name
        Whose pages they are.
    before, after
        Scores by the model that was started from, and by retrained ones.
    """

    name: str
    before: Scores
    after: Scores

    @property
    def is_worse(self) -> bool:
        """Whether a figure fell by more than `TOLERANCE`."""
        return any(after < before - TOLERANCE for before, after in self._figures())

    def _figures(self) -> list[tuple[float, float]]:
        return [
            (self.before.macro_f1(), self.after.macro_f1()),
            (self.before.body_f1(), self.after.body_f1()),
        ]

    def to_markdown(self) -> str:
        """A row of the table of changes."""
        (macro, macro_after), (body, body_after) = self._figures()
        pages = len(self.before.pages)
        return f"| {self.name} | {pages} | {macro:.3f} → {macro_after:.3f} | {body:.4f} → {body_after:.4f} |"


@dataclass(slots=True)
class RetrainingResult:
    """What retraining gave.

    Attributes
    ----------
    model, card
        The files; None where none was written, as a figure got worse.
    changes
        Figures before and after; empty where there was nothing to measure on.
    text
        The same as Markdown.
    """

    model: Path | None
    card: Path | None
    changes: list[Change]
    text: str


def retrain_model(
    datasets: Sequence[Path | str],
    output: Path | str,
    start: Path | str,
    *,
    others: Sequence[Path | str] = (),
    force: bool = False,
    overwrite: bool = False,
    outside: bool = False,
    jobs: int = -1,
    progress: Progress = NO_PROGRESS,
) -> RetrainingResult:
    """Start from a model, learn from labelled pages, and write the result with its card.

    Each of the pages is measured by a model that learned from the others of
    them, so the figures hold for further pages of the same portals.

    Parameters
    ----------
    datasets
        Folders with the pages to learn from; five of one portal are enough.
    output
        Where the model goes, as for `train_model`.
    start
        Name or path of the model to start from; its kind and its lexicon are kept.
    others
        Datasets of other portals, to measure what the change does to them.
    force
        Write the model even if a figure is worse than before.
    overwrite, outside, jobs, progress
        As for `train_model`.

    Raises
    ------
    DatasetError
        If a dataset does not read, or has no labelled page.
    ModelError
        If the start does not load.
    OSError
        As `train_model`.
    """
    file, card = output_files(output, overwrite)
    network, header = open_model(start)
    kind, lexicon = header["kind"], header["lexicon"]
    pages = read_pages(datasets, kind, lexicon, outside, jobs, progress)
    usable = [page for page in pages if len(page.described) and (page.gold >= 0).any()]
    if not usable:
        raise DatasetError(f"{', '.join(map(str, datasets))}: no page with labelled regions")
    elsewhere = read_pages(others, kind, lexicon, outside, jobs, progress) if others else []
    folds = _folds(usable)
    progress.start(STEPS * (len(folds) + 1), f"training {len(folds) + 1} times")
    trained = [_without(network, usable, fold, progress) for fold in folds]
    whole = _learn(network, usable, progress)
    mine, theirs = score(network, [page for held, _ in trained for page in held]), score(network, elsewhere)
    tried = []
    for share in SHARES:
        retrained = blend(network, whole, share)
        changes = []
        if trained:
            changes.append(Change("your pages, each held out", mine, _held_out(network, trained, share)))
        if elsewhere:
            changes.append(Change("other portals", theirs, score(retrained, elsewhere)))
        tried.append((share, retrained, changes))
        if not any(change.is_worse for change in changes):
            break
    else:
        tried = tried[:1]
    share, retrained, changes = tried[-1]
    text = _describe(file.stem, find(start).stem, datasets, usable, changes, share)
    if any(change.is_worse for change in changes) and not force:
        return RetrainingResult(None, None, changes, text)
    portals = len({page.portal for page in usable})
    more = {
        "pages": header.get("pages", 0) + len(usable),
        "portals": header.get("portals", 0) + portals,
        "release": __version__,
    }
    save(file, retrained, {**header, **more})
    card.write_text(front_matter(kind) + text, encoding="utf-8")
    return RetrainingResult(file, card, changes, text)


def _learn(network: Network, pages: Sequence[LabelledPage], progress: Progress) -> Network:
    return adapt(network, [page.described for page in pages], [page.gold for page in pages], progress)


def _folds(pages: Sequence[LabelledPage]) -> list[set[str]]:
    """Deal pages to folds by their stories; none where there is one story only."""
    stories = list(dict.fromkeys(map(_story, pages)))
    number = min(FOLDS, len(stories))
    return [set(stories[k::number]) for k in range(number)] if number > 1 else []


def _story(page: LabelledPage) -> str:
    """What tells a page's story from others: renderings of a page, and pages of a story, go together."""
    return str(page.example.meta.get("story") or page.example.path)


def _without(
    network: Network, pages: Sequence[LabelledPage], fold: set[str], progress: Progress
) -> tuple[list[LabelledPage], Network]:
    """The pages of a fold, and a network that learned from the others."""
    held = [page for page in pages if _story(page) in fold]
    return held, _learn(network, [page for page in pages if _story(page) not in fold], progress)


def _held_out(network: Network, trained: Sequence[tuple[list[LabelledPage], Network]], share: float) -> Scores:
    """Scores of pages by a share of what was learned from the others."""
    scores = Scores()
    for held, other in trained:
        retrained = blend(network, other, share)
        for page in held:
            scores.add(page, retrained.proba(page.described))
    return scores


def _describe(
    name: str,
    start: str,
    datasets: Sequence[Path | str],
    pages: Sequence[LabelledPage],
    changes: Sequence[Change],
    share: float,
) -> str:
    portals = sorted({page.portal for page in pages})
    lines = [
        f"# Model `{name}`",
        "",
        f"Started from `{start}`; learned from {len(pages)} pages of {', '.join(portals[:12])}"
        + (f" and {len(portals) - 12} more portals." if len(portals) > 12 else "."),
        "",
        "```",
        f"boilerplate train --from {start} {' '.join(Path(d).name for d in datasets)} -o {name}",
        "```",
        "",
    ]
    if not changes:
        lines.append("Nothing was measured: that takes a second story to hold out, or other portals (`--others`).")
    else:
        lines += ["| pages | number | macro-F1 | body page F1 |", "| --- | --- | --- | --- |"]
        lines += [change.to_markdown() for change in changes]
        if share < 1:
            lines += ["", f"All of the change would have made a figure worse: {share:.0%} of it was made."]
    return "\n".join(lines) + "\n"
