"""Pages whose story a paywall cuts: what they declare, and what stands where the story breaks off."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.metadata.head import read_head
from boilerplate.metadata.page import describe
from boilerplate.metadata.paywall import AFTER, declared, is_pitch
from boilerplate.metadata.record import Metadata
from boilerplate.segment.html import parse, segment

STORY = [f"Kalimat ke {i} menceritakan panen padi di desa itu dengan kata-kata yang biasa saja." for i in range(3)]

PITCHES = [
    "Baca selengkapnya dengan berlangganan",
    "Berlangganan sekarang untuk melanjutkan membaca",
    "Silakan masuk untuk membaca artikel ini secara lengkap",
    "Artikel ini khusus pelanggan Kabar Uji Plus",
    "Untuk membaca tulisan ini sampai habis, silakan berlangganan.",
    "Subscribe to continue reading",
    "Sign in to read the full story",
    "To keep reading, create a free account.",
    "This article is only for our subscribers.",
    "The rest of this story is for members",
    "Jetzt weiterlesen mit Uji Plus",
    "Dieser Artikel ist exklusiv für Abonnenten",
    "La suite est réservée à nos abonnés",
    "Contenido exclusivo para suscriptores",
    "Articolo riservato agli abbonati",
    "Conteúdo exclusivo para assinantes",
]
OTHERS = [
    "Masuk untuk membaca komentar",
    "Daftar tunggu calon jemaah haji bertambah",
    "Baca selengkapnya di halaman berikut",
    "Subscribe to our newsletter",
    "Sign up to get the morning briefing and the week's best stories",
    "Continue reading the main story",
    "Continuar leyendo aquí",
    "Weiterlesen",
    "Abonnieren Sie unseren Newsletter",
]


def shown(blocks: list[tuple[str, Label]], head: str = "") -> Metadata:
    """Metadata of a page with these blocks, of which those labelled body are kept."""
    body = "".join(f"<div>{text}</div>" for text, _ in blocks)
    root = parse(f"<html><head><title>Panen</title>{head}</head><body>{body}</body></html>")
    page = segment(root)
    page.head = read_head(root, page.title)
    P = np.full((len(page), len(LABELS)), 0.01)
    labels = np.array([INDEX[label] for _, label in blocks])
    P[np.arange(len(page)), labels] = 0.93
    return describe(page, P, labels == INDEX[Label.BODY], "Panen")


def story(*after: str) -> list[tuple[str, Label]]:
    return [(text, Label.BODY) for text in STORY] + [(text, Label.AD) for text in after]


def jsonld(**fields: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


@pytest.mark.parametrize("pitch", PITCHES)
def test_a_pitch_right_behind_the_story_shows_that_it_is_cut(pitch: str) -> None:
    found = shown(story("Iklan", pitch))
    assert (found.paywalled, found.sources["paywalled"]) == (True, "blocks")


@pytest.mark.parametrize("text", OTHERS)
def test_other_requests_are_no_pitches(text: str) -> None:
    assert not is_pitch(text)


def test_a_pitch_elsewhere_is_of_another_story() -> None:
    filler = [f"Berita singkat nomor {i}" for i in range(AFTER)]
    assert not shown(story(*filler, PITCHES[0])).paywalled
    assert not shown([(PITCHES[0], Label.AD), *story()]).paywalled
    assert not shown([(PITCHES[0], Label.AD)]).paywalled
    assert not shown(story(f"{PITCHES[0]} {'dan seterusnya ' * 40}")).paywalled
    assert "paywalled" not in shown(story()).sources


@pytest.mark.parametrize(
    ("head", "access", "source"),
    [
        (jsonld(isAccessibleForFree=False), "locked", "json-ld"),
        (jsonld(isAccessibleForFree="False"), "locked", "json-ld"),
        (jsonld(isAccessibleForFree="http://schema.org/False"), "locked", "json-ld"),
        (jsonld(isAccessibleForFree="https://schema.org/True"), "free", "json-ld"),
        (jsonld(isAccessibleForFree=True, hasPart={"isAccessibleForFree": False}), "free", "json-ld"),
        (jsonld(hasPart=[{"isAccessibleForFree": "False", "cssSelector": ".isi"}]), "locked", "json-ld"),
        (jsonld(hasPart=[7, None, {"isAccessibleForFree": {}}]), "", ""),
        (jsonld(isAccessibleForFree=[]), "", ""),
        ('<meta property="article:content_tier" content="metered">', "metered", "opengraph"),
        ('<meta name="article:content_tier" content=" Locked ">', "locked", "opengraph"),
        ('<meta property="article:content_tier" content="gold">', "", ""),
        ('<meta itemprop="isAccessibleForFree" content="false">', "locked", "microdata"),
    ],
)
def test_what_a_page_declares(head: str, access: str, source: str) -> None:
    found = shown(story(), head)
    assert (found.access, found.sources.get("access", "")) == (access, source)
    assert not found.paywalled  # it may hold the whole text all the same


def test_a_locked_story_that_is_short_of_its_words_is_cut() -> None:
    words = sum(len(text.split()) for text in STORY)
    cut = shown(story(), jsonld(isAccessibleForFree=False, wordCount=words + 300))
    assert (cut.paywalled, cut.sources["paywalled"]) == (True, "json-ld")
    assert not shown(story(), jsonld(isAccessibleForFree=False, wordCount=words + 20)).paywalled
    assert not shown(story(), jsonld(isAccessibleForFree=True, wordCount=words + 300)).paywalled
    assert not shown(story(), jsonld(isAccessibleForFree=False, wordCount="9" * 5000)).paywalled
    assert not shown([("Iklan", Label.AD)], jsonld(isAccessibleForFree=False, wordCount=900)).paywalled


@pytest.mark.parametrize("value", [None, 0, "", "no", [], {}])
def test_odd_values_declare_nothing(value: object) -> None:
    assert declared(value) == ""
