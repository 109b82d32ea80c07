"""Runs over many pages: every input comes out once, whatever ends them early."""

from __future__ import annotations

import csv
import datetime
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers import STORY, Clean, news_page, warc_record, write_warc

from boilerplate.batch import run as running


def expected(number: int) -> str:
    return "\n".join(f"{text} Catatan nomor {number}." for text in STORY)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK_PAGES", 3)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


# Round trips


def test_jsonl_carries_fields(clean: Clean, tmp_path: Path) -> None:
    rows = [
        {"id": i, "html": news_page(i), "title": f"T{i}", "tags": ["a", {"b": None}], "sep": "x\u2028y"}
        for i in range(5)
    ]
    data = (
        "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        + "\n\n{broken\n[1]\n"
        + '{"id": 9, "html": null}\n{"id": 8}'
    )
    for source in (tmp_path / "in.jsonl", tmp_path / "in.jsonl.gz"):
        source.write_bytes(gzip.compress(data.encode()) if source.suffix == ".gz" else data.encode())
        out = tmp_path / f"{source.name}.out.jsonl"
        status, err = clean(source, "-o", out)
        assert status == 2
        assert err.splitlines()[-1] == "9 pages: 5 cleaned, 1 empty, 3 errors"
        assert f"boilerplate: {source}:7: not JSON" in err
        found = lines(out)
        assert [row["status"] for row in found] == ["ok"] * 5 + ["error"] * 2 + ["empty", "error"]
        for i, row in enumerate(found[:5]):
            assert row["text"] == expected(i)
            assert (row["id"], row["input_title"], row["tags"], row["sep"]) == (
                i,
                f"T{i}",
                ["a", {"b": None}],
                "x\u2028y",
            )
            assert row["source"] == f"{source}:{i + 1}"
            assert "html" not in row
        assert not (tmp_path / f"{out.name}.parts").exists()


@pytest.mark.parametrize("mark", [",", ";"])
def test_csv_keeps_rows(clean: Clean, tmp_path: Path, mark: str) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=mark)
        writer.writerow(["id", "page", "title"])
        writer.writerows([f"00{i}", news_page(i).replace("><", ">\n<"), 'a "b", c'] for i in range(4))
        writer.writerow(["004", "", ""])
    status, err = clean(source, "-o", out, "--column", "page", "--output-column", "article")
    assert status == 0, err
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    added = ["article", "title", "confidence", "status", "error", "text_source"]
    assert list(rows[0]) == ["id", "page", "input_title", *added]
    assert [row["id"] for row in rows] == [f"00{i}" for i in range(5)]
    for i, row in enumerate(rows[:4]):
        assert row["article"] == expected(i)
        assert row["page"] == news_page(i).replace("><", ">\n<")
        assert row["input_title"] == 'a "b", c'


def test_parquet_keeps_rows_and_types(clean: Clean, tmp_path: Path, small_chunks: None) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    when = [datetime.datetime(2024, 1, 1 + i, tzinfo=datetime.timezone.utc) for i in range(10)]
    table = arrow.table(
        {
            "html": [None if i == 4 else news_page(i) for i in range(10)],
            "when": arrow.array(when, arrow.timestamp("us", "UTC")),
            "n": arrow.array(range(10), arrow.int16()),
            "tags": [[str(i)] for i in range(10)],
        }
    )
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    parquet.write_table(table, source, row_group_size=4)
    status, err = clean(source, "-o", out)
    assert status == 0, err
    assert err.splitlines()[-1] == "10 pages: 9 cleaned, 1 empty, 0 errors"
    found = parquet.read_table(out)
    added = ["text", "title", "confidence", "status", "error", "text_source"]
    assert found.column_names == ["html", "when", "n", "tags", *added]
    for name in table.column_names:
        assert found.schema.field(name).type == table.schema.field(name).type
        assert found.column(name).to_pylist() == table.column(name).to_pylist()
    assert found.column("text").to_pylist() == ["" if i == 4 else expected(i) for i in range(10)]
    assert clean(source, "-o", tmp_path / "out.csv")[0] == 0
    assert clean(source, "-o", tmp_path / "out.jsonl")[0] == 0
    assert lines(tmp_path / "out.jsonl")[0]["when"] == "2024-01-01T00:00:00+00:00"


