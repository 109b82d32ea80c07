"""A minute of the fuzzer (`benchmarks/fuzz.py` runs it for hours), and that it sees faults that are put in by hand."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest
from helpers import PORTALS, ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("html5lib")

from fuzzing import browser, compiled, mutate, soup
from fuzzing.engines import sources
from fuzzing.inputs import mutated, read_pages
from fuzzing.inputs import soup as make_soup
from fuzzing.properties import (
    GROUP,
    SINGLE,
    ViolationError,
    bytes_give_what_text_gives,
    clean_is_the_text_of_label,
    compiled_gives_what_pure_gives,
    cost_is_linear,
    document_is_sound,
    lines_are_in_one_block,
    many_give_what_each_gives,
    no_text_is_in_two_blocks,
    only_our_errors,
    paths_find_their_blocks,
    shown_text_is_in_a_block,
    threads_give_what_one_gives,
    walks_are_the_same,
)
from fuzzing.runner import PAGE_RATES, SOUP_RATES, Runner, load, save
from fuzzing.shrink import shrink
from fuzzing.subject import Subject

from boilerplate import Cleaner, InputError, Label

PAGES = PORTALS / "pages"
UNTIMED = [prop for prop in SINGLE if prop is not cost_is_linear]

PIECES = [
    *(f"<{tag}>" for tag in dict.fromkeys(soup.ALL)),
    *(f"</{tag}>" for tag in dict.fromkeys(soup.ALL)),
    *soup.COMMENTS,
    *soup.ENTITIES,
    *soup.CHARACTERS,
    *soup.TORN,
    *soup.PHRASES,
    *(f"<div {attribute}>" for attribute in soup.ATTRIBUTES),
    *("</html/>", "</body x>", "<svg/>", "<br/>", "\ud800", "kata ", "Kata. ", "\n"),
]
MARKUP = st.lists(st.one_of(st.just(" {} "), st.sampled_from(PIECES), st.text(max_size=3)), max_size=25)


@pytest.fixture(scope="module")
def cleaner():
    return Cleaner()


def number_words(pieces: list[str]) -> str:
    """Join pieces, each with a word of its own where it has room for one."""
    return "".join(piece.replace("{}", f"k{i}z") for i, piece in enumerate(pieces))


@pytest.mark.parametrize("prop", UNTIMED, ids=lambda prop: prop.__name__)
def test_of_any_markup(cleaner, prop):
    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    @given(MARKUP.map(number_words), st.booleans())
    def holds(text, as_bytes):
        prop(Subject(text.encode("utf-8", "replace") if as_bytes else text, cleaner))

    holds()


def violations(make, rates, groups, folder):
    runner = Runner(rates, folder)
    for group in groups:
        runner.check(*sources(make, 1, group))
    assert all(runner.tally.checks[prop.__name__] for prop in (*SINGLE, *GROUP) if prop is not cost_is_linear)
    return {key: (number, runner.tally.examples.get(key)) for key, number in runner.tally.failures.items()}


def test_of_tag_soup(tmp_path):
    rates = {**SOUP_RATES, "cost_is_linear": 0.0, "threads_give_what_one_gives": 0.05}
    assert violations(make_soup, rates, range(64), tmp_path) == {}


def test_of_mutated_pages(tmp_path):
    rates = {
        **PAGE_RATES,
        "cost_is_linear": 0.0,
        "compiled_gives_what_pure_gives": 0.4,
        "threads_give_what_one_gives": 0.2,
    }
    assert violations(mutated(read_pages(PAGES), 20_000), rates, range(10), tmp_path) == {}


# What the fuzzer must see

STORY = soup.Soup(random.Random(0)).story()
PAGE = f"<h1>satu <b>dua</b></h1><p>tiga<br><br>empat</p>{STORY * 2}<ul><li><a href=x>lima</a></ul>"


class Broken(Cleaner):
    """A cleaner that does one thing wrong."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self.fault = fault
        self.calls = 0

    def clean(self, page, *, kind="auto"):
        self.calls += 1
        if self.fault == "raises":
            raise KeyError("kata")
        if self.fault == "refuses":
            raise InputError("not a page")
        return super().clean(page, kind=kind) + ("x" if self.fault == "another text" else "")

    def label(self, page, *, kind="auto"):
        document = super().label(page, kind=kind)
        first, *rest = document.blocks
        kept = next(block for block in document.blocks if block.kept)
        changed = {
            "probabilities": [replace(first, probabilities={**first.probabilities, first.label: 2.0}), *rest],
            "label": [replace(first, label=next(label for label in Label if label != first.label)), *rest],
            "index": [*rest, first],
            "kept": [replace(block, kept=block.kept and block is not kept) for block in document.blocks],
        }
        return replace(document, blocks=changed.get(self.fault, document.blocks))

    def clean_many(self, pages, **options):
        for page in pages:
            for result in super().clean_many([page], **options):
                odd = (isinstance(page, str) and self.fault == "str") or (
                    self.fault == "pure" and not compiled.in_use()
                )
                yield replace(result, text=result.text + "x") if odd or self.fault == "many" else result


