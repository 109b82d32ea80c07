"""Which blocks are worth looking into: those with a sign of noise, or of texts that were joined.

Most blocks are one paragraph and have none. The search costs a few
nanoseconds a character, what follows a hundred times as much.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LONG = 700
"""Characters from which a line of text is looked into in any case: it is more than one paragraph."""

# All begin with a capital, a bracket or a copyright sign: those are sought, and looked at from there.
_WORDS = [
    word.replace("␣", " ")
    for word in (
        "Baca BACA Simak SIMAK Lihat LIHAT Tonton TONTON Saksikan SAKSIKAN Pilihan PILIHAN ADVERT Advert SCROLL"
        " Scroll Gulir Iklan IKLAN Artikel␣ini Berita␣ini Foto FOTO Editor EDITOR Penulis PENULIS Pewarta Reporter"
        " Jurnalis Laporan Kontributor Sumber␣?: Copyright COPYRIGHT Google␣News WhatsApp Telegram Update"
        " View␣this A␣post Halaman Lanjut Selengkapnya Selanjutnya Dilarang Terkait TERKAIT Terpopuler TERPOPULER"
        " Topik Rekomendasi Terkini Read␣ READ␣ Related RELATED Follow Ikuti Dapatkan Temukan Unduh Dok[.:]"
        " Shutterstock Getty Tags?[:␣] TAG Loading Video VIDEO Yuk, Cek␣ Photo Share Berita␣[A-Z] BERITA Kredit"
        " Ilustrasi Gabung Download Subscribe Sign␣up Watch"
    ).split(" ")
]


def _pattern() -> re.Pattern[str]:
    """The words by what follows their capital, grouped by its first letter: so few are tried at each capital."""
    rests: dict[str, list[str]] = {}
    for word in _WORDS:
        rests.setdefault(word[1], []).append(word[2:])
    words = "|".join(f"{first}(?:{'|'.join(dict.fromkeys(more))})" for first, more in rests.items())
    glued = r"(?<=[a-z\d.,;:?!)\]”][A-Z])[a-z]"
    quoted = r"(?<=[.,?!]\"[A-Z])[a-z]"
    marks = r"(?<=\[)[A-Z]|(?<=©)|(?<=\()(?:[a-z]{2,5}[/)]|\*)"
    return re.compile(rf"[A-Z\[(©](?:{words}|{glued}|{quoted}|{marks})")


_SIGN = _pattern()


# What announces noise within a paragraph of HTML, where nothing was joined and initials are the story's.
_ANNOUNCED = re.compile(
    r"(?:Baca|BACA|Simak|SIMAK|Lihat|LIHAT|Tonton|TONTON)(?:\s(?:[Jj]uga|JUGA|[Pp]ula|[Vv]ideo|VIDEO|[Ss]elengkapnya)|\s?:)"
    r"|ADVERTISEMENT|Advertisement|SCROLL TO|Pilihan Editor|PILIHAN EDITOR|Artikel ini telah|Berita ini telah|\[Gambas"
)


def announced(texts: Sequence[str], numbers: Sequence[int]) -> list[tuple[int, str]]:
    """Of some blocks of a page of HTML, given by number, those that announce noise, with their texts."""
    some = [texts[i] for i in numbers]
    if _ANNOUNCED.search("\n".join(some)) is None:  # as in most pages
        return []
    return [(i, text) for i, text in zip(numbers, some, strict=True) if _ANNOUNCED.search(text) is not None]


def suspicious(texts: Sequence[str], numbers: Sequence[int]) -> list[tuple[int, str]]:
    """Of some lines of a text, given by number, those that are long or have a sign of noise, with their texts."""
    return [(i, texts[i]) for i in numbers if len(texts[i]) >= LONG or _SIGN.search(texts[i]) is not None]
