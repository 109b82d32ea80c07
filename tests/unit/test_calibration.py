"""Probabilities that mean what they say: the temperature, and the figures that tell."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from boilerplate.labels import LABELS
from boilerplate.model.network import Network
from boilerplate.model.registry import open_model
from boilerplate.select.choice import choose
from boilerplate.training import fitting as train
from boilerplate.training.calibration import calibrate, fit_temperature, quick_temperature, temper
from boilerplate.training.reliability import BINS, Reliability

QUICK = {"hidden": 16, "epochs": 3, "seeds": 1}


def believer(rng, n, temperature, portal="a"):
    """A page whose labels are drawn from the probabilities that it has at a temperature, but not at 1."""
    P = rng.dirichlet(np.full(len(LABELS), 0.5), n)
    true = temper(P, temperature)
    words = np.zeros((n, len(LABELS)), np.int64)
    for i in range(n):
        words[i, rng.choice(len(LABELS), p=true[i])] = rng.integers(1, 30)
    return SimpleNamespace(portal=portal, words=words), P.astype(np.float32)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.7, 4.0])
def test_the_temperature_that_made_the_labels_is_found(temperature):
    results = [believer(np.random.default_rng(1), 6000, temperature)]
    assert fit_temperature(results) == pytest.approx(temperature, rel=0.08)


def test_without_labelled_words_the_temperature_is_one():
    page, P = believer(np.random.default_rng(1), 5, 2.0)
    assert fit_temperature([]) == 1.0
    assert fit_temperature([(SimpleNamespace(portal="a", words=None), P)]) == 1.0
    page.words[:] = 0
    assert fit_temperature([(page, P)]) == 1.0


def test_sure_and_wrong_is_cooled_but_not_to_nothing():
    words = np.zeros((50, len(LABELS)), np.int64)
    words[:, 1] = 9
    sure = np.zeros((50, len(LABELS)), np.float32)
    sure[:, 0] = 1
    assert 0.05 <= fit_temperature([(SimpleNamespace(portal="a", words=words), sure)]) <= 20
    assert 0.05 <= fit_temperature([(SimpleNamespace(portal="a", words=words), sure[:, ::-1])]) <= 20


def test_a_fold_is_calibrated_by_the_others():
    rng = np.random.default_rng(2)
    a, b = believer(rng, 3000, 3.0, "a"), believer(rng, 3000, 1.0, "b")
    results, temperature = calibrate([a, b], [{"a"}, {"b"}])
    assert np.allclose(results[0][1], temper(a[1], fit_temperature([b])))
    assert np.allclose(results[1][1], temper(b[1], fit_temperature([a])))
    assert 1.0 < temperature < 3.0


@pytest.mark.parametrize("temperature", [0.05, 0.6, 1.7, 20.0])
def test_no_label_and_no_decision_changes(temperature):
    P = np.random.default_rng(3).dirichlet(np.full(len(LABELS), 0.1), 20_000).astype(np.float32)
    P[:3] = 1 / len(LABELS)
    Q = temper(P, temperature).astype(np.float32)
    assert np.isfinite(Q).all()
    top = np.sort(P, axis=1)
    clear = top[:, -1] - top[:, -2] > 1e-6  # closer ones are one probability as far as float32 goes
    assert (P.argmax(axis=1) == Q.argmax(axis=1))[clear].all()
    words = np.full(len(P), 5)
    assert (choose(P, words) == choose(Q, words))[clear].all()


def test_the_network_tempers_as_calibration_does():
    network, _ = open_model("portals")
    from boilerplate.kinds import describer
    from boilerplate.segment.html import parse, segment

    page = Path(__file__).parents[2] / "datasets" / "portals" / "pages" / "suluh.example-01.html"
    described = describer("html").describe(segment(parse(page.read_text(encoding="utf-8"))))
    plain = Network(network.first, network.second, 1.0).proba(described)
    cooled = Network(network.first, network.second, 1.7).proba(described)
    assert np.allclose(cooled, temper(plain, 1.7), atol=1e-5)
    assert (cooled.argmax(axis=1) == plain.argmax(axis=1)).all()


def test_reliability():
    found = Reliability()
    assert np.isnan(found.error())
    found.add(np.array([0.9, 0.9, 1.0000001]), np.array([9, 0, 5]), np.array([10, 0, 10]))
    assert found.words.sum() == 20
    assert found.words[BINS - 1] == 10
    assert found.error() == pytest.approx(0.25)


def test_training_calibrates_with_and_without_the_measurement(tmp_path, monkeypatch):
    own = Path(__file__).parents[2] / "datasets" / "portals"
    monkeypatch.setattr(train, "read_examples", lambda *_, read=train.read_examples: read([own], "html")[::12])
    for name, evaluate in (("with", True), ("without", False)):
        report = train.train_model([own], tmp_path / name, evaluate=evaluate, folds=2, jobs=1, **QUICK)
        network, header = open_model(report.model)
        assert network.temperature != 1.0
        assert 0.5 < network.temperature < 10
        assert header["temperature"] == network.temperature
        assert f"temperature {network.temperature:.2f}" in report.text
        assert (report.scores is not None) == evaluate
        if report.scores is not None:
            assert 0 < report.scores.log_loss() < 3
            assert 0 < report.scores.labelled.error() < 1
            assert "expected calibration error" in report.text


def test_one_family_alone_is_not_calibrated():
    page, _ = believer(np.random.default_rng(1), 5, 2.0)
    page.example = SimpleNamespace(portal="a")
    assert quick_temperature([page], {"a": "a"}, {}, lambda *_: pytest.fail("trains")) == 1.0
