"""What is taken for a page, what for many, and what is said of the rest."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import STORY, news_page

from boilerplate.batch import run
from boilerplate.batch.readers import json as json_reader
from boilerplate.batch.readers.folder import FolderReader
from boilerplate.batch.readers.json import JsonReader
from boilerplate.cli.main import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(model: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process: status, standard output, standard error."""

    def call(*args: object, data: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))
        status = main([str(args[0]), "--model", str(model), *map(str, args[1:])])
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in err
        return status, out.decode(), err.decode()

    return call


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def json_lines(column: str = "html", n: int = 7) -> bytes:
    return b"".join(json.dumps({"id": i, column: news_page(i)}).encode() + b"\n" for i in range(n))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_json_lines_on_standard_input(command: Run, pack: Callable[[bytes], bytes]) -> None:
    status, out, err = command("clean", "-", "--column", "page", "--format", "jsonl", data=pack(json_lines("page")))
    assert (status, err) == (0, "7 pages: 7 cleaned, 0 empty, 0 errors\n")
    assert [row["id"] for row in lines(out)] == list(range(7))
    assert [row["source"] for row in lines(out)] == [f"-:{i + 1}" for i in range(7)]
    assert all(f"Catatan nomor {i}." in str(row["text"]) for i, row in enumerate(lines(out)))
    status, out, err = command("clean", "-", "--format", "jsonl", data=pack(json_lines("page")))
    assert (status, out) == (2, "")
    assert "no field 'html' (there are: id, page): name it with --column" in err
    status, out, _ = command(
        "clean", "-", "--format", "jsonl", data=pack(b"\xef\xbb\xbf" + json_lines() + b"{broken\n")
    )
    assert status == 2
    assert [row["status"] for row in lines(out)] == ["ok"] * 7 + ["error"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_page_on_standard_input(command: Run, pack: Callable[[bytes], bytes]) -> None:
    for page in (news_page(3), "\n\n" + news_page(3), news_page(3).replace("><", ">\n<")):
        status, out, err = command("clean", "-", data=pack(page.encode()))
        assert (status, err) == (0, "")
        assert "Catatan nomor 3." in out
    assert command("clean", "-", data=pack(b""))[2] == "boilerplate: -: no article found: no text on the page\n"
    assert "JSON" in command("clean", "-", data=pack(b'{"html": "<p>breaks off'))[2]


def test_broken_standard_input(command: Run) -> None:
    packed = gzip.compress(os.urandom(5000))
    for data in (packed[:-100], gzip.compress(json_lines())[:-9], b"\x1fabc"):
        status, _, err = command("clean", "-", data=data)
        assert status == 2
        assert "broken gzip data" in err or "ended before" in err


@pytest.mark.parametrize("stop", [1, 2])
def test_standard_input_resumes(command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: int) -> None:
    monkeypatch.setattr(run, "CHUNK_PAGES", 3)
    out = tmp_path / "out.jsonl"
    commit, calls = run.ResumableRun._commit, 0

    def stopping(saved: run.ResumableRun) -> None:
        nonlocal calls
        commit(saved)
        calls += 1
        if calls == stop:
            raise RuntimeError("stopped")

    with monkeypatch.context() as patch:
        patch.setattr(run.ResumableRun, "_commit", stopping)
        assert command("clean", "-", "-o", out, data=json_lines())[0] == 1
    status, _, err = command("clean", "-", "-o", out, data=json_lines().replace(b'"id": 0', b'"id": 9'))
    assert status == 2
    assert "-: has changed since" in err
    assert command("clean", "-", "-o", out, data=json_lines())[0] == 0
    assert [row["id"] for row in lines(out.read_text())] == list(range(7))


ROWS = [{"id": i, "html": news_page(i), "n": {"a": [1, "]"]}} for i in range(5)]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ROWS),
        json.dumps(ROWS, indent=2),
        "[\n" + ",\n".join(map(json.dumps, ROWS)) + "\n]\n",
        "\n".join(map(json.dumps, ROWS)),
        "\ufeff" + "\n".join(json.dumps(row, indent=1) for row in ROWS),
    ],
    ids=["array", "indented", "a line each", "lines", "objects"],
)
@pytest.mark.parametrize("portion", [7, 2**20])
def test_json_files(command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, portion: int) -> None:
    monkeypatch.setattr(json_reader, "_READ_SIZE", portion)
    for name, data in (("in.json", text.encode()), ("in.json.gz", gzip.compress(text.encode()))):
        (tmp_path / name).write_bytes(data)
        status, out, err = command("clean", tmp_path / name, "--format", "jsonl")
        assert (status, err) == (0, "5 pages: 5 cleaned, 0 empty, 0 errors\n")
        assert [(row["id"], row["n"]) for row in lines(out)] == [(row["id"], row["n"]) for row in ROWS]
        found = list(JsonReader(tmp_path / name).pages())
        for number, page in enumerate(found):
            assert [left.source for left in JsonReader(tmp_path / name).pages(page.cursor)] == [
                left.source for left in found[number + 1 :]
            ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no objects in it"),
        ("[]", "no objects in it"),
        ('[{"html": "a"}, {"html": "b"', "after object 1: not JSON"),
        ('[{"html": "a"}, ', "after object 1: not JSON: breaks off"),
        ('{"html": "a"} kabar', "after object 1: not JSON"),
        ('{"page": "a"}', "no field 'html' (there are: page): name it with --column"),
        ("12", "not a JSON object"),
        ('[["a"]]', "not a JSON object"),
        ("[" * 100_000, "recursion"),
    ],
)
def test_json_files_that_are_none(command: Run, tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "in.json").write_text(text)
    status, _, err = command("clean", tmp_path / "in.json")
    assert status == 2
    assert why in err


