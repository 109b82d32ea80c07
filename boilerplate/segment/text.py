"""Plain text to blocks: a line a block, once the halves of sentences are joined.

Whoever took the tags away often broke lines at inline markup, too: the text
of a link or of italics stands on a line of its own in the middle of a
sentence. Such lines are joined back, where there is little doubt.
"""

from __future__ import annotations

import re

from boilerplate.features.lexicon import HEADING_KINDS, Headings, heading_words, headings
from boilerplate.segment.page import TEXT, Page

NO_BULLET, BULLET, BULLET_ALONE = range(3)
"""Values of `Page.bullets`: none, one that starts the line, one on a line of its own before it."""

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_ALONE = re.compile(r"(?:[-–—•*·●▪■◦○►▶»>‣+]|\d{1,2}[.)]|[a-z][.)])$")
_START = re.compile(r"(?:[-–—•*·●▪■◦○►▶»>‣+]\s*(?=[^\W_]|[\"“'(])|\d{1,2}[.)]\s+|[a-z]\)\s+)")
_DASHES = frozenset("-–—")
_CLOSING = frozenset(",.;:)!?%”’")
_CLOSED = frozenset(".!?:;…»*]|")
_QUOTES = frozenset("\"”’'")
_INITIALS = re.compile(r"[.!?\"”]\s*\([^()]{2,40}\)$|^\([^()]{2,40}\)$")

# Words that no sentence, title or tag ends with.
_HANGING = frozenset(
    "yang dan di ke dari untuk oleh dengan pada atau bahwa sebagai dalam para serta agar karena terhadap tentang"
    " the of and to in a an for with by from at".split()
)
_CHANNEL = 1 << HEADING_KINDS.index("channel")  # places are names of channels, too
_AHEAD = 12
"""Lines within which a broken sentence has to end."""


