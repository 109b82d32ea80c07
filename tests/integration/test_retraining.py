"""``train --from``: a few pages of a portal teach a model what that portal alone has."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from helpers import leaking_page

from boilerplate import Cleaner
from boilerplate.cli.main import main
from boilerplate.errors import DatasetError
from boilerplate.training import retraining
from boilerplate.training.retraining import retrain_model

_TOPICS = ("bakau", "sawah", "pasar", "jembatan", "sekolah", "pelabuhan")


def _dataset(folder: Path, topics: tuple[str, ...] = _TOPICS[:5]) -> Path:
    (folder / "pages").mkdir(parents=True)
    with (folder / "pages.jsonl").open("w") as out:
        for number, topic in enumerate(topics):
            html = leaking_page(number, topic)
            (folder / "pages" / f"{topic}.html").write_text(html)
            regions = [
                ["/html/body/h1", "meta"],
                ["/html/body/div[2]", "body"],
                ["/html/body/div[2]/div", "related"],
            ]
            row = {"page": f"pages/{topic}.html", "portal": "zkw.example", "story": topic, "regions": regions}
            out.write(json.dumps({**row, "sha256": hashlib.sha256(html.encode()).hexdigest()}) + "\n")
    return folder


def test_a_leak_of_the_portal_is_mended(tmp_path: Path) -> None:
    unseen = leaking_page(9, "pelabuhan")
    leak = "Sambil ngopi"
    assert leak in Cleaner().clean(unseen), "the box is no news to the shipped model"
    result = retrain_model([_dataset(tmp_path / "mine")], tmp_path / "mine-model", "portals", jobs=1)
    assert result.model is not None
    assert result.card is not None
    assert "→" in result.card.read_text()
    text = Cleaner(result.model).clean(unseen)
    assert leak not in text
    assert "Biaya untuk pelabuhan" in text
    (change,) = result.changes
    assert change.after.macro_f1() > change.before.macro_f1() + 0.1


def test_one_page_is_enough_for_a_leak(tmp_path: Path) -> None:
    result = retrain_model([_dataset(tmp_path / "mine", _TOPICS[:1])], tmp_path / "m", "portals", jobs=1)
    assert result.changes == []
    assert "Nothing was measured" in result.text
    assert result.model is not None
    assert "Sambil ngopi" not in Cleaner(result.model).clean(leaking_page(9, "pelabuhan"))


def test_a_model_that_is_worse_elsewhere_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = _dataset(tmp_path / "mine")
    others = _dataset(tmp_path / "others")
    rows = [json.loads(line) for line in (others / "pages.jsonl").read_text().splitlines()]
    for row in rows:  # there, the same box is the story's
        row["regions"] = row["regions"][:2]
    (others / "pages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    less = retrain_model([mine], tmp_path / "less", "portals", others=[others], jobs=1)
    assert "of it was made" in less.text
    assert not any(change.is_worse for change in less.changes)
    monkeypatch.setattr(retraining, "SHARES", (1.0,))
    kept = retrain_model([mine], tmp_path / "m", "portals", others=[others], jobs=1)
    assert kept.model is None
    assert not list(tmp_path.glob("m.*"))
    assert [change.name for change in kept.changes if change.is_worse] == ["other portals"]
    forced = retrain_model([mine], tmp_path / "m", "portals", others=[others], force=True, jobs=1)
    assert forced.model is not None


def test_without_labels_nothing_is_learned(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "pages.jsonl").write_text("")
    with pytest.raises(DatasetError, match="no page"):
        retrain_model([folder], tmp_path / "m", "portals", jobs=1)


def test_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine, model = str(_dataset(tmp_path / "mine")), str(tmp_path / "m")
    assert main(["train", "--from", "portals", mine, "-o", model, "--jobs", "1"]) == 0
    assert "your pages, each held out" in capsys.readouterr().out
    assert main(["train", "--from", "portals", mine, "-o", model]) == 2, "nothing is replaced unasked"
    assert main(["train", "--from", "portals", mine, "-o", model, "--overwrite", "--epochs", "3"]) == 2
    assert "--epochs does not go with --from" in capsys.readouterr().err
    assert main(["train", mine, "-o", model, "--overwrite", "--force"]) == 2
    assert main(["train", "--from", str(tmp_path / "nothing"), mine, "-o", model, "--overwrite"]) == 2
