"""HTTP bodies in WARCs: whole ones come out whole, cut ones are told."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from helpers import news_page, warc_record, write_warc

from boilerplate.batch.readers import codings
from boilerplate.batch.readers.codings import decode_body, decompress
from boilerplate.cli.main import main
from boilerplate.errors import InputError

pytest.importorskip("fastwarc")

PAGE = "".join(f"<p>Nomor {i}, {i * i} dan {i * 7919 % 1013}.</p>" for i in range(12_000)).encode()
WHOLE = [PAGE[i : i + 4000] for i in range(0, len(PAGE), 4000)]
CHUNKED = b"".join(b"%x;x=y\r\n%s\r\n" % (len(part), part) for part in WHOLE) + b"0\r\n\r\n"


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def brotli(data: bytes) -> bytes:
    return pytest.importorskip("brotli").compress(data)


def zstd(data: bytes) -> bytes:
    return pytest.importorskip("zstandard").ZstdCompressor().compress(data)


PACKERS = {
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "br": ("br", brotli),
    "zstd": ("zstd", zstd),
}
packers = pytest.mark.parametrize(("coding", "pack"), PACKERS.values(), ids=PACKERS)


@packers
def test_whole_bodies(coding: str, pack: Any) -> None:
    packed = pack(PAGE)
    for body in (packed, PAGE, b"<p>a</p>", b"; x", "<p>caf\xe9</p>".encode("latin-1")):  # decoded by the archive, too
        length = {"Content-Length": str(len(packed))}
        assert decode_body(body, {"Content-Encoding": coding, **length}) == (PAGE if body is packed else body, "")
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    for headers in (
        {"Content-Encoding": coding.upper(), "Transfer-Encoding": "chunked"},
        {"Transfer-Encoding": f"{coding}, chunked"},
    ):
        assert decode_body(chunks, headers) == (PAGE, "")
        assert decode_body(PAGE, headers) == (PAGE, "")


@packers
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_packed_bodies_that_break_off(coding: str, pack: Any, share: float) -> None:
    packed = pack(PAGE)
    part, missing = decode_body(packed[: int(len(packed) * share)], {"Content-Encoding": coding})
    assert "without its end" in missing
    assert PAGE.startswith(part)
    if share > 0.9:
        assert len(part) > len(PAGE) // 2


@packers
def test_too_large_is_an_error_in_every_coding(coding: str, pack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = pack(PAGE)
    monkeypatch.setattr(codings, "MAX_BYTES", len(PAGE))
    assert decode_body(packed, {"Content-Encoding": coding}) == (PAGE, "")
    monkeypatch.setattr(codings, "MAX_BYTES", len(PAGE) - 1)
    with pytest.raises(InputError, match="unpacks to more"):
        decode_body(packed, {"Content-Encoding": coding})


@pytest.mark.parametrize("end", [-5, -7, -2000, 5000, 2000, 12])
def test_chunks_that_break_off(end: int) -> None:
    part, missing = decode_body(CHUNKED[:end], {"Transfer-Encoding": "chunked"})
    assert missing == "chunks without the last one"
    assert PAGE.startswith(part)
    assert decode_body(CHUNKED, {"Transfer-Encoding": "chunked"}) == (PAGE, "")


def test_chunks_and_what_looks_like_some() -> None:
    headers = {"Transfer-Encoding": "chunked"}
    for text in (b"2\r\nKabar dari desa\r\n", b"-5\r\nKabar", b"0x1f\r\nKabar", b"1_0\r\nKabar", b""):
        assert decode_body(text, headers) == (text, "")
    with pytest.raises(InputError, match="broken chunks"):
        decode_body(CHUNKED[:4020] + b"x" + CHUNKED[4020:], headers)


def test_content_length() -> None:
    assert (
        decode_body(PAGE, {"Content-Length": str(len(PAGE) + 1000)})[1]
        == f"{len(PAGE):,} bytes of {len(PAGE) + 1000:,}"
    )
    for length in (str(len(PAGE)), "5", "", "-1", "many", "9" * 500, "1, 2"):
        assert decode_body(PAGE, {"Content-Length": length}) == (PAGE, "")
    for coded in ("Content-Encoding", "Transfer-Encoding"):  # of the encoded form
        assert decode_body(PAGE, {"Content-Length": "999999", coded: "chunked"}) == (PAGE, "")
    assert decode_body(PAGE, {"Content-Length": "999999", "Content-Encoding": "identity"})[1]
    assert decode_body(PAGE, None) == (PAGE, "")


def test_gzip_that_no_header_tells() -> None:
    packed = gzip.compress(PAGE)
    assert decode_body(packed, {"Content-Length": str(len(packed))}) == (PAGE, "")
    assert decode_body(packed[:-9], {})[1] == "gzip data without its end"
    assert decompress(packed + packed) == PAGE + PAGE
    for broken in (packed[:-3], packed[:100], packed[:50] + b"xxxx" + packed[54:]):
        with pytest.raises(InputError, match="broken gzip data"):
            decompress(broken)


def truncated_warc(path: Path) -> list[str]:
    """Write pages of which each lacks something, the last but one nothing; return what is said of them."""
    page = news_page(1).encode()
    story = page.index(b"Berita Terkait")
    chunk = b"%x\r\n%s\r\n" % (story, page[:story])
    truncated = warc_record(4, page).replace(b"WARC-Type", b"WARC-Truncated: length\r\nWARC-Type", 1)
    records = [
        warc_record(0, zlib.compress(page, 0)[: story + 20], more=b"Content-Encoding: deflate\r\n"),
        warc_record(1, gzip.compress(page, 0)[: story + 40], more=b"Content-Encoding: gzip\r\n"),
        warc_record(2, chunk, more=b"Transfer-Encoding: chunked\r\n"),
        warc_record(3, page[:story], more=b"Content-Length: 99999\r\n"),
        truncated,
        warc_record(5, page, more=b"Content-Length: 12\r\n"),
        warc_record(6, page)[: -len(page) // 3],
    ]
    write_warc(path, records, "plain")
    why = ["deflate data without", "gzip data without", "chunks without", "of 99,999", "WARC-Truncated: length"]
    return [*why, "", "the record breaks off"]


def test_cut_bodies_are_errors_unless_kept(model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "in.warc", tmp_path / "out.jsonl"
    why = truncated_warc(source)
    command = ["clean", "--model", str(model), str(source), "-o", str(out)]
    assert main(command) == 2
    assert "8 pages: 1 cleaned, 0 empty, 7 errors" in capfd.readouterr().err  # and the file itself
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    for row, said in zip(rows, why, strict=True):
        assert (row["status"], bool(row["text"])) == (("error", False) if said else ("ok", True))
        assert said in row["error"]
    assert main([*command, "--keep-truncated", "-v", "--overwrite"]) == 2  # the file breaks off all the same
    err = capfd.readouterr().err
    assert "8 pages: 7 cleaned, 0 empty, 1 error" in err
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    for row, said in zip(rows, why, strict=True):
        assert row["status"] == "ok"
        assert "Catatan nomor 1" in row["text"]
        assert said in row["error"]
        assert said in err
