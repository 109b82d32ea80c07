"""Plain text to blocks: a line a block, once the halves of sentences are joined.

Whoever took the tags away often broke lines at inline markup, too: the text
of a link or of italics stands on a line of its own in the middle of a
sentence. Such lines are joined back, where there is little doubt.
"""

from __future__ import annotations

import re
from array import array

from boilerplate.lexicon.headings import Headings, headings
from boilerplate.lexicon.letters import heading_words
from boilerplate.lexicon.tables import HEADING_KINDS
from boilerplate.segment.invisible import drop_invisible
from boilerplate.segment.leftovers import strip_leftovers
from boilerplate.segment.page import Numbers, TextPage

NO_BULLET, BULLET, BULLET_ALONE = range(3)
"""Values of `TextPage.bullets`: none, one that starts the line, one on a line of its own before it."""

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
_PROSE = 15  # spaces in a block from which on the story has begun
_LONGEST_HEADING = 90  # characters
_TAIL = 50  # characters at the end of a block that tell whether a sentence is open


def segment_text(text: str, known: Headings | None = None) -> TextPage:
    """Cut plain text into blocks; lines that are `known` headings (None: the shipped ones) are joined to nothing.

    `TextPage.lines` keeps which lines of the text (from 0) each block is of:
    lines that are halves of one sentence are one block, and a bullet alone on
    a line belongs to the item after it. Nothing but blank lines and invisible
    characters is left out.
    """
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()  # halves of characters become "?", as in HTML
        text = drop_invisible(text)
    if "\n" not in text:
        text = text.replace("\r", "\n")
    text = strip_leftovers(text)
    texts: list[str] = []
    gaps: list[int] = []
    numbers = array("q")
    gap = 0
    for number, line in enumerate(text.split("\n")):
        folded = " ".join(line.split())
        if folded:
            texts.append(line if folded == line else folded)  # most are, and need no memory of their own
            gaps.append(gap)
            numbers.append(number)
            gap = 0
        else:
            gap += 1
    return _Joiner(texts, gaps, numbers, headings() if known is None else known).join()


def strip_bullet(text: str) -> str:
    """The text of a line without the bullet it starts with."""
    match = _START.match(text)
    return text[match.end() :] if match and match.end() < len(text) else text


class _Block:
    """The block being made: its pieces, and what is asked of them, so that each line costs the same."""

    __slots__ = ("pieces", "size", "spaces", "tail", "word")

    def __init__(self, line: str) -> None:
        self.pieces: list[str] = []
        self.size = self.spaces = 0
        self.tail = ""  # its end
        self.word = ""  # its last word, or the start of that
        self.add(line)

    def add(self, piece: str) -> None:
        """Append text."""
        self.pieces.append(piece)
        self.size += len(piece)
        self.spaces += piece.count(" ")
        self.tail = (self.tail + piece[-_TAIL:])[-_TAIL:]
        _, space, last = piece.rpartition(" ")
        self.word = (last if space else self.word + last[:_TAIL])[:_TAIL]

    def text(self) -> str:
        """All of it."""
        return self.pieces[0] if len(self.pieces) == 1 else "".join(self.pieces)


class _Joiner:
    """Makes blocks of lines: their folded texts, the blank lines before each, their numbers in the text."""

    def __init__(self, texts: list[str], gaps: list[int], numbers: Numbers, known: Headings) -> None:
        self.texts, self.gaps, self.numbers, self.known = texts, gaps, numbers, known
        # Where nearly every line stands between blank lines, one blank line says nothing.
        self.usual = 1 if sum(g == 1 for g in gaps) > 0.6 * len(texts) else 0
        self.page = TextPage()
        self.begun = False  # a block before the last is prose

    def join(self) -> TextPage:
        """Cut the lines into blocks."""
        texts, gaps, numbers, page = self.texts, self.gaps, self.numbers, self.page
        block: _Block | None = None
        n = len(texts)
        i = 0
        while i < n:
            line, first, before = texts[i], numbers[i], gaps[i]
            alone = len(line) <= 3 and i + 1 < n and _ALONE.match(line)
            parted = bool(alone and gaps[i + 1] <= 1 and not _ALONE.match(texts[i + 1]))
            behind = i + 2 if parted else i + 1
            bullet = BULLET_ALONE if parted else BULLET if _START.match(line) else NO_BULLET
            if parted:
                line = f"{line} {texts[i + 1]}"
            if bullet and line[0] in _DASHES and block is not None and self._dateline(block, i, behind, line):
                block.add(f" {line}")
                i = self._extend(block, behind)
                page.line_ends[-1] = numbers[i - 1] + 1
                continue
            if block is not None:
                page.texts.append(block.text())
                self.begun = self.begun or block.spaces > _PROSE
            block = _Block(line)
            page.gaps.append(before)
            page.bullets.append(bullet)
            i = self._extend(block, behind)
            page.line_starts.append(first)
            page.line_ends.append(numbers[i - 1] + 1)
        if block is not None:
            page.texts.append(block.text())
        return page

    def _extend(self, block: _Block, i: int) -> int:
        """Join to the block the lines from `i` on that go on with its sentence; returns the line after them."""
        while i < len(self.texts) and self.gaps[i] <= self.usual and self._goes_on(block, i):
            line = self.texts[i]
            block.add(line if line[0] in _CLOSING or block.tail[-1] in "(“‘" else f" {line}")
            i += 1
        return i

    def _goes_on(self, block: _Block, i: int) -> bool:
        """Whether line `i` goes on with the sentence of the block before it."""
        texts, usual = self.texts, self.usual
        line = texts[i]
        first = line[0]
        onward = first.islower() or (first in _CLOSING and not line.startswith(("...", "..")))
        if onward:
            if not _open(block.tail) or _START.match(line):
                return False
        elif block.word in _HANGING and block.spaces >= 2:
            return not _START.match(line) and line[0] not in "[#*" and not _announces(line, self.known)
        else:
            # The text of a link, capital first: what follows it must go on.
            last = block.tail[-1]
            if block.spaces < 2 or not (last == "," or (last.isalpha() and block.word[0].islower())):
                return False
            if (
                i + 1 == len(texts)
                or self.gaps[i + 1] > usual
                or line.count(" ") > 6
                or not (first.isupper() and line[-1].isalnum())
            ):
                return False
            after = texts[i + 1]
            if (
                not (after[0].islower() or after[0] in ",;)")
                or _ALONE.match(after)
                or _START.match(after)
                or _announces(line, self.known)
            ):
                return False
        if block.size <= _LONGEST_HEADING and _announces(block.text(), self.known, _CHANNEL):
            return False
        if onward and first in ",;)" and len(line) > 1:
            return True
        return _ends(texts, self.gaps, i, usual)

    def _dateline(self, block: _Block, i: int, behind: int, line: str) -> bool:
        """Whether the dash of a line (`i` up to `behind`) parts a place name, the block, from the first sentence."""
        if self.begun or block.spaces > 3 or any(self.gaps[k] for k in range(i, behind)):
            return False
        place = block.text()
        if not place[:1].isupper() or not place[-1].isalnum() or _announces(place, self.known, _CHANNEL):
            return False
        following = self.texts[behind] if behind < len(self.texts) else ""
        if following[:1] in _DASHES and behind == i + 1:
            return False  # items of a list
        return line[1:].lstrip().count(" ") >= 12 or (following[:1].islower() and not _ALONE.match(following))


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
    if len(line) > _LONGEST_HEADING:
        return False
    whole, _, lead = known.look_up(heading_words(line))
    return bool((whole | lead) & ~but)
