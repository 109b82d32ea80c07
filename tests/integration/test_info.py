"""``info`` and ``models``: what models are, by their files and their cards."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from boilerplate.cli.main import main
from boilerplate.labels import LABELS
from boilerplate.model.file import save
from boilerplate.model.registry import find, open_model

CARD = """# Model `mine`

Trained 2026-02-03 at commit abc1234:

```
boilerplate train --kind html desa kota -o mine
```

- pages: 12

## Unseen portals (leave-one-portal-out)

| label | F1 |
| --- | --- |
- macro-F1 over the eight labels: **0.912**
- mean page F1 of the body (4-gram shingles): **0.9731**

## Sources of the pages

- Arsip Desa (CC-BY-4.0): 8
- own pages: 4
"""
RETRAINED = """# Model `mine`

Started from `portals`; learned from 5 pages of kabar.example.

| pages | number | macro-F1 | body page F1 |
| --- | --- | --- | --- |
| your pages, each held out | 5 | 0.701 → 0.812 | 0.9000 → 0.9500 |
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*args: object) -> tuple[int, str, str]:
        status = main(list(map(str, args)))
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return status, out, err

    return call


@pytest.fixture
def mine(model: Path, tmp_path: Path) -> Path:
    """A model of ours with a header that says much, and its card."""
    network, header = open_model(model)
    file = tmp_path / "models" / "mine.npz"
    settings = {"hidden": 16, "epochs": 30}
    lexicon = [["related", ["warta sepihak", "kabar setali"]]]
    save(file, network, {**header, "pages": 12, "portals": 2, "settings": settings, "lexicon": lexicon})
    file.with_suffix(".md").write_text(CARD)
    return file


def test_info_says_what_file_and_card_say(run: Run, mine: Path) -> None:
    status, out, _ = run("info", mine)
    assert status == 0
    facts = dict(line.strip().split(maxsplit=1) for line in out.splitlines() if line.startswith("  ") and " " in line)
    assert facts["kind"] == "html"
    assert facts["trained"].startswith("2026-02-03 at commit abc1234")
    assert facts["pages"] == "12 of 2 portals"
    assert facts["labels"] == ", ".join(label.value for label in LABELS)
    assert facts["lexicon"].startswith("2 section headings")
    assert facts["settings"] == "epochs=30, hidden=16"
    assert facts["command"] == "boilerplate train --kind html desa kota -o mine"
    assert str(mine) in facts["file"]
    assert "macro-F1 over the eight labels: **0.912**" in out
    assert "Arsip Desa (CC-BY-4.0): 8" in out


def test_json_holds_all_of_it(run: Run, mine: Path) -> None:
    _, out, _ = run("info", mine, "--json")
    found = json.loads(out)
    assert found["size"] == mine.stat().st_size
    assert found["sources"] == [
        {"name": "Arsip Desa (CC-BY-4.0)", "pages": 8, "licence": "CC-BY-4.0"},
        {"name": "own pages", "pages": 4, "licence": ""},
    ]
    assert found["card"] == CARD
    assert found["usable"] is True


def test_the_card_of_a_retrained_model(run: Run, mine: Path) -> None:
    mine.with_suffix(".md").write_text(RETRAINED)
    _, out, _ = run("info", mine)
    assert "started from   portals" in out
    assert "your pages, each held out | 5 | 0.701 → 0.812" in out


def test_the_card_itself(run: Run, mine: Path) -> None:
    assert run("info", mine, "--card")[1] == CARD
    mine.with_suffix(".md").unlink()
    status, out, err = run("info", mine, "--card")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "unknown: it has no card" in run("info", mine)[1]


def test_a_model_of_another_release_is_shown_and_said_to_be_of_no_use(run: Run, mine: Path) -> None:
    network, header = open_model(mine)
    save(mine, network, {**header, "features": [f"old {i}" for i in range(len(header["features"]))]})
    assert "not usable" in run("info", mine)[1]
    assert "train it again" in run("models", mine.parent)[1]


def test_shipped_models_are_the_default(run: Run) -> None:
    _, out, _ = run("info", "--json")
    found = json.loads(out)
    assert (found["name"], found["kind"]) == ("portals", "html")
    assert found["file"] == str(find("portals"))
    assert sum(source["pages"] for source in found["sources"]) <= found["pages"]
    assert "CC-BY-4.0" in {source["licence"] for source in found["sources"]}


@pytest.mark.parametrize("name", ["nosuch", "a\x1b[2Jb", "/", "."])
def test_what_is_no_model(run: Run, name: str) -> None:
    status, out, err = run("info", name)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "\x1b" not in err


def test_models_lists_shipped_ones_and_those_of_a_folder(
    run: Run, mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.savez(mine.parent / "arrays.npz", x=np.zeros(3))
    (mine.parent / "junk.npz").write_bytes(b"junk")
    monkeypatch.chdir(tmp_path)
    status, out, err = run("models")
    assert status == 0
    lines = out.splitlines()
    assert [line.split()[:3] for line in lines][2] == ["models/mine.npz", "html", "2026-02-03"]
    assert [line.split()[0] for line in lines][:2] == ["portals", "portals-text"]
    assert "macro-F1 over the eight labels: 0.912" in lines[2]
    assert err == "boilerplate: 2 other .npz files are no models\n"


def test_models_as_json_and_of_a_named_folder(run: Run, mine: Path, tmp_path: Path) -> None:
    shutil.copy(mine, tmp_path / "portals.npz")  # named like a shipped one, and not it
    _, out, _ = run("models", tmp_path, "--json")
    found = json.loads(out)
    assert [(x["name"], x["shipped"]) for x in found] == [("portals", True), ("portals-text", True), ("portals", False)]
    assert found[2]["pages"] == 12
    assert run("models", tmp_path / "gone")[0] == 2


def test_a_shipped_model_is_listed_once(run: Run) -> None:
    _, out, _ = run("models", find("portals").parent)
    assert [line.split()[0] for line in out.splitlines()] == ["portals", "portals-text"]


def test_a_hostile_card_cannot_steer_anything(run: Run, mine: Path) -> None:
    mine.with_suffix(".md").write_bytes(b"\xff## Sources\n- x: 9999999999999999999999\n- : \n-\n" + b"- a: 1\n" * 10**5)
    status, out, _ = run("info", mine)
    assert status == 0
    assert len(out.splitlines()) < 40
