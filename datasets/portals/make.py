"""Render the labelled portal pages of this directory.

Usage: ``python datasets/portals/make.py [--only GLOB] [--data DIR] [--out DIR]``

Reads ``stories.jsonl`` and ``pools.json`` (of ``--data``, default here) and
``layouts/*.html.j2``; writes ``pages/<portal>-NN.html`` and ``pages.jsonl``
(``--out``, default here). ``--only 'b0*'`` renders some layouts, for trying
them: use it with ``--out /tmp/x``, since ``pages.jsonl`` is written afresh.
Files in ``layouts/`` that begin with ``_`` hold macros for the others
(``{% import "_parts.html.j2" as parts with context %}``).

First line of a layout (a value holds no blank; ``_`` in a brand is a blank)::

    {# portal=kabar.example brand=Kabar_Kini year=2021|2023 pages=5 template=m
       kind=index url=/read/{n}/{slug} odd=minified:1,bom:2,windows-1252:3 #}

Only ``portal`` is needed. ``plain=yes`` keeps embedded posts and photos out
of the stories. ``odd`` makes page 1 one line, page 2 begin with a byte order
mark, page 3 windows-1252 (write ``<meta charset="{{ charset }}">``);
``hashed:4`` makes the class names and ids of page 4 meaningless.
Layouts of one portal get the same stories (a page and its AMP twin).

Labels: ``data-label="related"`` on an element; ``data-text-labels="body,related"``
on an element for its direct non-blank text nodes in order. The deepest one
wins; what has none is chrome. Both attributes are stripped from the pages.
Links to ``#`` get an address such as links of their label and text have.

In a layout: ``story``, ``brand``, ``domain``, ``year``, ``page`` (from 1), ``charset``, ``pools`` and

- ``pick(list or pool)``, ``sample(list or pool, n)``, ``num(a, b)``, ``maybe(p=0.5)``
- ``heads(n, beat=None)``: n headlines, never one twice on a page; ``href(text)``: its link
- ``related(n)``: the next n of the story's own related headlines (then ``heads`` of its beat)
- ``heading(kind)``: of ``pools["headings"]``, mostly the portal's own wording
- ``baca_juga(i)``: ``(prefix, i-th related headline)``: ``{% set before, head = baca_juga(0) %}``
- ``teaser()``, ``ago()``, ``date()``, ``author()``, ``ad()``, ``nav(n)``
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import etree

HERE = Path(__file__).resolve().parent
LABELS = {"body", "related", "popular", "ad", "latest", "picks", "meta", "chrome"}
_ANNOTATION = re.compile(r"""\s+data-(?:text-labels|label)="[\w, ]*\"""")
_UNSEEN = {"script", "style", "head", "noscript", "template"}
_CODECS = {"windows-1252": "cp1252", "bom": "utf-8-sig"}


