"""Cleaning, labelling and batches use no network, whatever a page asks for."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import STORY, news_page

# Loaded at the start of every Python process, workers too.
GUARD = """
import sys

def deny(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "urllib.Request"):
        raise RuntimeError(f"network: {event}")
    if event == "socket.__new__" and args[1] in (2, 10):  # IPv4, IPv6
        raise RuntimeError("network: a socket")

sys.addaudithook(deny)
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    root = Path(__file__).parents[2]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "guard"), str(root)])}


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """A server that pages name; whoever fetches one of its addresses, even from C, connects to it."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.setblocking(False)
        yield listening


def greedy_page(number: int, address: str) -> str:
    """A page that names the server wherever a reader could fetch something."""
    head = (
        f'<!DOCTYPE html SYSTEM "{address}/page.dtd" [<!ENTITY more SYSTEM "{address}/more.txt">]>'
        f'<?xml-stylesheet href="{address}/sheet.xsl"?>'
    )
    fetched = (
        f'<base href="{address}/"><link rel="stylesheet" href="{address}/a.css"><meta http-equiv="refresh" '
        f'content="0; url={address}/next"><script src="{address}/a.js">fetch("{address}/b")</script>'
    )
    inside = (
        f'<img src="{address}/a.png"><iframe src="{address}/frame"></iframe><object data="{address}/o"></object>'
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{address}/x" parse="text"/>&more;'
    )
    page = news_page(number).replace("<!DOCTYPE html>", head).replace("<title>", f"{fetched}<title>")
    return page.replace('<div class="isi">', f'<div class="isi">{inside}')


def test_the_guard_guards(env: dict[str, str]) -> None:
    for code in (
        "socket.socket()",
        "socket.getaddrinfo('localhost', 80)",
        "socket.create_connection(('127.0.0.1', 9))",
    ):
        done = subprocess.run([sys.executable, "-c", f"import socket; {code}"], env=env, capture_output=True, text=True)
        assert "RuntimeError: network" in done.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_nothing_is_fetched(jobs: str, model: Path, tmp_path: Path, env: dict[str, str], server: socket.socket) -> None:
    address = f"http://127.0.0.1:{server.getsockname()[1]}"
    pages = tmp_path / "pages"
    pages.mkdir()
    for i in range(4):
        (pages / f"{i}.html").write_text(greedy_page(i, address))
    for command in (
        ["label", str(pages / "0.html")],
        ["clean", str(pages), "--jobs", jobs, "-o", str(tmp_path / "o.jsonl")],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "boilerplate", *command, "--model", str(model)],
            env=env,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in (tmp_path / "o.jsonl").read_text().splitlines()]
    assert [STORY[0] in row["text"] for row in rows] == [True] * 4
    with pytest.raises(BlockingIOError):
        server.accept()
