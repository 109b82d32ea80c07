"""Outputs: each has a name of its own, none replaces an input, one that cannot be written costs only itself."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from helpers import Clean, html, jsonl, news_page, texts

from boilerplate import files
from boilerplate.batch import run
from boilerplate.batch.text_names import TextNames

# Names


def test_tables_of_one_name_go_to_folders_of_their_own(clean: Clean, tmp_path: Path) -> None:
    inputs = [jsonl(tmp_path / "d1/pages.jsonl", range(3)), jsonl(tmp_path / "d2/pages.jsonl", range(3, 6))]
    status, err = clean(*inputs, "-o", tmp_path / "out")
    assert (status, err.splitlines()[-1]) == (0, "6 pages: 6 cleaned, 0 empty, 0 errors")
    assert texts(tmp_path / "out") == {f"d{1 + i // 3}/pages.jsonl/{1 + i % 3:07}.txt": i for i in range(6)}


def test_what_is_given_twice_is_written_twice(clean: Clean, tmp_path: Path) -> None:
    page = html(tmp_path / "in/a.html", 1)
    html(tmp_path / "in/sub/b.html", 2)
    table = jsonl(tmp_path / "in/t.jsonl", range(3, 4))
    status, err = clean(page, page, tmp_path / "in", tmp_path / "in/sub", table, table, "-o", tmp_path / "out")
    assert (status, err.splitlines()[-1]) == (
        0,
        "7 pages: 7 cleaned, 0 empty, 0 errors; 1 skipped that are no pages (-v names them)",
    )
    assert texts(tmp_path / "out") == {
        "a.txt": 1,
        "a-2.txt": 1,
        "a-3.txt": 1,
        "sub/b.txt": 2,
        "sub/b-2.txt": 2,
        "t.jsonl/0000001.txt": 3,
        "t.jsonl/0000001-2.txt": 3,
    }


def test_a_text_and_a_folder_of_one_name(clean: Clean, tmp_path: Path) -> None:
    html(tmp_path / "in/a.html", 1)
    html(tmp_path / "in/a.txt/b.html", 2)
    html(tmp_path / "in/b.html", 3)
    assert clean(tmp_path / "in", "-o", tmp_path / "out")[0] == 0
    assert texts(tmp_path / "out") == {"_a.txt": 1, "a.txt/b.txt": 2, "b.txt": 3}
    assert clean(tmp_path / "in/a.html", tmp_path / "in/a.txt", "-o", tmp_path / "two")[0] == 0
    assert texts(tmp_path / "two") == {"a.txt": 1, "a.txt-2/b.txt": 2}


@pytest.mark.parametrize("stop", range(1, 4))
def test_names_are_the_same_after_a_stop(
    clean: Clean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    monkeypatch.setattr(run, "CHUNK_PAGES", 1)
    page, table = html(tmp_path / "in/a.html", 1), jsonl(tmp_path / "in/t.jsonl", range(3, 5))
    command = (page, tmp_path / "in", page, table, table, "-o", tmp_path / "out")
    commit, done = run.ResumableRun._commit, []

    def stopped(saved: run.ResumableRun) -> None:
        commit(saved)
        done.append(1)
        if len(done) == stop:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run.ResumableRun, "_commit", stopped)
        assert clean(*command)[0] == 130
    assert clean(*command)[0] == 0
    assert sorted(texts(tmp_path / "out").values()) == [1, 1, 1, 3, 3, 4, 4]
    assert "a-3.txt" in texts(tmp_path / "out")


def test_long_names_are_cut_and_stay_apart() -> None:
    names = TextNames()
    long = ["x" * 300 + end for end in "ab"]
    found = [names.claim(f"{name}/é{'é' * 130}.txt") for name in [*long, long[0]]]
    assert len(set(found)) == 3
    for name in found:
        assert all(len(os.fsencode(part)) <= 255 for part in name.split("/"))
        assert name.endswith(".txt")
    again = TextNames()
    assert [again.claim(f"{name}/é{'é' * 130}.txt") for name in [*long, long[0]]] == found


def test_a_page_with_the_longest_name_is_cleaned(clean: Clean, tmp_path: Path) -> None:
    for end in (".htm", ".xml"):  # an ending that is no page's stays, and .txt comes after it
        html(tmp_path / "in" / ("n" * (255 - len(end)) + end), 5)
    names = sorted((tmp_path / "in").iterdir())
    assert clean(*names, "-o", tmp_path / "out")[0] == 0
    assert list(texts(tmp_path / "out").values()) == [5, 5]


# Inputs stay


@pytest.mark.parametrize("more", [(), ("--overwrite",)])
@pytest.mark.parametrize("form", ["same", "dotted", "symlink", "hardlink", "linked folder"])
def test_a_file_never_replaces_its_input(clean: Clean, tmp_path: Path, form: str, more: tuple[str, ...]) -> None:
    table = jsonl(tmp_path / "d/a.jsonl", range(2))
    before = table.read_bytes()
    out = {"same": table, "dotted": tmp_path / "d/../d/./a.jsonl"}.get(form, tmp_path / "b.jsonl")
    if form == "symlink":
        out.symlink_to(table)
    elif form == "hardlink":
        out.hardlink_to(table)
    elif form == "linked folder":
        (tmp_path / "e").symlink_to(tmp_path / "d")
        out = tmp_path / "e/a.jsonl"
    status, err = clean(table, "-o", out, *more)
    assert (status, err.count("\n")) == (2, 1)
    assert "would replace the input" in err
    assert table.read_bytes() == before
    assert not list(tmp_path.rglob("*.parts"))


@pytest.mark.parametrize(
    ("inputs", "out"),
    [
        (["d"], "d"),
        (["d"], "d/texts"),
        (["d"], "d/sub"),
        (["d/sub"], "d/sub/../sub"),
        (["d/sub"], "d"),  # d/sub/sub/c.txt would become d/sub/c.txt
        (["d/a.txt"], "d"),
        (["d/a.txt", "d/b.html"], "link"),
        (["d/sub", "d/a.txt"], "d"),
        (["d"], "d/all.txt"),
        (["d"], "d/a.txt"),
        (["d/t.jsonl"], "d"),
        (["out.parts"], "out"),
        (["out.parts/x.html"], "out"),
        (["d"], "hard.txt"),
    ],
)
def test_texts_never_go_among_the_inputs(clean: Clean, tmp_path: Path, inputs: list[str], out: str) -> None:
    for name in ("d/a.txt", "d/b.html", "d/sub/c.txt", "d/sub/sub/c.txt", "out.parts/x.html"):
        html(tmp_path / name)
    jsonl(tmp_path / "d/t.jsonl", range(2))
    (tmp_path / "link").symlink_to("d")
    (tmp_path / "hard.txt").hardlink_to(tmp_path / "d/b.html")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for more in ((), ("--overwrite",)):
        status, err = clean(*(tmp_path / name for name in inputs), "-o", tmp_path / out, *more)
        assert (status, err.count("\n")) == (2, 1)
        assert "choose another OUT" in err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("inputs", "out"), [(["d/html"], "d"), (["d/a.html"], "d"), (["d"], "d/all.jsonl"), (["d/html", "d/a.html"], "out")]
)
def test_what_harms_no_input_is_allowed(clean: Clean, tmp_path: Path, inputs: list[str], out: str) -> None:
    html(tmp_path / "d/a.html")
    html(tmp_path / "d/html/b.html")
    assert clean(*(tmp_path / name for name in inputs), "-o", tmp_path / out, "--overwrite")[0] == 0
    assert (tmp_path / "d/a.html").read_text() == (tmp_path / "d/html/b.html").read_text() == news_page(0)


# What cannot be written


def test_a_text_that_cannot_be_written_costs_only_itself(clean: Clean, tmp_path: Path) -> None:
    for i in range(3):
        html(tmp_path / f"in/{i}/{i}.html", i)
    (tmp_path / "out/2").mkdir(parents=True)
    (tmp_path / "out/1").write_text("a file where a folder must be")
    status, err = clean(tmp_path / "in", "-o", tmp_path / "out", "--overwrite")
    assert status == 2
    assert f"boilerplate: {tmp_path}/in/1/1.html: cannot write 1/1.txt: " in err
    assert err.splitlines()[-1] == "3 pages: 2 cleaned, 0 empty, 1 error"
    (tmp_path / "out/1").unlink()
    assert texts(tmp_path / "out") == {"0/0.txt": 0, "2/2.txt": 2}


@pytest.mark.parametrize("where", ["text", "part", "manifest", "whole"])
def test_a_full_disk_names_the_file_and_loses_nothing(
    clean: Clean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(run, "CHUNK_PAGES", 2)
    source = jsonl(tmp_path / "in.jsonl", range(5))
    out = tmp_path / ("out" if where == "text" else "out.jsonl")
    name = {"text": ".part", "part": "000001.jsonl.tmp", "manifest": "manifest.jsonl", "whole": "whole"}[where]
    sync, calls = files.sync, []

    def full(file: object) -> None:
        calls.append(1)
        if str(file.name).endswith(name) and len(calls) > 3:  # type: ignore[attr-defined]
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(file)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(files, "sync", full)
        patch.setattr("boilerplate.batch.manifest.sync", full)
        status, err = clean(source, "-o", out)
    assert status == 2
    assert err.splitlines()[-1].startswith(f"boilerplate: {out}")
    assert err.splitlines()[-1].endswith(
        "o space left on device; finished chunks are kept, and the same command resumes there"
    )
    assert clean(source, "-o", out)[0] == 0
    if where == "text":
        assert sorted(texts(out).values()) == list(range(5))
    else:
        assert [json.loads(line)["source"] for line in out.read_text().splitlines()] == [
            f"{source}:{i + 1}" for i in range(5)
        ]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_standard_output_is_named(model: Path, tmp_path: Path) -> None:
    import subprocess
    import sys

    page = html(tmp_path / "a.html")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "boilerplate", "clean", page, "--model", model], stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 2
    assert done.stderr == b"boilerplate: standard output: no space left on device\n"
