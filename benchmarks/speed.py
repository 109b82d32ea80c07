"""Time a page: us and the peers over the same pages, side by side, in one process on one core; then how we scale.

Usage: ``python benchmarks/speed.py [--pages N] [--plot FILE] DATASET...`` (folders with ``pages.jsonl``).
CPU time of all threads, as installed (no limit on those of BLAS), the best of some rounds; memory and start-up of
a process of its own for each tool.
Peers that are not installed are left out: ``pip install trafilatura resiliparse justext readability-lxml boilerpy3``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

warnings.filterwarnings("ignore")

Clean = Callable[[list[bytes]], int]
"""Cleans pages; returns how many it failed on."""


def _parse() -> Clean:
    from lxml import etree

    return _each(lambda page: etree.fromstring(page, etree.HTMLParser(encoding="utf-8")))


def _batch() -> Clean:
    from boilerplate import Cleaner

    cleaner = Cleaner()
    return lambda pages: sum(result.status == "error" for result in cleaner.clean_many(pages))


def _single() -> Clean:
    from boilerplate import Cleaner

    return _each(Cleaner().clean)


def _trafilatura() -> Clean:
    from trafilatura import extract

    return _each(extract)


def _resiliparse() -> Clean:
    from resiliparse.extract.html2text import extract_plain_text

    return _each(lambda page: extract_plain_text(page.decode("utf-8", "replace"), main_content=True))


def _justext() -> Clean:
    import justext

    words = justext.get_stoplist("Indonesian")
    return _each(lambda page: justext.justext(page, words))


def _readability() -> Clean:
    from readability import Document

    return _each(lambda page: Document(page.decode("utf-8", "replace")).summary())


def _boilerpy3() -> Clean:
    from boilerpy3.extractors import ArticleExtractor

    extractor = ArticleExtractor(raise_on_failure=False)
    return _each(lambda page: extractor.get_content(page.decode("utf-8", "replace")))


def _nothing() -> Clean:
    return lambda pages: 0


def _each(clean: Callable[[bytes], object]) -> Clean:
    def run(pages: list[bytes]) -> int:
        failed = 0
        for page in pages:
            try:
                clean(page)
            except Exception:  # a peer that fails on a page (zero bytes, an empty tree) is timed on the others
                failed += 1
        return failed

    return run


FLOOR, BATCH, SINGLE, PEER = "lxml parse (floor)", "boilerplate, batch", "boilerplate, page by page", "trafilatura"
TOOLS: dict[str, Callable[[], Clean]] = {
    FLOOR: _parse,
    BATCH: _batch,
    SINGLE: _single,
    PEER: _trafilatura,
    "resiliparse": _resiliparse,
    "jusText": _justext,
    "readability": _readability,
    "boilerpy3": _boilerpy3,
}


def _child(make: Callable[[], Clean], file: str, pipe: object) -> None:
    pages = pickle.loads(Path(file).read_bytes())
    start = time.process_time()
    clean = make()
    clean(pages[:1])
    started = time.process_time() - start
    clean(pages)
    pipe.send((started, _peak()))  # type: ignore[attr-defined]


def _peak() -> float:
    """Peak memory of this process in MB (Linux; `getrusage` would tell that of its parent, if larger)."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def alone(make: Callable[[], Clean], pages: list[bytes]) -> tuple[float, float]:
    """A tool in a process of its own: seconds of CPU to its first page, peak memory in MB."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    with tempfile.NamedTemporaryFile() as file:
        file.write(pickle.dumps(pages))
        file.flush()
        process = context.Process(target=_child, args=(make, file.name, there))
        process.start()
        process.join()
    return here.recv() if here.poll() else (float("nan"), float("nan"))


def race(pages: list[bytes], rounds: int) -> None:
    """Time all tools on the same pages, round by round, and print the table."""
    runs: dict[str, Clean] = {}
    for name, make in TOOLS.items():
        try:
            runs[name] = make()
        except ImportError:
            print(f"{name}: not installed", file=sys.stderr)
    times = dict.fromkeys(runs, float("inf"))
    failed = dict.fromkeys(runs, 0)
    for _ in range(rounds):
        for name, run in runs.items():
            start = time.process_time()
            failed[name] = run(pages)
            times[name] = min(times[name], (time.process_time() - start) / len(pages) * 1000)
    _, held = alone(_nothing, pages)
    print(
        "| tool | ms a page | × lxml parse | × trafilatura | pages failed | start, s | memory, MB |\n"
        "| --- | --- | --- | --- | --- | --- | --- |"
    )
    for name, ms in sorted(times.items(), key=lambda kv: kv[1]):
        start, peak = alone(TOOLS[name], pages)
        ratio = ms / times.get(PEER, float("nan"))
        print(
            f"| {name} | {ms:.2f} | {ms / times[FLOOR]:.2f} | {ratio:.3f} "
            f"| {failed[name]} | {start:.2f} | {peak - held:.0f} |"
        )
    print(
        "\nStart: CPU to the first page's end, imports and model included. "
        f"Memory: peak, beyond the {held:.0f} MB of a process that only holds the pages.\n"
    )


STORY = (
    "<p>Warga tiga desa di tepi sungai mengungsi sejak subuh karena tanggul jebol, kata kepala desa, Senin.</p>"
    "<p>Ia berharap <b>bantuan</b> segera tiba.</p>"
    '<ul class="berita-terkait"><li><a href="#">Jalan putus di dua kecamatan</a></li></ul>'
)


def long_page(blocks: int) -> bytes:
    """A page of about so many blocks."""
    body = f"<h1>Tanggul jebol</h1><div>{STORY * (blocks // 3)}</div>"
    return f"<html><title>Tanggul jebol</title><body>{body}</body></html>".encode()


def by_size() -> list[tuple[int, float, float]]:
    """Blocks of a page, milliseconds for it, and peak memory beyond a small page's in bytes a byte of the page."""
    from boilerplate import Cleaner

    cleaner = Cleaner()
    cleaner.clean(long_page(30))
    _, base = alone(_single, [long_page(30)])
    found = []
    for blocks in (500, 5_000, 50_000):
        page = long_page(blocks)
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            cleaner.clean(page)
            best = min(best, time.process_time() - start)
        _, peak = alone(_single, [page])
        found.append((blocks, best * 1000, (peak - base) * 2**20 / len(page)))
    return found


