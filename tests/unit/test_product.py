"""Products of matrices that leave the other cores alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers import news_page

from boilerplate.kinds import describer
from boilerplate.model import network as network_module
from boilerplate.model.product import LARGEST, product
from boilerplate.model.registry import open_model
from boilerplate.segment.html import parse, segment

ROOT = Path(__file__).parents[2]
SHAPES = [(338, 144), (86, 96), (272, 144), (48, 8), (96, 8), (338, 97), (500, 2), (1, 1), (3, 7), (2000, 300)]


class Watched(np.ndarray):
    """A matrix that notes the products it is handed to."""

    seen: list[tuple[int, int, int]] = []  # noqa: RUF012 - views share it, which is the point

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        plain = [np.asarray(x) for x in inputs]
        if ufunc is np.matmul:
            self.seen.append((plain[0].shape[-2], plain[0].shape[-1], plain[1].shape[-1]))
        return getattr(ufunc, method)(*plain, **kwargs)


@pytest.mark.parametrize("n", [1, 2, 31, 32, 33, 65, 300, 1024])
@pytest.mark.parametrize(("depth", "width"), SHAPES)
def test_every_product_is_small_and_right(n, depth, width):
    rng = np.random.default_rng(n)
    X, W = (rng.normal(size=shape).astype(np.float32) for shape in ((n, depth), (depth, width)))
    Watched.seen = []
    found = product(X.view(Watched), W.view(Watched))
    assert Watched.seen
    for rows, inner, columns in Watched.seen:
        assert rows >= 2  # a single row is a vector, spread from far fewer multiplications on
        assert rows * inner * columns <= LARGEST
    right = X.astype(np.float64) @ W
    assert found.shape == right.shape
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, right, atol=1e-5 * depth)


def test_a_network_multiplies_in_no_other_way(monkeypatch):
    network, header = open_model("portals")
    network = type(network)(network.first, network.second, network.temperature, network.evidence)
    pages = [segment(parse(news_page(i))) for i in range(20)]
    described = describer("html", header["lexicon"]).describe_many(pages)
    right = network.proba(described)
    calls = []

    def counted(X, W):
        calls.append(len(X) * W.size)
        return X @ W

    monkeypatch.setattr(network_module, "product", counted)
    network._shared = None
    # Sums of some 500 products in single precision, in another order.
    np.testing.assert_allclose(network.proba(described), right, atol=5e-6)
    hidden = len(network.second.b1)
    assert sum(calls) >= len(described) * network.second.W1.shape[0] * hidden


def test_cleaning_page_by_page_keeps_to_its_own_thread():
    """BLAS with as many threads as it likes: those beside ours take next to none of the time."""
    code = (
        "import sys, time, boilerplate\n"
        "sys.path.insert(0, 'tests')\n"
        "from helpers import news_page\n"
        "pages = [news_page(i) + news_page(i + 1) * 4 for i in range(10)]\n"
        "texts = ['\\n'.join(page.replace('</', '\\n</').splitlines()) for page in pages]\n"
        "cases = [(page, 'html') for page in pages] + [(text, 'text') for text in texts]\n"
        "for page, kind in cases:\n"
        "    boilerplate.clean(page, kind=kind)\n"
        "time.sleep(0.3)  # until the threads that NumPy starts are at rest\n"
        "ours, all_ = time.thread_time(), time.process_time()\n"
        "for page, kind in cases * 3:\n"
        "    boilerplate.clean(page, kind=kind)\n"
        "print((time.process_time() - all_) / (time.thread_time() - ours))"
    )
    free = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**free, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(run.stdout) < 1.2
