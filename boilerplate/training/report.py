"""The report of a measurement: one HTML file that opens anywhere, and loads and runs nothing.

What it shows of pages was written by others, so every text is escaped, and
the file forbids itself scripts and resources from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np

from boilerplate.labels import LABELS
from boilerplate.training import charts
from boilerplate.training.evaluation import WRONG_SHOWN, PageScore, Scores, f1

WORST = 20
_OPEN = 5  # of the worst pages: the others unfold at a click
_DOUBTFUL = (0.8, 0.85, 0.9, 0.925, 0.95, 0.96, 0.97, 0.98, 0.99)
_GOOD = 0.9

_STYLE = """
:root { color-scheme: light; --ink: #1d2733; --soft: #5d6b7a; --line: #e3e8ee; --blue: #2867b2; --red: #c0392b; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.2rem 1.5rem 4rem; max-width: 68rem; background: #fff; color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2.6rem 0 .3rem; }
p { margin: .2rem 0 .9rem; max-width: 48rem; color: var(--soft); overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr)); gap: .7rem; margin: 1.4rem 0; }
.tile { border: 1px solid var(--line); border-radius: .6rem; padding: .7rem .9rem; }
.tile b { display: block; font-size: 1.5rem; font-weight: 600; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: .84rem; line-height: 1.3; display: block; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
th, td { padding: .28rem .65rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; color: var(--soft); }
th:first-child, td.name, details th:last-child { text-align: left; }
td.heat { min-width: 4.2rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1.2rem; }
figure { margin: 0; }
figcaption { font-weight: 600; font-size: .92rem; margin-bottom: .2rem; }
svg { width: 100%; max-width: 34rem; height: auto; display: block; }
svg text { font-size: 11px; fill: var(--soft); }
.mid { text-anchor: middle; } .end { text-anchor: end; } .axis { font-size: 12px; }
.grid { stroke: var(--line); } .ideal { stroke: #aab4bf; stroke-dasharray: 4 4; fill: none; }
.curve { stroke: var(--blue); stroke-width: 1.8; fill: none; stroke-linejoin: round; }
.point { fill: var(--blue); stroke: #fff; } .mass { fill: #dbe7f5; } .bar { fill: #7fa8d8; } .cloud { fill: var(--blue); fill-opacity: .35; }
details { border: 1px solid var(--line); border-radius: .6rem; margin: .6rem 0; padding: .55rem .9rem; }
summary { cursor: pointer; overflow-wrap: anywhere; } summary b { font-variant-numeric: tabular-nums; } summary i { color: var(--soft); font-style: normal; }
details table { width: 100%; margin-top: .5rem; } details td { vertical-align: top; }
td.text { white-space: normal; text-align: left; overflow-wrap: anywhere; width: 100%; }
.kept { color: var(--red); } .dropped { color: var(--blue); }
"""


def write_report(path: Path, scores: Scores, title: str, about: str) -> None:
    """Write the report of a measurement (see `render`); folders on the way are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(scores, title, about), encoding="utf-8")


def render(scores: Scores, title: str, about: str) -> str:
    """Lay scores out as one HTML page.

    Parameters
    ----------
    scores
        What was measured.
    title
        Headline, such as the model's name.
    about
        A sentence: on which pages, and whether the model had seen their portals.
    """
    parts = [_tiles(scores)]
    if scores.confusion:
        parts += [_labels(scores), _portals(scores), _confusion(scores.table()), _calibration(scores)]
    parts += [_pages(scores), _worst(scores.pages)]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body>\n<h1>{_text(title)}</h1><p>{_text(about)}</p>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _text(text: str) -> str:
    """Escape a text; what is not printable (it could turn the line's direction) is replaced."""
    return escape("".join(c if c.isprintable() else "\ufffd" for c in text))


def _number(value: float, form: str = ".3f") -> str:
    return "–" if np.isnan(value) else format(value, form)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; cells are HTML, the first of a row is its name."""
    lines = ["<tr>" + "".join(f"<th>{cell}</th>" for cell in head) + "</tr>"]
    for name, *cells in rows:
        lines.append(
            f'<tr><td class="name">{name}</td>'
            + "".join(c if c.startswith("<td") else f"<td>{c}</td>" for c in cells)
            + "</tr>"
        )
    return f'<div class="wide"><table>{"".join(lines)}</table></div>'


def _heat(value: float, text: str, colour: str = "40,103,178") -> str:
    """A cell shaded by a value from 0 to 1."""
    return f'<td class="heat" style="background:rgba({colour},{value * 0.55:.3f})">{text}</td>'


def _tiles(scores: Scores) -> str:
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
    return (
        '<div class="tiles">'
        + "".join(f'<div class="tile"><b>{value}</b><span>{name}</span></div>' for name, value in figures)
        + "</div>"
    )


def _labels(scores: Scores) -> str:
    table = scores.table()
    right, golds, given = np.diag(table), table.sum(axis=1), table.sum(axis=0)
    rows = []
    for i, label in enumerate(LABELS):
        values = (right[i] / max(given[i], 1), right[i] / max(golds[i], 1), f1(table)[i])
        rows.append(
            [
                label.title,
                *(_heat(v, f"{v:.3f}") if golds[i] or given[i] else "–" for v in values),
                f"{int(golds[i]):,}",
            ]
        )
    return "<h2>Labels</h2><p>Counted in words.</p>" + _table(["label", "precision", "recall", "F1", "words"], rows)


def _portals(scores: Scores) -> str:
    rows = []
    for portal in sorted(scores.confusion):
        table = scores.confusion[portal]
        each = [_heat(v, f"{v:.2f}") if here else "–" for v, here in zip(f1(table), table.sum(axis=1) > 0, strict=True)]
        count = sum(page.portal == portal for page in scores.pages)
        rows.append(
            [_text(portal), str(count), _number(scores.body_f1(portal)), _number(scores.macro_f1(portal)), *each]
        )
    head = ["portal", "pages", "body page F1", "macro-F1", *(label.value for label in LABELS)]
    return "<h2>Portals</h2><p>F1 of each label, by the portal's pages alone.</p>" + _table(head, rows)


def _confusion(table: np.ndarray) -> str:
    rows = []
    for i, label in enumerate(LABELS):
        share = table[i] / max(table[i].sum(), 1)
        cells = [
            _heat(v, f"{v:.1%}" if table[i, k] else "", "40,103,178" if i == k else "192,57,43")
            for k, v in enumerate(share.tolist())
        ]
        rows.append([label.title, *cells, f"{int(table[i].sum()):,}"])
    head = ["gold, taken for →", *(label.value for label in LABELS), "words"]
    return "<h2>What is taken for what</h2><p>Share of the words of each gold label.</p>" + _table(head, rows)


def _calibration(scores: Scores) -> str:
    return (
        "<h2>Do the probabilities mean what they say?</h2><p>On the dashed line nine in ten words at 0.9 are right; below it the "
        "model is too sure. Points grow with the words at that probability; the pale bars are their share.</p>"
        '<div class="charts">'
        f"<figure><figcaption>Label</figcaption>{charts.reliability(scores.labelled, 'the label')}</figure>"
        f"<figure><figcaption>Keep or drop</figcaption>{charts.reliability(scores.kept, 'keep or drop')}</figure></div>"
    )


def _pages(scores: Scores) -> str:
    articles = [page for page in scores.pages if not page.index]
    if not articles:
        return ""
    points = [(page.confidence, page.f1) for page in articles]
    return (
        "<h2>Pages</h2><p>F1 of each article's text (4-gram shingles), and how sure the model was of the page "
        "(<code>Document.confidence</code>, <code>confidence</code> in the output of <code>clean</code>).</p>"
        '<div class="charts">'
        f"<figure><figcaption>Page F1</figcaption>{charts.histogram([y for _, y in points], 'page F1')}</figure>"
        f"<figure><figcaption>Confidence and page F1</figcaption>{charts.scatter(points, 'confidence', 'page F1')}</figure></div>"
        + _thresholds(np.array(points))
    )


def _thresholds(points: np.ndarray) -> str:
    """What setting aside the pages below a confidence would cost and catch."""
    sure, score = points.T
    bad = score < _GOOD
    rows = []
    for threshold in _DOUBTFUL:
        aside = sure < threshold
        rest = float(score[~aside].mean()) if (~aside).any() else float("nan")
        caught = f"{(bad & aside).sum()} of {bad.sum()}"
        rows.append([f"{threshold:g}", f"{aside.mean():.1%}", caught, _number(rest, ".4f")])
    head = ["pages below", "are set aside", f"of those with F1 below {_GOOD:g}", "mean F1 of the rest"]
    return "<h2>Setting doubtful pages aside</h2>" + _table(head, rows)


def _worst(pages: Sequence[PageScore]) -> str:
    worst = sorted((page for page in pages if page.n_wrong), key=lambda page: (page.f1, page.portal, page.name))[:WORST]
    if not worst:
        return ""
    return (
        f'<h2>The {len(worst)} worst pages</h2><p>With the blocks that were <span class="kept">wrongly kept</span> or '
        f'<span class="dropped">wrongly dropped</span>: what the model took them for and how surely (at most {WRONG_SHOWN} '
        "a page, the longest).</p>" + "".join(_page(page, number < _OPEN) for number, page in enumerate(worst))
    )


def _page(page: PageScore, unfolded: bool) -> str:
    rows = []
    for block in page.wrong:
        what = "kept" if block.kept else "dropped"
        rows.append(
            [
                f'<span class="{what}">{what}</span>',
                block.label.value,
                f"{block.probability:.2f}",
                str(block.words),
                f'<td class="text">{_text(block.text)}</td>',
            ]
        )
    more = f"<p>and {page.n_wrong - len(page.wrong)} more</p>" if page.n_wrong > len(page.wrong) else ""
    what = "index page" if page.index else f"precision {page.precision:.2f}, recall {page.recall:.2f}"
    return (
        f"<details{' open' if unfolded else ''}><summary><b>F1 {page.f1:.2f}</b> {_text(page.portal)}: {_text(page.name)} "
        f"<i>({what}, confidence {page.confidence:.2f})</i></summary>"
        + _table(["", "taken for", "probability", "words", "text"], rows)
        + more
        + "</details>"
    )
