"""Checking groups of inputs, and keeping count of what held and what did not."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from boilerplate import Cleaner
from fuzzing.properties import GROUP, SINGLE, ViolationError, cost_is_linear, threads_give_what_one_gives
from fuzzing.shrink import shrink
from fuzzing.subject import Subject

GROUP_SIZE = 32
KEPT = 3
"""Inputs kept of each kind of violation; the first of them is made small."""

SOUP_RATES = {
    "only_our_errors": 0.03,
    "shown_text_is_in_a_block": 1.0,
    "no_text_is_in_two_blocks": 1.0,
    "lines_are_in_one_block": 0.2,
    "paths_find_their_blocks": 1.0,
    "walks_are_the_same": 1.0,
    "document_is_sound": 0.1,
    "clean_is_the_text_of_label": 0.1,
    "cost_is_linear": 0.003,
    "many_give_what_each_gives": 1.0,
    "bytes_give_what_text_gives": 0.2,
    "compiled_gives_what_pure_gives": 0.1,
    "threads_give_what_one_gives": 0.01,
}
"""Share of the inputs (of the groups, for properties of groups) that each property is checked on: small inputs."""

PAGE_RATES = {
    **SOUP_RATES,
    "lines_are_in_one_block": 0.05,
    "document_is_sound": 0.2,
    "clean_is_the_text_of_label": 0.2,
    "cost_is_linear": 0.005,
    "threads_give_what_one_gives": 0.02,
}
"""The same for pages, of which a single one takes as long as twenty small inputs."""


class Tally:
    """Figures of a run, that add up."""

    def __init__(self) -> None:
        self.executions = 0
        self.characters = 0
        self.checks: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    def add(self, other: Mapping[str, Any]) -> None:
        """Add the figures that another tally gave `as_dict`."""
        self.executions += other["executions"]
        self.characters += other["characters"]
        for name in ("checks", "seconds", "failures"):
            getattr(self, name).update(other[name])
        for key, example in other["examples"].items():
            if key not in self.examples or len(example) < len(self.examples[key]):
                self.examples[key] = example

    def as_dict(self) -> dict[str, Any]:
        """The figures as plain types."""
        return dict(vars(self))


class Runner:
    """Checks properties on inputs, each at its rate, and writes what breaks one to a folder."""

    def __init__(self, rates: Mapping[str, float], findings: Path) -> None:
        self.cleaner = Cleaner()
        self.rates = rates
        self.findings = findings
        self.tally = Tally()

    def check(self, sources: Sequence[str | bytes], rng: random.Random) -> None:
        """Check a group of inputs; `rng` decides which properties on which."""
        subjects = [Subject(source, self.cleaner) for source in sources]
        self.tally.executions += len(sources)
        self.tally.characters += sum(map(len, sources))
        for subject in subjects:
            chance = rng.random()  # one for all, so that properties share what they need of a page
            for prop in SINGLE:
                if chance < self.rates[prop.__name__]:
                    self._one(prop, subject)
        for grouped in GROUP:
            if rng.random() < self.rates[grouped.__name__]:
                self._group(grouped, subjects)

    def _one(self, prop: Callable[[Subject], None], subject: Subject) -> None:
        kind = self._timed(prop, subject)
        if kind:
            source = subject.source

            def breaks(less: Any) -> bool:
                return _kind(prop, Subject(less, self.cleaner)) == kind

            self._record(prop.__name__, kind, source, breaks if prop is not cost_is_linear else None)

    def _group(self, prop: Callable[[Sequence[Subject]], None], subjects: list[Subject]) -> None:
        kind = self._timed(prop, subjects)
        if not kind:
            return
        known = self.tally.failures[f"{prop.__name__} | {kind}"] >= KEPT
        together = prop is threads_give_what_one_gives  # which the threads' order decides, too
        for subject in () if known or together else subjects:  # which of them is it?

            def breaks(less: Any) -> bool:
                fresh = Subject(less, self.cleaner)
                _kind(lambda one: one.document, fresh)
                return _kind(prop, [fresh]) == kind

            if breaks(subject.source):
                self._record(prop.__name__, kind, subject.source, breaks)
                return
        parts = [s.source if isinstance(s.source, bytes) else s.source.encode("utf-8", "replace") for s in subjects]
        self._record(prop.__name__, kind, b"\n<!-- next -->\n".join(parts), None)

    def _timed(self, prop: Callable[[Any], None], subject: Any) -> str:
        start = time.process_time()
        kind = _kind(prop, subject)
        self.tally.checks[prop.__name__] += 1
        self.tally.seconds[prop.__name__] += time.process_time() - start
        return kind

    def _record(self, name: str, kind: str, source: str | bytes, breaks: Callable[[Any], bool] | None) -> None:
        key = f"{name} | {kind}"
        self.tally.failures[key] += 1
        if self.tally.failures[key] > KEPT:
            return
        if self.tally.failures[key] == 1 and breaks is not None:
            source = shrink(source, breaks)
        save(self.findings, key, source)
        shown = ascii(source)
        if len(shown) <= 200 and len(shown) < len(self.tally.examples.get(key, shown + " ")):
            self.tally.examples[key] = shown


def _kind(prop: Callable[[Any], object], subject: Any) -> str:
    """The kind of violation, or "" where the property holds."""
    try:
        prop(subject)
    except ViolationError as error:
        return error.kind
    except Exception as error:  # raised where a property only looked on
        return f"{type(error).__name__} outside of only_our_errors"
    return ""


def save(folder: Path, key: str, source: str | bytes) -> Path:
    """Write an input that breaks a property; ``.str`` marks text that holds surrogates, which no file can."""
    folder.mkdir(parents=True, exist_ok=True)
    data = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
    name = "".join(c if c.isalnum() else "-" for c in key).strip("-")[:100]
    ending = "bytes" if isinstance(source, bytes) else "str"
    path = folder / f"{name}-{hashlib.sha256(data).hexdigest()[:8]}.{ending}.html"
    path.write_bytes(data)
    return path


def load(path: Path) -> str | bytes:
    """Read an input that `save` wrote, or any page, as it was given to the cleaner."""
    data = path.read_bytes()
    return data.decode("utf-8", "surrogatepass") if path.name.endswith(".str.html") else data


def write_json(path: Path, value: Any) -> None:
    """Write a file at once, so that who reads it meanwhile sees the old one or the new."""
    new = path.with_suffix(".new")
    new.write_text(json.dumps(value))
    new.replace(path)
