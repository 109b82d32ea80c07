"""Choosing between the compiled and the Python version of the hottest loops.

An installation from source compiles them where it finds a C compiler, and goes
without where it does not. A compiled version gives what the Python version
gives, in less time. The environment variable ``BOILERPLATE_PURE`` (any value)
leaves it out.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType
from typing import Any

_PURE = bool(os.environ.get("BOILERPLATE_PURE"))


def fastest(module: str) -> Any:
    """Import a module that has a compiled version beside its source, under one name: the faster of those that work."""
    if not _PURE:
        try:
            return import_module(module)  # a compiled module goes before a source of its name
        except (ImportError, ValueError):
            pass  # built for another lxml or Python
    sys.modules[module] = original(module)
    return sys.modules[module]


def original(module: str) -> ModuleType:
    """Load a module from its Python source, whether or not it is compiled; the module is a new one."""
    package, _, name = module.rpartition(".")
    folder = Path(str(import_module(package).__file__)).parent
    loader = SourceFileLoader(module, str(folder / f"{name}.py"))
    loaded = module_from_spec(ModuleSpec(module, loader, origin=loader.path))
    loader.exec_module(loaded)
    return loaded


def extension(module: str) -> Any | None:
    """Import a compiled module; None where it is not built, or built for another lxml or Python."""
    if _PURE:
        return None
    try:
        found = import_module(module)
    except (ImportError, ValueError):
        return None
    return None if str(found.__file__).endswith(".py") else found
