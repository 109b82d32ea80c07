"""Augmentation of rendered texts: what scraped texts contain and saved pages seldom do.

Each augmentation in `AUGMENTATIONS` adds one such thing to a text: markers of
ads and embeds, `Baca juga` lines, appeals to the reader, lists and sub-headings
within the story; bylines, headlines of other stories and tags after it; a
table of contents before it.

The order of the table and of the random draws within each function is fixed:
another order renders other texts from the same seed, and so trains another
model from the same data.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from boilerplate.labels import INDEX, Label
from boilerplate.training import phrases
from boilerplate.training.announced_lists import announced_list, date, hour
from boilerplate.training.text_datasets import Lines

BODY, RELATED, AD, META, CHROME, PICKS = (
    INDEX[x] for x in (Label.BODY, Label.RELATED, Label.AD, Label.META, Label.CHROME, Label.PICKS)
)
_PERSON = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)+")
_INITIALS = "abcdefghiklmnprstuwy"

LabelledLine = tuple[str, int]
"""A line and the column of its label."""


@dataclass(slots=True)
class Draft:
    """A text while it is augmented; what is added waits until `assemble`.

    Attributes
    ----------
    lines
        The text as rendered.
    related, others
        Headlines on the same page: of this story's own lists, and of others.
    rng
        Draws what is added, and where.
    title
        The story's headline, if it is known.
    body
        Numbers of the lines of the story.
    sentence_ends
        Those of them that end a whole sentence. Insertions go after these
        only: a marker must not part the halves of a sentence.
    people
        Names of people in the story, each once.
    subheadings
        Sub-headings that were added.
    before, after
        Lines to add before and after the story.
    insertions
        Lines to add within the story, by the number of the line that they follow.
    """

    lines: Lines
    related: Sequence[str]
    others: Sequence[str]
    rng: random.Random
    title: str = ""
    body: list[int] = field(init=False)
    sentence_ends: list[int] = field(init=False)
    people: list[str] = field(init=False)
    subheadings: list[str] = field(default_factory=list)
    before: list[LabelledLine] = field(default_factory=list)
    after: list[LabelledLine] = field(default_factory=list)
    insertions: dict[int, list[LabelledLine]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        texts = self.lines.texts
        self.body = [i for i, label in enumerate(self.lines.labels) if label == BODY]
        self.sentence_ends = [i for i in self.body if texts[i][-1:] in '.!?"”' and texts[i].count(" ") >= 8]
        self.people = list(dict.fromkeys(name for i in self.body for name in _PERSON.findall(texts[i])))

    @property
    def titles(self) -> Sequence[str]:
        """Headlines of other stories, this story's own lists preferred."""
        return self.related or self.others

    def insert(self, *lines: LabelledLine) -> None:
        """Insert lines after a sentence drawn at random; nothing where there is none."""
        if self.sentence_ends:
            self.insert_after(self.rng.choice(self.sentence_ends), *lines)

    def insert_after(self, number: int, *lines: LabelledLine) -> None:
        """Insert lines after a line of the story."""
        self.insertions.setdefault(number, []).extend(lines)

    def assemble(self) -> Lines:
        """Return the text with all that was added."""
        first, last = self.body[0], self.body[-1]
        out = Lines()
        for number, (text, label) in enumerate(zip(self.lines.texts, self.lines.labels, strict=True)):
            if number == first:
                out.extend(self.before)
            out.add(text, label)
            out.extend(self.insertions.get(number, ()))
            if number == last:
                out.extend(self.after)
        return out


class Augmentation(NamedTuple):
    """Something that is added to a share of the texts that can take it."""

    probability: float
    apply: Callable[[Draft], None]
    applicable: Callable[[Draft], bool] = lambda draft: True


def augment(lines: Lines, related: Sequence[str], others: Sequence[str], rng: random.Random, title: str = "") -> Lines:
    """Add to a rendered text what scraped texts contain (see `AUGMENTATIONS`).

    Parameters
    ----------
    lines
        The text; at least one of its lines is body.
    related, others
        Headlines on the same page: of this story's own lists, and of others.
    rng
        Draws what is added.
    title
        The story's headline, if it is known.
    """
    draft = Draft(lines, related, others, rng, title)
    for augmentation in AUGMENTATIONS:
        if augmentation.applicable(draft) and rng.random() < augmentation.probability:
            augmentation.apply(draft)
    return draft.assemble()


# Within the story


def _ad_markers(draft: Draft) -> None:
    marker = draft.rng.choice(phrases.AD_MARKERS)
    for _ in range(draft.rng.choice((1, 1, 2, 3))):
        draft.insert((marker, AD))


