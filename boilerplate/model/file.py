"""Model files: named arrays and a JSON header in one ``.npz``; loading runs no code.

Nothing in a file can be pickled; sizes are checked before anything is
unpacked, shapes and types before anything is used.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from dataclasses import fields, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from boilerplate.errors import ModelError
from boilerplate.features.neighbours import WIDTH
from boilerplate.files import write_atomically
from boilerplate.labels import LABELS
from boilerplate.lexicon.tables import check_rows
from boilerplate.model.evidence import Evidence, Table
from boilerplate.model.network import CLIP, Layers, Network, SpanModel
from boilerplate.segment.page import HTML, TEXT

FORMAT = "boilerplate-model"
VERSION = 2
MAX_BYTES = 64 * 2**20
"""Largest model, unpacked, in bytes: twenty times what we ship."""
TEMPERATURES = (0.05, 20.0)
"""Least and greatest temperature: beyond them probabilities are 0, or all alike."""

LARGEST = 1e6
"""Greatest weight, mean or scale, and one over the least scale: training gives none near it."""
_LARGEST_SUM = 1e30  # what comes of them, whatever the page: single precision ends at 3e38

_PASSES = ("first", "second")
_ARRAYS = [f.name for f in fields(Layers)]
_TABLES = ("words", "parts")
_LINKS = "links"
_SPAN_PASSES = ("spans.borders", "spans.first", "spans.second")
_SPAN_TABLES = ("spans.openers", "spans.edges", "spans.words")
_TYPES = {
    "header": "|u1",
    **{
        f"{table}.{array}": dtype
        for table in (*_TABLES, _LINKS, *_SPAN_TABLES)
        for array, dtype in (("keys", "<u8"), ("weights", "|i1"))
    },
}
"""Types of the arrays that do not hold single-precision numbers."""


def _names(spans: bool, links: bool) -> list[str]:
    """Names of the arrays in a file, with those of the span finder (or without) and of links (texts have none)."""
    tables = [*_TABLES, *([_LINKS] if links else []), *(_SPAN_TABLES if spans else ())]
    stages = _PASSES + _SPAN_PASSES if spans else _PASSES
    keyed = [f"{table}.{array}" for table in tables for array in ("keys", "weights")]
    return ["header", *keyed, *(f"{stage}.{array}" for stage in stages for array in _ARRAYS)]


def save(path: str | Path, network: Network, header: dict[str, Any]) -> None:
    """Write a model file.

    Parameters
    ----------
    path
        File to write; replaced whole, never half-written.
    header
        Metadata that JSON can hold; must have ``kind`` (``"html"`` or
        ``"text"``) and ``features`` (names of the columns); ``lexicon`` are
        rows of headings that the model knows beyond the shipped ones; ``span_features``
        must name the columns of `network.spans`, if it has them.
    """
    path = Path(path)
    header = {
        **header,  # first: what another model's header says of these does not hold for this one
        "format": FORMAT,
        "version": VERSION,
        "labels": [label.value for label in LABELS],
        "temperature": network.temperature,
    }
    arrays: dict[str, np.ndarray] = {"header": np.frombuffer(json.dumps(header, sort_keys=True).encode(), np.uint8)}
    tables: dict[str, Table] = dict(zip(_TABLES, network.evidence.tables, strict=False))
    if header["kind"] == HTML:
        tables[_LINKS] = network.evidence.links
    networks = [network.first, network.second]
    if network.spans is not None:
        spans = network.spans
        found = [spans.openers, spans.edges, spans.network.evidence.words]
        tables |= dict(zip(_SPAN_TABLES, found, strict=True))
        networks += [spans.borders, spans.network.first, spans.network.second]
    for name, table in tables.items():
        arrays[f"{name}.keys"] = np.ascontiguousarray(table.keys, "<u8")
        arrays[f"{name}.weights"] = np.ascontiguousarray(table.weights, "|i1")
    for stage, layers in zip(_PASSES + _SPAN_PASSES, networks, strict=False):
        for name in _ARRAYS:
            arrays[f"{stage}.{name}"] = np.ascontiguousarray(getattr(layers, name), "<f4")
    buffer = io.BytesIO()
    # Not np.savez: it stamps the time into the archive, and the same training must give the same file.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, array, allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            archive.writestr(info, member.getvalue(), zipfile.ZIP_DEFLATED)
    write_atomically(path, buffer.getvalue())


def load(path: str | Path) -> tuple[Network, dict[str, Any]]:
    """Read a model file: the network and its header.

    Raises
    ------
    ModelError
        If the file is missing, damaged, too large, holds anything but plain
        arrays, or was written for another version of the format.
    """
    path = Path(path)
    try:
        if not path.exists():
            raise ModelError(f"{path}: no such model")
        if not path.is_file():  # a pipe would be waited for
            raise ModelError(f"{path}: not a file")
        if path.stat().st_size > MAX_BYTES:
            raise ModelError(f"{path}: larger than {MAX_BYTES // 2**20} MB")
        with zipfile.ZipFile(path) as archive:
            return _check(path, _unpack(path, archive))
    except ModelError:
        raise
    except Exception as error:  # damage can raise nearly anything from zlib up to json
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise ModelError(f"{path}: not a model file: {reason}") from error


def _unpack(path: Path, archive: zipfile.ZipFile) -> dict[str, np.ndarray]:
    """Read the archive's arrays, having checked names, packing and sizes."""
    members = archive.infolist()
    found = sorted(info.filename for info in members)
    if found not in (sorted(f"{name}.npy" for name in _names(*which)) for which in product((False, True), repeat=2)):
        raise ValueError("does not hold the arrays of a model")
    if sum(info.file_size for info in members) > MAX_BYTES:
        raise ModelError(f"{path}: unpacks to more than {MAX_BYTES // 2**20} MB")
    arrays = {}
    for info in members:
        # Other methods unpack a chunk whole, however much comes out of it.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError("packed by an unknown method")
        with archive.open(info) as member:
            data = member.read(info.file_size + 1)
        name = info.filename.removesuffix(".npy")
        arrays[name] = _array(data, _TYPES.get(name, "<f4"))
    return arrays


