"""The report: what it shows, and that hostile pages stay text in it."""

from __future__ import annotations

import importlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from helpers import STORY as PAGE_STORY
from helpers import news_page

from boilerplate import extras
from boilerplate.cli.main import main
from boilerplate.errors import InputError
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.training import peers
from boilerplate.training.datasets import Example
from boilerplate.training.evaluation import ERRORS_SHOWN, Scores
from boilerplate.training.inspections import write_inspections
from boilerplate.training.mistakes import SHOWN
from boilerplate.training.preparation import LabelledPage
from boilerplate.training.reliability import Reliability
from boilerplate.training.report import WORST, render

pytest.importorskip("jinja2")
pytest.importorskip("matplotlib")
charts = importlib.import_module("boilerplate.training.charts")

HOSTILE = '<script>alert("x")</script><img src=http://jahat.example/a.png onerror=alert(1)>\u202e\ud800 & </td></table>'
BODY, CHROME = INDEX[Label.BODY], INDEX[Label.CHROME]


class Checker(HTMLParser):
    """Collects tags and attributes, and sees that tags nest."""

    void = frozenset(("meta",))

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def scored(texts, gold, best, *, name="a.html", portal="satu.example", index=False, labelled=True, scores=None):
    """Scores with one page: its texts, the gold and the given columns of its blocks."""
    gold, best = np.array(gold), np.array(best)
    counts = np.array([len(text.split()) for text in texts])
    words = np.zeros((len(texts), len(LABELS)), np.int64)
    words[np.arange(len(texts)), gold] = counts
    P = np.full((len(texts), len(LABELS)), 0.02, np.float32)
    P[np.arange(len(texts)), best] = 0.86
    described = type("PageFeatures", (), {"words": counts.astype(float)})
    body = "\n".join(text for text, label in zip(texts, gold, strict=True) if label == BODY)
    page = LabelledPage(
        Example(Path(name), portal, [], index=index),
        described,
        gold,
        words if labelled else None,
        list(texts),
        body,
    )
    scores = scores or Scores()
    scores.add(page, P)
    return scores


STORY = " ".join(f"kata{i}" for i in range(30))


def test_hostile_text_stays_text():
    scores = scored([STORY, HOSTILE], [BODY, CHROME], [BODY, BODY], name="<b>.html", portal='"><script>p</script>')
    page = render(scores, "<script>t</script>", "<a href=javascript:1>")
    page.encode("utf-8")
    seen = Checker(page)
    assert not seen.open
    assert not seen.tags & {"script", "img", "a", "link", "iframe", "object"}
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in page
    assert "\u202e" not in page
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in ("src", "href")]
    assert all(value.startswith("#") for name, value in seen.attributes if name == "xlink:href")  # marks of charts
    assert "default-src 'none'" in page


def test_nothing_is_loaded_from_anywhere():
    page = render(scored([STORY, "Menu"], [BODY, CHROME], [BODY, CHROME]), "a", "b")
    page = re.sub(r' xmlns(:xlink)?="[^"]*"', "", page)  # names, not addresses
    assert not re.search(r"https?:|//|url\((?!#)|@import|href=\"(?!#)", page)
    assert "<script" not in page


