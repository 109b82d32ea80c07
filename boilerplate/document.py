"""What comes out: blocks, the document that they make up, and the result for a page of a batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import escape
from typing import Literal

from boilerplate.labels import FOLDINGS, Four, Label
from boilerplate.metadata.record import Metadata
from boilerplate.palette import COLOURS


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a block's text that is not the block's own kind.

    `start` and `end` are offsets in characters into `Block.text`; `probability`
    is that of `label`, 0 to 1.
    """

    start: int
    end: int
    label: Label | Four
    probability: float = 1.0


@dataclass(slots=True, repr=False)
class Block:
    """One block of a page: a paragraph, a heading, an item of a list, a line.

    Attributes
    ----------
    text
        The visible text, white space folded to single spaces.
    label
        The most probable label; in a view (see `Document.relabel`), what that
        label folds into.
    probability
        Probability of `label`, 0 to 1.
    probabilities
        Probability of every label; they add up to 1.
    index
        Place in the document, from 0.
    tag
        Name of the element that holds the block (``"p"``); ``""`` in text.
    kept
        Whether the block is part of `Document.text`.
    spans
        Pieces of the text that were cut out of the kept text.
    """

    text: str
    label: Label | Four
    probability: float
    probabilities: dict[Label | Four, float]
    index: int
    tag: str = ""
    kept: bool = False
    spans: tuple[Span, ...] = ()
    _locate: Callable[[], str] | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        kept = ", kept" if self.kept else ""
        return f"<Block {self.index}: {self.label.value} {self.probability:.2f}{kept}, {_cut(self.text)!r}>"

    @property
    def xpath(self) -> str:
        """XPath that finds the block's nodes again in the parsed page.

        A union (``a | b``) where the block is a run of several nodes; ``""``
        for a line of text.
        """
        return self._locate() if self._locate is not None else ""

    def to_dict(self) -> dict[str, object]:
        """Return the block as plain types, as ``label --format jsonl`` prints it."""
        return {
            "index": self.index,
            "label": self.label.value,
            "probability": round(self.probability, 4),
            "probabilities": {k.value: round(v, 4) for k, v in self.probabilities.items()},
            "xpath": self.xpath,
            "tag": self.tag,
            "kept": self.kept,
            "spans": [[s.start, s.end, s.label.value, round(s.probability, 4)] for s in self.spans],
            "text": self.text,
        }


TextSource = Literal["", "page", "json-ld"]

_SHOWN = 60
_ROWS = 200
"""Blocks that a notebook shows: it keeps what it shows in its file."""


def _cut(text: str, most: int = _SHOWN) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


