"""Tell whether a file in a folder is a page: by its ending, else by how its content begins."""

from __future__ import annotations

import os
import re

from boilerplate.files import error_reason

ENDINGS = (".html", ".htm", ".xhtml", ".mhtml", ".mht", ".txt")
"""Endings of files that are pages, also with .gz or .zst after them."""

_ASSETS = frozenset(
    ".avi .avif .bmp .br .bz2 .css .csv .doc .docx .eot .gif .gz .ico .jpeg .jpg .js .json .map .mjs .mov .mp3 .mp4 "
    ".ogg .otf .pdf .png .ppt .pptx .rar .svg .tar .tiff .ttf .warc .wav .webm .webp .woff .woff2 .xls .xlsx .xz .zip "
    ".zst".split()
)
"""Endings of what else a mirror of a site holds: such files are not opened."""

# What a browser takes for HTML where nothing is declared, with what may stand before:
# https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\b[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|link|script|style|iframe|div|table|font|h1|br|p|a|b)[\s>/]",
    re.I | re.S,
)
_SNIFFED_BYTES = 4096


def is_page(name: str) -> bool:
    """Whether a file's ending says that it is a page."""
    return name.lower().removesuffix(".gz").removesuffix(".zst").endswith(ENDINGS)


def why_no_page(entry: os.DirEntry[str]) -> str:
    """Return why an entry of a folder, not a folder itself, is no page; ``""`` if it is one."""
    try:
        if not entry.is_file():
            return _irregular(entry)
        if is_page(entry.name):
            return ""
        ending = os.path.splitext(entry.name)[1].lower()
        if ending in _ASSETS:
            return f"{ending} file"
        with open(entry.path, "rb", buffering=0) as file:
            return "" if _HTML.match(file.read(_SNIFFED_BYTES)) else "no HTML in it"
    except OSError as error:
        return error_reason(error)


def _irregular(entry: os.DirEntry[str]) -> str:
    if not entry.is_symlink():
        return "not a file"
    return "link to a folder" if entry.is_dir() else "link to a file that is not there"
