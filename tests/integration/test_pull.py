"""`datasets pull`: pages out of git repositories that the test makes, labels out of a label file."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from helpers import news_page

from boilerplate.cli.main import main
from boilerplate.errors import DatasetError
from boilerplate.pulling.label_files import FOLDERS, parse_origin, read_label_file
from boilerplate.pulling.pull import LIST, pull
from boilerplate.training.datasets import read_dataset
from boilerplate.training.fitting import train_model

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

BODY = "Kalimat pertama.\nSubjudul\nKalimat kedua."


def git(*arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    user = ["-c", "user.name=Uji", "-c", "user.email=uji@example.org"]
    return subprocess.run(
        ["git", *user, *arguments], env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


def checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Forge:
    """A folder of repositories."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mirror = f"{folder}/{{repository}}"

    def commit(self, repository: str, files: dict[str, bytes]) -> str:
        """Make a commit with these files and no others; return its name."""
        home = self.folder / repository
        if not home.exists():
            git("init", "--quiet", "-b", "main", str(home))
            for setting in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
                git("-C", str(home), "config", setting, "true")
        for old in home.iterdir():
            if old.name != ".git":
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        for name, data in files.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_bytes(data)
        git("-C", str(home), "add", "--all")
        git("-C", str(home), "commit", "--quiet", "-m", "pages")
        return git("-C", str(home), "rev-parse", "HEAD")


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return Forge(tmp_path / "forge")


def labelled(number: int, origin: str, **more: Any) -> dict[str, Any]:
    return {
        "page": f"pages/{number}.html.gz",
        "portal": f"uji{number}.example",
        "sha256": checksum(news_page(number).encode()),
        "source": origin,
        "regions": [["/html/body/div[2]", "body"], ["/html/body/h1", "meta"]],
        **more,
    }


