"""Section headings of one's own: read, checked, kept in the model, seen by the features."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone

from boilerplate import Cleaner, Label
from boilerplate.cli.main import main
from boilerplate.errors import DatasetError, ModelError
from boilerplate.features.lookup import Lexicon
from boilerplate.features.tokenizer import tokenize
from boilerplate.kinds import KINDS, describer
from boilerplate.lexicon.headings import Headings, headings
from boilerplate.lexicon.letters import heading_words
from boilerplate.lexicon.tables import HEADING_KINDS, RowError, check_rows
from boilerplate.model.file import load, save
from boilerplate.segment.html import parse, segment
from boilerplate.segment.text import segment_text
from boilerplate.training import fitting as train
from boilerplate.training.datasets import read_lexicon
from boilerplate.training.estimator import BlockClassifier

OWN = Path(__file__).parents[2] / "datasets" / "portals"
ROWS = (("related", ("warta sepihak", "kabar setali")), ("[words]", ()), ("related", ("sepihak",)))
STORY = "".join(
    f"<p>Warga desa ke-{i} itu menanam kembali ribuan bibit bakau di sepanjang pantai yang rusak diterjang ombak "
    "besar bulan lalu.</p>"
    for i in range(6)
)
TITLES = (
    "Jembatan gantung di hulu selesai dibangun",
    "Harga cabai turun jelang akhir pekan",
    "Petani kopi menikmati musim panen raya",
)
PAGE = (
    "<html><head><title>Warga menanam bakau</title></head><body><h1>Warga menanam bakau</h1>"
    f"<div><div>{STORY}</div><div><h3>Warta Sepihak</h3>"
    f"<ul>{''.join(f'<li><a href=/{i}>{t}</a></li>' for i, t in enumerate(TITLES))}</ul></div></div>"
    "<div class=footer><a href=/t>Tentang Kami</a><a href=/r>Redaksi</a> Hak cipta Warta</div></body>"
    "</html>"
)


def column(described, kind, name):
    return described.X[:, KINDS[kind].feature_names().index(name)]


def test_the_shipped_table_passes_its_own_check():
    from boilerplate.lexicon.tables import shipped

    assert check_rows(shipped("headings.tsv")) == shipped("headings.tsv")


def test_a_list_under_a_heading_of_ones_own_is_seen():
    page = segment(parse(PAGE))
    head, items = page.texts.index("Warta Sepihak"), [page.texts.index(t) for t in TITLES]
    plain, mine = describer("html").describe(page), describer("html", ROWS).describe(page)
    assert column(plain, "html", "head_related")[head] == 0
    assert column(mine, "html", "head_related")[head] == 1
    assert column(mine, "html", "word_related")[head] == 1
    assert (column(plain, "html", "gov_head_related")[items] == 0).all()
    assert (column(mine, "html", "gov_head_related")[items] == 1).all()
    assert (column(mine, "html", "gov_strength")[items] > column(plain, "html", "gov_strength")[items]).all()
    assert np.array_equal(describer("html").describe(page).X, plain.X)  # nothing of it stays behind


def test_lines_of_text_under_it_too():
    text = "\n".join(
        [
            "Sebuah kalimat berita yang cukup panjang untuk menjadi paragraf dari sebuah artikel pada hari ini.",
            "Warta Sepihak",
            *TITLES,
        ]
    )
    page = segment_text(text, headings(ROWS))
    head = page.texts.index("Warta Sepihak")
    plain, mine = describer("text").describe(page), describer("text", ROWS).describe(page)
    assert column(plain, "text", "head_related")[head] == 0
    assert column(mine, "text", "head_related")[head] == 1
    assert (column(mine, "text", "last_head_related")[head + 1 :] == 1).all()
    long = segment_text("Kabar setali: " + "kata " * 40, headings(ROWS))
    assert column(describer("text", ROWS).describe(long), "text", "lead_related")[0] == 1
    assert column(describer("text").describe(long), "text", "lead_related")[0] == 0


def test_a_line_that_is_a_heading_is_joined_to_nothing():
    lines = ["Warga berharap bantuan bibit datang lagi dari", "Warta Sepihak", "kantor bupati segera."]
    assert "Warta Sepihak" not in segment_text("\n".join(lines)).texts
    assert "Warta Sepihak" in segment_text("\n".join(lines), headings(ROWS)).texts


def test_both_ways_of_looking_up_agree():
    known = Headings(ROWS)
    lexicon = Lexicon(known)
    for words in (["warta", "sepihak"], ["sepihak"], ["baca", "juga"], ["warta"], ["tidak", "ada"]):
        whole, part, _ = known.look_up(words)
        hashes = tokenize([" ".join(words)]).hashes
        assert np.bitwise_or.reduce(lexicon.bits(hashes)) & ((1 << len(HEADING_KINDS)) - 1) == part
        assert (whole == 0) == (" ".join(words) not in known.phrases)
    assert known.look_up(["warta", "sepihak"])[0] == 1 << HEADING_KINDS.index("related")
    assert known.look_up("baca juga judul".split())[2] == Headings().look_up("baca juga judul".split())[2]


def test_a_word_of_any_letters_can_be_looked_up():
    """Nothing that passes the check may fail when the lexicon is made."""
    rng = random.Random(0)
    passed = []
    for _ in range(3000):
        entry = "".join(
            chr(rng.choice((rng.randrange(32, 0x3000), rng.randrange(sys.maxunicode))))
            for _ in range(rng.randint(1, 4))
        )
        try:
            passed += check_rows((("related", (entry,)),))
        except RowError:
            continue
    assert len(passed) > 300
    for at in range(0, len(passed), 50):  # many at once: each lexicon holds the shipped headings, too
        Lexicon(Headings(tuple(passed[at : at + 50])))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("related\twarta sepihak\nrelatd\twarta", ":2: unknown kind 'relatd' (known: related, popular,"),
        ("related warta sepihak", ":1: unknown kind"),
        ("# a comment\n\nrelated\t", ":3: related: no phrases"),
        ("related\twarta||sepihak", ":1: related: '' is not made of words"),
        ("related\t12", "'12' is not made of words"),
        ("related\tsatu dua tiga empat lima enam tujuh", "more than 6 words"),
        ("related\t" + "a" * 101, "at most 100 characters"),
        ("[words]\nrelated\twarta sepihak", ":2: related: 'warta sepihak' is a phrase, but stands after [words]"),
        ("[words]\twarta", "[words] stands alone"),
        ("[words]\n", "holds no headings"),
        ("", "holds no headings"),
        (
            "related\t"
            + "|".join(f"kata {chr(97 + i // 676)}{chr(97 + i // 26 % 26)}{chr(97 + i % 26)}" for i in range(20_001)),
            "more than 20000",
        ),
    ],
)
def test_a_bad_lexicon_is_named(tmp_path, capsys, text, said):
    file = tmp_path / "mine.tsv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError) as error:
        read_lexicon(file)
    assert said in str(error.value)
    assert main(["train", str(OWN), "-o", str(tmp_path / "m"), "--lexicon", str(file)]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"boilerplate: {file}")
    assert err.count("\n") == 1
    assert not (tmp_path / "m.npz").exists()


def test_a_lexicon_that_is_no_text(tmp_path):
    with pytest.raises(DatasetError, match="no lexicon"):
        read_lexicon(tmp_path / "none.tsv")
    (tmp_path / "binary.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DatasetError, match="no lexicon"):
        read_lexicon(tmp_path / "binary.tsv")


def test_rows_are_read_as_the_shipped_ones_are(tmp_path):
    file = tmp_path / "mine.tsv"
    file.write_text(
        "\ufeff# mine\nrelated\twarta sepihak|kabar setali\r\n[words]\nrelated\tsepihak\n", encoding="utf-8"
    )
    assert read_lexicon(file) == ROWS


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    """A small model of our own pages that knows `ROWS`."""
    folder = tmp_path_factory.mktemp("mine")
    (folder / "mine.tsv").write_text(
        "related\twarta sepihak|kabar setali\n[words]\nrelated\tsepihak\n", encoding="utf-8"
    )
    small = ["--epochs", "8", "--hidden", "24", "--seeds", "1", "--jobs", "1", "--no-evaluate"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "read_examples", lambda *args, read=train.read_examples: read(*args)[::3])
        assert main(["train", str(OWN), "-o", str(folder / "mine"), "--lexicon", str(folder / "mine.tsv"), *small]) == 0
    return folder / "mine.npz"


def test_the_model_knows_the_headings_when_it_cleans(mine, tmp_path):
    network, header = load(mine)
    assert header["lexicon"] == ROWS
    assert "lexicon" not in header["settings"]
    assert "headings beyond the shipped ones: 3" in mine.with_suffix(".md").read_text(encoding="utf-8")
    without = tmp_path / "without.npz"
    save(without, network, {**header, "lexicon": ()})

    def related(model):
        blocks = Cleaner(model).label(PAGE).blocks
        return np.array([b.probabilities[Label.RELATED] for b in blocks if b.text in TITLES])

    assert (related(mine) > related(without) + 0.1).all()
    assert [b.label for b in Cleaner(mine).label(PAGE).blocks if b.text in TITLES] == [Label.RELATED] * len(TITLES)


@pytest.mark.parametrize(
    "rows",
    [
        "related",
        5,
        None,
        {"related": ["a"]},
        [["related"]],
        [["related", "warta"]],
        [["related", [1]]],
        [["body", ["warta"]]],
        [[["related"], ["warta"]]],
        [["related", ["²"]]],
        [["related", ["\n"]]],
        [["[words]", []], ["related", ["dua kata"]]],
        [["related", [f"kata{'a' * i}" for i in range(50)]]] * 401,
        [["related", [None]]],
        [[{}, []]],
    ],
)
def test_rows_of_a_hostile_model_are_refused(mine, tmp_path, rows):
    network, header = load(mine)
    path = tmp_path / "bad.npz"
    save(path, network, {**header, "lexicon": rows})
    with pytest.raises(ModelError, match=r"bad\.npz") as error:
        Cleaner(path)
    assert "\n" not in str(error.value)
    assert json.dumps(str(error.value))


def test_a_model_without_a_lexicon_has_none(mine, tmp_path):
    network, header = load(mine)
    del header["lexicon"]
    save(tmp_path / "old.npz", network, header)
    assert load(tmp_path / "old.npz")[1]["lexicon"] == ()


def test_the_estimator_takes_rows():
    model = BlockClassifier(lexicon=ROWS)
    assert clone(model).get_params() == model.get_params()
    page = segment(parse(PAGE))
    gold = ["related" if text in TITLES else "body" for text in page.texts]
    model = BlockClassifier(hidden=4, epochs=1, seeds=1, folds=2, lexicon=ROWS).fit([PAGE, PAGE], [gold, gold])
    assert np.allclose(model.predict_proba([PAGE])[0], model.network_.proba(describer("html", ROWS).describe(page)))


def test_words_are_runs_of_letters():
    assert heading_words("Warta-Sepihak 5!") == ["warta", "sepihak"]
