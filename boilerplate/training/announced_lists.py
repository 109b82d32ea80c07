"""Lists that a story announces, in our own words: fixtures, prices, programmes."""

from __future__ import annotations

import random

from boilerplate.training import phrases


def announced_list(rng: random.Random) -> list[str]:
    """An announcement, and the lines of what it announces."""
    subject, lines = rng.choice((_fixtures, _prices, _programme))(rng)
    announcement = rng.choice(phrases.ANNOUNCEMENTS).format(subject)
    bullet = rng.choice(("{n}. ", "- ", "• ", "", "", ""))
    return [
        announcement[0].upper() + announcement[1:],
        *(bullet.format(n=n) + line for n, line in enumerate(lines, 1)),
    ]


def _fixtures(rng: random.Random) -> tuple[str, list[str]]:
    against, time = (
        rng.choice((" VS ", " vs ", " vs. ", " - ")),
        rng.choice((" ({})", " - {}", " pukul {}", ", {}", "")),
    )
    lines = []
    for _ in range(rng.choice((0, 1, 2, 3))):
        if rng.random() < 0.8:
            lines.append(f"{rng.choice(phrases.DAYS)}, {date(rng)}{rng.choice(('', ':'))}")
        for _ in range(rng.randint(1, 5)):
            home, guest = rng.sample(phrases.SIDES, 2)
            lines.append(f"{home}{against}{guest}{time.format(hour(rng))}")
    while len(lines) < 3:
        home, guest = rng.sample(phrases.SIDES, 2)
        lines.append(f"{hour(rng)} {home}{against}{guest}")
    return rng.choice(
        ("jadwal pertandingan", "jadwal lengkap liga", "hasil pertandingan", "jadwal siaran langsung")
    ), lines


def _prices(rng: random.Random) -> tuple[str, list[str]]:
    parts = rng.choice((": Rp {} per kg", ": Rp{}", " Rp {},00", " - Rp {} juta", " naik menjadi Rp {}"))
    goods = rng.sample(phrases.GOODS, rng.randint(3, 8))
    price = (f"{rng.randint(1, 999)}.{rng.randint(0, 9)}00" for _ in goods)
    return rng.choice(("daftar harga", "rincian harga", "harga terbaru")), [
        name + parts.format(each) for name, each in zip(goods, price, strict=True)
    ]


def _programme(rng: random.Random) -> tuple[str, list[str]]:
    pairs = [rng.sample(phrases.SIDES, 2) for _ in range(rng.randint(3, 9))]
    between = rng.choice((" - ", ": ", " "))
    return rng.choice(("susunan acara", "jadwal keberangkatan", "rute dan jamnya")), [
        f"{hour(rng)}{between}{a} {b}" for a, b in pairs
    ]


def date(rng: random.Random) -> str:
    """A day."""
    return f"{rng.randint(1, 28)} {rng.choice(phrases.MONTHS)} {rng.randint(2016, 2026)}"


def hour(rng: random.Random) -> str:
    """A time of day, with its zone."""
    return (
        f"{rng.randint(0, 23):02}{rng.choice('..:')}{rng.choice(('00', '15', '30', '45'))} {rng.choice(phrases.ZONES)}"
    )
