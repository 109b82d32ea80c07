"""Wording that messages share."""

from __future__ import annotations


def counted(number: int, what: str) -> str:
    """A number of things, in words: ``1 page``, ``3 pages``."""
    return f"{number} {what}{'' if number == 1 else 's'}"
