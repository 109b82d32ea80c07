"""What runs the inputs through: our own mutations, or atheris, which is guided by the code that inputs reach."""

from __future__ import annotations

import atexit
import faulthandler
import pickle
import random
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

from fuzzing.inputs import Make, mutated, read_pages, soup
from fuzzing.mutate import mutate
from fuzzing.runner import GROUP_SIZE, PAGE_RATES, SOUP_RATES, Runner, write_json

PATIENCE = 300
"""Seconds after which a group of inputs is held to hang; the worker dies and says where."""

_STATUS_EVERY = 2.0
_LONGEST = 4096  # bytes of an input that atheris makes


@dataclass(frozen=True)
class Plan:
    """What a worker has to do."""

    engine: str
    seed: int
    groups: int
    minutes: float
    pages: tuple[Path, ...]
    page_bytes: int
    findings: Path
    work: Path
    jobs: int

    def make(self) -> Make:
        """Where inputs come from."""
        if not self.pages:
            return soup
        return mutated([page for folder in self.pages for page in read_pages(folder)], self.page_bytes)

    def runner(self) -> Runner:
        """What checks them."""
        return Runner(PAGE_RATES if self.pages else SOUP_RATES, self.findings)


def sources(make: Make, seed: int, group: int) -> tuple[list[str | bytes], random.Random]:
    """The inputs of a group, the same whichever worker asks, and the source of chance for what is checked on them."""
    rng = random.Random(f"{seed}/{group}")
    return [make(rng) for _ in range(GROUP_SIZE)], rng


def run_own(plan: Plan, job: int, first: int) -> None:
    """Work through every `jobs`-th group from `first` on."""
    make, runner = plan.make(), plan.runner()
    current, status = plan.work / f"current-{job}", plan.work / f"status-{job}-{first}.json"
    end = time.monotonic() + plan.minutes * 60
    last_status = 0.0
    for group in range(first, plan.groups, plan.jobs):
        if time.monotonic() > end:
            break
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        inputs, rng = sources(make, plan.seed, group)
        current.write_bytes(pickle.dumps((group, inputs)))  # what killed the worker, if something does
        runner.check(inputs, rng)
        if time.monotonic() - last_status > _STATUS_EVERY:
            write_json(status, runner.tally.as_dict())
            last_status = time.monotonic()
    faulthandler.cancel_dump_traceback_later()
    write_json(status, runner.tally.as_dict())
    current.unlink(missing_ok=True)


def run_atheris(plan: Plan, job: int, first: int) -> None:
    """Let libFuzzer choose the inputs; it ends the process itself."""
    import atheris

    runner, make = plan.runner(), plan.make()
    for function in _functions():
        atheris.instrument_func(function)
    current, status = plan.work / f"current-{job}", plan.work / f"status-{job}-{first}.json"
    corpus = plan.work / f"corpus-{job}"
    corpus.mkdir(exist_ok=True)
    seeds, _ = sources(make, plan.seed, job)
    others = [page.encode("utf-8", "replace") if isinstance(page, str) else page for page in seeds]
    for number, page in enumerate(others):
        (corpus / str(number)).write_bytes(page[:_LONGEST])
    waiting: list[str | bytes] = []
    last_status = 0.0

    def one_input(data: bytes) -> None:
        nonlocal last_status
        rng = random.Random(data)
        waiting.append(data.decode("utf-8", "replace") if rng.random() < 0.5 else data)
        if len(waiting) < GROUP_SIZE:
            with suppress(Exception):  # found again, and last_status, with its group
                runner.cleaner.label(data)  # at once, so that the code that is reached is this input's
            return
        current.write_bytes(pickle.dumps((0, waiting)))
        runner.check(waiting, rng)
        waiting.clear()
        if time.monotonic() - last_status > _STATUS_EVERY:
            write_json(status, runner.tally.as_dict())
            last_status = time.monotonic()

    def change(data: bytes, limit: int, seed: int) -> bytes:
        rng = random.Random(seed)
        return (mutate(rng, data, others) if rng.random() < 0.5 else atheris.Mutate(data, limit))[:limit]

    def finish() -> None:
        write_json(status, runner.tally.as_dict())
        current.unlink(missing_ok=True)

    atexit.register(finish)
    options = [
        f"-runs={plan.groups * GROUP_SIZE // plan.jobs}",
        f"-max_total_time={int(plan.minutes * 60)}",
        f"-seed={plan.seed + job + 1}",
        f"-max_len={_LONGEST}",
        f"-timeout={PATIENCE}",
        "-verbosity=0",
        str(corpus),
    ]
    atheris.Setup([sys.argv[0], *options], one_input, custom_mutator=change)
    atheris.Fuzz()


def _functions() -> Iterator[FunctionType]:
    """The package's own functions and methods, of all modules that are loaded."""
    for key, module in list(sys.modules.items()):
        if key.split(".")[0] != "boilerplate":
            continue
        for value in list(vars(module).values()):
            members = vars(value).values() if isinstance(value, type) else (value,)
            for member in members:
                if isinstance(member, FunctionType) and member.__module__ == key:
                    yield member


ENGINES: dict[str, Any] = {"own": run_own, "atheris": run_atheris}
