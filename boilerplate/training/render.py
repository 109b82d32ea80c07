"""Labelled texts for the line model: pages rendered to lines, and labelled documents.

A labelled page gives any number of labelled texts: scrapers differ in which
part of a page they take, where they break lines, and what becomes of bullets
and blank lines. `render` draws one of their ways. Into the article it also
strews what scraped texts hold and saved pages seldom do (markers of ads and
embeds, `Baca juga` lines, initials and tags at the end, tables of contents).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from boilerplate.errors import DatasetError
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.segment.page import Page
from boilerplate.segment.tags import CODES
from boilerplate.training.datasets import Example, load, node_labels, piece_text

BODY, RELATED, AD, META, CHROME = (INDEX[x] for x in (Label.BODY, Label.RELATED, Label.AD, Label.META, Label.CHROME))
PICKS = INDEX[Label.PICKS]
_ELSE = frozenset((PICKS, INDEX[Label.LATEST], INDEX[Label.POPULAR]))
BLANK = -1

_AD_MARKS = ("Advertisement", "ADVERTISEMENT", "Iklan", "SCROLL TO CONTINUE WITH CONTENT", "Scroll untuk lanjut membaca", "- Advertisement -", "Gulir ke bawah untuk lanjut membaca")
_CALLS = ("Ikuti", "Ayo ikuti", "Yuk, gabung di", "Jangan lupa ikuti", "Dapatkan kabar terbaru lewat", "Follow", "Gabung sekarang di", "Mari bergabung dengan", "Simak terus")
_CHANNELS = ("saluran WhatsApp", "kanal Telegram", "WhatsApp Channel", "Google News", "akun Instagram", "aplikasi", "newsletter")
_SO_THAT = (
    "supaya tidak tertinggal kabar terbaru", "agar selalu mendapat berita pilihan setiap hari", "untuk informasi menarik lainnya",
    "dan nikmati bacaan pilihan redaksi", "biar tahu berita seru dari dalam dan luar negeri", "untuk update berita terbaru setiap hari",
)  # fmt: skip
_CLICKS = ("Klik di sini.", "Klik tautan ini, ya!", "Caranya, klik tautan ini lalu pilih gabung.", "", "", "Klik di sini untuk bergabung.", "Gratis!")
_PROMOS = (
    "Cek berita dan artikel yang lain di {}.", "Temukan ulasan menarik dan berita pilihan lain hanya di {}. Kalau tidak di sini, di mana lagi?",
    "Yuk, baca juga ulasan lain yang tak kalah seru di {}!", "Baca berita tanpa iklan dengan berlangganan {}.",
    "Nantikan terus informasi menarik lainnya hanya di {}.", "Unduh aplikasi {} sekarang dan dapatkan promo khusus pembaca.",
    "Punya info menarik di sekitarmu? Kirim ke redaksi {} dan dapatkan hadiahnya.",
)  # fmt: skip
_SITES = ("Kabarkota.com", "WartaNusa.id", "situs kami", "kabarpagi.co.id", "Suluh Media", "Ranah.net", "laman ini")
_EMBEDS = ("[Gambas:Twitter]", "[Gambas:Instagram]", "[Embed: YouTube]", "View this post on Instagram", "[embedded content]", "[Gambas:Facebook]")
_VIDEO_MARKS = ("[Gambas:Video]", "[Video]", "[Gambas:Youtube]")
_LEADS = ("Baca juga:", "Baca Juga:", "Baca juga", "BACA JUGA:", "Simak juga:", "Lihat juga:", "Baca Juga")
_CONTENTS = ("Daftar Isi", "Daftar isi", "Isi Artikel")
_TELLS = ("Berikut daftarnya:", "Berikut daftar lengkapnya:", "Ini daftarnya:", "Berikut rinciannya:", "Simak daftarnya berikut ini:")
_BY = ("Penulis:", "Editor:", "Reporter:", "Pewarta:", "Sumber:", "Kontributor:")
_ELSEWHERE = (
    "Artikel ini telah tayang di {} dengan judul yang sama.", "Artikel ini sudah tayang lebih dulu di {}.",
    "Berita ini telah tayang di {}. Baca selengkapnya di sini.", "Baca artikel selengkapnya di {}.",
)  # fmt: skip
_BULLETS = ("-", "•", "*", "–")
_NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)+")
_LI = CODES["li"]


@dataclass(slots=True)
class Lines:
    """A labelled text: its lines, and for each the column of its label (`BLANK` for blank lines)."""

    texts: list[str] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)

    def add(self, text: str, label: int) -> None:
        self.texts.append(text)
        self.labels.append(label)


def is_texts(path: str | Path) -> bool:
    """Whether `path` is a folder of labelled texts (``index.tsv``, there or in ``labelled/``)."""
    return _folder(Path(path)) is not None


def _folder(path: Path) -> Path | None:
    for folder in (path, path / "labelled"):
        if (folder / "index.tsv").is_file():
            return folder
    return None


def read_texts(path: str | Path) -> list[Example]:
    """List the documents of a folder of labelled texts.

    ``index.tsv`` names them (name, portal, URL); ``NAME.txt`` is the text,
    ``NAME.labels`` has a label a line, ``-`` for a blank one.

    Raises
    ------
    DatasetError
        If there is no such folder.
    """
    folder = _folder(Path(path))
    if folder is None:
        raise DatasetError(f"{path}: no labelled texts: 'index.tsv' is missing")
    examples = []
    for number, line in enumerate((folder / "index.tsv").read_text(encoding="utf-8").splitlines(), 1):
        parts = line.split("\t")
        if len(parts) < 2:
            raise DatasetError(f"{folder / 'index.tsv'}:{number}: needs name and portal")
        name, portal = parts[0], parts[1]
        examples.append(Example(folder / f"{name}.txt", portal, f"{portal}/{name}", None, meta={"source": "labelled texts"}))
    return examples


def read_lines(example: Example) -> Lines:
    """Read a labelled document.

    Raises
    ------
    DatasetError
        If text and labels do not read, or do not fit.
    """
    file = example.path.with_suffix(".labels")
    try:
        names = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{file}: {error}") from error
    texts = example.read().split("\n")
    lines = Lines()
    for number, text in enumerate(texts, 1):
        name = names[number - 1].strip() if number <= len(names) else ""
        if name in ("", "-"):
            if text.strip():
                raise DatasetError(f"{file}:{number}: no label for a line that is not blank")
            lines.add(text, BLANK)
            continue
        try:
            lines.add(text, INDEX[Label.parse(name)])
        except ValueError as error:
            raise DatasetError(f"{file}:{number}: {error}") from error
    return lines


def line_words(lines: Lines, page: Page) -> np.ndarray:
    """Count the words of each label in each block of the segmented text: (n_blocks, n_labels)."""
    words = np.zeros((len(page), len(LABELS)), np.int32)
    for i, (a, b) in enumerate(page.lines):
        for k in range(a, b):
            if lines.labels[k] != BLANK:
                words[i, lines.labels[k]] += len(lines.texts[k].split())
    return words


def texts_of(example: Example, variants: int) -> Iterator[Lines]:
    """Yield the labelled texts of an example: a document's own, or several renderings of a page."""
    if example.path.suffix == ".txt":
        yield read_lines(example)
        return
    page, root = load(example)
    label_of = node_labels(example, root)
    pieces: list[list[tuple[str, int]]] = []
    for refs in page.refs:
        found = [(" ".join(piece_text(ref).split()), label_of(ref)) for ref in dict.fromkeys(refs)]
        pieces.append([piece for piece in found if piece[0]])
    for k in range(1 if example.index else variants):
        lines = render(page, pieces, random.Random(f"{example.name} {k}"))
        if lines.texts:
            yield lines


