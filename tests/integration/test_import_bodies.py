"""``datasets import --from bodies``: pages whose body text is known."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import STORY, news_page

from boilerplate.cli.main import main
from boilerplate.curation.alignment import align_blocks
from boilerplate.labels import LABELS
from boilerplate.training.datasets import gold_words, load, read_dataset

Run = Callable[..., tuple[int, str]]
BLOCKS = [
    "Beranda",
    "Warga menanam ribuan bibit bakau di pantai utara",
    "Jakarta -",
    STORY[0],
    "Baca juga: Ombak besar merusak pantai",
    STORY[1],
    "Kata dia",
    STORY[2],
    "Warga desa itu menanam kembali",
    "Bagikan",
]
GOLD = f"Jakarta. {STORY[0]}\n\n{STORY[1]} Kata dia: {STORY[2]}"


@pytest.fixture
def run(model: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*args: object, model: object = model) -> tuple[int, str]:
        status = main(
            ["datasets", "import", *map(str, args), "--from", "bodies", *(["-m", str(model)] if model else [])]
        )
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert out == ""
        return status, err

    return call


def body(number: int) -> str:
    return "\n".join(f"{text} Catatan nomor {number}." for text in STORY)


def labelled(folder: Path) -> list[dict[str, str]]:
    pages = []
    for example in read_dataset(folder):
        page, root = load(example)
        labels = gold_words(example, page, root).argmax(axis=1)
        pages.append({text: LABELS[label].value for text, label in zip(page.texts, labels, strict=True)})
    return pages


def test_blocks_are_found_in_order_and_short_ones_between_their_neighbours() -> None:
    found = align_blocks(BLOCKS, GOLD)
    assert [text for text, is_body in zip(BLOCKS, found.body, strict=True) if is_body] == [
        "Jakarta -", STORY[0], STORY[1], "Kata dia", STORY[2]
    ]  # fmt: skip
    assert found.found == 1.0


def test_a_list_of_the_same_words_before_the_story_does_not_take_its_place() -> None:
    teasers = [STORY[2], STORY[1]]
    found = align_blocks([*teasers, *STORY], "\n".join(STORY))
    assert found.body == [False, False, True, True, True]


def test_what_is_missing_from_the_page_is_not_found() -> None:
    found = align_blocks([STORY[0], "Menu"], "\n".join(STORY[:2]))
    assert found.body == [True, False]
    first, second = (len(text.split()) for text in STORY[:2])
    assert found.found == pytest.approx(first / (first + second))


def test_a_paragraph_with_a_word_more_or_less_is_found() -> None:
    words = STORY[0].split()
    changed = " ".join([*words[:6], "rupanya", *words[6:10], *words[11:]])
    assert align_blocks([changed], STORY[0]).body == [True]


def test_a_paragraph_that_is_mostly_other_words_is_not_found() -> None:
    words = STORY[0].split()
    assert align_blocks([" ".join([*words[:6], *(f"lain{i}" for i in range(20))])], STORY[0]).body == [False]


@pytest.mark.parametrize(("texts", "gold"), [([], ""), (["a b"], ""), ([], "a b"), (["a b"], "a b"), (["..."], "!")])
def test_little_text(texts: list[str], gold: str) -> None:
    found = align_blocks(texts, gold)
    assert found.body == [False] * len(texts)
    assert found.found == 0.0


def test_repeated_words_cost_what_they_are() -> None:
    gold = "sama sama sama sama " * 20_000
    blocks = ["sama " * 50] * 2_000 + ["dua"] * 2_000 + ["sama sama"] * 2_000
    assert len(align_blocks(blocks, gold).body) == 6_000
    random.seed(1)
    words = [str(random.randrange(5)) for _ in range(50_000)]
    assert len(align_blocks([" ".join(words[i : i + 9]) for i in range(0, 50_000, 9)], " ".join(words)).body) == 5_556


def test_pages_from_json_lines_with_a_model_for_the_rest(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "kabar" / "bodies.jsonl"
    file.parent.mkdir()
    lines = [{"html": news_page(i), "body": body(i), "url": f"https://www.kabar{i}.example/a"} for i in (1, 2)]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    status, err = run(file, "-o", tmp_path / "set")
    assert status == 0
    assert "100.0% of the words of the gold texts were found in the pages" in err
    for number, page in zip((1, 2), labelled(tmp_path / "set"), strict=True):
        assert [text for text, label in page.items() if label == "body"] == body(number).split("\n")
        assert page["Berita singkat ke 3 hari ini"] == "related"
        assert page["Beranda"] == "chrome"
    assert [x.portal for x in read_dataset(tmp_path / "set")] == ["kabar1.example", "kabar2.example"]


def test_pages_from_csv_by_file_and_by_address(tmp_path: Path, run: Run) -> None:
    pages = tmp_path / "pages"
    (pages / "deep").mkdir(parents=True)
    (pages / "one.html").write_text(news_page(1))
    canonical = '<link rel="canonical" href="https://www.kabar.example/dua/"><title>'
    (pages / "deep" / "two.html").write_text(news_page(2).replace("<title>", canonical))
    file = tmp_path / "bodies.csv"
    with file.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, ["page", "url", "isi", "portal"])
        writer.writeheader()
        writer.writerow({"page": "one.html", "isi": body(1), "portal": "satu.example"})
        writer.writerow({"url": "http://kabar.example/dua#x", "isi": body(2)})
    assert run(file, "-o", tmp_path / "set", "--pages", pages, "--column", "isi")[0] == 0
    assert [x.portal for x in read_dataset(tmp_path / "set")] == ["satu.example", "kabar.example"]
    for number, page in zip((1, 2), labelled(tmp_path / "set"), strict=True):
        assert [text for text, label in page.items() if label == "body"] == body(number).split("\n")


def test_body_only_writes_the_text_and_no_labels(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "b.jsonl"
    file.write_text(json.dumps({"html": news_page(1), "body": body(1)}))
    assert run(file, "-o", tmp_path / "set", "--body-only", model=None)[0] == 0
    (example,) = read_dataset(tmp_path / "set")
    assert (example.regions, example.body) == (None, body(1))


def test_texts_that_are_found_in_part_are_named(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "b.jsonl"
    lines = [{"html": news_page(1), "body": body(1)}, {"html": news_page(2), "body": "kata lain sama sekali " * 40}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    _, err = run(file, "-o", tmp_path / "set")
    assert f"1 texts were found by less than 90%: {file}:2 0%" in err


def test_pages_outside_of_the_folder_are_not_read(tmp_path: Path, run: Run) -> None:
    (tmp_path / "secret.html").write_text(news_page(1))
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "link.html").symlink_to(tmp_path / "secret.html")
    file = tmp_path / "b.jsonl"
    for page in ("../secret.html", str(tmp_path / "secret.html"), "link.html", "a\0b", "gone.html", "."):
        file.write_text(json.dumps({"page": page, "body": body(1)}))
        status, err = run(file, "-o", tmp_path / "set", "--pages", tmp_path / "pages")
        assert (status, err.count("\n")) == (2, 2)
        assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("b.jsonl", b"{", ":1: not JSON"),
        ("b.jsonl", b"[1]", ":1: not an object"),
        ("b.jsonl", b'{"body": "x"}', ":1: needs 'html'"),
        ("b.jsonl", b'{"html": "<p>x</p>"}', ":1: field 'body' has no text"),
        ("b.jsonl", b'{"html": "<p>x</p>", "body": 5}', "has no text"),
        ("b.jsonl", b"\n", "holds no texts"),
        ("b.jsonl", b"\xff", "not UTF-8"),
        ("b.csv", b"html,body\n<p>x</p>,\n", ":2: field 'body' has no text"),
        ("b.csv", b"", "holds no texts"),
        ("b.csv", b'html,body\n"x', "has no text"),
    ],
)
def test_lists_that_are_not_in_order(tmp_path: Path, run: Run, name: str, data: bytes, what: str) -> None:
    (tmp_path / name).write_bytes(data)
    status, err = run(tmp_path / name, "-o", tmp_path / "set")
    assert (status, err.count("\n")) == (2, 1)
    assert what in err
    assert not (tmp_path / "set").exists()


def test_options_that_do_not_go_together(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "b.jsonl"
    file.write_text(json.dumps({"html": news_page(1), "body": body(1)}))
    assert run(file, "-o", tmp_path / "set", "--body-only")[0] == 2
    assert run(file, "-o", tmp_path / "set", "--pages", tmp_path / "gone")[0] == 2
    assert run(tmp_path / "gone.csv", "-o", tmp_path / "set")[0] == 2
