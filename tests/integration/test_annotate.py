"""``annotate``: who may ask its web page for what, and what it answers."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from helpers import ROOT, leaking_page, news_page
from hostile import HOSTILE

pytest.importorskip("flask")

from boilerplate import Cleaner
from boilerplate.annotation.labeller import Labeller
from boilerplate.annotation.opening import open_store
from boilerplate.annotation.retraining import Retraining
from boilerplate.annotation.server import Pages, make_token
from boilerplate.annotation.session import Session
from boilerplate.cli.main import main
from boilerplate.cli.parser import make_parser
from boilerplate.training.datasets import count_words, load, node_labels, read_dataset

TOKEN = "a-token"
HOST = "127.0.0.1:8000"
POSTS = ("api/pages/0/label", "api/pages/0/done", "api/undo", "api/retraining")
GETS = ("", "static/annotate.js", "frame/0", "api/pages", "api/pages/0", "api/pages/0/blocks/0", "api/retraining")


class Client:
    """Asks the application as a browser would, or not quite."""

    def __init__(self, pages: Pages) -> None:
        self._client = pages.app().test_client()

    def ask(self, path: str, body: Any = None, *, token: str = TOKEN, host: str = HOST, **options: Any) -> Any:
        method = "GET" if body is None else "POST"
        options.setdefault("json", body) if body is not None else None
        return self._client.open(f"/{token}/{path}", method=method, base_url=f"http://{host}", **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    mine = tmp_path / "mine"
    mine.mkdir()
    for number in range(2):
        (mine / f"p{number}.html").write_text(news_page(number))
    (mine / "q.html").write_text(HOSTILE)
    return mine


@pytest.fixture
def retraining(folder: Path) -> Retraining:
    return Retraining(Session(open_store(folder), Labeller()), "portals")


@pytest.fixture
def client(retraining: Retraining) -> Client:
    return Client(Pages(retraining._session, retraining, TOKEN, [HOST]))


def test_every_request_needs_the_token(client: Client, folder: Path) -> None:
    for path in GETS:
        assert client.ask(path).status_code == 200, path
        for token in ("", "x", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "%00", "é"):
            assert client.ask(path, token=token).status_code == 403, (path, token)
    for path in POSTS:
        assert client.ask(path, {}, token="x").status_code == 403
    assert client.ask("", token=f"../{TOKEN}").status_code == 403
    assert not folder.with_name("mine-labelled").exists()


def test_tokens_are_not_guessed() -> None:
    tokens = {make_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(re.fullmatch(r"[\w-]{43}", token) for token in tokens)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:8001", "evil.example:8000", "localhost:8000"])
def test_other_hosts_are_refused(client: Client, host: str) -> None:
    for path in GETS:
        assert client.ask(path, host=host).status_code == 403


def test_other_sites_are_refused(client: Client) -> None:
    data = {"selection": {"kind": "blocks", "ranges": [[0, 1]]}, "label": "ad"}
    for origin in ("http://evil.example", "null", "http://127.0.0.1:9999"):
        assert client.ask(POSTS[0], data, headers={"Origin": origin}).status_code == 403
    assert client.ask(POSTS[0], data, json=None, data=json.dumps(data), content_type="text/plain").status_code == 415
    assert client.ask(POSTS[0], data, json=None, data={"label": "ad"}).status_code == 415
    assert client.ask("api/undo").status_code == 405, "nothing is changed by a link"
    assert client.ask(POSTS[0], data, headers={"Origin": f"http://{HOST}"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "static/../../../etc/passwd",
        "static/..%2f..%2fserver.py",
        "static/%2e%2e/server.py",
        "static/annotate.html.jinja",
        "static//etc/passwd",
        "static/",
        "frame/../pages.jsonl",
        "frame/99",
        "frame/-1",
        "frame/0/../../x",
        "pages/p0.html",
        "api/pages/99",
        "../mine/p0.html",
    ],
)
def test_nothing_else_is_served(client: Client, path: str) -> None:
    assert client.ask(path).status_code in (403, 404) if path.startswith("..") else client.ask(path).status_code == 404


class Tags(HTMLParser):
    """Collects tags with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_is_shown_without_anything_of_its_own_but_text(client: Client) -> None:
    answer = client.ask("frame/2")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox allow-same-origin; default-src 'none'; ")
    assert "script" not in answer.headers["Content-Security-Policy"]
    names = {f"{tag} {name}" for tag, attrs in Tags(answer.text).found for name in attrs}
    assert names == {"html lang", "meta charset", "link rel", "link href", "body class", "span class", "span data-b"}
    assert {tag for tag, _ in Tags(answer.text).found} <= {
        *(
            "html",
            "meta",
            "title",
            "link",
            "body",
            "span",
            "div",
            "p",
            "h1",
            "h2",
            "h3",
            "ul",
            "li",
            "table",
            "tr",
            "td",
        )
    }
    assert not re.search(r"evil|steal|javascript:", answer.text)


