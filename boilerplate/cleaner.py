"""The cleaner: a page in, its labelled blocks and the article's text out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from boilerplate.document import Block, Document
from boilerplate.errors import BoilerplateError, InputError, ModelError
from boilerplate.features.gather import stretches
from boilerplate.features.kinds import PageDescriber, describer
from boilerplate.features.lexicon import Headings, headings
from boilerplate.labels import LABELS
from boilerplate.model.network import Network
from boilerplate.model.registry import DEFAULT, open_model
from boilerplate.reading import MAX_BYTES, is_html, to_utf8, unwrap
from boilerplate.segment.html import parse, segment
from boilerplate.segment.page import HTML, TEXT, Page
from boilerplate.segment.text import segment_text
from boilerplate.segment.xpath import xpath_of
from boilerplate.select.assembly import assemble
from boilerplate.select.choice import choose, confidence, why_nothing
from boilerplate.select.headline import html_headline, text_headline
from boilerplate.select.inline_noise import find_in_blocks
from boilerplate.workers.pool import spread

Kind = Literal["auto", "html", "text"]

FAVOUR = {"precision": -1.1, "balance": 0.0, "recall": 1.1}
"""What ``favour=`` adds to the log odds of keeping a block: odds of three to one."""

MAX_BLOCKS = 500_000
"""Blocks of the largest page: they take a kilobyte and a half each, however short they are."""

_BATCH = 64  # texts are described many at once; pages of HTML fill a batch by size
_BATCH_BYTES = 2 * 2**20


@dataclass(slots=True)
class Result:
    """What came of one page of a batch.

    Attributes
    ----------
    status
        ``"ok"``; ``"empty"``: the page holds no article, `reason` says how that
        shows; ``"error"``: it could not be read, `error` says why.
    """

    status: Literal["ok", "empty", "error"]
    text: str = ""
    title: str = ""
    confidence: float = 0.0
    error: str = ""
    blocks: list[Block] | None = None
    reason: str = ""

    @property
    def why(self) -> str:
        """Why there is no text: the error or the reason; ``""`` where there is text."""
        return self.error or self.reason


class _Model(NamedTuple):
    """A model at work: the network, what describes pages for it, and the headings that it knows."""

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

    Raises
    ------
    ModelError
        If the model cannot be loaded.
    ValueError
        If `favour` is unknown.
    """

    def __init__(self, model: str | Path | None = None, *, favour: str | float = "balance") -> None:
        self.model = model
        self.favour = favour
        if isinstance(favour, str):
            if favour not in FAVOUR:
                raise ValueError(f"unknown favour {favour!r} (known: {', '.join(FAVOUR)}, or a number)")
            self._bias = FAVOUR[favour]
        else:
            self._bias = float(favour)
        self._models: dict[str, _Model] = {}  # by kind of page
        self._open(DEFAULT[HTML] if model is None else model)

    def __repr__(self) -> str:
        return f"Cleaner(model={self.model!r}, favour={self.favour!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return self._recipe(), ()

    def _recipe(self) -> Callable[[], Cleaner]:
        """What makes a cleaner like this one; the model is loaded where it is called, so no copy travels."""
        return partial(Cleaner, self.model, favour=self.favour)

    def clean(self, page: str | bytes, *, kind: Kind = "auto") -> str:
        """Return the article's text, a paragraph a line; ``""`` where there is none.

        Raises
        ------
        InputError
            If `page` is binary, too large, or cannot be parsed.
        """
        cut = self._segment(page, kind)
        P, words = self._proba([cut])
        kept = self._choose(cut, P, words)
        return assemble(cut, kept, find_in_blocks(cut.texts, kept))

    def label(self, page: str | bytes, *, kind: Kind = "auto") -> Document:
        """Return the page's labelled blocks and what is kept of it.

        Raises
        ------
        InputError
            If `page` is binary, too large, or cannot be parsed.
        """
        cut = self._segment(page, kind, nodes=True)
        P, words = self._proba([cut])
        return self._document(cut, P, words)

    def clean_many(
        self,
        pages: Iterable[str | bytes],
        *,
        kind: Kind = "auto",
        n_jobs: int = 1,
        blocks: bool = False,
        timeout: float | None = None,
    ) -> Iterator[Result]:
        """Clean many pages: yields one `Result` a page, in order; errors are results.

        A page that takes too long, or whose process dies on it twice (out of
        memory), is an error; the others go on.

        Parameters
        ----------
        pages
            Read lazily, a few batches ahead of what is taken.
        n_jobs
            Processes; -1 takes all cores. 1 works in this process, unless there
            is a `timeout`. They end with the iteration.
        blocks
            Whether results carry the labelled blocks (slower).
        timeout
            Seconds that a page may take. Only a process can be stopped whatever
            it is at: with a limit, ``n_jobs=1`` starts one, too.
        """
        batches = _batches(pages)
        if n_jobs == 1 and timeout is None:
            for batch in batches:
                yield from self._batch(batch, kind, blocks)
            return
        work = partial(_clean_batch, kind=kind, blocks=blocks)
        for results in spread(self._recipe(), work, batches, n_jobs, timeout=timeout, lost=_lost):
            yield from results

    def _batch(self, pages: list[str | bytes], kind: Kind, blocks: bool) -> list[Result]:
        results: list[Result | None] = [None] * len(pages)
        cuts: dict[str, list[tuple[int, Page]]] = {}
        for i, page in enumerate(pages):
            try:
                cut = self._segment(page, kind, nodes=blocks)
            except (BoilerplateError, TypeError) as error:
                results[i] = Result("error", error=str(error))
                continue
            cuts.setdefault(cut.kind, []).append((i, cut))
        for group in cuts.values():
            try:
                P, words = self._proba([cut for _, cut in group])
            except ModelError as error:  # no model for this kind of page: the others go on
                for i, _ in group:
                    results[i] = Result("error", error=str(error))
                continue
            at = 0
            for i, cut in group:
                to = at + len(cut)
                results[i] = self._result(cut, P[at:to], words[at:to], blocks)
                at = to
        return [result for result in results if result is not None]

    def _result(self, cut: Page, P: np.ndarray, words: np.ndarray, blocks: bool) -> Result:
        if blocks:
            document = self._document(cut, P, words)
            for block in document.blocks:  # the parsed page does not outlive its batch
                path = block.xpath
                block._locate = partial(str, path)
            return Result(
                "ok" if document.text else "empty",
                document.text,
                document.title,
                document.confidence,
                blocks=document.blocks,
                reason="" if document.text else self._reason(cut, P, words),
            )
        kept = self._choose(cut, P, words)
        text = assemble(cut, kept, find_in_blocks(cut.texts, kept))
        sure = confidence(P, words, kept)
        reason = "" if text else self._reason(cut, P, words)
        return Result("ok" if text else "empty", text, _headline(cut, P), sure, reason=reason)

    def _document(self, cut: Page, P: np.ndarray, words: np.ndarray) -> Document:
        kept = self._choose(cut, P, words)
        spans = find_in_blocks(cut.texts, kept)
        best = P.argmax(axis=1) if len(P) else []
        blocks = [
            Block(
                text,
                LABELS[best[i]],
                float(P[i, best[i]]),
                {label: float(p) for label, p in zip(LABELS, P[i], strict=True)},
                i,
                tag=cut.nodes[cut.block_el[i]].tag if cut.nodes else "",
                kept=bool(kept[i]),
                spans=spans.get(i, ()),
                _locate=partial(xpath_of, cut, i) if cut.nodes else None,
            )
            for i, text in enumerate(cut.texts)
        ]
        text = assemble(cut, kept, spans)
        return Document(blocks, text, _headline(cut, P), confidence(P, words, kept))

    def _choose(self, cut: Page, P: np.ndarray, words: np.ndarray) -> np.ndarray:
        return choose(P, words, self._bias, cut.title, cut.texts)

    def _reason(self, cut: Page, P: np.ndarray, words: np.ndarray) -> str:
        return why_nothing(P, words, self._bias, cut.title)

    def _segment(self, page: str | bytes, kind: Kind, *, nodes: bool = False) -> Page:
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
        if kind not in ("auto", HTML, TEXT):
            raise ValueError(f"unknown kind {kind!r} (known: auto, html, text)")
        if kind == TEXT or (kind == "auto" and not is_html(page)):
            text = page if isinstance(page, str) else page.decode("utf-8")
            # The shipped model may not be loaded yet; it knows the shipped headings only.
            loaded = self._models.get(TEXT)
            cut = segment_text(text, loaded.headings if loaded is not None else headings())
        else:
            cut = segment(parse(page), nodes=nodes)
        if len(cut) > MAX_BLOCKS:
            raise InputError(f"{len(cut):,} blocks are too many for a page (at most {MAX_BLOCKS:,})")
        return cut

    def _proba(self, cuts: list[Page]) -> tuple[np.ndarray, np.ndarray]:
        kind = cuts[0].kind
        if not any(map(len, cuts)):  # nothing to label, so no model to load
            return np.zeros((0, len(LABELS)), np.float32), np.zeros(0)
        model = self._model(kind)
        found = []
        for some in stretches(cuts):
            described = model.describer.describe_many(some)
            found.append((model.network.proba(described), described.words))
        if len(found) == 1:
            return found[0]
        P, words = zip(*found, strict=True)
        return np.concatenate(P), np.concatenate(words)

    def _model(self, kind: str) -> _Model:
        model = self._models.get(kind)
        if model is None:
            if self.model is not None:
                raise ModelError(f"{self.model}: not a model for {kind}")
            model = self._open(DEFAULT[kind])
        return model

    def _open(self, model: str | Path) -> _Model:
        network, header = open_model(model)
        kind, rows = header["kind"], header["lexicon"]
        # Whole and in one step, as another thread may be looking or loading; then the first to come serves both.
        return self._models.setdefault(kind, _Model(network, describer(kind, rows), headings(rows)))


def _headline(page: Page, P: np.ndarray) -> str:
    return text_headline(page, P) if page.kind == TEXT else html_headline(page, P)


def _clean_batch(cleaner: Cleaner, batch: list[str | bytes], kind: Kind, blocks: bool) -> list[Result]:
    return cleaner._batch(batch, kind, blocks)


def _lost(reason: str) -> list[Result]:
    return [Result("error", error=reason)]


def _batches(pages: Iterable[str | bytes]) -> Iterator[list[str | bytes]]:
    """Group pages by number and by size, so that a batch of large pages stays small."""
    batch: list[str | bytes] = []
    size = 0
    for page in pages:
        if isinstance(page, (bytearray, memoryview)):  # a view cannot be sent to a process
            page = bytes(page)
        batch.append(page)
        size += len(page) if isinstance(page, (str, bytes)) else 0
        if len(batch) >= _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
