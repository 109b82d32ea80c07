"""Batches map_batches over processes, and what becomes of those that die, hang or fail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from helpers import news_page

from boilerplate.cleaner import Cleaner
from boilerplate.errors import WorkerError
from boilerplate.workers import pool as parallel
from boilerplate.workers.pool import map_batches


def make(folder: Path) -> str:
    (folder / f"{os.getpid()}-{len(list(folder.iterdir()))}").touch()
    return f"{os.getpid()}"


def work(state: str, batch: list[int]) -> tuple[str, int, list[int]]:
    return state, os.getpid(), [2 * n for n in batch]


def test_in_order_with_a_state_of_its_own_a_process(tmp_path: Path) -> None:
    results = list(map_batches(partial(make, tmp_path), work, ([n, n + 1] for n in range(20)), 2))
    assert [doubled for _, _, doubled in results] == [[2 * n, 2 * n + 2] for n in range(20)]
    assert all(state == str(pid) for state, pid, _ in results)
    assert str(os.getpid()) not in {state for state, _, _ in results}
    assert len(list(tmp_path.iterdir())) == len({pid for _, pid, _ in results})  # once in each, not once a batch


def test_each_run_makes_its_state_anew(tmp_path: Path) -> None:
    for run in ("first", "second"):
        (tmp_path / run).mkdir()
        list(map_batches(partial(make, tmp_path / run), work, [[1]], 2))
        assert len(list((tmp_path / run).iterdir())) == 1


def test_reads_a_few_batches_ahead_and_not_more(tmp_path: Path) -> None:
    read = []

    def batches() -> Iterator[list[int]]:
        for n in range(100):
            read.append(n)
            yield [n]

    results = map_batches(partial(make, tmp_path), work, batches(), 2)
    next(results)
    assert len(read) <= 2 * parallel.QUEUE_LENGTH
    next(results)
    assert len(read) <= 2 * parallel.QUEUE_LENGTH + 1
    results.close()
    pids = {int(path.name.split("-")[0]) for path in tmp_path.iterdir()}
    for pid in pids:  # gone, and not a zombie
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def act(folder: Path, batch: list[str]) -> list[str]:
    """Note each attempt; die, hang or fail where the item says so."""
    for item in batch:
        (folder / f"{len(list(folder.iterdir())):05}-{item}-{len(batch)}").touch()
        if item.startswith("die") and not (item == "die once" and tried(folder, item) > 1):
            os.kill(os.getpid(), signal.SIGKILL)
        if item == "hang":
            time.sleep(600)
        if item == "full":
            raise MemoryError
        if item == "fail":
            raise LookupError("of its own")
    return [f"did {item}" for item in batch]


def tried(folder: Path, item: str) -> int:
    return sum(f"-{item}-" in path.name for path in folder.iterdir())


def go(folder: Path, batches: list[list[str]], jobs: int = 2, **more: float) -> list[str]:
    found: list[str] = []
    for done in map_batches(
        partial(Path, folder), act, batches, jobs, on_failure=lambda reason: [f"lost: {reason}"], **more
    ):
        found += done
    return found


def test_an_item_that_kills_its_process_costs_only_itself(tmp_path: Path) -> None:
    found = go(tmp_path, [["a", "b"], ["c", "die", "d"], ["e"], ["f"]])
    died = "lost: the worker process died on this page"
    assert found == ["did a", "did b", "did c", died, "did d", "did e", "did f"]
    assert tried(tmp_path, "die") == 4  # in its batch, in its batch again, alone, alone again


def test_a_process_that_is_killed_once_costs_nothing(tmp_path: Path) -> None:
    assert go(tmp_path, [["a", "die once", "b"], ["c"]], 1) == ["did a", "did die once", "did b", "did c"]
    assert tried(tmp_path, "a") == 2  # the batch, again, whole


def test_out_of_memory_is_like_dying(tmp_path: Path) -> None:
    assert go(tmp_path, [["full", "a"]], 1) == ["lost: the worker process ran out of memory on this page", "did a"]


def test_an_item_that_takes_too_long_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "GRACE", 0.2)
    found = go(tmp_path, [["a", "hang", "b"], ["c"]], timeout=0.8)
    assert found == ["did a", "lost: took longer than 0.8 seconds", "did b", "did c"]
    assert tried(tmp_path, "hang") == 2  # in its batch, and alone


def test_without_a_stand_in_a_death_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match="died"):
        list(map_batches(partial(Path, tmp_path), act, [["die"]], 1))


def test_exceptions_come_through_in_their_turn(tmp_path: Path) -> None:
    results = map_batches(partial(Path, tmp_path), act, [["a"], ["fail"], ["b"]], 2)
    assert next(results) == ["did a"]
    with pytest.raises(LookupError, match="of its own") as caught:
        next(results)
    assert "in act" in str(caught.value.__cause__)

    def broken() -> Iterator[list[str]]:
        yield ["c"]
        raise OSError("the source broke")

    results = map_batches(partial(Path, tmp_path), act, broken(), 2)
    assert next(results) == ["did c"]
    with pytest.raises(OSError, match="the source broke"):
        next(results)


def refuse() -> None:
    os._exit(3)


def test_processes_that_do_not_start_are_no_items_fault(tmp_path: Path) -> None:
    with pytest.raises(WorkerError, match="as they start .exit status 3"):
        list(map_batches(refuse, act, [["a"]], 2, on_failure=lambda reason: []))


def test_nothing_is_imported_from_the_current_folder(tmp_path: Path) -> None:
    for name in ("pickle", "signal", "gc"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('ran code of the current folder')")
    code = (
        "import sys\nsys.path[:] = [p for p in sys.path if p]\nfrom boilerplate.workers.pool import map_batches\n"
        "print(list(map_batches(int, divmod, [[1]], 1)))"  # fails in the worker: the error must be divmod's own
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(parallel.__file__).parents[2]), "PYTHONSAFEPATH": "1"},
    )
    assert "divmod()" in done.stderr
    assert "ran code" not in done.stderr


@pytest.mark.parametrize("jobs", [1, 2])
def test_clean_many_in_processes(model: Path, jobs: int) -> None:
    pages: list[object] = [
        *(news_page(i) for i in range(70)),
        7,
        memoryview(news_page(8).encode()),
        bytearray(b"%PDF-1.4"),
    ]
    cleaner = Cleaner(model)
    alone = list(cleaner.clean_many(pages))  # type: ignore[arg-type]
    assert [(r.status, r.text, r.error) for r in cleaner.clean_many(pages, n_jobs=jobs, timeout=60)] == [  # type: ignore[arg-type]
        (r.status, r.text, r.error) for r in alone
    ]
    assert alone[70].error.startswith("a page is str or bytes, not int")
    assert alone[71].status == "ok"


class Deadly(Cleaner):
    """A cleaner that some pages kill."""

    def __reduce__(self) -> tuple[object, ...]:
        return Deadly, (self.model,)

    def _recipe(self) -> partial[Cleaner]:
        return partial(Deadly, self.model)

    def _segment(self, page: str | bytes, *args: object, **kwargs: object) -> object:
        if "DEADLY" in str(page):
            os.kill(os.getpid(), signal.SIGKILL)
        if "ENDLESS" in str(page):
            signal.pause()
        return super()._segment(page, *args, **kwargs)  # type: ignore[arg-type]


def test_a_deadly_page_is_an_error_row(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "GRACE", 1.0)
    pages = [news_page(i) for i in range(6)]
    pages[2] = "<p>DEADLY</p>"
    pages[4] = "<p>ENDLESS</p>"
    results = list(Deadly(model).clean_many(pages, n_jobs=2, timeout=2.0))
    assert [result.status for result in results] == ["ok", "ok", "error", "ok", "error", "ok"]
    assert results[2].error == "the worker process died on this page"
    assert results[4].error == "took longer than 2 seconds"
