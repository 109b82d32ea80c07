"""The inspection of a page: one HTML file with the page, its labelled blocks, and the text that is kept.

The page stands in a frame in which no script runs, and the file forbids
itself all resources but its own script and styles. Needs Jinja2 (the extra
``report``).
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from textwrap import shorten
from typing import Any

from boilerplate.document import Block, Document
from boilerplate.extras import require
from boilerplate.inspection.markup import write_markup
from boilerplate.labels import LABELS
from boilerplate.palette import colour_rules
from boilerplate.segment.page import Page
from boilerplate.templates import make_environment

_HEADING = 60
"""Characters of a heading that are shown with the blocks that it governs."""


def check_installed() -> None:
    """Check that what the file is made with is installed.

    Raises
    ------
    InputError
        If not; says how to install it.
    """
    require("an inspection", "jinja2")


def render(
    page: Page,
    document: Document,
    name: str,
    *,
    model: str = "",
    other: Document | None = None,
    other_model: str = "",
    headings: Sequence[int] = (),
) -> str:
    """Lay a labelled page out as one HTML file.

    Parameters
    ----------
    page, document
        The segmented page with its nodes, and what was made of it (see `Cleaner.label_page`).
    name
        The page's name, for the title.
    model
        Name of the model.
    other, other_model
        The same page labelled by another model, to show where they differ.
    headings
        For each block the block that governs it as heading; -1 for none (see `Cleaner.headings`).

    Returns
    -------
    str
        HTML that loads nothing and runs none of the page.
    """
    from markupsafe import Markup

    environment = make_environment("boilerplate.inspection", keep="\n\t")
    templates = files("boilerplate.inspection") / "templates"
    script = (templates / "inspection.js").read_text(encoding="utf-8")
    style = (templates / "inspection.css").read_text(encoding="utf-8")
    colours = colour_rules()
    inside = (templates / "page.css").read_text(encoding="utf-8")
    frame = (
        '<!DOCTYPE html><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<style>{colours}{inside}</style><body>{write_markup(page, document.blocks)}"
    )
    return environment.get_template("inspection.html.jinja").render(
        name=name,
        model=model,
        other_model=other_model,
        document=document,
        legend=_legend(document.blocks),
        rows=[
            _row(block, other.blocks[block.index] if other else None, _heading(document.blocks, headings, block.index))
            for block in document.blocks
        ],
        differences=sum(a.label != b.label for a, b in zip(document.blocks, other.blocks, strict=True)) if other else 0,
        paragraphs=[_pieces(block) for block in document.blocks if block.kept],
        frame=frame,
        script=Markup(script),
        style=Markup(colours + style),
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _legend(blocks: list[Block]) -> list[dict[str, Any]]:
    count = Counter(block.label for block in blocks)
    words: Counter[Any] = Counter()
    for block in blocks:
        words[block.label] += len(block.text.split())
    return [
        {"label": label.value, "title": label.title, "blocks": count[label], "words": words[label]} for label in LABELS
    ]


def _heading(blocks: list[Block], headings: Sequence[int], index: int) -> str:
    """The text of the heading that governs a block, cut short."""
    number = headings[index] if headings else -1
    return shorten(blocks[number].text, _HEADING, placeholder=" …") if number >= 0 else ""


def _row(block: Block, other: Block | None, heading: str) -> dict[str, Any]:
    return {
        "heading": heading,
        "block": block,
        "xpath": block.xpath,
        "others": sorted(((p, x.value) for x, p in block.probabilities.items() if x != block.label), reverse=True)[:2],
        "other": other if other is not None and other.label != block.label else None,
    }


def _pieces(block: Block) -> list[tuple[str, str]]:
    """A kept block's text in pieces: what each is labelled where it is cut out, ``""`` where it is kept."""
    pieces, at = [], 0
    for span in block.spans:
        pieces += [("", block.text[at : span.start]), (span.label.value, block.text[span.start : span.end])]
        at = span.end
    return [piece for piece in (*pieces, ("", block.text[at:])) if piece[1]]
