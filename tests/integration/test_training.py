"""Datasets, gold labels, the estimator and its folds, on pages of our own."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.utils import estimator_checks

from boilerplate.errors import DatasetError
from boilerplate.features.html import Describer
from boilerplate.kinds import KINDS
from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.segment.html import parse, segment
from boilerplate.training.datasets import gold_words, load, read_dataset
from boilerplate.training.estimator import BlockClassifier
from boilerplate.training.evaluation import Scores, fit, leave_out, score
from boilerplate.training.folds import deal, families
from boilerplate.training.preparation import align, prepare, shingle_scores
from boilerplate.training.targets import MASKED, NOT_BODY

OWN = Path(__file__).parents[2] / "datasets" / "portals"
QUICK = {"hidden": 16, "epochs": 3, "seeds": 1, "folds": 2}


@pytest.fixture(scope="session")
def own():
    describer = Describer()
    return [prepare(example, describer) for example in read_dataset(OWN)]


def dataset(tmp_path: Path, *records: object, page: str = "<p>satu dua</p>") -> Path:
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    lines = [r if isinstance(r, str) else json.dumps(r) for r in records]
    (tmp_path / "pages.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_deepest_region_wins_and_the_rest_is_chrome(tmp_path):
    html = "<body><div id=x><p>isi berita<a>tautan</a></p>ekor<br>baca juga</div><nav>menu</nav></body>"
    regions = [["/html/body/div", "body"], ["/html/body/div/p/a", "ad"], ["/html/body/div/text()[2]", "related"]]
    (example,) = read_dataset(dataset(tmp_path, {"page": "a.html", "regions": regions}, page=html))
    page, root = load(example)
    words = gold_words(example, page, root)
    found = {label.value: int(n) for label, n in zip(LABELS, words.sum(axis=0), strict=True) if n}
    assert found == {"body": 3, "ad": 1, "related": 2, "chrome": 1}


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("{", "not JSON"),
        ("[]", "field 'page'"),
        ({"page": "a.html"}, "needs 'regions'"),
        ({"page": "a.html", "kind": "home"}, "field 'kind'"),
        ({"page": "a.html", "regions": [["/html/body", "noise"]]}, "unknown label 'noise'"),
        ({"page": "a.html", "regions": [["///[", "body"]]}, "field 'regions'"),
        ({"page": "a.html", "regions": [["/html"]]}, "field 'regions'"),
    ],
)
def test_a_bad_line_is_named(tmp_path, record, said):
    with pytest.raises(DatasetError, match="pages.jsonl:1") as error:
        read_dataset(dataset(tmp_path, record))
    assert said in str(error.value)


def test_a_missing_dataset_page_and_region_are_named(tmp_path):
    with pytest.raises(DatasetError, match="nowhere"):
        read_dataset(tmp_path / "nowhere")
    (gone,) = read_dataset(dataset(tmp_path, {"page": "b.html", "body": "x"}))
    with pytest.raises(DatasetError, match=r"b\.html"):
        load(gone)
    (example,) = read_dataset(dataset(tmp_path, {"page": "a.html", "regions": [["/html/body/h7", "body"]]}))
    page, root = load(example)
    with pytest.raises(DatasetError, match="h7"):
        gold_words(example, page, root)


def test_line_separators_inside_json_strings_do_not_end_a_line(tmp_path):
    line = json.dumps({"page": "a.html", "body": "a\u2028b"}, ensure_ascii=False)
    (example,) = read_dataset(dataset(tmp_path, line))
    assert example.body == "a\u2028b"


def test_our_own_pages_cover_the_layouts_and_the_labels():
    examples = read_dataset(OWN)
    assert len({e.portal for e in examples}) >= 10
    assert sum(e.index for e in examples) >= 4
    assert {label for e in examples for _, label in e.regions or ()} == set(range(len(LABELS)))


def test_blocks_hardly_ever_straddle_labels(own):
    words = np.sum([page.words.max(axis=1).sum() for page in own if page.words is not None])
    total = np.sum([page.words.sum() for page in own if page.words is not None])
    assert words / total >= 0.995


def test_body_text_alone_is_aligned_to_blocks():
    body = "Banjir merendam tiga desa di tepi sungai.\nWarga mengungsi ke balai desa sejak subuh."
    texts = [
        "Beranda",
        "Banjir merendam tiga desa di tepi sungai.",
        "Baca juga: jalan putus di dua kecamatan lain",
        "Warga mengungsi ke balai desa sejak subuh.",
        "Terpopuler pekan ini di kanal daerah",
    ]
    gold = align(texts, body)
    assert gold.tolist() == [NOT_BODY, INDEX[Label.BODY], NOT_BODY, INDEX[Label.BODY], NOT_BODY]


def test_alignment_uses_a_passage_once():
    line = "Banjir merendam tiga desa di tepi sungai besar."
    assert align([line, line], line).tolist() == [INDEX[Label.BODY], NOT_BODY]


def test_shingle_scores():
    assert shingle_scores("", "") == (1.0, 1.0, 1.0)
    assert shingle_scores("satu dua tiga empat", "satu dua tiga empat") == (1.0, 1.0, 1.0)
    assert shingle_scores("a b c d e", "")[2] == 0.0
    precision, recall, f1 = shingle_scores("a b c d e f", "a b c d e f g h i")
    assert precision == 1.0
    assert recall == 0.5
    assert f1 == pytest.approx(2 / 3)


def test_sister_portals_are_one_family(tmp_path):
    for name, classes in (("a", "x1 x2 x3"), ("b", "x1 x2 x9"), ("c", "q r s")):
        (tmp_path / f"{name}.html").write_text(f'<p class="{classes}">teks</p>', encoding="utf-8")
    lines = [json.dumps({"page": f"{n}.html", "portal": n, "body": "teks"}) for n in "abc"]
    (tmp_path / "pages.jsonl").write_text("\n".join(lines), encoding="utf-8")
    examples = read_dataset(tmp_path)
    family = families(examples)
    assert family["a"] == family["b"] != family["c"]
    assert sorted(map(sorted, deal(examples, family, 0))) == [["a", "b"], ["c"]]


def test_estimator_contract(own):
    model = BlockClassifier(**QUICK)
    assert clone(model).get_params() == model.get_params()
    with pytest.raises(NotFittedError):
        model.predict(["<p>x</p>"])
    with pytest.raises(ValueError, match="no pages"):
        model.fit([], [])
    with pytest.raises(ValueError, match="1 blocks but 2 labels"):
        model.fit(["<p>satu</p>"], [["body", "ad"]])
    with pytest.raises(ValueError, match="unknown label"):
        model.fit(["<p>satu</p>"], [["noise"]])
    with pytest.raises(ValueError, match="nothing|no labelled"):
        model.fit(["<p>satu</p>"], [np.array([MASKED])])
    pages = [page.described for page in own[:12]]
    gold = [page.gold for page in own[:12]]
    model.fit(pages, gold, groups=[page.portal for page in own[:12]])
    (P,) = model.predict_proba(pages[:1])
    assert P.shape == (len(pages[0]), len(LABELS))
    assert np.allclose(P.sum(axis=1), 1, atol=1e-5)
    assert set(model.predict(pages[:1])[0]) <= set(model.classes_)
    assert 0.5 < model.score(pages, gold) <= 1.0
    html = "<html><body><p>Sebuah paragraf pendek.</p></body></html>"
    assert np.allclose(model.predict_proba([html])[0], model.predict_proba([segment(parse(html))])[0])


def test_the_same_training_gives_the_same_model(own):
    first, second = (fit(BlockClassifier(**QUICK), own[:8]).network_ for _ in range(2))
    assert np.array_equal(first.second.W1, second.second.W1)


def test_partial_gold_teaches_body_only(own):
    sample = own[::4]
    masked = [np.where(page.gold == INDEX[Label.BODY], page.gold, NOT_BODY) for page in sample]
    model = BlockClassifier(**QUICK).fit([p.described for p in sample], masked, groups=[p.portal for p in sample])
    best = np.concatenate([P.argmax(axis=1) for P in model.predict_proba([p.described for p in sample])])
    gold = np.concatenate([page.gold for page in sample])
    body = INDEX[Label.BODY]
    assert ((best == body) == (gold == body)).mean() > 0.95


def test_an_unseen_portal_is_cleaned(own):
    held = {"suluh.example", "harianlawas.example"}
    scores = Scores()
    sample = [page for i, page in enumerate(own) if page.portal in held or i % 3 == 0]
    for page, P in leave_out(sample, [held], {"hidden": 32, "epochs": 8, "seeds": 1, "folds": 2}):
        assert page.portal in held
        scores.add(page, P)
    assert scores.body_f1() > 0.9
    assert scores.macro_f1() > 0.6
    assert "suluh.example" in scores.to_markdown()


def test_training_beats_chance_and_describes_itself(own):
    sample = own[::4]
    network = fit(BlockClassifier(**QUICK | {"epochs": 6}), sample).network_
    assert score(network, sample).macro_f1() > 0.7
    names = KINDS["html"].feature_names()
    assert len(names) == network.first.W1.shape[0]
    assert len(set(names)) == len(names)


def test_the_four_labels_are_measured_as_they_are():
    table = np.zeros((len(LABELS), len(LABELS)))
    np.fill_diagonal(table, 10)
    table[INDEX[Label.META], INDEX[Label.META]] = 0  # what else goes wrong among the others does not count
    table[INDEX[Label.META], INDEX[Label.CHROME]] = 10
    scores = Scores(confusion={"a.example": table})
    assert scores.four_f1() == 1.0
    assert "Terpopuler, ad: **1.000**\n" in scores.to_markdown()
    table[INDEX[Label.CHROME], INDEX[Label.AD]] = 10  # a menu called an ad does
    assert scores.four_f1() == pytest.approx((3 + 2 / 3) / 4)


@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_set_params,
        estimator_checks.check_mixin_order,
        estimator_checks.check_estimators_unfitted,
    ],
)
def test_scikit_learns_own_checks(check):
    """Those that fit nothing: what samples are is not up to us in the others."""
    check("BlockClassifier", BlockClassifier(**QUICK))


def test_fit_changes_no_parameter_and_nothing_works_before_it(own):
    model = BlockClassifier(**QUICK)
    pages, gold = [page.described for page in own[:8]], [page.gold for page in own[:8]]
    for method in (model.predict, model.predict_proba, lambda X: model.score(X, gold)):
        with pytest.raises(NotFittedError):
            method(pages)
    before = model.get_params()
    assert model.fit(pages, gold) is model
    assert model.get_params() == before
    assert {name for name in vars(model) if name not in before} == {"network_", "classes_"}
    again = pickle.loads(pickle.dumps(model))
    assert all(np.array_equal(a, b) for a, b in zip(again.predict(pages), model.predict(pages), strict=True))
    assert not hasattr(clone(model), "network_")


def test_it_is_cross_validated_by_portal(own):
    pages = own[:24]
    scores = cross_val_score(
        BlockClassifier(**QUICK),
        [page.described for page in pages],
        [page.gold for page in pages],
        groups=[page.portal for page in pages],
        cv=GroupKFold(2),
    )
    assert scores.shape == (2,)
    assert (scores > 0.3).all()
