"""Time a page: us and the peers over the same pages, side by side, in one process on one core.

Usage: ``python benchmarks/speed.py [--pages N] DATASET...`` (folders with ``pages.jsonl``).
CPU time, the best of three rounds; peak memory of a process of its own for each tool.
"""

from __future__ import annotations

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import multiprocessing
import resource
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from lxml import etree

import boilerplate
from boilerplate.reading import decode
from boilerplate.training.datasets import read_dataset

warnings.filterwarnings("ignore")


def tools() -> dict[str, Callable[[list[bytes]], object]]:
    """The tools by name; each cleans a list of pages."""
    cleaner = boilerplate.Cleaner()
    list(cleaner.clean_many([b"<p>warm up</p>"]))
    found: dict[str, Callable[[list[bytes]], object]] = {
        "lxml parse (floor)": lambda pages: [etree.fromstring(p, etree.HTMLParser(encoding="utf-8")) for p in pages],
        "boilerplate, batch": lambda pages: list(cleaner.clean_many(pages)),
        "boilerplate, page by page": lambda pages: [cleaner.clean(p) for p in pages],
    }
    try:
        from resiliparse.extract.html2text import extract_plain_text

        found["resiliparse"] = lambda pages: [extract_plain_text(decode(p), main_content=True) for p in pages]
    except ImportError:
        pass
    try:
        import trafilatura

        found["trafilatura"] = lambda pages: [trafilatura.extract(p) for p in pages]
    except ImportError:
        pass
    try:
        import justext

        words = justext.get_stoplist("Indonesian")
        found["jusText"] = lambda pages: [justext.justext(p, words) for p in pages]
    except ImportError:
        pass
    try:
        from readability import Document

        found["readability"] = lambda pages: [Document(decode(p)).summary() for p in pages]
    except ImportError:
        pass
    return found


def _peak(name: str, pages: list[bytes], pipe: object) -> None:
    tools()[name](pages)
    pipe.send(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)  # type: ignore[attr-defined]


def peak(name: str, pages: list[bytes]) -> float:
    """Peak memory of a process that runs one tool over the pages, in MB."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_peak, args=(name, pages, there))
    process.start()
    process.join()
    return float(here.recv()) if here.poll() else float("nan")


def main() -> None:
    """Run all tools and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=180, help="pages taken, evenly spread over each dataset")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    pages: list[bytes] = []
    for dataset in args.datasets:
        examples = read_dataset(dataset)
        step = max(1, len(examples) // args.pages)
        pages += [example.read().encode() for example in examples[::step][: args.pages]]
    sizes = sorted(len(p) for p in pages)
    print(f"{len(pages)} pages, median {sizes[len(sizes) // 2] / 1024:.0f} KB, mean {sum(sizes) / len(sizes) / 1024:.0f} KB\n")
    times: dict[str, float] = {}
    runs = tools()
    for _ in range(args.rounds):
        for name, run in runs.items():
            start = time.process_time()
            try:
                run(pages)
            except Exception as error:  # a peer that fails on a page is left out, not mended
                print(f"{name}: {type(error).__name__}: {error}")
                times[name] = float("inf")
                continue
            times[name] = min(times.get(name, float("inf")), (time.process_time() - start) / len(pages) * 1000)
    floor, peer = times["lxml parse (floor)"], times.get("trafilatura", float("nan"))
    print("| tool | ms a page | × lxml parse | × trafilatura | peak MB |\n| --- | --- | --- | --- | --- |")
    for name, ms in sorted(times.items(), key=lambda kv: kv[1]):
        print(f"| {name} | {ms:.2f} | {ms / floor:.2f} | {ms / peer:.3f} | {peak(name, pages):.0f} |")


if __name__ == "__main__":
    main()
