"""A model retrained in the background on what was checked, with figures before and after."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from boilerplate.annotation.labeller import Labeller
from boilerplate.annotation.session import Session
from boilerplate.errors import BoilerplateError, DatasetError
from boilerplate.files import write_atomically
from boilerplate.segment.page import HTML
from boilerplate.training.retraining import Change, RetrainingResult, retrain_model

CHECKED = "checked.jsonl"
"""The pages that the last retraining learned from, in the dataset's folder."""

_PORTALS = 12
"""Portals whose figures are shown one by one, at most."""

MODEL = "model"
"""Name of the retrained model and its card, there as well."""


class Retraining:
    """Runs retrainings, one at a time.

    Parameters
    ----------
    session
        What is being labelled; labels what is left with the new model.
    start
        Name or path of the model that each retraining starts from.
    others
        Datasets of other portals, to measure what the change does to them.
    """

    def __init__(self, session: Session, start: str | Path, others: Sequence[Path] = ()) -> None:
        self._session = session
        self._start = start
        self._others = list(others)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._steps = (0, 1, "")
        self._outcome: dict[str, Any] = {}

    def begin(self) -> bool:
        """Start a retraining; False where one runs already.

        Raises
        ------
        DatasetError
            If no page was checked.
        """
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                return False
            file = self._write_checked()
            self._outcome, self._steps = {}, (0, 1, "reading pages")
            self._thread = threading.Thread(target=self._run, args=(file,), name="retraining", daemon=True)
            self._thread.start()
            return True

    def wait(self) -> None:
        """Wait for the retraining that runs."""
        if self._thread is not None:
            self._thread.join()

    def state(self) -> dict[str, Any]:
        """Whether one runs, how far it is, and what the last one gave: text, changes, whether its model is used."""
        done, total, what = self._steps
        running = self._thread is not None and self._thread.is_alive()
        return {"running": running, "fraction": min(done / max(total, 1), 1.0), "what": what, **self._outcome}

    def _write_checked(self) -> Path:
        store = self._session.store
        with self._session.lock:
            records = [x.record for x in store.entries if x.kind == HTML and x.done]
            if not records:
                raise DatasetError("no page is marked as done yet: that is what the model would learn from")
            file = store.folder / CHECKED
            lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
            write_atomically(file, "".join(lines).encode("utf-8", "replace"))
            return file

    def _run(self, file: Path) -> None:
        try:
            result = retrain_model(
                [file],
                file.parent / MODEL,
                self._start,
                others=self._others,
                overwrite=True,
                jobs=1,
                progress=self,
            )
            if result.model is not None:
                self._session.use(Labeller(result.model))
            self._outcome = _describe(result)
        except (BoilerplateError, OSError, ValueError) as error:
            self._outcome = {"error": str(error)}

    def start(self, total: int | None, what: str, done: int = 0) -> None:
        """See `Progress`."""
        self._steps = done, total or 1, what

    def advance(self, fraction: float = 0.0) -> None:
        """See `Progress`."""
        done, total, what = self._steps
        self._steps = done + 1, total, what


def _describe(result: RetrainingResult) -> dict[str, Any]:
    changes = [row for change in result.changes for row in _rows(change)]
    return {"model": str(result.model) if result.model else "", "changes": changes, "text": result.text}


def _rows(change: Change) -> Iterator[dict[str, Any]]:
    """The figures of a change, and those of each portal where they are of a few."""
    pages = change.before.pages
    portals = sorted({page.portal for page in pages})
    for portal in (None, *(portals if 1 < len(portals) <= _PORTALS else ())):
        yield {
            "name": change.name if portal is None else f"– {portal}",
            "pages": sum(portal in (None, page.portal) for page in pages),
            "macro": [change.before.macro_f1(portal), change.after.macro_f1(portal)],
            "body": [change.before.body_f1(portal), change.after.body_f1(portal)],
        }
