"""What a second run of a command makes of the first: nothing is taken for granted."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import Clean, html, jsonl, news_page, texts

from boilerplate.batch import run

DONE = "already complete, nothing to do"
Again = Callable[[], tuple[int, str]]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "CHUNK_PAGES", 2)


def last(err: str) -> str:
    return err.splitlines()[-1]


def interrupt(clean: Clean, monkeypatch: pytest.MonkeyPatch, *command: object, after: int = 1) -> None:
    """Run a command until some chunks are done."""
    commit, done = run.ResumableRun._commit, []

    def stopped(saved: run.ResumableRun) -> None:
        commit(saved)
        done.append(1)
        if len(done) == after:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run.ResumableRun, "_commit", stopped)
        assert clean(*command)[0] == 130


# Outputs that are gone


@pytest.mark.parametrize("kind", ["folder", "table", "files"])
def test_deleted_texts_are_made_again(clean: Clean, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    if kind == "table":
        inputs = [jsonl(tmp_path / "in.jsonl", range(7))]
    else:
        files = [html(tmp_path / f"in/{i % 2}/{i}.html", i) for i in range(7)]
        inputs = files if kind == "files" else [tmp_path / "in"]
    assert clean(*inputs, "-o", out)[0] == 0
    before = texts(out)
    assert sorted(before.values()) == list(range(7))
    assert DONE in clean(*inputs, "-o", out)[1]
    gone = [name for name, number in before.items() if number in (0, 3, 6)]
    for name in gone:
        (out / name).unlink()
    status, err = clean(*inputs, "-o", out)
    assert (status, last(err)) == (0, "7 pages: 7 cleaned, 0 empty, 0 errors (4 pages done by an earlier run)")
    assert texts(out) == before
    assert DONE in clean(*inputs, "-o", out)[1]
    shutil.rmtree(out)
    status, err = clean(*inputs, "-o", out)
    assert (status, last(err)) == (0, "7 pages: 7 cleaned, 0 empty, 0 errors")
    assert texts(out) == before


def test_texts_deleted_while_the_run_was_stopped(clean: Clean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = jsonl(tmp_path / "in.jsonl", range(9)), tmp_path / "out"
    interrupt(clean, monkeypatch, source, "-o", out, after=3)
    for number in (1, 4):
        (out / f"in.jsonl/{number:07}.txt").unlink()
    interrupt(clean, monkeypatch, source, "-o", out, after=1)  # in the middle of making them again
    status, err = clean(source, "-o", out)
    assert (status, last(err).split(" (")[0]) == (0, "9 pages: 9 cleaned, 0 empty, 0 errors")
    assert sorted(texts(out).values()) == list(range(9))


@pytest.mark.parametrize("ending", ["jsonl", "csv", "txt"])
def test_a_deleted_file_is_made_again(clean: Clean, tmp_path: Path, ending: str) -> None:
    source, out = jsonl(tmp_path / "in.jsonl", range(5)), tmp_path / f"out.{ending}"
    assert clean(source, "-o", out)[0] == 0
    before = out.read_bytes()
    assert DONE in clean(source, "-o", out)[1]
    out.unlink()
    assert last(clean(source, "-o", out)[1]) == "5 pages: 5 cleaned, 0 empty, 0 errors"
    assert out.read_bytes() == before


def test_parts_deleted_while_the_run_was_stopped(clean: Clean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = jsonl(tmp_path / "in.jsonl", range(6))
    interrupt(clean, monkeypatch, source, "-o", tmp_path / "out.jsonl", after=2)
    shutil.rmtree(tmp_path / "out.jsonl.parts")
    assert last(clean(source, "-o", tmp_path / "out.jsonl")[1]) == "6 pages: 6 cleaned, 0 empty, 0 errors"
    interrupt(clean, monkeypatch, source, "-o", tmp_path / "out", after=2)
    shutil.rmtree(tmp_path / "out.parts")
    status, err = clean(source, "-o", tmp_path / "out")  # texts that nothing tells of
    assert (status, err.count("\n")) == (2, 1)
    assert "no record" in err
    assert last(clean(source, "-o", tmp_path / "out", "--overwrite")[1]) == "6 pages: 6 cleaned, 0 empty, 0 errors"


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_part_deleted_while_the_run_was_stopped(
    clean: Clean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    source, out = jsonl(tmp_path / "in.jsonl", range(8)), tmp_path / "out.jsonl"
    interrupt(clean, monkeypatch, source, "-o", out, after=3)
    (tmp_path / f"out.jsonl.parts/{number:06}.jsonl").unlink()
    status, err = clean(source, "-o", out)
    earlier = f" ({2 * number} pages done by an earlier run)" if number else ""
    assert (status, last(err)) == (0, f"8 pages: 8 cleaned, 0 empty, 0 errors{earlier}")
    assert [json.loads(line)["source"] for line in out.read_text().splitlines()] == [
        f"{source}:{i + 1}" for i in range(8)
    ]


# Outputs that are not this run's


def test_a_folder_of_somebody_else(clean: Clean, tmp_path: Path) -> None:
    source, out = jsonl(tmp_path / "in.jsonl", range(2)), tmp_path / "out"
    out.mkdir()
    (out / ".gitkeep").touch()
    (out / "README").write_text("mine")
    status, err = clean(source, "-o", out)
    assert (status, err.count("\n")) == (2, 1)
    assert "no record says that this command wrote it" in err
    assert not list(tmp_path.glob("*.parts"))
    assert clean(source, "-o", out, "--overwrite")[0] == 0
    assert (out / "README").read_text() == "mine"
    assert len(list((out / "in.jsonl").iterdir())) == 2
    (out / "README").unlink()
    assert DONE in clean(source, "-o", out)[1]


@pytest.mark.parametrize("name", ["out", "out.jsonl"])
def test_outputs_of_other_inputs_and_other_commands(clean: Clean, tmp_path: Path, name: str) -> None:
    one, two = jsonl(tmp_path / "one.jsonl", range(3)), jsonl(tmp_path / "two.jsonl", range(3, 5))
    out = tmp_path / name
    assert clean(one, "-o", out)[0] == 0
    for command, what in (
        ([two], "made from other inputs"),
        ([one, "--favour", "recall"], "written by another command"),
        ([one, "--column", "page"], "written by another command"),
    ):
        status, err = clean(*command, "-o", out)
        assert status == 2
        assert what in err
        assert "--overwrite" in err
    one.write_text(one.read_text().replace("bakau", "jati"))
    status, err = clean(one, "-o", out)
    assert status == 2
    assert f"{one}: has changed since" in err
    assert clean(two, "-o", out, "--overwrite")[0] == 0
    if name == "out":
        assert sorted(texts(out).values()) == [3, 4]  # those of the first command are gone
    else:
        assert len(out.read_text().splitlines()) == 2
    assert DONE in clean(two, "-o", out)[1]


def test_an_output_that_somebody_changed(clean: Clean, tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", range(3))
    for out, changed in (
        (tmp_path / "o.jsonl", tmp_path / "o.jsonl"),
        (tmp_path / "o", tmp_path / "o/in.jsonl/0000002.txt"),
    ):
        assert clean(source, "-o", out)[0] == 0
        changed.write_text("mine")
        status, err = clean(source, "-o", out)
        assert (status, err.count("\n")) == (2, 1)
        assert f"{changed}: has changed since it was written" in err
        assert changed.read_text() == "mine"
        changed.unlink()
        assert clean(source, "-o", out)[0] == 0


def test_standard_input_is_not_taken_for_the_same(
    clean: Clean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    def say(number: int) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(news_page(number).encode())))

    say(1)
    assert clean("-", "-o", tmp_path / "out.txt")[0] == 0
    (tmp_path / "out.txt.parts").mkdir()
    (tmp_path / "out.txt.parts/lock").touch()  # as of a run that was killed when all was done
    say(2)
    status, err = clean("-", "-o", tmp_path / "out.txt")
    assert status == 2
    assert "cannot be known" in err
    assert not (tmp_path / "out.txt.parts").exists()
    say(2)
    assert clean("-", "-o", tmp_path / "out.txt", "--overwrite")[0] == 0
    assert "nomor 2" in (tmp_path / "out.txt").read_text()


# Inputs that have grown


@pytest.mark.parametrize("stopped", [False, True])
@pytest.mark.parametrize("ending", ["", ".jsonl", ".csv", ".txt", ".parquet"])
def test_pages_that_came_to_a_folder(
    clean: Clean,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
    stopped: bool,
) -> None:
    if ending == ".parquet":
        pytest.importorskip("pyarrow")
    source, out = tmp_path / "in", tmp_path / f"out{ending}"
    for i in range(1, 6):
        html(source / f"{i}/{i}.html", i)
    command = (source, "-o", out)
    if stopped:
        interrupt(clean, monkeypatch, *command, after=2)
    else:
        assert clean(*command)[0] == 0
    html(source / "0.html", 0)  # before all others
    html(source / "1/1.htm", 6)  # its text may not take the place of another's
    html(source / "9.html", 9)
    interrupt(clean, monkeypatch, *command, after=1)
    status, err = clean(*command)
    assert (status, last(err).split(" (")[0]) == (0, "8 pages: 8 cleaned, 0 empty, 0 errors")
    assert numbers(out) == [0, 1, 2, 3, 4, 5, 6, 9]
    assert DONE in clean(*command)[1]


def numbers(out: Path) -> list[int]:
    if out.is_dir():
        return sorted(texts(out).values())
    if out.suffix == ".parquet":
        from pyarrow import parquet

        found = parquet.read_table(out).column("text").to_pylist()
    elif out.suffix == ".csv":
        with out.open(newline="", encoding="utf-8") as file:
            found = [row["text"] for row in csv.DictReader(file)]
    elif out.suffix == ".txt":
        found = out.read_text().split("\n\n")
    else:
        found = [json.loads(line)["text"] for line in out.read_text().splitlines()]
    return sorted(int(text.rpartition("nomor ")[2].strip().rstrip(".")) for text in found)


@pytest.mark.parametrize("kind", ["jsonl", "csv", "gz"])
def test_records_at_the_end_of_a_file(clean: Clean, tmp_path: Path, kind: str) -> None:
    source, out, texts_out = tmp_path / f"in.{kind.replace('gz', 'jsonl.gz')}", tmp_path / "out.jsonl", tmp_path / "out"

    def more(of: range) -> None:
        if kind == "csv":
            with source.open("a", newline="") as file:
                rows = csv.writer(file)
                if not of.start:
                    rows.writerow(["html"])
                rows.writerows([news_page(i)] for i in of)
        else:
            data = "".join(json.dumps({"html": news_page(i)}) + "\n" for i in of).encode()
            with source.open("ab") as raw:
                raw.write(gzip.compress(data) if kind == "gz" else data)

    more(range(5))
    for to in (out, texts_out):
        assert clean(source, "-o", to)[0] == 0
    more(range(5, 8))
    (texts_out / source.name / "0000003.txt").unlink()
    for to, earlier in ((out, 5), (texts_out, 4)):
        status, err = clean(source, "-o", to)
        assert (status, last(err)) == (
            0,
            f"8 pages: 8 cleaned, 0 empty, 0 errors ({earlier} pages done by an earlier run)",
        )
        assert numbers(to) == list(range(8))
        assert DONE in clean(source, "-o", to)[1]


def test_a_half_written_line_is_not_gone_on_from(clean: Clean, tmp_path: Path) -> None:
    source, out = jsonl(tmp_path / "in.jsonl", range(2)), tmp_path / "out.jsonl"
    whole = source.read_text()
    source.write_text(whole[:-30])
    assert clean(source, "-o", out)[0] == 2
    source.write_text(whole)
    status, err = clean(source, "-o", out)
    assert status == 2
    assert "has changed since" in err


def test_more_inputs_than_before(clean: Clean, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for i in (1, 3):
        html(tmp_path / f"in/{i}.html", i)
    pattern = tmp_path / "in" / "*.html"
    assert clean(pattern, "-o", out)[0] == 0
    for i in (0, 2):
        html(tmp_path / f"in/{i}.html", i)
    assert (
        last(clean(pattern, "-o", out)[1]) == "4 pages: 4 cleaned, 0 empty, 0 errors (2 pages done by an earlier run)"
    )
    assert numbers(out) == [0, 1, 2, 3]
    (tmp_path / "in/3.html").unlink()
    assert "made from other inputs" in clean(pattern, "-o", out)[1]


def test_a_common_folder_that_is_another_now(clean: Clean, tmp_path: Path) -> None:
    one, two = jsonl(tmp_path / "a/one.jsonl", range(2)), jsonl(tmp_path / "b/two.jsonl", range(2, 4))
    assert clean(one, "-o", tmp_path / "out")[0] == 0
    status, err = clean(one, two, "-o", tmp_path / "out")
    assert status == 2
    assert "would go to another folder" in err
    assert clean(one, "-o", tmp_path / "out.jsonl")[0] == 0
    assert clean(one, two, "-o", tmp_path / "out.jsonl")[0] == 0
    assert numbers(tmp_path / "out.jsonl") == [0, 1, 2, 3]


def test_a_missing_input_that_comes(clean: Clean, tmp_path: Path) -> None:
    one, two, out = html(tmp_path / "1.html", 1), tmp_path / "2.html", tmp_path / "out.jsonl"
    assert clean(one, two, "-o", out)[0] == 2
    html(two, 2)
    assert clean(one, two, "-o", out)[0] == 0
    assert numbers(out) == [1, 2]


def test_a_file_that_was_missing_gets_its_text(clean: Clean, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.html").write_text(news_page(1))
    command = (tmp_path / "in/a.html", tmp_path / "in/b.html", "-o", tmp_path / "out")
    assert clean(*command)[0] == 2
    (tmp_path / "in/b.html").write_text(news_page(2))
    status, err = clean(*command)
    assert status == 0, err
    assert texts(tmp_path / "out") == {"a.txt": 1, "b.txt": 2}
