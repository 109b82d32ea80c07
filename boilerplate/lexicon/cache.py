"""A cache of what follows from strings, whose size no page can drive up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

V = TypeVar("V")


class BoundedCache(dict[str, V]):
    """Values that follow from strings alone, each computed once.

    So threads may share it: whatever one adds or drops, another finds the same
    value, or computes it. Dropped whole when it is full, and long strings are
    not kept, so a hostile crawl costs no more than that.

    Parameters
    ----------
    compute
        Makes the value of a string.
    capacity
        Most strings that are kept.
    longest
        Most characters of a string that is kept.
    """

    def __init__(self, compute: Callable[[str], V], capacity: int = 40_000, longest: int = 400) -> None:
        super().__init__()
        self._compute, self.capacity, self.longest = compute, capacity, longest

    def __missing__(self, key: str) -> V:
        value = self._compute(key)
        if len(key) <= self.longest:
            if len(self) >= self.capacity:
                self.clear()
            self[key] = value
        return value

    def store(self, values: Mapping[str, V]) -> None:
        """Keep values that were computed many at once, of strings that are all short; more than fit are not kept."""
        if len(self) + len(values) > self.capacity:
            self.clear()
        if len(values) <= self.capacity:
            self.update(values)
