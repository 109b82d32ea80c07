"""What several tests make their inputs with: pages, and the files that hold pages."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boilerplate.model.network import SpanModel

Clean = Callable[..., tuple[int, str]]  # the fixture ``clean``: arguments to status and standard error
ROOT = Path(__file__).resolve().parent.parent
PORTALS = ROOT / "datasets" / "portals"  # the dataset of pages that we wrote ourselves

STORY = [
    (
        "Warga desa itu menanam kembali ribuan bibit bakau di sepanjang pantai yang rusak diterjang ombak besar "
        "bulan lalu."
    ),
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


def leaking_page(number: int, topic: str = "bakau") -> str:
    """Write a news page with a box of links inside the story that has a name and a heading that no other portal has."""
    paragraphs = [
        f"Warga di sekitar {topic} itu berkumpul sejak pagi untuk membahas rencana kerja bersama kepala desa.",
        f"Menurut panitia, perbaikan {topic} akan selesai dalam dua pekan jika cuaca tetap baik dan bahan tepat waktu.",
        f"Biaya untuk {topic} sebagian besar berasal dari iuran warga, sisanya dari kas desa hasil musyawarah.",
        f"Panitia berharap {topic} yang baru dapat dipakai seluruh warga sebelum musim hujan tiba akhir tahun nanti.",
    ]
    leak = (
        f'<div class="zkwv">Sambil ngopi kita telaah pula kisah warga nomor {number} yang menunggu {topic} '
        "sekian lama tanpa kabar.</div>"
    )
    body = "".join(f"<p>{text}</p>" + (leak if i == 1 else "") for i, text in enumerate(paragraphs))
    return (
        f"<!DOCTYPE html><html><head><title>Perbaikan {topic} dibahas warga desa</title></head><body><div class=hd>"
        f'<a href="/">Beranda</a></div><h1>Perbaikan {topic} dibahas warga desa</h1><div class="xcontent">{body}</div>'
        '<div class="ft">Hak cipta</div></body></html>'
    )


def jsonl(path: Path, numbers: range) -> Path:
    """Write JSON lines that each hold a page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps({"html": news_page(i)}) + "\n" for i in numbers))
    return path


def html(path: Path, number: int = 0) -> Path:
    """Write a page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(news_page(number))
    return path


def texts(out: Path) -> dict[str, int]:
    """Return the names of the texts in a folder, and which page each is of."""
    return {
        path.relative_to(out).as_posix(): int(path.read_text().rpartition("nomor ")[2].rstrip(".\n"))
        for path in out.rglob("*")
        if path.is_file()
    }


def warc_record(number: int, body: bytes, kind: str = "text/html", status: str = "200 OK", more: bytes = b"") -> bytes:
    """Return a WARC record of a response; ``more`` goes into its HTTP header."""
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n".encode() + more + b"\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://uji.example/{number}\r\n"
        "WARC-Date: 2024-01-02T03:04:05Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def write_warc(path: Path, records: list[bytes], how: str) -> None:
    """Write a WARC: plain, each record compressed by itself, or compressed as a whole."""
    whole = b"".join(records)
    packed = {"plain": whole, "each": b"".join(map(gzip.compress, records)), "whole": gzip.compress(whole)}
    path.write_bytes(packed[how])


def untrained_finder() -> SpanModel:
    """Return a finder of noise inside blocks that has learned nothing: its weights are drawn."""
    import numpy as np

    from boilerplate.features.neighbours import WIDTH
    from boilerplate.labels import LABELS
    from boilerplate.model.evidence import Table
    from boilerplate.model.network import Layers, Network, SpanModel
    from boilerplate.spans.finder import feature_names

    rng = np.random.default_rng(0)
    width = {name: len(columns) for name, columns in feature_names().items()}

    def layers(inputs: int, outputs: int) -> Layers:
        sizes = ((inputs, 4), (4,), (4, outputs), (outputs,))
        mean, scale = np.zeros(inputs, np.float32), np.ones(inputs, np.float32)
        return Layers(mean, scale, *(rng.normal(size=size).astype(np.float32) for size in sizes))

    tables = [Table(np.zeros(0, np.uint64), np.zeros((0, len(LABELS)), np.int8)) for _ in range(2)]
    n = len(LABELS)
    network = Network(layers(width["pieces"], n), layers(width["pieces"] + WIDTH, n))
    return SpanModel(layers(width["borders"], 2), *tables, network)
