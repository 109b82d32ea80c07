"""The package builds where no C compiler works, and without its compiled modules where they are not wanted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("env", [{"CC": "/bin/false"}, {"BOILERPLATE_PURE": "1"}], ids=["no compiler", "pure"])
def test_build_without_compiling(env: dict[str, str], tmp_path: Path) -> None:
    pytest.importorskip("setuptools")
    pytest.importorskip("Cython")
    shutil.copy(ROOT / "setup.py", tmp_path)
    for source in (ROOT / "boilerplate").rglob("*.pyx"):
        copy = tmp_path / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)
    done = subprocess.run(
        [sys.executable, "setup.py", "build_ext"],
        cwd=tmp_path,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert ("boilerplate.reading._utf8" in done.stdout + done.stderr) == ("CC" in env)  # it was tried, or not
    assert not [path for path in tmp_path.rglob("*") if path.suffix in (".so", ".pyd")]


def test_what_pages_are_made_of_is_built_in(tmp_path: Path) -> None:
    pytest.importorskip("setuptools")
    shutil.copy(ROOT / "setup.py", tmp_path)
    shutil.copytree(
        ROOT / "boilerplate", tmp_path / "boilerplate", ignore=shutil.ignore_patterns("*.so", "__pycache__")
    )
    (tmp_path / "models").mkdir()
    shutil.copytree(ROOT / "datasets" / "labels", tmp_path / "datasets" / "labels")
    done = subprocess.run(
        [sys.executable, "setup.py", "build_py"],
        cwd=tmp_path,
        env={**os.environ, "BOILERPLATE_PURE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    made_of = {path.relative_to(ROOT) for path in (ROOT / "boilerplate").glob("*/templates/*")}
    assert {path.parts[1] for path in made_of} == {"annotation", "inspection", "training"}
    assert {path for path in made_of if not (tmp_path / "build" / "lib" / path).is_file()} == set()