def by_count(pages: list[bytes]) -> list[tuple[int, float]]:
    """Pages in a batch run, and milliseconds a page."""
    clean = _batch()
    clean(pages)
    found = []
    for count in (1, 10, 100, 1000):
        sample = (pages * (count // len(pages) + 1))[:count]
        start = time.process_time()
        clean(sample)
        found.append((count, (time.process_time() - start) / count * 1000))
    return found


def by_processes(pages: list[bytes]) -> list[tuple[int, float]]:
    """Processes, and pages a second (wall clock, workers warm; the best of some rounds, in turn).

    Some ten seconds a run, so that its ends, when a worker waits for the other's last batch, weigh no more
    than in a corpus.
    """
    from boilerplate import Cleaner

    cleaner = Cleaner()
    many = pages * (4500 // len(pages) + 1)
    best = dict.fromkeys(range(1, (os.cpu_count() or 1) + 1), 0.0)
    for jobs in best:
        list(cleaner.clean_many(pages, n_jobs=jobs))
    for _ in range(3):
        for jobs in best:
            start = time.perf_counter()
            list(cleaner.clean_many(many, n_jobs=jobs))
            best[jobs] = max(best[jobs], len(many) / (time.perf_counter() - start))
    return list(best.items())


def plot(
    file: Path, sizes: list[tuple[int, float, float]], counts: list[tuple[int, float]], jobs: list[tuple[int, float]]
) -> None:
    """Draw how the time grows."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, 3, figsize=(11, 3.2), layout="constrained")
    for axis, points, (x, y) in zip(
        axes,
        ([s[:2] for s in sizes], counts, jobs),
        (("blocks of a page", "ms a page"), ("pages of a run", "ms a page"), ("processes", "pages a second")),
        strict=True,
    ):
        axis.plot(*zip(*points, strict=True), marker="o")
        axis.set(xlabel=x, ylabel=y)
        if points is not jobs:
            axis.set_xscale("log")
        if axis is not axes[0]:
            axis.set_ylim(0)
    axes[0].set_yscale("log")
    axes[0].plot([s[0] for s in sizes], [sizes[0][1] * s[0] / sizes[0][0] for s in sizes], ls=":", label="linear")
    axes[0].legend()
    axes[2].set_xticks([j for j, _ in jobs])
    figure.savefig(file)


def main() -> None:
    """Run the race, then measure how we scale."""
    from boilerplate.training.datasets import read_dataset

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=90, help="pages taken, evenly spread over each dataset")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plot", type=Path, help="file for the scaling plot (needs matplotlib)")
    args = parser.parse_args()
    pages: list[bytes] = []
    for dataset in args.datasets:
        examples = read_dataset(dataset)
        step = max(1, len(examples) // args.pages)
        pages += [example.read().encode() for example in examples[::step][: args.pages]]
    sizes = sorted(len(p) for p in pages)
    print(
        f"{len(pages)} pages, median {sizes[len(sizes) // 2] / 1024:.0f} KB, "
        f"mean {sum(sizes) / len(sizes) / 1024:.0f} KB\n"
    )
    race(pages, args.rounds)
    command = [sys.executable, "-m", "boilerplate", "--help"]
    starts = []
    for arguments in (command, [sys.executable, "-c", ""]):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(5):
            subprocess.run(arguments, stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        starts.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 5)
    print(f"`boilerplate --help`: {starts[0] - starts[1]:.3f} s of CPU beyond Python's own {starts[1]:.3f} s\n")
    size, count, jobs = by_size(), by_count(pages), by_processes(pages)
    print("| blocks of a page | ms | × the row above | memory, bytes a byte of the page |\n| --- | --- | --- | --- |")
    for i, (blocks, ms, memory) in enumerate(size):
        print(f"| {blocks} | {ms:.1f} | {f'{ms / size[i - 1][1]:.1f}' if i else ''} | {memory:.1f} |")
    print("\n| pages of a run | ms a page |\n| --- | --- |")
    print("\n".join(f"| {n} | {ms:.2f} |" for n, ms in count))
    print("\n| processes | pages a second | × one |\n| --- | --- | --- |")
    print("\n".join(f"| {n} | {rate:.0f} | {rate / jobs[0][1]:.2f} |" for n, rate in jobs))
    if args.plot:
        plot(args.plot, size, count, jobs)


if __name__ == "__main__":
    main()
