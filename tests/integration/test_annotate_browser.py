"""``annotate`` in Chromium: a hostile page is labelled; nothing of it runs, and nothing is fetched."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers import leaking_page
from hostile import HOSTILE

pytest.importorskip("flask")
pytest.importorskip("selenium")
if not (shutil.which("chromium") and shutil.which("chromedriver")):
    pytest.skip("needs Chromium and its driver", allow_module_level=True)

from selenium import webdriver
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from boilerplate.annotation.labeller import Labeller
from boilerplate.annotation.opening import open_store
from boilerplate.annotation.retraining import Retraining
from boilerplate.annotation.server import bind, make_token
from boilerplate.annotation.session import Session
from boilerplate.cli.main import main
from boilerplate.labels import LABELS
from boilerplate.training.datasets import count_words, load, node_labels, read_dataset

NAMES = [label.value for label in LABELS]


class Listener:
    """An address that a page wants to be fetched from; whoever comes waits until they are counted."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def close(self) -> int:
        """Count who came."""
        self._socket.setblocking(False)
        calls = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                self._socket.accept()[0].close()
                calls += 1
        self._socket.close()
        return calls


def start_chromium(profile: Path) -> webdriver.Chrome:
    """Start Chromium, which notes all requests and messages."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for argument in ("headless=new", "no-sandbox", "disable-gpu", f"user-data-dir={profile}", "no-first-run"):
        options.add_argument(f"--{argument}")
    for argument in ("disable-background-networking", "disable-component-update", "disable-sync"):
        options.add_argument(f"--{argument}")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    service = webdriver.ChromeService(str(shutil.which("chromedriver")))
    driver = webdriver.Chrome(options, service)
    driver.set_window_size(1400, 900)
    return driver


def requests_of(driver: webdriver.Chrome) -> list[str]:
    """Addresses of the requests since this was asked last."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]


class Browser:
    """Chromium on the page for labelling."""

    def __init__(self, url: str, profile: Path) -> None:
        self.driver = start_chromium(profile)
        self.url = url
        self.requested: list[str] = []
        self.open()

    def open(self) -> None:
        """Load the page anew."""
        self.driver.get("about:blank")
        self.driver.get(self.url)
        WebDriverWait(self.driver, 30).until(lambda d: d.find_elements(By.CSS_SELECTOR, "#blocks li[data-b]"))
        self.settle()

    def settle(self) -> None:
        """Wait for what was asked for."""
        self.driver.execute_async_script("const end = arguments[0]; later(() => {}).then(end)")

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, where the focus is."""
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()
            self.settle()

    def at(self, block: int) -> tuple[int, int]:
        """Where a block is in the window, scrolled there."""
        return tuple(
            self.driver.execute_script(
                "const span = spans[arguments[0]][0]; span.scrollIntoView({block: 'center'});"
                "const a = frame.getBoundingClientRect(), b = span.getClientRects()[0];"
                "return [Math.round(a.x + b.x + Math.min(b.width / 2, 20)), Math.round(a.y + b.y + b.height / 2)]",
                block,
            )
        )

    def click(self, block: int, *, shift: bool = False) -> None:
        """Click a block in the page."""
        x, y = self.at(block)
        if shift:
            ActionChains(self.driver).key_down(Keys.SHIFT).perform()
        actions = ActionChains(self.driver)
        actions.w3c_actions.pointer_action.move_to_location(x, y)
        actions.w3c_actions.pointer_action.click()
        actions.perform()
        if shift:
            ActionChains(self.driver).key_up(Keys.SHIFT).perform()
        self.settle()

    def drag(self, first: int, last: int) -> None:
        """Drag from one block to another."""
        x, y = self.at(last)
        a, b = self.driver.execute_script(
            "const f = frame.getBoundingClientRect(), r = spans[arguments[0]][0].getClientRects()[0];"
            "return [Math.round(f.x + r.x + 5), Math.round(f.y + r.y + r.height / 2)]",
            first,
        )
        actions = ActionChains(self.driver)
        pointer = actions.w3c_actions.pointer_action
        pointer.move_to_location(a, b)
        pointer.pointer_down()
        pointer.move_to_location(x, y)
        pointer.pointer_up()
        actions.perform()
        self.settle()

    def button(self, selector: str) -> None:
        """Click a button."""
        self.driver.find_element(By.CSS_SELECTOR, selector).click()
        self.settle()

    def page(self) -> dict[str, Any]:
        """What the script knows of the document that is shown."""
        return dict(self.driver.execute_script("return page"))

    def labels(self) -> list[str]:
        """Labels of the blocks as the frame shows them."""
        return list(
            self.driver.execute_script(
                "return spans.map((of) => of.length ? [...of[0].classList].find((c) => c !== 'b' && c !== 'on') : '')"
            )
        )

    def log(self) -> list[str]:
        """Addresses of all requests since the start."""
        self.requested += requests_of(self.driver)
        return self.requested


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    assert found.close() == 0, "somebody fetched what a page named"


@pytest.fixture
def folder(tmp_path: Path, listener: Listener) -> Path:
    mine = tmp_path / "mine"
    mine.mkdir()
    boxes = "".join(f"<div class=r{i}><p>Kabar pendek nomor {i} dari desa</p></div>" for i in range(12))
    links = "".join(f"<li><a href=//evil.example/{i}>Berita singkat ke {i} hari ini</a></li>" for i in range(6))
    hostile = HOSTILE + boxes + f"<section class=senarai><h3>Berita Terkait</h3><ul>{links}</ul></section>"
    assert "evil.example" in hostile
    (mine / "a.html").write_text(hostile.replace("evil.example", listener.address))
    for number, topic in enumerate(("bakau", "sawah", "pasar")):
        (mine / f"b{number}.html").write_text(leaking_page(number, topic))
    (mine / "c.txt").write_text(f"Warga menanam bakau di pantai. Baca juga: Kabar lain. Panitia hadir.\n{HOSTILE}")
    many = "".join(f"<p>Paragraf nomor {i} dari halaman yang panjang sekali</p>" for i in range(3000))
    (mine / "d.html").write_text(f"<title>Halaman panjang</title><h1>Halaman panjang</h1>{many}")
    (mine / "e.html.gz").write_bytes(b"\x1f\x8bno gzip")
    return mine


@pytest.fixture
def browser(folder: Path, tmp_path: Path) -> Iterator[Browser]:
    session = Session(open_store(folder), Labeller())
    token = make_token()
    server = bind(session, Retraining(session, "portals"), token, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found = Browser(f"http://127.0.0.1:{server.port}/{token}/", tmp_path / "profile")
    yield found
    try:
        requested = found.log()
        assert len(requested) > 5
        strangers = {url for url in requested if not url.startswith((found.url, "about:", "data:", "chrome"))}
        assert strangers - {f"{found.url.rpartition('/')[0].rpartition('/')[0]}/favicon.ico"} == set()
        assert found.driver.title == "annotate", "no script of a page has run"
        errors = [entry["message"] for entry in found.driver.get_log("browser")]
        assert [text for text in errors if "favicon" not in text and "/api/pages/6 " not in text] == []
    finally:
        found.driver.quit()
        server.shutdown()
        thread.join()


def saved(folder: Path, name: str) -> list[str]:
    """Labels of a page's blocks as training reads them."""
    example = next(x for x in read_dataset(folder.with_name("mine-labelled")) if x.name == name)
    page, root = load(example)
    return [NAMES[column] for column in count_words(page, node_labels(example, root)).argmax(axis=1)]


