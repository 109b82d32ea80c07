"""Rules that label the pages of a portal: selectors, a label each.

A file of rules has a rule a line, ``label<TAB>selector`` or
``label<TAB>selector<TAB>regex``: what the selector finds has the label, if the
regex is found in its text (white space folded, whatever the case). Selectors
are of CSS; XPaths begin with ``/``, ``(`` or ``xpath::``; ``text::`` before a
selector of CSS means the text nodes right inside of what it finds. A line
``[glob]`` begins rules for the pages whose path or address it matches, ``[*]``
those for all; ``#`` begins a comment.

A text has the label of its deepest labelled ancestor-or-self; of two rules for
one element the later holds.

XPaths and regexes are computed as they stand: use rules that you trust.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from lxml import etree

from boilerplate.errors import InputError
from boilerplate.extras import require
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.segment.page import HtmlPage
from boilerplate.segment.xpath import XPaths
from boilerplate.training.datasets import LabelOf, label_lookup

_XPATH, _TEXT = "xpath::", "text::"
_LONGEST = 2000
"""Characters of a text that a regex is looked for in: it is about how something begins, or about something short."""

_CHROME = INDEX[Label.CHROME]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what `find` finds on the pages that `glob` matches has the label, where `pattern` is found in it.

    `texts` says that it is about the text nodes right inside of what is found; `where` is its line.
    """

    label: int
    find: etree.XPath
    pattern: re.Pattern[str] | None
    texts: bool
    glob: str
    where: str


def check_installed() -> None:
    """Check that what reads selectors of CSS is installed.

    Raises
    ------
    InputError
        If not; says how to install it.
    """
    require("a selector of CSS", "cssselect")


def read_rules(path: str | Path) -> list[Rule]:
    """Read a file of rules.

    Raises
    ------
    InputError
        If it does not read, or a line is no rule; names file and line.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: no rules: {getattr(error, 'strerror', None) or error}") from error
    rules: list[Rule] = []
    glob = "*"
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip()
        where = f"{path}:{number}"
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]") and "\t" not in line:
            glob = line[1:-1]
            continue
        try:
            rules.append(_parse(line, glob, where))
        except ValueError as error:
            raise InputError(f"{where}: {error}") from error
    if not rules:
        raise InputError(f"{path}: holds no rules: label<TAB>selector a line")
    return rules


def _parse(line: str, glob: str, where: str) -> Rule:
    parts = line.split("\t")
    if len(parts) not in (2, 3) or not parts[1].strip():
        raise ValueError("is no rule: label<TAB>selector, or label<TAB>selector<TAB>regex")
    label, selector = INDEX[Label.parse(parts[0].strip())], parts[1].strip()
    try:
        pattern = re.compile(parts[2], re.I) if len(parts) == 3 and parts[2] else None
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"regex {parts[2]!r}: {error}") from error
    texts = selector.startswith(_TEXT)
    return Rule(label, _compile(selector.removeprefix(_TEXT).strip()), pattern, texts, glob, where)


def _compile(selector: str) -> etree.XPath:
    if selector.startswith(_XPATH) or selector.startswith(("/", "(")):
        xpath = selector.removeprefix(_XPATH)
    else:
        check_installed()
        import cssselect

        try:
            xpath = cssselect.HTMLTranslator().css_to_xpath(selector, prefix="//")
        except (cssselect.SelectorError, RecursionError) as error:
            raise ValueError(f"selector {selector!r}: {error}") from error
    try:
        find = etree.XPath(xpath)
        found = find(etree.fromstring("<html/>"))  # names and functions that are not known are found out only here
    except etree.XPathError as error:
        raise ValueError(f"XPath {xpath!r}: {error}") from error
    if not isinstance(found, list):
        raise ValueError(f"XPath {xpath!r} finds a value, not a part of the page")
    return find


def apply_rules(rules: Sequence[Rule], names: Sequence[str], root: Any, used: Counter[str] | None = None) -> LabelOf:
    """Label a parsed page by rules.

    Parameters
    ----------
    names
        The page's path and address, for the globs of sections.
    root
        The page's root element.
    used
        Counts by rule (its line) what it labelled.

    Returns
    -------
    function
        Looks up the label of a text node (see `training.datasets.node_labels`).

    Raises
    ------
    InputError
        If an XPath cannot be computed on this page; names the rule's line.
    """
    elements: dict[Any, int] = {}
    texts: dict[tuple[Any, bool], int] = {}
    matches: dict[str, bool] = {}
    folded: dict[Any, str] = {}
    for rule in rules:
        if rule.glob not in matches:
            matches[rule.glob] = any(fnmatchcase(name, rule.glob) for name in names)
        if not matches[rule.glob]:
            continue
        try:
            found: Any = rule.find(root)
        except etree.XPathError as error:
            raise InputError(f"{rule.where}: {error}") from error
        labelled = 0
        for node in found:
            for ref in _texts_of(rule, node):
                if _fits_text(rule, ref):
                    texts[ref] = rule.label
                    labelled += 1
            if not rule.texts and etree.iselement(node) and isinstance(node.tag, str) and _fits(rule, node, folded):
                elements[node] = rule.label
                labelled += 1
        if used is not None and labelled:
            used[rule.where] += labelled
    return label_lookup(elements, texts, _CHROME)


def _texts_of(rule: Rule, node: Any) -> Iterator[tuple[Any, bool]]:
    """The text nodes that a rule finds with a node: itself, or those right inside of it."""
    if isinstance(node, str):
        found: Any = node
        if found.getparent() is not None and (found.is_text or found.is_tail):
            yield found.getparent(), found.is_tail
    elif rule.texts and etree.iselement(node):
        yield node, False
        for child in node:
            yield child, True


def _fits_text(rule: Rule, ref: tuple[Any, bool]) -> bool:
    element, tail = ref
    text = (element.tail if tail else element.text) or ""
    return rule.pattern is None or rule.pattern.search(" ".join(text[: 2 * _LONGEST].split())[:_LONGEST]) is not None


def _fits(rule: Rule, element: Any, folded: dict[Any, str]) -> bool:
    """Whether a rule's regex is found in an element's text, of which no more is read than is looked at."""
    if rule.pattern is None:
        return True
    if element not in folded:
        parts: list[str] = []
        length = 0
        for part in element.itertext():
            parts.append(part)
            length += len(part)
            if length > 4 * _LONGEST:
                break
        folded[element] = " ".join("".join(parts).split())[:_LONGEST]
    return rule.pattern.search(folded[element]) is not None


def regions_of(page: HtmlPage, label_of: LabelOf) -> list[tuple[str, Label]]:
    """Return XPaths and labels that give a page's texts the labels that they have; none for chrome.

    Parameters
    ----------
    page
        The segmented page with its nodes.
    """
    xpaths = XPaths(page)
    regions = []
    for block, refs in enumerate(page.refs):
        labels = {label_of(ref) for ref in refs}
        if len(labels) == 1:
            (label,) = labels
            if label != _CHROME:
                regions.append((xpaths.of(block), LABELS[label]))
        else:
            for ref in dict.fromkeys(refs):
                # Chrome is named: the block's element may have another label.
                regions.append((xpaths.text(ref), LABELS[label_of(ref)]))
    return regions
