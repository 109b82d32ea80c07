"""The environment of the HTML files that are written for people, with texts of pages in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


def make_environment(package: str, keep: str = "") -> Environment:
    """Return the environment of a package's templates (Jinja2): every value is escaped, and a missing one an error.

    What is not printable in a text, but for the characters in `keep`, is
    replaced: it could reverse the direction of the line.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    def printable(value: Any) -> Any:
        if type(value) is not str or value.isprintable():  # Markup is ours
            return value
        return "".join(c if c.isprintable() or c in keep else "\ufffd" for c in value)

    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
