"""Inputs that are compressed with Zstandard."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from helpers import Clean, jsonl, news_page

from boilerplate.batch.readers import zstd as reader

zstd = pytest.importorskip("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


def lines(count: int) -> bytes:
    return b"".join(json.dumps({"html": news_page(i)}).encode() + b"\n" for i in range(count))


def numbers(out: Path) -> list[str]:
    return [json.loads(line)["title"].split()[-1] for line in out.read_text().splitlines() if json.loads(line)["title"]]


@pytest.mark.parametrize("name", ["in.jsonl.zst", "in.csv.zst", "in.json.zst", "folder"])
def test_compressed_and_plain_inputs_give_the_same(clean: Clean, tmp_path: Path, name: str) -> None:
    if name == "folder":
        (tmp_path / "folder").mkdir()
        for i in range(3):
            (tmp_path / f"folder/{i}.html.zst").write_bytes(zstd.compress(news_page(i).encode()))
    elif name == "in.csv.zst":
        table = "html\n" + "".join('"' + news_page(i).replace('"', '""') + '"\n' for i in range(3))
        (tmp_path / name).write_bytes(zstd.compress(table.encode()))
    elif name == "in.json.zst":
        pages = json.dumps([{"html": news_page(i)} for i in range(3)])
        (tmp_path / name).write_bytes(zstd.compress(pages.encode()))
    else:
        (tmp_path / name).write_bytes(zstd.compress(lines(3)))
    assert clean(tmp_path / name, "-o", tmp_path / "out.jsonl")[0] == 0
    assert numbers(tmp_path / "out.jsonl") == ["0", "1", "2"]


def test_lines_that_are_added_are_cleaned(clean: Clean, tmp_path: Path) -> None:
    table = tmp_path / "in.jsonl.zst"
    table.write_bytes(zstd.compress(lines(2)))
    assert clean(table, "-o", tmp_path / "out.jsonl")[0] == 0
    more = json.dumps({"html": news_page(7)}).encode() + b"\n"
    table.write_bytes(table.read_bytes() + zstd.compress(more))
    assert clean(table, "-o", tmp_path / "out.jsonl")[0] == 0
    assert numbers(tmp_path / "out.jsonl") == ["0", "1", "7"]


def test_standard_input(clean: Clean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BufferedReader(io.BytesIO(zstd.compress(lines(3))))

    monkeypatch.setattr(sys, "stdin", Stdin)
    assert clean("-", "-o", tmp_path / "out.jsonl")[0] == 0
    assert numbers(tmp_path / "out.jsonl") == ["0", "1", "2"]


@pytest.mark.parametrize("name", ["in.jsonl.zst", "in.html.zst"])
def test_broken_data_is_an_error_of_its_own(clean: Clean, tmp_path: Path, name: str) -> None:
    data = lines(1) if "jsonl" in name else news_page(1).encode()
    good = jsonl(tmp_path / "good.jsonl", range(2))
    packed = zstd.compress(data)
    for broken in (packed[:-5], packed[:20] + b"\xff" * 40):
        (tmp_path / name).write_bytes(broken)
        status, err = clean(tmp_path / name, good, "-o", tmp_path / "out.jsonl", "--overwrite")
        assert status == 2
        assert "zst" in err
        assert numbers(tmp_path / "out.jsonl")[-2:] == ["0", "1"]


def test_without_the_library_the_error_names_it(clean: Clean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("backports", "backports.zstd", "compression", "compression.zstd"):
        monkeypatch.setitem(sys.modules, module, None)
    for name, data in (("in.jsonl.zst", lines(1)), ("a.html.zst", news_page(1).encode())):
        (tmp_path / name).write_bytes(reader.ZSTD + data)
        status, err = clean(tmp_path / name)
        assert (status, "pip install backports.zstd" in err) == (2, True), err
