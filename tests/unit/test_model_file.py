"""Model files: the round trip, and files that lie."""

import io
import json
import pickle
import random
import struct
import zipfile
from pathlib import Path

import joblib
import numpy as np
import pytest
from helpers import untrained_finder

from boilerplate.errors import ModelError
from boilerplate.features.neighbours import WIDTH, NeighbourFeatures
from boilerplate.features.page_features import PageFeatures
from boilerplate.features.tokens import Tokens, columns
from boilerplate.kinds import KINDS
from boilerplate.labels import LABELS
from boilerplate.model import file
from boilerplate.model.evidence import Table
from boilerplate.model.file import load, save
from boilerplate.model.network import Layers, Network
from boilerplate.model.registry import find, open_model
from boilerplate.spans.finder import check_features, feature_names, find_spans


def network(seed=0, inputs=5, hidden=4):
    rng = np.random.default_rng(seed)

    def layers(n):
        shapes = [(n,), (n,), (n, hidden), (hidden,), (hidden, len(LABELS)), (len(LABELS),)]
        return Layers(*(rng.normal(size=shape).astype(np.float32) for shape in shapes))

    first, second = layers(inputs), layers(inputs + WIDTH)
    for stage in (first, second):
        stage.scale = np.abs(stage.scale) + np.float32(0.1)
    second.mean[:inputs], second.scale[:inputs] = first.mean, first.scale
    return Network(first, second, 1.25)


HEADER = {"kind": "html", "features": list("abcde"), "note": "Terkait — ✓"}

INPUTS = 5 + len(columns("text"))
"""Inputs of a network: five features, and those that its tables give of texts."""

KEYS = np.arange(7, 700, 7, dtype=np.uint64)


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.npz"
    save(path, network(), HEADER)
    return path


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def write(path, contents, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return path


def npy(array, **kwargs):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, **kwargs)
    return out.getvalue()


def changed(good, name, data):
    return write(good.with_name("changed.npz"), {**members(good), name: data})


def with_header(good, **changes):
    header = {**json.loads(np.load(good)["header"].tobytes()), **changes}
    return changed(good, "header.npy", npy(np.frombuffer(json.dumps(header).encode(), np.uint8)))


def refused(path, match=None):
    with pytest.raises(ModelError, match=match) as caught:
        load(path)
    assert "\n" not in str(caught.value)


def test_round_trip_is_exact(good):
    loaded, header = load(good)
    for a, b in ((network().first, loaded.first), (network().second, loaded.second)):
        for name in ("mean", "scale", "W1", "b1", "W2", "b2"):
            left, right = getattr(a, name), getattr(b, name)
            assert right.dtype == np.float32
            assert left.tobytes() == right.tobytes()
            assert left.shape == right.shape
    assert loaded.temperature == 1.25
    assert header["note"] == HEADER["note"]
    assert header["features"] == HEADER["features"]


def test_same_arrays_same_bytes(good, tmp_path):
    again = tmp_path / "deeper" / "again.npz"
    save(again, network(), dict(reversed(HEADER.items())))
    assert again.read_bytes() == good.read_bytes()
    save(again, network(1), HEADER)
    assert again.read_bytes() != good.read_bytes()
    assert [p.name for p in again.parent.iterdir()] == ["again.npz"]


def test_column_order_does_not_matter(good, tmp_path):
    twisted = network()
    twisted.first.W1 = np.asfortranarray(twisted.first.W1)
    save(tmp_path / "f.npz", twisted, HEADER)
    assert (tmp_path / "f.npz").read_bytes() == good.read_bytes()
    path = changed(good, "first.W1.npy", npy(twisted.first.W1))
    assert (load(path)[0].first.W1 == twisted.first.W1).all()


def test_the_header_of_another_model_does_not_override(good, tmp_path):
    other = network()
    _, header = load(good)
    other.temperature = 2.0
    save(tmp_path / "other.npz", other, header)
    assert load(tmp_path / "other.npz")[0].temperature == 2.0


class Bomb:
    """Leaves a trace if it is ever unpickled."""

    def __init__(self, trace):
        self.trace = str(trace)

    def __reduce__(self):
        return (Path.touch, (Path(self.trace),))


def test_pickles_are_not_run(good, tmp_path):
    trace = tmp_path / "trace"
    pickle.loads(pickle.dumps(Bomb(trace)))
    assert trace.exists()  # it would go off
    trace.unlink()
    objects = npy(np.array([Bomb(trace)], dtype=object), allow_pickle=True)
    for name in ("header.npy", "first.W1.npy"):
        refused(changed(good, name, objects))
    refused(changed(good, "extra.npy", objects), "does not hold the arrays")
    raw = tmp_path / "raw.npz"
    raw.write_bytes(pickle.dumps(Bomb(trace)))
    refused(raw)
    joblib.dump(Bomb(trace), raw)
    refused(raw)
    refused(changed(good, "first.W1.npy", pickle.dumps(Bomb(trace))))
    assert not trace.exists()


