"""What flows through a run: one item a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

END = "end"
"""Cursor of an input that has nothing more to give."""

MOST_SKIPPED = 1000
"""What was skipped waits to be told with the next page, but no more than this of it."""


@dataclass(slots=True)
class Item:
    """A page on its way from an input to the output.

    Attributes
    ----------
    source
        What the page is called in the output and in messages.
    page
        The page; None if `error` says why there is none.
    carried
        Fields that came with the page.
    error
        Why the page could not be read.
    note
        What is missing of a page that is cleaned all the same.
    written
        False for what gets no record in the output: an input that cannot be
        opened, or the mere list of what was `skipped`.
    row
        Whether the page is a row of a table (whose columns are all kept).
    name
        Path of the page's ``.txt`` below an output folder.
    cursor
        Where its input goes on after this item: plain types, for JSON; `END`
        if this is its last.
    share
        How much of its input lies behind it, 0 to 1.
    skipped
        What was passed over since the last item because it is no page: a line each.
    number
        Which input it comes from (set by `chain`).
    """

    source: str
    page: str | bytes | None = None
    carried: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    note: str = ""
    written: bool = True
    row: bool = False
    name: str = ""
    cursor: Any = None
    share: float = 0.0
    skipped: list[str] = field(default_factory=list)
    number: int = 0


class Input(Protocol):
    """A file, folder or collection given on the command line."""

    @property
    def path(self) -> Path:
        """Where it is."""

    @property
    def many(self) -> bool:
        """Whether it holds more than one page."""

    def weight(self) -> float:
        """About how many bytes it holds: only proportions matter."""

    def items(self, cursor: Any = None) -> Iterator[Item]:
        """Yield its pages, those after `cursor`; raises nothing that a user could have caused."""


def failure(path: Path | str, error: str, cursor: Any = END) -> Item:
    """An input that cannot be read, or not further: reported and counted, not written."""
    return Item(shown(path), error=error, written=False, cursor=cursor, share=1.0)


def shown(path: Path | str) -> str:
    """A path as text that can be printed, whatever its bytes."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def why(error: BaseException) -> str:
    """What went wrong with a file, without its name."""
    if isinstance(error, FileNotFoundError):
        return "no such file"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return str(error)


def chain(inputs: list[Input], left: Callable[[int], Iterator[Item]] | None = None) -> Iterator[tuple[Item, float]]:
    """Yield the items of all inputs with the fraction of the run that lies behind each.

    Parameters
    ----------
    left
        Gives the items of an input (by its number) that are left to do; all, if None.
    """
    weights = [one.weight() for one in inputs]
    total = max(sum(weights), 1e-9)
    before = 0.0
    for number, one in enumerate(inputs):
        for item in one.items() if left is None else left(number):
            item.number = number
            yield item, (before + item.share * weights[number]) / total
        before += weights[number]
