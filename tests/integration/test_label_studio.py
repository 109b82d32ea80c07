"""Datasets to Label Studio and back."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from helpers import PORTALS, STORY, news_page

from boilerplate.cli.main import main
from boilerplate.curation.label_studio import lay_out
from boilerplate.curation.label_studio_import import Stretch, lay_stretches
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.segment.html import parse, segment
from boilerplate.training.datasets import gold_words, load, read_dataset
from boilerplate.training.text_datasets import read_lines, read_texts

BODY, AD, CHROME = INDEX[Label.BODY], INDEX[Label.AD], INDEX[Label.CHROME]
PAGE = (
    "<html><head><title>x</title></head><body onload='x()'><h1>Judul</h1>"
    '<div class="isi" style="position:fixed"><p>Satu <b>dua</b> tiga \U0001f600.</p><p>Empat <a href="javascript:x()">'
    "lima</a></p></div><script>document.title = 'gotcha'</script><ul><li>Kabar &lt;b&gt; lain</li></ul>"
    "<noscript><p>tanpa skrip</p></noscript><p>luar<div>dalam</div></p></body></html>"
)
REGIONS = [["//div[@class='isi']", "body"], ["//div[@class='isi']/p[2]/a", "ad"], ["//li", "related"]]
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*args: object) -> tuple[int, str]:
        status = main(["datasets", *map(str, args)])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert out == ""
        return status, err

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "set"
    home.mkdir()
    (home / "a.html").write_text(PAGE)
    (home / "b.html.gz").write_bytes(gzip.compress(news_page(3).encode()))
    records = [
        {"page": "a.html", "portal": "satu.example", "regions": REGIONS, "story": "s", "source": "kita", "words": {}},
        {"page": "b.html.gz", "portal": "dua.example", "regions": [["//div[@class='isi']", "body"]]},
    ]
    (home / "pages.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    return home


def export(run: Run, folder: Path) -> list[dict[str, Any]]:
    out = folder.parent / "ls"
    assert run("export", folder, "--to", "label-studio", "-o", out)[0] == 0
    return json.loads((out / "tasks.json").read_text())


def annotate(tasks: list[dict[str, Any]]) -> None:
    """Accept the predictions of tasks as they are."""
    for task in tasks:
        task["annotations"] = [{"result": task["predictions"][0]["result"], "was_cancelled": False}]


def bring_back(run: Run, folder: Path, tasks: object, *args: object) -> tuple[int, str]:
    file = folder.parent / "export.json"
    file.write_text(tasks if isinstance(tasks, str) else json.dumps(tasks))
    return run("import", file, "--from", "label-studio", "--pages", folder, "-o", folder.parent / "back", *args)


def words(folder: Path) -> list[list[list[int]]]:
    return [gold_words(example, *load(example)).tolist() for example in read_dataset(folder)]


def test_labels_come_back_as_they_went(run: Run, folder: Path) -> None:
    tasks = export(run, folder)
    annotate(tasks)
    assert bring_back(run, folder, tasks) == (0, f"boilerplate: 2 pages in {folder.parent / 'back'}; 0 left out\n")
    back = folder.parent / "back"
    assert words(back) == words(folder)
    one, two = read_dataset(back)
    assert (one.portal, one.meta["story"], one.meta["source"]) == ("satu.example", "s", "kita")
    assert one.meta["labels_from"] == "Label Studio"
    assert "words" not in one.meta
    assert (one.read(), two.read()) == (PAGE, news_page(3))


def test_our_own_portals_come_back_as_they_went(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "set"
    home.mkdir()
    (home / "pages").symlink_to(PORTALS / "pages")
    lines = (PORTALS / "pages.jsonl").read_text().splitlines()[::20]
    (home / "pages.jsonl").write_text("\n".join(lines))
    out = tmp_path / "ls"
    assert run("export", home, "--to", "label-studio", "-o", out, "--outside")[0] == 0
    tasks = json.loads((out / "tasks.json").read_text())
    annotate(tasks)
    assert bring_back(run, home, tasks, "--outside")[0] == 0
    before = [gold_words(x, *load(x)).tolist() for x in read_dataset(home, outside=True)]
    assert words(tmp_path / "back") == before


def test_nothing_of_the_page_but_its_words_is_exported(run: Run, folder: Path) -> None:
    html = export(run, folder)[0]["data"]["html"]
    root = parse(f"<html><body>{html}</body></html>")
    assert {element.tag for element in root.iter("*")} == {"html", "body", "div", "span"}
    assert {name for element in root.iter("*") for name in element.attrib} <= {"style"}
    assert "gotcha" not in html
    assert "javascript" not in html
    assert "Kabar &lt;b&gt; lain" in html
    assert all(element.getparent().tag in ("div", "body") for element in root.iter("span"))


def test_predictions_are_in_the_format_of_label_studio(run: Run, folder: Path) -> None:
    task = export(run, folder)[0]
    html, nodes = lay_out(segment(parse(PAGE), nodes=True))
    assert html == task["data"]["html"]
    texts = {node.path: node.text for node in nodes}
    results = task["predictions"][0]["result"]
    assert [result["value"]["hypertextlabels"] for result in results] == [["body"], ["body"], ["ad"], ["related"]]
    for result in results:
        value = result["value"]
        assert (result["type"], result["from_name"], result["to_name"]) == ("hypertextlabels", "label", "page")
        assert value["startOffset"] == 0
        assert value["endOffset"] == len(texts[value["end"]])
        assert value["text"].startswith(texts[value["start"]])
    assert results[0]["value"]["text"] == "Satu dua tiga \U0001f600."
    assert len({result["id"] for result in results}) == len(results)


def test_the_configuration_has_all_labels(run: Run, folder: Path) -> None:
    export(run, folder)
    root = ElementTree.fromstring((folder.parent / "ls" / "config.xml").read_text())
    assert [label.get("value") for label in root.iter("Label")] == [label.value for label in LABELS]
    (control,), (shown,) = root.iter("HyperTextLabels"), root.iter("HyperText")
    assert (control.get("toName"), shown.get("value")) == (shown.get("name"), "$html")


def test_what_an_annotator_changed_counts(run: Run, folder: Path) -> None:
    tasks = export(run, folder)[:1]
    result = tasks[0]["predictions"][0]["result"]
    old = {"result": [], "was_cancelled": False, "updated_at": "2026-01-01T00:00:00Z"}
    cancelled = {"result": [], "was_cancelled": True, "updated_at": "2026-03-01T00:00:00Z"}
    # One region from the headline to the middle of the second paragraph, numbered as with the frame's own elements and
    # highlighting; and a smaller one inside of it.
    start, end = result[0]["value"]["start"], result[1]["value"]["end"]
    head = lay_out(segment(parse(PAGE), nodes=True))[1][0].path
    big = {
        "start": "/html[1]/body[1]" + head.replace("/text()[1]", "/span[1]/text()[1]"),
        "startOffset": 0,
        "end": end,
        "endOffset": 2,
        "hypertextlabels": ["meta"],
    }
    small = {"start": start, "startOffset": 0, "end": start, "endOffset": 5, "hypertextlabels": ["picks"]}
    new = {
        "updated_at": "2026-02-01T00:00:00Z",
        "result": [{"type": "hypertextlabels", "value": value} for value in (small, big)] + [{"type": "choices"}],
    }
    tasks[0]["annotations"] = [new, cancelled, old]
    assert bring_back(run, folder, tasks)[0] == 0
    (example,) = read_dataset(folder.parent / "back")
    page, root = load(example)
    counts = gold_words(example, page, root)
    found = {
        text: {LABELS[i].value: n for i, n in enumerate(row) if n} for text, row in zip(page.texts, counts, strict=True)
    }
    assert found["Judul"] == {"meta": 1}
    assert found["Satu dua tiga \U0001f600."] == {"picks": 1, "meta": 3}
    assert found["Empat lima"] == {"chrome": 2}  # two of five characters are covered


def test_tasks_without_an_annotation_are_left_out(run: Run, folder: Path) -> None:
    tasks = export(run, folder)
    annotate(tasks[:1])
    status, err = bring_back(run, folder, tasks)
    assert status == 0
    assert "1 of 2 tasks have no annotation" in err
    assert len(read_dataset(folder.parent / "back")) == 1


def test_a_page_that_changed_since_is_refused(run: Run, folder: Path) -> None:
    tasks = export(run, folder)
    annotate(tasks)
    (folder / "a.html").write_text(PAGE.replace("Judul", "Lain"))
    status, err = bring_back(run, folder, tasks)
    assert status == 2
    assert "task 1: " in err
    assert "has changed since it was exported" in err
    assert len(read_dataset(folder.parent / "back")) == 1


def test_pages_without_labels_come_back_without(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "set"
    home.mkdir()
    (home / "a.html").write_text(PAGE)
    records = [
        {"page": "a.html", "portal": "satu.example", "kind": "index"},
        {"page": "./a.html", "portal": "satu.example", "body": "Satu dua tiga"},
    ]
    (home / "pages.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    tasks = export(run, home)
    annotate(tasks)
    assert bring_back(run, home, tasks)[0] == 0
    one, two = read_dataset(tmp_path / "back")
    assert (one.regions, one.index, one.body) == (None, True, None)
    assert (two.regions, two.index, two.body) == (None, False, "Satu dua tiga")


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("start", "/div[9]/span[1]/text()[1]", "where the page has no text"),
        ("start", 5, "is no XPath"),
        ("start", "/" * 100_000, "is no XPath"),
        ("endOffset", -1, "'endOffset'"),
        ("endOffset", True, "'endOffset'"),
        ("hypertextlabels", ["boddy"], "unknown label 'boddy'"),
        ("hypertextlabels", ["body", "ad"], "is not one label"),
        ("hypertextlabels", "body", "is not one label"),
    ],
)
def test_results_that_are_not_in_order(run: Run, folder: Path, field: str, value: object, what: str) -> None:
    tasks = export(run, folder)
    annotate(tasks)
    tasks[0]["annotations"][0]["result"][0]["value"][field] = value
    status, err = bring_back(run, folder, tasks)
    assert status == 2
    assert what in err
    assert err.count("\n") == 2
    assert len(err) < 2000


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        ("page", "../a.html", "is not in the dataset"),
        ("page", None, "is not in the dataset"),
        ("nodes", ["/html"], "texts, 1 were exported"),
        ("nodes", 3, "'html' and 'nodes'"),
        ("html", None, "'html' and 'nodes'"),
        ("html", "<div>" * 100_000, "texts, "),
        ("html", "\0</html><span>\ud800", "texts, "),
        ("digest", "", "has changed"),
    ],
)
def test_data_that_is_not_in_order(run: Run, folder: Path, field: str, value: object, what: str) -> None:
    tasks = export(run, folder)
    annotate(tasks)
    tasks[0]["data"][field] = value
    status, err = bring_back(run, folder, tasks)
    assert status == 2
    assert what in err


def test_an_xpath_of_a_task_cannot_compute(run: Run, folder: Path) -> None:
    tasks = export(run, folder)
    annotate(tasks)
    tasks[0]["data"]["nodes"] = ["count(//*[count(//*)])"] * len(tasks[0]["data"]["nodes"])
    status, err = bring_back(run, folder, tasks)
    assert status == 2
    assert "not an XPath that a dataset may use" in err


@pytest.mark.parametrize("text", ["{", "{}", "[3]", '[{"data": 3}]', "[" * 100_000, "\x00"])
def test_what_is_no_export(run: Run, folder: Path, text: str) -> None:
    status, err = bring_back(run, folder, text)
    assert (status, err.count("\n")) == (2, 1)
    assert not (folder.parent / "back").exists()


def test_nothing_is_overwritten(run: Run, folder: Path) -> None:
    tasks = export(run, folder)
    status, err = run("export", folder, "--to", "label-studio", "-o", folder.parent / "ls")
    assert (status, err.count("\n")) == (2, 1)
    annotate(tasks)
    (folder.parent / "back").write_text("mine")
    assert bring_back(run, folder, tasks)[0] == 2
    assert (folder.parent / "back").read_text() == "mine"


def test_texts_come_back_line_by_line(run: Run, tmp_path: Path) -> None:
    home = tmp_path / "set"
    (home / "labelled").mkdir(parents=True)
    text = f"Judul \U0001f600\n\n{STORY[0]}\nBagikan\nBaca juga: lain\n"
    (home / "labelled" / "a.txt").write_text(text)
    (home / "labelled" / "a.labels").write_text("meta\n-\nbody\nchrome\nrelated\n-\n")
    (home / "labelled" / "index.tsv").write_text("a\tsatu.example\n")
    tasks = export(run, home)
    for result in tasks[0]["predictions"][0]["result"]:
        value = result["value"]
        assert tasks[0]["data"]["text"][value["start"] : value["end"]] == value["text"]
    root = ElementTree.fromstring((tmp_path / "ls" / "config.xml").read_text())
    assert [label.get("value") for label in root.iter("Label")] == [label.value for label in LABELS]
    annotate(tasks)
    assert bring_back(run, home, tasks)[0] == 0
    (example,) = read_texts(tmp_path / "back")
    (before,) = read_texts(home)
    assert read_lines(example) == read_lines(before)
    assert example.portal == "satu.example"


def test_the_smallest_stretch_that_covers_more_than_half_decides() -> None:
    lengths = [10, 10, 10, 0, 10]
    whole = Stretch(0, 0, 4, 10, BODY)
    assert lay_stretches([whole], lengths) == [BODY] * 5
    assert lay_stretches([whole, Stretch(1, 0, 2, 5, AD)], lengths) == [BODY, AD, BODY, BODY, BODY]
    assert lay_stretches([Stretch(0, 6, 1, 6, AD)], lengths) == [CHROME, AD, CHROME, CHROME, CHROME]
    assert lay_stretches([Stretch(2, 2, 2, 4, AD)], lengths) == [CHROME] * 5
    assert lay_stretches([], [5]) == [CHROME]


def test_many_nested_stretches_cost_what_they_are() -> None:
    n = 50_000
    stretches = [Stretch(i, 0, n - 1, 2, BODY if i % 2 else AD) for i in range(n)]
    labels = lay_stretches(stretches, [2] * n)
    assert labels == [BODY if i % 2 else AD for i in range(n)]
