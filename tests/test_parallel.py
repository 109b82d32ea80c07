"""Batches spread over processes."""

import os
from functools import partial
from pathlib import Path

from boilerplate.parallel import spread


def make(folder: Path) -> str:
    (folder / f"{os.getpid()}-{len(list(folder.iterdir()))}").touch()
    return f"{os.getpid()}"


def work(state: str, batch: list[int]) -> tuple[str, int, list[int]]:
    return state, os.getpid(), [2 * n for n in batch]


def test_in_order_with_a_state_of_its_own_a_process(tmp_path):
    results = list(spread(partial(make, tmp_path), work, ([n, n + 1] for n in range(20)), 2))
    assert [doubled for _, _, doubled in results] == [[2 * n, 2 * n + 2] for n in range(20)]
    assert all(state == str(pid) for state, pid, _ in results)
    assert str(os.getpid()) not in {state for state, _, _ in results}
    assert len(list(tmp_path.iterdir())) == len({pid for _, pid, _ in results})  # once in each, not once a batch


def test_each_run_makes_its_state_anew(tmp_path):
    for run in ("first", "second"):
        (tmp_path / run).mkdir()
        list(spread(partial(make, tmp_path / run), work, [[1]], 2))
        assert len(list((tmp_path / run).iterdir())) == 1
