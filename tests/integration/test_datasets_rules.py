"""``datasets rules``: pages labelled by selectors."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import ROOT, STORY, html, news_page

from boilerplate.cli.main import main
from boilerplate.curation import rule_labelling
from boilerplate.curation.rules import read_rules
from boilerplate.errors import InputError
from boilerplate.labels import LABELS
from boilerplate.training.datasets import load, node_labels, piece_text, read_dataset

pytest.importorskip("cssselect")
Run = Callable[..., tuple[int, str, str]]

RULES = """\
# a portal of our own
body	div.isi
related	div.terkait, div.lain

[*lama*]
meta	h1
[*]
chrome	div.kaki
"""
PAGE = """<html><body><h1>Judul</h1><div class="isi"><p>Alinea satu.</p><p>Baca Juga:  Kabar lain</p>
<p>Alinea dua. <b>Tebal</b> (abc)<br>(abc/def)</p></div><div class="box">Terpopuler<ul><li>Satu</li></ul></div>
<div class="box">Pilihan<ul><li>Dua</li></ul></div></body></html>"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*args: object) -> tuple[int, str, str]:
        status = main(["datasets", "rules", *map(str, args)])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return status, out, err

    return call


def labelled(folder: Path) -> list[dict[str, str]]:
    """Return for each page its texts by label, as training reads them."""
    pages = []
    for example in read_dataset(folder):
        page, root = load(example)
        label_of = node_labels(example, root)
        found: dict[str, list[str]] = {}
        for ref in (ref for refs in page.refs for ref in dict.fromkeys(refs)):
            found.setdefault(LABELS[label_of(ref)].value, []).append(" ".join(piece_text(ref).split()))
        pages.append({label: " | ".join(text for text in texts if text) for label, texts in found.items()})
    return pages


def one(tmp_path: Path, run: Run, rules: str, page: str = PAGE) -> dict[str, str]:
    (tmp_path / "r.tsv").write_text(rules)
    (tmp_path / "a.html").write_text(page)
    status, _, err = run(tmp_path / "r.tsv", tmp_path / "a.html", "-o", tmp_path / "set")
    assert status == 0, err
    return labelled(tmp_path / "set")[0]


def test_selectors_sections_and_what_no_rule_finds(tmp_path: Path, run: Run) -> None:
    (tmp_path / "r.tsv").write_text(RULES)
    html(tmp_path / "crawl" / "baru.html", 1)
    html(tmp_path / "crawl" / "lama.html", 2)
    status, out, err = run(tmp_path / "r.tsv", tmp_path / "crawl", "-o", tmp_path / "set")
    assert status == 0
    new, old = labelled(tmp_path / "set")
    assert new["body"] == " | ".join(f"{text} Catatan nomor 1." for text in STORY)
    assert new["related"].startswith("Berita Terkait | Berita singkat ke 0")
    assert "meta" not in new
    assert old["meta"] == "Warga menanam bakau 2"
    assert {x.portal for x in read_dataset(tmp_path / "set")} == {"crawl"}
    assert out.splitlines()[-1].split()[:3] == ["crawl", "2", str(2 * sum(len(t.split()) + 3 for t in STORY))]
    assert "rules labelled nothing" not in err


def test_the_deepest_element_and_the_later_rule_hold(tmp_path: Path, run: Run) -> None:
    rules = "related\t.isi p\t^baca juga\nbody\tdiv.isi\npicks\tdiv.box\npopular\tdiv.box\t^terpopuler\n"
    found = one(tmp_path, run, rules)
    assert found["related"] == "Baca Juga: Kabar lain"
    assert found["popular"] == "Terpopuler | Satu"
    assert found["picks"] == "Pilihan | Dua"
    assert found["body"].startswith("Alinea satu. | Alinea dua.")


def test_xpaths_and_text_nodes(tmp_path: Path, run: Run) -> None:
    rules = (
        "body\tdiv.isi\nmeta\ttext::div.isi p\t^\\([a-z]+/[a-z]+\\)$\nad\txpath:://div[@class='isi']//b\n"
        "latest\t(//div[@class='box'])[2]\nrelated\t//p/text()[contains(., 'Baca Juga')]\n"
    )
    found = one(tmp_path, run, rules)
    assert found["meta"] == "(abc/def)"
    assert found["ad"] == "Tebal"
    assert found["latest"] == "Pilihan | Dua"
    assert found["related"] == "Baca Juga: Kabar lain"
    assert found["body"] == "Alinea satu. | Alinea dua. | (abc)"


