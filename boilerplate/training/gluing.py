"""Labelled pages rendered as texts in which noise is glued to the story, for the span finder to learn from.

A scraper takes some blocks of a page and joins them: to one line, to a few
paragraphs, with blanks at the borders or without; full stops get lost, and
marks stand in between. `glue` draws one of those ways; every character keeps
its label, and every border of the page is known.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

import numpy as np

from boilerplate.labels import INDEX, LISTS, Label
from boilerplate.segment.page import HtmlPage
from boilerplate.training import glue_phrases as words
from boilerplate.training.augmentation import appeal
from boilerplate.training.rendering import Fragment

BODY, RELATED, AD, META, CHROME, PICKS = (
    INDEX[x] for x in (Label.BODY, Label.RELATED, Label.AD, Label.META, Label.CHROME, Label.PICKS)
)
_LETTERS = "abcdefghiklmnprstuwy"
_INITIALS = re.compile(r"(?:(?<=[.!?\"”])|^)\s*\([a-z]{2,5}(?:/[a-z\d]{1,5}){0,2}\)$|(?<=[.!?\"”]) ?\(\*\)$")
_WORD = re.compile(r"[^\W\d_]+")

STYLES = ("blank", "none", "mixed", "paragraphs", "block")
"""How blocks are joined: by a blank, by nothing, by either; a few to a line; not at all (blocks that hold noise)."""


@dataclass(slots=True)
class Part:
    """One text of a page: a run of characters with one label each; `label` is that of most."""

    text: str
    labels: np.ndarray
    added: bool = False

    @property
    def label(self) -> int:
        return int(np.bincount(self.labels).argmax())


@dataclass(slots=True)
class Glued:
    """A text of several lines.

    Attributes
    ----------
    texts
        The lines, white space folded.
    labels
        For each line the column of each character's label, -1 for none.
    borders
        For each line the offsets at which a text of the page begins.
    style
        Which of `STYLES` it was joined by.
    """

    texts: list[str] = field(default_factory=list)
    labels: list[np.ndarray] = field(default_factory=list)
    borders: list[set[int]] = field(default_factory=list)
    style: str = ""

    def add(self, parts: list[tuple[Part, str]]) -> None:
        """Append a line: parts, each with what joins it to the next."""
        text, labels, borders = "", [], set()
        for k, (part, joint) in enumerate(parts):
            borders.add(len(text))
            joint = joint if k + 1 < len(parts) else ""
            text += part.text + joint
            labels += [part.labels, np.full(len(joint), -1, np.int8)]
        if text:
            self.texts.append(text)
            self.labels.append(np.concatenate(labels))
            self.borders.append(borders)

    def append(self, text: str, labels: np.ndarray) -> None:
        """Append a line of which only the labels are known: a border is where they change."""
        known = np.flatnonzero(labels >= 0)
        changes = known[np.flatnonzero(np.diff(labels[known].astype(np.int64), prepend=-9))]
        self.texts.append(text)
        self.labels.append(labels)
        self.borders.append(set(changes.tolist()))

    def part(self, lines: list[int]) -> Glued:
        """Some of the lines."""
        return Glued(
            [self.texts[i] for i in lines],
            [self.labels[i] for i in lines],
            [self.borders[i] for i in lines],
            self.style,
        )


def plain(text: str, label: int) -> Part:
    """A part that is all of one label."""
    return Part(text, np.full(len(text), label, np.int8), True)


def parts_of(page: HtmlPage, fragments: list[list[Fragment]]) -> list[Part | None]:
    """The blocks of a page as parts: each character has the label of its text node; None for a block without any."""
    out: list[Part | None] = []
    for text, nodes in zip(page.texts, fragments, strict=True):
        labels = np.full(len(text), -1, np.int8)
        at = 0
        for node, label in nodes:
            found = text.find(node, at)
            if found >= 0:
                labels[found : found + len(node)] = label
                at = found + len(node)
        # A character between nodes goes with the one before it.
        known = np.maximum.accumulate(np.where(labels >= 0, np.arange(len(text)), -1)) if len(text) else labels
        if not len(text) or not (known >= 0).any():
            out.append(None)
            continue
        labels = labels[np.where(known >= 0, known, np.argmax(labels >= 0))]
        out.append(Part(text, without_initials(text, labels)))
    return out


def without_initials(text: str, labels: np.ndarray) -> np.ndarray:
    """Labels in which the authors' initials after a story's last sentence are the article's, and not the story's."""
    initials = _INITIALS.search(text, max(len(text) - 40, 0))
    if initials and labels[-1] == BODY:
        labels[initials.start() :] = META
    return labels


def glue(parts: list[Part | None], title: str, rng: random.Random, style: str = "") -> Glued | None:
    """Render the parts of a page as some scraper might; None where they hold no story.

    Parameters
    ----------
    parts
        See `parts_of`.
    title
        The page's title.
    rng
        Draws which blocks are taken, what is added, and how all is joined.
    style
        One of `STYLES`; "" draws one.
    """
    body = [i for i, part in enumerate(parts) if part is not None and part.label == BODY]
    if not body:
        return None
    style = style or rng.choices(STYLES, (5, 4, 3, 4, 1))[0]
    taken = _taken(parts, body, rng)
    if style != "block":
        texts = [part.text for part in parts if part is not None and part.label == BODY]
        story = {word for text in texts for word in _WORD.findall(text)}
        titles = [p.text for p in parts if p is not None and p.label in LISTS and 4 <= p.text.count(" ") <= 18]
        heading = (title or texts[0])[:90].split(" - ")[0].split(" | ")[0].strip()
        taken = _Adding(taken, titles or [heading], story, rng).run()
    if rng.random() < 0.15:  # full stops get lost
        taken = [_without_stop(part) if rng.random() < 0.5 else part for part in taken]
    return _joined(taken, style, rng)


def _taken(parts: list[Part | None], body: list[int], rng: random.Random) -> list[Part]:
    first, last = body[0], body[-1]
    low, high = first, last + 1
    draw = rng.random()
    if draw >= 0.6:
        low, high = first - rng.choice((0, 0, 1, 3)), last + 1 + rng.choice((0, 1, 2, 4))
    if draw >= 0.88:
        low, high = first - rng.choice((0, 2, 5)), last + 1 + rng.choice((3, 6, 10))
    dropped = set()
    if rng.random() < 0.7:
        dropped.add(CHROME)
    if rng.random() < 0.3:
        dropped.add(META)
    some = [part for part in parts[max(low, 0) : high] if part is not None and part.label not in dropped]
    return some


class _Adding:
    """Adds to the parts of a story what scraped texts contain and saved pages seldom do."""

    def __init__(self, parts: list[Part], titles: list[str], story: set[str], rng: random.Random) -> None:
        self.parts, self.titles, self.story, self.rng = parts, titles, story, rng
        self.people, self.site = rng.sample(words.PEOPLE, 3), rng.choice(words.SITES)
        self.small = rng.random() < 0.4  # the site's headlines are written like sentences

    def run(self) -> list[Part]:
        """The parts with all that was added."""
        rng = self.rng
        spots = [i for i, p in enumerate(self.parts) if p.label == BODY and p.text[-1:] in '.!?"”)']
        after: dict[int, list[Part]] = {}

        def insert(*added: Part) -> None:
            if spots:
                after.setdefault(rng.choice(spots), []).extend(added)

        if rng.random() < 0.5:
            form = rng.choice(words.READ_ALSO)
            for _ in range(rng.choice((1, 1, 2, 3))):
                insert(*(self._plain(form, RELATED) for _ in range(rng.choice((1, 1, 1, 1, 2, 3)))))
        for label, forms in words.MARKS:
            if rng.random() < 0.3:
                form = rng.choice(forms)
                for _ in range(rng.choice((1, 1, 1, 2, 4))):
                    insert(self._plain(form, INDEX[label]))
        if rng.random() < 0.2:
            insert(*self._video())
        if rng.random() < 0.15:
            for _ in range(rng.choice((1, 1, 2, 3))):
                insert(self._caption())
        out: list[Part] = []
        for i, part in enumerate(self.parts):
            out.append(part)
            out += after.get(i, ())
        if rng.random() < 0.12:
            out.insert(0, plain(rng.choice(self.titles), META))
        if rng.random() < 0.3:
            out += self._video()
        if rng.random() < 0.35:
            form = rng.choice(words.READ_ALSO)
            out += [self._plain(form, RELATED) for _ in range(rng.choice((1, 2, 3, 3)))]
        if rng.random() < 0.12:
            out += self._tags()
        for label, forms in rng.sample(words.ENDINGS, len(words.ENDINGS)):
            if rng.random() < (0.3 if label == Label.META else 0.12):
                out.append(self._plain(rng.choice(forms), INDEX[label]))
        return out

    def _video(self) -> list[Part]:
        teaser, mark = self.rng.choice(words.VIDEO), self.rng.choice(words.VIDEO_MARKS)
        return [self._plain(form, RELATED) for form in (teaser, mark) if form]

    def _tags(self) -> list[Part]:
        """Initials, and after them the story's tags: words in lower case, one after the other."""
        rng = self.rng
        names = [word.lower() for title in self.titles for word in _WORD.findall(title) if len(word) > 3]
        tags = [" ".join(rng.sample(names, min(len(names), rng.choice((1, 1, 2))))) for _ in range(rng.randint(1, 5))]
        return [self._plain("({i}/{j})", META), *(plain(tag, META) for tag in tags if tag)]

    def _caption(self) -> Part:
        """A caption with its credit: a headline or the start of a sentence of the story."""
        rng = self.rng
        sentence = rng.choice([p.text for p in self.parts if p.label == BODY])
        start = " ".join(sentence.split()[: rng.randint(4, 14)]).rstrip(' ,.:;"”')
        text = rng.choice((start, start, rng.choice(self.titles), *rng.sample(words.PEOPLE, 1)))
        return self._plain(
            text.replace("{", "").replace("}", "") + rng.choice((" ", " ", ". ", "")) + rng.choice(words.CREDITS), META
        )

    def _plain(self, form: str, label: int) -> Part:
        rng = self.rng
        title = rng.choice(self.titles)
        if self.small:
            title = self._in_small(title)
        initials = ["".join(rng.choices(_LETTERS, k=rng.choice((2, 3, 3, 3, 4)))) for _ in range(2)]
        place = rng.choice(words.PLACES)
        user = "".join(rng.choices(_LETTERS, k=8))
        person = rng.choice(self.people)
        if "post shared" in form:
            person = f"{person} (@{user})"
        text = form
        for key, value in (
            ("{t}", title),
            ("{s}", self.site),
            ("{S}", self.site.upper()),
            ("{p}", person),
            ("{c}", place),
            ("{C}", place.upper()),
            ("{i}", initials[0]),
            ("{I}", initials[0].upper()),
            ("{j}", initials[1]),
            ("{u}", user),
            ("{n}", str(rng.randint(1, 3))),
            ("{m}", str(rng.randint(3, 12))),
            ("{appeal}", appeal(rng)),
        ):
            text = text.replace(key, value)
        return plain(text, label)

    def _in_small(self, title: str) -> str:
        """A headline written like a sentence: what the story has in lower case is so."""
        first, *rest = title.split(" ")
        return " ".join([first, *(word.lower() if word.lower() in self.story else word for word in rest)])


def _without_stop(part: Part) -> Part:
    if part.text.endswith(".") and len(part.text) > 1:
        return Part(part.text[:-1], part.labels[:-1], part.added)
    return part


def _joined(parts: list[Part], style: str, rng: random.Random) -> Glued | None:
    out = Glued(style=style)
    parts = [part for part in parts if part.text]
    if style == "block":
        for part in parts:
            if (part.labels != part.labels[0]).any() or rng.random() < 0.2:
                out.add([(part, "")])
    elif style == "paragraphs":
        while parts:
            size = rng.choice((1, 2, 2, 3, 4))
            line, parts = parts[:size], parts[size:]
            glued = rng.random() < 0.5
            # A line of nothing but noise is the line model's.
            if any(part.label == BODY for part in line) or rng.random() < 0.3:
                out.add([(part, "" if glued else " ") for part in line])
    else:
        share = {"blank": 0.0, "none": 1.0, "mixed": 0.35}[style]
        out.add([(part, "" if rng.random() < share else " ") for part in parts])
    return out if out.texts else None