class Kit:
    """The functions that a layout calls while one page of it is rendered."""

    def __init__(self, portal: str, brand: str, seed: str, pools: dict[str, Any], story: dict[str, Any]) -> None:
        self.portal, self.brand, self.pools, self.story = portal, brand, pools, story
        self.rng = random.Random(seed)
        self.used = {story["title"], *story["related"]}
        self.unread = list(story["related"])

    def functions(self) -> dict[str, Callable[..., Any]]:
        """Return the functions by the names that layouts know."""
        methods = (
            self.pick,
            self.sample,
            self.num,
            self.maybe,
            self.heads,
            self.href,
            self.related,
            self.heading,
            self.baca_juga,
        )
        one = {"teaser": "teasers", "ago": "ago", "date": "dates", "author": "authors", "ad": "ads"}
        pools: dict[str, Callable[..., Any]] = {name: partial(self.pick, pool) for name, pool in one.items()}
        return pools | {method.__name__: method for method in methods} | {"nav": partial(self.sample, "nav")}

    def pick(self, of: str | Sequence[Any]) -> Any:
        """One item of a list or of a pool."""
        return self.sample(of, 1)[0]

    def sample(self, of: str | Sequence[Any], n: int) -> list[Any]:
        """Up to `n` distinct items of a list or of a pool."""
        items = list(self.pools[of] if isinstance(of, str) else of)
        return [
            x.replace("{brand}", self.brand) if isinstance(x, str) else x
            for x in self.rng.sample(items, min(n, len(items)))
        ]

    def num(self, low: int, high: int) -> int:
        """A whole number, ends included."""
        return self.rng.randint(low, high)

    def maybe(self, p: float = 0.5) -> bool:
        """True with probability `p`."""
        return self.rng.random() < p

    def heads(self, n: int, beat: str | None = None) -> list[str]:
        """`n` headlines that the page has not shown; of `beat` while it has some."""
        by_beat = self.pools["headlines"]
        first = [h for h in by_beat.get(beat, []) if h not in self.used]
        rest = [h for b, pool in by_beat.items() if b != beat for h in pool if h not in self.used]
        found = self.rng.sample(first, min(n, len(first)))
        found += self.rng.sample(rest, min(n - len(found), len(rest)))
        if len(found) < n:
            raise ValueError(f"{self.portal}: no unused headlines left on the page ({len(self.used)} shown)")
        self.used.update(found)
        return found

    def related(self, n: int) -> list[str]:
        """The next `n` related headlines, then others of the story's beat."""
        found, self.unread = self.unread[:n], self.unread[n:]
        return found + self.heads(n - len(found), self.story["beat"])

    def href(self, text: str) -> str:
        """An invented link for a headline."""
        return f"https://{self.portal}/read/{int(hashlib.sha1(text.encode()).hexdigest()[:6], 16)}/{_slug(text)}"

    def _own(self, name: str, items: Sequence[str]) -> str:
        """An item of `items`: mostly one of the portal's own two."""
        own = random.Random(f"{self.portal} {name}").sample(list(items), min(2, len(items)))
        return str(self.pick(items) if self.maybe(0.25) else own[-self.maybe(0.2)])

    def heading(self, kind: str) -> str:
        """A heading of a list of this kind."""
        return self._own(kind, self.pools["headings"][kind])

    def baca_juga(self, i: int) -> tuple[str, str]:
        """The words before an in-text link, and the `i`-th related headline."""
        related = self.story["related"]
        return self._own("baca juga", self.pools["bacajuga_prefix"]), related[i % len(related)]


def enrich(story: dict[str, Any], kit: Kit) -> dict[str, Any]:
    """Put what stories of real portals also hold between a story's paragraphs.

    Embedded posts, lines of facts, sub-headings and photos with captions are
    appended to some paragraphs as HTML that closes and reopens the ``<p>``.
    """
    if kit.maybe(0.35):
        return story
    body = [dict(block) for block in story["body"]]
    places = [i for i, block in enumerate(body) if block["t"] == "p" and i > 0]
    for i in sorted(kit.sample(places, kit.num(1, 6))):
        body[i]["x"] += f"</p>{kit.pick([_post, _gram, _facts, _photo, _subhead])(kit)}<p>"
    return story | {"body": body}


def _post(kit: Kit) -> str:
    who, handle, text = kit.pick("embeds")
    lines = text.replace(". ", ".<br>") if kit.maybe(0.3) else text
    return (
        f'<blockquote class="twitter-tweet" data-label="body"><p lang="in" dir="ltr">{lines} '
        f'<a href="#">pic.twitter.com/{_slug(who)[:9]}</a></p>'
        f'&mdash; {who} (@{handle}) <a href="#">March {kit.num(1, 30)}, 2024</a></blockquote>'
    )


