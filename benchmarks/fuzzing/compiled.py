"""Running without the compiled modules in a process that has them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import ModuleType

from boilerplate.compiled import original


def in_use() -> list[tuple[ModuleType, str, ModuleType]]:
    """Where modules of the package hold a compiled module: the holder, the name there, the compiled module."""
    return [
        (module, name, value)
        for key, module in list(sys.modules.items())
        if key.split(".")[0] == "boilerplate"
        for name, value in list(vars(module).items())
        if isinstance(value, ModuleType)
        and value.__name__.startswith("boilerplate.")
        and (getattr(value, "__file__", None) or "").endswith(tuple(EXTENSION_SUFFIXES))
        and f"{key}.{name}" != value.__name__  # a package's own attribute for its submodule
    ]


@contextmanager
def left_out() -> Iterator[None]:
    """Leave the compiled modules out, as ``BOILERPLATE_PURE`` does; not for several threads."""
    held = in_use()
    for module, name, value in held:
        setattr(module, name, _replacement(value))
    try:
        yield
    finally:
        for module, name, value in held:
            setattr(module, name, value)


@cache
def _replacement(compiled: ModuleType) -> ModuleType | None:
    """The module in Python beside a compiled one; None where there is none, and the holder has the code itself."""
    source = Path(str(compiled.__file__)).parent / f"{compiled.__name__.rpartition('.')[2]}.py"
    return original(compiled.__name__) if source.exists() else None
