"""Labelling by hand: what is shown is what is saved, a place is found again on a sister page, two opinions compare."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from helpers import PORTALS, STORY, news_page

from boilerplate.annotation.agreement import measure_agreement
from boilerplate.annotation.alike import Places, find_alike
from boilerplate.annotation.document import COLUMN, Selection, margins_of
from boilerplate.annotation.html_document import HtmlDocument
from boilerplate.annotation.labeller import Labeller
from boilerplate.annotation.opening import open_store
from boilerplate.annotation.regions import write_regions
from boilerplate.annotation.session import Session
from boilerplate.annotation.text_document import TextDocument
from boilerplate.errors import DatasetError, InputError
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.segment.html import parse, segment
from boilerplate.training.datasets import Example, count_words, load, node_labels, read_dataset
from boilerplate.training.fitting import read_examples
from boilerplate.training.span_datasets import read_span_texts, render_examples
from boilerplate.training.text_datasets import read_lines

BODY, RELATED, CHROME, AD, META = (COLUMN[name] for name in ("body", "related", "chrome", "ad", "meta"))


def folder_of_pages(folder: Path, count: int = 3) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"p{number}.html").write_text(news_page(number))
    return folder


def session_of(folder: Path, **options: str) -> Session:
    return Session(open_store(folder, **options), Labeller())


def block_of(session: Session, number: int, text: str) -> int:
    return next(i for i, found in enumerate(session.document(number).texts) if text in found)


def saved_labels(dataset: Path, number: int) -> list[int]:
    """Labels of a page's blocks as training reads them."""
    example = read_dataset(dataset)[number]
    page, root = load(example)
    return count_words(page, node_labels(example, root)).argmax(axis=1).tolist()


def read_back(html: str, regions: list[list[str]]) -> np.ndarray:
    root = parse(html)
    page = segment(root, nodes=True)
    pairs = [(xpath, INDEX[Label.parse(label)]) for xpath, label in regions]
    label_of = node_labels(Example(Path("x.html"), "x", pairs), root)
    return np.array([label_of(ref) for refs in page.refs for ref in refs])


# --- regions


@pytest.mark.parametrize("seed", range(5))
def test_random_labels_read_back_from_their_regions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for example in read_dataset(PORTALS)[seed * 20 : seed * 20 + 6]:
        html = example.read()
        page = segment(parse(html), nodes=True)
        labels = rng.integers(0, len(LABELS), sum(map(len, page.refs)))
        same: dict[object, int] = {}
        refs = [ref for refs in page.refs for ref in refs]
        labels = np.array([same.setdefault(ref, label) for ref, label in zip(refs, labels.tolist(), strict=True)])
        assert (read_back(html, write_regions(page, labels)) == labels).all()


def test_a_box_of_one_label_is_one_region() -> None:
    page = segment(parse(news_page()), nodes=True)
    first = next(i for i, text in enumerate(page.texts) if text == "Berita Terkait")
    labels = np.array([RELATED if b >= first else CHROME for b, refs in enumerate(page.refs) for _ in refs])
    labels[-1] = CHROME  # the footer
    assert write_regions(page, labels) == [["/html/body/div[3]", "related"]]


def test_strange_markup_reads_back() -> None:
    html = (
        "<body>lead <b>bold</b> tail<ruby>字<rp>(</rp><rt>zi</rt></ruby><picture><source>x<img></picture>"
        "<o:p>office</o:p><p>a<br>b<!-- c -->d<br><br>e</p><noscript>f</noscript><video>g</video><x'y>quote</x'y> end"
    )
    page = segment(parse(html), nodes=True)
    refs = [ref for refs in page.refs for ref in refs]
    same: dict[object, int] = {}
    labels = np.array([same.setdefault(ref, i % 8) for i, ref in enumerate(refs)])
    assert len(set(labels.tolist())) > 4
    assert (read_back(html, write_regions(page, labels)) == labels).all()


def test_regions_that_no_reader_would_follow_are_refused() -> None:
    page = segment(parse("<body>" + "<p>kata</p>" * 15_000), nodes=True)
    with pytest.raises(DatasetError, match="too long to read"):
        write_regions(page, np.arange(len(page)) % 8)
    assert write_regions(page, np.full(len(page), BODY)) == [["/html", "body"]]


# --- documents


