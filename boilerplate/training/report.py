"""The report of a measurement: one HTML file that opens anywhere, and loads and runs nothing.

What it shows of pages was written by others, so the templates escape every
value, and the file forbids itself scripts and resources from elsewhere.
Needs Jinja2 and matplotlib (the extra ``report``), and only when it is written:
`check_installed` tells before the work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from boilerplate.extras import require
from boilerplate.labels import LABELS, Label
from boilerplate.templates import make_environment
from boilerplate.training.evaluation import ERRORS_SHOWN, PageScore, Scores
from boilerplate.training.inspections import write_inspections
from boilerplate.training.peers import PeerScore

WORST = 20
"""Pages that are shown with their wrong blocks."""

_UNFOLDED = 3  # of the worst pages: the others unfold at a click
_THRESHOLDS = (0.8, 0.85, 0.9, 0.925, 0.95, 0.96, 0.97, 0.98, 0.99)
_GOOD_F1 = 0.9
_PORTALS_SHOWN = 25  # of those with the lowest macro-F1, where there are more than twice as many


def check_installed() -> None:
    """Check that what the report is made with is installed.

    Raises
    ------
    InputError
        If not; says how to install it.
    """
    require("the report", "jinja2", "matplotlib")


def write_report(path: Path, scores: Scores, title: str, about: str, peers: Sequence[PeerScore] = ()) -> None:
    """Write the report of a measurement (see `render`), and inspections of its worst pages next to it.

    Creates missing folders; inspections of an earlier report are replaced.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    links = write_inspections(path, worst_pages(scores.pages), title.removeprefix("boilerplate: "))
    path.write_text(render(scores, title, about, peers, links), encoding="utf-8")


def render(
    scores: Scores,
    title: str,
    about: str,
    peers: Sequence[PeerScore] = (),
    links: Mapping[int, str] | None = None,
) -> str:
    """Lay scores out as one HTML page.

    Parameters
    ----------
    scores
        What was measured.
    title
        Headline, such as the model's name.
    about
        A sentence: on which pages, and whether the model had seen their portals.
    peers
        Ours and other extractors on the same articles.
    links
        Addresses of inspections, by the place of their pages among the worst (see `worst_pages`).

    Raises
    ------
    InputError
        If Jinja2 or matplotlib is not installed.
    """
    check_installed()
    environment = make_environment("boilerplate.training")
    environment.filters["number"] = _number
    articles = [page for page in scores.pages if not page.index]
    portals = [(portal, sum(page.portal == portal for page in scores.pages)) for portal in sorted(scores.confusion)]
    lowest = sorted(portals, key=lambda x: (_sortable(scores.macro_f1(x[0])), x[0]))[:_PORTALS_SHOWN]
    return environment.get_template("report.html.jinja").render(
        title=title,
        about=about,
        scores=scores,
        labels=LABELS,
        tiles=_tiles(scores),
        portals=portals,
        lowest=lowest if len(portals) > 2 * _PORTALS_SHOWN else [],
        confusion=_confusion(scores.table()),
        charts=_charts(scores, articles),
        thresholds=_thresholds(articles),
        good_f1=_GOOD_F1,
        worst=worst_pages(scores.pages),
        links=links or {},
        unfolded=_UNFOLDED,
        errors_shown=ERRORS_SHOWN,
        mistakes=[(label, scores.mistakes.of(label)) for label in LABELS],
        mistaken=dict(zip(LABELS, zip(scores.mistakes.blocks, scores.mistakes.words, strict=True), strict=True)),
        peers=peers,
    )


def _sortable(value: float) -> float:
    return 2.0 if np.isnan(value) else value


def _number(value: float, form: str = ".3f") -> str:
    return "–" if np.isnan(value) else format(value, form)


def _tiles(scores: Scores) -> list[tuple[str, str]]:
    """The figures at the top: what each is, and its value."""
    figures = [("mean page F1 of the body", _number(scores.body_f1(), ".4f"))]
    if scores.confusion:
        figures += [
            ("macro-F1, eight labels", _number(scores.macro_f1())),
            ("macro-F1 over body, Berita Terkait, Terpopuler, ad", _number(scores.four_f1())),
            ("log loss a word", _number(scores.log_loss())),
            ("calibration error of the label", _number(scores.labelled.error(), ".2%")),
            ("calibration error of keep or drop", _number(scores.kept.error(), ".2%")),
        ]
    figures.append(("articles that wrongly give nothing", _number(scores.empty_articles(), ".2%")))
    if any(page.index for page in scores.pages):
        figures.append(("index pages that give nothing, as they should", _number(scores.empty_index(), ".1%")))
    return figures


def _confusion(table: np.ndarray) -> list[tuple[Label, int, list[tuple[Label, float]]]]:
    """For each gold label its words, and the share of them that each label was given."""
    words = table.sum(axis=1)
    shares = table / np.maximum(words, 1)[:, None]
    return [
        (gold, int(n), list(zip(LABELS, row, strict=True)))
        for gold, n, row in zip(LABELS, words, shares.tolist(), strict=True)
    ]


def _charts(scores: Scores, articles: Sequence[PageScore]) -> dict[str, Any]:
    from markupsafe import Markup

    from boilerplate.training import charts

    points = [(page.confidence, page.f1) for page in articles]
    drawn = {
        "labelled": charts.reliability(scores.labelled, "the label"),
        "kept": charts.reliability(scores.kept, "keep or drop"),
        "pages": charts.histogram([f1 for _, f1 in points], "page F1"),
        "confidence": charts.scatter(points, "confidence", "page F1"),
    }
    return {name: Markup(svg) for name, svg in drawn.items()}


def _thresholds(articles: Sequence[PageScore]) -> list[dict[str, Any]]:
    """What setting aside the pages below a confidence would cost and catch; nothing where there are no articles."""
    if not articles:
        return []
    confidence, f1 = np.array([(page.confidence, page.f1) for page in articles]).T
    bad = f1 < _GOOD_F1
    rows = []
    for threshold in _THRESHOLDS:
        aside = confidence < threshold
        rest = float(f1[~aside].mean()) if not aside.all() else float("nan")
        caught = int((bad & aside).sum())
        rows.append(
            {
                "confidence": f"{threshold:g}",
                "aside": float(aside.mean()),
                "caught": caught,
                "bad": int(bad.sum()),
                "rest": rest,
            }
        )
    return rows


def worst_pages(pages: Sequence[PageScore]) -> list[PageScore]:
    """The pages that came out worst of those with a wrong block, the worst first."""
    wrong = [page for page in pages if page.n_errors]
    return sorted(wrong, key=lambda page: (page.f1, page.portal, page.name))[:WORST]