def render(page: Page, pieces: list[list[tuple[str, int]]], rng: random.Random) -> Lines:
    """Render a segmented page the way some scraper might.

    Parameters
    ----------
    pieces
        For each block its text nodes, each with the column of its label.
    rng
        Draws the way.
    """
    whole = [_of(block) for block in pieces]
    chosen = _extent(page, whole, rng)
    breaks = rng.choice(("join", "join", "join", "nodes", "nodes", "glue"))
    bullets = rng.choice(("none", "none", "alone", "start"))
    mark = rng.choice(_BULLETS)
    blanks = rng.choice(("none", "none", "every", "box"))
    lines = Lines()
    before = -1
    for i in chosen:
        if not pieces[i]:
            continue
        parent = page.parents[page.block_el[i]]
        if lines.texts and (blanks == "every" or (blanks == "box" and parent != before)):
            lines.add("", BLANK)
        before = parent
        if bullets != "none" and _first_of_item(page, i):
            if bullets == "alone":
                lines.add(mark, whole[i])
                lines.add(page.texts[i], whole[i])
            else:
                lines.add(f"{mark} {page.texts[i]}", whole[i])
        elif breaks == "nodes":
            for text, label in pieces[i]:
                lines.add(text, label)
        elif breaks == "glue" and rng.random() < 0.5:
            lines.add("".join(text for text, _ in pieces[i]), whole[i])
        else:
            lines.add(page.texts[i], whole[i])
    if BODY not in lines.labels:
        return lines
    # Headlines of other stories, wherever they stand on the page: this story's own lists, and others'.
    told = [(text, label) for text, label in zip(page.texts, whole, strict=True) if 4 <= text.count(" ") <= 18]
    related = [text for text, label in told if label == RELATED]
    others = [text for text, label in told if label in _ELSE]
    return _strew(lines, related, others, rng)