def test_a_report_is_the_same_each_time_and_no_id_is_there_twice():
    scores = scored([STORY, "Menu"], [BODY, CHROME], [BODY, CHROME])
    page = render(scores, "a", "b")
    assert page == render(scores, "a", "b")
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert ids
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([^")]*)', page)) <= set(ids)


def test_points_tell_what_they_are():
    found = Reliability()
    found.add(np.array([0.5, 0.99]), np.array([2, 6]), np.array([2, 6]))
    assert "<title>25.0% of words: 0.500 sure, 1.000 right</title>" in charts.reliability(found, "x")
    svg = charts.scatter([(0.95, 1.0), (0.95, 1.0), (0.91, 0.5)], "x", "y")
    assert "<title>2 × x 0.950, y 1.00</title>" in svg
    assert "<title>1 × x 0.910, y 0.50</title>" in svg
    assert 'aria-label="y by x"' in svg
    assert ">3</text>" in charts.histogram([0.1, 0.11, 0.12], "x")


def test_it_shows_figures_and_wrong_blocks():
    long = "panjang " * 60
    scores = scored([STORY, "Baca juga ini", long, "Menu"], [BODY, BODY, CHROME, CHROME], [BODY, CHROME, BODY, CHROME])
    page = render(scores, "contoh", "satu halaman")
    for text in (
        f"{scores.macro_f1():.3f}",
        f"{scores.log_loss():.3f}",
        f"{scores.labelled.error():.2%}",
        "satu.example",
        "Berita Terkait",
        "Baca juga ini",
    ):
        assert text in page
    assert page.count('<span class="dropped">dropped</span>') == 1
    assert page.count('<span class="kept">kept</span>') == 1
    shortened = re.search(r'<td class="text">(panjang[^<]*)', page)[1]
    assert len(shortened) == 200
    assert shortened.endswith("…")
    assert page.count("<svg") == 4


def test_the_worst_pages_come_first_and_are_few():
    scores = Scores()
    for i in range(WORST + 5):
        noise = [f"tautan nomor {k} dan lain" for k in range(2 * i)]
        scored(
            [STORY, *noise], [BODY] + [CHROME] * len(noise), [BODY] * (1 + len(noise)), name=f"{i}.html", scores=scores
        )
    page = render(scores, "a", "b")
    assert page.count('<details class="worst"') == WORST
    assert page.index(f"{WORST + 4}.html") < page.index(f"{WORST + 3}.html")
    assert all(len(p.errors) <= ERRORS_SHOWN for p in scores.pages)
    assert f"and {scores.pages[-1].n_errors - ERRORS_SHOWN} more" in page


def test_pages_without_labelled_regions_or_without_articles_or_none():
    for scores in (
        scored([STORY], [BODY], [BODY], labelled=False),
        scored([STORY], [CHROME], [CHROME], index=True),
        Scores(),
    ):
        assert not Checker(render(scores, "a", "b")).open
        assert "nan" not in render(scores, "a", "b")
    assert "–" in render(Scores(), "a", "b")
    assert "macro-F1" in scored([STORY], [BODY], [BODY], labelled=False).to_markdown()


def test_charts_of_nothing_and_of_extremes():
    for svg in (
        charts.reliability(Reliability(), "x"),
        charts.histogram([], "x"),
        charts.scatter([], "x", "y"),
        charts.histogram([0.0, 1.0, 1.0 + 1e-9], "x"),
        charts.scatter([(0.0, 0.0), (1.0, 1.0)], "x", "y"),
    ):
        assert not Checker(svg).open
        assert not re.search(r"\b(nan|inf)\b", svg)


def test_without_the_extra_nothing_is_begun(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "matplotlib" else object())
    for command in (["evaluate", "no-such-dataset"], ["train", "no-such-dataset", "-o", str(tmp_path / "m")]):
        assert main([*command, "--report", str(tmp_path / "report.html")]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err == "boilerplate: the report needs matplotlib, which is not installed: pip install matplotlib\n"
    assert not list(tmp_path.iterdir())
    with pytest.raises(InputError, match="pip install matplotlib"):
        render(Scores(), "a", "b")


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    lines = []
    for i in range(8):
        (tmp_path / f"{i}.html").write_text(
            news_page(i).replace('class="', f'class="p{i % 4}-').replace("Hak cipta", "Hak &lt;script&gt; cipta")
        )
        regions = '[["//div[contains(@class, \'isi\')]", "body"], ["//div[contains(@class, \'kaki\')]", "body"]]'
        lines.append(f'{{"page": "{i}.html", "portal": "p{i % 4}.example", "regions": {regions}}}')
    (tmp_path / "pages.jsonl").write_text("\n".join(lines))
    return tmp_path


def test_the_commands_write_it(
    dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "PEERS", {})
    small = ["--epochs", "1", "--hidden", "4", "--seeds", "1", "--jobs", "1", "--folds", "2"]
    command = ["train", str(dataset), "-o", str(tmp_path / "m"), *small]
    report = tmp_path / "new" / "report.html"
    assert main([*command, "--report", str(report)]) == 0
    assert "left out of training" in report.read_text(encoding="utf-8")
    other = tmp_path / "other.html"
    assert (
        main(["evaluate", str(dataset), "--model", str(tmp_path / "m.npz"), "--jobs", "1", "--report", str(other)]) == 0
    )
    text = other.read_text(encoding="utf-8")
    assert "8 pages of" in text
    assert "<script" not in text
    assert str(other) in capsys.readouterr().err
    assert main(["evaluate", str(dataset), "--model", str(tmp_path / "m.npz"), "--jobs", "1", "--format", "json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert {"log_loss", "calibration_error", "calibration_error_keep"} <= set(figures)
    assert figures["log_loss"] > 0
    assert main([*command, "--no-evaluate", "--report", str(report)]) == 2
    assert "--no-evaluate" in capsys.readouterr().err
    assert main([*command, "--report", str(tmp_path)]) == 2
    assert "is a folder" in capsys.readouterr().err


def test_each_worst_page_is_linked_to_its_inspection_with_gold_beside_guess(
    dataset: Path, tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "PEERS", {})
    report_file = tmp_path / "out" / "laporan.html"
    assert main(["evaluate", str(dataset), "--model", str(model), "--jobs", "1", "--report", str(report_file)]) == 0
    page = report_file.read_text(encoding="utf-8")
    links = re.findall(r'href="(laporan_pages/worst-\d\d\.html)"', page)
    assert links == [f"laporan_pages/worst-{i:02}.html" for i in range(1, 9)]
    assert sorted(path.name for path in (tmp_path / "out" / "laporan_pages").iterdir()) == [
        link.partition("/")[2] for link in links
    ]
    first = (report_file.parent / links[0]).read_text(encoding="utf-8")
    assert f"model {model.stem} beside gold: " in first
    # The footer is body by the dataset's gold, and chrome by the model.
    row = re.search(r'<li class="chrome differs"[^>]*>(.*?)</li>', first, re.S)
    assert row is not None
    assert "gold: <b>body</b> 1.00" in row[1]
    assert "Hak &lt;script&gt; cipta" in row[1]


def test_a_text_is_inspected_line_by_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Menu lama.\n\n{STORY}\n")
    (tmp_path / "a.labels").write_text("chrome\n-\nbody\n-\n")
    scores = scored(["Menu lama.", STORY], [CHROME, BODY], [BODY, BODY])
    page = scores.pages[0]
    page.example = Example(tmp_path / "a.txt", "satu.example", None)
    assert write_inspections(tmp_path / "r.html", [page], "m") == {0: "r_pages/worst-01.html"}
    html = (tmp_path / "r_pages" / "worst-01.html").read_text()
    assert html.count('<li class="body') == 2
    assert "gold: <b>chrome</b> 1.00" in html


def test_a_page_that_is_not_what_was_scored_gets_no_inspection(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Satu baris saja\n")
    (tmp_path / "a.labels").write_text("body\n")
    page = scored(["Menu lama", STORY], [CHROME, BODY], [BODY, BODY]).pages[0]
    for path in (tmp_path / "a.txt", tmp_path / "gone.txt", tmp_path / "gone.html"):
        page.example = Example(path, "satu.example", None)
        assert write_inspections(tmp_path / "r.html", [page], "m") == {}
    assert not (tmp_path / "r_pages").exists()


def test_mistakes_are_listed_by_their_gold_label_largest_first() -> None:
    scores = Scores()
    for i in range(SHOWN + 5):
        noise = [f"iklan {'kata ' * n}" for n in (i, i + 40, i + 80)]
        scored([STORY, *noise], [BODY, *[CHROME] * 3], [BODY] * 4, name=f"{i}.html", scores=scores)
    found = scores.mistakes.of(Label.CHROME)
    assert [x.words for x in found] == sorted((n + 81 for n in range(5, SHOWN + 5)), reverse=True)
    assert scores.mistakes.blocks[CHROME] == 3 * (SHOWN + 5)
    assert scores.mistakes.of(Label.BODY) == []
    page = render(scores, "a", "b")
    assert page.count('<details class="kind"') == 1
    listed = page[page.index('<details class="kind"') :]
    assert f"{3 * (SHOWN + 5)} wrong blocks" in listed
    assert "satu.example: 14.html" in listed


def test_one_page_that_is_all_wrong_is_no_list_of_mistakes() -> None:
    noise = [f"iklan nomor {i}" for i in range(30)]
    found = scored([STORY, *noise], [BODY, *[CHROME] * 30], [BODY] * 31).mistakes
    assert len(found.of(Label.CHROME)) == 2
    assert found.blocks[CHROME] == 30


def test_many_portals_are_folded_behind_the_lowest() -> None:
    scores = Scores()
    for i in range(120):
        wrong = [CHROME] * 2 if i % 7 == 3 else [BODY, CHROME]
        scored([STORY, "Menu"], [BODY, CHROME], wrong, portal=f"p{i:03}.example", scores=scores)
    page = render(scores, "a", "b")
    first, _, every = page.partition('<details class="all">')
    shown = re.findall(r'<td class="name">(p\d+\.example)</td>', first)
    assert len(shown) == 25
    assert all(int(name[1:4]) % 7 == 3 for name in shown[:17])
    assert "All 120 portals" in every
    assert len(re.findall(r'<td class="name">p\d+\.example</td>', every.partition("</details>")[0])) == 120


def test_axes_say_what_they_show() -> None:
    found = Reliability()
    for svg, names in (
        (charts.reliability(found, "x"), ("probability of x (0–1)", "share of words right (0–1)")),
        (charts.histogram([0.5], "x"), ("x (0–1)", "number of pages (square-root scale)")),
        (charts.scatter([(0.97, 0.5)], "x", "y"), ("x (0–1)", "y (0–1)")),
    ):
        for name in names:
            assert f">{name}</text>" in svg
        assert ">0.0</text>" in svg
        assert ">1.0</text>" in svg


def test_peers_are_scored_on_the_same_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.html").write_text(news_page(1))
    example = Example(tmp_path / "a.html", "p", None)
    gold = "\n".join(f"{text} Catatan nomor 1." for text in PAGE_STORY)
    monkeypatch.setattr(peers, "PEERS", {"tidak-ada": peers.PEERS["justext"]})
    assert peers.score_peers([(example, gold)], jobs=1) == []
    monkeypatch.undo()
    pytest.importorskip("trafilatura")
    monkeypatch.setattr(peers, "PEERS", {"trafilatura": peers.PEERS["trafilatura"]})
    (score,) = peers.score_peers([(example, gold)], jobs=1)
    assert score.name.startswith("trafilatura ")
    assert score.recall > 0.9
    ours = peers.own_score([(1.0, 0.5, 0.75, False), (1.0, 1.0, 1.0, True)])
    assert (ours.articles, ours.precision, ours.recall, ours.f1, ours.empty) == (2, 1.0, 0.75, 0.875, 0.5)
    page = render(scored([STORY, "Menu"], [BODY, CHROME], [BODY, CHROME]), "a", "b", [ours, score])
    assert "Beside other extractors" in page
    rows = re.findall(r'<td class="name">(boilerplate|trafilatura[^<]*)</td><td>([\d.]+)', page)
    assert rows == [("boilerplate", "1.000"), (score.name, f"{score.precision:.3f}")]
    assert "Beside other extractors" not in render(scored([STORY], [BODY], [BODY]), "a", "b")


def test_a_peer_that_fails_has_found_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(news_page(1))

    def fail(html: str) -> str:
        raise RuntimeError(html)

    assert peers._score(fail, [(Example(tmp_path / "a.html", "p", None), "satu dua tiga")]) == (0.0, 0.0, 0.0, 1.0)


def test_peers_are_compared_on_some_of_many_articles(
    dataset: Path, tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("justext")
    monkeypatch.setattr(peers, "PEERS", {"justext": peers.PEERS["justext"]})
    monkeypatch.setattr(peers, "MOST", 3)
    report_file = tmp_path / "r.html"
    assert main(["evaluate", str(dataset), "--model", str(model), "--jobs", "1", "--report", str(report_file)]) == 0
    assert "the same 3 articles" in report_file.read_text(encoding="utf-8")