def _array(data: bytes, wanted: str) -> np.ndarray:
    """Read an array in NumPy's format, of the type that it must have.

    Not `np.load`: it sets memory aside for whatever shape the file claims.
    """
    stream = io.BytesIO(data)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise ValueError("holds an array of another format")
    shape, by_columns, dtype = np.lib.format.read_array_header_1_0(stream, max_header_size=10_000)
    if dtype.str != wanted:
        raise ValueError(f"holds numbers of type {dtype.str}, not {wanted}")
    body = data[stream.tell() :]
    if any(n < 0 for n in shape) or math.prod(shape) * dtype.itemsize != len(body):
        raise ValueError(f"an array of shape {shape} in {len(body)} bytes")
    array = np.frombuffer(body, dtype).reshape(shape, order="F" if by_columns else "C")
    return np.array(array, order="C")


def _check(path: Path, arrays: dict[str, np.ndarray]) -> tuple[Network, dict[str, Any]]:
    """Make a network of the arrays if all is as it must be."""
    header = json.loads(arrays["header"].tobytes())
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise ValueError("another format")
    found = header.get("version")
    if type(found) is not int or found != VERSION:  # True and 1.0 equal 1
        raise ModelError(f"{path}: model format {found!r}, this release reads {VERSION}: train it again")
    if header.get("labels") != [label.value for label in LABELS]:
        raise ValueError("other labels")
    if header.get("kind") not in (HTML, TEXT):
        raise ValueError("neither for html nor for text")
    temperature = header.get("temperature")
    if isinstance(temperature, bool) or not isinstance(temperature, (int, float)):
        raise ValueError("temperature is not a number")
    if not TEMPERATURES[0] <= temperature <= TEMPERATURES[1]:
        raise ValueError(f"temperature is not a number from {TEMPERATURES[0]} to {TEMPERATURES[1]}")
    first, second = (_layers(stage, arrays) for stage in _PASSES)
    _check_columns(path, header.get("features"), first, second)
    header["lexicon"] = check_rows(header.get("lexicon", ()))
    words, parts = (_table(name, arrays) for name in _TABLES)
    links = _table(_LINKS, arrays) if f"{_LINKS}.keys" in arrays else Evidence.empty().links
    evidence = Evidence(words, parts, links)
    network = Network(first, second, float(temperature), evidence)
    if f"{_SPAN_PASSES[0]}.mean" in arrays:
        network.spans = _span_model(path, arrays, header.get("span_features"))
    return network, header