def test_declared_bomb(good):
    data = npy(np.zeros(file.MAX_BYTES // 4, np.float32))
    path = changed(good, "first.W1.npy", data)
    assert path.stat().st_size < 2**20
    refused(path, "unpacks to more than 64 MB")


def test_undeclared_bomb(good, tmp_path):
    """The directory says 1,000 bytes; 100 MB come out."""
    inner = npy(np.zeros(25_000_000, np.float32))
    data = bytearray(changed(good, "first.W1.npy", inner).read_bytes())
    size = struct.pack("<I", len(inner))
    assert data.count(size) >= 1
    path = tmp_path / "lies.npz"
    path.write_bytes(data.replace(size, struct.pack("<I", 1000)))
    refused(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_unpacks_without_bound(good, method):
    refused(write(good, members(good), method), "unknown method")


def test_larger_than_a_model_can_be(good, monkeypatch):
    monkeypatch.setattr(file, "MAX_BYTES", good.stat().st_size - 1)
    refused(good, "larger than")


def test_not_a_file_of_ours(tmp_path, good):
    refused(tmp_path / "none.npz", "no such model")
    refused(tmp_path, "not a file")
    text = tmp_path / "a.npz"
    for data in (b"", b"halo dunia\n" * 100, b"PK\x03\x04", npy(np.zeros(3))):
        text.write_bytes(data)
        refused(text, "not a model file")
    np.savez(text, a=np.zeros(3))
    refused(text, "does not hold the arrays")
    fifo = tmp_path / "pipe"
    __import__("os").mkfifo(fifo)
    refused(fifo, "not a file")


def test_truncated(good):
    data = good.read_bytes()
    for length in range(0, len(data), 97):
        good.write_bytes(data[:length])
        refused(good)


@pytest.mark.parametrize("name", ["header", "first.mean", "second.b2"])
def test_missing_array(good, name):
    contents = members(good)
    del contents[f"{name}.npy"]
    refused(write(good, contents), "does not hold the arrays")


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("first.mean", np.zeros(4, np.float32)),
        ("first.scale", np.zeros((5, 1), np.float32)),
        ("first.W1", np.zeros(20, np.float32)),
        ("first.W1", np.zeros((5, 9), np.float32)),
        ("second.W2", np.zeros((4, 7), np.float32)),
        ("second.b2", np.zeros((), np.float32)),
        ("second.W1", np.zeros((5, 4), np.float32)),
        ("first.mean", np.zeros(5, np.float64)),
        ("first.mean", np.zeros(5, np.int32)),
        ("first.mean", np.array(list("abcde"))),
        ("first.b1", np.array([1, 2, np.nan, 4], np.float32)),
        ("first.b1", np.array([1, 2, np.inf, 4], np.float32)),
        ("header", np.zeros(50, np.float32)),
    ],
)
def test_wrong_array(good, name, array):
    refused(changed(good, f"{name}.npy", npy(array)))


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"format": "another"}, "another format"),
        ({"version": 1}, "model format 1, this release reads 2: train it again"),
        ({"version": None}, "model format None"),
        ({"version": True}, "model format True"),
        ({"version": 2.0}, "model format 2.0"),
        ({"version": "2"}, "model format '2'"),
        ({"labels": ["body", "ad"]}, "other labels"),
        ({"labels": [label.value for label in LABELS][::-1]}, "other labels"),
        ({"kind": "pdf"}, "neither for html nor for text"),
        ({"temperature": 0}, "temperature"),
        ({"temperature": -1}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"temperature": float("inf")}, "temperature"),
        ({"temperature": "1"}, "temperature"),
        ({"temperature": 1e-9}, "temperature"),
        ({"temperature": 1e9}, "temperature"),
        ({"features": list("abcd")}, "features"),
        ({"temperature": True}, "temperature"),
        ({"temperature": None}, "temperature"),
        ({"temperature": [1]}, "temperature"),
        ({"features": None}, "features"),
        ({"features": "abcde"}, "features"),
        ({"features": [1, 2, 3, 4, 5]}, "features"),
        ({"features": [["a"], "b", "c", "d", "e"]}, "features"),
        ({"kind": ["html"]}, "neither"),
        ({"kind": True}, "neither"),
        ({"format": [file.FORMAT]}, "another format"),
        ({"labels": {}}, "other labels"),
    ],
)
def test_wrong_header(good, changes, match):
    load(with_header(good))
    refused(with_header(good, **changes), match)