@dataclass(slots=True, repr=False)
class Document:
    """A labelled page.

    Attributes
    ----------
    blocks
        Every visible text of the page, each in exactly one block, in document order.
    text
        The kept article text, a paragraph a line; ``""`` where there is no article.
    title
        The headline, or ``""``.
    confidence
        How good the text should be, by the model's own probabilities, 0 to 1:
        its expected F1, or, where the text is empty, how sure that is. 0 for a
        text out of JSON-LD, of which the model says nothing.
    text_source
        Where the text is from: ``"page"``, or ``"json-ld"`` where the page shows
        none (see `Cleaner`); ``""`` where there is none.
    """

    blocks: list[Block]
    text: str
    title: str = ""
    confidence: float = 1.0
    text_source: TextSource = ""
    _describe: Callable[[], Metadata] | None = field(default=None, compare=False)
    _render: Callable[[str, bool, bool], str] | None = field(default=None, compare=False)
    _metadata: Metadata | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return (
            f"<Document: {_cut(self.title)!r}, {len(self.blocks)} blocks, text of {len(self.text)} characters, "
            f"confidence {self.confidence:.2f}>"
        )

    def _repr_html_(self) -> str:
        """The blocks as a table, for notebooks: of the page text and numbers, nothing else."""
        rows = [
            f'<tr><td>{block.index}</td><td style="color:{COLOURS[block.label.value][0]}">{block.label.value}</td>'
            f"<td>{block.probability:.2f}</td>"
            f'<td style="text-align:left;font-weight:{"bold" if block.kept else "normal"}">'
            f"{escape(_cut(block.text, 160))}</td></tr>"
            for block in self.blocks[:_ROWS]
        ]
        rest = len(self.blocks) - len(rows)
        return (
            f"<p><b>{escape(self.title) or 'no title'}</b> ({len(self.blocks)} blocks, kept ones bold; "
            f"confidence {self.confidence:.2f})</p>"
            f"<table><tr><th></th><th>label</th><th>p</th><th>text</th></tr>{''.join(rows)}</table>"
            + (f"<p>… and {rest} more</p>" if rest > 0 else "")
        )

    @property
    def metadata(self) -> Metadata:
        """What the page says about its article, read at first use."""
        if self._metadata is None:
            self._metadata = self._describe() if self._describe is not None else Metadata(title=self.title)
        return self._metadata

    def to_markdown(self, *, links: bool = False, images: bool = False) -> str:
        """Return the article as Markdown, with headings, lists, quotes and tables; ``""`` where there is none.

        Parameters
        ----------
        links
            Whether to keep links that lead to http(s).
        images
            Whether to keep the images of the story.
        """
        return self._rendered("markdown", links, images)

    def to_html(self, *, links: bool = False, images: bool = False) -> str:
        """Return the article as an element ``article`` of HTML that is safe to show: see `to_markdown`.

        It has few elements (`render.html.TAGS`), no style and no script, all
        text escaped, and addresses of http(s) only.
        """
        return self._rendered("html", links, images)

    def to_tei(self, *, links: bool = False, images: bool = False) -> str:
        """Return the article as a document of TEI P5, the metadata in its header: see `to_markdown`."""
        return self._rendered("xml-tei", links, images)

    def _rendered(self, name: str, links: bool, images: bool) -> str:
        if self._render is None:
            raise ValueError("a document that no cleaner made has no structure")
        return self._render(name, links, images)

    def relabel(self, folding: str = "four") -> Document:
        """Return a copy whose labels are folded into fewer (see `labels.FOLDINGS`).

        ``"four"`` gives members of `Four`: body, related, popular and ad as
        they are, and ``other`` for what is none of them.

        Raises
        ------
        ValueError
            If there is no folding of that name, or the labels are folded
            already.
        """
        if folding not in FOLDINGS:
            raise ValueError(f"unknown folding {folding!r} (known: {', '.join(FOLDINGS)})")
        fold = FOLDINGS[folding]
        blocks = []
        for block in self.blocks:
            if not isinstance(block.label, Label):
                raise ValueError("the labels are folded already: relabel the document that they come from")
            sums: dict[Label | Four, float] = dict.fromkeys(fold.values(), 0.0)
            for label in Label:
                sums[fold[label]] += block.probabilities.get(label, 0.0)
            folded = fold[block.label]
            spans = tuple(replace(span, label=fold[Label(span.label)]) for span in block.spans)
            blocks.append(replace(block, label=folded, probability=sums[folded], probabilities=sums, spans=spans))
        return replace(self, blocks=blocks)


@dataclass(slots=True, repr=False)
class Result:
    """The outcome for one page of a batch: what `Document` holds, or an error.

    Attributes
    ----------
    status
        ``"ok"``; ``"empty"``: the page holds no article, `reason` says how that
        shows; ``"error"``: it could not be read, `error` says why.
    text, title, confidence, text_source
        As in `Document`; ``""`` and 0 for an error.
    blocks
        The labelled blocks, if they were asked for.
    metadata
        What the page says about its article, if it was asked for.
    markup
        The article with its structure, if it was asked for.
    paragraphs
        The lines of the text, those of verses together, if they were asked for.
    """

    status: Literal["ok", "empty", "error"]
    text: str = ""
    title: str = ""
    confidence: float = 0.0
    error: str = ""
    blocks: list[Block] | None = None
    reason: str = ""
    metadata: Metadata | None = None
    text_source: TextSource = ""
    markup: str = ""
    paragraphs: tuple[str, ...] = ()

    def __repr__(self) -> str:
        why = f", {_cut(self.why)!r}" if self.why else ""
        blocks = f", {len(self.blocks)} blocks" if self.blocks is not None else ""
        return (
            f"<Result: {self.status}{why}, {_cut(self.title)!r}{blocks}, text of {len(self.text)} characters, "
            f"confidence {self.confidence:.2f}>"
        )

    @property
    def why(self) -> str:
        """Why there is no text: the error or the reason; ``""`` where there is text."""
        return self.error or self.reason