def write(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_bytes(gzip.compress("".join(json.dumps(record) + "\n" for record in records).encode()))
    return path


def pages_of(dataset: Path) -> list[str]:
    return [json.loads(line)["page"] for line in (dataset / LIST).read_text().splitlines()]


def test_pages_come_from_their_commits_in_the_order_of_the_labels(forge: Forge, tmp_path: Path) -> None:
    first = forge.commit("uji/satu", {"a b/[1].html": news_page(1).encode(), "-x.html": b"lain"})
    forge.commit("uji/satu", {"a b/[1].html": b"changed since"})
    second = forge.commit("uji/dua", {"2.html.gz": gzip.compress(news_page(2).encode())})
    labels = write(
        tmp_path / "uji.jsonl.gz",
        [labelled(2, f"uji/dua@{second}:2.html.gz"), labelled(1, f"uji/satu@{first}:a b/[1].html")],
    )
    pulled = pull(labels, tmp_path / "data", mirror=forge.mirror)
    assert (pulled.fetched, pulled.kept, pulled.failed) == (2, 0, {})
    examples = read_dataset(tmp_path / "data")
    assert [example.read() for example in examples] == [news_page(2), news_page(1)]
    assert [example.portal for example in examples] == ["uji2.example", "uji1.example"]
    assert [len(example.regions or ()) for example in examples] == [2, 2]
    assert not list((tmp_path / "data").glob(".git-*"))


def test_what_is_there_is_not_fetched_again(forge: Forge, tmp_path: Path) -> None:
    commit = forge.commit("uji/satu", {f"{i}.html": news_page(i).encode() for i in range(3)})
    labels = write(tmp_path / "uji.jsonl.gz", [labelled(i, f"uji/satu@{commit}:{i}.html") for i in range(3)])
    data = tmp_path / "data"
    pull(labels, data, mirror=forge.mirror)
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    (data / "pages" / "1.html.gz").write_bytes(gzip.compress(b"damaged"))
    again = pull(labels, data, mirror=forge.mirror)
    assert (again.fetched, again.kept) == (1, 2)
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before
    shutil.rmtree(forge.folder)
    assert pull(labels, data, mirror=forge.mirror).kept == 3


@pytest.mark.parametrize("commit", ["", "0123456", "0" * 40])
def test_a_commit_that_cannot_be_fetched_is_made_up_for_by_the_history(
    forge: Forge, tmp_path: Path, commit: str
) -> None:
    forge.commit("uji/satu", {"1.html": b"an older version"})
    forge.commit("uji/satu", {"1.html": news_page(1).encode()})
    forge.commit("uji/satu", {"readme": b"the page is gone"})
    labels = write(tmp_path / "uji.jsonl.gz", [labelled(1, f"uji/satu@{commit}:1.html")])
    assert pull(labels, tmp_path / "data", mirror=forge.mirror).failed == {}
    assert read_dataset(tmp_path / "data")[0].read() == news_page(1)


def test_an_abbreviated_commit_is_found(forge: Forge, tmp_path: Path) -> None:
    commit = forge.commit("uji/satu", {"1.html": news_page(1).encode()})
    labels = write(tmp_path / "uji.jsonl.gz", [labelled(1, f"uji/satu@{commit[:12]}:1.html")])
    assert pull(labels, tmp_path / "data", mirror=forge.mirror).fetched == 1


def test_a_server_without_filters_serves_too(forge: Forge, tmp_path: Path) -> None:
    commit = forge.commit("uji/satu", {"1.html": news_page(1).encode()})
    for setting in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        git("-C", str(forge.folder / "uji/satu"), "config", "--unset", setting)
    forge.commit("uji/satu", {"2.html": b""})
    labels = write(tmp_path / "uji.jsonl.gz", [labelled(1, f"uji/satu@{commit}:1.html")])
    assert pull(labels, tmp_path / "data", mirror=forge.mirror).fetched == 1


def test_what_fails_is_said_and_left_out(forge: Forge, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "target").write_text("not of the repository")
    home = forge.folder / "uji/satu"
    forge.commit("uji/satu", {"1.html": news_page(1).encode(), "2.html": news_page(99).encode()})
    (home / "link.html").symlink_to(tmp_path / "target")
    git("-C", str(home), "add", "--all")
    git("-C", str(home), "commit", "--quiet", "-m", "a link")
    commit = git("-C", str(home), "rev-parse", "HEAD")
    records = [
        labelled(1, f"uji/satu@{commit}:1.html"),
        labelled(2, f"uji/satu@{commit}:2.html"),
        labelled(3, f"uji/satu@{commit}:3.html"),
        labelled(4, f"uji/tiada@{commit}:4.html"),
        labelled(5, f"uji/satu@{'f' * 40}:5.html"),
        labelled(6, "a press archive"),
        labelled(7, f"uji/satu@{commit}:link.html"),
    ]
    labels = write(tmp_path / "uji.jsonl.gz", records)
    status = main(["datasets", "pull", str(labels), "-o", str(tmp_path / "data"), "--mirror", forge.mirror])
    said = capsys.readouterr().err
    assert status == 2
    assert "2.html.gz: uji/satu: checksum differs" in said
    assert f"3.html.gz: uji/satu: commit {commit[:12]} has no 3.html" in said
    assert "4.html.gz: uji/tiada: does not open: " in said
    assert "5.html.gz: uji/satu: commit ffffffffffff is gone, and no other has 5.html" in said
    assert "6.html.gz: the label file names no repository for it" in said
    assert "7.html.gz: uji/satu: " in said
    assert "1 of 7 pages (1 fetched, 0 there before, 6 missing)" in said
    assert pages_of(tmp_path / "data") == ["pages/1.html.gz"]


def test_the_text_of_a_body_comes_from_where_it_is_published(forge: Forge, tmp_path: Path) -> None:
    sections = [{"headline": ["Subjudul"], "paragraphs": ["Kalimat kedua."]}]
    versions = {"V1": {"body": {"summary": [], "sections": []}}}
    versions["V2"] = {"body": {"summary": ["Kalimat pertama."], "sections": sections}}
    other = {"ground_truth": {"main_content": BODY}}
    files = {
        "1.html": news_page(1),
        "2.html": news_page(2),
        "1.json": json.dumps(versions),
        "2.json": json.dumps(other),
    }
    commit = forge.commit("uji/satu", {name: text.encode() for name, text in files.items()})
    records = []
    for i in (1, 2):
        record = labelled(i, f"uji/satu@{commit}:{i}.html", body_origin=f"uji/satu@{commit}:{i}.json")
        del record["regions"]
        records.append({**record, "body_sha256": checksum(BODY.encode())})
    assert pull(write(tmp_path / "uji.jsonl.gz", records), tmp_path / "data", mirror=forge.mirror).failed == {}
    assert [example.body for example in read_dataset(tmp_path / "data")] == [BODY, BODY]
    records[0]["body_sha256"] = checksum(b"a text that nobody has")
    failed = pull(write(tmp_path / "uji.jsonl.gz", records), tmp_path / "data", mirror=forge.mirror).failed
    assert failed == {"pages/1.html.gz": "its body: uji/satu: checksum differs"}


HOSTILE: list[dict[str, Any]] = [
    {"page": "../1.html"},
    {"page": "pages/../../1.html"},
    {"page": "/tmp/1.html"},
    {"page": ".git/config"},
    {"page": "pages/.hidden"},
    {"page": "pages//1.html"},
    {"page": "pages\\..\\1.html"},
    {"page": "pages.jsonl"},
    {"page": "pages/\x1b[2J"},
    {"page": 1},
    {"sha256": "0"},
    {"sha256": None},
    {"origin": "uji/satu@--upload-pack=x:1.html"},
    {"origin": "--upload-pack=x/satu@0123456:1.html"},
    {"origin": "uji/satu@0123456:../1.html"},
    {"origin": "../satu@0123456:1.html"},
    {"origin": "ext::sh -c id@0123456:1.html"},
    {"origin": 1},
    {"regions": [["//p[contains(@class, 'isi')]", "body"]]},
    {"regions": [["/html/body[@title='the page says']", "body"]]},
    {"regions": [["/html", "nothing"]]},
    {"regions": [["/html"]]},
    {"regions": "/html"},
    {"kind": "news"},
    {"url": 1},
    {"url": "x" * 5000},
    {"body": "a text"},
    {"words": {"body": "many"}},
    {"body_origin": "uji/satu@0123456:1.json", "body_sha256": "0"},
]


@pytest.mark.parametrize("fields", HOSTILE, ids=[json.dumps(fields)[:40] for fields in HOSTILE])
def test_label_files_that_wander_or_hold_texts_are_refused(fields: dict[str, Any], tmp_path: Path) -> None:
    labels = write(tmp_path / "uji.jsonl.gz", [{**labelled(1, "uji/satu@0123456:1.html"), **fields}])
    with pytest.raises(DatasetError, match=r"uji\.jsonl\.gz:1: "):
        pull(labels, tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_label_files_that_do_not_read_are_refused(tmp_path: Path) -> None:
    line = json.dumps(labelled(1, "uji/satu@0123456:1.html")).encode() + b"\n"
    whole = gzip.compress(line * 50)
    for data in (b"", b"{", b"[" * 100_000, b"\xff\xff", line + line, whole[:-9], whole[:60], b"\x1f\x8bxx"):
        (tmp_path / "uji.jsonl").write_bytes(data)
        with pytest.raises(DatasetError, match=r"uji\.jsonl"):
            read_label_file(tmp_path / "uji.jsonl")


@pytest.mark.parametrize(
    "mirror", ["ext::sh -c {repository}", "ssh://host/{repository}", "{repository}", "https://host/x"]
)
def test_a_mirror_is_an_address_of_the_web_or_a_path(mirror: str, tmp_path: Path) -> None:
    labels = write(tmp_path / "uji.jsonl.gz", [labelled(1, "uji/satu@0123456:1.html")])
    assert main(["datasets", "pull", str(labels), "-o", str(tmp_path / "data"), "--mirror", mirror]) == 2
    assert not (tmp_path / "data").exists()


def test_neither_hooks_nor_settings_of_the_user_are_run(
    forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = tmp_path / "ran"
    hooks = tmp_path / "template" / "hooks"
    hooks.mkdir(parents=True)
    for name in ("reference-transaction", "post-checkout", "post-merge"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {ran}\n")
        (hooks / name).chmod(0o755)
    commit = forge.commit("uji/satu", {"1.html": news_page(1).encode()})
    (tmp_path / ".gitconfig").write_text(f"[init]\n templateDir = {hooks.parent}\n[core]\n hooksPath = {hooks}\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(hooks.parent))
    git_dir = tmp_path / "elsewhere"
    monkeypatch.setenv("GIT_DIR", str(git_dir))
    labels = write(tmp_path / "uji.jsonl.gz", [labelled(1, f"uji/satu@{commit[:12]}:1.html")])
    assert pull(labels, tmp_path / "data", mirror=forge.mirror).fetched == 1
    assert not ran.exists()
    assert not git_dir.exists()


def test_a_folder_of_something_else_is_left_alone(forge: Forge, tmp_path: Path) -> None:
    commit = forge.commit("uji/satu", {"1.html": news_page(1).encode()})
    labels = write(tmp_path / "uji.jsonl.gz", [labelled(1, f"uji/satu@{commit}:1.html")])
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / LIST).write_text("mine")
    with pytest.raises(DatasetError, match="holds other files"):
        pull(labels, mine, mirror=forge.mirror)
    assert (mine / LIST).read_text() == "mine"
    pull(labels, tmp_path / "data", mirror=forge.mirror)
    with pytest.raises(DatasetError, match="holds the dataset uji"):
        pull(write(tmp_path / "lain.jsonl.gz", [labelled(1, "a/b@:c")]), tmp_path / "data", mirror=forge.mirror)


def test_a_link_out_of_the_folder_is_not_followed(forge: Forge, tmp_path: Path) -> None:
    commit = forge.commit("uji/satu", {"1.html": news_page(1).encode()})
    labels = write(tmp_path / "uji.jsonl.gz", [labelled(1, f"uji/satu@{commit}:1.html")])
    data, outside = tmp_path / "data", tmp_path / "outside"
    pull(labels, data, mirror=forge.mirror)
    shutil.rmtree(data / "pages")
    outside.mkdir()
    (data / "pages").symlink_to(outside)
    with pytest.raises(DatasetError, match="leads out of"):
        pull(labels, data, mirror=forge.mirror)
    assert not list(outside.iterdir())


def test_a_pulled_dataset_trains_the_same_model(forge: Forge, tmp_path: Path) -> None:
    original = tmp_path / "original"
    (original / "pages").mkdir(parents=True)
    records = [labelled(i, f"uji/satu@:{i}.html") for i in range(6)]
    (original / LIST).write_text("".join(json.dumps(record) + "\n" for record in records))
    for i in range(6):
        (original / "pages" / f"{i}.html.gz").write_bytes(gzip.compress(news_page(i).encode()))
    forge.commit("uji/satu", {f"{i}.html": news_page(i).encode() for i in range(6)})
    pull(write(tmp_path / "uji.jsonl.gz", records), tmp_path / "pulled", mirror=forge.mirror)
    settings = {"evaluate": False, "jobs": 1, "epochs": 1, "hidden": 4, "seeds": 1, "folds": 2}
    models = [
        train_model([tmp_path / name], tmp_path / name / "m", **settings).model.read_bytes()
        for name in ("original", "pulled")
    ]
    assert models[0] == models[1]


def test_the_label_files_that_ship_hold_places_and_no_texts() -> None:
    files = sorted(next(folder for folder in FOLDERS if folder.is_dir()).glob("*.jsonl.gz"))
    assert [file.name.partition(".")[0] for file in files] == ["id-portals", "news-body", "news-labelled", "news-more"]
    for file in files:
        pages = read_label_file(file)  # refuses whatever could hold a text
        assert all(page.origin is not None for page in pages)
        assert all(page.body_origin is not None for page in pages if "regions" not in page.record)


@pytest.mark.parametrize(
    ("text", "found"),
    [("a/b@0123456:c/d.html", ("a/b", "0123456", "c/d.html")), ("a/b@:c", ("a/b", "", "c")), ("WCXB dev (CC)", None)],
)
def test_origins(text: str, found: tuple[str, str, str] | None) -> None:
    origin = parse_origin(text)
    assert (origin and (origin.repository, origin.commit, origin.path)) == found
