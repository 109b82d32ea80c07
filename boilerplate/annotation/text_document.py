"""A plain text being labelled: a label for each character, shown in pieces of a sentence or less."""

from __future__ import annotations

import re
from html import escape
from typing import Any

import numpy as np

from boilerplate.annotation.document import Box, Selection, check_block
from boilerplate.labels import LABELS
from boilerplate.segment.page import TEXT

_END = re.compile(r"[.!?…][\"”’')\]]*(?=\s)")
"""The end of a sentence."""


class TextDocument:
    """A text being labelled; a dataset holds it as spans (see `training.span_datasets`).

    Parameters
    ----------
    text
        The text.
    labels
        Shape (n_characters,): column of each character's label; those of white space do not count.
    sure
        Shape (n_characters,): how sure the model is that a character is what
        `guess` says, its probability less that of the next label.
    guess
        Shape (n_characters,): column of the label by the model.
    """

    kind = TEXT

    def __init__(self, text: str, labels: np.ndarray, guess: np.ndarray, sure: np.ndarray) -> None:
        self.text = text
        self._labels, self._guess, self._sure = labels.astype(np.int8), guess.astype(np.int8), sure
        self._printed = np.fromiter((not ch.isspace() for ch in text), bool, len(text))
        self._sentences = _sentences(text)
        self._pieces: list[tuple[int, int]] | None = None

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """Start and end of each piece: a sentence, cut where labels change."""
        if self._pieces is None:
            runs = self._runs()
            cuts = np.array([start for start, _, _ in runs], np.int64)
            self._pieces = []
            for start, end in self._sentences:
                inside = cuts[np.searchsorted(cuts, start, "right") : np.searchsorted(cuts, end)].tolist()
                for a, b in zip([start, *inside], [*inside, end], strict=True):
                    self._pieces.append((a, a + len(self.text[a:b].rstrip())))
        return self._pieces

    def _runs(self) -> list[tuple[int, int, int]]:
        """Stretches of one label, white space inside them and none around: start, end, column."""
        at = np.flatnonzero(self._printed)
        if not len(at):
            return []
        labels = self._labels[at]
        cuts = np.flatnonzero(np.diff(labels)) + 1
        first, last = [0, *cuts.tolist()], [*cuts.tolist(), len(at)]
        return [(int(at[a]), int(at[b - 1]) + 1, int(labels[a])) for a, b in zip(first, last, strict=True)]

    @property
    def texts(self) -> list[str]:
        """See `Document`."""
        return [self.text[start:end] for start, end in self.pieces]

    def labels(self) -> np.ndarray:
        """See `Document`."""
        return np.array([self._labels[start] for start, _ in self.pieces], np.int64)

    def guesses(self) -> np.ndarray:
        """See `Document`."""
        return np.array([self._guess[start] for start, _ in self.pieces], np.int64)

    def margins(self) -> np.ndarray:
        """See `Document`."""
        sure = np.where(self._guess == self._labels, self._sure, -self._sure)
        return np.array([sure[start:end][self._printed[start:end]].min() for start, end in self.pieces])

    def blocks_of(self, selection: Selection) -> np.ndarray:
        """See `Document`."""
        start, end = self._stretch(selection)
        return np.array([i for i, (a, b) in enumerate(self.pieces) if a < end and b > start], np.int64)

    def _stretch(self, selection: Selection) -> tuple[int, int]:
        count = len(self.pieces)
        if selection.kind == "chars":
            start, end = selection.start, selection.end
        elif selection.kind == "box" and 0 <= selection.number <= self.text.count("\n") + 1:
            start, end = self._line(selection.number)
        elif selection.kind == "blocks" and selection.blocks:
            first, last = check_block(min(selection.blocks), count), check_block(max(selection.blocks), count)
            start, end = self.pieces[first][0], self.pieces[last][1]
        else:
            raise ValueError("nothing is selected")
        if not 0 <= start < end <= len(self.text) or not self._printed[start:end].any():
            raise ValueError("nothing is selected")
        return start, end

    def _line(self, number: int) -> tuple[int, int]:
        """Ends of a line, by its number from 1; 0 is the whole text."""
        if not number:
            return 0, len(self.text)
        start = 0
        for _ in range(number - 1):
            start = self.text.index("\n", start) + 1
        end = self.text.find("\n", start)
        return start, len(self.text) if end < 0 else end

    def boxes(self, block: int) -> list[Box]:
        """See `Document`: the line, and the whole text."""
        start, _ = self.pieces[check_block(block, len(self.pieces))]
        found: list[Box] = []
        for number, name in ((self.text.count("\n", 0, start) + 1, "line"), (0, "text")):
            a, b = self._line(number)
            inside = [i for i, (x, _) in enumerate(self.pieces) if a <= x < b]
            if len(inside) > (found[-1].end - found[-1].start if found else 1):
                found.append(Box(number, inside[0], inside[-1] + 1, name))
        return found

    def heading_of(self, block: int) -> int:
        """See `Document`: a text has none that are known."""
        check_block(block, len(self.pieces))
        return -1

    def place_of(self, block: int) -> str:
        """See `Document`."""
        start, end = self.pieces[check_block(block, len(self.pieces))]
        return f"characters {start}–{end}"

    def starts(self) -> list[int]:
        """First character of each piece."""
        return [start for start, _ in self.pieces]

    def relabel(self, selection: Selection, label: int) -> int:
        """See `Document`."""
        changed = int((self.labels()[self.blocks_of(selection)] != label).sum())
        start, end = self._stretch(selection)
        self._labels[start:end] = label
        self._pieces = None
        return changed

    def snapshot(self) -> np.ndarray:
        """See `Document`."""
        return self._labels.copy()

    def restore(self, labels: np.ndarray) -> None:
        """See `Document`."""
        self._labels = labels.copy()
        self._pieces = None

    def markup(self) -> str:
        """See `Document`."""
        parts, at = ["<p>"], 0
        for i, ((start, end), label) in enumerate(zip(self.pieces, self.labels().tolist(), strict=True)):
            between = self.text[at:start]
            parts.append("</p><p>" if "\n" in between else " " if between else "")
            parts.append(f'<span class="b {LABELS[label].value}" data-b="{i}">{escape(self.text[start:end])}</span>')
            at = end
        return "".join([*parts, "</p>"])

    def record(self) -> dict[str, Any]:
        """See `Document`."""
        return {"spans": [[start, end, LABELS[label].value] for start, end, label in self._runs()]}

    def words(self) -> dict[str, int]:
        """See `Document`."""
        counts: dict[str, int] = {}
        for start, end, label in self._runs():
            name = LABELS[label].value
            counts[name] = counts.get(name, 0) + len(self.text[start:end].split())
        return counts


def _sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence of each line, without the white space around it."""
    found = []
    start = 0
    for line in text.split("\n"):
        ends = [match.end() for match in _END.finditer(line)]
        for a, b in zip([0, *ends], [*ends, len(line)], strict=True):
            piece = line[a:b]
            inner = piece.strip()
            if inner:
                first = start + a + len(piece) - len(piece.lstrip())
                found.append((first, first + len(inner)))
        start += len(line) + 1
    return found
