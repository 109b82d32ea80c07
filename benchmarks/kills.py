"""Kill ``clean`` at random moments, run it again until it is done, and compare with a run that was not killed.

Usage: ``python benchmarks/kills.py [--trials N] [--pages N] [--seed N] [--only WORD]`` (Linux or macOS). Every kind of
input with every kind of output, in turn; a trial kills one to three runs with SIGKILL, SIGINT or SIGTERM, then lets one
come to its end. Chunks are small, so that there are many moments to hit. Prints a Markdown table; exits with 1 if a
page was lost or came twice, if a byte differs, or if a run failed otherwise than by the signal.

A new kind of input or output is one more function or line in `INPUTS` or `OUTPUTS`.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PROGRAM = """
import sys
from boilerplate.batch import run
run.CHUNK_PAGES = 3
from boilerplate.cli.main import program
sys.exit(program())
"""

SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
MOST_KILLS = 3

WORDS = (
    "Warga kampung nelayan memperbaiki dermaga kayu yang rusak setelah gelombang tinggi melanda pesisir pekan lalu.",
    "Ketua kelompok nelayan mengatakan perbaikan itu dikerjakan bersama setiap pagi sebelum perahu berangkat melaut.",
    "Pemerintah kecamatan menyumbang papan dan paku, sedangkan warga menyediakan tenaga, makanan, dan perkakas.",
)


def page(number: int) -> str:
    """Write a page that tells its number; every eleventh has no article."""
    story = "".join(f"<p>{text} Halaman bernomor {number}.</p>" for text in WORDS * 2) if number % 11 != 10 else ""
    links = "".join(f'<li><a href="/b/{i}">Kabar singkat nomor urut {i}</a></li>' for i in range(9))
    return (
        f"<html><head><title>Dermaga {number} diperbaiki</title></head><body><h1>Dermaga {number} diperbaiki</h1>"
        f'<div class="artikel">{story}</div><div class="terkait"><h3>Berita Terkait</h3><ul>{links}</ul></div>'
        "</body></html>"
    )


# Inputs: given a folder and a number of pages, make them and return the arguments


def folder(at: Path, n: int) -> list[str]:
    """Pages in folders, a broken one among them."""
    for i in range(n):
        path = at / "pages" / str(i % 3) / f"{i:03}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(i))
    (at / "pages/1/broken.html").write_bytes(b"%PDF-1.4")
    return ["pages"]


def files(at: Path, n: int) -> list[str]:
    """Pages one by one, and one that is not there."""
    folder(at, n)
    names = sorted(str(path.relative_to(at)) for path in at.rglob("*.html"))
    return [*names[: n // 2], "missing.html", *names[n // 2 :], names[0]]


def jsonl(at: Path, n: int) -> list[str]:
    """Two tables of one name, with a broken line."""
    for name, numbers in (("a", range(n // 2)), ("b", range(n // 2, n))):
        (at / name).mkdir()
        rows = "".join(json.dumps({"id": i, "html": page(i)}) + "\n" for i in numbers)
        (at / name / "pages.jsonl").write_text(rows + "{broken\n")
    return ["a/pages.jsonl", "b/pages.jsonl"]


def packed_jsonl(at: Path, n: int) -> list[str]:
    """A gzipped table."""
    rows = "".join(json.dumps({"id": i, "html": page(i)}) + "\n" for i in range(n))
    (at / "pages.jsonl.gz").write_bytes(gzip.compress(rows.encode()))
    return ["pages.jsonl.gz"]


def table(at: Path, n: int) -> list[str]:
    """A CSV file."""
    with (at / "pages.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["id", "html"], *([i, page(i)] for i in range(n))])
    return ["pages.csv"]


def parquet(at: Path, n: int) -> list[str]:
    """A Parquet file of several row groups."""
    import pyarrow
    import pyarrow.parquet

    columns = pyarrow.table({"id": range(n), "html": [page(i) for i in range(n)]})
    pyarrow.parquet.write_table(columns, at / "pages.parquet", row_group_size=7)
    return ["pages.parquet"]


def warc(at: Path, n: int) -> list[str]:
    """A WARC file, gzipped record by record, with records that are no pages."""
    with (at / "pages.warc.gz").open("wb") as file:
        for i in range(n):
            kind = "image/png" if i % 5 == 4 else "text/html"
            http = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n{page(i)}".encode()
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://kills.example/{i}\r\n"
                f"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{i:012}>\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + http + b"\r\n\r\n"))
    return ["pages.warc.gz"]


def mixed(at: Path, n: int) -> list[str]:
    """A bit of everything."""
    return [*folder(at, n // 3), *table(at, n // 3), *warc(at, n // 3)]


def stdin(at: Path, n: int) -> list[str]:
    """One page on standard input."""
    (at / "stdin").write_text(page(1))
    return ["-"]


INPUTS: dict[str, Callable[[Path, int], list[str]]] = {
    "folder": folder,
    "files": files,
    "JSON Lines": jsonl,
    "JSON Lines, gzip": packed_jsonl,
    "CSV": table,
    "Parquet": parquet,
    "WARC": warc,
    "mixed": mixed,
    "standard input": stdin,
}

OUTPUTS = {
    "folder of texts": ("out", ["--format", "text"]),
    "text": ("out.txt", []),
    "JSON Lines": ("out.jsonl", []),
    "CSV": ("out.csv", []),
    "Parquet": ("out.parquet", []),
}


def fits(source: str, target: str) -> bool:
    """Whether a pair makes sense: a single page is one text, not a folder of them."""
    return source != "standard input" or target in ("text", "JSON Lines")


@dataclass
class Figures:
    """What came of the trials of a pair."""

    trials: int = 0
    kills: Counter[signal.Signals] = field(default_factory=Counter)
    runs: int = 0
    pages: int = 0
    lost: int = 0
    repeated: int = 0
    different: int = 0

    def __iadd__(self, other: Figures) -> Figures:
        for name in ("trials", "runs", "pages", "lost", "repeated", "different"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.kills += other.kills
        return self

    def cells(self) -> str:
        """A row's cells."""
        kills = " + ".join(str(self.kills[number]) for number in SIGNALS)
        numbers = (self.trials, kills, self.runs, self.pages, self.lost, self.repeated, self.different)
        return " | ".join(map(str, numbers))