def test_jsonl_to_parquet_with_clashing_types(clean: Clean, tmp_path: Path, small_chunks: None) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    source, out = tmp_path / "in.jsonl", tmp_path / "out.parquet"
    values = [1, 2, 3, 4.5, None, 6, "x", {"a": 1}, [2], True]
    source.write_text(
        "\n".join(json.dumps({"html": news_page(i), "v": v, f"only{i}": i}) for i, v in enumerate(values))
    )
    assert clean(source, "-o", out)[0] == 0
    table = parquet.read_table(out)
    assert table.column("v").to_pylist() == ["1", "2", "3", "4.5", None, "6", "x", '{"a": 1}', "[2]", "true"]
    assert table.column("only7").to_pylist() == [None] * 7 + [7] + [None] * 2


@pytest.mark.parametrize("how", ["plain", "each", "whole"])
def test_warc(clean: Clean, tmp_path: Path, how: str) -> None:
    pytest.importorskip("fastwarc")
    packed = gzip.compress(news_page(1).encode())
    page = news_page(2).encode()
    records = [
        warc_record(0, news_page(0).encode()),
        warc_record(1, packed, more=b"Content-Encoding: gzip\r\n"),
        warc_record(2, b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page), more=b"Transfer-Encoding: chunked\r\n"),
        warc_record(3, news_page(3).encode(), more=b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
        warc_record(4, b"\x89PNG", kind="image/png"),
        warc_record(5, b"gone", status="404 Not Found"),
        warc_record(6, b"%PDF-1.4"),
    ]
    source = tmp_path / ("in.warc" if how == "plain" else "in.warc.gz")
    write_warc(source, records, how)
    status, err = clean(source, "-o", tmp_path / "out.jsonl")
    assert status == 2
    assert err.splitlines()[-1] == "5 pages: 4 cleaned, 0 empty, 1 error; 2 skipped that are no pages (-v names them)"
    found = lines(tmp_path / "out.jsonl")
    assert [row["text"] for row in found] == [*map(expected, range(4)), ""]
    assert found[1]["url"] == "https://uji.example/1"
    assert found[1]["date"] == "2024-01-02T03:04:05Z"
    assert found[1]["warc_record_id"] == "urn:uuid:00000000-0000-0000-0000-000000000001"


def test_broken_collections_are_named_and_the_rest_is_done(clean: Clean, tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    records = [warc_record(i, news_page(i).encode()) for i in range(4)]
    whole = b"".join(map(gzip.compress, records))
    (tmp_path / "cut.warc.gz").write_bytes(whole[:-200])
    (tmp_path / "junk.warc").write_bytes(b"no archive at all, really")
    (tmp_path / "empty.warc").write_bytes(b"")
    (tmp_path / "junk.parquet").write_bytes(b"PAR1 or so")
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(b"html,x\n" + os.urandom(5000).hex().encode())[:-900])
    (tmp_path / "long.csv").write_text("html\n<p>a</p>,b\n")
    (tmp_path / "z.html").write_text(news_page(9))
    names = ["cut.warc.gz", "junk.warc", "empty.warc", "junk.parquet", "cut.csv.gz", "long.csv", "z.html"]
    status, err = clean(*(tmp_path / name for name in names), "-o", tmp_path / "out.jsonl")
    assert status == 2
    for name in names[:-1]:
        assert f"boilerplate: {tmp_path / name}" in err
    assert [row["text"] for row in lines(tmp_path / "out.jsonl") if row["status"] == "ok"] == [
        *map(expected, range(3)),
        expected(9),
    ]


# Folders of texts


