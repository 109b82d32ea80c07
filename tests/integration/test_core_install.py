"""Cleaning works where nothing but NumPy, lxml and charset-normalizer is installed; what needs more says so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import PORTALS, ROOT, STORY, news_page

CORE = ("charset-normalizer", "lxml", "numpy")
WITHOUT = """\
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder


class Missing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        spec = PathFinder.find_spec(name, path) if path is None else None
        if spec is not None and "site-packages" in str(spec.origin) and name not in KEPT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


KEPT = {"boilerplate", "charset_normalizer", "lxml", "numpy"}
sys.meta_path.insert(0, Missing())
"""


@pytest.fixture
def run(tmp_path: Path):
    """Return a function that runs the command line where the other libraries seem not to be installed."""
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "sitecustomize.py").write_text(WITHOUT, "utf-8")
    path = os.pathsep.join([str(tmp_path / "hidden"), str(ROOT)])

    def call(*args: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "boilerplate", *map(str, args)],
            env={**os.environ, "PYTHONPATH": path},
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )

    return call


@pytest.mark.parametrize("jobs", [1, 2, -1])
def test_pages_are_cleaned(run, jobs, tmp_path):
    (tmp_path / "crawl").mkdir()
    for number in range(3):
        (tmp_path / "crawl" / f"{number}.html").write_text(news_page(number), "utf-8")
    done = run("clean", "crawl", "-o", "out", "--jobs", jobs)
    assert (done.returncode, "Error" in done.stderr) == (0, False), done.stderr
    assert [STORY[0] in path.read_text("utf-8") for path in sorted((tmp_path / "out").iterdir())] == [True] * 3


@pytest.mark.parametrize("command", [("train", PORTALS, "-o", "mine"), ("evaluate", PORTALS)])
def test_what_needs_more_says_so(run, command):
    done = run(*command)
    assert done.returncode == 2
    assert done.stderr == (
        f"boilerplate: {command[0]} needs scikit-learn, which is not installed: pip install scikit-learn\n"
    )


def test_progress_on_a_terminal_is_lines_without_tqdm(monkeypatch, capsys):
    from boilerplate.cli import progress

    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(progress, "INTERVAL", 0.0)
    with progress.TerminalProgress() as shown:
        shown.start(2, "reading pages")
        shown.advance()
    assert capsys.readouterr().err.startswith("reading pages: 1 of 2 (50%)")


def test_the_documented_command_is_the_core_of_the_declared_dependencies():
    project = pytest.importorskip("tomllib").loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {line for line in project["dependencies"] if re.match(r"[\w-]+", line)[0] in CORE}
    page = (ROOT / "docs" / "install.md").read_text("utf-8")
    (command,) = re.findall(r"^pip install --no-deps boilerplate-news (.+)$", page, re.M)
    assert {word.strip("'") for word in command.split()} == declared