def _check_columns(path: Path, features: Any, first: Layers, second: Layers) -> None:
    """Check that two passes see these features, alike, and the second what the first made of the blocks around."""
    if not isinstance(features, list) or len(features) != len(first.mean) or not all(type(f) is str for f in features):
        raise ValueError("features and arrays do not match")
    if len(second.mean) != len(first.mean) + WIDTH:
        raise ModelError(f"{path}: trained on other features than this release computes: train it again")
    n = len(first.mean)
    if (first.mean != second.mean[:n]).any() or (first.scale != second.scale[:n]).any():
        raise ValueError("the two passes standardise the features otherwise")  # `Network.proba` relies on it


def _span_model(path: Path, arrays: dict[str, np.ndarray], features: Any) -> SpanModel:
    """Make the span finder's networks of the arrays if all is as it must be."""
    if not isinstance(features, dict) or sorted(features) != ["borders", "pieces"]:
        raise ValueError("the columns of the span finder are not named")
    borders = _layers(_SPAN_PASSES[0], arrays, outputs=2)
    named = features["borders"]
    if not isinstance(named, list) or len(named) != len(borders.mean) or not all(type(f) is str for f in named):
        raise ValueError("features and arrays of the span finder do not match")
    first, second = (_layers(stage, arrays) for stage in _SPAN_PASSES[1:])
    _check_columns(path, features["pieces"], first, second)
    openers, edges, words = (_table(name, arrays) for name in _SPAN_TABLES)
    evidence = replace(Evidence.empty(), words=words)
    return SpanModel(borders, openers, edges, Network(first, second, evidence=evidence))


def _table(name: str, arrays: dict[str, np.ndarray]) -> Table:
    keys, weights = arrays[f"{name}.keys"], arrays[f"{name}.weights"]
    if keys.ndim != 1 or weights.shape != (len(keys), len(LABELS)):
        raise ValueError(f"arrays of {name} have shapes {keys.shape} and {weights.shape}")
    if (keys[1:] <= keys[:-1]).any():
        raise ValueError(f"the keys of {name} do not rise")  # `Table.sums` relies on it
    return Table(keys, weights)


def _layers(stage: str, arrays: dict[str, np.ndarray], outputs: int = len(LABELS)) -> Layers:
    layers = Layers(*(arrays[f"{stage}.{name}"] for name in _ARRAYS))
    if layers.W1.ndim != 2 or 0 in layers.W1.shape:
        raise ValueError(f"array {stage}.W1 has shape {layers.W1.shape}: no layer")
    inputs, hidden = layers.W1.shape
    shapes = {"mean": (inputs,), "scale": (inputs,), "b1": (hidden,), "W2": (hidden, outputs), "b2": (outputs,)}
    for name, shape in shapes.items():
        if getattr(layers, name).shape != shape:
            raise ValueError(f"array {stage}.{name} has shape {getattr(layers, name).shape}, not {shape}")
    if not all(np.isfinite(getattr(layers, name)).all() for name in _ARRAYS):
        raise ValueError("holds numbers that are not finite")
    if (layers.scale < 1 / LARGEST).any():
        raise ValueError(f"array {stage}.scale holds numbers below {1 / LARGEST:g}")
    for name in _ARRAYS:
        if (np.abs(getattr(layers, name)) > LARGEST).any():
            raise ValueError(f"array {stage}.{name} holds numbers beyond {LARGEST:g}")
    if _largest_sum(layers) > _LARGEST_SUM:
        raise ValueError(f"the weights of the {stage} pass add up to numbers that overflow")
    return layers


def _largest_sum(layers: Layers) -> float:
    """Greatest sum that any features can lead to, the way `Network.proba` adds up."""
    mean, scale, W1, b1, W2, b2 = (np.abs(getattr(layers, name)).astype(np.float64) for name in _ARRAYS)
    hidden = (2 * mean * scale + CLIP) @ W1 + b1  # the mean comes in with the features, and goes off with the bias
    return float((hidden @ W2 + b2).max())