def _gram(kit: Kit) -> str:
    who, handle, text = kit.pick("embeds")
    return (
        '<blockquote class="instagram-media"><div><a href="#"><div></div>'
        '<div data-label="chrome">View this post on Instagram</div></a>'
        f'<p data-label="body"><a href="#">{text}</a></p>'
        f'<p data-label="body">A post shared by <a href="#">{who}</a> (@{handle}) on '
        f"<time>May {kit.num(1, 30)}, 2024 at 5:{kit.num(10, 59)}am PDT</time></p></div></blockquote>"
    )


def _facts(kit: Kit) -> str:
    lines = kit.pick("facts")
    if kit.maybe(0.3):
        return '<div data-label="body">' + "<br>".join(lines) + "</div>"
    if kit.maybe(0.4):
        return '<ul data-label="body">' + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
    return "".join(f'<p data-label="body">{line}</p>' for line in lines)


def _photo(kit: Kit) -> str:
    caption = kit.pick("photos")
    way = kit.num(1, 4)
    if way == 1:
        return (
            f'<figure><img src="/f/{kit.num(1, 99)}.jpg" alt="">'
            f'<figcaption data-label="meta">{caption}</figcaption></figure>'
        )
    if way == 2:
        return (
            f'<div class="foto-isi"><img src="/f/{kit.num(1, 99)}.jpg"><span data-label="meta">{caption}</span></div>'
        )
    if way == 3:
        return (
            f'<p style="text-align:center"><img src="/f/{kit.num(1, 99)}.jpg"></p>'
            f'<p data-label="meta"><em>{caption}</em></p>'
        )
    return (
        f'<div class="wp-caption aligncenter"><img src="/f/{kit.num(1, 99)}.jpg">'
        f'<p class="caption-text" data-label="meta">{caption}</p></div>'
    )


def _subhead(kit: Kit) -> str:
    text = kit.pick("subheads")
    tag = kit.pick(["h2", "h3", "h4", "p"])
    return f'<{tag} data-label="body">' + (f"<strong>{text}</strong>" if tag == "p" else text) + f"</{tag}>"


def _addressed(page: str, portal: str, seed: str) -> str:
    """Put addresses into the links that a layout leaves open (``#``), as such links have them; a few stay open."""
    rng = random.Random(f"links {seed}")
    found = [element for element in _parse(page).iter(etree.Element) if element.get("href") == "#"]
    parts = _OPEN_LINK.split(page)
    if len(parts) != len(found) + 1:
        raise ValueError(f"{len(found)} links, and {len(parts) - 1} in the text")
    links = [f'href="{_address(element, portal, rng)}"' for element in found]
    return "".join(part + link for part, link in zip(parts, [*links, ""], strict=True))


def _address(link: Any, portal: str, rng: random.Random) -> str:
    """Where a link leads, by its label and its text."""
    text = " ".join("".join(link.itertext()).split())
    around = [link, *link.iterancestors()]
    label = next((x.get("data-label") for x in around if x.get("data-label")), "chrome")
    inside = " ".join(x.get("class") or "" for x in around)
    slug, number = _slug(text), rng.randint(10_000, 9_999_999)
    if "instagram-media" in inside:
        return f"https://www.instagram.com/p/{rng.getrandbits(50):x}/?utm_source=ig_embed"
    if "twitter-tweet" in inside:
        short = text.startswith("pic.")
        return f"https://t.co/{number:x}" if short else f"https://twitter.com/x/status/{number}?ref_src=twsrc%5Etfw"
    network = next((address for name, address in _NETWORKS.items() if name in text.lower()), "")
    if network and label in ("chrome", "meta"):
        return network
    if not slug or rng.random() < _OPEN:
        return rng.choice(("#", "#", "javascript:void(0)"))
    if label == "ad":
        return f"https://{rng.choice(_SHOPS)}/{slug[:40]}?utm_source={portal.partition('.')[0]}"
    if label == "meta":
        return f"/{rng.choice(('tag', 'tag', 'penulis', 'topik'))}/{slug}"
    if label in ("chrome", "body"):
        section = f"/{slug[:40]}" if label == "chrome" else f"/tag/{slug[:40]}"
        return section if rng.random() < 0.7 else f"https://{portal}{section}"
    story = slug.count("-") >= _STORY
    return f"https://{portal}/read/{number}/{slug}" if story else f"/{slug}"


