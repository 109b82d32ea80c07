"""Datasets from strangers: what is wrong with one is said in one line, and none reads more than it should."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from boilerplate.cli.main import main
from boilerplate.errors import DatasetError
from boilerplate.reading import MAX_BYTES
from boilerplate.segment.html import parse
from boilerplate.training import xpaths
from boilerplate.training.datasets import gold_words, load, read_dataset
from boilerplate.training.text_datasets import read_texts

PAGE = "<html><body><div class='isi'><p>satu dua</p><p>tiga</p></div></body></html>"
BODY = [["//p", "body"]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "set"
    home.mkdir()
    (home / "a.html").write_text(PAGE)
    return home


def write(folder: Path, record: object, *, fill: bool = True) -> None:
    """Write a list whose second line is `record` (fields of one, JSON text, or bytes); its first is in order."""
    if isinstance(record, dict):
        record = json.dumps({"page": "a.html", "portal": "p.example", "regions": BODY, **record} if fill else record)
    data = record.encode() if isinstance(record, str) else record
    assert isinstance(data, bytes)
    (folder / "pages.jsonl").write_bytes(json.dumps({"page": "a.html", "regions": BODY}).encode() + b"\n" + data)


def refused(folder: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Train and evaluate on a dataset that is not in order; return the one line that both say."""
    said = []
    for command in (["train", "-o", str(folder.parent / "m"), "--no-evaluate"], ["evaluate", "--model", str(model)]):
        assert main([*command, str(folder), "--jobs", "1"]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        said.append(err)
    assert said[0] == said[1]
    assert said[0].count("\n") == 1
    assert len(said[0]) < 1000
    return said[0]


@pytest.mark.parametrize(
    ("record", "what"),
    [
        ({"regions": 5}, "field 'regions': 5"),
        ({"regions": {"//p": "body"}}, "field 'regions'"),
        ({"regions": ["ab"]}, "field 'regions': 'ab'"),
        ({"regions": [["//p"]]}, "field 'regions'"),
        ({"regions": [[3, "body"]]}, "field 'regions'"),
        ({"regions": [["//p", ["body"]]]}, "field 'regions'"),
        ({"regions": [["//h6", "body"]]}, "field 'regions': //h6"),
        ({"portal": 3}, "field 'portal': 3"),
        ({"domain": ["x"]}, "field 'domain'"),
        ({"story": {}}, "field 'story'"),
        ({"body": 1.5}, "field 'body'"),
        ({"kind": []}, "field 'kind'"),
        ({"kind": "x" * 10**6}, "field 'kind'"),
        ({"page": 7}, "field 'page': 7"),
        ({"page": ""}, "field 'page'"),
        ({"page": "a\0b.html"}, "field 'page'"),
        ({"page": "x" * 10_000}, "field 'page'"),
        ({"page": "gone.html"}, "no such file"),
        ({"page": "sub"}, "is a folder"),
        ({"page": "pipe"}, "is not a file"),
        ({"page": "cut.html.gz"}, "gzip"),
        ({"page": "junk.html.gz"}, "gzip"),
        ({"page": "bomb.html.gz"}, "64 MB"),
        ({"page": "a.pdf"}, "PDF"),
        ('{"page": "a.html", "portal": "\\ud800", "body": "x"}', "field 'portal'"),
        ('{"page": "a.html", "body": "x", "page": "b.html"}', "field 'page' appears twice"),
        ("[" * 100_000, "nested too deeply"),
        ('{"page": "a.html", "regions": ' + "[" * 900 + "]" * 900 + "}", "field 'regions'"),
        (b'{"page": "\xff.html"}', "not UTF-8"),
        ("3", "field 'page'"),
        ("null", "field 'page'"),
        ('{"page": "a.html", "regions": [', "not JSON"),
    ],
)
def test_a_bad_line_is_one_line_of_error(
    folder: Path, model: Path, capsys: pytest.CaptureFixture[str], record: object, what: str
) -> None:
    whole = gzip.compress(os.urandom(5000).hex().encode())
    (folder / "cut.html.gz").write_bytes(whole[: len(whole) // 2])
    (folder / "junk.html.gz").write_bytes(whole[:200] + bytes(100) + whole[300:])
    if "bomb" in str(record)[:100]:
        (folder / "bomb.html.gz").write_bytes(gzip.compress(bytes(MAX_BYTES + 1), 1))
    (folder / "a.pdf").write_bytes(b"%PDF-1.7\n")
    (folder / "sub").mkdir()
    os.mkfifo(folder / "pipe")
    write(folder, record)
    said = refused(folder, model, capsys)
    assert said.startswith(f"boilerplate: {folder}/pages.jsonl:2: ")
    assert what in said


@pytest.mark.parametrize(
    "xpath",
    [
        "count(//p)",
        "//p = 3",
        "true()",
        "//p[unknown(.)]",
        "//x:p/y::z",
        "//p[$n]",
        "//*[count(//*) > count(//*)]",
        "//p[//p[//p]]",
        "//p[re:test(., '(a+)+b')]",
        "document('/etc/hosts')",
        "id('x')",
        "//p/..",
        "//p/following::p",
        "//p[0]",
        "//p[position() < 3]",
        "//text()[contains(., 'x')]",
        "//p/text()/b",
        "//p |",
        "//p[@class='x",
        "p",
        "/",
        "",
    ],
)
def test_an_xpath_that_computes_is_refused(
    folder: Path, model: Path, capsys: pytest.CaptureFixture[str], xpath: str
) -> None:
    write(folder, {"regions": [[xpath, "body"]]})
    said = refused(folder, model, capsys)
    assert said.startswith(f"boilerplate: {folder}/pages.jsonl:2: field 'regions': ")
    assert "XPath" in said or "text()" in said


RICH = (
    "<div id=x class=' isi  teks '><p>satu<!-- c -->dua<b>tiga</b> empat<br>lima</p><p class=isi>enam</p>"
    "<o:p>tujuh</o:p><div><p data-x>delapan <i>sembilan</i></p><div><p>sepuluh</p></div></div></div><p>sebelas</p>"
)


@pytest.mark.parametrize(
    "xpath",
    [
        "/html",
        "/html/body/div/p[2]",
        "/html/body/div/p/text()[2]",
        "/html/body/div[1]/p[1]/text()",
        "/html/body/div/p[1]/text()[1] | /html/body/div/p[1]/b | /html/body/p",
        "//p",
        "//p[1]",
        "//div//p",
        "//div//div//p[1]",
        "//div//*",
        "//*[2]",
        "//html",
        "//text()",
        "//div//text()[1]",
        "//p[@class]",
        "//p[@data-x]",
        "//p[@class='isi'][1]",
        '//*[@id="x"]/*[3]',
        "//div[contains(@class, 'is')]",
        "//*[contains(@class, '')]",
        "//*[starts-with(@class, 'is')]",
        "//*[contains(concat(' ', @class, ' '), ' teks ')]",
        "//*[contains(concat(' ', normalize-space(@class), ' '), ' isi teks ')]",
        " // p [ 2 ] ",
        "//p[3][1]",
        "//p[2][2]",
        "//h1",
        "/p",
    ],
)
def test_what_is_allowed_finds_what_xpath_finds(xpath: str) -> None:
    root = parse(RICH)
    found = root.xpath(xpath)
    elements, refs = xpaths.Finder(root).find(xpath)
    assert len(elements) + len(refs) == len(found)
    assert set(elements) == {item for item in found if not isinstance(item, str)}
    assert set(refs) == {(item.getparent(), item.is_tail) for item in found if isinstance(item, str)}


def test_a_name_with_a_colon_is_found() -> None:
    root = parse(RICH)
    for xpath in ("//*[name()='o:p'][1]", "//o:p"):
        ((element,), _) = xpaths.Finder(root).find(xpath)
        assert element.text == "tujuh"


def test_work_grows_as_the_page_does() -> None:
    work = []
    for n in (200, 400):
        finder = xpaths.Finder(parse("<div>" * n + "<p>x</p>" * n))
        for xpath in ("//*//*//*//p", "//div//div//text()", "//*[contains(@class, 'x')]//p[2]"):
            finder.find(xpath)
        work.append(finder.work)
    assert work[1] < 2.1 * work[0]


def test_work_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xpaths, "WORK", 50_000)
    (folder / "long.html").write_text(f"<div class='{'x ' * 200_000}'>" + "<p>kata</p>" * 500)
    for regions in ([["//p", "body"]] * 5000, [["//div[contains(@class, 'y')]", "body"]]):
        write(folder, {"page": "long.html", "regions": regions})
        example = read_dataset(folder)[1]
        page, root = load(example)
        with pytest.raises(DatasetError, match="field 'regions': .*too long"):
            gold_words(example, page, root)
    write(folder, {"page": "long.html", "regions": BODY})
    page, root = load(read_dataset(folder)[1])
    assert gold_words(read_dataset(folder)[1], page, root).sum() == 500


@pytest.mark.parametrize("how", ["..", "absolute", "link", "linked folder"])
def test_a_page_outside_of_the_folder_is_read_only_if_told(
    folder: Path, model: Path, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    secret = folder.parent / "set-of-mine" / "secret.html"
    secret.parent.mkdir()
    secret.write_text(PAGE)
    name = {"..": "../set-of-mine/secret.html", "absolute": str(secret), "link": "link.html"}.get(how, "in/secret.html")
    if how == "link":
        (folder / "link.html").symlink_to(secret)
    elif how == "linked folder":
        (folder / "in").symlink_to(secret.parent)
    write(folder, {"page": name})
    assert "field 'page'" in (said := refused(folder, model, capsys))
    assert "--outside" in said
    assert read_dataset(folder, outside=True)[1].read() == PAGE
    assert main(["evaluate", str(folder), "--model", str(model), "--jobs", "1", "--outside"]) == 0


def test_a_folder_may_be_a_link_and_its_pages_link_within(folder: Path) -> None:
    (folder / "b.html").symlink_to("a.html")
    write(folder, {"page": "../set/b.html"})
    (folder.parent / "alias").symlink_to(folder)
    assert read_dataset(folder.parent / "alias")[1].read() == PAGE


def test_labelled_texts_stay_in_their_folder(folder: Path) -> None:
    (folder.parent / "secret.txt").write_text("satu")
    (folder.parent / "secret.labels").write_text("body")
    (folder / "index.tsv").write_text("../secret\tp.example\n")
    with pytest.raises(DatasetError, match=r"index\.tsv:1: .*outside"):
        read_texts(folder)
    assert len(read_texts(folder, outside=True)) == 1
    for index in (b"\xff\tp.example\n", b"a\0b\tp.example\n", b"a\n"):
        (folder / "index.tsv").write_bytes(index)
        with pytest.raises(DatasetError, match=r"index\.tsv:1: "):
            read_texts(folder)


def test_what_is_no_dataset_is_told_what_one_is(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    for name, what in (("nodir", "no such folder"), ("empty", "holds no pages.jsonl")):
        said = refused(tmp_path / name, model, capsys)
        assert said.startswith(f"boilerplate: {tmp_path / name}: {what}: a dataset is a folder with a pages.jsonl")
    assert main(["evaluate", "https://kabar.example/set", "--model", str(model), "--jobs", "1"]) == 2
    assert "https://kabar.example/set: is a URL" in capsys.readouterr().err


def test_a_byte_order_mark_is_no_part_of_the_first_line(folder: Path) -> None:
    (folder / "pages.jsonl").write_bytes(b"\xef\xbb\xbf" + json.dumps({"page": "a.html", "body": "x"}).encode())
    assert len(read_dataset(folder)) == 1
