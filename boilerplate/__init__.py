"""Keep the article, drop the noise: cleans Indonesian news pages block by block.

>>> import boilerplate
>>> text = boilerplate.clean(html)  # doctest: +SKIP

`Cleaner` labels every block of a page (`Label`): body, Berita Terkait,
Terpopuler, ad, Terkini, Pilihan, meta, chrome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from boilerplate.cleaner import Cleaner, Kind
    from boilerplate.document import Block, Document, Result, Span
    from boilerplate.errors import BoilerplateError, DatasetError, InputError, ModelError
    from boilerplate.labels import Four, Label

__version__ = "0.1.0"

__all__ = [
    "Block",
    "BoilerplateError",
    "Cleaner",
    "DatasetError",
    "Document",
    "Four",
    "InputError",
    "Label",
    "ModelError",
    "Result",
    "Span",
    "clean",
    "label",
]


# Loaded at first use (PEP 562): ``boilerplate --help`` needs no NumPy.
_HOME = {
    "Block": "document",
    "BoilerplateError": "errors",
    "Cleaner": "cleaner",
    "DatasetError": "errors",
    "Document": "document",
    "Four": "labels",
    "InputError": "errors",
    "Kind": "cleaner",
    "Label": "labels",
    "ModelError": "errors",
    "Result": "document",
    "Span": "document",
}

# Each needs the library that it is named after: imported when asked for.
_INTEGRATIONS = ("datatrove", "huggingface", "pandas", "scrapy", "sklearn", "spark")

_shared: Cleaner | None = None


def __getattr__(name: str) -> Any:
    """Import a public name from the module that defines it."""
    from importlib import import_module

    if name in _INTEGRATIONS:
        return import_module(f"{__name__}.{name}")
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Names of the module, those not loaded yet among them."""
    return sorted({*globals(), *_HOME})


def _cleaner() -> Cleaner:
    """The cleaner that `clean` and `label` share, made at the first call."""
    global _shared
    cleaner = _shared
    if cleaner is None:
        from boilerplate.cleaner import Cleaner

        cleaner = _shared = Cleaner()  # threads that come first together each make one, and any of them will do
    return cleaner


def clean(page: str | bytes, *, kind: Kind = "auto") -> str:
    """Return the article's text of a page, a paragraph a line; ``""`` where there is none.

    Any number of threads may call it at once.

    Parameters
    ----------
    page
        HTML or plain text: str, or bytes as served.
    kind
        ``"html"`` or ``"text"``; ``"auto"`` tells them apart.

    Raises
    ------
    InputError
        If `page` is binary, too large, or cannot be parsed.
    """
    return _cleaner().clean(page, kind=kind)


def label(page: str | bytes, *, kind: Kind = "auto") -> Document:
    """Return the labelled blocks of a page, and what is kept of it (see `Cleaner.label`)."""
    return _cleaner().label(page, kind=kind)
