"""Where inputs come from: written at random, or pages that are mutated."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Sequence
from pathlib import Path

from fuzzing.mutate import encode, mutate
from fuzzing.soup import Soup

Make = Callable[[random.Random], "str | bytes"]


def soup(rng: random.Random) -> str | bytes:
    """Tag soup or lines of text, small; some as bytes in whatever encoding."""
    writer = Soup(rng)
    if rng.random() < 0.1:
        text: str = writer.lines(rng.choice((1, 3, 8, 20)))
    else:
        text = writer.page(rng.choice((1, 2, 3, 5, 8, 12, 20)))
    chance = rng.random()
    if chance < 0.02:
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice("\ud800\udfff\udc80") + text[at:]
    if chance < 0.85:
        return text
    if chance < 0.95:
        return encode(rng, text)
    data = text.encode("utf-8", "replace")
    return mutate(rng, data, [data])


def mutated(pages: Sequence[bytes], size: int) -> Make:
    """Makes mutated pages; of those longer than `size` bytes a piece of that length is taken, from anywhere."""

    def make(rng: random.Random) -> bytes:
        page = rng.choice(pages)
        if len(page) > size:
            start = rng.choice((0, rng.randrange(len(page) - size)))
            page = page[start : start + size]
        return mutate(rng, page, pages)

    return make


def read_pages(folder: Path) -> list[bytes]:
    """The pages in a folder and the folders in it, gzipped or not, in order of their names."""
    files = sorted(path for path in folder.rglob("*") if path.name.endswith((".html", ".htm", ".html.gz")))
    return [gzip.decompress(data) if path.suffix == ".gz" else data for path in files for data in [path.read_bytes()]]
