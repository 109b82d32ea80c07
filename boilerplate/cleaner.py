"""The cleaner: a page in, its labelled blocks and the article's text out.

A page goes through these stages, each with a type of its own:

bytes
    ``str`` or ``bytes``, as given; `reading` makes UTF-8 of them, and tells HTML from text.
tree
    An lxml element (`segment.html.parse`); a plain text has none.
blocks
    `segment.page.Page`.
features
    `features.page_features.PageFeatures`: a row of numbers a block, for many pages at once.
probabilities
    An array of shape (n_blocks, n_labels), from `model.network.Network`.
document
    `select.selection.Selection`: the blocks that are kept, and the noise
    inside them (`spans.finder`). Of it are made the `Document` of a single page, and the `Result` of a page of a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from boilerplate.document import Block, Document, Result
from boilerplate.errors import BoilerplateError, InputError, ModelError
from boilerplate.features.batch import split_into_batches
from boilerplate.kinds import KINDS, PageDescriber
from boilerplate.labels import LABELS
from boilerplate.lexicon.headings import Headings, headings
from boilerplate.model.network import Network
from boilerplate.model.registry import open_model
from boilerplate.outcome import Markup, Wanted, headline_of, metadata_of, render_selection, text_of
from boilerplate.reading import MAX_BYTES, is_html, to_utf8, unescape, unwrap
from boilerplate.segment.page import HTML, TEXT, HtmlPage, Page
from boilerplate.segment.xpath import XPaths
from boilerplate.select.marks import Marks
from boilerplate.select.selection import Selection
from boilerplate.spans.finder import check_features, find_in_selections
from boilerplate.workers.batches import batches
from boilerplate.workers.pool import map_batches

Kind = Literal["auto", "html", "text"]

FAVOUR = {"precision": -1.1, "balance": 0.0, "recall": 1.1}
"""What ``favour=`` adds to the log odds of keeping a block: odds of three to one."""

MAX_BLOCKS = 90_000
"""Blocks of a short page of HTML: they take 1.7 KB each, however short they are, so 150 MB."""

_BYTES_A_BLOCK = 170
"""Bytes of a page for each further block: ten bytes of memory for each of them."""

MAX_LINES = 500_000
"""Lines of the longest text: they are described a stretch at a time, and take a fifth of that."""


class _Model(NamedTuple):
    """A loaded model, with the describer that computes its features and the headings that it knows."""

    network: Network
    describer: PageDescriber
    headings: Headings


class Cleaner:
    """Labels the blocks of pages and keeps the article's text.

    Loads its model once; keep one for many pages. Threads may share one: each
    gets what it would get alone.

    Parameters
    ----------
    model
        Name of a shipped model or path of a model file; None takes the shipped
        model for the kind of input.
    favour
        ``"precision"`` drops a doubtful block, ``"recall"`` keeps it,
        ``"balance"`` goes with the likelier side; or the number to add to the
        log odds of keeping a block.
    article_body
        Whether the text comes from JSON-LD (its ``articleBody``) where the
        page shows no article; `text_source` says so then.
    initials, attributions
        Whether the text has the initials that end a story (``(rin/dew)``), and
        lines that say whose post an embed shows (``A post shared by …``): True,
        False, or None for as they are labelled. Initials are the story's where
        they share a piece of text with its last sentence, an attribution where
        it stands with the post's own words.

    Raises
    ------
    ModelError
        If the model cannot be loaded.
    ValueError
        If `favour` is unknown.
    """

    def __init__(
        self,
        model: str | Path | None = None,
        *,
        favour: str | float = "balance",
        article_body: bool = True,
        initials: bool | None = None,
        attributions: bool | None = None,
    ) -> None:
        self.model = model
        self.favour = favour
        self.article_body = article_body
        self.marks = Marks(initials, attributions)
        if isinstance(favour, str):
            if favour not in FAVOUR:
                raise ValueError(f"unknown favour {favour!r} (known: {', '.join(FAVOUR)}, or a number)")
            self._bias = FAVOUR[favour]
        else:
            self._bias = float(favour)
        self._models: dict[str, _Model] = {}  # by kind of page
        self._open(KINDS[HTML].model if model is None else model)

    def __repr__(self) -> str:
        article_body = "" if self.article_body else ", article_body=False"
        marks = "".join(f", {name}={value}" for name, value in self.marks._asdict().items() if value is not None)
        return f"Cleaner(model={self.model!r}, favour={self.favour!r}{article_body}{marks})"

    def __reduce__(self) -> tuple[Any, ...]:
        return self._recipe(), ()

    def _recipe(self) -> Callable[[], Cleaner]:
        """A function that makes a cleaner like this one: a process then loads the model itself and is sent no copy."""
        settings = {"favour": self.favour, "article_body": self.article_body, **self.marks._asdict()}
        return partial(Cleaner, self.model, **settings)

    def clean(self, page: str | bytes, *, kind: Kind = "auto") -> str:
        """Return the article's text, a paragraph a line; ``""`` where there is none.

        Raises
        ------
        InputError
            If `page` is binary, too large, or cannot be parsed.
        """
        segmented = self._segment(page, kind)
        (selection,) = self._select([segmented])
        return text_of(selection)[0]

    def label(self, page: str | bytes, *, kind: Kind = "auto") -> Document:
        """Return the page's labelled blocks and what is kept of it.

        Raises
        ------
        InputError
            If `page` is binary, too large, or cannot be parsed.
        """
        return self.label_page(page, kind=kind)[0]

    def label_page(self, page: str | bytes, *, kind: Kind = "auto") -> tuple[Document, Page]:
        """Label like `label`, and return the segmented page as well, with the nodes of its blocks.

        Raises
        ------
        InputError
            If `page` is binary, too large, or cannot be parsed.
        """
        segmented = self._segment(page, kind, nodes=True)
        (selection,) = self._select([segmented])
        return make_document(selection), segmented

    def headings(self, page: Page) -> list[int]:
        """Return for each block of a segmented page the number of the block that governs it as heading; -1 for none."""
        if not len(page):
            return []
        found: list[int] = self._model(page.kind).describer.describe(page).heading.tolist()
        return found

    def clean_many(
        self,
        pages: Iterable[str | bytes],
        *,
        kind: Kind = "auto",
        n_jobs: int = 1,
        blocks: bool = False,
        metadata: bool = False,
        markup: Markup | None = None,
        paragraphs: bool = False,
        timeout: float | None = None,
    ) -> Iterator[Result]:
        """Clean many pages: yields one `Result` a page, in order; errors are results.

        A page that takes too long, or whose process dies on it twice (out of
        memory), is an error; the others go on.

        Parameters
        ----------
        pages
            Read lazily, a few batches ahead of the results.
        n_jobs
            Processes; -1 takes all cores. 1 works in this process, unless there
            is a `timeout`. They end with the iteration.
        blocks
            Whether results carry the labelled blocks (slower).
        metadata
            Whether results carry what the pages say about their articles.
        markup
            The format of the articles with structure that results carry, if any.
        paragraphs
            Whether results carry the paragraphs one by one.
        timeout
            Seconds that a page may take. Only a process can be stopped whatever
            it is doing, so with a limit ``n_jobs=1`` starts one, too.
        """
        wanted = Wanted(blocks, metadata, markup, paragraphs)
        if n_jobs == 1 and timeout is None:
            for batch in batches(pages):
                yield from self._batch(batch, kind, wanted)
            return
        work = partial(_clean_batch, kind=kind, wanted=wanted)
        for results in map_batches(self._recipe(), work, batches(pages), n_jobs, timeout=timeout, on_failure=_failed):
            yield from results

    def _batch(self, pages: list[str | bytes], kind: Kind, wanted: Wanted) -> list[Result]:
        results: dict[int, Result] = {}  # by the page's number
        segmented: dict[str, dict[int, Page]] = {}  # by kind, then by the page's number
        for i, page in enumerate(pages):
            try:
                found = self._segment(page, kind, nodes=wanted.nodes, head=wanted.head)
            except (BoilerplateError, TypeError) as error:
                results[i] = Result("error", error=str(error))
            else:
                segmented.setdefault(found.kind, {})[i] = found
        for group in segmented.values():
            try:
                selections = self._select(list(group.values()))
                results.update((i, _result(found, wanted)) for i, found in zip(group, selections, strict=True))
            except ModelError as error:  # no model for this kind of page: the others go on
                results.update((i, Result("error", error=str(error))) for i in group)
        return [results[i] for i in range(len(pages))]

    def _segment(self, page: str | bytes, kind: Kind, *, nodes: bool = False, head: bool = False) -> Page:
        """Bytes to blocks."""
        data, is_text = _read(page, kind)
        name = TEXT if is_text else HTML
        # The shipped model may not be loaded yet; it knows the shipped headings only.
        model = self._models.get(name)
        known = model.headings if model is not None else headings()
        body = self.article_body and _mentions_body(data)
        segmented = KINDS[name].segment(data, known, nodes=nodes, head=head, body=body)
        most = MAX_LINES if is_text else MAX_BLOCKS + len(data) // _BYTES_A_BLOCK
        if len(segmented) > most:
            raise InputError(f"{len(segmented):,} blocks are too many for a page of its size (at most {most:,})")
        return segmented

    def _select(self, pages: list[Page]) -> list[Selection]:
        """Blocks to what is kept of them, noise within them found; the pages are of one kind."""
        P, words = self._proba(pages)
        bounds = [0, *accumulate(map(len, pages))]
        selections = [
            Selection(page, P[a:b], words[a:b], self._bias, self.marks)
            for page, (a, b) in zip(pages, pairwise(bounds), strict=True)
        ]
        if len(P):
            spans = self._model(pages[0].kind).network.spans
            if spans is not None:
                find_in_selections(spans, selections, self._bias)
        return selections

    def _proba(self, pages: list[Page]) -> tuple[np.ndarray, np.ndarray]:
        """Blocks to features to probabilities, (n_blocks, n_labels) for all pages together; also the words of each."""
        if not any(map(len, pages)):  # nothing to label, so no model to load
            return np.zeros((0, len(LABELS)), np.float32), np.zeros(0)
        model = self._model(pages[0].kind)
        parts = []
        for stretch in split_into_batches(pages):
            described = model.describer.describe_many(stretch)
            parts.append((model.network.proba(described), described.words))
        if len(parts) == 1:
            return parts[0]
        P, words = zip(*parts, strict=True)
        return np.concatenate(P), np.concatenate(words)

    def _model(self, kind: str) -> _Model:
        model = self._models.get(kind)
        if model is None:
            if self.model is not None:
                raise ModelError(f"{self.model}: not a model for {kind}")
            model = self._open(KINDS[kind].model)
        return model

    def _open(self, model: str | Path) -> _Model:
        network, header = open_model(model)
        check_features(model, network, header)
        kind, lexicon = header["kind"], header["lexicon"]
        loaded = _Model(network, KINDS[kind].describer(lexicon), headings(lexicon))
        # One step, as another thread may be loading the same: the first to finish serves both.
        return self._models.setdefault(kind, loaded)


def _mentions_body(data: str | bytes) -> bool:
    """Whether a page may hold its text in JSON-LD: most do not, and need not be searched for it."""
    return (b"articleBody" if isinstance(data, bytes) else "articleBody") in data  # type: ignore[operator]


def _read(page: str | bytes, kind: Kind) -> tuple[str | bytes, bool]:
    """Return a page as text or UTF-8, and whether it is plain text."""
    if isinstance(page, (bytearray, memoryview)):
        page = bytes(page)
    elif not isinstance(page, (str, bytes)):
        raise TypeError(f"a page is str or bytes, not {type(page).__name__}")
    content_type = ""
    if kind != TEXT and len(page) <= MAX_BYTES:
        page, content_type = unwrap(page)
    if isinstance(page, bytes):
        page = to_utf8(page, content_type)
    elif len(page) > MAX_BYTES:
        raise InputError(f"{len(page) / 2**20:.0f} MB is too large for a page (at most {MAX_BYTES // 2**20} MB)")
    if kind != TEXT:
        page = unescape(page)
    if kind not in ("auto", *KINDS):
        raise ValueError(f"unknown kind {kind!r} (known: auto, {', '.join(KINDS)})")
    return page, kind == TEXT or (kind == "auto" and not is_html(page))


def make_document(selection: Selection) -> Document:
    """Make the document of a page: its blocks with their labels, and what is kept of them."""
    page, P = selection.page, selection.P
    xpaths = XPaths(page) if isinstance(page, HtmlPage) and page.nodes else None
    best = P.argmax(axis=1) if len(P) else []
    blocks = [
        Block(
            text,
            LABELS[best[i]],
            float(P[i, best[i]]),
            {label: float(p) for label, p in zip(LABELS, P[i], strict=True)},
            i,
            tag=xpaths.tag(i) if xpaths is not None else "",
            kept=bool(selection.kept[i]),
            spans=selection.spans.get(i, ()),
            _locate=partial(xpaths.of, i) if xpaths is not None else None,
        )
        for i, text in enumerate(page.texts)
    ]
    text, source, confidence = text_of(selection)
    about, rendered = partial(metadata_of, selection), partial(_rendered, selection)
    return Document(blocks, text, headline_of(selection), confidence, source, about, rendered)


def _rendered(selection: Selection, name: str, links: bool, images: bool) -> str:
    return render_selection(selection, Markup(name, links, images))


def _result(selection: Selection, wanted: Wanted) -> Result:
    document = make_document(selection) if wanted.blocks else None
    text, source, confidence = text_of(selection)
    result = Result("ok" if text else "empty", text, headline_of(selection), confidence, text_source=source)
    result.reason = "" if text else selection.reason
    if wanted.metadata:
        result.metadata = metadata_of(selection)
    if document is not None:
        for block in document.blocks:  # the parsed page does not outlive its batch
            block._locate = partial(str, block.xpath)
        result.blocks = document.blocks
    if wanted.paragraphs:
        result.paragraphs = tuple(selection.paragraphs if source == "page" else text.splitlines())
    if wanted.markup is not None:
        result.markup = render_selection(selection, wanted.markup)
    return result


def _clean_batch(cleaner: Cleaner, batch: list[str | bytes], kind: Kind, wanted: Wanted) -> list[Result]:
    return cleaner._batch(batch, kind, wanted)


def _failed(reason: str) -> list[Result]:
    return [Result("error", error=reason)]