def test_selections_of_a_page() -> None:
    example = Example(Path("x"), "x", None)
    page = segment(parse(news_page()), nodes=True)
    P = np.full((len(page), 8), 0.125)
    heading = np.full(len(page), -1)
    title = page.texts.index("Berita Terkait")
    heading[title + 1 : title + 13] = title
    document = HtmlDocument(page, None, P, heading)
    assert example.regions is None
    assert document.heading_of(title) == document.heading_of(title + 3) == title
    assert document.blocks_of(Selection("list", number=title)).tolist() == list(range(title, title + 13))
    boxes = document.boxes(title + 1)
    assert [(box.name, box.start, box.end) for box in boxes[:2]] == [
        ("ul", title + 1, title + 13),
        ("div.terkait", title, title + 13),
    ]
    assert document.relabel(Selection("box", number=boxes[1].element), RELATED) == 13
    assert document.labels()[title : title + 13].tolist() == [RELATED] * 13
    for wrong in (
        Selection("blocks", (len(page),)),
        Selection("blocks"),
        Selection("box", number=10**6),
        Selection("list", number=-1),
        Selection("chars", start=0, end=3),
    ):
        with pytest.raises(ValueError, match=r"no block|no element|nothing is selected"):
            document.relabel(wrong, RELATED)


def test_margins() -> None:
    P = np.array([[0.7, 0.2, 0.1], [0.7, 0.2, 0.1]])
    assert np.allclose(margins_of(P, np.array([0, 1])), [0.5, -0.5])


def test_a_text_in_pieces() -> None:
    text = "Warga menanam bakau. Baca juga: Kabar lain Panitia hadir.\n\n  Selesai (abc) "
    labels = np.full(len(text), BODY)
    document = TextDocument(text, labels, labels, np.full(len(text), 0.5))
    assert document.texts == ["Warga menanam bakau.", "Baca juga: Kabar lain Panitia hadir.", "Selesai (abc)"]
    start = text.index("Baca")
    assert document.relabel(Selection("chars", start=start, end=text.index(" Panitia")), RELATED) == 1
    assert document.texts[1:3] == ["Baca juga: Kabar lain", "Panitia hadir."]
    assert document.record() == {
        "spans": [
            [0, start - 1, "body"],
            [start, text.index(" Panitia"), "related"],
            [text.index("Panitia"), len(text) - 1, "body"],
        ]
    }
    assert [(box.name, box.start, box.end) for box in document.boxes(0)] == [("line", 0, 3), ("text", 0, 4)]
    assert document.margins().tolist() == [0.5, -0.5, 0.5, 0.5]
    assert document.words() == {"body": 7, "related": 4}
    with pytest.raises(ValueError, match="nothing is selected"):
        document.relabel(Selection("chars", start=len(text) - 1, end=len(text)), RELATED)
    document.restore(labels)
    assert document.texts == ["Warga menanam bakau.", "Baca juga: Kabar lain Panitia hadir.", "Selesai (abc)"]


def test_the_model_labels_a_text_at_the_right_characters() -> None:
    sentence = STORY[0].replace(" ", "   ", 1)
    lead = f"\u200b{sentence} <br><br>Baca juga: <b>Kabar</b> lain hari ini\r\n"
    document = Labeller().open_text(lead + "\n".join(STORY[1:]), None)
    labels = dict(zip(document.texts, document.labels().tolist(), strict=True))
    assert labels[STORY[1]] == BODY
    assert next(label for piece, label in labels.items() if "menanam" in piece) == BODY
    assert next(label for piece, label in labels.items() if "Kabar" in piece) == RELATED


# --- the same place on other pages


def documents(*pages: str) -> list[tuple[HtmlDocument, Places]]:
    found = []
    for html in pages:
        page = segment(parse(html), nodes=True)
        found.append(
            (HtmlDocument(page, None, np.eye(8)[np.zeros(len(page), int)], np.full(len(page), -1)), Places(page))
        )
    return found


def test_boxes_alike() -> None:
    a = "<div class='b b1'><h3>Terkait</h3><a>satu</a></div><div class='b b2'><h3>Populer</h3><a>dua</a></div><p>x</p>"
    b = "<div class='b b9'><h3>Iklan</h3></div><div class='b b3'><h3>Populer</h3><a>lain</a><a>lagi</a></div><p>y</p>"
    (mine, here), (other, there) = documents(a, b)
    box = mine.boxes(3)[0]
    assert box.name == "div.b.b2"
    found = find_alike(Selection("box", number=box.element), mine, here, other, there)
    assert [other.texts[i] for i in found] == ["Populer", "lain", "lagi"], (
        "of boxes of one kind, that of the same heading"
    )
    p = find_alike(Selection("blocks", (4,)), mine, here, other, there)
    assert [other.texts[i] for i in p] == ["y"], "all blocks of its kind are meant where it is the only one"


