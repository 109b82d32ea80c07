"""Where models are: shipped ones by name, others by path."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from boilerplate.errors import ModelError
from boilerplate.kinds import KINDS
from boilerplate.model.file import load
from boilerplate.model.network import Network

DEFAULT = {name: kind.model for name, kind in KINDS.items()}
"""Name of the shipped model for each kind of input."""

_HERE = Path(__file__).resolve().parent.parent
_FOLDERS = (_HERE / "models", _HERE.parent / "models")  # installed; a checkout


def find(name: str | Path) -> Path:
    """Return the file of a model, given its name or its path.

    Raises
    ------
    ModelError
        If there is none; the message lists the shipped models.
    """
    path = Path(name)
    if path.name == str(name):  # a shipped model is not shadowed by a file that happens to lie about
        for folder in _FOLDERS:
            if (folder / f"{name}.npz").is_file():
                return folder / f"{name}.npz"
    try:
        for candidate in (path, path.with_name(path.name + ".npz")) if path.name else ():
            if candidate.is_file():
                return candidate
    except (OSError, ValueError) as error:
        raise ModelError(f"{name}: no such model: {error}") from error
    shipped = [file.stem for file in shipped_models()]
    raise ModelError(f"{name}: no such model (shipped: {', '.join(shipped) or 'none'})")


def shipped_models() -> list[Path]:
    """Return the files of the shipped models, sorted by name."""
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        for file in folder.glob("*.npz"):
            found.setdefault(file.stem, file)
    return [found[name] for name in sorted(found)]


@lru_cache(maxsize=8)
def _load(path: str, stamp: tuple[int, int]) -> tuple[Network, dict[str, Any]]:
    network, header = load(path)
    if tuple(header.get("features", ())) != KINDS[header["kind"]].feature_names():
        raise ModelError(f"{path}: trained on other features than this release computes: train it again")
    return network, header


def open_model(name: str | Path) -> tuple[Network, dict[str, Any]]:
    """Load a model once a process.

    Raises
    ------
    ModelError
        See `find` and `file.load`; also if its features are not this release's.
    """
    path = find(name).resolve()
    stat = path.stat()
    return _load(str(path), (stat.st_mtime_ns, stat.st_size))
