"""Arguments that are URLs, which nothing here fetches."""

from __future__ import annotations

import re

NOT_FETCHED = "URLs are not fetched: curl -s URL | boilerplate"
"""What to say of one; the command and ``-`` follow."""


def is_url(argument: str) -> bool:
    """Whether an argument is a URL, or was one before `Path` made one slash of two."""
    return re.match(r"(?:https?|ftp):/", argument, re.I) is not None
