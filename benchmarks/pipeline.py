"""Clean a WARC with the command line, kill it, resume it, and set its rate beside that of the cleaner alone.

Usage: ``python benchmarks/pipeline.py [--records N] [--jobs N] [--kills N] [--rounds N] [--seed N] DATASET...``
(folders with ``pages.jsonl``). The pages are repeated to a WARC of N records in a temporary folder. Wall time, the best
of the rounds; the command's includes starting Python, both include starting the workers and loading the model. Exits
with 1 if a run that was killed comes to another output than one that was not, or the rate is below the target.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import zlib
from itertools import cycle, islice
from pathlib import Path

from boilerplate.batch.readers.file import read_page
from boilerplate.training.datasets import read_dataset

TARGET = 0.90
"""Rate of the command that is asked for, as a share of the cleaner's own."""

ALONE = """
import sys, time
from boilerplate.cleaner import Cleaner
from boilerplate.batch.readers.base import read_all
from boilerplate.batch.readers.warc import WarcReader
from pathlib import Path
pages = [page.content for page, _ in read_all([WarcReader(Path(sys.argv[1]))])]
start = time.perf_counter()
results = list(Cleaner().clean_many(pages, n_jobs=int(sys.argv[2])))
print(time.perf_counter() - start)
"""


def write_warc(path: Path, pages: list[bytes], records: int) -> None:
    """Write pages over and over, each record gzipped by itself and with an id of its own."""
    with path.open("wb") as file:
        for number, page in enumerate(islice(cycle(pages), records)):
            http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://records.example/{number}\r\n"
                f"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Record-ID: <{name(number)}>\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
            )
            packer = zlib.compressobj(6, wbits=zlib.MAX_WBITS + 16)
            file.write(packer.compress(head.encode() + http + b"\r\n\r\n") + packer.flush())


def name(number: int) -> str:
    """The id of a record."""
    return f"urn:uuid:00000000-0000-0000-0000-{number:012}"


def command(warc: Path, out: Path, jobs: int) -> list[str]:
    """The command under test."""
    return [sys.executable, "-m", "boilerplate", "clean", str(warc), "-o", str(out), "--jobs", str(jobs)]


def run(warc: Path, out: Path, jobs: int) -> float:
    """Run the command to its end; returns its wall time."""
    start = time.perf_counter()
    done = subprocess.run(command(warc, out, jobs), stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return time.perf_counter() - start


def run_alone(warc: Path, jobs: int) -> float:
    """Clean the same pages, in memory, in a process of its own; returns the wall time."""
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(warc), str(jobs)], stdout=subprocess.PIPE, text=True, check=True
    )
    return float(done.stdout)


def run_killed(warc: Path, out: Path, jobs: int, waits: list[float]) -> list[int]:
    """Kill the command after each of some waits, then let it finish; returns the chunks that each kill found done."""
    found = []
    for wait in waits:
        running = subprocess.Popen(command(warc, out, jobs), stderr=subprocess.DEVNULL)
        time.sleep(wait)
        running.kill()
        running.wait()
        manifest = out.with_name(out.name + ".parts") / "manifest.jsonl"
        found.append(max(manifest.read_bytes().count(b"\n") - 1, 0) if manifest.exists() else 0)
    run(warc, out, jobs)
    return found


def main() -> int:
    """Measure, check and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("datasets", type=Path, nargs="+")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    pages = [read_page(example.path) for dataset in args.datasets for example in read_dataset(dataset)]
    with tempfile.TemporaryDirectory() as folder:
        warc, out, resumed = (Path(folder, part) for part in ("pages.warc.gz", "out.jsonl", "resumed.jsonl"))
        write_warc(warc, pages, args.records)
        size = sum(len(page) for page in islice(cycle(pages), args.records))
        print(f"{args.records} records of {len(pages)} pages, {size / 2**20:.0f} MB of HTML, {args.jobs} processes")
        alone, ours = [], []
        for _ in range(args.rounds):
            alone.append(run_alone(warc, args.jobs))
            out.unlink(missing_ok=True)
            ours.append(run(warc, out, args.jobs))
        ratio = min(alone) / min(ours)
        print(f"in memory: {args.records / min(alone):.1f} pages/s ({min(alone):.1f} s)")
        print(f"command:   {args.records / min(ours):.1f} pages/s ({min(ours):.1f} s), {ratio:.3f} of that")
        rng = random.Random(args.seed)
        waits = [min(ours) * rng.uniform(0.05, 0.9 / args.kills) for _ in range(args.kills)]
        found = run_killed(warc, resumed, args.jobs, waits)
        print("killed after " + ", ".join(f"{wait:.1f} s ({n} chunks)" for wait, n in zip(waits, found, strict=True)))
        ids = [json.loads(line)["warc_record_id"] for line in resumed.read_bytes().splitlines()]
        once = ids == [name(number) for number in range(args.records)]
        same = resumed.read_bytes() == out.read_bytes()
        print(f"resumed: every record exactly once and in order: {once}; the same bytes as an unbroken run: {same}")
    return 0 if once and same and ratio >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
