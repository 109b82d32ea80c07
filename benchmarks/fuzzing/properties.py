"""What holds for every input, each a function that raises `ViolationError` where it does not."""

from __future__ import annotations

import json
import math
import random
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

from lxml import etree

from boilerplate import Cleaner, InputError, Label
from boilerplate.cleaner import Result
from boilerplate.labels import LABELS
from boilerplate.reading import to_utf8
from boilerplate.segment.html import parse, segment
from boilerplate.segment.leftovers import strip_leftovers
from boilerplate.segment.tags import BREAK, FALLBACKS, TAGS
from boilerplate.segment.text import segment_text
from boilerplate.segment.unclosed import way_out
from boilerplate.segment.xpath import XPaths
from boilerplate.select.assembly import remove_spans
from fuzzing import browser, compiled
from fuzzing.browser import squeeze
from fuzzing.lost import where_lost
from fuzzing.soup import WORD
from fuzzing.subject import Subject

THREADS = 8
MOST_PATHS = 100
"""Blocks of a page whose XPaths are evaluated: each takes time in proportion to the page."""


class ViolationError(AssertionError):
    """A property does not hold; `kind` groups violations of one cause."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind


def demand(holds: bool, kind: str, detail: object = "") -> None:
    """Raise unless something holds."""
    if not holds:
        raise ViolationError(kind, ascii(detail)[:300])


# Of one page


def only_our_errors(subject: Subject) -> None:
    """`clean` and `label` raise nothing but `InputError`, and both or neither."""
    refused = []
    for call in (subject.cleaner.clean, subject.cleaner.label):
        try:
            call(subject.source)
        except InputError as error:
            refused.append(str(error))
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            raise ViolationError(f"{type(error).__name__} in {where.name}", ascii(error)[:300]) from error
    demand(len(refused) != 1, "only one of clean and label refuses", refused)


def document_is_sound(subject: Subject) -> None:
    """The labelled page keeps what its docstrings promise."""
    document = subject.document
    if document is None:
        return
    for view in (document, document.relabel("four")):
        for block in view.blocks:
            values = block.probabilities.values()
            demand(all(0 <= p <= 1 + 1e-5 for p in values), "a probability is none", block.probabilities)
            demand(math.isclose(sum(values), 1, abs_tol=1e-4), "probabilities do not add up", block.probabilities)
            demand(block.probability == block.probabilities.get(block.label), "probability of another label", block)
    for i, block in enumerate(document.blocks):
        text = block.text
        demand(block.index == i, "index", block)
        demand(isinstance(block.label, Label) and tuple(block.probabilities) == LABELS, "label", block)
        demand(block.probability == max(block.probabilities.values()), "not the likeliest label", block)
        demand(text == " ".join(text.split()) != "", "white space is not folded", text)
        edges = [edge for span in block.spans for edge in (span.start, span.end)]
        demand(edges == sorted(edges) and all(0 <= e <= len(text) for e in edges), "spans", block)
        demand(all(span.start < span.end for span in block.spans), "empty span", block)
        demand(block.kept or not block.spans, "spans of what is not kept", block)
    if document.text_source == "json-ld":
        demand(not any(block.kept for block in document.blocks), "text of two sources", document.text[:100])
    else:
        kept = "".join(remove_spans(block.text, block.spans) for block in document.blocks if block.kept)
        # Cells of a table row are joined with a bar.
        wanted, given = (squeeze(text).replace("|", "") for text in (kept, document.text))
        demand(wanted == given, "text is not that of the kept blocks", (wanted[:100], given[:100]))
    demand(0 <= document.confidence <= 1, "confidence", document.confidence)
    json.dumps([block.to_dict() for block in document.blocks], allow_nan=False)
    (document.title + document.text + "".join(block.text for block in document.blocks)).encode()


def clean_is_the_text_of_label(subject: Subject) -> None:
    """`clean` gives what `label` keeps."""
    if subject.document is not None:
        text = subject.cleaner.clean(subject.source)
        demand(text == subject.document.text, "clean is not label().text", (text[:100], subject.document.text[:100]))


def shown_text_is_in_a_block(subject: Subject) -> None:
    """Each character that a browser shows is in a block.

    Trees of two parsers differ in order and nesting where markup is broken,
    so characters are counted and not their order compared. That a block shows
    what the browser hides is no violation: the parser closes ``<iframe/>``,
    while a browser takes the rest of the page for its content.
    """
    if subject.data is None or etree.LIBXML_VERSION < (2, 14):  # older ones part tags from text by rules of their own
        return
    try:
        shown = browser.shown(subject.text)
    except browser.NoVerdictError:
        return
    lost = Counter(squeeze("".join(shown))) - Counter(squeeze("".join(subject.page.texts)))
    if lost:
        raise ViolationError(f"lost: {where_lost(subject, shown, lost)}", ascii("".join(lost))[:100])


def no_text_is_in_two_blocks(subject: Subject) -> None:
    """Blocks hold each text node of the tree once at most, and nothing that the page does not."""
    page = subject.page
    refs = [list(dict.fromkeys(refs)) for refs in page.refs]
    seen = [(id(element), tail) for block in refs for element, tail in block]
    demand(len(seen) == len(set(seen)), "a text node is in two blocks")
    ours = squeeze("".join(page.texts))
    nodes = "".join((element.tail if tail else element.text) or "" for block in refs for element, tail in block)
    if "|" not in nodes and any(map(str.isalnum, nodes)):
        demand(Counter(squeeze(nodes)) == Counter(ours), "blocks differ from their text nodes", ours)
    source = subject.text
    whole = squeeze(source)
    words = Counter(WORD.findall(ours))
    demand(not any(0 < whole.count(word) < number for word, number in words.items()), "a word is there twice", ours)
    more = Counter(filter(str.isalnum, ours)) - Counter(source)
    if more:
        more -= Counter(unescape(source)) - Counter(source)
        demand(not more, "more than the page holds", "".join(more))


def lines_are_in_one_block(subject: Subject) -> None:
    """Of a plain text nothing but white space, invisible characters and leftover tags is lost, and the order stays."""
    if subject.data is not None:
        text = squeeze("".join(segment_text(subject.text).texts))
        # A tag that goes over two lines is no leftover; a carriage return ends lines where nothing else does.
        lines = subject.text if "\n" in subject.text else subject.text.replace("\r", "\n")
        demand(text == squeeze(strip_leftovers(lines)), "lines lost or doubled", text[:100])


def paths_find_their_blocks(subject: Subject) -> None:
    """The XPath of a block finds its text in the parsed page, and nothing else."""
    page, root = subject.page, subject.root
    xpaths = XPaths(page)
    for i in range(0, len(page), len(page) // MOST_PATHS + 1):
        path = xpaths.of(i)
        try:
            found = root.getroottree().xpath(path)  # type: ignore[union-attr]
        except Exception as error:
            raise ViolationError(f"{type(error).__name__} of an XPath", ascii(path)[:300]) from error
        demand(bool(found), "an XPath finds nothing", path)
        if isinstance(found[0], str):
            text = "".join(found)
        else:
            demand(len(found) == 1, "an XPath finds several elements", path)
            text = shown_of(found[0])
        demand(squeeze(text) == squeeze(page.texts[i]), "an XPath finds another text", (path, text, page.texts[i]))


def shown_of(element: Any) -> str:
    """Text of an element and what is in it, less what the segmenter hides."""
    out: list[str] = []
    stack = [element]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            out.append(node)
            continue
        if node.tail and node is not element:
            stack.append(node.tail)
        kind, code = TAGS.get(node.tag, (0, 0))
        if code in FALLBACKS:
            behind: list[Any] = []
            for inner in way_out(node):
                behind += [inner.tail or "" if behind else inner, *inner.itersiblings()]
            stack.extend(reversed(behind))
        elif not browser.hides(node.tag) and kind != BREAK:
            out.append(node.text or "")
            stack.extend(reversed(node))
    return "".join(out)


def walks_are_the_same(subject: Subject) -> None:
    """The compiled walk, the one in Python, and the one that keeps nodes cut a page into the same blocks."""
    if subject.data is None:
        return
    fast = segment(parse(subject.data))
    with compiled.left_out():
        plain = segment(parse(subject.data))
    demand(fast == plain, "compiled and pure blocks differ", (fast.texts, plain.texts))
    full = subject.page
    same = all(
        getattr(full, name) == getattr(plain, name)
        for name in ("texts", "links", "link_chars", "strong_chars", "tags", "attrs", "starts", "ends", "title")
    )
    demand(same, "keeping the nodes changes the blocks", (full.texts, plain.texts))


def cost_is_linear(subject: Subject) -> None:
    """Four times as much of the same takes about four times as long, and not sixteen.

    It may take longer once: of markup that nests too deeply other text shows than
    of less of it. So what takes longer is seen to take no longer four times more.
    """
    piece = subject.text[:200]
    if not piece.strip():
        return
    kind = "html" if "<" in piece else "text"

    def seconds(size: int) -> float:
        page = piece * (size // len(piece) + 1)
        start = time.process_time()
        try:
            subject.cleaner.clean(page, kind=kind)  # type: ignore[arg-type]
            for block in subject.cleaner.label(page, kind=kind).blocks[::50]:  # type: ignore[arg-type]
                _ = block.xpath
        except InputError:
            pass
        return time.process_time() - start

    for size in (15_000, 60_000):
        few = many = math.inf
        for _ in range(3):  # neighbours on the machine may disturb one of them
            few, many = min(few, seconds(size)), min(many, seconds(4 * size))
            if many <= 7 * few + 0.05:
                return
    raise ViolationError(f"more than linear ({kind})", f"{few:.3f} s, four times as much {many:.3f} s")


# Of many pages


def _results(cleaner: Cleaner, pages: Sequence[str | bytes]) -> list[Result]:
    return list(cleaner.clean_many(pages))


def _same(mine: list[Result], other: list[Result], kind: str) -> None:
    for a, b in zip(mine, other, strict=True):
        alike = (a.status, a.text, a.title, a.error) == (b.status, b.text, b.title, b.error)
        demand(alike and abs(a.confidence - b.confidence) < 1e-4, kind, (a, b))


def many_give_what_each_gives(subjects: Sequence[Subject]) -> None:
    """`clean_many` raises nothing, and of pages cleaned alone gives the same."""
    results = _results(subjects[0].cleaner, [subject.source for subject in subjects])
    for subject, result in zip(subjects, results, strict=True):
        if "document" in vars(subject):  # labelled for another property
            document = subject.document
            if document is None:
                demand(result.status == "error", "clean_many takes what label refuses", result)
            else:
                demand(result.text == document.text, "clean_many is not label().text", (result, document.text[:100]))
                demand(result.title == document.title, "another title", (result.title, document.title))
                demand(result.status == ("ok" if document.text else "empty"), "another status", result)
                demand(abs(result.confidence - document.confidence) < 1e-4, "another confidence", result)


def bytes_give_what_text_gives(subjects: Sequence[Subject]) -> None:
    """A page in UTF-8 gives what its characters give, unless its bytes are refused or taken for UTF-16."""
    texts = [subject.text for subject in subjects]
    datas = []
    for text in texts:
        data = text.encode()
        try:
            read = to_utf8(data)
        except InputError:
            read = b""
        if read != data:
            demand(_excused(data), "UTF-8 is read as something else", data[:100])
        datas.append(data if read == data else text)
    cleaner = subjects[0].cleaner
    _same(_results(cleaner, datas), _results(cleaner, texts), "bytes and str differ")


def _excused(data: bytes) -> bool:
    """Whether bytes start like another file, or hold control characters as only binary data do."""
    return (
        len(re.findall(rb"[\0-\x08\x0e-\x1f]", data[:4096])) > 0.05 * len(data[:4096])
        or not data[:1].isascii()
        or (data.startswith((b"%PDF-", b"GIF8", b"RIFF", b"PK\x03\x04", b"\x7fELF", b"PAR1", b"BZh")))
    )


def compiled_gives_what_pure_gives(subjects: Sequence[Subject]) -> None:
    """Without the compiled modules all results are the same."""
    cleaner, pages = subjects[0].cleaner, [subject.source for subject in subjects]
    fast = _results(cleaner, pages)
    with compiled.left_out():
        plain = _results(cleaner, pages)
    _same(fast, plain, "compiled and pure differ")


def threads_give_what_one_gives(subjects: Sequence[Subject]) -> None:
    """A cleaner with cold caches that eight threads share gives what it gives alone, and goes on so."""
    pages = [subject.source for subject in subjects]
    alone = [_clean(subjects[0].cleaner, page) for page in pages]
    shared = Cleaner()

    def work(number: int) -> list[str]:
        order = list(range(len(pages)))
        random.Random(number).shuffle(order)
        found = {i: _clean(shared, pages[i]) for i in order}
        return [found[i] for i in range(len(pages))]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            together = list(pool.map(work, range(THREADS)))
    finally:
        sys.setswitchinterval(interval)
    for texts in together:
        demand(
            texts == alone,
            "another text in a thread",
            [pair for pair in zip(texts, alone, strict=True) if pair[0] != pair[1]][:1],
        )
    demand([_clean(shared, page) for page in pages] == alone, "another text after threads")


def _clean(cleaner: Cleaner, page: str | bytes) -> str:
    try:
        return cleaner.clean(page)
    except InputError:
        return "refused"
    except Exception as error:
        return f"failed: {error!r}"


SINGLE: tuple[Callable[[Subject], None], ...] = (
    only_our_errors,
    shown_text_is_in_a_block,
    no_text_is_in_two_blocks,
    lines_are_in_one_block,
    paths_find_their_blocks,
    walks_are_the_same,
    document_is_sound,
    clean_is_the_text_of_label,
    cost_is_linear,
)
GROUP: tuple[Callable[[Sequence[Subject]], None], ...] = (
    many_give_what_each_gives,
    bytes_give_what_text_gives,
    compiled_gives_what_pure_gives,
    threads_give_what_one_gives,
)