def test_blocks_alike_by_their_text() -> None:
    a = "<p>Cerita satu</p><p>Baca juga 3 kabar</p><p>Cerita dua</p>"
    b = "<p>Lain cerita</p><p>Lain lagi</p><p>BACA JUGA 12 kabar</p>"
    (mine, here), (other, there) = documents(a, b)
    found = find_alike(Selection("blocks", (1,)), mine, here, other, there)
    assert [other.texts[i] for i in found] == ["BACA JUGA 12 kabar"]
    assert not len(find_alike(Selection("blocks", (0,)), mine, here, other, there))


# --- the dataset on disk


def test_what_is_shown_is_saved_and_undone(tmp_path: Path) -> None:
    session = session_of(folder_of_pages(tmp_path / "mine"))
    out = tmp_path / "mine-labelled"
    assert not out.exists(), "nothing is written before something is said"
    title = block_of(session, 0, "Berita Terkait")
    change = session.relabel(0, Selection("list", number=title), AD)
    assert change.blocks == 13
    shown = session.document(0).labels().tolist()
    assert shown[title : title + 13] == [AD] * 13
    assert saved_labels(out, 0) == shown
    assert (out / "pages" / "p0.html").read_bytes() == (tmp_path / "mine" / "p0.html").read_bytes()
    session.relabel(0, Selection("blocks", (0,)), AD)
    session.set_done(0, True)
    assert session.store.entries[0].done
    for _ in range(3):
        assert session.undo() is not None
    assert session.undo() is None
    assert (out / "pages.jsonl").read_text() == ""
    assert session.document(0).labels()[title] == RELATED


def test_it_goes_on_where_it_stopped(tmp_path: Path) -> None:
    mine = folder_of_pages(tmp_path / "mine")
    first = session_of(mine)
    first.relabel(1, Selection("blocks", (2,)), AD)
    first.set_done(1, True)
    again = session_of(mine)
    assert [entry.done for entry in again.store.entries] == [False, True, False]
    assert again.document(1).labels().tolist() == first.document(1).labels().tolist()
    assert again.document(1).labels()[2] == AD


def test_the_same_place_on_all_pages_of_the_portal(tmp_path: Path) -> None:
    folder_of_pages(tmp_path / "mine", 40)  # more than are kept open
    elsewhere = tmp_path / "mine" / "lain"
    elsewhere.mkdir()
    (elsewhere / "q.html").write_text(news_page(7))
    session = session_of(tmp_path / "mine")
    numbers = {entry.name: number for number, entry in enumerate(session.store.entries)}
    here = numbers["pages/p0.html"]
    title = block_of(session, here, "Berita Terkait")
    before = session.document(numbers["pages/p33.html"]).labels().tolist()
    change = session.relabel(here, Selection("list", number=title), AD, everywhere=True)
    assert (change.pages, change.blocks) == (40, 40 * 13)
    assert numbers["pages/lain/q.html"] not in {
        number for number, entry in enumerate(session.store.entries) if entry.labelled
    }, "another folder is another portal"
    lines = [json.loads(line) for line in (tmp_path / "mine-labelled" / "pages.jsonl").read_text().splitlines()]
    assert len(lines) == 40
    assert all(["/html/body/div[3]", "ad"] in line["regions"] and not line["done"] for line in lines)
    undone = session.undo()
    assert undone is not None
    assert (undone.pages, undone.blocks) == (40, 40 * 13)
    assert session.document(numbers["pages/p33.html"]).labels().tolist() == before


def test_a_change_that_cannot_be_saved_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_of(folder_of_pages(tmp_path / "mine"))
    session.relabel(0, Selection("blocks", (1,)), AD)
    shown = session.document(0).labels().tolist()
    on_disk = (tmp_path / "mine-labelled" / "pages.jsonl").read_bytes()

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("boilerplate.annotation.store.write_atomically", full)
    with pytest.raises(OSError, match="No space"):
        session.relabel(0, Selection("blocks", (2,)), AD)
    assert session.document(0).labels().tolist() == shown
    assert (tmp_path / "mine-labelled" / "pages.jsonl").read_bytes() == on_disk
    with pytest.raises(OSError, match="No space"):
        session.undo()
    assert session.document(0).labels().tolist() == shown


