"""A colour for each label, wherever labels are shown: dark enough on white, light enough on black."""

from __future__ import annotations

from boilerplate.labels import Four, Label

COLOURS: dict[str, tuple[str, str]] = {
    Label.BODY.value: ("#1a7f37", "#4ac26b"),
    Label.RELATED.value: ("#8250df", "#b48aff"),
    Label.POPULAR.value: ("#bf3989", "#ef7fc0"),
    Label.AD.value: ("#cf222e", "#ff7b72"),
    Label.LATEST.value: ("#0969da", "#6cb6ff"),
    Label.PICKS.value: ("#0b7c85", "#3cc6d0"),
    Label.META.value: ("#8a6100", "#d9a82f"),
    Label.CHROME.value: ("#656d76", "#9aa4ae"),
    Four.OTHER.value: ("#656d76", "#9aa4ae"),
}
"""By the label's name: the colour on a light ground, and the one on a dark ground."""


def colour_rules() -> str:
    """CSS: a property a label (``--body``) with its colour, on both grounds, and a class that sets ``--c`` to it."""
    light = "".join(f"--{name}:{pair[0]};" for name, pair in COLOURS.items())
    dark = "".join(f"--{name}:{pair[1]};" for name, pair in COLOURS.items())
    classes = "".join(f".{name}{{--c:var(--{name})}}" for name in COLOURS)
    return f":root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}{classes}"
