"""Hostile HTML written at random: tag soup whose words are all unlike, so that each can be found again."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

BLOCKS = (
    "p div li td th h1 h2 h6 article section main aside header footer nav ul ol dl dt dd blockquote figure figcaption"
    " caption table thead tbody tfoot tr form fieldset legend address pre center details summary menu dialog select"
    " option optgroup button colgroup search dir listing x-y amp-ad"
).split()
INLINES = (
    "a a b strong i em span font big small u s strike tt code nobr label q cite sub ruby rt rp rb foo o:p amp-img"
    " map picture"
).split()
HIDDEN = "script style noscript iframe noembed object canvas audio video applet datalist svg".split()
VOID = "br br br img hr wbr input embed area base link meta param source track col frame image keygen bgsound".split()
ROOTS = "html head body frameset noframes".split()
FOREIGN = "svg math g path text foreignObject desc title mi mtext annotation-xml mglyph".split()
RAW = "script style textarea title xmp iframe noembed noframes noscript".split()
ALL = [*BLOCKS, *INLINES, *HIDDEN, *VOID, *ROOTS, *FOREIGN, *RAW]

SENTENCES = (
    "Warga desa {} menanam ribuan bibit bakau di sepanjang pantai yang rusak diterjang ombak besar bulan lalu.",
    "Kepala desa mengatakan kegiatan {} itu akan dilanjutkan setiap pekan sampai garis pantai hijau kembali.",
    "“Kami menyumbang tenaga {} dan waktu kami sendiri,” kata warga itu pada Senin (3/4/2023).",
)
PHRASES = (
    "Baca juga: Warga Desa {} Menanam Ribuan Bibit",
    "Berita Terkait {}",
    "Terpopuler {}",
    "ADVERTISEMENT {}",
    "SCROLL TO CONTINUE WITH CONTENT {}",
    "[Gambas:Video {}]",
    "JAKARTA, {} - Warga",
    "(abc/{})",
    "{} | ",
    "{}, ",
    "• {}",
)
COMMENTS = (
    "<!-- {} -->",
    "<!--{}",
    "<!-->{}",
    "<!--->{}",
    "<!--{}--!>",
    "<!--{}-- >",
    "<!{}>",
    "<?{}?>",
    "<?{}",
    "</ {}>",
    "</>{}",
    "<!doctype {}>",
    "<!--[if IE]>{}<![endif]-->",
    "<![if !IE]>{}<![endif]>",
    "<![CDATA[{}]]>",
    "<![CDATA[{}",
    "]]>{}",
    "<!-- <p> {} --> ",
)
ENTITIES = (
    "&amp; &ampx &lt;p&gt; &nbsp; &nbsp &notit; &notin; &eacute &foo; &#233; &#xe9 &#0; &#128; &#x9f; &#13; &#xd800;"
    " &#x110000; &#99999999999; &#x; &#; & &; &shy; &zwj; &#8203; &#xfffe; &bne; &lang; &Tab; &NewLine;"
).split(" ")
CHARACTERS = [*map(chr, range(1, 32)), *"\x7f\x80\x85\x9f\xa0\xad\0"]
CHARACTERS += [
    *"\u0301\u034f\u061c\u1680\u180e\u2003\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069"
]
CHARACTERS += [*"\u3000\ufeff\ufffd\ufffe\uffff\ufdd0\U0001f600\U0010ffff\u0130\u1e9e\u4e2d\u0e01\u0645"]
TORN = (
    "<",
    "</",
    "<{}",
    "</{}",
    "<p {}",
    "<a href='{}",
    '<a href="{}',
    "<p {}=",
    "<!-",
    "<!d",
    "<p/{}",
    "&#",
    "<{} ",
    "< p>",
)
ATTRIBUTES = (
    "class={}",
    'class="a {} b"',
    "id='{}'",
    "class",
    'class=""',
    "hidden",
    "style='display:none'",
    'href="/{}"',
    "href=/{}/>",
    'title="<p>{}</p>"',
    "data-x='\">{}'",
    "{}",
    "=",
    "/",
    "class={} class=b",
    "x:y={}",
    'class="&amp;&#0;{}"',
    'class="berita-terkait"',
    'type="hidden"',
    'definitionurl="{}"',
    "color=red",
    'encoding="text/html"',
)


WORD = re.compile(r"k\d+z")
"""What `Soup.name` makes, no two alike in a page."""


class Soup:
    """Writes one page; `rng` decides everything."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.words = 0
        self.open: list[str] = []
        makers: list[tuple[int, Callable[[], str]]] = [
            (30, self.word),
            (6, self.prose),
            (24, self.opening),
            (14, self.closing),
            (10, self.element),
            (5, self.breaks),
            (4, self.comment),
            (4, self.entity),
            (4, self.character),
            (3, self.raw),
            (2, self.root),
            (3, self.table),
            (3, self.foreign),
            (1, self.torn),
            (1, self.nest),
            (1, self.rewritten),
        ]
        self._makers = [maker for _, maker in makers]
        self._weights = [weight for weight, _ in makers]

    def page(self, pieces: int) -> str:
        """A page of about so many pieces, perhaps with a head and a story."""
        rng = self.rng
        out = []
        if rng.random() < 0.3:
            out.append(f"<!DOCTYPE html><html><head><title>{self.word()}</title></head><body>")
        if rng.random() < 0.1:
            out.append(self.story())
        out += self.pieces(pieces)
        if rng.random() < 0.1:
            out.append(self.story())
        if rng.random() < 0.1:
            out.append("</body></html>" + self.word())
        return "".join(out)

    def lines(self, count: int) -> str:
        """A plain text of so many lines."""
        rng = self.rng
        ends = (
            "\n",
            "\n",
            "\n\n",
            ", \n",
            " yang\n",
            "\n- ",
            "\n-\n",
            " \r\n",
            "\r",
            "\x0b",
            "\u2028",
            ".\n",
            ":\n",
            "\n1. ",
        )
        makers = (self.prose, self.prose, self.word, self.word, self.character, self.entity)
        lines = (rng.choice(makers)() * rng.choice((1, 1, 1, 30)) + rng.choice(ends) for _ in range(count))
        return "".join(lines)

    def pieces(self, count: int) -> list[str]:
        """So many pieces, each of some kind."""
        return [make() for make in self.rng.choices(self._makers, self._weights, k=count)]

    def name(self) -> str:
        """A word that the page does not have yet."""
        self.words += 1
        return f"k{self.words}z"

    def word(self) -> str:
        """A word, with or without white space around it."""
        return self.rng.choice(("{}", " {} ", "{} ", "{}. ", "{}, ")).format(self.name())

    def prose(self) -> str:
        """A sentence of a story or of what portals put around it."""
        return self.rng.choice((*SENTENCES, *PHRASES)).format(self.name())

    def story(self) -> str:
        """Paragraphs enough to be an article."""
        return "".join(f"<p>{sentence.format(self.name())}</p>" for sentence in SENTENCES * 3)

    def attributes(self) -> str:
        """Attributes of a tag; mostly none."""
        rng = self.rng
        if rng.random() < 0.6:
            return ""
        if rng.random() < 0.02:
            return " " + " ".join(f"a{i}=b" for i in range(rng.randrange(300)))
        if rng.random() < 0.02:
            return f' class="{"panjang " * rng.randrange(500)}"'
        chosen = rng.choices(ATTRIBUTES, k=rng.randint(1, 3))
        return " " + " ".join(attribute.replace("{}", self.name()) for attribute in chosen)

    def cased(self, tag: str) -> str:
        """A tag's name, now and then not in small letters."""
        return tag.upper() if self.rng.random() < 0.05 else tag

    def opening(self) -> str:
        """A start tag; some void, some closed at once."""
        rng = self.rng
        tag = rng.choice(rng.choice((BLOCKS, BLOCKS, INLINES, INLINES, VOID, HIDDEN)))
        if tag not in VOID:
            self.open.append(tag)
        return f"<{self.cased(tag)}{self.attributes()}{'/' if rng.random() < 0.04 else ''}>"

    def closing(self) -> str:
        """An end tag: of what is open, of an element further out, or of anything."""
        rng, chance = self.rng, self.rng.random()
        if self.open and chance < 0.6:
            tag = self.open.pop()
        elif self.open and chance < 0.8:
            tag = self.open.pop(rng.randrange(len(self.open)))
        else:
            tag = rng.choice(ALL)
        return f"</{self.cased(tag)}{rng.choice(('', '', '', ' ', '/', ' x=y', chr(10)))}>"

    def element(self) -> str:
        """An element with its end tag and a few pieces within."""
        tag = self.rng.choice(self.rng.choice((BLOCKS, INLINES, HIDDEN)))
        inner = "".join(self.pieces(self.rng.randint(0, 3)))
        return f"<{tag}{self.attributes()}>{inner}</{tag}>"

    def breaks(self) -> str:
        """Line breaks, one or a run of them."""
        rng = self.rng
        count = rng.choice((1, 1, 2, 2, 3, rng.randrange(40)))
        return rng.choice(("", " ", "\n")).join(rng.choices(("<br>", "<br/>", "</br>", "<BR >"), k=count))

    def comment(self) -> str:
        """A comment, or what a browser takes for one."""
        return self.rng.choice(COMMENTS).format(self.name()) + self.word()

    def entity(self) -> str:
        """A character reference, well-formed or not."""
        return self.rng.choice(ENTITIES) + self.rng.choice(("", " ", self.name()))

    def character(self) -> str:
        """A character that is no letter: control, direction, white space, astral."""
        return self.rng.choice(CHARACTERS) * self.rng.choice((1, 1, 2))

    def raw(self) -> str:
        """An element whose content is no markup, with markup in it."""
        rng = self.rng
        tag = rng.choice(RAW)
        inner = rng.choice(("{}", "<p>{}</p>", "</html>{}", "<!--{}-->", "<!--<script>{}", "</x{}", "&amp;{}", "<{}>"))
        end = rng.choice((f"</{tag}>", f"</{tag}>", f"</{tag} >", f"</{tag.upper()}/>", f"</{tag} a=b>", ""))
        return f"<{tag}{self.attributes()}>{inner.format(self.name())}{end}{self.word()}"

    def root(self) -> str:
        """A tag of the page's frame where it does not belong."""
        rng = self.rng
        if rng.random() < 0.03:
            return f"<plaintext>{self.word()}"
        if rng.random() < 0.05:
            return f"<frameset><frame><noframes>{self.name()}</noframes></frameset>"
        tag = rng.choice(ROOTS[:3])
        return rng.choice(("<{}>", "</{}>", "</{}>", "</{}/>", "</{} x>", "<{} class=a>")).format(tag) + self.word()

    def table(self) -> str:
        """A piece of a table, with text where a table has none."""
        rng = self.rng
        parts = (
            "<table>",
            "<tr>",
            "<td>",
            "<th>",
            "</td>",
            "</tr>",
            "</table>",
            "<tbody>",
            "<caption>",
            "<col>",
            "<form>",
        )
        return "".join(
            rng.choice((rng.choice(parts), rng.choice(parts), self.word())) for _ in range(rng.randint(2, 8))
        )

    def foreign(self) -> str:
        """SVG or MathML, closed or not, with HTML in it or not."""
        rng = self.rng
        tag = rng.choice(("svg", "math"))
        inner = "".join(
            rng.choice(
                (f"<{rng.choice(FOREIGN)}>", f"<{rng.choice(BLOCKS)}>", self.word(), f"</{rng.choice(FOREIGN)}>")
            )
            for _ in range(rng.randint(0, 4))
        )
        return f"<{tag}{rng.choice(('', '', '/'))}>{inner}{rng.choice((f'</{tag}>', f'</{tag}>', ''))}{self.word()}"

    def torn(self) -> str:
        """Half a tag."""
        return self.rng.choice(TORN).format(self.name())

    def nest(self) -> str:
        """One tag within itself, many times."""
        tag = self.rng.choice(("div", "b", "a", "span", "font", "ul", "table", "blockquote", "x-y", "form"))
        return f"<{tag}>" * self.rng.choice((3, 20, 60)) + self.word()

    def rewritten(self) -> str:
        """Adoption agency: inline elements that overlap blocks and each other."""
        tags = self.rng.choices(("a", "b", "i", "nobr", "p", "div", "button", "table"), k=4)
        return "".join(f"<{tag}>{self.word()}" for tag in tags) + "".join(f"</{tag}>" for tag in tags)
