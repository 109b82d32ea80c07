"""Whether a text is cut by a paywall: what a page declares, and the pitch that stands where its story breaks off."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 400
"""Characters of the longest block that can be a pitch."""
AFTER = 6
"""Blocks after the story's end that are looked at."""
MISSING_WORDS, MISSING_SHARE = 100, 0.7
"""A story of fewer words than the page states is cut: by so many, and to less than that share of them."""

_GAP = r"[^.!?]{0,60}?"
_SIGNS = (
    # Indonesian
    rf"\b(?:berlangganan|langganan|masuk|log ?in|daftar|beli akses)\b{_GAP}\b(?:untuk|agar|dan)\b{_GAP}"
    r"\b(?:(?:me)?lanjut(?:kan)? (?:mem)?baca|(?:mem)?baca (?:artikel|berita|selengkapnya|selanjutnya|secara lengkap"
    r"|versi lengkap|kelanjutan)|(?:meng)?akses (?:artikel|berita|konten))",
    rf"\b(?:baca selengkapnya|selengkapnya|selanjutnya|lanjut\w* (?:mem)?baca)\b{_GAP}"
    r"\b(?:berlangganan|langganan|pelanggan|premium)\b",
    r"\b(?:artikel|berita|konten|tulisan|laporan)(?: ini)?(?: hanya)? (?:khusus|eksklusif|hanya|tersedia)"
    r"(?: tersedia)?(?: untuk| bagi)?(?: para)? (?:pelanggan|anggota|member|pengguna premium)\b",
    rf"\buntuk (?:melanjutkan )?membaca\b{_GAP}\b(?:berlangganan|langganan|masuk|log ?in|daftar)\b",
    # English
    rf"\b(?:subscribe|sign (?:up|in)|log ?in|register|upgrade|become an?(?: \w+)? (?:member|subscriber))\b{_GAP}"
    r"\b(?:to|and) (?:(?:continue|keep|finish) reading|(?:read|view|see|access|unlock)"
    r" (?:the |this )?(?:full|rest|entire|whole|complete)\b)",
    rf"\bto (?:continue|keep|finish) reading\b(?:{_GAP}\b(?:subscribe|sign|log ?in|register|account|subscription)\b)",
    r"\bthis (?:article|story|post|content|page) is (?:exclusive(?:ly)?|only|available|reserved|for)\b"
    rf"{_GAP}\b(?:subscribers|members)\b",
    r"\b(?:the )?rest of this (?:article|story|post) is\b",
    r"\bunlock this (?:article|story|post)\b|\bclaim my free post\b|\bkeep reading with a \S{1,10} free trial\b",
    # German
    r"\b(?:artikel|text|beitrag|inhalt)\b[^.!?]{0,40}\b(?:nur|exklusiv) für(?: unsere)? abonnent",
    r"\b(?:jetzt|mit)\b[^.!?]{0,40}\b(?:abo|abonnement|plus|testen)\b[^.!?]{0,40}\bweiterlesen\b",
    r"\b(?:jetzt )?weiterlesen mit\b|\bsie möchten weiterlesen\b",
    # French, Spanish, Italian, Portuguese
    r"\bil vous reste [\d.,]+ ?% (?:de cet article )?à lire|\bréservée?s? (?:aux|à nos) abonnés",
    r"\babonnez-vous pour (?:lire|continuer|accéder)",
    r"\b(?:contenido|artículo|noticia) exclusiv[oa] (?:para|de) suscriptores",
    r"\bsuscríb(?:ete|ase)\b[^.!?]{0,30}\b(?:seguir|continuar) leyendo",
    r"\bpara (?:seguir|continuar) leyendo\b[^.!?]{0,40}suscr",
    r"\b(?:articolo|contenuto)\b[^.!?]{0,30}\b(?:riservato|solo)\b[^.!?]{0,20}\babbonati\b",
    r"\babbonati per (?:leggere|continuare)",
    r"\bexclusiv[oa] para assinantes|\bassine para (?:ler|continuar)",
    # Dutch, Polish, the Nordic languages, Japanese
    r"\balleen voor abonnees|\bom verder te lezen\b",
    r"\bczytaj dalej\b[^!?]{0,20}\bsubskrybuj|\bdla (?:subskrybentów|prenumeratorów)\b",
    r"\b(?:kun|bare) for abonnent|\bendast för prenumeranter",
    r"この記事は(?:有料)?会員限定|ログインして続きを|続きは(?:有料)?会員",
)
# Each begins at a word of its own and spans a bounded stretch: the work is in proportion to the text.
_PITCH = re.compile("|".join(_SIGNS), re.I)


def is_pitch(text: str) -> bool:
    """Whether a block asks to pay, or to sign in, for the rest of a story."""
    return len(text) <= LONGEST and _PITCH.search(text) is not None


def breaks_off(texts: Sequence[str], kept: Sequence[int]) -> bool:
    """Whether a pitch stands right behind the story.

    Parameters
    ----------
    texts
        The page's blocks.
    kept
        Numbers of those of the story, in order.
    """
    if not kept:
        return False
    return any(is_pitch(text) for text in texts[kept[-1] + 1 : kept[-1] + 1 + AFTER])


def declared(value: object) -> str:
    """Return who may read what is (not) accessible for free, as JSON-LD says it: ``"free"``, ``"locked"`` or ``""``."""
    if isinstance(value, bool):
        return "free" if value else "locked"
    if isinstance(value, str):
        return {"true": "free", "false": "locked"}.get(value.strip()[-5:].lower().lstrip("/#"), "")
    return ""


def is_short_of(words: int, stated: int) -> bool:
    """Whether a story has a good part fewer words than the page says it has."""
    return words > 0 and words + MISSING_WORDS <= stated and words < MISSING_SHARE * stated
