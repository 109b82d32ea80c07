"""Packages import one way: the order is written down here, and read out of the sources."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "boilerplate"

ORDER = [
    "errors",
    "messages",
    "extras",
    "files",
    "progress",
    "labels",
    "palette",
    "templates",
    "compiled",
    "metadata.record",
    "document",
    "lexicon",
    "segment",
    "reading",
    "features",
    "select",
    "metadata",
    "render",
    "kinds",
    "outcome",
    "model",
    "spans",
    "workers",
    "cleaner",
    "batch",
    "inspection",
    "training",
    "curation",
    "annotation",
    "pulling",
    "pandas sklearn datatrove spark scrapy huggingface",
    "cli",
]
"""A module imports from its own line and from those above; the longest name that fits a module is its line."""

ALLOWED: set[tuple[str, str]] = set()
"""Imports against the order, inside functions: pairs of a module and what it imports. None is needed."""

LEVELS = {room: level for level, line in enumerate(ORDER) for room in line.split()}
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip("."): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
TOP = {"", "__main__"}  # the public names and the command, which import as they need


def room_of(module: str) -> str:
    return max((room for room in LEVELS if f"{module}.".startswith(f"{room}.")), key=len, default="")


def imports_of(module: str) -> set[str]:
    """The modules of the package that a module imports, at its top or inside functions."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    names = {name.removeprefix("boilerplate").removeprefix(".") for node in ast.walk(tree) for name in names_in(node)}
    return names - TOP


def names_in(node: ast.AST) -> Iterator[str]:
    """The modules of the package that a statement imports, or names as strings to import them (`compiled.fastest`)."""
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        if (node.module or "").partition(".")[0] == "boilerplate":
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner.partition(".")[2] in MODULES else str(node.module)
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name.partition(".")[0] == "boilerplate")
    elif isinstance(node, ast.Call):
        for argument in node.args:
            if isinstance(argument, ast.Constant) and str(argument.value).startswith("boilerplate."):
                yield str(argument.value)


def test_every_module_is_in_a_room() -> None:
    assert [module for module in MODULES if module not in TOP and not room_of(module)] == []
    assert [room for room in LEVELS if not any(room_of(module) == room for module in MODULES)] == []


@pytest.mark.parametrize("module", [module for module in MODULES if module not in TOP])
def test_imports_go_one_way(module: str) -> None:
    level = LEVELS[room_of(module)]
    above = {name for name in imports_of(module) if LEVELS[room_of(name)] > level}
    assert above == {name for name in above if (module, name) in ALLOWED}


def test_only_the_training_commands_import_training() -> None:
    importers = {module for module in MODULES for name in imports_of(module) if room_of(name) == "training"}
    assert {m for m in importers if room_of(m) not in ("training", "curation", "annotation")} == {
        "cli.train",
        "cli.evaluate",
        "cli.report",
        "cli.datasets_export",
    }


def test_only_the_commands_for_datasets_import_curation() -> None:
    importers = {module for module in MODULES for name in imports_of(module) if room_of(name) == "curation"}
    assert all(module.startswith(("curation.", "cli.datasets_", "cli.label")) for module in importers)


def test_no_module_imports_itself_by_way_of_others() -> None:
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join([*path[path.index(module) :], module])
        if module not in done:
            for name in imports_of(module) & MODULES.keys():
                visit(name, (*path, module))
            done.add(module)

    for module in MODULES:
        visit(module, ())


def test_only_annotate_imports_the_annotation_page() -> None:
    importers = {module for module in MODULES for name in imports_of(module) if room_of(name) == "annotation"}
    assert {module for module in importers if room_of(module) != "annotation"} == {"cli.annotate"}
