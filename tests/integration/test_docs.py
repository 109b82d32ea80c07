"""The examples and commands in docs/ and in the README run as they stand, a page after another, each in a folder."""

from __future__ import annotations

import ast
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import PORTALS, ROOT, STORY, news_page

DOCS = ROOT / "docs"
PAGES = {path.stem: path for path in sorted(DOCS.glob("*.md"))}
NEEDS = {
    "datatrove": ["datatrove", "fastwarc"],
    "how-it-works": ["jinja2"],
    "README": ["jinja2"],
    "huggingface": ["datasets"],
    "pandas": ["pandas"],
    "recipes": ["pandas", "pyarrow", "fastwarc"],
    "scrapy": ["scrapy"],
    "sklearn": ["sklearn"],
    "spark": ["pyspark", "pyarrow"],
    "training": ["jinja2"],
}
FOUND = r"^```(python|sh)\n(.*?)^```$"


def examples(path: Path) -> list[tuple[str, str]]:
    """Return the language and the code of each block of a page that is run."""
    return re.findall(FOUND, path.read_text("utf-8"), re.M | re.S)


def write_crawl(folder: Path) -> None:
    """Write what the recipes start from: a WARC out of a crawl, and JSON lines of a scraper."""
    (folder / "crawl").mkdir()
    with (folder / "crawl" / "pages.warc.gz").open("wb") as file:
        for number, path in enumerate(sorted((PORTALS / "pages").glob("*.html"))[:12]):
            http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + path.read_bytes()
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://{path.stem}/\r\n"
                f"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:{number:032x}>\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + http + b"\r\n\r\n"))
    lines = [json.dumps({"id": number, "html": news_page(number)}) for number in range(6)]
    (folder / "scraped.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def write_pages(folder: Path) -> None:
    """Write what the page on datasets starts from: pages, alone and in JSON lines; a dataset; texts of articles."""
    (folder / "crawl").mkdir()
    for number in range(4):
        (folder / "crawl" / f"{number}.html").write_text(news_page(number), "utf-8")
    lines = [json.dumps({"url": f"https://suara.example/{n}", "html": news_page(n)}) for n in range(4, 8)]
    (folder / "crawl.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "bodies.csv").write_text("page,body\n0.html," + " ".join(STORY).replace(",", ""), "utf-8")


SETUP: dict[str, Callable[[Path], None]] = {"recipes": write_crawl, "datasets": write_pages}


@pytest.fixture
def run(tmp_path: Path) -> Callable[[str, str], str]:
    """Return a function that runs a block of code, where `boilerplate` and `python` are those of the tests."""
    commands = tmp_path / "commands"
    commands.mkdir()
    for name, call in {"boilerplate": "-m boilerplate", "python": ""}.items():
        (commands / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {call} "$@"\n', "utf-8")
        (commands / name).chmod(0o755)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "datasets").symlink_to(ROOT / "datasets")
    path = os.pathsep.join([str(commands), os.environ["PATH"]])

    def call(language: str, code: str) -> str:
        (tmp_path / "example").write_text(code, "utf-8")
        starts = [sys.executable] if language == "python" else ["bash", "-euo", "pipefail"]
        done = subprocess.run(
            [*starts, str(tmp_path / "example")],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PATH": path},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"{code}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout

    return call


@pytest.mark.parametrize("name", [name for name, path in PAGES.items() if examples(path)])
def test_what_a_page_shows_runs(name: str, run: Callable[[str, str], str], tmp_path: Path) -> None:
    for library in NEEDS.get(name, []):
        pytest.importorskip(library)
    if name == "spark" and not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java")
    SETUP.get(name, lambda folder: None)(tmp_path / "folder")
    for language, code in examples(PAGES[name]):
        printed = run(language, code)
        assert printed.strip() or language == "sh"
    if name == "datatrove":
        check_datatrove(ast.literal_eval(printed.splitlines()[-1]), tmp_path / "folder")


def check_datatrove(found: dict[str, int], folder: Path) -> None:
    """Check that the pipeline lost no page."""
    assert found["total"] == len(list((PORTALS / "pages").glob("*.html")))
    assert found["forwarded"] + found["dropped"] == found["total"]
    for name, number in (("articles", found["forwarded"]), ("dropped", found["dropped"])):
        rows = b"".join(gzip.decompress(path.read_bytes()) for path in (folder / name).glob("*.gz"))
        assert rows.count(b"\n") == number


def test_the_readme_runs(run: Callable[[str, str], str]) -> None:
    pytest.importorskip("jinja2")
    printed = [run(language, code) for language, code in examples(ROOT / "README.md")]
    assert all(map(str.strip, printed))
    assert printed[-1].endswith("['Baca juga: Harga Cabai Turun Menjelang Panen Raya']\n")


def test_every_page_is_in_the_index() -> None:
    trees = re.findall(r"^```\{toctree\}\n(.*?)^```$", PAGES["index"].read_text("utf-8"), re.M | re.S)
    listed = {line for tree in trees for line in tree.splitlines() if line and not line.startswith(":")}
    assert listed == PAGES.keys() - {"index"}


def test_pictures_are_small_and_shown() -> None:
    shown = "".join(path.read_text("utf-8") for path in [*PAGES.values(), ROOT / "README.md"])
    pictures = sorted((DOCS / "images").iterdir())
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size > 200_000 or f"images/{path.name}" not in shown] == []


def test_extras_that_are_named_are_declared() -> None:
    extras = pytest.importorskip("tomllib").loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    sources = [*PAGES.values(), *ROOT.glob("*.md"), *(ROOT / "boilerplate").rglob("*.py")]
    named = {
        extra
        for path in sources
        for group in re.findall(r"pip install [^\n`]*?(?:\.|boilerplate-news)\[([\w,]+)\]", path.read_text("utf-8"))
        for extra in group.split(",")
    }
    assert {"parquet", "dev"} <= named
    assert named <= extras["optional-dependencies"].keys()