def _read_also(draft: Draft) -> None:
    """`Baca juga` on its own, above a headline, or before one on the same line."""
    rng = draft.rng
    prompt = rng.choice(phrases.READ_ALSO)
    for _ in range(rng.choice((1, 1, 2))):
        title = rng.choice(draft.titles) if draft.titles else ""
        form = rng.random()
        if not title or form < 0.25:
            draft.insert((prompt.rstrip(":"), RELATED))
        elif form < 0.6:
            draft.insert((prompt, RELATED), (title, RELATED))
        else:
            draft.insert((f"{prompt.rstrip(':')}: {title}", RELATED))


def _appeals(draft: Draft) -> None:
    text = appeal(draft.rng)
    for _ in range(draft.rng.choice((1, 1, 2))):
        draft.insert((text, AD))


def _embed_marker(draft: Draft) -> None:
    draft.insert((draft.rng.choice(phrases.EMBED_MARKERS), CHROME))


def _video_line(draft: Draft) -> None:
    draft.insert((draft.rng.choice(phrases.VIDEO_LINES), RELATED))


def _list_of_names(draft: Draft) -> None:
    """A list that belongs to the story: without markup it looks like a list of links."""
    rng = draft.rng
    names = rng.sample(draft.people, min(len(draft.people), rng.randint(3, 7)))
    bullet = rng.choice(("{n}. ", "- ", "• ", "", "{n}. "))
    introduction = [(rng.choice(phrases.LIST_INTRODUCTIONS), BODY)] if rng.random() < 0.6 else []
    draft.insert(*introduction, *((bullet.format(n=n) + name, BODY) for n, name in enumerate(names, 1)))


def _announced_list(draft: Draft) -> None:
    """Fixtures, prices or a programme within the story, or at its end."""
    ends = draft.sentence_ends
    draft.insert_after(draft.rng.choice((*ends, ends[-1])), *((text, BODY) for text in announced_list(draft.rng)))


def _subheadings(draft: Draft) -> None:
    rng = draft.rng
    numbering = rng.choice(("{n}. ", "{n}. ", ""))
    sentences = draft.sentence_ends[:-1]
    for n, i in enumerate(sorted(rng.sample(sentences, min(len(sentences), rng.randint(2, 6)))), 1):
        heading = _heading_from(draft.lines.texts[i], rng)
        if heading:
            draft.subheadings.append(numbering.format(n=n) + heading)
            draft.insert_after(i, (draft.subheadings[-1], BODY))


# After the story


def _byline(draft: Draft) -> None:
    name = draft.rng.choice(draft.people) if draft.people else "Redaksi"
    draft.after.append((f"{draft.rng.choice(phrases.CREDITS)} {name}", META))


def _syndication_note(draft: Draft) -> None:
    note = draft.rng.choice(phrases.SYNDICATION_NOTES)
    draft.after.append((note.format(draft.rng.choice(phrases.SYNDICATION_SOURCES)), META))


def _closing_appeal(draft: Draft) -> None:
    draft.after.append((appeal(draft.rng), AD))


def _related_headline(draft: Draft) -> None:
    draft.after.append((draft.rng.choice(draft.related), RELATED))


def _other_headlines(draft: Draft) -> None:
    """Headlines under no heading: not of this story's lists, so somebody's picks."""
    rng = draft.rng
    draft.after += [
        (title, PICKS) for title in rng.sample(draft.others, min(len(draft.others), rng.choice((1, 1, 2, 4))))
    ]


def _video_teaser(draft: Draft) -> None:
    rng = draft.rng
    prompt = rng.choice(phrases.VIDEO_PROMPTS)
    title = rng.choice(draft.titles)
    teaser = rng.choice((f"{prompt} '{title}':", f"{prompt}: {title}", f'{prompt} "{title}" di sini:'))
    draft.after += [(teaser, RELATED), (rng.choice(phrases.VIDEO_MARKERS), RELATED)]


def _initials_and_tags(draft: Draft) -> None:
    """Initials of the authors, then often the story's tags: a line each, in lower case."""
    rng = draft.rng
    initials = "/".join("".join(rng.choices(_INITIALS, k=3)) for _ in range(2))
    draft.after.append((f"({initials})", META))
    if rng.random() < 0.6:
        tags = list(dict.fromkeys(name.lower() for name in draft.people))
        draft.after += [(tag, META) for tag in rng.sample(tags, min(len(tags), rng.randint(1, 5)))]


# Before the story


