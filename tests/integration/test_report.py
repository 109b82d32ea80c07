"""The report: what it shows, and that hostile pages stay text in it."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from helpers import news_page

from boilerplate.cli.main import main
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.training.charts import histogram, reliability, scatter
from boilerplate.training.datasets import Example
from boilerplate.training.evaluation import WRONG_SHOWN, Scores
from boilerplate.training.preparation import Prepared
from boilerplate.training.reliability import Reliability
from boilerplate.training.report import WORST, render

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
    described = type("Described", (), {"words": counts.astype(float)})
    body = "\n".join(text for text, label in zip(texts, gold, strict=True) if label == BODY)
    page = Prepared(
        Example(Path(name), portal, "s", [], index=index),
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
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in page
    assert "\u202e" not in page
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in ("src", "href", "xlink:href")]
    assert "default-src 'none'" in page


def test_nothing_is_loaded_from_anywhere():
    page = render(scored([STORY, "Menu"], [BODY, CHROME], [BODY, CHROME]), "a", "b")
    assert not re.search(r"https?:|//|url\(|@import", page)


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
    cut = re.search(r'<td class="text">(panjang[^<]*)', page)[1]
    assert len(cut) == 200
    assert cut.endswith("…")
    assert page.count("<svg") == 4


def test_the_worst_pages_come_first_and_are_few():
    scores = Scores()
    for i in range(WORST + 5):
        noise = [f"tautan nomor {k} dan lain" for k in range(2 * i)]
        scored(
            [STORY, *noise], [BODY] + [CHROME] * len(noise), [BODY] * (1 + len(noise)), name=f"{i}.html", scores=scores
        )
    page = render(scores, "a", "b")
    assert page.count("<details") == WORST
    assert page.index(f"{WORST + 4}.html") < page.index(f"{WORST + 3}.html")
    assert all(len(p.wrong) <= WRONG_SHOWN for p in scores.pages)
    assert f"and {scores.pages[-1].n_wrong - WRONG_SHOWN} more" in page


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
        reliability(Reliability(), "x"),
        histogram([], "x"),
        scatter([], "x", "y"),
        histogram([0.0, 1.0, 1.0 + 1e-9], "x"),
        scatter([(0.0, 0.0), (1.0, 1.0)], "x", "y"),
    ):
        assert not Checker(svg).open
        assert "nan" not in svg
        assert "inf" not in svg


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


def test_the_commands_write_it(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