def test_a_hostile_page_is_labelled_by_mouse_and_keyboard(browser: Browser, folder: Path) -> None:
    texts = browser.page()["texts"]
    first = next(i for i, text in enumerate(texts) if text == "Kabar pendek nomor 0 dari desa")
    wanted = browser.labels()

    def other(block: int) -> int:
        return (NAMES.index(wanted[block]) + 3) % 8

    for block in range(first, first + 5):  # by mouse: the block, then the label's button
        number = other(block)
        browser.click(block)
        browser.button(f"[data-label={NAMES[number]}]")
        wanted[block] = NAMES[number]
    assert browser.labels() == wanted
    browser.driver.execute_script(
        "document.getElementById('order').value = 'page'; sort(); draw(); select(arguments[0])", first + 4
    )
    for block in range(first + 5, first + 10):  # by keyboard: to the next block, its number
        number = other(block)
        browser.press("j", str(number + 1))
        wanted[block] = NAMES[number]
    assert browser.labels() == wanted
    title = texts.index("Berita Terkait")
    browser.click(title + 3)
    browser.press("l", "4")
    wanted[title : title + 7] = ["ad"] * 7
    assert browser.labels() == wanted
    assert saved(folder, "a.html") == wanted
    browser.open()
    assert browser.labels() == wanted, "a reloaded page shows what was saved"
    browser.press("j", "b")
    assert browser.driver.find_element(By.ID, "chosen").text.startswith("box ")
    browser.click(title + 2)
    browser.click(title + 2, shift=True)
    assert "box ul" in browser.driver.find_element(By.ID, "chosen").text
    browser.click(title + 2, shift=True)
    browser.press("3")
    wanted[title : title + 7] = ["popular"] * 7
    assert browser.labels() == wanted
    browser.press("u")
    wanted[title : title + 7] = ["ad"] * 7
    assert browser.labels() == saved(folder, "a.html") == wanted
    browser.drag(first, first + 3)
    browser.press("7")
    wanted[first : first + 4] = ["meta"] * 4
    assert browser.labels() == saved(folder, "a.html") == wanted


