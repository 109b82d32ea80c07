"""Where a text that a browser shows, and no block has, is in the parser's tree: what groups losses by their cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from fuzzing import browser
from fuzzing.browser import squeeze
from fuzzing.subject import Subject

_SUSPECTS = ("</html", "<html", "<noscript", "<svg", "<math")


def where_lost(subject: Subject, shown: list[str], lost: Counter[str]) -> str:
    """The element that hides a lost text, or a tag that may have made the parser drop it."""
    ours = squeeze("".join(subject.page.texts))
    texts = [text for text in map(squeeze, shown) if lost.keys() & set(text)]
    hidden = list(_hidden(subject.root)) if subject.root is not None else []
    for text in sorted(texts, key=lambda text: text in ours):
        found = [around for inside, around in hidden if text in inside]
        if found:
            names = found[0]
            foreign = " in <math>" if "math" in names else ""
            return f"in <{next(name for name in reversed(names) if browser.hides(name))}>{foreign}"
    lower = subject.text.lower()
    return "not in the tree" + next((f", page has {tag}" for tag in _SUSPECTS if tag in lower), "")


def _hidden(root: Any) -> Iterator[tuple[str, list[str]]]:
    """Texts that no block has because of an element around them, with the names of all elements around them."""
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        for text, around in ((node.text, node), (node.tail, node.getparent())):
            if text and around is not None:
                names = [around.tag, *(element.tag for element in around.iterancestors())]
                if any(map(browser.hides, names)):
                    yield squeeze(text), names
