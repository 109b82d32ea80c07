"""What a page may come wrapped in, and what reads as text but is no page: told by how it begins."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesHeaderParser
from itertools import islice
from typing import overload

from boilerplate.errors import InputError

_HEAD = 2**16  # bytes
_BOM = b"\xef\xbb\xbf"

# Comments and declarations may stand before the root. Each alternative matches in one way
# only, or a page of many comments would take for ever.
_ROOT = re.compile(
    rb"\s*(?:(?:<\?[^>]*>|<!--(?:(?!-->).)*-->|<!doctype\b[^>]*>)\s*)*"
    rb"<(rss|rdf:rdf|feed|urlset|sitemapindex|opml|svg)[\s>]",
    re.I | re.S,
)
_ROOTS = {
    b"rss": "an RSS feed",
    b"rdf:rdf": "an RSS feed",
    b"feed": "an Atom feed",
    b"urlset": "a sitemap",
    b"sitemapindex": "a sitemap",
    b"opml": "a list of feeds (OPML)",
    b"svg": "an SVG image",
}
_JSON = re.compile(rb"""(?:\{\s*"(?:[^"\\\n]|\\.){0,200}"\s*:|\[\s*\{\s*")""")
_WARC = re.compile(rb"WARC/[01]\.\d+\r?\n")

_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")
_BLANK = re.compile(rb"\r?\n\r?\n")
_SENT = ("Message-ID", "Received", "Return-Path", "Delivered-To", "To")
"""Headers that messages have and saved pages have not."""
_MOST_PARTS = 1000
_DEEPEST = 4


_ESCAPED = re.compile(rb"&lt;(?:!doctype|html|body|div|p|article|section|h[1-6]|ul|ol|table|figure|blockquote)\b", re.I)
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&"))


def unwrap(page: str | bytes) -> tuple[str | bytes, str]:
    """Return the page itself, or the main document of MHTML with its Content-Type.

    Raises
    ------
    InputError
        If it reads as text but is no page: a feed, a sitemap, JSON, an e-mail
        message, a WARC file.
    """
    head = _head(page)
    start = head[:1]
    if start == b"<":
        root = _ROOT.match(head)
        if root is not None and _stands_alone(root[1].lower(), head):
            raise _refusal(_ROOTS[root[1].lower()])
    elif start in (b"{", b"["):
        if _JSON.match(head):
            raise _refusal("JSON")
    elif _WARC.match(head):
        raise _refusal("a WARC file")
    elif _FIELD.match(head):
        headers = _headers(head)
        if _is_mhtml(headers):
            data = page.encode("utf-8", "replace") if isinstance(page, str) else page
            found = _main_document(data.removeprefix(_BOM).lstrip(), str(headers.get_param("start", "")), 0)
            if found is None:
                raise _refusal("MHTML without an HTML part")
            return found
        if _is_message(headers):
            raise _refusal("an e-mail message")
    return page, ""


@overload
def unescape(page: bytes) -> bytes: ...
@overload
def unescape(page: str | bytes) -> str | bytes: ...
def unescape(page: str | bytes) -> str | bytes:
    """Return a page, UTF-8 or text, with its tags if they were written as entities: the content of a feed.

    Other entities stay as they are.
    """
    if page[:_HEAD].lstrip()[:1] in ("<", b"<"):  # nearly all pages: no need to look closer
        return page
    head = _head(page)
    if not _ESCAPED.match(head) or re.search(rb"<[a-z/]", head):
        return page
    for entity, character in _ENTITIES:
        if isinstance(page, str):
            page = page.replace(entity, character)
        else:
            page = page.replace(entity.encode(), character.encode())
    return page


def _head(page: str | bytes) -> bytes:
    """What a page begins with, without blanks before it."""
    head = page[:_HEAD].encode("utf-8", "replace") if isinstance(page, str) else page[:_HEAD]
    return head.removeprefix(_BOM).lstrip()


def _refusal(what: str) -> InputError:
    return InputError(f"not a page or a text: {what}")


def _stands_alone(root: bytes, head: bytes) -> bool:
    """Whether the root means what it says: HTML may begin with an image, or an element of its own called feed."""
    return root not in (b"feed", b"opml", b"svg") or b"<?xml" in head[:100] or b"http://www.w3.org/2005/Atom" in head


def _headers(data: bytes) -> Message:
    """Parse the headers that data begins with; none if other text comes before a blank line."""
    end = 0
    while field := _FIELD.match(data, end):
        end = field.end()
    whole = end == len(data) or data[end : end + 1] == b"\n" or data[end : end + 2] == b"\r\n"
    return BytesHeaderParser().parsebytes(data[:end] if whole else b"")


def _is_message(headers: Message) -> bool:
    sent = sum(name in headers for name in _SENT)
    return "From" in headers and sent > 0 and ("MIME-Version" in headers or "Date" in headers or sent > 1)


def _is_mhtml(headers: Message) -> bool:
    if "MIME-Version" not in headers or any(name in headers for name in _SENT):
        return False
    return headers.get_content_type() in ("multipart/related", "multipart/alternative", "text/html")


def _main_document(data: bytes, start: str, depth: int) -> tuple[bytes, str] | None:
    """Find the part whose Content-ID is `start`, else the first part of HTML."""
    blank = _BLANK.search(data)
    if blank is None:
        return None
    headers, body = _headers(data[: blank.end()]), data[blank.end() :]
    kind = headers.get_content_type()
    if kind in ("text/html", "application/xhtml+xml"):
        return _decoded(body, headers), str(headers["Content-Type"])
    boundary = headers.get_boundary()
    if not kind.startswith("multipart/") or not boundary or depth == _DEEPEST:
        return None
    first = None
    for part in islice(_parts(body, boundary), _MOST_PARTS):
        named = bool(start) and start.encode("utf-8", "replace") in part[:_HEAD].partition(b"\r\n\r\n")[0]
        if first is None or named:
            found = _main_document(part, start, depth + 1)
            if found is not None and (named or not start):
                return found
            first = first or found
    return first


def _parts(body: bytes, boundary: str) -> Iterator[bytes]:
    mark = re.compile(rb"^--" + re.escape(boundary.encode("utf-8", "surrogateescape")) + rb"(?:--)?[ \t]*\r?$", re.M)
    begin = None
    for match in mark.finditer(body):
        if begin is not None:
            yield body[begin : match.start()].lstrip(b"\r\n")
        begin = match.end()
    if begin is not None:
        yield body[begin:].lstrip(b"\r\n")


def _decoded(body: bytes, headers: Message) -> bytes:
    coding = str(headers.get("Content-Transfer-Encoding", "")).strip().lower()
    if coding == "quoted-printable":
        return binascii.a2b_qp(body)
    if coding == "base64":
        try:
            return binascii.a2b_base64(body)
        except binascii.Error as error:
            raise InputError(f"broken base64 data: {error}") from error
    return body
