"""The values of options: numbers within their bounds. What is out of them raises `argparse.ArgumentTypeError`."""

from __future__ import annotations

import argparse
import math


def parse_count(text: str) -> int:
    """Read a whole number, 0 or above."""
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError("must not be below 0")
    return value


def parse_jobs(text: str) -> int:
    """Read a number of processes; -1 stands for all cores."""
    value = int(text)
    if value == 0 or value < -1:
        raise argparse.ArgumentTypeError("must be a number of processes, or -1 for all cores")
    return value


def parse_seconds(text: str) -> float:
    """Read seconds; 0 stands for no limit."""
    value = float(text)
    if not 0 <= value < 1e6:
        raise argparse.ArgumentTypeError("must be a number of seconds, or 0 for no limit")
    return value


def parse_share(text: str) -> float:
    """Read a share, 0 to 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError("must be from 0 to 1")
    return value


def parse_favour(text: str) -> str | float:
    """Read what is favoured: a name, or a number of log odds."""
    if text in ("precision", "balance", "recall"):
        return text
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError("must be precision, balance, recall or a number")
    return value


parse_seconds.__name__ = parse_share.__name__ = parse_count.__name__ = parse_jobs.__name__ = (
    "number"  # argparse: "invalid number value: 'x'"
)