def segment_text(text: str, known: Headings | None = None) -> Page:
    """Cut plain text into blocks; lines that are `known` headings (None: the shipped ones) are joined to nothing.

    ``Page.lines`` keeps which lines of the text (from 0) each block is of:
    lines that are halves of one sentence are one block, and a bullet alone on
    a line belongs to the item after it. Nothing but blank lines and invisible
    characters is left out.
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    if "\n" not in text:
        text = text.replace("\r", "\n")
    texts: list[str] = []
    gaps: list[int] = []
    numbers: list[int] = []
    gap = 0
    for number, line in enumerate(text.split("\n")):
        folded = " ".join(line.split())
        if folded:
            texts.append(folded)
            gaps.append(gap)
            numbers.append(number)
            gap = 0
        else:
            gap += 1
    return _join(texts, gaps, numbers, headings() if known is None else known)


def strip_bullet(text: str) -> str:
    """The text of a line without the bullet it starts with."""
    match = _START.match(text)
    return text[match.end() :] if match and match.end() < len(text) else text


def _join(texts: list[str], gaps: list[int], numbers: list[int], known: Headings) -> Page:
    page = Page(kind=TEXT)
    n = len(texts)
    # Where nearly every line stands between blank lines, one blank line says nothing.
    usual = 1 if sum(g == 1 for g in gaps) > 0.6 * n else 0
    i = 0
    while i < n:
        line, first, before = texts[i], numbers[i], gaps[i]
        bullet = NO_BULLET
        if len(line) <= 3 and i + 1 < n and _ALONE.match(line) and gaps[i + 1] <= 1 and not _ALONE.match(texts[i + 1]):
            if line in _DASHES and _dateline(page, texts, gaps, i, known):
                page.texts[-1] += f" {line} {texts[i + 1]}"
                page.lines[-1] = (page.lines[-1][0], numbers[i + 1] + 1)
                i += 2
                i = _extend(page, texts, gaps, numbers, i, usual, known)
                continue
            i += 1
            line = f"{line} {texts[i]}"
            bullet = BULLET_ALONE
        elif _START.match(line):
            bullet = BULLET
        page.texts.append(line)
        page.gaps.append(before)
        page.bullets.append(bullet)
        page.lines.append((first, numbers[i] + 1))
        i = _extend(page, texts, gaps, numbers, i + 1, usual, known)
    return page


def _extend(
    page: Page, texts: list[str], gaps: list[int], numbers: list[int], i: int, usual: int, known: Headings
) -> int:
    """Join to the last block the lines from `i` on that go on with its sentence."""
    block = page.texts[-1]
    while i < len(texts) and gaps[i] <= usual and _goes_on(block, texts, gaps, i, usual, known):
        line = texts[i]
        glue = "" if line[0] in _CLOSING or block[-1] in "(“‘" else " "
        block = page.texts[-1] = block + glue + line
        page.lines[-1] = (page.lines[-1][0], numbers[i] + 1)
        i += 1
    return i


def _goes_on(block: str, texts: list[str], gaps: list[int], i: int, usual: int, known: Headings) -> bool:
    """Whether line `i` goes on with the sentence of the block before it."""
    line = texts[i]
    first = line[0]
    onward = first.islower() or (first in _CLOSING and not line.startswith(("...", "..")))
    if onward:
        if not _open(block) or _START.match(line):
            return False
    elif block.rpartition(" ")[2] in _HANGING and block.count(" ") >= 2:
        return not _START.match(line) and line[0] not in "[#*" and not _announces(line, known)
    else:
        # The text of a link, capital first: what follows it must go on.
        if block.count(" ") < 2 or not (
            block[-1] == "," or (block[-1].isalpha() and block.rpartition(" ")[2][0].islower())
        ):
            return False
        if (
            i + 1 == len(texts)
            or gaps[i + 1] > usual
            or line.count(" ") > 6
            or not (first.isupper() and line[-1].isalnum())
        ):
            return False
        after = texts[i + 1]
        if (
            not (after[0].islower() or after[0] in ",;)")
            or _ALONE.match(after)
            or _START.match(after)
            or _announces(line, known)
        ):
            return False
    if _announces(block, known, _CHANNEL):
        return False
    if onward and first in ",;)" and len(line) > 1:
        return True
    return _ends(texts, gaps, i, usual)


def _open(block: str) -> bool:
    """Whether a sentence seems not to end with the block."""
    last = block[-1]
    if last in _CLOSED:
        return False
    if last == ")":
        return not _INITIALS.search(block)
    if last in _QUOTES:
        return block[-2:-1] not in ".!?"
    return True


def _ends(texts: list[str], gaps: list[int], i: int, usual: int) -> bool:
    """Whether a sentence that goes on with line `i` ends as one: lists of tags never do."""
    for k in range(i, min(i + _AHEAD, len(texts))):
        if k > i and gaps[k] > usual:
            return False
        line = texts[k]
        if k > i and _like_tag(line) and _like_tag(texts[k - 1]):
            return False
        if not _open(line) and line[0] not in "[(":
            return line[-1] in '.!?"”…'
        if line.count(" ") > 20:
            return True
    return False


def _like_tag(line: str) -> bool:
    """Whether a line could be a tag: lower case, a word to three, no function word."""
    return line[0].islower() and line.count(" ") <= 2 and line[-1].isalnum() and _HANGING.isdisjoint(line.split())


def _announces(line: str, known: Headings, but: int = 0) -> bool:
    """Whether a line is, or starts with, what a section heading of a kind not in the mask `but` says."""
    if len(line) > 90:
        return False
    whole, _, lead = known.look_up(heading_words(line))
    return bool((whole | lead) & ~but)


def _dateline(page: Page, texts: list[str], gaps: list[int], i: int, known: Headings) -> bool:
    """Whether the dash on line `i` parts a place name from the first sentence."""
    if not page.texts or gaps[i] or gaps[i + 1]:
        return False
    place, sentence = page.texts[-1], texts[i + 1]
    if place.count(" ") > 3 or not place[:1].isupper() or not place[-1].isalnum() or _announces(place, known, _CHANNEL):
        return False
    if any(text.count(" ") > 15 for text in page.texts):
        return False  # the story has begun
    following = texts[i + 2] if i + 2 < len(texts) else ""
    return sentence.count(" ") >= 12 or (following[:1].islower() and not _ALONE.match(following))