_OPEN_LINK = re.compile(r"""href=(?:"#"|'#'|#(?=[\s>]))""")
_OPEN, _STORY = 0.15, 3  # share of links that stay open; dashes of a headline's slug
_SHOPS = ("belanja.example", "promo.example", "klik.example", "iklan.example")
_NETWORKS = {
    "facebook": "https://www.facebook.com/sharer/sharer.php?u=x",
    "twitter": "https://twitter.com/intent/tweet?url=x",
    "whatsapp": "https://api.whatsapp.com/send?text=x",
    "telegram": "https://t.me/share/url?url=x",
    "instagram": "https://www.instagram.com/redaksi",
    "youtube": "https://www.youtube.com/redaksi",
    "linkedin": "https://www.linkedin.com/shareArticle?url=x",
    "tiktok": "https://www.tiktok.com/redaksi",
}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _parse(page: str) -> Any:
    """Parse a page the way readers of the dataset do."""
    return etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8")).getroottree()


def _regions(page: str) -> dict[str, tuple[str, str]]:
    """Labels and texts of an annotated page by XPath, in document order."""
    tree = _parse(page)
    regions: dict[str, tuple[str, str]] = {}
    for element in tree.getroot().iter(etree.Element):
        path = tree.getpath(element)
        if (label := element.get("data-label")) is not None:
            regions[path] = (label, "".join(element.itertext()))
        if (labels := element.get("data-text-labels")) is not None:
            texts = [(f"{path}/text()[{i}]", str(t)) for i, t in enumerate(element.xpath("text()"), 1) if t.strip()]
            for (place, text), name in zip(texts, labels.split(","), strict=True):
                regions[place] = (name.strip(), text)
    if any(label not in LABELS for label, _ in regions.values()):
        raise ValueError("unknown label")
    return regions


def _verify(page: str, regions: dict[str, tuple[str, str]]) -> Counter[str]:
    """Count the words per label of the stripped page; every region must be where it was."""
    tree = _parse(page)
    label_of: dict[Any, str] = {}
    for path, (label, text) in regions.items():
        (node,) = tree.xpath(path)
        found = str(node) if path.endswith("]") and "/text()[" in path else "".join(node.itertext())
        if found != text:
            raise ValueError(f"{path}: {found[:60]!r} is not {text[:60]!r}")
        label_of[path] = label
    words: Counter[str] = Counter()

    def walk(element: Any, label: str) -> None:
        path = tree.getpath(element)
        label = label_of.get(path, label)
        if element.tag in _UNSEEN:
            return
        for i, text in enumerate(element.xpath("text()"), 1):
            words[label_of.get(f"{path}/text()[{i}]", label)] += len(text.split())
        for child in element.iterchildren(etree.Element):
            walk(child, label)

    walk(tree.getroot(), "chrome")
    return +words


def _minify(page: str) -> str:
    """Put a page on one line."""
    return re.sub(r"\s*\n\s*", " ", re.sub(r">\s*\n\s*<", "><", page))


def _hashed(page: str) -> str:
    """Replace the class names and ids of a page by meaningless ones."""
    names = re.compile(r'(?<= class=")[^"<>]+(?=")|(?<= id=")[^"<>]+(?=")')
    return names.sub(lambda m: " ".join("x" + hashlib.sha1(w.encode()).hexdigest()[:6] for w in m[0].split()), page)


def _options(source: str) -> dict[str, str]:
    """Read the declaration on top of a layout."""
    return dict(word.split("=", 1) for word in source.partition("#}")[0].split() if "=" in word)


