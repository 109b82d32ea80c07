"""Texts of bodies out of the files in which data sets publish them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


def body_texts(data: bytes) -> Iterator[str]:
    """Yield the texts that a file may hold as the body of a page; the checksum tells which of them it is.

    Known are files of JSON with ``ground_truth.main_content`` (WCXB), and with ``body`` under the name of each parser
    version (fundus: a summary, then sections of headlines and paragraphs, a line each).
    """
    try:
        held = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(held, dict):
        return
    for version in held.values():
        if not isinstance(version, dict):
            continue
        text = version.get("main_content")
        if isinstance(text, str):
            yield text
            yield text.strip()
        body = version.get("body")
        if isinstance(body, dict):
            yield "\n".join(_lines(body))


def _lines(body: dict[str, Any]) -> Iterator[str]:
    yield from _strings(body.get("summary"))
    sections = body.get("sections")
    for section in sections if isinstance(sections, list) else ():
        if isinstance(section, dict):
            yield from _strings(section.get("headline"))
            yield from _strings(section.get("paragraphs"))


def _strings(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