def test_two_programs_do_not_overwrite_each_other(tmp_path: Path) -> None:
    mine = folder_of_pages(tmp_path / "mine")
    one, two = session_of(mine), session_of(mine)
    one.relabel(0, Selection("blocks", (1,)), AD)
    one.relabel(0, Selection("blocks", (2,)), AD)
    with pytest.raises(DatasetError, match="another program has changed it"):
        two.relabel(1, Selection("blocks", (1,)), AD)
    assert [entry.done for entry in two.store.entries] == [False] * 3
    assert not two.store.entries[1].labelled
    assert saved_labels(tmp_path / "mine-labelled", 0)[1:3] == [AD, AD]


def test_a_page_that_does_not_read_stops_none_of_the_others(tmp_path: Path) -> None:
    mine = folder_of_pages(tmp_path / "mine")
    (mine / "broken.html.gz").write_bytes(b"\x1f\x8bno gzip")
    session = session_of(mine)
    with pytest.raises(DatasetError):
        session.document(0)
    title = block_of(session, 1, "Berita Terkait")
    assert session.relabel(1, Selection("list", number=title), AD, everywhere=True).pages == 3


def dataset(folder: Path, *regions: list[list[str]]) -> Path:
    (folder / "pages").mkdir(parents=True)
    with (folder / "pages.jsonl").open("w") as out:
        for number, found in enumerate(regions):
            (folder / "pages" / f"{number}.html").write_text(news_page(number))
            row = {"page": f"pages/{number}.html", "portal": "uji.example", "year": "2020", "regions": found}
            out.write(json.dumps(row) + "\n")
    return folder


def test_a_dataset_keeps_its_other_fields_and_pages(tmp_path: Path) -> None:
    gold = [["/html/body/div[2]", "body"]]
    mine = dataset(tmp_path / "mine", gold, gold)
    before = (mine / "pages.jsonl").read_text()
    session = session_of(mine)
    assert session.store.entries[0].done, "labels from elsewhere count as checked"
    session.relabel(0, Selection("blocks", (0,)), AD)
    lines = (mine / "pages.jsonl").read_text().splitlines()
    assert json.loads(lines[1]) == json.loads(before.splitlines()[1])
    changed = json.loads(lines[0])
    assert (changed["year"], changed["done"]) == ("2020", True)
    assert saved_labels(mine, 0)[0] == AD
    assert (mine / "pages.jsonl.before-annotate").read_text() == before
    session.relabel(0, Selection("blocks", (0,)), CHROME)
    assert (mine / "pages.jsonl.before-annotate").read_text() == before, "only the first is kept"


def test_a_copy_of_a_dataset(tmp_path: Path) -> None:
    mine = dataset(tmp_path / "mine", [["/html/body/div[2]", "body"]])
    before = (mine / "pages.jsonl").read_bytes()
    session = session_of(mine, output=tmp_path / "copy")
    session.relabel(0, Selection("blocks", (0,)), AD)
    assert (mine / "pages.jsonl").read_bytes() == before
    assert saved_labels(tmp_path / "copy", 0)[0] == AD
    assert session_of(mine, output=tmp_path / "copy").document(0).labels()[0] == AD


def test_a_second_annotator_does_not_see_the_labels(tmp_path: Path) -> None:
    mine = dataset(tmp_path / "mine", [["/html", "ad"]], [["/html", "ad"]])
    before = (mine / "pages.jsonl").read_bytes()
    second = session_of(mine, annotator="budi")
    assert not (second.document(0).labels() == AD).any()
    assert not any(entry.labelled for entry in second.store.entries)
    everything = Selection("blocks", tuple(range(len(second.document(0).texts))))
    second.relabel(0, everything, AD)
    second.relabel(0, Selection("blocks", (0,)), CHROME)
    assert measure_agreement(second.store, "budi").words == 0, "what is not done is no opinion"
    second.set_done(0, True)
    assert (mine / "pages.jsonl").read_bytes() == before
    found = measure_agreement(second.store, "budi")
    words = sum(len(text.split()) for text in second.document(0).texts)
    assert (found.words, found.agreed) == (words, words - len(second.document(0).texts[0].split()))
    assert found.confusions == {("ad", "chrome"): 1}
    assert found.kappa == pytest.approx(0.0, abs=1e-9), "by chance they would agree as often: one of them says ad only"
    assert session_of(mine, annotator="budi").document(0).labels()[0] == CHROME