def test_texts_mirror_the_folders(clean: Clean, tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    (source / "sub" / "deep").mkdir(parents=True)
    for i, name in enumerate(("a.html", "a.htm", "b.html.gz", "sub/a.html", "sub/deep/c.txt.html", "sub/empty.html")):
        data = b"" if "empty" in name else news_page(i).encode()
        (source / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    (source / "bad.html").write_bytes(b"%PDF-1.4")
    (source / "notes.md").write_text("no page")
    status, err = clean(source, "-o", out)
    assert status == 2
    assert err.splitlines()[-1] == "7 pages: 5 cleaned, 1 empty, 1 error; 1 skipped that are no pages (-v names them)"
    found = {str(path.relative_to(out)): path.read_text() for path in out.rglob("*") if path.is_file()}
    assert found == {
        "a.html.txt": expected(0) + "\n",
        "a.htm.txt": expected(1) + "\n",
        "b.txt": expected(2) + "\n",
        "sub/a.txt": expected(3) + "\n",
        "sub/deep/c.txt.txt": expected(4) + "\n",
        "sub/empty.txt": "",
    }
    again = clean(source, "-o", out)
    assert again[0] == 0
    assert "nothing to do" in again[1]


def test_two_folders_do_not_mix(clean: Clean, tmp_path: Path) -> None:
    for name in ("x", "y"):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "1.html").write_text(news_page(ord(name)))
    assert clean(tmp_path / "in/x", tmp_path / "in/y", "-o", tmp_path / "out")[0] == 0
    assert (tmp_path / "out/x/1.txt").read_text() == expected(ord("x")) + "\n"
    assert (tmp_path / "out/y/1.txt").read_text() == expected(ord("y")) + "\n"


def test_walk_goes_on_after_any_page(tmp_path: Path) -> None:
    from boilerplate.batch.readers.folder import walk

    for name in ("a/1.html", "a/2.html", "a.html", "a-b/x.html", "b/c/d.html", "b/c.html", "z.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    every = [found.parts for found in walk(tmp_path)]
    assert len(every) == 7
    for i, parts in enumerate(every):
        assert [left.parts for left in walk(tmp_path, parts)] == every[i + 1 :]


# Runs that end early


def pages_in(kind: str, folder: Path, n: int) -> Path:
    if kind == "folder":
        source = folder / "pages"
        for i in range(n):
            path = source / f"{i % 7}" / f"{i:05}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(news_page(i))
        return source
    if kind == "jsonl":
        source = folder / "in.jsonl"
        source.write_text("".join(json.dumps({"id": i, "html": news_page(i)}) + "\n" for i in range(n)))
    elif kind == "csv":
        source = folder / "in.csv"
        with source.open("w", newline="") as file:
            csv.writer(file).writerows([["id", "html"], *([i, news_page(i)] for i in range(n))])
    elif kind == "parquet":
        arrow = pytest.importorskip("pyarrow")
        source = folder / "in.parquet"
        table = arrow.table({"id": range(n), "html": [news_page(i) for i in range(n)]})
        pytest.importorskip("pyarrow.parquet").write_table(table, source, row_group_size=max(n // 6, 1))
    else:
        pytest.importorskip("fastwarc")
        source = folder / ("in.warc" if kind == "plain" else "in.warc.gz")
        write_warc(source, [warc_record(i, news_page(i).encode()) for i in range(n)], kind)
    return source


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("kind", ["folder", "jsonl", "csv", "parquet", "plain", "each", "whole"])
@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet", "txt", "folder"])
def test_every_stop_resumes(
    clean: Clean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, ending: str
) -> None:
    """Stop after each chunk in turn, until the run is through: the output is that of a run that never stopped."""
    if ending == "parquet":
        pytest.importorskip("pyarrow")
    n = 20
    source = pages_in(kind, tmp_path, n)
    command = (source, tmp_path / "nothing.html", "--format", "text" if ending in ("txt", "folder") else ending, "-o")
    straight, broken = (
        tmp_path / f"{name}{'' if ending == 'folder' else '.' + ending}" for name in ("straight", "broken")
    )
    assert clean(*command, straight)[0] == 2
    commit = running.ResumableRun._commit

    def stop(saved: running.ResumableRun) -> None:
        commit(saved)
        raise RuntimeError("stopped")

    monkeypatch.setattr(running.ResumableRun, "_commit", stop)
    for _ in range(7):
        assert clean(*command, broken)[0] == 1
        assert ending == "folder" or not broken.exists()
    monkeypatch.setattr(running.ResumableRun, "_commit", commit)
    status, err = clean(*command, broken)
    assert status == 2
    assert "21 pages: 20 cleaned, 0 empty, 1 error (" in err
    if ending == "parquet":
        from pyarrow import parquet

        assert parquet.read_table(broken).equals(parquet.read_table(straight))
    elif ending == "folder":
        texts = [{p.relative_to(out): p.read_bytes() for p in out.rglob("*.txt")} for out in (broken, straight)]
        assert texts[0] == texts[1]
        assert len(texts[0]) == n
    else:
        assert broken.read_bytes() == straight.read_bytes()
        assert all(broken.read_text().count(f"Catatan nomor {i}.") >= 3 for i in range(n))
    assert not list(tmp_path.glob("*.parts"))


def heed_ctrl_c() -> None:
    """For children: tests that run in the background (``pytest &``) ignore it, and their children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(model: Path, *args: object, group: bool = False) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "boilerplate", "clean", "--model", str(model), *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=group,
        preexec_fn=heed_ctrl_c,
    )


def wait_for_chunks(process: subprocess.Popen[str], out: Path, n: int) -> None:
    manifest = out.with_name(out.name + ".parts") / "manifest.jsonl"
    end = time.monotonic() + 60
    while not (manifest.exists() and manifest.read_bytes().count(b"\n") > n):
        assert process.poll() is None, f"was over before it could be stopped: {process.communicate()}"
        assert time.monotonic() < end
        time.sleep(0.005)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pages_in("jsonl", tmp_path_factory.mktemp("crowd"), 2000)


def test_ctrl_c_at_once(model: Path, tmp_path: Path) -> None:
    """Imports and the start of workers neither lose it nor break on it; workers that are just starting keep quiet."""
    crowd = pages_in("jsonl", tmp_path, 12_000)
    for delay in (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.6, 0.9):
        out = tmp_path / f"{delay}.jsonl"
        process = start(model, crowd, "-o", out, "--jobs", 2, group=True)
        wait_for_chunks(process, out, 0)
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (
            -signal.SIGINT,
            "boilerplate: interrupted: run the same command to resume\n",
        )


def check_crowd(out: Path) -> None:
    rows = lines(out)
    assert [row["id"] for row in rows] == list(range(2000))
    assert all(row["text"] == expected(i) for i, row in enumerate(rows))
    assert not out.with_name(out.name + ".parts").exists()


@pytest.mark.parametrize("jobs", [1, 2])
def test_kill_9_and_resume(model: Path, crowd: Path, tmp_path: Path, jobs: int) -> None:
    out = tmp_path / "out.jsonl"
    for chunks in (1, 4):
        process = start(model, crowd, "-o", out, "--jobs", jobs)
        wait_for_chunks(process, out, chunks)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=20)  # until the workers, which hold the pipe, have gone, too
        assert not out.exists()
    process = start(model, crowd, "-o", out, "--jobs", jobs)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "2000 pages: 2000 cleaned, 0 empty, 0 errors (" in err
    assert "Traceback" not in err
    check_crowd(out)


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_and_resume(model: Path, crowd: Path, tmp_path: Path, jobs: int) -> None:
    out = tmp_path / "out.jsonl"
    process = start(model, crowd, "-o", out, "--jobs", jobs, group=True)
    wait_for_chunks(process, out, 2)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all processes of the job
    _, err = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGINT  # in a shell 130
    assert err == "boilerplate: interrupted: run the same command to resume\n"
    process = start(model, crowd, "-o", out, "--jobs", jobs)
    assert "\n2000 pages: 2000 cleaned" in "\n" + process.communicate(timeout=120)[1]
    assert process.returncode == 0
    check_crowd(out)


@pytest.mark.skipif(not Path("/bin/bash").exists(), reason="needs Bash")
def test_ctrl_c_ends_the_loop_of_a_shell(model: Path, crowd: Path, tmp_path: Path) -> None:
    run = f"{sys.executable} -m boilerplate clean --model {model} {crowd} -o {tmp_path}/$i.jsonl"
    loop = subprocess.Popen(
        ["/bin/bash", "-c", f"for i in 1 2 3; do {run}; done; echo done"],
        stdout=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=heed_ctrl_c,
    )
    wait_for_chunks(loop, tmp_path / "1.jsonl", 0)
    os.killpg(loop.pid, signal.SIGINT)
    assert loop.communicate(timeout=60)[0] == b""
    assert not (tmp_path / "2.jsonl").exists()


def test_ctrl_c_waits_for_an_import(tmp_path: Path) -> None:
    """An import may swallow an interrupt, or call it an ImportError; it comes when that is over."""
    (tmp_path / "swallows.py").write_text(
        "import os, signal\ntry:\n    os.kill(os.getpid(), signal.SIGINT)\n    whole = True\n"
        "except KeyboardInterrupt:\n    pass\n"
    )
    program = (
        "import signal, time\nfrom boilerplate.cli import main\n"
        "signal.signal(signal.SIGINT, main._interrupt_after_imports)\ntry:\n"
        "    import swallows\n    time.sleep(20)\nexcept KeyboardInterrupt:\n    print(swallows.whole)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("True\n", "")


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("name", ["write_part", "append_line", "commit"])
def test_ctrl_c_in_the_middle_of_a_commit(
    clean: Clean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from boilerplate.batch import checkpoint
    from boilerplate.batch.writers.base import Writer

    source, out = pages_in("jsonl", tmp_path, 11), tmp_path / "out.jsonl"
    owner = {"write_part": Writer, "append_line": checkpoint, "commit": checkpoint.Checkpoint}[name]
    whole = getattr(owner, name)
    calls = 0

    def interrupted(*args: object, **kwargs: object) -> None:
        nonlocal calls
        whole(*args, **kwargs)
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, interrupted)
        status, err = clean(source, "-o", out)
        assert (status, err.splitlines()[-1]) == (130, "boilerplate: interrupted: run the same command to resume")
    assert clean(source, "-o", out)[0] == 0
    assert [row["id"] for row in lines(out)] == list(range(11))


def test_two_runs_at_once(model: Path, crowd: Path, tmp_path: Path, clean: Clean) -> None:
    pytest.importorskip("fcntl")
    out = tmp_path / "out.jsonl"
    process = start(model, crowd, "-o", out)
    wait_for_chunks(process, out, 1)
    status, err = clean(crowd, "-o", out)
    process.kill()
    process.communicate()
    assert status == 2
    assert "another run is writing" in err


@pytest.mark.usefixtures("small_chunks")
def test_parts_of_another_command(clean: Clean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = pages_in("jsonl", tmp_path, 10), tmp_path / "out.jsonl"
    with monkeypatch.context() as patch:
        patch.setattr(running.ResumableRun, "_merge", lambda *_: 1 / 0)
        assert clean(source, "-o", out)[0] == 1
    manifest = tmp_path / "out.jsonl.parts" / "manifest.jsonl"
    with manifest.open("ab") as file:
        file.write(b'{"input": 0, "cur')  # a torn line
    status, err = clean(source, "-o", out, "--favour", "recall")
    assert status == 2
    assert "another command" in err
    assert clean(source, "-o", out)[0] == 0
    assert len(lines(out)) == 10
    status, err = clean(source, "-o", out)
    assert status == 0
    assert "already complete" in err
    out.write_text("old")
    assert clean(source, "-o", out, "--overwrite")[0] == 0
    assert len(lines(out)) == 10


def test_killed_between_the_output_and_the_sweeping_up(
    clean: Clean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from boilerplate.batch.checkpoint import Checkpoint

    source, out = pages_in("jsonl", tmp_path, 5), tmp_path / "out.jsonl"
    with monkeypatch.context() as patch:
        patch.setattr(Checkpoint, "discard", lambda _: 1 / 0)
        assert clean(source, "-o", out)[0] == 1
    assert out.exists()
    assert clean(source, "-o", out)[0] == 0
    assert [row["id"] for row in lines(out)] == list(range(5))
    assert not list(tmp_path.glob("*.parts"))


def test_a_folder_of_the_users_is_never_swept(clean: Clean, tmp_path: Path) -> None:
    mine = tmp_path / "out.jsonl.parts" / "mine.jsonl"
    mine.parent.mkdir()
    mine.write_text("x")
    source = pages_in("jsonl", tmp_path, 2)
    status, err = clean(source, "-o", tmp_path / "out.jsonl")
    assert status == 2
    assert "already exists and was not created by boilerplate" in err
    assert mine.read_text() == "x"


def test_nothing_read_writes_nothing(clean: Clean, tmp_path: Path) -> None:
    assert clean(tmp_path / "none.html", tmp_path / "none.csv", "-o", tmp_path / "out.jsonl")[0] == 2
    assert list(tmp_path.iterdir()) == []


def test_missing_library_is_named(clean: Clean, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pyarrow", "pyarrow.parquet", "fastwarc", "fastwarc.warc"):
        monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    (tmp_path / "a.warc").write_bytes(b"WARC/1.0")
    (tmp_path / "a.html").write_text(news_page())
    for name, library in (("a.parquet", "pyarrow"), ("a.warc", "fastwarc")):
        status, err = clean(tmp_path / name, tmp_path / "a.html", "-o", tmp_path / f"{library}.jsonl")
        assert status == 2
        assert f"pip install {library}" in err
        assert len(lines(tmp_path / f"{library}.jsonl")) == 1
    status, err = clean(tmp_path / "a.html", "-o", tmp_path / "o.parquet")
    assert status == 2
    assert "pip install pyarrow" in err


def test_jobs_give_the_same(clean: Clean, tmp_path: Path) -> None:
    source = pages_in("folder", tmp_path, 60)
    (source / "bad.html").write_bytes(b"%PDF-1.4")
    (source / "0" / "blank.html").write_bytes(b"")
    for jobs in (1, 2):
        assert clean(source, "-o", tmp_path / f"{jobs}.jsonl", "--jobs", jobs)[0] == 2
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    assert len(lines(tmp_path / "1.jsonl")) == 62


def perilous(folder: Path) -> dict[str, str]:
    """The environment of a program in which some pages kill or hold up the process that cleans them."""
    (folder / "site").mkdir()
    (folder / "site/sitecustomize.py").write_text(
        "import os, signal, threading\nfrom boilerplate.cleaner import Cleaner\nsegment = Cleaner._segment\n"
        "def dangerous(self, page, *args, **kwargs):\n"
        "    if b'DEADLY' in page:\n        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    if b'ENDLESS' in page:\n        threading.Event().wait()\n"
        "    return segment(self, page, *args, **kwargs)\n"
        "Cleaner._segment = dangerous\n"
    )
    root = str(Path(running.__file__).parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(folder / "site"), root))}


@pytest.mark.parametrize("more", [(), ("--jobs", "2"), ("--jobs", "2", "--timeout", "0")])
def test_a_page_that_kills_its_process(model: Path, tmp_path: Path, more: tuple[str, ...]) -> None:
    source, out = pages_in("folder", tmp_path, 5), tmp_path / "out.jsonl"
    (source / "2/00002.html").write_text("<p>DEADLY</p>")
    command = [sys.executable, "-m", "boilerplate", "clean", source, "-o", out, "--model", model, *more]
    done = subprocess.run(command, env=perilous(tmp_path), capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    messages = [
        line for line in done.stderr.splitlines() if not line.startswith("cleaning: ")
    ]  # progress, if it is slow
    assert messages == [
        f"boilerplate: {source}/2/00002.html: the worker process died on this page",
        "5 pages: 4 cleaned, 0 empty, 1 error",
    ]
    assert [row["status"] for row in lines(out)] == ["ok", "ok", "error", "ok", "ok"]


def test_a_page_that_takes_too_long(model: Path, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>ENDLESS</p>")
    command = [
        sys.executable,
        "-m",
        "boilerplate",
        "clean",
        tmp_path / "page.html",
        "--model",
        model,
        "--timeout",
        "0.5",
    ]
    done = subprocess.run(command, env=perilous(tmp_path), capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"boilerplate: {tmp_path}/page.html: took longer than 0.5 seconds\n"
