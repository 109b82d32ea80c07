"""Texts into characters and words, in NumPy; replaced by the compiled `_tokenize.pyx` where that is built.

Whoever changes one changes the other: both give the same (see `compiled`).
"""

from __future__ import annotations

import numpy as np

from boilerplate.features import characters as ch
from boilerplate.lexicon.letters import TABLE

_COUNTED_BITS = (
    ch.LETTER,
    ch.UPPER,
    ch.DIGIT,
    ch.SPACE,
    ch.COMMA,
    ch.QUOTE,
    ch.MARK,
    ch.HANDLE,
    ch.SIGN,
    ch.JOINT,
)


def take_apart(texts: list[str], sizes: np.ndarray) -> tuple[np.ndarray, ...]:
    """Take texts that are not empty apart: all characters concatenated, a line break behind each text.

    Parameters
    ----------
    sizes
        Shape (n_texts,): their characters.

    Returns
    -------
    counts, edges, hashes, lengths, bounds : arrays
        As in `tokenizer.Words`; the hashes are not mixed yet.
    """
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    starts = np.cumsum(sizes + 1) - sizes - 1
    if joined.isascii():
        classes, values = ch.CLASSES[codes], ch.VALUES[codes]
    else:
        classes, values = ch.classes_of(codes), ch.VALUES[np.minimum(codes, TABLE - 1)]
        beyond = codes >= TABLE
        values[beyond] = codes[beyond]
    is_upper, is_space = (classes & ch.UPPER) > 0, (classes & ch.SPACE) > 0
    opening = np.ones(len(classes), bool)  # first characters of tokens
    opening[1:] = is_space[:-1]
    opening &= ~is_space
    after_stop = np.zeros(len(classes), bool)
    after_stop[2:] = is_upper[2:] & is_space[1:-1] & ((classes[:-2] & ch.STOP) > 0)
    after_stop[starts] = False  # what went before is another text
    flags = [(classes & bit) > 0 for bit in _COUNTED_BITS]
    unspaced = ((classes & ch.LETTER) > 0) & (codes >= ch.UNSPACED[0]) & (codes < ch.UNSPACED[1])
    flags += [opening, opening & is_upper, after_stop, unspaced]
    counts = np.stack([np.add.reduceat(flag, starts, dtype=np.int64) for flag in flags])
    counts[ch.COUNTED.index("spaces")] -= 1  # the line break
    last = starts + sizes - 1
    edges = codes[np.stack([starts, last, np.maximum(last - 1, starts), np.maximum(last - 2, starts)])]
    letter = np.zeros(len(codes) + 1, np.int8)
    letter[1:] = (classes & ch.LETTER) > 0  # the last character is a line break
    edge = np.diff(letter)
    at, end = np.flatnonzero(edge > 0), np.flatnonzero(edge < 0)
    lengths = end - at
    hashes = np.zeros(0, np.uint64)
    if len(at):
        inside = np.flatnonzero(letter[1:])
        ahead = np.cumsum(lengths) - lengths  # letters before the word
        offset = np.arange(len(inside)) - np.repeat(ahead, lengths)
        hashes = np.add.reduceat(values[inside] * ch.POWERS[np.minimum(offset, len(ch.POWERS) - 1)], ahead)
    return counts, edges, hashes, lengths, np.append(np.searchsorted(at, starts), len(at))
