"""What the documents say of the house is so: packages, paths, the way of a page, the order among tests."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from helpers import ROOT

import boilerplate

PACKAGE = ROOT / "boilerplate"
TESTS = ROOT / "tests"
SOURCES = ("boilerplate", "tests", "benchmarks", "datasets")
ARCHITECTURE = ROOT / "ARCHITECTURE.md"

pytestmark = pytest.mark.skipif(not ARCHITECTURE.exists(), reason="an installed copy has no documents")


def diagram() -> str:
    return re.search(r"^```\n(.*?)^```$", ARCHITECTURE.read_text("utf-8"), re.M | re.S)[1]


def stops() -> list[str]:
    """Return the stops of a page's way, each the path that it starts with."""
    return re.findall(r"^\d+\. `(\S+)`", ARCHITECTURE.read_text("utf-8"), re.M)


def test_the_diagram_has_the_packages_that_there_are():
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert sorted(set(re.findall(r"(\w+)/", diagram()))) == sorted(folders)


def test_a_page_makes_eight_stops_at_most_and_never_turns_back():
    rooms = [Path(stop).parts[1] for stop in stops()]
    assert 5 <= len(rooms) <= 8
    assert len(set(rooms)) == len(rooms)  # each is passed once, ...
    order = [diagram().index(room if room.endswith(".py") else f"{room}/") for room in rooms]
    assert order == sorted(order)  # ... on the way down


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "SECURITY.md", "CHANGELOG.md"])
def test_what_a_document_names_is_there(document):
    text = (ROOT / document).read_text("utf-8")
    paths = set(re.findall(r"`((?:boilerplate|tests|datasets|benchmarks|models|docs|\.ci)/[\w./-]*)`", text))
    paths |= {link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link}
    missing = [path for path in paths if not ((ROOT / path).exists() or (ROOT / f"{path}.py").exists())]
    assert not missing


def test_the_changelog_and_the_citation_tell_of_this_version():
    assert boilerplate.__version__ in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"version: {boilerplate.__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_what_the_linter_overlooks_has_a_reason():
    sources = [path for folder in SOURCES for path in (ROOT / folder).rglob("*.py")]
    lines = [(path.name, line) for path in sources for line in path.read_text("utf-8").splitlines()]
    exempt = [(name, line) for name, line in lines if re.search(r"#\s*noqa\b", line)]
    assert exempt
    assert [(name, line) for name, line in exempt if not re.search(r"noqa: [A-Z\d, ]+ - \w", line)] == []


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports, by their first names, wherever it does."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


def test_no_test_module_imports_another():
    modules = {path: path.stem for path in TESTS.rglob("test_*.py")}
    assert len(set(modules.values())) == len(modules), "two of one name"
    shared = {"conftest", *modules.values()}
    assert {path.name: found for path in modules if (found := imported(path) & shared)} == {}


def test_tests_lie_in_their_folders_and_have_their_marks(request: pytest.FixtureRequest):
    assert {path.parent.name for path in TESTS.rglob("test_*.py")} == {"unit", "integration", "slow"}
    assert not list(TESTS.glob("test_*.py"))
    for item in request.session.items:
        marks = {mark.name for mark in item.iter_markers()} & {"unit", "integration", "slow"}
        assert marks == {item.path.parent.name} - {"unit"}, item.nodeid