def test_the_frame_and_the_policies(client: Client) -> None:
    answer = client.ask("")
    (frame,) = (attrs for tag, attrs in Tags(answer.text).found if tag == "iframe")
    assert frame["sandbox"] == "allow-same-origin"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; ")
    assert "unsafe" not in policy
    assert not [attrs for _, attrs in Tags(answer.text).found if any(name.startswith("on") for name in attrs)]
    for path in GETS:
        headers = client.ask(path).headers
        assert headers["Referrer-Policy"] == "no-referrer", "the token does not travel"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"]


def test_labels_over_the_wire(client: Client, folder: Path) -> None:
    page = client.ask("api/pages/0").json
    assert len(page["texts"]) == len(page["labels"]) == len(page["margins"]) == len(page["guesses"])
    title = page["texts"].index("Berita Terkait")
    around = client.ask(f"api/pages/0/blocks/{title + 2}").json
    assert around["heading"] == title
    assert around["list"] == [[title, title + 13]]
    assert around["place"] == "/html/body/div[3]/ul/li[2]"
    element, start, end, name = around["boxes"][1]
    assert (start, end, name) == (title, title + 13, "div.terkait")
    data = {"selection": {"kind": "box", "number": element}, "label": "ad", "everywhere": True}
    change = client.ask("api/pages/0/label", data).json
    assert (change["pages"], change["blocks"]) == (2, 26)
    dataset = folder.with_name("mine-labelled")
    for number, example in enumerate(read_dataset(dataset)):
        read, root = load(example)
        gold = count_words(read, node_labels(example, root)).argmax(axis=1)
        assert "".join(map(str, gold)) == client.ask(f"api/pages/{number}").json["labels"]
    overview = client.ask("api/pages/0/done", {"done": True}).json
    assert overview["done"] == 1
    client.ask("api/undo", {})
    assert client.ask("api/undo", {}).json["pages"] == 2
    assert client.ask("api/undo", {}).json is None
    assert (dataset / "pages.jsonl").read_text() == ""


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        {"selection": {"kind": "blocks"}, "label": "ad"},
        {"selection": {"kind": "blocks", "ranges": [[0, 10**9]]}, "label": "ad"},
        {"selection": {"kind": "blocks", "ranges": [[5, 1]]}, "label": "ad"},
        {"selection": {"kind": "blocks", "ranges": [[0, 9999]]}, "label": "ad"},
        {"selection": {"kind": "blocks", "ranges": [["a", 1]]}, "label": "ad"},
        {"selection": {"kind": "blocks", "ranges": [[True, 1]]}, "label": "ad"},
        {"selection": {"kind": "blocks", "ranges": 7}, "label": "ad"},
        {"selection": {"kind": "box", "number": 10**6}, "label": "ad"},
        {"selection": {"kind": "list", "number": 10**6}, "label": "ad"},
        {"selection": {"kind": "chars", "start": 0, "end": 5}, "label": "ad"},
        {"selection": {"kind": "else"}, "label": "ad"},
        {"selection": {"kind": "blocks", "ranges": [[0, 1]]}, "label": "iklan"},
        {"selection": {"kind": "blocks", "ranges": [[0, 1]]}, "label": ["ad"]},
    ],
)
def test_nonsense_is_an_error_and_changes_nothing(client: Client, folder: Path, data: Any) -> None:
    answer = client.ask("api/pages/0/label", data)
    assert answer.status_code == 400
    assert answer.json["error"]
    assert not folder.with_name("mine-labelled").exists()


