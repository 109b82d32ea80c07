"""Whether bytes are UTF-8; replaced by the compiled `_utf8.pyx` where that is built (see `compiled`)."""

from __future__ import annotations


def is_utf8(data: bytes) -> bool:
    """Whether bytes are valid UTF-8: neither surrogates nor longer forms than needed (RFC 3629)."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