def test_a_block_of_several_labels_keeps_its_chrome(tmp_path: Path, run: Run) -> None:
    found = one(tmp_path, run, "body\tp\nchrome\tb\n", "<body><p>Satu <b>Bagikan</b> dua</p></body>")
    assert found == {"body": "Satu | dua", "chrome": "Bagikan"}


def test_sections_match_addresses(tmp_path: Path, run: Run) -> None:
    (tmp_path / "r.tsv").write_text("[*//m.kabar.example/*]\nbody\tdiv.isi\n")
    lines = [{"html": news_page(i), "url": f"https://{host}.kabar.example/{i}"} for i, host in enumerate(("m", "www"))]
    (tmp_path / "p.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert run(tmp_path / "r.tsv", tmp_path / "p.jsonl", "-o", tmp_path / "set")[0] == 0
    assert ["body" in page for page in labelled(tmp_path / "set")] == [True, False]
    assert {x.portal for x in read_dataset(tmp_path / "set")} == {"kabar.example"}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("body", "is no rule"),
        ("boddy\tdiv", "unknown label 'boddy'"),
        ("body\tdiv[", "selector 'div['"),
        ("body\t//div[", "XPath '//div['"),
        ("body\tdiv\t(", "regex '('"),
        ("body\tdiv\tx\ty", "is no rule"),
        ("body\t \tx", "is no rule"),
        ("body\t//nosuch:div", "nosuch"),
        ("body\tcount(//div)", "selector"),
        ("body\tdiv::before", "selector"),
        ("body\txpath::count(//div)", "finds a value"),
    ],
)
def test_what_is_no_rule_is_told_with_its_line(tmp_path: Path, run: Run, line: str, what: str) -> None:
    html(tmp_path / "a.html")
    (tmp_path / "r.tsv").write_text(f"# first\n{line}\n")
    status, out, err = run(tmp_path / "r.tsv", tmp_path / "a.html", "-o", tmp_path / "set")
    assert status == 2
    assert out == ""
    message = err.splitlines()[-1]
    assert what in message
    assert f"{tmp_path / 'r.tsv'}:2: " in message
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize("text", [None, b"", b"# nothing\n", b"\xff\xfe body"])
def test_files_without_rules(tmp_path: Path, text: bytes | None) -> None:
    if text is not None:
        (tmp_path / "r.tsv").write_bytes(text)
    with pytest.raises(InputError, match=r"r\.tsv: (no|holds no) rules"):
        read_rules(tmp_path / "r.tsv")


def test_rules_that_label_nothing_are_named(tmp_path: Path, run: Run) -> None:
    html(tmp_path / "a.html")
    (tmp_path / "r.tsv").write_text("body\tdiv.isi\nad\tdiv.tiada\nmeta\th1\t^tidak ada$\n")
    _, _, err = run(tmp_path / "r.tsv", tmp_path / "a.html", "-o", tmp_path / "set")
    assert "2 of 3 rules labelled nothing: lines 2, 3" in err


def test_a_page_that_takes_too_long_is_left_out(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_labelling, "TIMEOUT", 2.0)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.html").write_text("<body>" + "<p>x</p>" * 20_000 + "</body>")
    html(tmp_path / "in" / "b.html")
    (tmp_path / "r.tsv").write_text("body\t//*[count(//*[count(//*) > 0]) > 0]\n")
    status, _, err = run(tmp_path / "r.tsv", tmp_path / "in", "-o", tmp_path / "set")
    assert status == 2
    assert "a.html: " in err
    assert [x.name for x in read_dataset(tmp_path / "set")] == ["b.html"]


def test_without_cssselect_it_says_what_to_install(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boilerplate.extras.find_spec", lambda name: None)
    html(tmp_path / "a.html")
    (tmp_path / "r.tsv").write_text("body\tdiv\n")
    status, _, err = run(tmp_path / "r.tsv", tmp_path / "a.html", "-o", tmp_path / "set")
    assert (status, err.count("\n")) == (2, 1)
    assert "pip install cssselect" in err


def test_the_rules_in_the_documents_are_rules(tmp_path: Path) -> None:
    documents = ROOT / "docs" / "datasets.md"
    if not documents.exists():
        pytest.skip("an installed copy has no documents")
    (block,) = re.findall(r"^```\n(# kabar.*?)^```$", documents.read_text("utf-8"), re.M | re.S)
    (tmp_path / "r.tsv").write_text(block)
    rules = read_rules(tmp_path / "r.tsv")
    assert len(rules) == block.count("\n") - 2  # but for the comment and the section
    assert [rule.glob for rule in rules] == ["*"] * 5 + ["*/foto/*"]