@pytest.mark.parametrize("stage", ["first", "second"])
@pytest.mark.parametrize("name", ["mean", "scale", "W1", "b1", "W2", "b2"])
@pytest.mark.parametrize("value", [3e38, -3e38, 2e6])
def test_numbers_that_could_overflow(tmp_path, stage, name, value):
    other = network()
    getattr(getattr(other, stage), name).flat[-1] = value
    save(tmp_path / "other.npz", other, HEADER)
    refused(tmp_path / "other.npz", f"{stage}.{name} holds numbers")


def test_scales_near_nothing(tmp_path):
    other = network()
    other.first.scale[0] = other.second.scale[0] = 1e-30
    save(tmp_path / "other.npz", other, HEADER)
    refused(tmp_path / "other.npz", "first.scale holds numbers below")


def test_the_largest_model_that_loads_gives_probabilities(tmp_path):
    other = network(inputs=INPUTS)
    for layers in (other.first, other.second):
        for name in ("mean", "scale", "W1", "b1", "W2", "b2"):
            values = getattr(layers, name)
            values[:] = np.where(values < 0, -1, 1) * np.float32(file.LARGEST)
    path = tmp_path / "other.npz"
    save(path, other, {**HEADER, "features": [f"f{i}" for i in range(INPUTS)]})
    loaded, _ = load(path)
    n = 40
    none = Tokens.of_texts(np.zeros(0, np.uint64), np.zeros(0, np.int64))
    X = np.random.default_rng(0).choice(np.array([-3e38, -1e6, 0, 1e6, 3e38], np.float32), (n, 5))
    spans = np.tile(np.arange(n), (3, 1))
    described = PageFeatures(X, spans, spans + 1, np.full(n, -1), np.full(n, 9.0), np.zeros(n, np.int64), none)
    with np.errstate(all="raise", under="ignore"):
        P = loaded.proba(described)
    assert np.isfinite(P).all()
    np.testing.assert_allclose(P.sum(axis=1), 1, atol=1e-5)


def test_weights_that_overflow_together(good, monkeypatch):
    monkeypatch.setattr(file, "_LARGEST_SUM", 1.0)
    refused(good, "first pass add up to numbers that overflow")


def test_no_hidden_units(tmp_path):
    save(tmp_path / "other.npz", network(hidden=0), HEADER)
    refused(tmp_path / "other.npz", "first.W1")


@pytest.mark.parametrize(
    "text", [b"", b"not json", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b"1" * 100_000]
)
def test_header_that_is_no_header(good, text):
    refused(changed(good, "header.npy", npy(np.frombuffer(text, np.uint8))), "not a model file")


@pytest.mark.parametrize(
    "claim",
    [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 0), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-5,), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-5, -1), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': 5, }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (True,), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (5,), }",
        "{'descr': '<f4', 'shape': (5,), }",
        "{'descr': __import__('os').getcwd(), 'fortran_order': False, 'shape': (5,), }",
        "(" * 5000,
        " " * 20_000,
    ],
)
def test_array_header_that_lies(good, claim):
    head = claim.encode("latin-1") + b"\n"
    data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + bytes(20)
    refused(changed(good, "first.mean.npy", data), "not a model file")


def test_trailing_data_and_two_of_a_name(good):
    contents = members(good)
    refused(changed(good, "first.mean.npy", contents["first.mean.npy"] + b"x"), "in 21 bytes")
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(good, "a") as archive:
        archive.writestr("first.mean.npy", contents["first.mean.npy"])
    refused(good, "does not hold the arrays")


def test_random_damage(good):
    """A file with one wrong byte loads or is refused; nothing else happens."""
    data = good.read_bytes()
    rng = random.Random(0)
    outcomes = {"loads": 0, "refused": 0}
    for _ in range(1000):
        at = rng.randrange(len(data))
        good.write_bytes(data[:at] + bytes([data[at] ^ rng.randrange(1, 256)]) + data[at + 1 :])
        try:
            load(good)
            outcomes["loads"] += 1
        except ModelError:
            outcomes["refused"] += 1
    assert outcomes["refused"] > 800  # the checksums see to that


def test_find(tmp_path, good, monkeypatch):
    assert find(good) == good
    assert find(good.with_suffix("")) == good
    for name in (tmp_path / "none", "no-such-model", "a/b", tmp_path):
        with pytest.raises(ModelError, match="no such model \\(shipped: "):
            find(name)