def test_texts_with_spans(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    text = STORY[0] + " Baca juga: Kabar lain hari ini " + STORY[1]
    (mine / "a.txt").write_text(text)
    session = session_of(mine, portal="uji.example")
    start = text.index("Baca")
    session.relabel(0, Selection("chars", start=0, end=len(text)), BODY)
    session.relabel(0, Selection("chars", start=start, end=start + 31), RELATED)
    (found,) = read_span_texts(tmp_path / "mine-labelled")
    assert found.portal == "uji.example"
    line = json.loads((tmp_path / "mine-labelled" / "spans.jsonl").read_text())
    assert [label for _, _, label in line["spans"]] == ["body", "related", "body"]
    assert text[slice(*line["spans"][1][:2])] == "Baca juga: Kabar lain hari ini"
    again = session_of(tmp_path / "mine-labelled")
    assert again.document(0).labels().tolist() == session.document(0).labels().tolist()


def test_texts_with_labelled_lines(tmp_path: Path) -> None:
    lines = [STORY[0], "", "  Baca juga: Kabar lain hari ini", STORY[1] + " (rin/dew)"]
    labelled = tmp_path / "mine" / "labelled"
    labelled.mkdir(parents=True)
    (labelled / "index.tsv").write_text("a\tuji.example\n")
    (labelled / "a.txt").write_text("\n".join(lines))
    (labelled / "a.labels").write_text("body\n-\nrelated\nbody")
    (labelled / "b.txt").write_text(STORY[0])  # not in the index: not labelled
    session = session_of(tmp_path / "mine")
    assert [(e.name, e.portal, e.labelled) for e in session.store.entries] == [
        ("labelled/a", "uji.example", True),
        ("labelled/b", "labelled", False),
    ]
    text = session.store.entries[0].text
    start = text.index("(rin")
    session.relabel(0, Selection("chars", start=start, end=start + 9), META)
    dataset = tmp_path / "mine-labelled"
    found = json.loads((dataset / "spans.jsonl").read_text())
    assert [(text[a:b], label) for a, b, label in found["spans"]][-2:] == [(STORY[1], "body"), ("(rin/dew)", "meta")]
    assert sorted(p.name for p in labelled.iterdir()) == ["a.labels", "a.txt", "b.txt", "index.tsv"]
    (example,) = read_examples([dataset], "text")
    assert (example.portal, example.read()) == ("uji.example", text)
    assert [LABELS[i].value if i >= 0 else "-" for i in read_lines(example).labels] == ["body", "-", "related", "body"]
    assert [x.portal for x in read_span_texts(dataset)] == ["uji.example"]
    assert not list(render_examples([example])), "its spans are learned from, not its lines glued"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"annotator": "../x"}, "letters, digits"),
        ({"annotator": "budi"}, "is for a dataset"),
        ({"output": "mine"}, "folder of its own"),
        ({"output": "full"}, "is no dataset"),
    ],
)
def test_what_is_refused(tmp_path: Path, options: dict[str, str], message: str) -> None:
    mine = folder_of_pages(tmp_path / "mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    if "output" in options:
        options = {"output": tmp_path / options["output"]}  # type: ignore[dict-item]
    with pytest.raises(InputError, match=message):
        open_store(mine, **options)  # type: ignore[arg-type]


def test_a_copy_stays_in_its_folder(tmp_path: Path) -> None:
    mine = dataset(tmp_path / "mine", [["/html/body/div[2]", "body"]])
    (mine / "a" / "b" / "c").mkdir(parents=True)
    (mine / "link").symlink_to(mine / "a" / "b" / "c")
    line = json.loads((mine / "pages.jsonl").read_text())
    (mine / "pages.jsonl").write_text(json.dumps({**line, "page": "link/../../../pages/0.html"}) + "\n")
    assert open_store(mine).entries, "there it is inside"
    with pytest.raises(DatasetError, match="outside"):
        open_store(mine, tmp_path / "x" / "copy")
    assert not list(tmp_path.rglob("x/**/0.html"))


def test_pages_outside_of_the_folder_are_not_read(tmp_path: Path) -> None:
    mine = folder_of_pages(tmp_path / "mine", 1)
    secret = tmp_path / "secret.html"
    secret.write_text(news_page(9))
    (mine / "link.html").symlink_to(secret)
    assert [entry.name for entry in open_store(mine).entries] == ["pages/p0.html"]
    (tmp_path / "ds").mkdir()
    (tmp_path / "ds" / "pages.jsonl").write_text(json.dumps({"page": "../secret.html", "regions": []}) + "\n")
    with pytest.raises(DatasetError, match="outside"):
        open_store(tmp_path / "ds")
    (tmp_path / "none").mkdir()
    with pytest.raises(InputError, match="holds no pages"):
        open_store(tmp_path / "none")
