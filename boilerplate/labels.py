"""The labels a block can have, and how they fold into fewer."""

from __future__ import annotations

from enum import Enum


class _Named(str, Enum):
    """A name that is equal to the lower-case string that it is (``Label.BODY == "body"``)."""

    @property
    def title(self) -> str:  # type: ignore[override]
        """Display name, as the portals print it (``"Berita Terkait"``)."""
        return _TITLES.get(self.value, self.value)

    def __str__(self) -> str:
        return str(self.value)


class Label(_Named):
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


class Four(_Named):
    """What a block is in the view of four labels; `OTHER` is what is none of them."""

    BODY = "body"
    RELATED = "related"
    POPULAR = "popular"
    AD = "ad"
    OTHER = "other"


_TITLES = {"related": "Berita Terkait", "popular": "Terpopuler", "latest": "Terkini", "picks": "Pilihan"}

LABELS: tuple[Label, ...] = tuple(Label)
"""All labels, in the order of a model's probability columns."""

INDEX: dict[Label, int] = {label: i for i, label in enumerate(LABELS)}
"""Column of each label in a probability matrix."""

LISTS = tuple(INDEX[label] for label in (Label.RELATED, Label.POPULAR, Label.LATEST, Label.PICKS))
"""The columns of the labels of lists of other stories."""


def _four(label: Label) -> Four:
    try:
        return Four(label.value)
    except ValueError:
        return Four.OTHER


FOLDINGS: dict[str, dict[Label, Label | Four]] = {
    "eight": {label: label for label in LABELS},
    # A headline, a menu and a list by time are no advertising, nor is a list of
    # editors' picks about this story: folded into a near label they would be
    # wrong with a probability of 1.
    "four": {label: _four(label) for label in LABELS},
}
"""Views of the labels by name: each maps every label to the one it folds into."""
