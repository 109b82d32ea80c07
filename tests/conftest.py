"""Fixtures that several tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

STORY = [
    "Warga desa itu menanam kembali ribuan bibit bakau di sepanjang pantai yang rusak diterjang ombak besar bulan lalu.",
    "Kepala desa mengatakan kegiatan itu akan dilanjutkan setiap pekan sampai seluruh garis pantai hijau kembali.",
    "Pemerintah kabupaten menyediakan bibit dan alat, sedangkan warga menyumbang tenaga dan waktu mereka sendiri.",
]


def news_page(number: int = 0, *, article: bool = True) -> str:
    """Write a small news page, or an index page, that tells its number."""
    story = "".join(f"<p>{text} Catatan nomor {number}.</p>" for text in STORY) if article else ""
    links = "".join(f'<li><a href="/{i}">Berita singkat ke {i} hari ini</a></li>' for i in range(12))
    return (
        f"<!DOCTYPE html><html><head><title>Warga menanam bakau {number} - Kabar Uji</title></head><body>"
        '<div class="nav"><ul><li><a href="/">Beranda</a></li><li><a href="/ekonomi">Ekonomi</a></li></ul></div>'
        + (f"<h1>Warga menanam bakau {number}</h1>" if article else "<h1>Indeks berita</h1>")
        + f'<div class="isi">{story}</div><div class="terkait"><h3>Berita Terkait</h3><ul>{links}</ul></div>'
        '<div class="kaki">Hak cipta Kabar Uji</div></body></html>'
    )


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that knows `news_page` and little else."""
    from boilerplate.features.describe import names
    from boilerplate.model.file import save
    from boilerplate.segment.html import parse, segment
    from boilerplate.training.estimator import BlockClassifier

    pages = [news_page(i, article=i % 4 != 3) for i in range(12)]
    labels = []
    for page in pages:
        texts = segment(parse(page)).texts
        labels.append([_label(text) for text in texts])
    classifier = BlockClassifier(hidden=16, epochs=30, seeds=1, folds=2, drop=0.0).fit(pages, labels)
    path = tmp_path_factory.mktemp("model") / "toy.npz"
    save(path, classifier.network_, {"kind": "html", "features": list(names())})
    return path


def _label(text: str) -> str:
    if "Catatan nomor" in text:
        return "body"
    if text.startswith(("Warga", "Indeks")):
        return "meta"
    return "related" if text.startswith("Berita") else "chrome"