def _headline(draft: Draft) -> None:
    """The page's title, without the site's name, and often who reports, or when."""
    rng = draft.rng
    draft.before.append((draft.title, META))
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        person = rng.choice(draft.people) if draft.people else "Redaksi"
        report = rng.choice(phrases.REPORTS).format(
            person=person,
            site=rng.choice(phrases.SITES),
            day=rng.choice(phrases.DAYS),
            date=date(rng),
            hour=hour(rng)[:5],
            zone=rng.choice(phrases.ZONES),
        )
        draft.before.append((report, META))


def _opening(draft: Draft) -> None:
    """A first sentence with its dateline: the two often stand on lines of their own."""
    rng = draft.rng
    place = rng.choice(phrases.PLACES)
    dateline = rng.choice(("{place}", "{place}", "{site}, {place}", "{place}, {site}")).format(
        place=rng.choice((place, place.upper())), site=rng.choice(phrases.SITES)
    )
    sentence = rng.choice(phrases.OPENINGS).format(
        date=date(rng),
        day=rng.choice(phrases.DAYS),
        side=rng.choice(phrases.SIDES),
        good=rng.choice(phrases.GOODS).lower(),
        person=rng.choice(draft.people) if draft.people else "Ketua panitia",
    )
    dash = rng.choice("-–—")
    lines = rng.choice(
        ((f"{dateline} {dash} {sentence}",), (dateline, f"{dash} {sentence}"), (f"{dateline} {dash}", sentence))
    )
    draft.before += [(line, BODY) for line in lines]


def _lacks_headline(draft: Draft) -> bool:
    """Whether the story comes first, and there is a title to put before it."""
    return bool(draft.title) and draft.body[0] == 0


def _table_of_contents(draft: Draft) -> None:
    headings = _headings(draft)
    draft.before += [(draft.rng.choice(phrases.CONTENTS_HEADINGS), CHROME), *((text, CHROME) for text in headings)]


def _headings(draft: Draft) -> list[str]:
    """The sub-headings that were added; where none were, the story's short lines that may be some."""
    body = [draft.lines.texts[i] for i in draft.body]
    return draft.subheadings or [
        text for text in body if text[-1].isalnum() and 1 <= text.count(" ") <= 10 and text[0].isupper()
    ]


AUGMENTATIONS = (
    Augmentation(0.35, _ad_markers),
    Augmentation(0.3, _read_also),
    Augmentation(0.3, _appeals),
    Augmentation(0.12, _embed_marker),
    Augmentation(0.1, _video_line),
    Augmentation(0.2, _list_of_names, lambda draft: len(draft.people) >= 3),
    Augmentation(0.25, _subheadings, lambda draft: len(draft.sentence_ends) >= 4),
    Augmentation(0.12, _byline),
    Augmentation(0.08, _syndication_note),
    Augmentation(0.1, _closing_appeal),
    Augmentation(0.06, _related_headline, lambda draft: bool(draft.related)),
    Augmentation(0.2, _other_headlines, lambda draft: bool(draft.others)),
    Augmentation(0.12, _video_teaser, lambda draft: bool(draft.titles)),
    Augmentation(0.3, _initials_and_tags),
    Augmentation(0.4, _table_of_contents, lambda draft: 2 <= len(_headings(draft)) <= 15),
    Augmentation(0.12, _announced_list, lambda draft: len(draft.sentence_ends) >= 3),
    Augmentation(0.4, _headline, _lacks_headline),
    Augmentation(0.1, _opening, lambda draft: len(draft.sentence_ends) >= 3),
)
"""Applied in this order; each is drawn by itself."""


def appeal(rng: random.Random) -> str:
    """A sentence or two that ask the reader to follow, join or read on elsewhere."""
    site = rng.choice(phrases.SITES)
    if rng.random() < 0.4:
        return rng.choice(phrases.PROMOTIONS).format(site)
    call, channel = rng.choice(phrases.CALLS_TO_FOLLOW), rng.choice(phrases.CHANNELS)
    reason, link = rng.choice(phrases.REASONS_TO_FOLLOW), rng.choice(phrases.LINK_PROMPTS)
    text = f"{call} {channel} {site} {reason}. {link}".strip()
    return f"({text})" if rng.random() < 0.35 else text


def _heading_from(sentence: str, rng: random.Random) -> str:
    """A sub-heading made of the start of a sentence; "" if that gives none."""
    words = re.split(r"[,.;:(\"“]", sentence)[0].split()[: rng.randint(3, 8)]
    if len(words) < 2:
        return ""
    return " ".join(word[:1].upper() + word[1:] if len(word) > 3 else word for word in words)
