"""From probabilities of pieces to runs of noise: the likeliest course through each block.

A piece alone decides little: the middle of a headline looks like a name in the
story. So the story and the noise are two states, and going from one to the
other costs what the border there is unlikely to be one (Viterbi 1967). Which
kind of noise is decided afterwards, for all pieces between two likely borders
at once.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from boilerplate.labels import INDEX, Label

BODY = INDEX[Label.BODY]

DOUBT = 1.6
"""Added to the log odds of each piece's being body: a sentence of the story weighs more than a piece of noise."""

SUSPICIOUS = 0.05
"""Probability of noise from which a block is looked at more closely: most blocks have no such piece."""

WHOLE = 0.1
"""Mean probability of body up to which a whole block can be noise: what sees its surroundings has called it body."""

_LEAST = 1e-6
_STAYS = 0.5
_UNIT = 0.5
"""Probability of a border from which two pieces of noise may be of two kinds."""


def noisy_runs(P: np.ndarray, border: np.ndarray, block: np.ndarray, favour: float = 0.0) -> list[tuple[int, int, int]]:
    """Find the runs of pieces that are noise.

    Parameters
    ----------
    P
        Shape (n_pieces, n_labels): probabilities.
    border
        Shape (n_pieces,): probability of a border before each piece.
    block
        Shape (n_pieces,): number of each piece's block, rising.
    favour
        Added to the log odds of body, once a piece.

    Returns
    -------
    list of (first piece, piece after the last, column of the label)
    """
    n = len(P)
    if not n:
        return []
    body = np.clip(P[:, BODY].astype(np.float64), _LEAST, 1 - _LEAST)
    starts = np.flatnonzero(np.diff(block, prepend=-1))
    ends = np.append(starts[1:], n)
    suspicious = np.logical_or.reduceat(1 - body > SUSPICIOUS, starts) & (ends - starts > 1)
    if not suspicious.any():
        return []
    favour = min(max(favour, -50.0), 50.0)
    odds = _log_odds(body) + DOUBT + favour
    p = np.clip(border.astype(np.float64), _LEAST, 1.0)
    change, stay = np.log(p), np.log1p(-_STAYS * p)
    logs = np.log(np.maximum(P, _LEAST))
    runs: list[tuple[int, int, int]] = []
    for a, b in zip(starts[suspicious].tolist(), ends[suspicious].tolist(), strict=True):
        noise = _course(odds[a:b].tolist(), change[a:b].tolist(), stay[a:b].tolist())
        if any(noise) and not (all(noise) and _log_odds(body[a:b].mean()) + favour > _log_odds(WHOLE)):
            runs += _kinds(np.array(noise), p[a:b], logs[a:b], a)
    return runs


def _log_odds(p: Any) -> Any:
    return np.log(p) - np.log1p(-p)


def _course(odds: list[float], change: list[float], stay: list[float]) -> list[bool]:
    """The likeliest states of a block's pieces: whether each is noise."""
    body, noise = odds[0], 0.0
    from_noise: list[bool] = [False]  # whether body came from noise
    from_body: list[bool] = [False]
    for k in range(1, len(odds)):
        c, s = change[k], stay[k]
        to_body, to_noise = noise + c > body + s, body + c > noise + s
        body, noise = (noise + c if to_body else body + s) + odds[k], body + c if to_noise else noise + s
        from_noise.append(to_body)
        from_body.append(to_noise)
    out = [False] * len(odds)
    state = noise > body
    for k in range(len(odds) - 1, -1, -1):
        out[k] = state
        state = (not from_body[k]) if state else from_noise[k]
    return out


def _kinds(noise: np.ndarray, border: np.ndarray, logs: np.ndarray, offset: int) -> list[tuple[int, int, int]]:
    """Runs of one kind among the noisy pieces of a block."""
    new = np.ones(len(noise), bool)
    new[1:] = (noise[1:] != noise[:-1]) | (border[1:] > _UNIT)
    starts = np.flatnonzero(new)
    sums = np.add.reduceat(logs, starts, axis=0)
    sums[:, BODY] = -math.inf
    label = sums.argmax(axis=1)
    out: list[tuple[int, int, int]] = []
    for a, b, k in zip(starts.tolist(), [*starts[1:].tolist(), len(noise)], label.tolist(), strict=True):
        if not noise[a]:
            continue
        if out and out[-1][1] == a + offset and out[-1][2] == k:
            out[-1] = (out[-1][0], b + offset, k)
        else:
            out.append((a + offset, b + offset, k))
    return out