def test_json_values_that_are_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "MAX_FIELD", 500)
    monkeypatch.setattr(json_reader, "_READ_SIZE", 100)
    (tmp_path / "in.json").write_text(json.dumps([{"html": "a" * 300}, {"html": "a" * 9000}, {"html": "b"}]))
    found = list(JsonReader(tmp_path / "in.json").pages())
    assert len(found[0].content or "") == 300
    assert found[1].error.startswith("after object 1: longer than")
    assert len(found) == 2


@pytest.mark.parametrize("name", ["in.jsonl", "in.json", "in.csv", "in.parquet", "in.warc", "in.warc.gz", "-", "."])
def test_label_takes_one_page(command: Run, tmp_path: Path, name: str) -> None:
    path = name if name == "-" else tmp_path / name
    if name not in ("-", "."):
        (tmp_path / name).write_bytes(b"html\n")
    status, out, err = command("label", path, data=json_lines())
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert f"label takes one: use boilerplate clean --blocks --format jsonl {path}" in err


def mirror(folder: Path) -> list[str]:
    """A wget mirror; returns its pages."""
    page = news_page(1)
    pages = {
        "index.html?p=1": page,
        "berita": "\ufeff\n<!-- dibuat otomatis -->\n" + page,
        "lihat.php": page,
        "arsip.aspx": '<?xml version="1.0"?>\n' + page,
        "potong.cfm": "<div>" + page,
        "kota.com": "<HTML >" + page,
        "biasa.html": page,
    }
    others = {
        "gaya.css": "<p>x</p>",
        "foto.JPG": page,
        "kode.php": "<?php echo 1; ?>",
        "data.xml": "<?xml version='1.0'?><rss></rss>",
        "catatan": "tanpa tag",
        "kosong": "",
        "abstrak.tex": "<abstract>",
    }
    folder.mkdir()
    for name, text in {**pages, **others}.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "putus.html").symlink_to(folder / "tiada")
    (folder / "ke-folder").symlink_to(folder.parent)
    return sorted(pages)


