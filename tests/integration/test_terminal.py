"""What a terminal is shown cannot steer it, and messages are one line that helps."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import news_page

from boilerplate.cli.main import main
from boilerplate.cli.terminal import MAX_MESSAGE, format_message, name_in_errors, strip_controls
from boilerplate.document import Block, Document, Result
from boilerplate.labels import Label

STEERS = ["\x1b", "\x07", "\r", "\x7f", "\x9b", "\u202e", "\u2066", "\u061c", "\u200f"]


def hostile_page() -> str:
    # HTML cannot hold every control character as it is, but by number.
    marks = "".join(f"&#{ord(mark)};" for mark in STEERS)
    return news_page(7).replace("Kepala desa", f"Kepala{marks} desa\u202e \x1b]0;milikku\x07")


def on_terminal(command: list[str]) -> tuple[int, str]:
    """Run the program with a terminal as its standard output; return its status and what the terminal got."""
    pty = pytest.importorskip("pty")
    control, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "boilerplate", *command],
        stdout=terminal,
        stderr=terminal,
        env={**os.environ, "COLUMNS": "300"},
    )
    os.close(terminal)
    got = b""
    try:
        while data := os.read(control, 65536):
            got += data
    except OSError:  # Linux: the other end is closed
        pass
    os.close(control)
    return process.wait(60), got.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    "command", [["clean"], ["clean", "--format", "jsonl"], ["label"], ["label", "--format", "jsonl"]]
)
def test_a_page_cannot_steer_the_terminal(command: list[str], model: Path, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(hostile_page(), encoding="utf-8")
    status, shown = on_terminal([*command, str(tmp_path / "a.html"), "--model", str(model)])
    assert status == 0
    assert "milikku" in shown
    assert not [mark for mark in STEERS if mark in shown]


def test_a_file_gets_the_text_as_it_is(model: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (tmp_path / "a.html").write_text(hostile_page(), encoding="utf-8")
    assert main(["clean", str(tmp_path / "a.html"), "--model", str(model)]) == 0
    out = capfdbinary.readouterr().out.decode()
    assert "desa\u202e" in out
    assert "\x1b]0;milikku" in out


@pytest.mark.parametrize(
    "command", [["clean"], ["label"], ["train", "-o", "m"], ["evaluate"], ["inspect", "-o", "z", "x"]]
)
def test_a_name_cannot_steer_the_terminal(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    name = "a\x1b[2J\u202e\x07\nb.html"
    try:
        status = main([*command, name, *(["y"] if "x" in command else [])])
    except SystemExit as stopped:  # argparse: arguments too many
        status = int(stopped.code or 0)
    assert status == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1].startswith("boilerplate")
    assert "b.html" in err
    assert not [mark for mark in STEERS if mark in err]


def test_newlines_and_tabs_steer_nothing() -> None:
    text = "satu\tdua\nké \u201ctiga\u201d \U0001f333 \u0628"
    assert strip_controls(text) == text


def test_a_message_is_of_one_bounded_line() -> None:
    line = format_message("a" * 10_000 + "\n" + "b" * 10_000)
    assert len(line) < MAX_MESSAGE + 50
    assert line.startswith("boilerplate: aaa")
    assert line.endswith("bbb")
    assert "\n" not in line


def test_a_url_is_not_a_missing_file(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for url in ("https://kabar.example/baca?id=1", "http://kabar.example"):
        for command in ("clean", "label"):
            assert main([command, url, "--model", str(model)]) == 2
            err = capsys.readouterr().err
            assert err == f"boilerplate: {url}: URLs are not fetched: curl -s URL | boilerplate {command} -\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["clean", "label"])
def test_a_full_disk_is_named(command: str, model: Path, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(news_page(1))
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "boilerplate", command, str(tmp_path / "a.html"), "--model", str(model)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 2
    assert done.stderr == "boilerplate: standard output: no space left on device\n"


def test_a_full_disk_names_the_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import errno

    from boilerplate.cli import clean, evaluate

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(clean, "clean", full)
    assert main(["clean", "a.html", "-o", str(tmp_path / "out.jsonl")]) == 2
    assert capsys.readouterr().err == f"boilerplate: {tmp_path}/out.jsonl: no space left on device\n"
    monkeypatch.setattr(evaluate, "evaluate", lambda args: name_in_errors(args.report)(full)())
    assert main(["evaluate", "set", "--report", str(tmp_path / "r.html")]) == 2
    assert capsys.readouterr().err == f"boilerplate: {tmp_path}/r.html: no space left on device\n"


def test_label_in_a_pipe_parts_its_fields_by_tabs(
    model: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    (tmp_path / "a.html").write_text(news_page(1).replace('class="isi"', 'class="isi"' + "><div" * 60))
    assert main(["label", str(tmp_path / "a.html"), "--model", str(model)]) == 0
    rows = [line.split("\t") for line in capfdbinary.readouterr().out.decode().splitlines()]
    assert {len(row) for row in rows} == {5}
    assert rows[0][3:] == ["/html/body/div[1]/ul/li[1]", "Beranda"]
    assert any(len(row[3]) > 200 for row in rows)


def test_reprs_are_of_one_short_line() -> None:
    blocks = [Block("kata " * 500, Label.BODY, 0.9, dict.fromkeys(Label, 0.1), i, "p", True) for i in range(300)]
    document = Document(blocks, "kata " * 10_000, "Judul\n" * 100, 0.98)
    result = Result("ok", document.text, document.title, 0.98, blocks=blocks)
    failed = Result("error", error="rusak\n" * 1000)
    for thing in (document, document.relabel("four"), blocks[0], result, failed):
        assert len(repr(thing)) < 200
        assert "\n" not in repr(thing)
    assert repr(blocks[3]).startswith("<Block 3: body 0.90, kept, 'kata")
    assert "300 blocks" in repr(document)
    assert repr(result).startswith("<Result: ok, 'Judul")
    assert "300 blocks, text of 50000 characters" in repr(result)
    assert repr(failed).startswith("<Result: error, 'rusak")
