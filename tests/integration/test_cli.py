"""The command line: what it prints, where, and with which status."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import STORY, news_page

from boilerplate.cli.main import main

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"


def run(*args: object, data: bytes | None = None, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own; never may it show a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "boilerplate", *map(str, args)],
        input=data,
        capture_output=True,
        timeout=120,
        env={**os.environ, **env},
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


@pytest.fixture
def clean(model: Path, capfdbinary: pytest.CaptureFixture[bytes]):
    """Run ``clean`` in this process: status, standard output, standard error."""

    def call(*args: object) -> tuple[int, str, str]:
        status = main(["clean", "--model", str(model), "--timeout", "0", *map(str, args)])
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in err
        return status, out.decode(), err.decode()

    return call


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(news_page(7), encoding="utf-8")
    return path


def expected(number: int) -> str:
    return "".join(f"{text} Catatan nomor {number}.\n" for text in STORY)


def test_help_imports_next_to_nothing() -> None:
    code = (
        "import sys\nfrom boilerplate.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'numpy', 'lxml', 'pandas', 'sklearn', 'joblib', 'tqdm', 'pyarrow', 'fastwarc', 'scipy'}\n"
        "heavy &= set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "clean" in done.stdout


def test_public_names_load_at_first_use() -> None:
    import boilerplate

    for name in boilerplate.__all__:
        assert getattr(boilerplate, name) is not None
        assert name in dir(boilerplate)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = boilerplate.nonsense


def test_version_and_usage() -> None:
    done = run("--version")
    assert done.returncode == 0
    assert done.stdout.startswith(b"boilerplate ")
    assert run().returncode == 2
    assert run("clean").returncode == 2
    assert run("clean", "x", "--jobs", "0").returncode == 2


def test_text_is_the_article_and_nothing_else(clean, page: Path) -> None:
    assert clean(page) == (0, expected(7), "")


def test_several_texts_are_parted_by_a_blank_line(clean, tmp_path: Path) -> None:
    for i in range(3):
        (tmp_path / f"{i}.html").write_text(news_page(i, article=i != 1))
    status, out, err = clean(tmp_path)
    assert status == 0
    assert out == expected(0) + "\n" + expected(2)
    assert err.splitlines()[-1] == "3 pages: 2 cleaned, 1 empty, 0 errors"


def test_jsonl_has_the_fields_in_order(clean, page: Path) -> None:
    _, out, _ = clean(page, "--format", "jsonl")
    record = json.loads(out)
    assert list(record) == ["source", "status", "title", "text", "confidence", "error", "text_source"]
    assert record["source"] == str(page)
    assert record["status"] == "ok"
    assert record["title"] == "Warga menanam bakau 7"
    assert 0 < record["confidence"] <= 1


def test_blocks_come_along(clean, page: Path) -> None:
    _, out, _ = clean(page, "--format", "jsonl", "--blocks")
    blocks = json.loads(out)["blocks"]
    assert [block["index"] for block in blocks] == list(range(len(blocks)))
    assert all(block["xpath"].startswith("/html") for block in blocks)
    status, out, err = clean(page, "--blocks")
    assert (status, out) == (2, "")
    assert "--blocks" in err


def test_standard_input(model: Path) -> None:
    done = run("clean", "-", "--model", model, data=news_page(3).encode())
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, expected(3), b"")
    packed = run("clean", "-", "--model", model, data=gzip.compress(news_page(3).encode()))
    assert packed.stdout == done.stdout


def test_output_is_utf8_whatever_the_locale(model: Path) -> None:
    page = news_page(3).replace("Kepala desa", "Kepala désa \u201cBakau\u201d")
    done = run("clean", "-", "--model", model, data=page.encode(), LC_ALL="C", PYTHONIOENCODING="ascii")
    assert "désa \u201cBakau\u201d" in done.stdout.decode("utf-8")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no text on the page"),
        (b" \n ", "no text on the page"),
        (b"<html><p></p></html>", "no text on the page"),
        (
            news_page(article=False).encode(),
            "no story beside lists of other stories: an index or a home page",
        ),
    ],
)
def test_no_article_is_no_error(clean, tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(data)
    assert clean(path) == (0, "", f"boilerplate: {path}: no article found: {why}\n")
    row = json.loads(clean(path, "--format", "jsonl")[1])
    assert (row["status"], row["error"]) == ("empty", why)


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.html", PDF, "PDF"),
        ("a.html", b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
        ("a.html.gz", gzip.compress(news_page().encode())[:-30], "gzip"),
        ("a.html.gz", b"\x1f\x8b" + b"junk" * 9, "gzip"),
        ("a.html", None, "no such file"),
    ],
)
def test_bad_page_is_one_line_and_the_others_are_done(
    clean, page: Path, tmp_path: Path, name: str, data: bytes | None, what: str
) -> None:
    bad = tmp_path / name
    if data is not None:
        bad.write_bytes(data)
    status, out, err = clean(bad, page)
    assert (status, out) == (2, expected(7))
    first, last = err.splitlines()
    assert first.startswith(f"boilerplate: {bad}: ")
    assert what in first
    assert last == "2 pages: 1 cleaned, 0 empty, 1 error"


def test_gz_page(clean, tmp_path: Path) -> None:
    path = tmp_path / "a.html.gz"
    path.write_bytes(gzip.compress(news_page(5).encode()))
    assert clean(path) == (0, expected(5), "")


def test_folder_without_pages(clean, tmp_path: Path) -> None:
    (tmp_path / "readme.md").write_text("x")
    status, out, err = clean(tmp_path)
    assert (status, out) == (2, "")
    assert f"boilerplate: {tmp_path}: no pages" in err


def test_pattern_that_the_shell_left_alone(clean, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    for name in ("a.html", "x/b.html"):
        (tmp_path / name).write_text(news_page(1))
    assert clean(tmp_path / "**" / "*.html")[1] == expected(1) + "\n" + expected(1)
    status, _, err = clean(tmp_path / "*.xml")
    assert status == 2
    assert "nothing matches" in err


@pytest.mark.parametrize("data", [None, b"", b"no zip"])
def test_bad_model(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes | None) -> None:
    path = tmp_path / "m.npz"
    if data is not None:
        path.write_bytes(data)
    for command in ("clean", "label"):
        assert main([command, str(page), "--model", str(path)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        assert err.startswith("boilerplate: ")
        assert str(path) in err


def test_wrong_column(clean, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("url,page\nu,x\n")
    (tmp_path / "a.jsonl").write_text('{"url": 1, "page": "x"}\n' * 3)
    for name in ("a.csv", "a.jsonl"):
        status, out, err = clean(tmp_path / name, "--format", "jsonl")
        assert (status, out) == (2, "")
        assert (
            err.splitlines()[0]
            == f"boilerplate: {tmp_path / name}: no field 'html' (there are: url, page): name it with --column"
        )


def test_unwritable_output(clean, page: Path, tmp_path: Path) -> None:
    status, _, err = clean(page, "-o", page / "x" / "out.txt")
    assert status == 2
    assert err.count("\n") == 1
    status, _, err = clean(page, "--format", "parquet")
    assert status == 2
    assert "-o OUT" in err


def test_output_column_may_not_hide_another(clean, page: Path) -> None:
    status, _, err = clean(page, "--format", "jsonl", "--output-column", "title")
    assert status == 2
    assert "title" in err


def test_label_table_and_jsonl(model: Path, page: Path) -> None:
    table = run("label", page, "--model", model, COLUMNS="90").stdout.decode().splitlines()
    assert all(len(line) <= 90 for line in table)
    number, label, probability, xpath, *_ = table[2].split()
    assert (number, label) == ("2", "meta")
    assert 0 <= float(probability) <= 1
    assert xpath == "/html/body/h1"
    lines = run("label", page, "--model", model, "--format", "jsonl").stdout.decode().splitlines()
    blocks = [json.loads(line) for line in lines]
    assert len(blocks) == len(table)
    assert {"index", "label", "probability", "probabilities", "xpath", "text"} <= set(blocks[0])
    four = run("label", page, "--model", model, "--format", "jsonl", "--four").stdout.decode().splitlines()
    views = [json.loads(line) for line in four]
    assert views[2]["label"] == "other"  # the headline
    assert all(list(view["probabilities"]) == ["body", "related", "popular", "ad", "other"] for view in views)
    assert all(abs(sum(view["probabilities"].values()) - 1) < 1e-3 for view in views)


def test_label_of_what_is_no_page(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    for path in (tmp_path / "a.pdf", tmp_path / "nothing", tmp_path):
        assert main(["label", str(path), "--model", str(model)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") == 1
        assert str(path) in err
    (tmp_path / "e.html").write_bytes(b"")
    assert main(["label", str(tmp_path / "e.html"), "--model", str(model)]) == 0


def test_table_of_blocks_cannot_steer_the_terminal() -> None:
    from boilerplate.cli.label import format_table
    from boilerplate.document import Block
    from boilerplate.labels import Label

    (line,) = format_table([Block("a\x1b[2Jb", Label.BODY, 1.0, {}, 0)], 0)
    assert "\x1b" not in line


def test_reader_that_goes_away(model: Path, tmp_path: Path) -> None:
    for i in range(200):
        (tmp_path / f"{i}.html").write_text(news_page(i))
    process = subprocess.Popen(
        [sys.executable, "-m", "boilerplate", "clean", str(tmp_path), "--model", str(model)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 141
    assert err == b""


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    folder = tmp_path / "set"
    folder.mkdir()
    lines = []
    for i in range(8):
        (folder / f"{i}.html").write_text(news_page(i).replace('class="', f'class="p{i % 4}-'))
        regions = [
            ["//div[contains(@class, 'isi')]", "body"],
            ["//div[contains(@class, 'terkait')]", "related"],
            ["//h1", "meta"],
        ]
        lines.append(json.dumps({"page": f"{i}.html", "portal": f"p{i % 4}.example", "regions": regions}))
    (folder / "pages.jsonl").write_text("\n".join(lines))
    return folder


def test_train_and_evaluate(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = tmp_path / "models" / "mine"
    small = ["--epochs", "2", "--hidden", "4", "--seeds", "1", "--jobs", "1", "--folds", "2"]
    assert main(["train", str(dataset), "-o", str(name), *small]) == 0
    out, err = capsys.readouterr()
    assert "mine" in out
    assert f"{name}.npz" in err
    before = name.with_suffix(".npz").read_bytes()
    assert main(["info", f"{name}.npz", "--json"]) == 0
    about = json.loads(capsys.readouterr().out)
    assert about["command"].split()[4:] == [dataset.name, "-o", "mine", *small[:6], *small[8:]]
    assert re.fullmatch(r"[0-9a-f]*", about["commit"])
    assert "macro-F1" in about["figures"][0]
    name.with_suffix(".md").write_text("notes of my own")
    assert main(["train", str(dataset), "-o", str(name), *small, "--random-state", "5"]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"boilerplate: {name}.npz: already exists (overwrite replaces it)\n")
    assert name.with_suffix(".npz").read_bytes() == before
    assert name.with_suffix(".md").read_text() == "notes of my own"
    assert main(["train", str(dataset), "-o", f"{name}.npz", *small, "--random-state", "5", "--overwrite"]) == 0
    capsys.readouterr()
    assert name.with_suffix(".npz").read_bytes() != before
    assert "notes" not in name.with_suffix(".md").read_text()
    assert main(["evaluate", str(dataset), "--model", f"{name}.npz", "--jobs", "1"]) == 0
    assert "| portal |" in capsys.readouterr().out
    assert main(["evaluate", str(dataset), "--model", f"{name}.npz", "--jobs", "1", "--format", "json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["pages"] == 8
    assert set(figures["portals"]) == {f"p{i}.example" for i in range(4)}


@pytest.mark.parametrize("taken", ["m.npz", "m.md", "dangling", "folder", "file above"])
def test_train_says_what_it_cannot_write_before_it_works(
    tmp_path: Path, taken: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from boilerplate.training import fitting as train

    monkeypatch.setattr(train, "read_dataset", lambda *_: pytest.fail("a page was read"))
    out = tmp_path / "m"
    if taken == "dangling":
        (tmp_path / "m.npz").symlink_to(tmp_path / "nowhere")
    elif taken == "folder":
        (tmp_path / "m.md").mkdir()
    elif taken == "file above":
        (tmp_path / "above").write_text("x")
        out = tmp_path / "above" / "m"
    else:
        (tmp_path / taken).write_text("mine")
    assert main(["train", str(tmp_path), "-o", str(out)]) == 2
    _, err = capsys.readouterr()
    assert err.count("\n") == 1
    assert err.startswith(f"boilerplate: {tmp_path}/")
    with pytest.raises(OSError, match=str(tmp_path)):
        train.train_model([tmp_path], out)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('{"page": "0.html", "regions": [["//p", "bdy"]]}', "bdy"),
        ('{"pag": "0.html"}', "'page'"),
        ("{", "not JSON"),
        ('{"page": "none.html", "regions": [["//p", "body"]]}', "none.html"),
    ],
)
def test_bad_dataset(
    dataset: Path, model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, what: str
) -> None:
    (dataset / "pages.jsonl").write_text(line)
    for command in (
        ["train", str(dataset), "-o", str(tmp_path / "m"), "--no-evaluate"],
        ["evaluate", str(dataset), "--model", str(model)],
    ):
        assert main([*command, "--jobs", "1"]) == 2
        err = capsys.readouterr().err
        assert "boilerplate: " in err
        assert what in err
        assert "Traceback" not in err


def test_progress_lines_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from boilerplate.cli import progress as cli_progress

    err = io.StringIO()
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setattr(cli_progress, "INTERVAL", 0.0)
    progress = cli_progress.TerminalProgress()
    progress.start(None, "cleaning")
    progress.advance(0.25)
    progress.close()
    assert err.getvalue().startswith("cleaning: 1 of about 4 (25%), ")
    assert " left" in err.getvalue()
    assert [cli_progress.format_duration(s) for s in (5, 125, 3725)] == ["0:05", "2:05", "1:02:05"]
