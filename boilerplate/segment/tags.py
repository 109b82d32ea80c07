"""What each HTML element does to the flow of text: the segmenter's table of tags."""

from __future__ import annotations

INLINE, LINK, STRONG, BLOCK, SKIP, BREAK = range(6)
"""Kinds of element. Only `BLOCK` and `BREAK` end a run of text."""

_BLOCKS = [
    "p",
    "div",
    "li",
    "td",
    "th",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "article",
    "section",
    "main",
    "aside",
    "header",
    "footer",
    "nav",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "figure",
    "figcaption",
    "caption",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "form",
    "fieldset",
    "legend",
    "body",
    "html",
    "address",
    "pre",
    "center",
    "hr",
    "hgroup",
    "details",
    "summary",
    "menu",
    "dialog",
    "select",
    "option",
    "optgroup",
    "textarea",
    "button",
    "colgroup",
    "col",
    "search",
    "frameset",
    "frame",
    "noframes",
]
_INLINES = (
    "span font em i u small big label q cite time abbr sub sup mark code ins del "
    "s strike tt var kbd samp dfn bdi bdo wbr nobr acronym data output picture blink marquee math"
)
_SKIPS = [
    "script",
    "style",
    "template",
    "noscript",
    "head",
    "title",
    "svg",
    "iframe",
    "object",
    "embed",
    "canvas",
    "audio",
    "video",
    "applet",
    "param",
    "source",
    "track",
    "area",
    "map",
    "input",
    "link",
    "meta",
    "base",
    "datalist",
]

_ORDER = [*_BLOCKS, *_INLINES.split(), "a", "strong", "b", *_SKIPS, "br", "img", "amp-img", "rt", "rp", "rtc"]

CODES: dict[str, int] = {tag: i + 1 for i, tag in enumerate(_ORDER)}
"""A small number for each known tag, from 1; 0 is any other tag."""

_KIND = {
    **dict.fromkeys(_BLOCKS, BLOCK),
    **dict.fromkeys(_INLINES.split(), INLINE),
    **dict.fromkeys(_SKIPS, SKIP),
    "a": LINK,
    "strong": STRONG,
    "b": STRONG,
    "br": BREAK,
    "img": SKIP,
    **dict.fromkeys(("rt", "rp", "rtc"), INLINE),
    "amp-img": INLINE,  # where nobody closes it, text ends up inside
    # The parser leaves what belongs in the body inside an unclosed head.
    "head": BLOCK,
    # Void in HTML, but the parser nests what follows in them.
    **dict.fromkeys(("source", "track", "embed", "map"), INLINE),
}

TAGS: dict[object, tuple[int, int]] = {tag: (_KIND[tag], code) for tag, code in CODES.items()}
"""Kind and code of each known tag."""


_OLD_BLOCKS = frozenset(["dir", "listing", "multicol", "plaintext", "xmp"])
_XHTML = frozenset(("html", "xhtml", "h"))


def unknown(tag: str) -> tuple[int, int]:
    """Kind and code of a tag that the table lacks: custom elements are boxes, others inline."""
    prefix, colon, name = tag.partition(":")
    if colon and prefix in _XHTML and name in TAGS:
        return TAGS[name]
    if tag == "noembed":
        return SKIP, 0
    return (BLOCK if "-" in tag or tag in _OLD_BLOCKS else INLINE), 0


HEADINGS = frozenset(CODES[f"h{i}"] for i in range(1, 7))

PICTURE, PRE = CODES["svg"], CODES["pre"]

READINGS = frozenset(CODES[tag] for tag in ("rt", "rp", "rtc"))
"""What is shown above the line, and for browsers that cannot in brackets on it."""

CAN_BE_FLAT = HEADINGS | {CODES["div"], CODES["p"]}
"""Blocks that a style can make part of a line; list items and cells are records, however they are laid out."""

FALLBACKS = frozenset(CODES[tag] for tag in "audio video canvas object applet datalist svg".split())
"""Pictures, and what holds text for browsers that cannot show it: hidden, if closed (see `unclosed`)."""

# https://html.spec.whatwg.org/#parsing-main-inforeign
BREAKOUT = frozenset(
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta"
    " nobr ol p pre ruby s small span strong strike sub sup table tt u ul var font".split()
)
"""Elements that cannot be inside a picture: where one starts, a browser takes the picture for closed."""

PICTURE_ENDS = BREAKOUT | {"tbody", "td", "tfoot", "th", "thead", "tr"}
"""Those, and elements in which the parser ignores the end tag of the picture."""

BREAKOUT_FONT = frozenset(["color", "face", "size"])
"""Attributes of which a ``font`` needs one for that."""
