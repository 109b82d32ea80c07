"""What long texts and large batches may take of the memory."""

from __future__ import annotations

import subprocess
import sys
from array import array
from pathlib import Path

import numpy as np
import pytest
from helpers import STORY

from boilerplate import Cleaner
from boilerplate.features import batch
from boilerplate.features.batch import MOST_BLOCKS, split_into_batches
from boilerplate.segment.page import HtmlPage, TextPage

PEAK = (
    "def status(key):\n"
    "    return int(next(line for line in open('/proc/self/status') if line.startswith(key)).split()[1]) * 1024\n"
)
ROOT = Path(__file__).parents[2]


def text(n: int) -> TextPage:
    return TextPage(
        [f"baris {i}" for i in range(n)],
        gaps=[0] * n,
        bullets=[0] * n,
        line_starts=array("q", range(n)),
        line_ends=array("q", range(1, n + 1)),
    )


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the peak of a process")
@pytest.mark.parametrize(
    ("page", "kind"),
    [
        pytest.param("'\\n'.join('l%06d' % i for i in range(400_000))", "text", id="lines"),
        pytest.param("'\\n'.join('kabar %.0s' % i for i in range(400_000))", "text", id="the same line"),
        pytest.param("'<p>a' * 89_000", "html", id="blocks"),
        pytest.param("'<p>a' * 400_000", "html", id="more blocks than a page may have"),
        pytest.param("'<i>a' * 4_000_000", "html", id="more tags than a page may have"),
        pytest.param("'<td>' + '<p>kabar berikutnya hari ini' * 100_000", "html", id="blocks of a larger page"),
    ],
)
def test_a_page_takes_a_bounded_amount_of_memory(page, kind):
    code = (
        f"{PEAK}import boilerplate\n"
        "boilerplate.clean('Kabar pendek')\n"
        f"page = ({page}).encode()\n"
        "base = status('VmRSS')\n"
        "try:\n"
        f"    boilerplate.clean(page, kind={kind!r})\n"
        "except boilerplate.BoilerplateError as error:\n"
        "    assert 'too many' in str(error)\n"
        "print(status('VmHWM') - base, len(page))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    taken, size = map(int, run.stdout.split())
    assert taken <= 10 * size + 150 * 2**20


def test_no_more_is_described_at_once_than_a_stretch():
    pages = [text(n) for n in (3, MOST_BLOCKS - 3, 1, 0, 2 * MOST_BLOCKS + 5, 7)]
    found = [[len(page) for page in part] for part in split_into_batches(pages)]
    assert found == [[3, MOST_BLOCKS - 3], [1, 0], [MOST_BLOCKS], [MOST_BLOCKS], [5, 7]]
    assert [t for part in split_into_batches(pages) for page in part for t in page.texts] == [
        t for p in pages for t in p.texts
    ]
    assert [pair for part in split_into_batches(pages[4:5]) for page in part for pair in page.lines] == pages[4].lines
    long = HtmlPage(["kata"] * (MOST_BLOCKS + 1))
    assert list(split_into_batches([pages[0], long, pages[0]])) == [[pages[0]], [long], [pages[0]]]


def test_stretches_are_put_together_again(monkeypatch):
    """A batch in many stretches gives what each page gives alone; a text that was cut keeps all of its lines."""
    story = "\n".join(["Bakau ditanam", *STORY, "Baca juga", "Kabar pendek satu", "Kabar pendek dua"])
    pages = [story, "<h1>Bakau ditanam</h1>" + "".join(f"<p>{t}</p>" for t in STORY)] * 20
    alone = [Cleaner().label(page) for page in pages[:2]]
    monkeypatch.setattr(batch, "MOST_BLOCKS", 15)
    cleaner = Cleaner()
    results = list(cleaner.clean_many(pages, blocks=True))
    for i, result in enumerate(results):
        assert result.text == alone[i % 2].text
        assert [b.text for b in result.blocks] == [b.text for b in alone[i % 2].blocks]
        p, q = ([b.probability for b in blocks] for blocks in (result.blocks, alone[i % 2].blocks))
        np.testing.assert_allclose(p, q, atol=1e-5)
    joined = cleaner.label("\n".join([story] * 4))
    assert [b.text for b in joined.blocks] == story.split("\n") * 4
