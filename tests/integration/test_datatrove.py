"""`boilerplate.datatrove`: in real pipelines, from WARC to JSON lines."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers import news_page

import boilerplate

pytest.importorskip("datatrove")
from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.writers import JsonlWriter

from boilerplate.datatrove import BoilerplateExtractor, WarcPages

PAGES = [
    "plain text, for which the model is not made"
    if i == 5
    else "x" * (64 * 2**20 + 1)
    if i == 6
    else news_page(i, article=i % 4 != 3)
    for i in range(20)
]


def documents() -> Iterator[Document]:
    for i, page in enumerate(PAGES):
        yield Document(page, f"id{i}", metadata={"url": f"https://uji.example/{i}", "title": "theirs"})


def rows(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        found += map(json.loads, gzip.decompress(path.read_bytes()).decode().splitlines())
    return found


def counts(step: Any) -> dict[str, int]:
    return {name: int(stat.total) for name, stat in step.stats.stats.items()}


@pytest.mark.parametrize(("batch_size", "timeout"), [(64, None), (3, None), (8, 20.0)])
def test_articles_pass_and_others_are_counted(model: Path, batch_size: int, timeout: float | None) -> None:
    step = BoilerplateExtractor(model, batch_size=batch_size, timeout=timeout)
    kept = list(step(documents()))
    cleaner = boilerplate.Cleaner(model)
    numbers = [i for i in range(20) if i % 4 != 3 and i not in (5, 6)]
    assert [document.id for document in kept] == [f"id{i}" for i in numbers]
    assert [document.text for document in kept] == [cleaner.clean(PAGES[i]) for i in numbers]
    assert kept[1].metadata == {"url": "https://uji.example/1", "title": "theirs"}
    found = counts(step)
    assert (found["total"], found["forwarded"], found["dropped"]) == (20, 13, 7)
    assert (found["dropped_empty"], found["dropped_error"]) == (5, 2)
    assert found["doc_len"] == sum(len(document.text) for document in kept)


def test_metadata_and_exclusion(model: Path, tmp_path: Path) -> None:
    step = BoilerplateExtractor(
        model, metadata=("title", "confidence", "status"), exclusion_writer=JsonlWriter(str(tmp_path))
    )
    kept = list(step(documents()))
    assert kept[0].metadata["title"] == "Warga menanam bakau 0"
    assert kept[0].metadata["status"] == "ok"
    assert 0 < kept[0].metadata["confidence"] <= 1
    dropped = {row["id"]: row for row in rows(tmp_path)}
    assert sorted(dropped) == sorted(f"id{i}" for i in (3, 5, 6, 7, 11, 15, 19))
    assert dropped["id3"]["text"] == PAGES[3]
    assert dropped["id3"]["metadata"]["filter_reason"].startswith("no story")
    assert "too large" in dropped["id6"]["metadata"]["filter_reason"]


def test_what_the_page_says_of_its_article(model: Path) -> None:
    page = PAGES[0].replace("<title>", '<meta name="author" content="Rani Putri"><title>')
    step = BoilerplateExtractor(model, metadata=("authors", "published", "paywalled", "text_source", "sources"))
    (found,) = step([Document(page, "id0", metadata={"published": "theirs"})])
    assert found.metadata == {
        "published": "theirs",  # the page does not say
        "authors": ["Rani Putri"],
        "paywalled": False,
        "text_source": "page",
        "sources": {"title": "blocks", "authors": "meta"},
    }


class Trap(BoilerplateExtractor):
    """Hangs or dies on some pages."""

    def _clean(self, pages: list[str]) -> list[boilerplate.Result]:
        if any("Catatan nomor 2." in page for page in pages):
            time.sleep(60)
        if any("Catatan nomor 4." in page for page in pages):
            os._exit(1)
        return super()._clean(pages)


def test_a_page_that_hangs_costs_only_itself(model: Path, tmp_path: Path) -> None:
    step = Trap(model, timeout=2.0, batch_size=3, exclusion_writer=JsonlWriter(str(tmp_path)))
    source = (Document(news_page(i), f"id{i}") for i in range(6))
    assert [document.id for document in step(source)] == ["id0", "id1", "id3", "id5"]
    assert [row["metadata"]["filter_reason"] for row in rows(tmp_path)] == [
        "took too long",
        "the process that cleaned it died",
    ]


SCRIPT = """
import sys
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from boilerplate.datatrove import BoilerplateExtractor

if __name__ == "__main__":
    steps = [JsonlReader("in"), BoilerplateExtractor(sys.argv[1], metadata=("title",)), JsonlWriter("out")]
    stats = LocalPipelineExecutor(steps, tasks=2, workers=2, logging_dir="logs").run()
    print(sum(int(stat.stats["dropped"].total) for stat in stats.stats if "dropped" in stat.stats))
