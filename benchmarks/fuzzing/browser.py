"""What a browser shows of a page, by html5lib, which builds the tree that the HTML standard prescribes."""

from __future__ import annotations

import re
import warnings
from typing import Any

import html5lib
from html5lib.constants import DataLossWarning
from html5lib.treebuilders import getTreeBuilder

from boilerplate.segment.tags import CODES, FALLBACKS, SKIP, TAGS, unknown

_BUILDER = getTreeBuilder("etree")
# White space, what the segmenter takes out as invisible, and NUL, which one parser drops and another replaces.
_UNSEEN = re.compile("[\\s\u200b-\u200f\u2060\ufeff\u00ad\0\ufffd]+")
_NEVER_SHOWN = frozenset({"noframes"})  # the segmenter shows it, for pages of frames have nothing else

_OPAQUE = "|".join(
    [*(str(tag) for tag, (kind, _) in TAGS.items() if kind == SKIP), "noembed noframes xmp math plaintext"]
)
_FALLBACKS = "|".join(tag for tag, code in CODES.items() if code in FALLBACKS)
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
_FORMATTING = "a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u"
_MISREAD = {
    "html5lib takes a template for any other element": re.compile("<template", re.I),
    "html5lib ignores most tags in a select, as the standard had it until 2025": re.compile(
        rf"<select(?:(?!</select)[\s\S])*<(?:{_OPAQUE.replace(' ', '|')})", re.I
    ),
    "a browser takes the rest of the page for text, the parser reads it as a page": re.compile(
        r"<(?:iframe|noembed|noframes|plaintext|script|style|textarea|title|xmp)(?=[\s/])(?:[^<]*|[^>]*|[^<>]*\"[^\"]*\")/>",
        re.I,
    ),
    "a browser leaves it open, so that it or its end tag may close a video or the like": re.compile(
        rf"<(?!(?:{_VOID})[\s/])[a-z][^<>]*/>[\s\S]*<(?:{_FALLBACKS})", re.I
    ),
    "the parser keeps parts of tables without a table, and drops the end tags around them": re.compile(
        rf"\A(?:(?!<table)[\s\S])*<(?:tbody|td|tfoot|th|thead|tr)[\s>/][\s\S]*<(?:{_FALLBACKS})", re.I
    ),
    "the parser ignores the end tag of a cell whose row has no tag": re.compile(
        rf"<({_FALLBACKS})\b(?:(?!</\1)[\s\S])*</(?:table|tbody|td|tfoot|th|thead|tr)\b", re.I
    ),
    "the parser ignores </b> in a block, a browser moves the block out of what is around": re.compile(
        rf"<({_FALLBACKS})\b[\s\S]*</(?:{_FORMATTING})\b", re.I
    ),
    "NUL in the name of a tag": re.compile(r"</?[a-z][^\s/>]*\0", re.I),
    "the parser drops these tags in a picture, a browser the picture": re.compile(
        r"<svg[\s\S]*<(?:body|head)[\s/>]", re.I
    ),
    "the parser takes CDATA for a comment, in MathML, too": re.compile(r"<math[\s\S]*<!\[CDATA\[", re.I),
    "a foreignObject in MathML and an mi in SVG hold no HTML, where we look no further": re.compile(
        r"<math(?:(?!</math)[\s\S])*<(?:foreignobject|desc)|<svg(?:(?!</svg)[\s\S])*<(?:annotation-xml|m[inos]|mtext)",
        re.I,
    ),
}
"""Where html5lib's word is not taken, and why."""


class NoVerdictError(Exception):
    """html5lib cannot say what a browser shows."""


def squeeze(text: str) -> str:
    """A text without white space and invisible characters: the form in which two parsers' texts are compared."""
    return _UNSEEN.sub("", text)


def hides(tag: Any) -> bool:
    """Whether the segmenter, by its table of tags, shows nothing of an element of that name (or of a comment)."""
    return not isinstance(tag, str) or (TAGS.get(tag) or unknown(tag))[0] == SKIP


def shown(html: str) -> list[str]:
    """The text nodes of a page that a browser shows, in document order.

    The browser runs scripts, so that ``noscript`` is raw text. Which elements
    hide what they hold is what the segmenter's table says: an ``object``'s
    fallback does not count as shown, a paragraph that a style hides does.

    Raises
    ------
    NoVerdictError
        If html5lib fails, or does not read the page as browsers do.
    """
    for reason, pattern in _MISREAD.items():
        if pattern.search(html):
            raise NoVerdictError(reason)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DataLossWarning)
            root = html5lib.HTMLParser(_BUILDER).parse(html, scripting=True)
    except Exception as error:  # whatever it is, it is no fault of ours
        raise NoVerdictError(repr(error)) from error
    out: list[str] = []
    stack = [root]  # what is left to do, the last first: elements, and texts behind elements
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            out.append(node)
            continue
        if node.tail:
            stack.append(node.tail)
        name = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else None
        if not hides(name) and name not in _NEVER_SHOWN:
            if node.text:
                out.append(node.text)
            stack.extend(reversed(node))
    return out
