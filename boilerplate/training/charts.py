"""Charts of the report, drawn by matplotlib as SVG to put inline: no script, no font, nothing to load.

Figures are made without pyplot, so no window, backend or state of the process
is touched. Element ids that matplotlib numbers alike in every figure are left
out, as several charts share one page.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from lxml import etree
from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from boilerplate.training.reliability import BINS, Reliability

_SIZE = (5.2, 3.9)  # inches; the page scales the chart to its column
_BLUE, _BAR, _PALE, _GREY, _GRID = "#2867b2", "#7fa8d8", "#dbe7f5", "#5d6b7a", "#e3e8ee"
_STYLE = {
    "svg.fonttype": "none",  # text stays text: small, searchable, in the page's font
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": _GREY,
    "axes.labelcolor": _GREY,
    "axes.edgecolor": _GRID,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": _GRID,
    "xtick.color": _GREY,
    "ytick.color": _GREY,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.major.pad": 7,
}
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"

Notes = dict[str, list[str]]
"""By id of a group of markers, what is told of each where a pointer rests on it."""


def reliability(found: Reliability, what: str) -> str:
    """Draw the share of right words by probability.

    The area of a point grows with its words; bars are their share; on the
    dashed diagonal probabilities are perfect.
    """

    def draw(axes: Axes, notes: Notes) -> None:
        axes.set(
            xlabel=f"probability of {what} (0–1)", ylabel="share of words right (0–1)", xlim=(0, 1), ylim=(0, 1.03)
        )
        axes.plot([0, 1], [0, 1], color="#aab4bf", linestyle="--", linewidth=1)
        bins = np.flatnonzero(found.words)
        words = found.words[bins]
        share = words / max(words.sum(), 1)
        sure, right = found.sure[bins] / words, found.right[bins] / words
        axes.bar(bins / BINS, share, width=1 / BINS, align="edge", color=_PALE, edgecolor="white", zorder=0.5)
        axes.plot(sure, right, color=_BLUE, linewidth=1.6)
        for weight, x, y in zip(share.tolist(), sure.tolist(), right.tolist(), strict=True):
            note = f"{weight:.1%} of words: {x:.3f} sure, {y:.3f} right"
            _markers(axes, notes, [(x, y)], [note], size=6 + 12 * weight**0.5, markeredgecolor="white")

    return _chart(draw, f"Reliability of {what}")


def histogram(values: Sequence[float], what: str, bins: int = 20) -> str:
    """Draw how many pages have a value between 0 and 1, in bins of equal width.

    The scale is the square root of the count; counts are written above the bars.
    """

    def draw(axes: Axes, notes: Notes) -> None:
        counts, edges = np.histogram(np.clip(values, 0, 1), bins, (0, 1))
        most = max(int(counts.max()), 1)
        axes.set(xlabel=f"{what} (0–1)", ylabel="number of pages (square-root scale)", xlim=(0, 1))
        axes.set_yscale("function", functions=(lambda y: np.sqrt(np.maximum(y, 0)), np.square))
        axes.set_ylim(0, most * 1.15)
        axes.set_yticks(_round_counts(most))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:,.0f}"))
        bars = axes.bar(edges[:-1], counts, width=1 / bins, align="edge", color=_BAR, edgecolor="white")
        axes.bar_label(bars, [f"{n}" if n else "" for n in counts.tolist()], padding=2, fontsize=8)

    return _chart(draw, f"Histogram of {what}")


def scatter(points: Sequence[tuple[float, float]], x_name: str, y_name: str) -> str:
    """Draw points between 0 and 1; those that would lie on each other are drawn once, larger."""

    def draw(axes: Axes, notes: Notes) -> None:
        axes.set(xlabel=f"{x_name} (0–1)", ylabel=f"{y_name} (0–1)", xlim=(0, 1.02), ylim=(-0.02, 1.03))
        rounded = np.array([(round(x, 3), round(y, 2)) for x, y in points]).reshape(-1, 2)
        places, counts = np.unique(rounded, axis=0, return_counts=True)
        for count in np.unique(counts).tolist():
            same = places[counts == count].tolist()
            texts = [f"{count} × {x_name} {x:.3f}, {y_name} {y:.2f}" for x, y in same]
            _markers(axes, notes, same, texts, size=5 + 1.2 * count**0.5, alpha=0.4, markeredgewidth=0)

    return _chart(draw, f"{y_name} by {x_name}")


def _round_counts(most: int) -> list[int]:
    """Counts to mark on an axis up to `most`: 0 and powers of ten."""
    marks = [0] + [10**k for k in range(9) if 10**k <= most]
    return marks if most in marks or most < marks[-1] * 2 else [*marks, most]


def _markers(
    axes: Axes, notes: Notes, points: Sequence[Sequence[float]], texts: list[str], size: float, **options: Any
) -> None:
    """Draw markers of one size, each with its note."""
    group = f"markers-{len(notes)}"
    notes[group] = texts
    x, y = zip(*points, strict=True)
    axes.plot(x, y, "o", color=_BLUE, markersize=size, gid=group, clip_on=False, zorder=3, **options)


def _chart(draw: Callable[[Axes, Notes], None], name: str) -> str:
    """Make a figure with one plot, let it be drawn, and return it as SVG."""
    notes: Notes = {}
    # The salt makes ids of one chart differ from another's, and the same from run to run.
    with style.context(["default", {**_STYLE, "svg.hashsalt": name}]):
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.add_subplot()
        axes.grid(axis="y")
        draw(axes, notes)
        file = io.BytesIO()
        FigureCanvasSVG(figure).print_svg(file, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    return _inline(etree.fromstring(file.getvalue()), name, notes)


def _inline(svg: etree._Element, name: str, notes: Notes) -> str:
    """Make an SVG document part of a page: named for readers of the screen, scaled, with notes, without spare ids."""
    for metadata in svg.findall(f"{_SVG}metadata"):
        svg.remove(metadata)
    for group in svg.iter(f"{_SVG}g"):
        for marker, note in zip(group.iter(f"{_SVG}use"), notes.get(group.get("id", ""), ()), strict=False):
            etree.SubElement(marker, f"{_SVG}title").text = note
    used = {use.get(_HREF, "").lstrip("#") for use in svg.iter(f"{_SVG}use")}
    for element in svg.iter():
        identity = element.get("id")
        if identity is not None and identity not in used and element.tag != f"{_SVG}clipPath":
            del element.attrib["id"]
    for attribute in ("width", "height"):
        del svg.attrib[attribute]
    svg.set("role", "img")
    svg.set("aria-label", name)
    return etree.tostring(svg, encoding="unicode")
