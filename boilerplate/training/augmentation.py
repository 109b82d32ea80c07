"""What scraped texts hold and saved pages seldom do, strewn into the lines of a rendered page.

Markers of ads and embeds, `Baca juga` lines, appeals to the reader, bare lists
and sub-headings, a table of contents; at the end bylines, headlines of other
stories, initials and tags. The wording is our own.
"""

from __future__ import annotations

import random
import re

from boilerplate.labels import INDEX, Label
from boilerplate.training.text_datasets import Lines

BODY, RELATED, AD, META, CHROME, PICKS = (
    INDEX[x] for x in (Label.BODY, Label.RELATED, Label.AD, Label.META, Label.CHROME, Label.PICKS)
)

_AD_MARKS = (
    "Advertisement",
    "ADVERTISEMENT",
    "Iklan",
    "SCROLL TO CONTINUE WITH CONTENT",
    "Scroll untuk lanjut membaca",
    "- Advertisement -",
    "Gulir ke bawah untuk lanjut membaca",
)
_CALLS = (
    "Ikuti",
    "Ayo ikuti",
    "Yuk, gabung di",
    "Jangan lupa ikuti",
    "Dapatkan kabar terbaru lewat",
    "Follow",
    "Gabung sekarang di",
    "Mari bergabung dengan",
    "Simak terus",
)
_CHANNELS = (
    "saluran WhatsApp",
    "kanal Telegram",
    "WhatsApp Channel",
    "Google News",
    "akun Instagram",
    "aplikasi",
    "newsletter",
)
_SO_THAT = (
    "supaya tidak tertinggal kabar terbaru",
    "agar selalu mendapat berita pilihan setiap hari",
    "untuk informasi menarik lainnya",
    "dan nikmati bacaan pilihan redaksi",
    "biar tahu berita seru dari dalam dan luar negeri",
    "untuk update berita terbaru setiap hari",
)
_CLICKS = (
    "Klik di sini.",
    "Klik tautan ini, ya!",
    "Caranya, klik tautan ini lalu pilih gabung.",
    "",
    "",
    "Klik di sini untuk bergabung.",
    "Gratis!",
)
_PROMOS = (
    "Cek berita dan artikel yang lain di {}.",
    "Temukan ulasan menarik dan berita pilihan lain hanya di {}. Kalau tidak di sini, di mana lagi?",
    "Yuk, baca juga ulasan lain yang tak kalah seru di {}!",
    "Baca berita tanpa iklan dengan berlangganan {}.",
    "Nantikan terus informasi menarik lainnya hanya di {}.",
    "Unduh aplikasi {} sekarang dan dapatkan promo khusus pembaca.",
    "Punya info menarik di sekitarmu? Kirim ke redaksi {} dan dapatkan hadiahnya.",
)
_SITES = ("Kabarkota.com", "WartaNusa.id", "situs kami", "kabarpagi.co.id", "Suluh Media", "Ranah.net", "laman ini")
_EMBEDS = (
    "[Gambas:Twitter]",
    "[Gambas:Instagram]",
    "[Embed: YouTube]",
    "View this post on Instagram",
    "[embedded content]",
    "[Gambas:Facebook]",
)
_VIDEO_MARKS = ("[Gambas:Video]", "[Video]", "[Gambas:Youtube]")
_LEADS = ("Baca juga:", "Baca Juga:", "Baca juga", "BACA JUGA:", "Simak juga:", "Lihat juga:", "Baca Juga")
_CONTENTS = ("Daftar Isi", "Daftar isi", "Isi Artikel")
_TELLS = (
    "Berikut daftarnya:",
    "Berikut daftar lengkapnya:",
    "Ini daftarnya:",
    "Berikut rinciannya:",
    "Simak daftarnya berikut ini:",
)
_BY = ("Penulis:", "Editor:", "Reporter:", "Pewarta:", "Sumber:", "Kontributor:")
_ELSEWHERE = (
    "Artikel ini telah tayang di {} dengan judul yang sama.",
    "Artikel ini sudah tayang lebih dulu di {}.",
    "Berita ini telah tayang di {}. Baca selengkapnya di sini.",
    "Baca artikel selengkapnya di {}.",
)
_NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)+")


def strew(lines: Lines, related: list[str], others: list[str], rng: random.Random) -> Lines:
    """Strew what scraped texts hold into and after the story."""
    body = [i for i, label in enumerate(lines.labels) if label == BODY]
    titles = related or others
    # Only after whole sentences: a marker must not part the halves of one.
    ends = [i for i in body if lines.texts[i][-1:] in '.!?"”' and lines.texts[i].count(" ") >= 8]
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
        tail.append(
            (
                rng.choice(_ELSEWHERE).format(
                    rng.choice(("Kabar Kota", "laman mitra", "Warta Nusa", "kabarkota.example"))
                ),
                META,
            )
        )
    if rng.random() < 0.1:
        tail.append((_appeal(rng), AD))
    if related and rng.random() < 0.06:
        tail.append((rng.choice(related), RELATED))
    if others and rng.random() < 0.2:  # no heading: not this story's, so somebody's pick
        tail += [(title, PICKS) for title in rng.sample(others, min(len(others), rng.choice((1, 1, 2, 4))))]
    if titles and rng.random() < 0.12:
        verb = rng.choice(("Simak Video", "Lihat juga Video", "Tonton juga Video", "Saksikan video"))
        title = rng.choice(titles)
        tail += [
            (rng.choice((f"{verb} '{title}':", f"{verb}: {title}", f'{verb} "{title}" di sini:')), RELATED),
            (rng.choice(_VIDEO_MARKS), RELATED),
        ]
    if rng.random() < 0.3:
        initials = "/".join("".join(rng.choices("abcdefghiklmnprstuwy", k=3)) for _ in range(2))
        tail.append((f"({initials})", META))
        if rng.random() < 0.6:
            names = list(dict.fromkeys(name.lower() for name in people))
            tail += [(name, META) for name in rng.sample(names, min(len(names), rng.randint(1, 5)))]
    if tail:
        put.setdefault(body[-1], []).extend(tail)
    contents = contents or [
        lines.texts[i]
        for i in body
        if lines.texts[i][-1].isalnum() and 1 <= lines.texts[i].count(" ") <= 10 and lines.texts[i][0].isupper()
    ]
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
