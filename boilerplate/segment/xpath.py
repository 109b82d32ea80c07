"""XPaths that find a block's nodes again."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from boilerplate.segment.page import HtmlPage
from boilerplate.segment.tags import FALLBACKS

_NAME = re.compile(r"[A-Za-z_][\w.-]*\Z", re.A)
_PREFIXED = re.compile(r"[A-Za-z_][\w.-]*(?::[\w.-]*)+\Z", re.A)
_PREFIXES = 64
"""Paths that are kept at a time: all of them would take the square of a deep page's memory."""


class XPaths:
    """The blocks of a parsed page, found again; the elements' steps are worked out once, when the first is asked for.

    `getpath` of lxml counts siblings anew for each element, which takes
    minutes on a page of 50,000 paragraphs, and gives paths that do not
    evaluate for names such as ``o:p``.

    Parameters
    ----------
    page
        A page whose nodes were kept.
    """

    __slots__ = ("_page", "_paths")

    def __init__(self, page: HtmlPage) -> None:
        self._page = page
        self._paths: _Paths | None = None

    def tag(self, block: int) -> str:
        """Name of the block-level element that holds a block."""
        return str(self._page.nodes[self._page.block_el[block]].tag)

    def element(self, number: int) -> str:
        """XPath of an element, by its number in the page."""
        return self._found().element(number)

    def text(self, ref: tuple[Any, bool]) -> str:
        """XPath of one text node, given as ``(element, is_tail)``."""
        return self._found().text(*ref)

    def _found(self) -> _Paths:
        if self._paths is None:
            self._paths = _Paths(self._page)
        return self._paths

    def of(self, block: int) -> str:
        """XPath of a block: that of its element, or the union of those of its text nodes."""
        page, paths = self._page, self._found()
        block_el, first_el = page.block_el[block], page.first_el[block]
        if _alone(page, block_el, block):
            return paths.element(block_el)
        if _alone(page, first_el, block) and _is_all_of(page, paths, first_el, block):
            return paths.element(first_el)
        return " | ".join(dict.fromkeys(paths.text(element, tail) for element, tail in page.refs[block]))


def _alone(page: HtmlPage, number: int, index: int) -> bool:
    return page.starts[number] == index and page.ends[number] == index + 1


def _is_all_of(page: HtmlPage, paths: _Paths, number: int, index: int) -> bool:
    """Whether an inline element holds all of a block and nothing of the next one.

    The range of blocks of an inline element is not enough: its run of text
    can go on behind it, or be split by links within it.
    """
    if not all(paths.inside(ref, number) for ref in page.refs[index]):
        return False
    around = number
    while around >= 0:
        if page.tags[around] in FALLBACKS:  # what stands before the way out of it is hidden
            return False
        around = page.parents[around]
    return index + 1 == len(page) or not paths.inside(page.refs[index + 1][0], number)


class _Paths:
    """XPath steps of a page's elements."""

    def __init__(self, page: HtmlPage) -> None:
        self.parents = page.parents
        self.numbers = {node: i for i, node in enumerate(page.nodes)}
        self.ordinals: dict[Any, int] = {}  # of texts behind elements, among their parent's
        self.places: dict[Any, int] = {}  # of elements, among their parent's
        self.prefixes: dict[int, str] = {-1: ""}  # paths of some parents
        keys = list(zip(page.parents, (node.tag for node in page.nodes), strict=True))
        total = Counter(keys)
        seen: Counter[tuple[int, str]] = Counter()
        self.steps: list[str] = []
        hiding: set[int] = set()  # elements with siblings that are hidden, and have no numbers
        for number, (key, node) in enumerate(zip(keys, page.nodes, strict=True)):
            seen[key] += 1
            if page.tags[number] in FALLBACKS or key[0] in hiding:
                hiding.add(number)
                self.steps.append(self._any_step(node))
            else:
                self.steps.append(self._step(node, seen[key], total[key]))
        self.last = list(range(len(page.nodes)))  # numbers of the last elements inside each
        for number in range(len(page.nodes) - 1, 0, -1):  # parents have lower numbers
            parent = page.parents[number]
            self.last[parent] = max(self.last[parent], self.last[number])

    def _step(self, node: Any, place: int, total: int) -> str:
        """XPath step of an element, the `place`-th of `total` siblings of its name."""
        tag = node.tag
        if _NAME.match(tag):
            return f"{tag}[{place}]" if total > 1 else tag
        if _PREFIXED.match(tag):
            return f"*[name()='{tag}'][{place}]"
        return self._any_step(node)  # quotes, control characters: names that no XPath can hold

    def _any_step(self, node: Any) -> str:
        """XPath step of an element by its place among all its siblings."""
        if node not in self.places:
            parent = node.getparent()
            siblings = [node] if parent is None else parent.iterchildren("*")
            self.places.update((sibling, i) for i, sibling in enumerate(siblings, 1))
        return f"*[{self.places[node]}]"

    def element(self, number: int) -> str:
        """XPath of an element, by its number."""
        parent = self.parents[number]
        if parent not in self.prefixes:  # blocks come one after the other, most from the same few boxes
            if len(self.prefixes) >= _PREFIXES:
                self.prefixes = {-1: ""}
            steps = []
            at = parent
            while at >= 0:
                steps.append(self.steps[at])
                at = self.parents[at]
            self.prefixes[parent] = "/" + "/".join(reversed(steps))
        return f"{self.prefixes[parent]}/{self.steps[number]}"

    def text(self, element: Any, tail: bool) -> str:
        """XPath of one text node: the text of an element, or what follows it in its parent."""
        if not tail:
            return f"{self.element(self.numbers[element])}/text()[1]"
        parent = element.getparent()
        if element not in self.ordinals:
            place = 1 if parent.text else 0
            for child in parent:
                if child.tail:
                    place += 1
                    self.ordinals[child] = place
        return f"{self.element(self.numbers[parent])}/text()[{self.ordinals[element]}]"

    def inside(self, ref: tuple[Any, bool], number: int) -> bool:
        """Whether a text node is inside an element, given by its number."""
        element, tail = ref
        return number <= self.numbers[element.getparent() if tail else element] <= self.last[number]
