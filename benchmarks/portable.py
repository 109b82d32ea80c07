"""Show that a model file predicts the same under other releases of what we stand on.

Usage: ``python benchmarks/portable.py FILE``: writes the probabilities of our own pages' blocks to FILE,
or, if FILE is there already, compares with what it holds. Run it in two environments, say today's and::

    python -m venv old
    old/bin/pip install numpy==1.24.4 lxml==5.0.0 scikit-learn==1.6.0 pandas==2.0.3 scipy==1.10.1 .
"""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np

import boilerplate

PAGES = Path(__file__).parents[1] / "datasets" / "portals" / "pages"


def main() -> None:
    """Predict, then write or compare."""
    cleaner = boilerplate.Cleaner()
    blocks = [block for page in sorted(PAGES.glob("*.html")) for block in cleaner.label(page.read_bytes()).blocks]
    found = np.array([list(block.probabilities.values()) for block in blocks])
    print(
        f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in ("numpy", "lxml", "scikit-learn"))
    )
    file = Path(sys.argv[1])
    if not file.exists():
        with file.open("wb") as out:
            np.save(out, found)
        print(f"{len(found)} blocks written")
        return
    expected = np.load(file)
    if expected.shape != found.shape:
        raise SystemExit(f"{len(found)} blocks, not {len(expected)}")
    print(f"{len(found)} blocks, greatest difference {abs(found - expected).max():.1e}")


if __name__ == "__main__":
    main()
