"""The labels a block can have, and how they fold into fewer."""

from __future__ import annotations

from enum import Enum


class Label(str, Enum):
    """What a block of a page is.

    A member is its own lower-case name (``Label.BODY == "body"``); `title`
    is the name under which Indonesian portals print the thing.
    """

    BODY = "body"
    RELATED = "related"
    POPULAR = "popular"
    AD = "ad"
    LATEST = "latest"
    PICKS = "picks"
    META = "meta"
    CHROME = "chrome"

    @property
    def title(self) -> str:  # type: ignore[override]
        """Display name, as the portals print it (``"Berita Terkait"``)."""
        return _TITLES[self.value]

    def __str__(self) -> str:
        return self.value

    @classmethod
    def parse(cls, value: str) -> Label:
        """Return the label called `value`.

        Raises
        ------
        ValueError
            If there is no such label; the message lists the known ones.
        """
        try:
            return cls(value)
        except ValueError:
            known = ", ".join(label.value for label in cls)
            raise ValueError(f"unknown label {value!r} (known: {known})") from None


_TITLES = {
    "body": "body",
    "related": "Berita Terkait",
    "popular": "Terpopuler",
    "ad": "ad",
    "latest": "Terkini",
    "picks": "Pilihan",
    "meta": "meta",
    "chrome": "chrome",
}

LABELS: tuple[Label, ...] = tuple(Label)
"""All labels, in the order of a model's probability columns."""

INDEX: dict[Label, int] = {label: i for i, label in enumerate(LABELS)}
"""Column of each label in a probability matrix."""

_FOUR = {
    Label.BODY: Label.BODY,
    Label.RELATED: Label.RELATED,
    Label.POPULAR: Label.POPULAR,
    Label.AD: Label.AD,
}

FOLDINGS: dict[str, dict[Label, Label]] = {
    "eight": {label: label for label in LABELS},
    # The project was asked for four kinds. Lists of further stories that are
    # neither ranked nor about this story join `related`: both are "read on".
    # What is left of a page around its article (meta, chrome) is not text of
    # the story and nothing to click for money; it joins `ad`, the remainder.
    "four": {
        **_FOUR,
        Label.LATEST: Label.RELATED,
        Label.PICKS: Label.RELATED,
        Label.META: Label.AD,
        Label.CHROME: Label.AD,
    },
}
"""Views of the labels by name: each maps every label to the one it folds into."""
