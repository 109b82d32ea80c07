"""What the address of a link is taken apart into: for `_address.py` and its compiled version."""

from __future__ import annotations

PATH, FIRST, HOST, KEY, VALUE, SCHEME = range(6)
"""Where in an address a word stands: what is hashed with it."""

BASIS, PRIME = 0xCBF29CE484222325, 0x100000001B3
"""Of FNV-1a (Fowler, Noll and Vo), 64 bits."""

MOST_IN_SEGMENT = 2
"""Words of a part of the path that names a section; one of more is made of a headline."""

MOST_PARAMETERS, MOST_IN_VALUE, MOST_IN_SCHEME = 6, 4, 12
SCHEME_BYTES = 80

TELLING = (b"utm", b"ref", b"source", b"src", b"from", b"type", b"page")
"""How the names of parameters begin whose values say where in a page a link stands."""

LONGEST_NUMBER = 18
"""Digits of a number in a path that are read: what fits 64 bits."""

NUMBERS = ("nowhere", "slug", "depth", "digits", "date", "query", "tracked", "home")
"""Columns of what is counted: for ``slug`` and ``depth`` how many, for all others 0 or 1."""
