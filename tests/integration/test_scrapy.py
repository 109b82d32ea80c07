"""`boilerplate.scrapy`: the item pipeline by itself, and in a real crawl of a local server."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from helpers import news_page

import boilerplate

pytest.importorskip("scrapy")
from scrapy import Field, Item
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.http import HtmlResponse
from scrapy.settings import Settings

from boilerplate.scrapy import BoilerplatePipeline

PAGE, INDEX, BAD = news_page(0), news_page(1, article=False), b"%PDF-1.7 no page at all"


class Story(Item):
    url = Field()
    html = Field()
    text = Field()
    title = Field()
    status = Field()


@dataclass
class Article:
    html: Any = None
    text: str = ""
    title: str = ""
    status: str | None = None


def pipeline(model: Path, **settings: Any) -> BoilerplatePipeline:
    return BoilerplatePipeline(Settings({"BOILERPLATE_MODEL": str(model), **settings}))


def test_items_of_all_kinds(model: Path) -> None:
    step = pipeline(model)
    want = boilerplate.Cleaner(model).clean(PAGE)
    response = HtmlResponse("https://uji.example/0", body=PAGE.encode(), encoding="utf-8")
    for page in (PAGE, PAGE.encode(), response):
        plain = step.process_item({"html": page, "title": None}, None)
        assert plain == {"html": page, "title": "Warga menanam bakau 0", "text": want}
        story = step.process_item(Story(html=page, title="theirs", status=None))
        assert (story["text"], story["title"], story["status"]) == (want, "theirs", "ok")
        article = step.process_item(Article(page))
        assert (article.text, article.title, article.status) == (want, "Warga menanam bakau 0", "ok")


def test_metadata_goes_to_a_field(model: Path) -> None:
    step = pipeline(model, BOILERPLATE_METADATA_FIELD="about")
    page = PAGE.replace("<title>", '<meta name="author" content="Rani Putri"><title>')
    item = step.process_item({"html": page, "text_source": ""})
    assert (item["about"]["authors"], item["about"]["sources"]["authors"]) == (["Rani Putri"], "meta")
    assert item["text_source"] == "page"
    assert step.process_item({"html": BAD})["about"] == {}
    assert "about" not in pipeline(model).process_item({"html": page})


def test_what_is_no_article(model: Path) -> None:
    step = pipeline(model)
    assert step.process_item(Article(INDEX)).status == "empty"
    assert step.process_item({"html": BAD})["text"] == ""
    assert step.process_item(Article(HtmlResponse("https://uji.example/", body=BAD))).status == "error"
    assert step.process_item({"url": "no page here"}) == {"url": "no page here"}
    dropping = pipeline(model, BOILERPLATE_DROP=True)
    for page, why in ((INDEX, "no story"), (BAD, "PDF")):
        with pytest.raises(DropItem, match=why):
            dropping.process_item({"html": page})
    assert dropping.process_item({"html": PAGE})["text"]


def test_fields_and_settings(model: Path) -> None:
    step = pipeline(model, BOILERPLATE_FIELD="body", BOILERPLATE_TEXT_FIELD="isi", BOILERPLATE_KEEP_PAGE="false")
    item = step.process_item({"body": PAGE, "html": "left alone"})
    assert (item["body"], item["html"], "Catatan nomor 0" in item["isi"]) == (None, "left alone", True)
    with pytest.raises(KeyError):
        pipeline(model, BOILERPLATE_TEXT_FIELD="isi").process_item(Story(html=PAGE))
    with pytest.raises(NotConfigured):
        pipeline(model, BOILERPLATE_FIELD="text", BOILERPLATE_KEEP_PAGE=False)
    with pytest.raises(boilerplate.ModelError):
        pipeline(Path("none.npz"))


def test_the_charset_of_the_header_helps_where_the_page_says_nothing(model: Path) -> None:
    page = PAGE.replace("Catatan", "“Catatan”").replace("<!DOCTYPE html>", "")
    headers = {"Content-Type": "text/html; charset=windows-1252"}
    step = pipeline(model)
    for encoding in ("cp1252", "utf-8"):
        response = HtmlResponse("https://uji.example/", body=page.encode(encoding), headers=headers)
        assert "“Catatan”" in step.process_item({"html": response})["text"]


@pytest.fixture
def server() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = int(self.path.strip("/") or 0)
            body = news_page(number, article=number != 3).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


SPIDER = """
import sys
import scrapy
from scrapy.crawler import CrawlerProcess

class News(scrapy.Spider):
    name = "news"
    start_urls = [f"{sys.argv[1]}/{i}" for i in range(6)]

    def parse(self, response):
        yield {"url": response.url, "html": response, "title": None, "status": None}

process = CrawlerProcess({
    "ITEM_PIPELINES": {"boilerplate.scrapy.BoilerplatePipeline": 300},
    "BOILERPLATE_MODEL": sys.argv[2],
    "BOILERPLATE_DROP": True,
    "BOILERPLATE_KEEP_PAGE": False,
    "FEEDS": {"out.jsonl": {"format": "jsonlines"}},
    "TELNETCONSOLE_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
})
crawler = process.create_crawler(News)
process.crawl(crawler)
process.start()
print({name: n for name, n in crawler.stats.get_stats().items() if "boilerplate" in name or "error" in name})
"""


def test_a_crawl(server: str, model: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error:.*:DeprecationWarning:boilerplate", "-c", SPIDER, server, str(model)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        env={"PYTHONPATH": str(Path(boilerplate.__file__).parent.parent), "PATH": ""},
    )
    assert done.returncode == 0, done.stderr
    found = sorted(map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines()), key=lambda row: row["url"])
    assert [row["url"] for row in found] == [f"{server}/{i}" for i in (0, 1, 2, 4, 5)]
    assert all(row["html"] is None and row["status"] == "ok" for row in found)
    assert found[1]["text"] == boilerplate.Cleaner(model).clean(news_page(1))
    assert found[1]["title"] == "Warga menanam bakau 1"
    assert done.stdout.strip() == "{'boilerplate/ok': 5, 'boilerplate/empty': 1}"
    assert "BoilerplatePipeline.process_item" not in done.stderr  # no deprecation of its signature
