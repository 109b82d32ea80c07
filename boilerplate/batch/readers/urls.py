"""Arguments that are URLs: nothing is fetched."""

from __future__ import annotations

import re

NOT_FETCHED = "URLs are not fetched: curl -s URL | boilerplate"
"""Message for a URL; the command and ``-`` follow."""


def is_url(argument: str) -> bool:
    """Whether an argument is a URL, or was one before `Path` made one slash of two."""
    return re.match(r"(?:https?|ftp):/", argument, re.I) is not None