def _of(block: list[tuple[str, int]]) -> int:
    """Label of most of a block's words."""
    counts: dict[int, int] = {}
    for text, label in block:
        counts[label] = counts.get(label, 0) + len(text.split())
    return max(counts, key=lambda k: counts[k]) if counts else CHROME


def _extent(page: Page, labels: list[int], rng: random.Random) -> list[int]:
    """Draw which blocks a scraper takes: the page, the article's box, the story and what follows it."""
    n = len(labels)
    body = [i for i, label in enumerate(labels) if label == BODY]
    if not body:
        return list(range(n))
    first, last = body[0], body[-1]
    box = 0
    for number, (start, end) in enumerate(zip(page.starts, page.ends, strict=True)):
        if start <= first and end > last and end - start <= page.ends[box] - page.starts[box]:
            box = number
    way = rng.random()
    if way < 0.15:
        taken = range(n)
    elif way < 0.4:
        taken = range(page.starts[box], page.ends[box])
    elif way < 0.6:
        taken = range(first, min(n, last + 1 + rng.choice((0, 0, 2, 5, 10))))
    else:  # the story, then lists after it
        taken = range(first if rng.random() < 0.7 else page.starts[box], min(n, page.ends[box] + rng.randint(5, 120)))
    dropped = set()
    if way >= 0.15 and rng.random() < 0.5:
        dropped.add(CHROME)
    if way >= 0.15 and rng.random() < 0.2:
        dropped.add(META)
    return [i for i in taken if labels[i] not in dropped]


def _first_of_item(page: Page, i: int) -> bool:
    """Whether a block starts an item of a list."""
    e = page.block_el[i]
    for _ in range(4):
        if e < 0 or page.starts[e] != i:
            return False
        if page.tags[e] == _LI:
            return True
        e = page.parents[e]
    return False


