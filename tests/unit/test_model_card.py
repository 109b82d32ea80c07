"""Cards of models: a header that the Hugging Face Hub reads, then what is written for people."""

from __future__ import annotations

import re

import numpy as np
import pytest
from helpers import ROOT

from boilerplate.labels import INDEX, LABELS, Label
from boilerplate.model.about import describe_model
from boilerplate.training.evaluation import Scores
from boilerplate.training.model_card import CARD_STARTS, front_matter

HEADER = re.compile(rf"---\n((?:.+\n)+)---\n{CARD_STARTS}\n\n")


def test_the_header_is_yaml_with_the_figures_that_were_measured():
    yaml = pytest.importorskip("yaml")
    table = np.zeros((len(LABELS), len(LABELS)))
    table[INDEX[Label.BODY], INDEX[Label.BODY]] = table[INDEX[Label.AD], INDEX[Label.AD]] = 10
    scores = Scores(confusion={"a.example": table})
    header = yaml.safe_load(HEADER.fullmatch(front_matter("html", scores))[1])
    assert (header["license"], header["language"], header["library_name"]) == ("mit", "id", "boilerplate-news")
    (result,) = header["model-index"][0]["results"]
    names = {metric["name"]: metric["value"] for metric in result["metrics"]}
    assert names == {"macro-F1 of the labels": pytest.approx(scores.macro_f1(), abs=1e-4)}  # no page: no F1 of the body


def test_without_a_measurement_there_are_no_figures():
    assert "model-index" not in front_matter("text")


@pytest.mark.parametrize("card", sorted((ROOT / "models").glob("*.md")), ids=lambda path: path.stem)
def test_shipped_cards_have_the_header_that_is_written_today(card):
    kind = "text" if card.stem.endswith("-text") else "html"
    text = card.read_text("utf-8")
    assert HEADER.match(text)
    assert text.startswith(front_matter(kind).removesuffix(f"---\n{CARD_STARTS}\n\n"))
    assert f"# Model `{card.stem}`\n" in text
    about = describe_model(card.stem)
    assert (about.date, about.commit) == tuple(re.search(r"(\d{4}-\d\d-\d\d) at commit (\w+):", text).groups())
    assert about.command.endswith(f"-o {card.stem} --no-evaluate")
    total, *parts = map(int, re.search(r"s: (\d+) \((\d+) with .*, (\d+) index pages, (\d+) with", text).groups())
    assert total == sum(parts)
