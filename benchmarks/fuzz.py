"""Clean hostile input without end, and print what did not hold, as Markdown tables.

    python benchmarks/fuzz.py --executions 1000000                    # tag soup and lines of text, written at random
    python benchmarks/fuzz.py --executions 100000 --pages DIR [DIR…]  # real pages, mutated
    python benchmarks/fuzz.py --engine atheris --minutes 20           # guided by coverage (pip install atheris)
    python benchmarks/fuzz.py --check FILE…                           # what a run has found, again

The properties, with what each promises, are the functions of ``fuzzing/properties.py``; the rates at which they are
checked stand in ``fuzzing/runner.py``. Inputs depend on the seed alone, not on the number of jobs; times, and whether
threads meet, do not. An input that breaks a property is written to the folder of findings, the first of its kind made
small. Exits with 1 if there is any.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import pickle
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # this file's own folder is there

from fuzzing import compiled
from fuzzing.engines import ENGINES, Plan
from fuzzing.properties import GROUP, SINGLE, ViolationError
from fuzzing.runner import GROUP_SIZE, Tally, load, save
from fuzzing.subject import Subject
from lxml import etree

from boilerplate import Cleaner

_POLL = 0.5
_SAY_EVERY = 30.0


def run(plan: Plan) -> Tally:
    """Run the workers to their end; one that dies is a finding, the next goes on behind the group that killed it."""
    context = multiprocessing.get_context("spawn")
    done, said, start = Tally(), time.monotonic(), time.monotonic()
    workers = {}

    def begin(job: int, first: int) -> None:
        workers[job] = context.Process(target=ENGINES[plan.engine], args=(plan, job, first))
        workers[job].start()

    for job in range(plan.jobs):
        begin(job, job)
    while workers:
        time.sleep(_POLL)
        for job, worker in list(workers.items()):
            if worker.is_alive():
                continue
            worker.join()
            del workers[job]
            current = plan.work / f"current-{job}"
            if worker.exitcode and current.exists():
                group, inputs = pickle.loads(current.read_bytes())
                done.failures[f"worker | died with {worker.exitcode}"] += 1
                for source in inputs:
                    save(plan.findings / f"died-{job}-{group}", "input", source)
                if plan.engine == "own":
                    begin(job, group + plan.jobs)
            elif worker.exitcode:
                done.failures[f"worker | ended with {worker.exitcode}"] += 1
        if time.monotonic() - said > _SAY_EVERY:
            said = time.monotonic()
            now = collect(plan, Tally())
            print(f"{now.executions:,} executions, {now.failures.total():,} violations", file=sys.stderr, flush=True)
    collect(plan, done)
    done.seconds["wall"] = time.monotonic() - start
    return done


def collect(plan: Plan, tally: Tally) -> Tally:
    """Add what the workers have written of themselves."""
    for path in sorted(plan.work.glob("status-*.json")):
        tally.add(json.loads(path.read_text()))
    return tally


def report(plan: Plan, tally: Tally) -> str:
    """The figures as Markdown."""
    minutes = tally.seconds["wall"] / 60
    each = tally.characters / max(tally.executions, 1)
    of = "mutated pages" if plan.pages else "inputs"
    lines = [
        f"{tally.executions:,} {of} of {each:,.0f} characters on average, engine {plan.engine}, seed {plan.seed}, "
        f"{plan.jobs} {'jobs' if plan.jobs > 1 else 'job'}, {minutes:.1f} minutes"
        f" (libxml2 {'.'.join(map(str, etree.LIBXML_VERSION))}, compiled modules in {len(compiled.in_use())} places)",
        "",
        "| property | checked | violated | CPU s |",
        "| --- | ---: | ---: | ---: |",
    ]
    for prop in (*SINGLE, *GROUP):
        name = prop.__name__
        violated = sum(number for key, number in tally.failures.items() if key.startswith(f"{name} | "))
        groups = f" groups of {GROUP_SIZE}" if prop in GROUP else ""
        lines.append(f"| {name} | {tally.checks[name]:,}{groups} | {violated:,} | {tally.seconds[name]:.0f} |")
    if tally.failures:
        lines += ["", "| violated | how | times | smallest |", "| --- | --- | ---: | --- |"]
        for key, number in tally.failures.most_common():
            name, _, kind = key.partition(" | ")
            example = tally.examples.get(key, "").replace("|", "\\|")
            lines.append(f"| {name} | {kind} | {number:,} | {f'`{example}`' if example else ''} |")
    return "\n".join(lines)


def check(paths: list[Path]) -> int:
    """Check every property on inputs from files; returns the exit status."""
    cleaner, status = Cleaner(), 0
    for path in paths:
        for prop in (*SINGLE, *GROUP):
            subject = Subject(load(path), cleaner)
            try:
                prop(subject if prop in SINGLE else [subject])  # type: ignore[arg-type]
            except ViolationError as error:
                print(f"{path}: {prop.__name__}: {error}")
                status = 1
    return status


def main() -> int:
    """Fuzz, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--executions", type=int, help="inputs (default: as many as the minutes allow, or 10,000)")
    parser.add_argument("--minutes", type=float, help="end after so long at the latest")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--engine", choices=sorted(ENGINES), default="own")
    parser.add_argument("--pages", type=Path, nargs="+", default=[], metavar="DIR", help="mutate the pages in these")
    parser.add_argument("--page-bytes", type=int, default=20_000, help="of a longer page take a piece (20,000)")
    parser.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir(), "boilerplate-fuzz"))
    parser.add_argument("--check", type=Path, nargs="+", metavar="FILE", help="check these inputs only")
    args = parser.parse_args()
    if args.check:
        return check(args.check)
    executions = args.executions or (10**12 if args.minutes else 10_000)
    work = Path(tempfile.mkdtemp(prefix="fuzz-"))
    plan = Plan(
        engine=args.engine,
        seed=args.seed,
        groups=-(-executions // GROUP_SIZE),
        minutes=args.minutes or 10**6,
        pages=tuple(args.pages),
        page_bytes=args.page_bytes,
        findings=args.findings,
        work=work,
        jobs=args.jobs,
    )
    try:
        tally = run(plan)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(report(plan, tally))
    if tally.failures:
        print(f"\nInputs are in {args.findings}", file=sys.stderr)
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
