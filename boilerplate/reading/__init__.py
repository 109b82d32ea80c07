"""Bytes to text: character encodings, wrappers such as MHTML, and whether a page is HTML or plain text."""

from boilerplate.reading.charset import MAX_BYTES, decode, to_utf8
from boilerplate.reading.sniff import is_html
from boilerplate.reading.unwrap import unescape, unwrap

__all__ = ["MAX_BYTES", "decode", "is_html", "to_utf8", "unescape", "unwrap"]