def test_open_model_checks_the_features(good, tmp_path):
    with pytest.raises(ModelError, match="trained on other features"):
        open_model(good)
    path = tmp_path / "mine.npz"
    for kind in ("html", "text"):
        columns = list(KINDS[kind].feature_names())
        save(path, network(inputs=len(columns)), {"kind": kind, "features": columns})
        first = open_model(path)
        assert first[1]["kind"] == kind  # read anew, for the file has changed
        assert open_model(str(tmp_path / "mine")) is first  # and once only


def test_looks_must_standardise_alike(tmp_path):
    for change in (lambda n: n.second.mean.__setitem__(0, 9), lambda n: n.first.scale.__setitem__(1, 0)):
        other = network()
        change(other)
        save(tmp_path / "other.npz", other, HEADER)
        with pytest.raises(ModelError, match=r"other\.npz"):
            load(tmp_path / "other.npz")


def test_one_pass_through_both_looks_is_the_same_as_two(tmp_path):
    rng = np.random.default_rng(3)
    n, page = 700, np.repeat([0, 1], 350)
    spans = np.tile(np.arange(n), (3, 1))
    described = PageFeatures(
        rng.normal(size=(n, 5)).astype(np.float32) * 3,
        spans,
        spans + 1,
        np.full(n, -1),
        rng.integers(1, 40, n).astype(float),
        page,
        Tokens.of_texts(rng.choice(KEYS, 3000), np.sort(rng.integers(0, n, 3000))),
    )
    net = network(inputs=INPUTS)
    net.temperature = 1.0
    net.evidence.words = Table(KEYS, rng.integers(-90, 90, (len(KEYS), len(LABELS))).astype(np.int8))
    evidence = net.evidence.rows(described.tokens, described.heading, described.page).rows(0, n)
    features = np.concatenate([described.X, evidence], axis=1)
    guess = net.first.proba(features)
    expected = net.second.proba(np.concatenate([features, NeighbourFeatures(guess, described).rows(0, n)], axis=1))
    assert np.allclose(net.proba(described), expected, atol=1e-5)


# The span finder in a file


def with_finder():
    model = network()
    model.spans = untrained_finder()
    model.spans.openers = Table(KEYS, np.arange(len(KEYS) * len(LABELS)).reshape(len(KEYS), -1).astype(np.int8))
    return model


def test_a_span_finder_travels_in_the_file(tmp_path):
    model = with_finder()
    save(tmp_path / "m.npz", model, {**HEADER, "span_features": feature_names()})
    loaded, header = load(tmp_path / "m.npz")
    assert header["span_features"] == feature_names()
    assert (loaded.spans.openers.weights == model.spans.openers.weights).all()
    for name in ("borders", "network"):
        before, after = getattr(model.spans, name), getattr(loaded.spans, name)
        pairs = [(before, after)] if name == "borders" else [(before.first, after.first), (before.second, after.second)]
        assert all((a.W1 == b.W1).all() and (a.b2 == b.b2).all() for a, b in pairs)
    text = "Jembatan rusak. Baca juga: Jalan Baru Warga pulang. Iklan. (abc/def)"
    assert find_spans(loaded.spans, [[(0, text)]], -9.0) == find_spans(model.spans, [[(0, text)]], -9.0) != [{}]


def test_a_file_without_a_span_finder_has_none(good):
    assert load(good)[0].spans is None


@pytest.mark.parametrize(
    ("features", "message"),
    [
        (None, "not named"),
        ({"borders": []}, "not named"),
        ({"borders": ["a"], "pieces": ["b"]}, "do not match"),
        ({**feature_names(), "pieces": feature_names()["pieces"][1:]}, "do not match"),
        ({**feature_names(), "borders": [1] * len(feature_names()["borders"])}, "do not match"),
    ],
)
def test_a_span_finder_without_its_columns_is_refused(tmp_path, features, message):
    save(tmp_path / "m.npz", with_finder(), {**HEADER, "span_features": features})
    with pytest.raises(ModelError, match=message):
        load(tmp_path / "m.npz")


@pytest.mark.parametrize(
    "left_out", ["spans.borders.W1.npy", "spans.openers.keys.npy", "spans.words.weights.npy", "spans.second.b2.npy"]
)
def test_half_a_span_finder_is_refused(tmp_path, left_out):
    path = tmp_path / "m.npz"
    save(path, with_finder(), {**HEADER, "span_features": feature_names()})
    found = members(path)
    del found[left_out]
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in found.items():
            archive.writestr(name, data)
    with pytest.raises(ModelError, match="does not hold the arrays"):
        load(path)


def test_a_span_finder_of_other_features_is_refused():
    header = {"span_features": {**feature_names(), "borders": ["x"]}}
    with pytest.raises(ModelError, match="other features"):
        check_features("mine", with_finder(), header)
    check_features("mine", network(), {})
    check_features("mine", with_finder(), {"span_features": feature_names()})
