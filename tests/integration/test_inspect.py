"""``inspect``: a page with its labels, of which nothing runs and for which nothing is fetched."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from helpers import PORTALS, ROOT, STORY, news_page
from hostile import HOSTILE

from boilerplate import Cleaner
from boilerplate.cli.main import main
from boilerplate.document import Span
from boilerplate.inspection.markup import write_markup
from boilerplate.inspection.view import render
from boilerplate.labels import Label


class Tags(HTMLParser):
    """Collects tags, and attributes with their values."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update((f"{tag} {name}", value or "") for name, value in attrs)


def inspected(html: str) -> str:
    document, page = Cleaner().label_page(html)
    return render(page, document, "x.html")


def test_markup_has_nothing_of_the_page_but_plain_tags_and_text() -> None:
    document, page = Cleaner().label_page(HOSTILE)
    found = Tags(write_markup(page, document.blocks))
    assert found.tags <= {"h1", "p", "span", "div"}
    assert {name for name, _ in found.attributes} == {"span class", "span data-b"}


def test_every_block_is_shown_with_its_label() -> None:
    document, page = Cleaner().label_page(news_page())
    markup = write_markup(page, document.blocks)
    for block in document.blocks:
        pieces = re.findall(rf'<span class="b {block.label.value}" data-b="{block.index}">([^<]*)</span>', markup)
        assert " ".join("".join(pieces).split()) == block.text


def test_blocks_stand_under_the_heading_that_governs_them(tmp_path: Path) -> None:
    items = "".join(f"<li><a href=/{i}>Warga menanam bakau di pantai {i}</a></li>" for i in range(5))
    story = "".join(f"<p>{text}</p>" for text in STORY)
    page = f"<h1>Bakau</h1>{story}<div><h3>Berita <i>Terkait</i></h3><ul>{items}</ul></div>"
    (tmp_path / "p.html").write_text(page)
    assert main(["inspect", str(tmp_path / "p.html"), "-o", str(tmp_path / "out.html")]) == 0
    assert (tmp_path / "out.html").read_text("utf-8").count("under “Berita Terkait”") == 5
    cleaner = Cleaner()
    assert cleaner.headings(cleaner.label_page("<p></p>")[1]) == []


def test_file_loads_nothing_and_allows_its_own_script_alone() -> None:
    html = inspected(HOSTILE)
    found = Tags(html)
    assert {name for name, _ in found.attributes if name.partition(" ")[2].startswith(("src", "href", "on"))} == {
        "iframe srcdoc"
    }
    assert ("iframe sandbox", "allow-same-origin") in found.attributes
    (policy,) = (value for name, value in found.attributes if value.startswith("default-src"))
    assert re.fullmatch(
        r"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[A-Za-z0-9+/]{43}='", policy
    )
    (frame,) = (value for name, value in found.attributes if name == "iframe srcdoc")
    assert "evil" not in frame
    assert "steal" not in html


def test_a_text_and_a_page_without_anything() -> None:
    document, page = Cleaner().label_page(
        "Warga menanam bakau.\nBaca juga: Kabar <b> lain\n" + "\n".join(STORY), kind="text"
    )
    assert "Kabar &amp;lt;b&amp;gt; lain" in render(page, document, "x.txt")
    assert "Nothing is kept" in inspected("<p></p>")


def test_spans_are_struck_through() -> None:
    document, page = Cleaner().label_page(news_page())
    block = next(block for block in document.blocks if block.kept)
    block.spans = (Span(6, 10, Label.RELATED),)
    assert f'<p>{block.text[:6]}<del class="related" title="related">{block.text[6:10]}</del>{block.text[10:]}</p>' in (
        render(page, document, "x.html")
    )


def test_two_models_side_by_side(tmp_path: Path) -> None:
    document, page = Cleaner().label_page(news_page())
    other, _ = Cleaner().label_page(news_page())
    other.blocks[0].label = next(b.label for b in other.blocks if b.label != other.blocks[0].label)
    html = render(page, document, "x.html", model="a", other=other, other_model="b")
    assert "beside b: 1 blocks differ" in html
    assert html.count(' differs"') == 1


def test_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, out = str(PORTALS / "pages" / "suluh.example-01.html"), tmp_path / "out.html"
    assert main(["inspect", page, "-o", str(out)]) == 0
    assert out.read_text().startswith("<!DOCTYPE html>")
    assert main(["inspect", page, "-o", str(out)]) == 2, "nothing is replaced unasked"
    assert main(["inspect", page, "-o", str(out), "--overwrite", "--diff", "portals"]) == 0
    assert "0 blocks differ" in out.read_text()
    assert main(["inspect", str(tmp_path), "-o", str(tmp_path / "x.html")]) == 2
    assert main(["inspect", page, "-o", str(tmp_path / "y.html"), "--diff", "nothing"]) == 2
    assert "use boilerplate clean" in capsys.readouterr().err


def test_without_the_extra_the_program_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "sys.modules.update(jinja2=None, markupsafe=None)\n"
        "from boilerplate.cli.main import main\n"
        f"sys.exit(main(['inspect', 'none.html', '-o', {str(tmp_path / 'out.html')!r}]))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 2
    assert run.stderr == "boilerplate: an inspection needs jinja2, which is not installed: pip install jinja2\n"


def test_notebooks_show_blocks_as_text() -> None:
    document = Cleaner().label(HOSTILE)
    found = Tags(document._repr_html_())
    assert found.tags <= {"p", "b", "table", "tr", "th", "td"}
    assert {name for name, _ in found.attributes} == {"td style"}


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
def test_in_a_browser_nothing_of_the_page_runs(tmp_path: Path) -> None:
    file = tmp_path / "x.html"
    file.write_text(inspected(HOSTILE), encoding="utf-8")
    run = subprocess.run(
        [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=2000",
            "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "<title>x.html: blocks</title>" in run.stdout
    assert 'data-b="0"' in run.stdout
