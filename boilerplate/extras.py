"""Libraries that only some of what is here needs, and what is said where one is not installed."""

from __future__ import annotations

from importlib.util import find_spec

from boilerplate.errors import InputError


def lacking(what: str, *packages: str) -> str:
    """Say what `what` needs, and how to install it.

    Parameters
    ----------
    what
        What asks for it, in the singular.
    packages
        Names on PyPI.
    """
    are = "is" if len(packages) == 1 else "are"
    return f"{what} needs {' and '.join(packages)}, which {are} not installed: pip install {' '.join(packages)}"


def require(what: str, *packages: str) -> None:
    """Check that libraries are installed whose modules are called as their packages are.

    Raises
    ------
    InputError
        If one is not; says how to install it.
    """
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        raise InputError(lacking(what, *missing))
