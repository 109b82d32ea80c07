"""Finding the compiled twins of the hottest loops.

An installation from source builds them where it finds a C compiler, and goes
without where it does not. A twin gives what the Python or NumPy code beside it
gives, in less time. The environment variable ``BOILERPLATE_PURE`` (any value)
leaves them out.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any


def twin(module: str) -> Any | None:
    """Import a compiled module; None where it is not built, or built for another lxml or Python."""
    if os.environ.get("BOILERPLATE_PURE"):
        return None
    try:
        return import_module(module)
    except (ImportError, ValueError):
        return None
