"""Lists that a story announces, in our own words: fixtures, prices, programmes, standings, squads."""

from __future__ import annotations

import random

from boilerplate.training import phrases


def announced_list(rng: random.Random) -> list[str]:
    """An announcement, and the lines of what it announces."""
    subject, lines = rng.choice((_fixtures, _fixtures, _prices, _programme, _standings, _squads))(rng)
    announcement = rng.choice(phrases.ANNOUNCEMENTS).format(subject)
    bullet = rng.choice(("{n}. ", "- ", "• ", "* ", "", "", ""))
    return [
        announcement[0].upper() + announcement[1:],
        *(bullet.format(n=n) + line for n, line in enumerate(lines, 1)),
    ]


def _length(rng: random.Random) -> int:
    """How many times as long as usual a list is: a whole season's fixtures go on for hundreds of lines."""
    return rng.choices((1, 4, 25), (12, 3, 1))[0]


def _fixtures(rng: random.Random) -> tuple[str, list[str]]:
    against, time = (
        rng.choice((" VS ", " vs ", " vs. ", " v ", " - ")),
        rng.choice((" ({})", " - {}", " pukul {}", ", {}", "", "")),
    )
    day = rng.choice(("{day}, {date}", "{day}, {date}:", "{date}", "{day} ({date})", "Pekan {n}", ""))
    lines = []
    for n in range(rng.choice((0, 1, 2, 3)) * _length(rng)):
        if day:
            lines.append(day.format(day=rng.choice(phrases.DAYS), date=date(rng), n=n + 1))
        for _ in range(rng.randint(1, 5)):
            home, guest = rng.sample(phrases.SIDES, 2)
            lines.append(f"{home}{against}{guest}{time.format(hour(rng))}")
    while len(lines) < 3:
        home, guest = rng.sample(phrases.SIDES, 2)
        lines.append(f"{hour(rng)} {home}{against}{guest}")
    return rng.choice(
        ("jadwal pertandingan", "jadwal lengkap liga", "hasil pertandingan", "jadwal siaran langsung")
    ), lines


def _standings(rng: random.Random) -> tuple[str, list[str]]:
    between, last = rng.choice((" - ", " ", " | ", ", ")), rng.choice(("{}", "{} poin", "({})", "{}/{}/{}", "-"))
    riders = rng.random() < 0.5
    points = rng.randint(60, 120)
    lines = []
    for _ in range(rng.randint(4, 12) * _length(rng)):
        points = max(points - rng.randint(0, 9), 0)
        parts = [f"{name(rng)}{between}{rng.choice(phrases.SIDES)}" if riders else rng.choice(phrases.SIDES)]
        lines.append(between.join([*parts, last.format(points, rng.randint(0, 20), rng.randint(0, 20))]))
    return rng.choice(("klasemen sementara", "hasil lengkap balapan", "daftar pencetak gol", "perolehan medali")), lines


def _squads(rng: random.Random) -> tuple[str, list[str]]:
    posts = rng.choice((("Kiper", "Bek", "Tengah", "Depan"), ("Masuk", "Keluar"), ("Ketua", "Anggota"), ("",)))
    where = rng.choice((" ({side})", "", ""))
    lines = []
    for _ in range(rng.randint(1, 2) * _length(rng)):
        side = rng.choice(phrases.SIDES)
        lines.append(side.upper() if rng.random() < 0.3 else side)
        for post in posts:
            names = (name(rng) + where.format(side=rng.choice(phrases.SIDES)) for _ in range(rng.randint(2, 7)))
            lines += [f"{post}: {', '.join(names)}"] if post else list(names)
    return rng.choice(("susunan pemain", "daftar transfer", "daftar skuad lengkap", "nama pengurus baru")), lines


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


def name(rng: random.Random) -> str:
    """A person's name, or the last part of it."""
    first, last = rng.choice(phrases.FIRST_NAMES), rng.choice(phrases.LAST_NAMES)
    return rng.choice((f"{first} {last}", f"{first} {last}", last, f"{first[0]}. {last}"))


def date(rng: random.Random) -> str:
    """A day."""
    return f"{rng.randint(1, 28)} {rng.choice(phrases.MONTHS)} {rng.randint(2016, 2026)}"


def hour(rng: random.Random) -> str:
    """A time of day, with its zone."""
    return (
        f"{rng.randint(0, 23):02}{rng.choice('..:')}{rng.choice(('00', '15', '30', '45'))} {rng.choice(phrases.ZONES)}"
    )
