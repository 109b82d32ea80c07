"""Fixtures that several tests share, and the marks that tests have from their folders."""

from __future__ import annotations

import os
from pathlib import Path

# Before NumPy is loaded: the matrices of tests are small, and threads that wait for work take it from other tests.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from helpers import Clean, news_page

from boilerplate.cli.main import main

FOLDERS = Path(__file__).parent
MARKED = ("integration", "slow")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with the name of its folder: ``-m 'not slow'`` leaves out tests/slow."""
    for item in items:
        folder = item.path.relative_to(FOLDERS).parts[0] if item.path.is_relative_to(FOLDERS) else ""
        if folder in MARKED:
            item.add_marker(folder)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that knows `news_page` and little else."""
    from boilerplate.kinds import KINDS
    from boilerplate.model.file import save
    from boilerplate.segment.html import parse, segment
    from boilerplate.training.estimator import BlockClassifier

    pages = [news_page(i, article=i % 4 != 3) for i in range(12)]
    labels = []
    for page in pages:
        texts = segment(parse(page)).texts
        labels.append([_label(text) for text in texts])
    classifier = BlockClassifier(hidden=16, epochs=60, seeds=1, folds=2, drop=0.0).fit(pages, labels)
    path = tmp_path_factory.mktemp("model") / "toy.npz"
    save(path, classifier.network_, {"kind": "html", "features": list(KINDS["html"].feature_names())})
    return path


@pytest.fixture
def clean(model: Path, capfd: pytest.CaptureFixture[str]) -> Clean:
    """Run ``clean`` in this process: status and standard error."""

    def call(*args: object) -> tuple[int, str]:
        status = main(["clean", "--model", str(model), "--timeout", "0", *map(str, args)])
        err = capfd.readouterr().err
        assert "Traceback" not in err
        return status, err

    return call


def _label(text: str) -> str:
    if "Catatan nomor" in text:
        return "body"
    if text.startswith(("Warga", "Indeks")):
        return "meta"
    return "related" if text.startswith("Berita") else "chrome"
