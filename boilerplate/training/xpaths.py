"""XPaths that a dataset may use: paths down the page with simple predicates, found in bounded work.

A dataset can come from anyone, and the XPath of libxml2 can compute: it counts
all nodes for each node of each node, for days. Where texts are labelled there
is nothing to compute, so what is allowed is little, and followed here:

- steps ``/name``, ``/*``, ``//name``, ``//*``, at the end ``/text()``;
- after a step any number of ``[2]``, ``[@id]``, ``[@id='x']``,
  ``[contains(@class, 'x')]``, ``[starts-with(@class, 'x')]``,
  ``[contains(concat(' ', @class, ' '), ' x ')]`` (the attribute perhaps in
  ``normalize-space()``) and ``[name()='x']``;
- unions ``a | b``.

They find what an XPath processor finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

WORK = 100_000_000
"""Steps of work in one page, ten an element stood on: some seconds. Hand-made regions take a thousandth."""

_HERE = 10  # steps of work that an element takes, whatever its children

_NAME = r"[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?"
_STRING = r"""('[^']*'|"[^"]*")"""
_STEP = re.compile(rf"\s*(//?)\s*(text\(\s*\)|\*|{_NAME}(?!\s*\())")
_UNION = re.compile(r"\s*(\||\Z)")
_PREDICATE = re.compile(
    r"\s*\[\s*(?:"
    r"(?P<place>[1-9]\d{0,9})"
    rf"|name\(\s*\)\s*=\s*(?P<name>{_STRING})"
    rf"|@(?P<has>{_NAME})(?:\s*=\s*(?P<equal>{_STRING}))?"
    rf"|(?P<test>contains|starts-with)\(\s*@(?P<of>{_NAME})\s*,\s*(?P<substring>{_STRING})\s*\)"
    r"|contains\(\s*concat\(\s*(?:' '|\" \")\s*,\s*"
    rf"(?:@(?P<word_of>{_NAME})|normalize-space\(\s*@(?P<space_of>{_NAME})\s*\))"
    rf"\s*,\s*(?:' '|\" \")\s*\)\s*,\s*(?P<word>{_STRING})\s*\)"
    r")\s*\]"
)
_SPACE = re.compile("[ \t\r\n]+")

Test = Callable[[Any, "Finder"], bool]
Ref = tuple[Any, bool]
"""A text node: that of an element, or (True) the one behind it."""


class Step(NamedTuple):
    """A step: whether it takes all below, a name (``*``, ``text()``), and places or tests in their order."""

    deep: bool
    name: str
    predicates: tuple[int | Test, ...]


def parse(xpath: str) -> list[list[Step]]:
    """Parse an XPath into the paths that it is the union of.

    Raises
    ------
    ValueError
        If it is none, or more than a dataset may use; says from where.
    """
    paths: list[list[Step]] = []
    at = 0
    while True:
        path: list[Step] = []
        while (match := _STEP.match(xpath, at)) is not None:
            if path and path[-1].name == "text()":
                break
            at = match.end()
            predicates: list[int | Test] = []
            while (found := _PREDICATE.match(xpath, at)) is not None:
                predicates.append(_predicate(found))
                at = found.end()
            name = "text()" if match[2].startswith("text(") else match[2]
            if name == "text()" and not all(isinstance(predicate, int) for predicate in predicates):
                raise ValueError("text() may have a number in brackets only")
            path.append(Step(match[1] == "//", name, tuple(predicates)))
        end = _UNION.match(xpath, at)
        if not path or end is None:
            raise ValueError(
                f"not an XPath that a dataset may use, from {xpath[at : at + 40]!r} (see docs/datasets.md)"
            )
        paths.append(path)
        at = end.end()
        if not end[1]:
            return paths


def _predicate(found: re.Match[str]) -> int | Test:
    if found["place"]:
        return int(found["place"])
    if found["name"]:
        name = found["name"][1:-1]
        return lambda element, finder: element.tag == name
    if found["has"]:
        wanted = found["equal"][1:-1] if found["equal"] else None
        return _on(found["has"], lambda value: wanted is None or value == wanted)
    if found["test"]:
        substring = found["substring"][1:-1]
        if found["test"] == "contains":
            return _on(found["of"], lambda value: substring in value, "")
        return _on(found["of"], lambda value: value.startswith(substring), "")
    word = found["word"][1:-1]
    if found["word_of"]:
        return _on(found["word_of"], lambda value: word in f" {value} ", "")
    return _on(found["space_of"], lambda value: word in f" {_SPACE.sub(' ', value).strip(' ')} ", "")


def _on(attribute: str, test: Callable[[str], bool], missing: str | None = None) -> Test:
    """A test of an attribute; `missing` is what functions take an attribute for that is not there."""

    def check(element: Any, finder: Finder) -> bool:
        value = element.get(attribute, missing)
        if value is None:
            return False
        finder.spend(len(value) // 8)
        return test(value)

    return check


class Finder:
    """Finds what XPaths mean in one page; the work of all of them is bounded (see `WORK`)."""

    def __init__(self, root: Any | None) -> None:
        self.root = root
        self.work = 0

    def spend(self, steps: int) -> None:
        """Count work.

        Raises
        ------
        ValueError
            If that was too much for one page.
        """
        self.work += steps
        if self.work > WORK:
            raise ValueError("its regions take too long to find in this page")

    def find(self, xpath: str) -> tuple[list[Any], list[Ref]]:
        """Return the elements and the text nodes that an XPath finds, in no order.

        Raises
        ------
        ValueError
            See `parse` and `spend`.
        """
        elements: list[Any] = []
        refs: list[Ref] = []
        for path in parse(xpath):
            # None is the document, whose child is the root; before an element stand those that it is in.
            at: list[Any] = [None] if self.root is not None else []
            for step in path:
                parents = self._below(at) if step.deep else at
                if step.name == "text()":
                    refs += [ref for parent in parents for ref in _at(self._texts(parent), step.predicates)]
                    at = []
                else:
                    at = [child for parent in parents for child in self._children(parent, step)]
            elements += at
        return elements, refs

    def _below(self, parents: list[Any]) -> Iterator[Any]:
        """Yield these and all elements below them, each once."""
        seen: set[Any] = set()
        for parent in parents:
            if parent is None:
                yield None
                parent = self.root
            if parent in seen:
                continue
            for element in parent.iter("*"):  # none of them seen: what is above comes first
                seen.add(element)
                yield element

    def _children(self, parent: Any, step: Step) -> list[Any]:
        if parent is None:
            self.spend(_HERE)
            found: Iterable[Any] = [root for root in (self.root,) if root is not None and step.name in ("*", root.tag)]
        else:
            self.spend(_HERE + len(parent))
            found = parent.iterchildren(step.name)
        for predicate in step.predicates:
            if isinstance(predicate, int):
                found = islice(found, predicate - 1, predicate)
            else:
                found = [child for child in found if predicate(child, self)]
        return list(found)

    def _texts(self, parent: Any) -> Iterator[Ref]:
        if parent is None:
            return
        self.spend(_HERE + len(parent))
        if parent.text:
            yield parent, False
        for child in parent:
            if child.tail:
                yield child, True


def _at(refs: Iterable[Ref], places: tuple[Any, ...]) -> Iterable[Ref]:
    for place in places:
        refs = islice(refs, place - 1, place)
    return refs
