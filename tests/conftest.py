"""Fixtures that several tests share."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from boilerplate.cli.main import main

Clean = Callable[..., tuple[int, str]]

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


def jsonl(path: Path, numbers: range) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps({"html": news_page(i)}) + "\n" for i in numbers))
    return path


def html(path: Path, number: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(news_page(number))
    return path


def texts(out: Path) -> dict[str, int]:
    """Names of the texts in a folder, and which page each is of."""
    return {
        path.relative_to(out).as_posix(): int(path.read_text().rpartition("nomor ")[2].rstrip(".\n"))
        for path in out.rglob("*")
        if path.is_file()
    }


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


@pytest.fixture
def clean(model: Path, capfd: pytest.CaptureFixture[str]) -> Clean:
    """Run ``clean`` in this process: status and standard error."""

    def call(*args: object) -> tuple[int, str]:
        status = main(["clean", "--model", str(model), "--timeout", "0", *map(str, args)])
        err = capfd.readouterr().err
        assert "Traceback" not in err
        return status, err

    return call


def _label(text: str) -> str:
    if "Catatan nomor" in text:
        return "body"
    if text.startswith(("Warga", "Indeks")):
        return "meta"
    return "related" if text.startswith("Berita") else "chrome"