def test_a_leak_is_mended_by_one_correction(tmp_path: Path) -> None:
    folder = tmp_path / "leaking"
    folder.mkdir()
    for number, topic in enumerate(("bakau", "sawah", "pasar", "jembatan")):
        (folder / f"{topic}.html").write_text(leaking_page(number, topic))
    retraining = Retraining(Session(open_store(folder), Labeller()), "portals")
    client = Client(Pages(retraining._session, retraining, TOKEN, [HOST]))
    answer = client.ask("api/retraining", {})
    assert answer.status_code == 400
    assert "no page is marked as done" in answer.json["error"]
    leak = next(i for i, text in enumerate(client.ask("api/pages/0").json["texts"]) if text.startswith("Sambil ngopi"))
    data = {"selection": {"kind": "blocks", "ranges": [[leak, leak + 1]]}, "label": "related", "everywhere": True}
    assert client.ask("api/pages/0/label", data).json["pages"] == 4
    for number in range(4):
        client.ask(f"api/pages/{number}/done", {"done": True})
    assert client.ask("api/retraining", {}).json == {"begun": True}
    retraining.wait()
    state = client.ask("api/retraining").json
    assert not state["running"]
    (change,) = state["changes"]
    assert (change["name"], change["pages"]) == ("your pages, each held out", 4)
    assert change["macro"][1] > change["macro"][0] + 0.1
    dataset = folder.with_name("leaking-labelled")
    assert state["model"] == str(dataset / "model.npz")
    unseen = leaking_page(9, "pelabuhan")
    assert "Sambil ngopi" in Cleaner().clean(unseen)
    assert "Sambil ngopi" not in Cleaner(state["model"]).clean(unseen)
    assert len(read_dataset(dataset / "checked.jsonl")) == 4


def test_figures_of_each_portal(tmp_path: Path) -> None:
    for portal in ("satu", "dua"):
        (tmp_path / "both" / portal).mkdir(parents=True)
        for number, topic in enumerate(("bakau", "sawah")):
            (tmp_path / "both" / portal / f"{topic}.html").write_text(leaking_page(number, topic))
    retraining = Retraining(Session(open_store(tmp_path / "both"), Labeller()), "portals")
    for number in range(4):
        retraining._session.set_done(number, True)
    assert retraining.begin()
    retraining.wait()
    changes = retraining.state()["changes"]
    assert [(change["name"], change["pages"]) for change in changes] == [
        ("your pages, each held out", 4),
        ("– dua", 2),
        ("– satu", 2),
    ]


def test_agreement_over_the_wire(folder: Path, client: Client) -> None:
    client.ask("api/pages/0/done", {"done": True})
    assert client.ask("api/agreement").json == []
    second = Session(open_store(folder.with_name("mine-labelled"), annotator="budi"), Labeller())
    second.set_done(0, True)
    (one,) = client.ask("api/agreement").json
    assert (one["annotator"], one["kappa"], one["agreed"]) == ("budi", 1.0, one["words"])


# --- the program


@pytest.fixture
def program(folder: Path) -> Iterator[str]:
    """The address that the program prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "boilerplate", "annotate", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in err
    assert "documents, 0 done" in err
    assert err.count("\n") == 1, "no request is printed, with its token"


def test_program(program: str) -> None:
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{43}/", program)
    with urllib.request.urlopen(program) as answer:
        assert b"<iframe sandbox" in answer.read()
    address = urllib.parse.urlsplit(program)
    for path in ("static/../../../../etc/passwd", "..", "static/%2e%2e/%2e%2e/pyproject.toml", "frame/..%2f0"):
        connection = http.client.HTTPConnection(address.netloc)
        connection.request("GET", address.path + path)  # as it is: no client tidies it
        assert connection.getresponse().status == 404, path
        connection.close()
    for url, headers in ((program[:-2], {}), (program, {"Host": "evil.example"})):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(urllib.request.Request(url, headers=headers))


def test_program_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["annotate", str(tmp_path / "none")]) == 2
    assert main(["annotate", str(folder), "--model", "nothing"]) == 2
    assert main(["annotate", str(folder), "--host", "203.0.113.1"]) == 2
    assert "203.0.113.1" in capsys.readouterr().err


def test_the_commands_of_the_docs_are_commands() -> None:
    text = (ROOT / "docs" / "annotate.md").read_text("utf-8")
    commands = re.findall(r"(?:^    |`)boilerplate (\w+ [^`\n]+)", text, re.M)
    assert {command.split()[0] for command in commands} == {"annotate", "train", "clean"}
    for command in commands:
        make_parser().parse_args(command.split())


def test_without_the_extra_the_program_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "sys.modules.update(flask=None)\n"
        "from boilerplate.cli.main import main\n"
        f"sys.exit(main(['annotate', {str(tmp_path)!r}]))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 2
    assert run.stderr == "boilerplate: annotate needs flask, which is not installed: pip install flask\n"
