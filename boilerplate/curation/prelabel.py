"""Pages labelled by a model, written as a dataset: what ``label --dataset`` runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from boilerplate.batch.readers.base import SourcePage
from boilerplate.cleaner import Cleaner
from boilerplate.curation.origin import name_portal, page_url
from boilerplate.curation.writing import DatasetWriter
from boilerplate.errors import InputError
from boilerplate.kinds import KINDS
from boilerplate.labels import INDEX, Label
from boilerplate.reading import decode, is_html, to_utf8, unescape, unwrap
from boilerplate.segment.page import HTML, TEXT, HtmlPage, TextPage
from boilerplate.training.datasets import Example, LabelOf, lay_regions


class Prelabeller:
    """Labels pages and adds them to a dataset.

    Parameters
    ----------
    cleaner
        Labels them.
    writer
        Takes them.
    kind
        ``"html"``, ``"text"``, or ``"auto"`` to tell by each page.
    portal
        The portal of all of them; ``""`` to tell by each page's address, else by its folder.
    """

    def __init__(self, cleaner: Cleaner, writer: DatasetWriter, kind: str = "auto", portal: str = "") -> None:
        self._cleaner = cleaner
        self._writer = writer
        self._kind = kind
        self._portal = portal
        self._model = Path(KINDS[HTML].model if cleaner.model is None else cleaner.model).stem

    def add(self, page: SourcePage) -> None:
        """Label a page that came with its content, and add it.

        Raises
        ------
        InputError
            If it is no page, shows no text, or its labels would not be read back as they are.
        """
        content = plain_bytes(page.content or b"", self._kind)
        text = decode(content)
        url = str(page.fields.get("url") or "")
        if self._kind == TEXT or (self._kind == "auto" and not is_html(text)):
            self._add_text(page.source, text, url)
        else:
            self._add_page(page.source, content, text, url)

    def _add_page(self, source: str, content: bytes, text: str, url: str) -> None:
        document, segmented = self._cleaner.label_page(text, kind="html")
        if not document.blocks:
            raise InputError("shows no text")
        assert isinstance(segmented, HtmlPage)
        root = segmented.nodes[0].getroottree().getroot()
        regions = [(block.xpath, Label(block.label)) for block in document.blocks if block.label != Label.CHROME]
        labels = [INDEX[Label(block.label)] for block in document.blocks]
        of = {ref: label for refs, label in zip(segmented.refs, labels, strict=True) for ref in refs}
        check_regions(segmented, root, [(xpath, INDEX[label]) for xpath, label in regions], of.__getitem__)
        url = url or page_url(root)
        self._writer.add_page(
            source,
            content,
            name_portal(self._portal, url, source),
            regions,
            url=url,
            labels_from=f"model {self._model}",
            confidence=round(document.confidence, 3),
            done=False,
        )

    def _add_text(self, source: str, text: str, url: str) -> None:
        text = text.replace("\r\n", "\n")
        if "\n" not in text:
            text = text.replace("\r", "\n")
        document, segmented = self._cleaner.label_page(text, kind="text")
        if not document.blocks:
            raise InputError("shows no text")
        assert isinstance(segmented, TextPage)
        # Characters that nobody sees are a line, but no block: they count as nothing.
        labels = [Label.CHROME if line.strip() else None for line in text.split("\n")]
        for block, (start, end) in zip(document.blocks, segmented.lines, strict=True):
            for line in range(start, end):
                if labels[line] is not None:
                    labels[line] = Label(block.label)
        self._writer.add_text(source, text, name_portal(self._portal, url, source), labels, url)


def plain_bytes(content: str | bytes, kind: str) -> bytes:
    """A page's bytes as training reads them: as they came, unless they are wrapped (see `reading.unwrap`)."""
    if kind == TEXT:
        return content.encode("utf-8", "replace") if isinstance(content, str) else content
    unwrapped, content_type = unwrap(content)
    if isinstance(unwrapped, str):
        return unescape(unwrapped.encode("utf-8", "replace"))
    decoded = to_utf8(unwrapped, content_type)
    plain = unescape(decoded)
    return unwrapped if unwrapped is content and plain is decoded else plain


def check_regions(page: HtmlPage, root: Any, regions: list[tuple[str, int]], label_of: LabelOf) -> None:
    """Check that regions, read back, give the labels of a page's texts.

    Parameters
    ----------
    regions
        XPaths, and the columns of their labels.
    label_of
        The label that a text node must have.

    Raises
    ------
    InputError
        If one has another, or if the XPaths take too long to find: on a page of tens of thousands of siblings.
    """
    read, problems = lay_regions(Example(Path(), "", regions), root)
    if problems:
        raise InputError(f"its labels cannot be written as XPaths: {problems[0].rpartition(': ')[2]}")
    if any(read(ref) != label_of(ref) for refs in page.refs for ref in refs):
        raise InputError("its labels cannot be written as XPaths: one text node is in two blocks")