"""


def test_local_executor_with_worker_processes(model: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for part in range(2):
        lines = [json.dumps({"id": f"{part}-{i}", "text": news_page(i, article=i != 3), "url": "u"}) for i in range(10)]
        (tmp_path / "in" / f"{part}.jsonl").write_text("\n".join(lines))
    # As a program, with a time limit: datatrove waits for ever for a worker that dies.
    (tmp_path / "run.py").write_text(SCRIPT)
    environment = {**os.environ, "PYTHONPATH": str(Path(boilerplate.__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "run.py", str(model)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == "2"
    found = rows(tmp_path / "out")
    assert sorted(row["id"] for row in found) == sorted(f"{part}-{i}" for part in range(2) for i in range(10) if i != 3)
    assert all(row["metadata"]["title"].startswith("Warga menanam bakau") for row in found)


def test_from_warc(model: Path, tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    from helpers import warc_record, write_warc

    (tmp_path / "in").mkdir()
    records = [warc_record(i, news_page(i, article=i != 2).encode()) for i in range(5)]
    write_warc(tmp_path / "in" / "crawl.warc.gz", records, "each")
    writer = JsonlWriter(str(tmp_path / "dropped"))
    steps = [
        WarcPages(str(tmp_path / "in")),
        BoilerplateExtractor(model, metadata=("title", "confidence"), exclusion_writer=writer),
        JsonlWriter(str(tmp_path / "out")),
    ]
    LocalPipelineExecutor(steps, tasks=1, logging_dir=str(tmp_path / "logs")).run()
    found = rows(tmp_path / "out")
    assert [row["metadata"]["url"] for row in found] == [f"https://uji.example/{i}" for i in (0, 1, 3, 4)]
    assert found[0]["text"] == boilerplate.Cleaner(model).clean(news_page(0))
    assert [row["metadata"]["url"] for row in rows(tmp_path / "dropped")] == ["https://uji.example/2"]


def test_every_page_of_a_warc_is_accounted_for(model: Path, tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    from helpers import warc_record, write_warc

    accents = news_page(0).replace("Kepala desa", "Kepala d\xe9sa")
    header = news_page(5).replace("Kepala desa", "\u0416\u0438 desa")
    bodies = [
        (accents.encode("latin-1"), b""),
        (b"%PDF-1.7", b""),
        (news_page(2).encode(), b"Content-Length: 99999\r\n"),
        (b" ", b""),
        (news_page(4, article=False).encode(), b""),
    ]
    records = [warc_record(i, body, more=more) for i, (body, more) in enumerate(bodies)]
    records.append(warc_record(5, header.encode("cp1251"), kind="text/html; charset=windows-1251"))
    records.append(warc_record(6, b"gone", status="404 Not Found"))
    records.append(warc_record(7, b"\x89PNG", kind="image/png"))
    (tmp_path / "in").mkdir()
    write_warc(tmp_path / "in" / "crawl.warc.gz", records, "each")
    (tmp_path / "in" / "junk.warc").write_bytes(b"no archive at all")
    whole = ["https://uji.example/0", "https://uji.example/5"]
    for truncated, urls in (("error", whole), ("keep", [whole[0], "https://uji.example/2", whole[1]])):
        reader = WarcPages(str(tmp_path / "in"), truncated=truncated, limit=100, default_metadata={"crawl": 1})
        step = BoilerplateExtractor(model, batch_size=2, exclusion_writer=JsonlWriter(str(tmp_path / truncated)))
        kept = list(step(reader()))
        assert [document.metadata["url"] for document in kept] == urls
        assert "d\xe9sa" in kept[0].text
        assert "\u0416\u0438 desa" in kept[-1].text
        assert kept[0].id == "urn:uuid:00000000-0000-0000-0000-000000000000"
        assert (kept[0].metadata["date"], kept[0].metadata["crawl"]) == ("2024-01-02T03:04:05Z", 1)
        assert ["99,999" in document.metadata.get("truncated", "") for document in kept[1:-1]] == [True] * (
            len(urls) - 2
        )
        assert counts(reader)["skipped"] == 2
        assert counts(reader)["broken_files"] == 1
        assert counts(step)["total"] == 6
        assert counts(step)["forwarded"] + counts(step)["dropped"] == 6
        dropped = {row["metadata"]["url"][-1]: row["metadata"]["filter_reason"] for row in rows(tmp_path / truncated)}
        assert "PDF" in dropped["1"]
        assert "index" in dropped["4"]
        assert dropped["3"] == "no text on the page"
        assert ("cut short" in dropped.get("2", "")) == (truncated == "error")


def test_unknown_metadata() -> None:
    with pytest.raises(ValueError, match="unknown metadata: text"):
        BoilerplateExtractor(metadata=("text",))
