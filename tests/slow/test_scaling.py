"""What a page may cost, and that working on many pages at once changes nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from boilerplate.features.html import Describer, names
from boilerplate.features.neighbours import NeighbourFeatures
from boilerplate.segment.html import parse, segment

OWN = Path(__file__).parents[2] / "datasets" / "portals"
RECORD = (
    "<p>Warga tiga desa di tepi sungai mengungsi sejak subuh karena tanggul jebol, kata kepala desa, Senin.</p>"
    "<p>Ia berharap <b>bantuan</b> segera tiba.</p>"
    '<ul class="berita-terkait"><li><a href="#">Jalan putus di dua kecamatan</a></li></ul>'
)


def cuts(n=9):
    return [segment(parse(path.read_bytes())) for path in sorted((OWN / "pages").glob("*.html"))[:: 95 // n][:n]]


def run(code: str, *args: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, text=True, check=True, timeout=300
    ).stdout


def test_cleaning_imports_neither_pandas_nor_scikit_learn():
    code = (
        "import sys, boilerplate\nboilerplate.clean('<p>Warga desa mengungsi.</p>')\n"
        "print(*sorted({'pandas', 'sklearn', 'scipy', 'joblib', 'pyarrow', 'fastwarc', 'tqdm'} & set(sys.modules)))"
    )
    assert run(code).strip() == ""


def test_the_cost_grows_with_the_page_and_no_faster():
    describer = Describer()
    describer.describe(segment(parse(RECORD * 100))).rows(0, 1024)
    best = {1_000: float("inf"), 10_000: float("inf")}
    for turn in range(12):  # three at least, then until neighbours on the machine leave both alone
        for records in best:
            html = RECORD * records
            start = time.process_time()
            describer.describe(segment(parse(html))).rows(0, 1024)
            best[records] = min(best[records], time.process_time() - start)
        if turn >= 2 and best[10_000] <= 14 * best[1_000]:
            return
    raise AssertionError(best)


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(),
    reason="Linux tells the peak of a process; getrusage tells that of its parent, too",
)
def test_a_long_page_takes_a_bounded_amount_of_memory():
    code = (
        "import boilerplate\n"
        f"page = ('<html><body><div>' + {RECORD!r} * 10_000 + '</div></body></html>').encode()\n"
        "boilerplate.clean(page)\n"
        "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(peak.split()[1], len(page))"
    )
    peak, size = map(int, run(code).split())
    assert peak * 1024 <= 10 * size + 100 * 2**20


def test_a_row_does_not_depend_on_the_pages_beside_it():
    pages = cuts()
    together = Describer().describe_many(pages)
    at = 0
    for page in pages:
        alone = Describer().describe(page)
        to = at + len(page)
        np.testing.assert_allclose(alone.X, together.X[at:to], atol=1e-5)
        for own, all_ in ((alone.starts, together.starts), (alone.ends, together.ends)):
            np.testing.assert_array_equal(own, all_[:, at:to] - at)
        np.testing.assert_array_equal(np.where(alone.heading >= 0, alone.heading + at, -1), together.heading[at:to])
        at = to


def test_rows_made_a_stretch_at_a_time_are_the_same():
    described = Describer().describe_many(cuts(4))
    borders = [0, 1, 7, 100, 101, len(described)]
    stretches = [described.rows(a, b) for a, b in pairwise(borders)]
    assert described.X.shape == (len(described), len(names()))
    np.testing.assert_array_equal(np.concatenate(stretches), described.X)
    P = np.random.default_rng(0).dirichlet(np.ones(8), len(described)).astype(np.float32)
    context = NeighbourFeatures(P, described)
    np.testing.assert_array_equal(
        np.concatenate([context.rows(a, b) for a, b in pairwise(borders)]), context.rows(0, len(described))
    )
