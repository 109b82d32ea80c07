"""``datasets check``: everything that is wrong with a dataset, at once, with file, line and field."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers import STORY, news_page

from boilerplate.cli.main import main
from boilerplate.curation import check as checks
from boilerplate.curation.check import PortalCount
from boilerplate.curation.duplicates import COMMON, SIZE, alike, resemblance, sketch
from boilerplate.curation.tables import WIDTH, portal_table
from boilerplate.labels import LABELS

REGIONS = [["//div[contains(@class, 'isi')]", "body"], ["//div[@class='terkait']", "related"]]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*args: object) -> tuple[int, str, str]:
        status = main(["datasets", "check", *map(str, args), "--jobs", "1"])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return status, out, err

    return call


def write(folder: Path, records: list[dict[str, Any] | str], pages: int = 8) -> Path:
    """Write a dataset of some pages, and a list of these lines; records are completed."""
    folder.mkdir(exist_ok=True)
    for i in range(pages):
        (folder / f"{i}.html").write_text(news_page(i))
    lines = [
        record
        if isinstance(record, str)
        else json.dumps({"page": f"{i}.html", "portal": f"{i}.example", "regions": REGIONS, **record})
        for i, record in enumerate(records)
    ]
    (folder / "pages.jsonl").write_text("\n".join(lines) + "\n")
    return folder


def test_all_errors_are_told_at_once(tmp_path: Path, run: Run) -> None:
    (tmp_path / "secret.html").write_text("<p>rahasia</p>")
    folder = write(
        tmp_path / "set",
        [
            {},
            {"portal": 7, "kind": "x", "regions": [["//p", "boddy"], ["//p", "body"], ["count(//p)", "body"]]},
            "{not json",
            {"regions": [["//h5", "body"], ["//h6", "meta"], *REGIONS]},
            {"page": "gone.html"},
            {"page": "../secret.html"},
        ],
    )
    status, out, _ = run(folder, "--no-model")
    assert status == 1
    errors = [line for line in out.splitlines() if line.startswith("error: ")]
    where = f"error: {folder / 'pages.jsonl'}:"
    for line, what in [
        (2, "field 'portal': 7"),
        (2, "field 'kind': 'x'"),
        (2, "unknown label 'boddy'"),
        (2, "count(//p)"),
        (3, "not JSON"),
        (4, "//h5"),
        (4, "//h6"),
        (5, "no such file"),
        (6, "outside of the dataset's folder"),
    ]:
        assert any(error.startswith(f"{where}{line}: ") and what in error for error in errors), (line, what)
    assert len(errors) == 9
    assert "rahasia" not in out
    assert "9 errors" in out


def test_a_dataset_in_order_ends_with_0_and_its_words(tmp_path: Path, run: Run) -> None:
    folder = write(tmp_path / "set", [{} for _ in range(8)])
    status, out, err = run(folder, "--no-model", "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found["errors"] == []
    story = sum(len(text.split()) for text in STORY)
    portal = found["portals"]["3.example"]
    assert portal["words"]["body"] == story + 3 * len("Catatan nomor 3.".split())
    assert portal["words"]["related"] == 2 + 12 * len("Berita singkat ke 1 hari ini".split())
    # What no region covers: two links of a menu, the headline, the footer.
    assert portal["unlabelled"] == portal["words"]["chrome"] == 2 + 4 + 4


def test_json_names_file_line_and_field(tmp_path: Path, run: Run) -> None:
    folder = write(tmp_path / "set", [{}, {"regions": 5}])
    status, out, _ = run(folder, "--no-model", "--json")
    assert status == 1
    (error,) = json.loads(out)["errors"]
    assert (error["file"], error["line"], error["field"]) == (str(folder / "pages.jsonl"), 2, "regions")


def test_too_few_portals_are_said_before_a_page_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "set", [{"portal": "satu.example"} for _ in range(3)])
    said = []

    def read(*_: object) -> None:
        said.append(capsys.readouterr().out)
        raise KeyboardInterrupt

    monkeypatch.setattr(checks.DatasetsCheck, "read_pages", read)
    main(["datasets", "check", str(folder)])
    assert "warning" in said[0]
    assert "one portal (satu.example)" in said[0]


def test_portals_of_one_template_family_are_warned_about(tmp_path: Path, run: Run) -> None:
    folder = write(tmp_path / "set", [{} for _ in range(8)])
    status, out, _ = run(folder, "--no-model")
    assert status == 0
    assert "8 portals share templates so much that they are 1 family" in out


def test_suspicious_labels_are_those_that_the_model_contradicts(tmp_path: Path, run: Run, model: Path) -> None:
    wrong = [["//div[@class='isi']", "body"], ["//div[@class='isi']/p[2]", "ad"], REGIONS[1]]
    folder = write(tmp_path / "set", [{}, {"regions": wrong}])
    _, out, _ = run(folder, "--model", model, "--json")
    found = [x for x in json.loads(out)["suspicious"] if x["guess"] == "body"]
    assert [(x["where"], x["label"], x["place"]) for x in found] == [
        (f"{folder / 'pages.jsonl'}:2", "ad", "/html/body/div[2]/p[2]")
    ]
    assert found[0]["probability"] >= 0.95


def test_suspicious_labels_are_capped_unless_all_are_asked_for(tmp_path: Path, run: Run, model: Path) -> None:
    folder = write(tmp_path / "set", [{"regions": [["//body", "ad"]]} for _ in range(18)], pages=18)
    _, few, _ = run(folder, "--model", model)
    _, every, _ = run(folder, "--model", model, "--all")
    assert few.count("model: ") == 20
    assert "more (--all shows them)" in few
    assert every.count("model: ") > 50
    assert "--all" not in every


def test_a_model_for_another_kind_is_refused(tmp_path: Path, run: Run) -> None:
    folder = write(tmp_path / "set", [{}])
    status, _, err = run(folder, "--model", "portals-text")
    assert status == 2
    assert err.splitlines()[-1] == "boilerplate: portals-text: not a model for html"


def test_copies_and_near_copies_across_portals(tmp_path: Path, run: Run) -> None:
    folder = write(tmp_path / "set", [{} for _ in range(5)])
    long = "".join(f"<p>Alinea ke-{i} bercerita tentang nelayan nomor {i * 7} dan perahunya.</p>" for i in range(40))
    page = (
        "<html><body><h1>{}</h1><div class=isi>" + long + "<p>{}</p></div><div class=terkait>Lain</div></body></html>"
    )
    (folder / "0.html").write_text(page.format("Judul satu", "Penutup pertama berbeda."))
    (folder / "1.html").write_text(page.format("Judul dua", "Akhir kedua lain lagi."))
    (folder / "2.html").write_text((folder / "3.html").read_text())
    _, out, _ = run(folder, "--no-model")
    assert f"{folder / 'pages.jsonl'}:4: shows the same text as {folder / 'pages.jsonl'}:3" in out
    near = [line for line in out.splitlines() if "nearly that of" in line]
    # news_page tells stories that differ by their numbers only, so the other pages are alike as well
    assert any(f"pages.jsonl:2: its story is nearly that of {folder / 'pages.jsonl'}:1 (" in line for line in near)
    assert not any("pages.jsonl:1 (" in line and "pages.jsonl:3:" in line for line in near)


def test_pages_of_one_story_are_no_near_copies(tmp_path: Path, run: Run) -> None:
    folder = write(tmp_path / "set", [{"story": "s"}, {"story": "s"}])
    _, out, _ = run(folder, "--no-model")
    assert "nearly" not in out


def test_resemblance_is_that_of_the_shingles() -> None:
    rng = np.random.default_rng(0)
    words = [f"k{n}" for n in rng.integers(0, 10**6, 900)]
    a, b = " ".join(words[:600]), " ".join(words[300:])
    both, union = len(words[300:600]) - 4, 900 - 4 - 4  # shingles of five words
    one, other = sketch(a), sketch(b)
    assert one is not None
    assert other is not None
    assert len(one) == SIZE
    assert resemblance(one, other) == pytest.approx(both / union, abs=0.12)
    assert resemblance(one, one) == 1.0
    assert sketch("terlalu pendek") is None


def test_a_phrase_that_all_texts_have_costs_no_comparison_of_all() -> None:
    phrase = " ".join(f"sama{i}" for i in range(40))
    n = 40 * COMMON
    texts = [phrase + " " + " ".join(f"x{i}y{j}" for j in range(400)) for i in range(n)]
    sketches = [sketch(text) for text in texts]
    shared = sum(len(x) for x in sketches if x is not None)
    assert shared == n * SIZE
    assert list(alike(sketches)) == []


def test_copies_of_one_story_are_found_however_many_there_are() -> None:
    one = sketch(" ".join(f"kata{i}" for i in range(200)))
    pairs = list(alike([one] * (3 * COMMON)))
    assert {a for a, b, _ in pairs} | {b for _, b, _ in pairs} == set(range(3 * COMMON))


def test_labelled_texts_are_checked_line_by_line(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text(f"{STORY[0]}\n\nBaca juga: Judul\n{STORY[1]}\n")
    (folder / "a.labels").write_text("body\n-\nrelatd\n-\n")
    (folder / "index.tsv").write_text("a\tsatu.example\nb\tdua.example\nonly-a-name\n../x\tsatu.example\n")
    status, out, _ = run(folder, "--no-model")
    assert status == 1
    errors = [line for line in out.splitlines() if line.startswith("error: ")]
    assert any("a.labels:3: unknown label 'relatd'" in line for line in errors)
    assert any("a.labels:4: no label for a line" in line for line in errors)
    assert any("index.tsv:3: needs name and portal" in line for line in errors)
    assert any("index.tsv:4: " in line and "outside" in line for line in errors)
    assert any("index.tsv:2: " in line and "b.labels" in line for line in errors)
    assert len(errors) == 5


def test_what_is_no_dataset_is_one_line(tmp_path: Path, run: Run) -> None:
    status, out, err = run(tmp_path / "gone")
    assert (status, out, err.count("\n")) == (2, "", 1)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run(empty)[0] == 2


def test_the_table_fits_whatever_its_names_and_numbers() -> None:
    count = PortalCount(10**5, np.full(len(LABELS), 10**9), 10**9)
    portals = {"x" * 300 + ".example": count, "報道" * 30: count, "kabar.example": PortalCount()}
    lines = portal_table(portals)
    assert len(lines) == 5
    assert all(len(line) <= WIDTH for line in lines)
    assert len(lines[1].split()) == len(lines[0].replace("no reg.", "no").split())


def test_a_pipe_named_as_a_page_is_not_waited_for(tmp_path: Path, run: Run) -> None:
    folder = write(tmp_path / "set", [{"page": "pipe"}])
    os.mkfifo(folder / "pipe")
    status, out, _ = run(folder, "--no-model")
    assert status == 1
    assert "is not a file" in out


def test_training_that_cannot_hold_a_portal_out_says_so_before_it_reads_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "set", [{"portal": "satu.example"} for _ in range(3)])
    monkeypatch.setattr("boilerplate.training.fitting.prepare_many", lambda *_, **__: pytest.fail("pages are read"))
    assert main(["train", str(folder), "-o", str(tmp_path / "m")]) == 2
    assert "needs two families of portals" in capsys.readouterr().err


def test_a_page_without_text_is_warned_about(tmp_path: Path, run: Run) -> None:
    folder = write(tmp_path / "set", [{}, {"regions": []}])
    (folder / "1.html").write_text("<html><body><script>x</script></body></html>")
    status, out, _ = run(folder, "--no-model")
    assert status == 0
    assert f"warning: {folder / 'pages.jsonl'}:2: field 'page': {folder / '1.html'} shows no text" in out


def test_labels_that_nobody_has_checked_are_warned_about(tmp_path: Path, run: Run) -> None:
    folder = write(tmp_path / "set", [{"done": False}, {"done": True}, {}, {"done": False}])
    status, out, _ = run(folder, "--no-model")
    assert status == 0
    assert f"warning: {folder}: 2 of 4 pages bear labels that nobody has checked" in out


def test_every_line_of_texts_labelled_by_the_character_is_checked(tmp_path: Path, run: Run) -> None:
    folder = write(tmp_path / "set", [{} for _ in range(6)])
    good = {"text": "Satu dua tiga iklan", "portal": "satu.example", "spans": [[14, 19, "ad"]]}
    lines = [good, {**good, "spans": [[0, 99, "ad"]]}, {**good, "text": 5}, {**good, "spans": [[0, 4, "adv"]]}]
    (folder / "spans.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    (folder / "pages.jsonl").rename(tmp_path / "pages.jsonl")
    status, out, _ = run(folder, "--no-model", "--json")
    assert status == 1
    found = json.loads(out)
    assert [(error["line"], error["file"]) for error in found["errors"]] == [
        (line, str(folder / "spans.jsonl")) for line in (2, 3, 4)
    ]
    assert found["portals"]["satu.example"]["words"] | {"body": 3, "ad": 1} == found["portals"]["satu.example"]["words"]
    (tmp_path / "pages.jsonl").rename(folder / "pages.jsonl")
    status, out, _ = run(folder, "--no-model")  # beside pages, they are checked as well
    assert status == 1
    assert "6 pages of 6 portals: 3 errors" in out
    (folder / "pages.jsonl").unlink()
    (folder / "spans.jsonl").write_text("\n")
    assert "holds no texts" in run(folder, "--no-model")[1]