def test_one_leak_on_all_pages_then_retrained(browser: Browser, folder: Path) -> None:
    browser.press("n")
    leak = next(i for i, text in enumerate(browser.page()["texts"]) if text.startswith("Sambil ngopi"))
    assert browser.labels()[leak] == "body"
    browser.click(leak)
    actions = ActionChains(browser.driver).key_down(Keys.SHIFT).send_keys("2").key_up(Keys.SHIFT)
    actions.perform()
    browser.settle()
    assert browser.driver.find_element(By.ID, "message").text == "3 blocks on 3 pages: related"
    browser.press("d", "d", "d")
    assert browser.page()["name"] == "c", "the next one that is not done"
    browser.button("#retrain")
    shown = WebDriverWait(browser.driver, 120, 0.2).until(
        lambda d: d.find_element(By.ID, "dialog").text if d.find_elements(By.CSS_SELECTOR, "#dialog table") else ""
    )
    assert "your pages, each held out 3" in shown
    assert "→" in shown
    assert (folder.with_name("mine-labelled") / "model.npz").is_file()
    browser.press(Keys.ESCAPE)
    browser.press("p", "p", "p", "p")
    assert browser.page()["name"] == "pages/a.html"
    assert not browser.page()["labelled"]


def test_words_of_a_text(browser: Browser, folder: Path) -> None:
    browser.press("n", "n", "n", "n")
    assert browser.page()["kind"] == "text"
    text = browser.page()["texts"][0]
    assert text.startswith("Warga menanam ")
    x, y, width, height = browser.driver.execute_script(
        "const r = frame.contentDocument.createRange(), t = spans[0][0].firstChild, f = frame.getBoundingClientRect();"
        "r.setStart(t, 6); r.setEnd(t, 13); const b = r.getBoundingClientRect();"
        "return [f.x + b.x, f.y + b.y, b.width, b.height].map(Math.round)"
    )
    actions = ActionChains(browser.driver)
    pointer = actions.w3c_actions.pointer_action
    pointer.move_to_location(x, y + height // 2)
    pointer.pointer_down()
    pointer.move_to_location(x + width, y + height // 2)
    pointer.pointer_up()
    actions.perform()
    browser.settle()
    assert browser.driver.find_element(By.ID, "chosen").text == "characters 6 to 13"
    browser.press("4")
    assert browser.page()["texts"][:2] == ["Warga", "menanam"]
    assert browser.labels()[1] == "ad"
    line = json.loads((folder.with_name("mine-labelled") / "spans.jsonl").read_text())
    assert [6, 13, "ad"] in line["spans"]
    browser.press("u")
    assert browser.page()["texts"][0] == text


def test_a_long_page_is_listed_in_parts_and_a_broken_one_is_passed(browser: Browser, folder: Path) -> None:
    browser.press("n", "n", "n", "n", "n")
    assert browser.page()["name"] == "pages/d.html"
    part = browser.driver.find_element(By.ID, "part")
    assert part.text == "1–200 of 3001"
    assert len(browser.driver.find_elements(By.CSS_SELECTOR, "#blocks li")) == 200
    browser.button("#later")
    assert part.text == "201–400 of 3001"
    browser.click(2990)
    assert part.text.endswith("of 3001")
    assert browser.driver.find_element(By.CSS_SELECTOR, "#blocks .on .t").text == browser.page()["texts"][2990]
    browser.press("b", "8")
    assert set(browser.labels()) == {"chrome"}
    assert set(saved(folder, "d.html")) == {"chrome"}
    browser.press("n")
    assert browser.page()["name"] == "pages/d.html"
    assert "pages/e.html.gz: " in browser.driver.find_element(By.ID, "message").text


def test_an_inspection_of_a_hostile_page(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.html"
    assert main(["inspect", str(folder / "a.html"), "-o", str(out)]) == 0
    driver = start_chromium(tmp_path / "profile")
    try:
        driver.get(out.as_uri())
        driver.find_element(By.CSS_SELECTOR, "#blocks li:nth-child(3)").click()
        frame = driver.find_element(By.TAG_NAME, "iframe")
        shown = "return arguments[0].contentDocument.querySelector('.on').textContent"
        text = driver.find_element(By.CSS_SELECTOR, "#blocks .on .t").text
        assert driver.execute_script(shown, frame) == text
        assert driver.title == "a.html: blocks", "no script of the page has run"
        assert {
            url for url in requests_of(driver) if not url.startswith(("file:", "about:", "data:", "chrome"))
        } == set()
        assert driver.get_log("browser") == []
    finally:
        driver.quit()