class Pair:
    """An input and an output, and how long a run over them takes."""

    def __init__(self, at: Path, source: str, target: str, pages: int, random_: random.Random) -> None:
        self.at = at
        self.random = random_
        at.mkdir()
        arguments = INPUTS[source](at, pages)
        name, more = OUTPUTS[target]
        self.out = at / name
        self.command = [sys.executable, "-c", PROGRAM, "clean", *arguments, "-o", name, *more]
        self.single = arguments == ["-"]
        self.figures = Figures()
        started = time.monotonic()
        status, err = self.finish(self.start(jobs=1))
        self.seconds = time.monotonic() - started
        if status not in (0, 2) or not self.out.exists():
            raise SystemExit(f"{source} to {target}: the run that nobody killed failed: {err}")
        self.whole, self.numbers = contents(self.out), numbers(self.out)

    def trial(self) -> None:
        """Kill some runs, let the last one end, look at what there is."""
        self.clear()
        jobs = self.random.choice((1, 1, 2))
        for _ in range(self.random.randint(1, MOST_KILLS)):
            number = self.random.choice(SIGNALS)
            if not self.kill(number, jobs):
                break  # it was through before the signal came
            self.figures.kills[number] += 1
        status, err = self.finish(self.start(jobs))
        over = self.single and "is there already" in err  # nobody can tell what came on standard input
        if not (status in (0, 2) or over) or "Traceback" in err or "internal error" in err:
            raise SystemExit(f"{' '.join(self.command)}: status {status}: {err}")
        found = numbers(self.out) if self.out.exists() else Counter()
        self.figures.trials += 1
        self.figures.pages += sum(found.values())
        self.figures.lost += (self.numbers - found).total()
        self.figures.repeated += (found - self.numbers).total()
        self.figures.different += contents(self.out) != self.whole
        left = list(self.at.glob("*.parts"))
        if left:
            raise SystemExit(f"{' '.join(self.command)}: left {left}")

    def start(self, jobs: int) -> subprocess.Popen[str]:
        """Start a run, in a group of its own; half of them clean in the same process."""
        self.figures.runs += 1
        more = ["--jobs", str(jobs)] if jobs > 1 else ["--timeout", "0"] if self.random.random() < 0.5 else []
        with open(self.at / "stdin" if self.single else os.devnull) as given:
            return subprocess.Popen(
                [*self.command, *more],
                cwd=self.at,
                stdin=given,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )

    def kill(self, number: signal.Signals, jobs: int) -> bool:
        """Send a signal at some moment, mostly after the run has begun to write; says whether it came in time."""
        process = self.start(jobs)
        # Ctrl-C before the program begins meets the lines above, not the program.
        if number == signal.SIGINT or self.random.random() < 0.85:
            parts = self.out.with_name(self.out.name + ".parts")
            before = progress(parts)
            while process.poll() is None and progress(parts) == before:
                time.sleep(0.001)
            time.sleep(self.random.random() ** 2 * self.seconds * 0.6)
        else:
            time.sleep(self.random.random() * self.seconds)
        if process.poll() is None:
            # Ctrl-C goes to all processes of the group, as from a terminal.
            (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
        _, err = process.communicate(timeout=120)
        if "Traceback" in err or "internal error" in err:
            raise SystemExit(f"{' '.join(self.command)}: {signal.Signals(number).name}: {err}")
        return process.returncode == -number

    @staticmethod
    def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
        """Wait for a run: status and standard error."""
        _, err = process.communicate(timeout=300)
        return process.returncode, err

    def clear(self) -> None:
        """Remove the output and all that belongs to it."""
        for path in self.at.iterdir():
            if path.name.lstrip(".").startswith("out"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def progress(parts: Path) -> int:
    """Bytes of the manifest; they grow when a chunk is done."""
    try:
        return (parts / "manifest.jsonl").stat().st_size
    except OSError:
        return 0


def contents(out: Path) -> dict[str, bytes]:
    """All files of an output."""
    if not out.is_dir():
        return {"": out.read_bytes()} if out.exists() else {}
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def numbers(out: Path) -> Counter[str]:
    """How often each page is in an output; those without text are told apart by where they are."""
    found: Counter[str] = Counter()
    if out.is_dir():
        texts = [path.read_text() or str(path) for path in out.rglob("*") if path.is_file()]
    elif out.suffix == ".txt":
        texts = out.read_text().split("\n\n")
    elif out.suffix == ".jsonl":
        texts = [row["text"] or str(row["source"]) for row in map(json.loads, out.read_text().splitlines())]
    else:
        texts = rows(out)
    for text in texts:
        number = re.search(r"Halaman bernomor (\d+)", text)
        found[number[1] if number else text] += 1
    return found


def rows(out: Path) -> list[str]:
    """Texts of a table; where there is none, all else that the row says."""
    if out.suffix == ".csv":
        with out.open(newline="") as file:
            records = list(csv.DictReader(file))
    else:
        import pyarrow.parquet

        records = pyarrow.parquet.read_table(out).to_pylist()
    return [row["text"] or str({name: row[name] for name in row if name != "html"}) for row in records]


def main() -> int:
    """Run the trials, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--trials", type=int, default=210, help="at least so many, as many for each pair")
    parser.add_argument("--pages", type=int, default=24)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="pairs in whose name this occurs, as in 'WARC to CSV'")
    args = parser.parse_args()
    random_ = random.Random(args.seed)
    total = Figures()
    with tempfile.TemporaryDirectory() as scratch:
        names = [
            (source, target)
            for source in INPUTS
            for target in OUTPUTS
            if fits(source, target) and args.only in f"{source} to {target}"
        ]
        print("| input | output | trials | KILL + INT + TERM | runs | pages | lost | repeated | different |")
        print("|---|---|---:|---:|---:|---:|---:|---:|---:|", flush=True)
        for i, (source, target) in enumerate(names):
            pair = Pair(Path(scratch, str(i)), source, target, args.pages, random_)
            for _ in range(-(-args.trials // len(names))):
                pair.trial()
            print(f"| {source} | {target} | {pair.figures.cells()} |", flush=True)
            total += pair.figures
        print(f"| all | | {total.cells()} |")
    return 1 if total.lost or total.repeated or total.different else 0


if __name__ == "__main__":
    sys.exit(main())
