"""Addresses of links taken apart, in Python; replaced by the compiled `_address.pyx` where that is built.

Whoever changes one changes the other: both give the same (see `compiled`).
"""

from __future__ import annotations

import re
from array import array

import numpy as np

from boilerplate.features import address as ad

_MASK = 2**64 - 1
_URL = re.compile(rb"(?:([a-z][a-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?", re.S)
_WORD = re.compile(rb"[a-z]{2,}")
_DIGITS = re.compile(rb"[0-9]{5,}")
_DATE = re.compile(rb"(?:19|20)[0-9]{2}[/-]?[0-9]")


def take_apart(addresses: list[bytes]) -> tuple[np.ndarray, ...]:
    """Take addresses apart.

    Parameters
    ----------
    addresses
        Addresses in UTF-8; an empty one is none.

    Returns
    -------
    numbers : array of shape (n, len(ad.NUMBERS)), uint8
    hosts, sites : arrays of shape (n,), uint64
        Hashes of the host, and of the part of it that is registered (`kabar.co.id`); 0 for none.
    ids : array of shape (n,), uint64
        The longest number of five digits or more in the path; 0 for none.
    words, roles : arrays of shape (n_words,), uint64 and uint8
        Hash of each word with where it stands.
    bounds : array of shape (n + 1,), int64
        The words of address `i` are ``bounds[i]:bounds[i + 1]``.
    """
    numbers = np.zeros((len(addresses), len(ad.NUMBERS)), np.uint8)
    hosts, sites, ids = (np.zeros(len(addresses), np.uint64) for _ in range(3))
    words, roles, bounds = array("Q"), array("B"), array("q", [0])

    def add(found: list[bytes], role: int) -> None:
        words.extend(_hash(word, role) for word in found)
        roles.extend([role] * len(found))

    for i, address in enumerate(addresses):
        address = address.strip(b" \t\r\n\f").lower()
        scheme, host, path, query = (part or b"" for part in _URL.match(address).groups())  # type: ignore[union-attr]
        if scheme not in (b"", b"http", b"https"):
            numbers[i, 0] = 1
            add(_WORD.findall(address[: ad.SCHEME_BYTES])[: ad.MOST_IN_SCHEME], ad.SCHEME)
        elif not address or address[:1] == b"#":
            numbers[i, 0] = 1
        else:
            if host:
                hosts[i], sites[i] = _hash(host, ad.HOST), _hash(_site(host), ad.HOST)
                add(_WORD.findall(host), ad.HOST)
            segments = [segment for segment in path.split(b"/") if segment]
            for k, segment in enumerate(segments):
                found = _WORD.findall(segment)
                if len(found) <= ad.MOST_IN_SEGMENT:
                    add(found, ad.PATH)
                    if k == 0:
                        add(found, ad.FIRST)
            for parameter in query.split(b"&")[: ad.MOST_PARAMETERS]:
                key, _, value = parameter.partition(b"=")
                add(_WORD.findall(key), ad.KEY)
                if key.startswith(ad.TELLING):
                    add(_WORD.findall(value)[: ad.MOST_IN_VALUE], ad.VALUE)
            runs = _DIGITS.findall(path)
            ids[i] = int(max(runs, key=len, default=b"0")[: ad.LONGEST_NUMBER])
            slug = len(_WORD.findall(max(segments, key=len, default=b"")))
            numbers[i, 1:] = (
                min(slug, 255),
                min(len(segments), 255),
                bool(runs),
                _DATE.search(path) is not None,
                query != b"",
                b"utm_" in query or b"ref=" in query,
                not segments,
            )
        bounds.append(len(words))
    arrays = np.array(words, np.uint64), np.array(roles, np.uint8), np.array(bounds, np.int64)
    return numbers, hosts, sites, ids, *arrays


def _hash(word: bytes, role: int) -> int:
    value = ad.BASIS ^ role
    for byte in word:
        value = ((value ^ byte) * ad.PRIME) & _MASK
    return value


def _site(host: bytes) -> bytes:
    """The part of a host that somebody registered: the last two labels, three where the last two are short."""
    labels = host.partition(b":")[0].split(b".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return b".".join(labels[-3 if short else -2 :])