def test_a_mirror(command: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "situs", tmp_path / "out"
    pages = mirror(source)
    status, _, err = command("clean", source, "-o", out)
    assert (status, err) == (0, "7 pages: 7 cleaned, 0 empty, 0 errors; 9 skipped that are no pages (-v names them)\n")
    want = sorted(name.removesuffix(".html") + ".txt" for name in pages)
    assert sorted(path.name for path in out.iterdir()) == want
    status, printed, err = command("clean", source, "-v")
    assert printed.count("Catatan nomor 1.") == 7 * len(STORY)
    reasons = dict(line.removeprefix(f"boilerplate: skipped: {source}/").split(": ") for line in err.splitlines()[:-1])
    assert reasons == {
        "gaya.css": ".css file",
        "foto.JPG": ".jpg file",
        "kode.php": "no HTML in it",
        "data.xml": "no HTML in it",
        "catatan": "no HTML in it",
        "kosong": "no HTML in it",
        "abstrak.tex": "no HTML in it",
        "putus.html": "link to a file that is not there",
        "ke-folder": "link to a folder",
    }
    assert err.splitlines()[-1] == "7 pages: 7 cleaned, 0 empty, 0 errors; 9 skipped that are no pages"


@pytest.mark.parametrize("most", [1, 2, 1000])
def test_nothing_skipped_is_told_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    for module in ("folder", "warc"):
        monkeypatch.setattr(f"boilerplate.batch.readers.{module}.MAX_SKIPPED", most)
    mirror(tmp_path / "situs")
    found = list(FolderReader(tmp_path / "situs").pages())
    every = [line for page in found for line in page.skipped]
    assert len(every) == len(set(every)) == 9
    for number, page in enumerate(found):
        left = list(FolderReader(tmp_path / "situs").pages(page.cursor))
        assert [one.source for one in left if one.has_record] == [
            one.source for one in found[number + 1 :] if one.has_record
        ]
        assert [line for one in left for line in one.skipped] == [
            line for one in found[number + 1 :] for line in one.skipped
        ]


def test_a_folder_without_pages_names_what_it_skipped(command: Run, tmp_path: Path) -> None:
    (tmp_path / "a.css").touch()
    status, _, err = command("clean", tmp_path, "-v")
    assert status == 2
    assert f"skipped: {tmp_path}/a.css: .css file" in err
    assert "no pages in this folder" in err


def test_empty_pages_give_their_reason(command: Run, tmp_path: Path) -> None:
    rows = [news_page(0), news_page(1, article=False), " ", None, "<p>Kabar singkat.</p>"]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps({"html": page}) + "\n" for page in rows))
    for blocks in ((), ("--blocks",)):
        status, out, err = command("clean", source, "--format", "jsonl", *blocks)
        assert (status, err) == (0, "5 pages: 1 cleaned, 4 empty, 0 errors\n")
        found = lines(out)
        assert [bool(row["error"]) for row in found] == [False, True, True, True, True]
        assert "an index or a home page" in str(found[1]["error"])
        assert found[2]["error"] == found[3]["error"] == "no text on the page"
    err = command("clean", source, "-v")[2]
    assert err.count("no article found: ") == 4
    assert f"{source}:2: no article found: no story beside lists" in err


def test_feeds_are_errors(command: Run, tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text(f'<?xml version="1.0"?><rss><channel><item>{STORY[0]}</item></channel></rss>')
    for args, data in (("clean", feed), b""), (("clean", "-"), feed.read_bytes()), (("label", feed), b""):
        status, out, err = command(*args, data=data)
        assert (status, out) == (2, "")
        assert err == f"boilerplate: {args[1]}: not a page or a text: an RSS feed\n"


@pytest.mark.parametrize("form", ["out.jsonl", "out"])
def test_what_is_skipped_counts_once_in_a_run_that_resumes(
    command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(run, "CHUNK_PAGES", 2)
    source, out = tmp_path / "situs", tmp_path / form
    mirror(source)
    commit = run.ResumableRun._commit

    def stopping(saved: run.ResumableRun) -> None:
        commit(saved)
        raise RuntimeError("stopped")

    with monkeypatch.context() as patch:
        patch.setattr(run.ResumableRun, "_commit", stopping)
        for _ in range(3):
            assert command("clean", source, "-o", out)[0] == 1
    status, _, err = command("clean", source, "-o", out)
    assert status == 0
    assert err.startswith("7 pages: 7 cleaned, 0 empty, 0 errors; 9 skipped that are no pages")
    status, _, err = command("clean", source, "-o", out)
    assert status == 0
    assert "nothing to do" in err
