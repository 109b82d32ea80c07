"""Checks an installed copy: it cleans a page, compiled or not as it should be, and loads next to nothing for it.

python .ci/installed.py (compiled|pure) PAGE
"""

from __future__ import annotations

import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

LOADED = {"boilerplate", "lxml", "numpy"}
COMPILED = {
    "features._address",
    "features._keys",
    "features._tokenize",
    "reading._utf8",
    "segment._scan",
    "segment._walk",
}


def main(kind: str, page: str) -> None:
    """Check the copy that Python finds; exits with a message where it is not as it should be."""
    before = set(sys.modules)  # what Python loads at its start, from .pth files of other packages too
    import boilerplate

    text = boilerplate.clean(Path(page).read_bytes())
    files = {name: str(getattr(module, "__file__", "")) for name, module in sys.modules.items() if name not in before}
    if len(text.split()) < 100:
        sys.exit(f"{page}: no article, but {text!r}")
    compiled = {name for name in COMPILED if files.get(f"boilerplate.{name}", "").endswith(tuple(EXTENSION_SUFFIXES))}
    if compiled != (COMPILED if kind == "compiled" else set()):
        sys.exit(f"compiled: {sorted(compiled)}")
    others = {name.partition(".")[0] for name, file in files.items() if "site-packages" in file} - LOADED
    if others:
        sys.exit(f"cleaning loads {sorted(others)}")
    python = ".".join(map(str, sys.version_info[:3]))
    print(f"boilerplate {boilerplate.__version__}, {kind}, Python {python}: {len(text.split())} words kept")


if __name__ == "__main__":
    main(*sys.argv[1:])
