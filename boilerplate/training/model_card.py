"""The card of a trained model: what it was trained on, how it scores on portals it has not seen, its limits."""

from __future__ import annotations

import math
import subprocess
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from boilerplate import __version__
from boilerplate.kinds import KINDS
from boilerplate.segment.page import HTML, TEXT
from boilerplate.training.estimator import BlockClassifier
from boilerplate.training.evaluation import Scores
from boilerplate.training.preparation import LabelledPage

_SOURCES_SHOWN = 60
_PORTALS_SHOWN = 12  # of a family
_LANGUAGE = "id"  # of most of the pages, and what the features are made for
CARD_STARTS = "<!-- card -->"
"""The line between a card's header and what is written for people."""

_KINDS = {HTML: "news pages in HTML", TEXT: "news texts without tags"}
_UNITS = {HTML: "pages", TEXT: "texts"}


def front_matter(kind: str, scores: Scores | None = None) -> str:
    """Write the header of a card, in YAML as the Hugging Face Hub reads it, with the line that ends it.

    Parameters
    ----------
    kind
        Kind of the pages.
    scores
        Scores on portals left out; None where they were not measured.
    """
    lines = [
        "---",
        f"language: {_LANGUAGE}",
        "license: mit",
        "library_name: boilerplate-news",
        "pipeline_tag: token-classification",
        f"tags: [boilerplate-removal, content-extraction, news, {kind}]",
    ]
    if scores is not None:
        figures = {"F1 of the body, mean over pages": scores.body_f1(), "macro-F1 of the labels": scores.macro_f1()}
        lines += ["metrics: [f1]", "model-index:", "- name: boilerplate", "  results:", "  - task:"]
        lines += ["      type: token-classification", "    dataset:", "      name: portals left out of training"]
        lines += ["      type: boilerplate", "    metrics:"]
        for name, value in figures.items():
            if not math.isnan(value):
                lines += ["    - type: f1", f"      name: {name}", f"      value: {value:.4f}"]
    return "\n".join([*lines, "---", CARD_STARTS, "", ""])


def card_settings(model: BlockClassifier) -> dict[str, Any]:
    """Parameters of the estimator, as the card and the model's file state them; the lexicon is stated apart."""
    return {name: value for name, value in model.get_params().items() if name != "lexicon"}


def write_card(
    name: str,
    datasets: Sequence[Path | str],
    pages: Sequence[LabelledPage],
    family: dict[str, str],
    scores: Scores | None,
    model: BlockClassifier,
    size: int,
    options: Sequence[str] = (),
) -> str:
    """Write the card of a model, as Markdown.

    Parameters
    ----------
    name
        The model's name.
    datasets, pages
        What it was trained on.
    family
        Family of each portal (see `folds.families`).
    scores
        Scores on portals left out; None where they were not measured.
    model
        The fitted estimator.
    size
        Size of the model's file, in bytes.
    options
        What the command line was given beside kind, datasets and output.
    """
    command = ["boilerplate train --kind", model.kind, *(Path(d).name for d in datasets), "-o", name, *options]
    lines = [
        f"# Model `{name}`",
        "",
        f"Labels the blocks of {_KINDS[model.kind]}: the article, seven kinds of noise, and noise inside the article's "
        f"blocks. A file for `boilerplate-news`, of plain arrays, {size / 1e6:.2f} MB.",
        "",
        "## Use and limits",
        "",
        "```python",
        "import boilerplate",
        "",
        f'print(boilerplate.Cleaner("{name}").clean(page))',
        "```",
        "",
        "Learned from the portals and years below; a portal unlike all of them is labelled worse. Labels are a guess, "
        "and no filter against someone who wants to pass it.",
        "",
        "## Training",
        "",
        f"Trained {date.today().isoformat()} at {_state()}:",
        "",
        "```",
        " ".join(command),
        "```",
        "",
        *_facts(pages, model),
        "",
    ]
    members: dict[str, list[str]] = {}
    for portal, head in sorted(family.items()):
        members.setdefault(head, []).append(portal)
    shared = [_shown(portals) for portals in members.values() if len(portals) > 1]
    if shared:
        lines += ["Held out as one, for they share templates: " + "; ".join(shared) + ".", ""]
    if scores is not None:
        lines += ["## Unseen portals (leave-one-portal-out)", ""]
        lines += ["From models that saw no page of the portal's template family.", "", scores.to_markdown(), ""]
    sources = Counter(str(page.example.meta.get("source") or "own pages").split("@")[0] for page in pages)
    lines += ["## Sources of the pages", ""]
    lines += [
        f"- {source}: {count}"
        for source, count in sorted(sources.items(), key=lambda item: (-item[1], item[0]))[:_SOURCES_SHOWN]
    ]
    return "\n".join(lines) + "\n"


def _shown(portals: Sequence[str]) -> str:
    """The portals of a family; of a large one, the first and the number of the others."""
    rest = len(portals) - _PORTALS_SHOWN
    return " + ".join(portals[:_PORTALS_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _facts(pages: Sequence[LabelledPage], model: BlockClassifier) -> list[str]:
    """The list of what a model was made of and how."""
    index = sum(page.example.index for page in pages)
    body_only = sum(page.body_only for page in pages)
    facts = [
        f"- {_UNITS[model.kind]}: {len(pages)} ({len(pages) - index - body_only} with labelled regions, {index} index "
        f"pages, {body_only} with body text only), {len({page.portal for page in pages})} portals",
        f"- settings of the estimator: {', '.join(f'{k}={v}' for k, v in sorted(card_settings(model).items()))}",
        f"- features: {len(KINDS[model.kind].feature_names())} a block; temperature {model.network_.temperature:.2f}, "
        "fitted on portals left out",
    ]
    if model.lexicon:
        facts.append(f"- headings beyond the shipped ones: {sum(len(entries) for _, entries in model.lexicon)}")
    return facts


def _state() -> str:
    """The commit of this code, or its release where it does not stand in a checkout of its own."""
    here = Path(__file__)
    try:
        # An environment within another project's checkout is no part of that project.
        _git(here, "ls-files", "--error-unmatch", here.name)
        return f"commit {_git(here, 'rev-parse', '--short', 'HEAD')}"
    except (OSError, subprocess.SubprocessError):
        return f"release {__version__}"


def _git(file: Path, *args: str) -> str:
    command = ["git", "-C", str(file.parent), *args]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