@pytest.mark.parametrize(
    ("prop", "fault", "kind"),
    [
        (only_our_errors, "raises", "KeyError in clean"),
        (only_our_errors, "refuses", "only one"),
        (clean_is_the_text_of_label, "another text", "label"),
        (document_is_sound, "probabilities", "a probability is none"),
        (document_is_sound, "label", "another label"),
        (document_is_sound, "index", "index"),
        (document_is_sound, "kept", "kept blocks"),
        (many_give_what_each_gives, "many", "clean_many"),
        (bytes_give_what_text_gives, "str", "bytes"),
        (compiled_gives_what_pure_gives, "pure", "pure"),
    ],
)
def test_a_wrong_cleaner_is_seen(cleaner, prop, fault, kind):
    if fault == "pure" and not compiled.in_use():
        pytest.skip("the compiled modules are not built")
    for given_cleaner, seen in ((cleaner, False), (Broken(fault), True)):
        subject = Subject(PAGE, given_cleaner)
        assert subject.document.text
        if seen:
            with pytest.raises(ViolationError, match=kind):
                prop([subject] if prop in GROUP else subject)
        else:
            prop([subject] if prop in GROUP else subject)


def test_wrong_blocks_are_seen(cleaner):
    def seen(prop, change, page=PAGE):
        subject = Subject(page, cleaner)
        prop(subject)
        change(subject.page)
        with pytest.raises(ViolationError):
            prop(subject)

    def drop(page):
        del page.texts[1]

    def double(page):
        page.texts.append(page.texts[0])
        page.refs.append(page.refs[0])

    def exchange(page):
        page.texts[0], page.texts[1] = page.texts[1], page.texts[0]

    seen(shown_text_is_in_a_block, drop)
    seen(no_text_is_in_two_blocks, double)
    seen(no_text_is_in_two_blocks, lambda page: page.texts.append("enam"))
    seen(paths_find_their_blocks, exchange)
    seen(walks_are_the_same, exchange)


def test_lost_lines_are_seen(cleaner, monkeypatch):
    lines = Subject("satu\ndua\n", cleaner)
    lines_are_in_one_block(lines)
    real = sys.modules["fuzzing.properties"].segment_text
    monkeypatch.setattr("fuzzing.properties.segment_text", lambda text: real(text.partition("\n")[0]))
    with pytest.raises(ViolationError):
        lines_are_in_one_block(lines)


def test_a_cleaner_that_threads_disturb_is_seen(cleaner, monkeypatch):
    class Shared(Cleaner):
        running = 0

        def clean(self, page, *, kind="auto"):
            Shared.running += 1
            try:
                text = super().clean(page, kind=kind)
                return text if Shared.running == 1 else "x"
            finally:
                Shared.running -= 1

    monkeypatch.setattr("fuzzing.properties.Cleaner", Shared)
    with pytest.raises(ViolationError, match="thread"):
        threads_give_what_one_gives([Subject(PAGE + str(i), cleaner) for i in range(8)])


