"""Making an input that breaks a property smaller while it breaks it in the same way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Source = TypeVar("Source", str, bytes)


def shrink(source: Source, breaks: Callable[[Source], bool], seconds: float = 3.0) -> Source:
    """Leave stretches out, from halves to single characters, as long as what remains still `breaks`."""
    end = time.monotonic() + seconds
    size = len(source) // 2
    while size:
        at, before = 0, len(source)
        while at < len(source) and time.monotonic() < end:
            less = source[:at] + source[at + size :]
            if breaks(less):
                source = less
            else:
                at += size
        if time.monotonic() >= end:
            break
        if len(source) == before or size > 1:
            size //= 2
    return source
