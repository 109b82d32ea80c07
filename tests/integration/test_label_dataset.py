"""``label --dataset``: pages labelled by a model and written as a dataset, which reads back as it was labelled."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import PORTALS, STORY, html, news_page
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boilerplate.cleaner import Cleaner
from boilerplate.cli.main import main
from boilerplate.curation.origin import folder_of, portal_of
from boilerplate.errors import InputError
from boilerplate.labels import INDEX
from boilerplate.segment.text import segment_text
from boilerplate.training.datasets import gold_words, load, read_dataset
from boilerplate.training.text_datasets import line_words, read_lines, read_texts

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(model: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*args: object, model: object = model) -> tuple[int, str]:
        status = main(["label", *map(str, args), *(["-m", str(model)] if model else [])])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert out == ""
        return status, err

    return call


def labels_read_back(folder: Path) -> list[list[int]]:
    """Return the columns of the labels of the blocks of each page, as training reads them."""
    found = []
    for example in read_dataset(folder):
        page, root = load(example)
        words = gold_words(example, page, root)
        assert ((words > 0).sum(axis=1) == 1).all()
        found.append(words.argmax(axis=1).tolist())
    return found


def predicted(model: Path | None, page: str | bytes) -> list[int]:
    return [INDEX[block.label] for block in Cleaner(model).label(page, kind="html").blocks]


def test_what_training_reads_is_what_the_model_said(tmp_path: Path, run: Run, model: Path) -> None:
    for i in range(5):
        html(tmp_path / "crawl" / f"{i}.html", i)
    status, err = run(tmp_path / "crawl", "--dataset", tmp_path / "set")
    assert (status, err) == (0, f"boilerplate: 5 pages in {tmp_path / 'set'}; 0 left out\n")
    assert labels_read_back(tmp_path / "set") == [predicted(model, news_page(i)) for i in range(5)]
    pages = sorted((tmp_path / "set" / "pages").iterdir())
    assert [page.read_text() for page in pages] == [news_page(i) for i in range(5)]
    assert {example.portal for example in read_dataset(tmp_path / "set")} == {"crawl"}


def test_our_own_portals_read_back_as_the_shipped_model_labels_them(tmp_path: Path, run: Run) -> None:
    pages = sorted((PORTALS / "pages").glob("*.html"))[::25]
    assert run(*pages, "--dataset", tmp_path / "set", model=None)[0] == 0
    assert labels_read_back(tmp_path / "set") == [predicted(None, page.read_bytes()) for page in pages]


PIECES = """
<p> <div> </div> <b> </b> <a/href=/> </a> <br> <li> <table><td> </table> <o:p> <x-y> <noscript> </noscript> <h1> </h1>
kata&nbsp;satu dua\u200b, \u2028 <!--x--> <script>x</script> <svg> </svg> <font'q> <p/> <select><option> </select>
<template> </template> Berita <i> </i> <ruby><rt> </ruby> <iframe> </iframe>
"""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES.replace("\n", " ").strip().split(" ")), min_size=1, max_size=40))
def test_any_page_reads_back_or_is_refused(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    from boilerplate.batch.readers.base import SourcePage
    from boilerplate.curation.prelabel import Prelabeller
    from boilerplate.curation.writing import DatasetWriter

    page = ("<html><body>" + " ".join(parts) + " akhir</body></html>").encode()
    folder = tmp_path_factory.mktemp("any") / "set"
    cleaner = Cleaner()
    with DatasetWriter(folder) as writer:
        try:
            Prelabeller(cleaner, writer, "html").add(SourcePage("a.html", page))
        except InputError:
            return
    assert labels_read_back(folder) == [[INDEX[block.label] for block in cleaner.label(page, kind="html").blocks]]


def test_portals_are_told_by_the_address_then_by_the_folder(tmp_path: Path, run: Run) -> None:
    canonical = news_page(1).replace("<title>", '<link rel="canonical" href="https://news.warta.co.id/a"><title>')
    lines = [
        {"html": news_page(0), "url": "https://m.kabar.example/1"},
        {"html": canonical},
        {"html": canonical, "url": "https://www.lain.example/"},
        {"html": news_page(3)},
    ]
    (tmp_path / "koran").mkdir()
    file = tmp_path / "koran" / "pages.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    run(file, "--dataset", tmp_path / "set")
    examples = read_dataset(tmp_path / "set")
    assert [x.portal for x in examples] == ["kabar.example", "warta.co.id", "lain.example", "koran"]
    assert examples[1].meta["url"] == "https://news.warta.co.id/a"
    run(file, "--dataset", tmp_path / "named", "--portal", "satu.example")
    assert {x.portal for x in read_dataset(tmp_path / "named")} == {"satu.example"}


@pytest.mark.parametrize(
    ("url", "portal"),
    [
        ("https://www.kabar.com/a?b", "kabar.com"),
        ("http://user@m.kabar.com:8080", "kabar.com"),
        ("https://daerah.kabar.co.id/", "kabar.co.id"),
        ("https://kabar.id", "kabar.id"),
        ("https://berita.kabar.id", "kabar.id"),
        ("https://kabarku.wordpress.com/2020", "kabarku.wordpress.com"),
        ("https://127.0.0.1/x", ""),
        ("https://[::1]/x", ""),
        ("https://[x", ""),
        ("file:///tmp/x", ""),
        ("https://localhost/", ""),
        ("https://a..b.com/", ""),
        ("", ""),
    ],
)
def test_portal_of_an_address(url: str, portal: str) -> None:
    assert portal_of(url) == portal


def test_folder_of_a_file() -> None:
    assert [folder_of(x) for x in ("a/kabar/1.html", "1.html", "../1.html")] == ["kabar", "", ""]


def test_names_are_safe_and_each_its_own(tmp_path: Path, run: Run) -> None:
    long = "n" * 200
    for name in ("a/berita.html", "b/berita.html", "c/BERITA.htm", "d/x y;$(z).html", "e/.html.html", f"f/{long}"):
        html(tmp_path / name)
    (tmp_path / "g.html.gz").write_bytes(gzip.compress(news_page(7).encode()))
    assert run(*sorted(tmp_path.iterdir()), "--dataset", tmp_path / "set" / "deep")[0] == 0
    names = [example.name for example in read_dataset(tmp_path / "set" / "deep")]
    assert len({name.lower() for name in names}) == len(names) == 7
    assert all(len(name) < 100 and name.replace("-", "").replace(".", "").isalnum() for name in names)
    assert not any(name.startswith((".", "-")) for name in names)


def test_pages_in_other_encodings_and_wrappers_keep_their_words(tmp_path: Path, run: Run, model: Path) -> None:
    page = news_page(1).replace("Warga desa", "Warga d\u00e9sa").replace("<title>", '<meta charset="latin1"><title>')
    mhtml = (
        "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
        "--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + news_page(2) + "\r\n--x--\r\n"
    )
    (tmp_path / "a.html").write_bytes(page.encode("latin1"))
    (tmp_path / "b.mhtml").write_text(mhtml)
    assert run(tmp_path / "a.html", tmp_path / "b.mhtml", "--dataset", tmp_path / "set")[0] == 0
    first, second = read_dataset(tmp_path / "set")
    assert "d\u00e9sa" in first.read()
    assert second.read().lstrip().startswith("<!DOCTYPE html>")
    assert labels_read_back(tmp_path / "set") == [predicted(model, page), predicted(model, news_page(2))]


def test_texts_are_written_line_by_line(tmp_path: Path, run: Run) -> None:
    text = f"Judul berita\r\n\r\n{STORY[0]}\r\n\u200b\r\n{STORY[1]} <b>tebal</b>\r\nBaca juga: Kabar lain hari ini\r\n"
    (tmp_path / "kabar.example").mkdir()
    (tmp_path / "kabar.example" / "a.txt").write_bytes(text.encode())
    (tmp_path / "kabar.example" / "b.txt").write_bytes(text.replace("\r\n", "\r").encode())
    assert run(tmp_path / "kabar.example", "--kind", "text", "--dataset", tmp_path / "set", model=None)[0] == 0
    document = Cleaner().label(text, kind="text")
    for example in read_texts(tmp_path / "set"):
        assert example.portal == "kabar.example"
        lines = read_lines(example)
        words = line_words(lines, segment_text("\n".join(lines.texts)))
        assert words.argmax(axis=1).tolist() == [INDEX[block.label] for block in document.blocks]
        assert words.sum() == sum(len(text.split()) for text in STORY[:2]) + 2 + 1 + 6


def test_pages_and_texts_in_one_run(tmp_path: Path, run: Run) -> None:
    html(tmp_path / "in" / "a.html")
    (tmp_path / "in" / "b.txt").write_text("\n".join(STORY))
    status = main(["label", str(tmp_path / "in"), "--dataset", str(tmp_path / "set")])
    assert status == 0
    assert len(read_dataset(tmp_path / "set")) == len(read_texts(tmp_path / "set")) == 1


@pytest.mark.parametrize("there", ["file", "folder", "link"])
def test_nothing_is_overwritten(tmp_path: Path, run: Run, there: str) -> None:
    html(tmp_path / "a.html")
    target = tmp_path / "set"
    if there == "file":
        target.write_text("x")
    elif there == "folder":
        html(target / "mine.html")
    else:
        (tmp_path / "elsewhere").mkdir()
        target.symlink_to(tmp_path / "elsewhere")
    before = sorted(tmp_path.rglob("*"))
    status, err = run(tmp_path / "a.html", "--dataset", target)
    assert (status, err.count("\n")) == (2, 1)
    assert "already exists" in err
    assert sorted(tmp_path.rglob("*")) == before


def test_what_cannot_be_read_is_named_and_left_out(tmp_path: Path, run: Run) -> None:
    html(tmp_path / "in" / "a.html")
    (tmp_path / "in" / "empty.html").write_text("<html><body></body></html>")
    (tmp_path / "in" / "feed.html").write_text('<?xml version="1.0"?><rss version="2.0"></rss>')
    status, err = run(tmp_path / "in", tmp_path / "gone.html", "--dataset", tmp_path / "set")
    assert status == 2
    assert "empty.html: shows no text" in err
    assert "gone.html: no such file" in err
    assert "feed.html" in err
    assert "1 pages in" in err
    assert "3 left out" in err
    assert len(read_dataset(tmp_path / "set")) == 1


def test_no_page_no_dataset(tmp_path: Path, run: Run) -> None:
    status, err = run(tmp_path / "gone.html", "--dataset", tmp_path / "set")
    assert status == 2
    assert "so there is no dataset" in err
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_stopped_leaves_nothing(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    html(tmp_path / "a.html")
    monkeypatch.setattr("boilerplate.curation.prelabel.Prelabeller.add", stop)
    assert run(tmp_path / "a.html", "--dataset", tmp_path / "set")[0] == 130
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_options_that_do_not_go_together(tmp_path: Path, run: Run) -> None:
    page = html(tmp_path / "a.html")
    for args in (
        [page, page],
        [page, "--portal", "x"],
        [page, "--dataset", tmp_path / "set", "--four"],
        [page, "--dataset", tmp_path / "set", "--format", "jsonl"],
        [page, "--dataset", tmp_path / "set", "--portal", " "],
    ):
        status, err = run(*args)
        assert (status, err.count("\n")) == (2, 1)
    assert not (tmp_path / "set").exists()


def test_a_page_of_too_many_siblings_is_refused_in_bounded_work(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from boilerplate.training.xpaths import WORK, Finder

    n = 20_000
    assert n * n > WORK
    (tmp_path / "a.html").write_text("<body>" + "<p>Berita singkat ke 1 hari ini</p>" * n + "</body>")
    html(tmp_path / "b.html")
    spent = []
    spend = Finder.spend

    def count(self: Finder, steps: int) -> None:
        spend(self, steps)
        spent.append(self.work)

    monkeypatch.setattr(Finder, "spend", count)
    status, err = run(tmp_path / "a.html", tmp_path / "b.html", "--dataset", tmp_path / "set")
    assert status == 2
    assert "a.html: its labels cannot be written as XPaths: its regions take too long to find in this page" in err
    assert max(spent) <= WORK
    assert len(read_dataset(tmp_path / "set")) == 1


def test_a_dataset_inside_the_pages_that_it_is_made_of_is_refused(tmp_path: Path, run: Run) -> None:
    html(tmp_path / "crawl" / "a.html")
    status, err = run(tmp_path / "crawl", "--dataset", tmp_path / "crawl" / "set")
    assert (status, err.count("\n")) == (2, 1)
    assert "name a folder outside of it" in err
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.html", "crawl"]