def test_quadratic_cost_is_seen(cleaner, monkeypatch):
    spent = Counter()
    monkeypatch.setattr("fuzzing.properties.time.process_time", lambda: spent["now"])

    class Timed(Cleaner):
        power = 1

        def clean(self, page, *, kind="auto"):
            spent["now"] += (len(page) / 15_000) ** self.power
            return ""

    timed = Timed()
    cost_is_linear(Subject("<p>satu</p>", timed))
    timed.power = 2
    with pytest.raises(ViolationError, match="linear"):
        cost_is_linear(Subject("<p>satu</p>", timed))


def test_what_a_browser_shows():
    shown = browser.shown(
        "<title>a</title><p>b<script>c</script><noscript><p>d</noscript>e<svg>f<p>g</svg><table>h<tr><td>i</table>"
        "<p hidden>j</p><object>k</object><!-- l --></html/>m<textarea></html>n</textarea>"
    )
    assert sorted("".join(shown)) == sorted("beghijm</html>n")
    for unclear in ("<template>a</template>b", "<select><style>a</select>b", "<textarea/>a<b>c"):
        with pytest.raises(browser.NoVerdictError):
            browser.shown(unclear)


# How it runs


def test_inputs_are_those_of_the_seed():
    pages = read_pages(PAGES)[:9]
    for make in (make_soup, mutated(pages, 3_000)):
        first, again, other, seeded = (sources(make, *options)[0] for options in ((3, 5), (3, 5), (3, 6), (4, 5)))
        assert first == again
        assert first != other
        assert first != seeded
    assert len({type(source) for group in range(4) for source in sources(make_soup, 0, group)[0]}) == 2


def test_every_mutation_takes_every_page():
    rng = random.Random(0)
    for page in (b"", b"<", b"kata", '<p class="a">é</p>'.encode(), b"\xff\xfe<p>"):
        for mutation in dict.fromkeys(mutate.MUTATIONS):
            for _ in range(20):
                assert isinstance(mutation(rng, page, [b"", b"<b>lain</b>"]), bytes)


def test_words_of_a_page_are_all_unlike():
    for seed in range(50):
        page = soup.Soup(random.Random(seed)).page(20)
        assert max(Counter(soup.WORD.findall(page)).values(), default=1) == 1


def test_an_input_is_made_small():
    assert shrink("satu<p>dua</p>tiga", lambda text: "<p>" in text and "t" in text) in ("t<p>", "<p>t")
    assert shrink(b"abcabc", lambda data: data.count(b"b") == 2) == b"bb"


@pytest.mark.parametrize("source", ["<p>a\ud800\r\n", b"<p>\xff\r\n", ""])
def test_findings_are_read_as_they_were(tmp_path, source):
    assert load(save(tmp_path, "prop | kind: in <svg>", source)) == source


def test_compiled_modules_are_left_out_and_put_back():
    held = compiled.in_use()
    with compiled.left_out():
        assert compiled.in_use() == []
    assert compiled.in_use() == held
    if os.environ.get("BOILERPLATE_PURE"):
        assert held == []


def test_the_command_counts_each_input_once_whatever_the_jobs(tmp_path):
    tables = []
    for jobs in (1, 2):
        run = subprocess.run(
            [
                sys.executable,
                ROOT / "benchmarks/fuzz.py",
                "--executions=96",
                f"--jobs={jobs}",
                f"--findings={tmp_path}",
            ],
            capture_output=True,
            text=True,
        )
        assert run.returncode in (0, 1), run.stderr
        assert run.stdout.startswith("96 inputs")
        tables.append([line.split("|")[:4] for line in run.stdout.splitlines() if line.startswith("| ")])
    assert tables[0][: 2 + len(SINGLE)] == tables[1][: 2 + len(SINGLE)]
