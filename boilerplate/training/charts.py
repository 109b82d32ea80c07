"""Charts as inline SVG: no script, no font, nothing to load. Names are ours, so nothing is escaped here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from boilerplate.training.reliability import BINS, Reliability

_WIDTH, _HEIGHT = 380, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 10, 42


def reliability(found: Reliability, what: str) -> str:
    """Share of right words by probability; the area of a point grows with its words, the diagonal is perfect."""
    plot = _Plot(f"probability of {what}", "share of words right")
    plot.line([(0, 0), (1, 1)], "ideal")
    used = np.flatnonzero(found.words)
    share = found.words / max(found.words.sum(), 1)
    points = [(float(found.sure[k] / found.words[k]), float(found.right[k] / found.words[k])) for k in used]
    plot.bars([(k / BINS, (k + 1) / BINS, float(share[k])) for k in used], "mass")
    plot.line(points, "curve")
    for k, (x, y) in zip(used, points, strict=True):
        plot.dot(x, y, 3 + 6 * float(share[k]) ** 0.5, "point", f"{share[k]:.1%} of words: {x:.3f} sure, {y:.3f} right")
    return plot.svg(f"Reliability of {what}")


def histogram(values: Sequence[float], what: str, bins: int = 20) -> str:
    """How many values fall between 0 and 1, in bins of equal width; counts on a square-root scale, written above."""
    counts, edges = np.histogram(np.clip(values, 0, 1), bins, (0, 1))
    most = max(int(counts.max()), 1)
    plot = _Plot(what, "pages", y_ticks=[(n, (n / most) ** 0.5) for n in _round_counts(most)])
    plot.bars(
        [(edges[k], edges[k + 1], float((counts[k] / most) ** 0.5) * 0.94) for k in range(bins)],
        "bar",
        [str(n) if n else "" for n in counts.tolist()],
    )
    return plot.svg(f"Histogram of {what}")


def scatter(points: Sequence[tuple[float, float]], x_name: str, y_name: str) -> str:
    """Points between 0 and 1; those that would lie on each other are drawn once, larger."""
    least = min([x for x, _ in points], default=1.0)
    plot = _Plot(x_name, y_name, low=next(low for low in (0.9, 0.8, 0.75, 0.5, 0.0) if least >= low or not low))
    for (x, y), count in Counter((round(x, 3), round(y, 2)) for x, y in points).items():
        plot.dot(x, y, 2.6 + count**0.5 * 0.6, "cloud", f"{count} × {x_name} {x:.3f}, {y_name} {y:.2f}")
    return plot.svg(f"{y_name} by {x_name}")


def _round_counts(most: int) -> list[int]:
    """Counts to mark on an axis up to `most`: 0 and powers of ten."""
    marks = [0] + [10**k for k in range(9) if 10**k <= most]
    return marks if most in marks or most < marks[-1] * 2 else [*marks, most]


class _Plot:
    """A frame with axes from `low` (or 0) to 1, drawn on in data coordinates."""

    def __init__(
        self, x_name: str, y_name: str, *, low: float = 0.0, y_ticks: Sequence[tuple[int, float]] | None = None
    ) -> None:
        self.low = low
        self.marks: list[str] = []
        if y_ticks is None:
            ticks = [(f"{v:.1f}", v) for v in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)]
        else:
            ticks = [(str(n), v * 0.94) for n, v in y_ticks]
        for name, v in ticks:
            y = self._y(v)
            self.marks.append(
                f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/><text class="tick end" x="{_LEFT - 6}" y="{y + 3.5:.1f}">{name}</text>'
            )
        for v in np.linspace(low, 1, 6):
            self.marks.append(f'<text class="tick mid" x="{self._x(v):.1f}" y="{_HEIGHT - _BOTTOM + 16}">{v:g}</text>')
        middle = (_TOP + _HEIGHT - _BOTTOM) / 2
        self.marks.append(
            f'<text class="axis mid" x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 6}">{x_name}</text>'
        )
        self.marks.append(f'<text class="axis mid" transform="translate(12 {middle}) rotate(-90)">{y_name}</text>')

    def _x(self, x: float) -> float:
        return _LEFT + (x - self.low) / (1 - self.low) * (_WIDTH - _LEFT - _RIGHT)

    def _y(self, y: float) -> float:
        return _HEIGHT - _BOTTOM - y * (_HEIGHT - _TOP - _BOTTOM)

    def line(self, points: Sequence[tuple[float, float]], style: str) -> None:
        path = "L".join(f"{self._x(x):.1f} {self._y(y):.1f}" for x, y in points)
        if path:
            self.marks.append(f'<path class="{style}" d="M{path}"/>')

    def bars(self, bars: Sequence[tuple[float, float, float]], style: str, notes: Sequence[str] = ()) -> None:
        for i, (a, b, height) in enumerate(bars):
            left, right, top = self._x(a) + 1, self._x(b) - 1, self._y(height)
            self.marks.append(
                f'<rect class="{style}" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{self._y(0) - top:.1f}"/>'
            )
            if notes and notes[i]:
                self.marks.append(
                    f'<text class="tick mid" x="{(left + right) / 2:.1f}" y="{top - 3:.1f}">{notes[i]}</text>'
                )

    def dot(self, x: float, y: float, radius: float, style: str, note: str) -> None:
        self.marks.append(
            f'<circle class="{style}" cx="{self._x(x):.1f}" cy="{self._y(y):.1f}" r="{radius:.1f}"><title>{note}</title></circle>'
        )

    def svg(self, name: str) -> str:
        return f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{name}">{"".join(self.marks)}</svg>'