def _strew(lines: Lines, related: list[str], others: list[str], rng: random.Random) -> Lines:
    """Strew what scraped texts hold into and after the story."""
    body = [i for i, label in enumerate(lines.labels) if label == BODY]
    titles = related or others
    # Only after whole sentences: a marker must not part the halves of one.
    ends = [i for i in body if lines.texts[i][-1:] in ".!?\"”" and lines.texts[i].count(" ") >= 8]
    put: dict[int, list[tuple[str, int]]] = {}

    def insert(*entries: tuple[str, int]) -> None:
        if ends:
            put.setdefault(rng.choice(ends), []).extend(entries)

    if rng.random() < 0.35:
        mark = rng.choice(_AD_MARKS)
        for _ in range(rng.choice((1, 1, 2, 3))):
            insert((mark, AD))
    if rng.random() < 0.3:
        lead = rng.choice(_LEADS)
        for _ in range(rng.choice((1, 1, 2))):
            title = rng.choice(titles) if titles else ""
            way = rng.random()
            if not title or way < 0.25:
                insert((lead.rstrip(":"), RELATED))
            elif way < 0.6:
                insert((lead, RELATED), (title, RELATED))
            else:
                insert((f"{lead.rstrip(':')}: {title}", RELATED))
    if rng.random() < 0.3:
        appeal = _appeal(rng)
        for _ in range(rng.choice((1, 1, 2))):
            insert((appeal, AD))
    if rng.random() < 0.12:
        insert((rng.choice(_EMBEDS), CHROME))
    story = [lines.texts[i] for i in body]
    people = list(dict.fromkeys(name for text in story for name in _NAME.findall(text)))
    if len(people) >= 3 and rng.random() < 0.2:
        items = rng.sample(people, min(len(people), rng.randint(3, 7)))
        style = rng.choice(("{n}. ", "- ", "• ", "", "{n}. "))
        told = [(rng.choice(_TELLS), BODY)] if rng.random() < 0.6 else []
        insert(*told, *((style.format(n=n) + item, BODY) for n, item in enumerate(items, 1)))
    contents: list[str] = []
    if len(ends) >= 4 and rng.random() < 0.25:
        style = rng.choice(("{n}. ", "{n}. ", ""))
        places = sorted(rng.sample(ends[:-1], min(len(ends) - 1, rng.randint(2, 6))))
        for n, i in enumerate(places, 1):
            head = _head(lines.texts[i], rng)
            if head:
                contents.append(style.format(n=n) + head)
                put.setdefault(i, []).append((contents[-1], BODY))
    tail: list[tuple[str, int]] = []
    if rng.random() < 0.12:
        name = rng.choice(people) if people else "Redaksi"
        tail.append((f"{rng.choice(_BY)} {name}", META))
    if rng.random() < 0.08:
        tail.append((rng.choice(_ELSEWHERE).format(rng.choice(("Kabar Kota", "laman mitra", "Warta Nusa", "kabarkota.example"))), META))
    if rng.random() < 0.1:
        tail.append((_appeal(rng), AD))
    if related and rng.random() < 0.06:
        tail.append((rng.choice(related), RELATED))
    if others and rng.random() < 0.2:  # no heading: not this story's, so somebody's pick
        tail += [(title, PICKS) for title in rng.sample(others, min(len(others), rng.choice((1, 1, 2, 4))))]
    if titles and rng.random() < 0.12:
        verb = rng.choice(("Simak Video", "Lihat juga Video", "Tonton juga Video", "Saksikan video"))
        title = rng.choice(titles)
        tail += [(rng.choice((f"{verb} '{title}':", f"{verb}: {title}", f'{verb} "{title}" di sini:')), RELATED), (rng.choice(_VIDEO_MARKS), RELATED)]
    if rng.random() < 0.3:
        initials = "/".join("".join(rng.choices("abcdefghiklmnprstuwy", k=3)) for _ in range(2))
        tail.append((f"({initials})", META))
        if rng.random() < 0.6:
            names = list(dict.fromkeys(name.lower() for name in people))
            tail += [(name, META) for name in rng.sample(names, min(len(names), rng.randint(1, 5)))]
    if tail:
        put.setdefault(body[-1], []).extend(tail)
    contents = contents or [lines.texts[i] for i in body if lines.texts[i][-1].isalnum() and 1 <= lines.texts[i].count(" ") <= 10 and lines.texts[i][0].isupper()]
    out = Lines()
    for i, (text, label) in enumerate(zip(lines.texts, lines.labels, strict=True)):
        if i == body[0] and 2 <= len(contents) <= 15 and rng.random() < 0.4:
            out.add(rng.choice(_CONTENTS), CHROME)
            for head in contents:
                out.add(head, CHROME)
        out.add(text, label)
        for entry in put.get(i, ()):
            out.add(*entry)
    return out


def _appeal(rng: random.Random) -> str:
    """A sentence or two that ask the reader to follow, join or read on elsewhere."""
    site = rng.choice(_SITES)
    if rng.random() < 0.4:
        return rng.choice(_PROMOS).format(site)
    text = f"{rng.choice(_CALLS)} {rng.choice(_CHANNELS)} {site} {rng.choice(_SO_THAT)}. {rng.choice(_CLICKS)}".strip()
    return f"({text})" if rng.random() < 0.35 else text


def _head(sentence: str, rng: random.Random) -> str:
    """A sub-heading made of the start of a sentence; "" if that gives none."""
    words = re.split(r"[,.;:(\"“]", sentence)[0].split()[: rng.randint(3, 8)]
    if len(words) < 2:
        return ""
    return " ".join(word[:1].upper() + word[1:] if len(word) > 3 else word for word in words)
