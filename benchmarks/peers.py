"""Quality of the peers on article pages: what ``quality.py`` measures of us on portals and publishers left out.

Usage: ``python benchmarks/peers.py DATASET...``: folders with ``pages.jsonl``. The peers are not trained on any of
the pages, and run with what their manuals say first: jusText with the stop words of Indonesian for a data set whose
name starts with ``id-``, and in its mode without a language for others. Prints Markdown.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
from tqdm import tqdm

from boilerplate.training.datasets import read_dataset
from boilerplate.training.preparation import prepare_many, shingle_scores

warnings.filterwarnings("ignore")
Extract = Callable[[str], str]


def trafilatura() -> Extract:
    """Return trafilatura's extractor."""
    from trafilatura import extract

    return lambda page: extract(page) or ""


def resiliparse() -> Extract:
    """Return that of resiliparse, main content only."""
    from resiliparse.extract.html2text import extract_plain_text

    return lambda page: extract_plain_text(page, main_content=True)


def justext(indonesian: bool) -> Extract:
    """Return that of jusText."""
    import justext as library

    if indonesian:
        words, options = library.get_stoplist("Indonesian"), {}
    else:
        words, options = frozenset(), {"stopwords_low": 0, "stopwords_high": 0}

    def extract(page: str) -> str:
        return "\n".join(p.text for p in library.justext(page, words, **options) if not p.is_boilerplate)

    return extract


def measure(extract: Extract, pages: list[tuple[str, str]], name: str) -> np.ndarray:
    """Mean precision, recall and F1 over pages; a page that a tool fails on gives no text, and is named."""
    found = []
    for number, (page, body) in enumerate(tqdm(pages, desc=name, file=sys.stderr)):
        try:
            text = extract(page)
        except (ValueError, RecursionError) as error:
            print(f"{name}, page {number}: {type(error).__name__}: {error}", file=sys.stderr)
            text = ""
        found.append(shingle_scores(text, body))
    return np.mean(found, axis=0)


def main() -> None:
    """Print a table of the datasets."""
    print("| pages | articles | tool | page F1 | precision | recall |\n| --- | --- | --- | --- | --- | --- |")
    for dataset in map(Path, sys.argv[1:]):
        prepared = prepare_many(read_dataset(dataset))
        pages = [(page.example.read(), page.body) for page in prepared if not page.example.index]
        tools = {"trafilatura": trafilatura(), "resiliparse": resiliparse()}
        tools["jusText"] = justext(dataset.name.startswith("id-"))
        for name, extract in tools.items():
            precision, recall, f1 = measure(extract, pages, f"{dataset.name}, {name}")
            tool = f"{name} {version(name)}"
            print(f"| {dataset.name} | {len(pages)} | {tool} | {f1:.4f} | {precision:.3f} | {recall:.3f} |", flush=True)


if __name__ == "__main__":
    main()