def main() -> None:
    """Render every layout, check the labels, write the pages and their index."""
    arguments = argparse.ArgumentParser(description="Render the labelled portal pages.")
    arguments.add_argument("--only", default="*", metavar="GLOB", help="names of layouts, without .html.j2")
    arguments.add_argument("--data", type=Path, default=HERE, help="directory of stories.jsonl and pools.json")
    arguments.add_argument("--out", type=Path, default=HERE, help="directory for pages/ and pages.jsonl")
    args = arguments.parse_args()
    stories = [json.loads(line) for line in (args.data / "stories.jsonl").read_text("utf-8").splitlines()]
    random.Random("stories").shuffle(stories)
    pools = json.loads((args.data / "pools.json").read_text("utf-8"))
    jinja = Environment(
        loader=FileSystemLoader(HERE / "layouts"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    (args.out / "pages").mkdir(parents=True, exist_ok=True)
    layouts = {path: _options(path.read_text("utf-8")) for path in sorted((HERE / "layouts").glob("[!_]*.html.j2"))}
    portals = list(dict.fromkeys(options["portal"] for options in layouts.values()))
    numbers, total = Counter[str](), Counter[str]()
    records = []
    for path, options in layouts.items():
        if not path.match(f"{args.only}.html.j2"):
            continue
        portal = options["portal"]
        brand = options.get("brand", portal.split(".")[0].title()).replace("_", " ")
        years = options.get("year", "2022").split("|")
        odd = {
            int(page): kind
            for kind, _, page in (item.partition(":") for item in options.get("odd", "").split(","))
            if page
        }
        for n in range(1, int(options.get("pages", "5")) + 1):
            story = stories[(5 * portals.index(portal) + n) % len(stories)]
            kit = Kit(portal, brand, f"{path.name} {n}", pools, story)
            if options.get("plain") != "yes" and "kind" not in options:
                story = enrich(story, kit)
            charset, year = (odd[n] if odd.get(n) == "windows-1252" else "utf-8"), years[n % len(years)]
            facts = {
                "story": story,
                "brand": brand,
                "domain": portal,
                "year": year,
                "page": n,
                "charset": charset,
                "pools": pools,
            }
            page = jinja.get_template(path.name).render(**facts, **kit.functions())
            codec = _CODECS.get(odd.get(n, ""), "utf-8")
            try:
                page = _addressed(page, portal, f"{path.name} {n}")
                page = {"minified": _minify, "hashed": _hashed}.get(odd.get(n, ""), str)(page)
                data = _ANNOTATION.sub("", page).encode(codec, "xmlcharrefreplace")
                words = _verify(data.decode(codec), regions := _regions(page))
                if "kind" in options and words["body"]:
                    raise ValueError("an index page has body")
            except ValueError as error:
                raise SystemExit(f"{path.name}, page {n}: {error}") from error
            numbers[portal] += 1
            name = f"pages/{portal}-{numbers[portal]:02}.html"
            (args.out / name).write_bytes(data)
            route = options.get("url", "/" if "kind" in options else "/read/{n}/{slug}")
            url = f"https://{portal}" + route.format(n=10_000 + 37 * n, slug=_slug(story["title"]), year=year)
            record = {"page": name} | ({"kind": options["kind"]} if "kind" in options else {})
            record |= {
                "portal": portal,
                "template": options.get("template", ""),
                "story": story["id"],
                "url": url,
                "year": year,
            }
            record |= {"source": "boilerplate datasets/portals", "sha256": hashlib.sha256(data).hexdigest()}
            records.append(
                record | {"words": dict(words), "regions": [[xpath, label] for xpath, (label, _) in regions.items()]}
            )
            total += words
    (args.out / "pages.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), "utf-8")
    print(
        len(records),
        "pages,",
        sum((args.out / r["page"]).stat().st_size for r in records),
        "bytes,",
        dict(total.most_common()),
    )


if __name__ == "__main__":
    main()
