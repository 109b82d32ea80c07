"""What a text must be to be written: texts that fall short are pages without an article."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from boilerplate.document import Result


@dataclass(frozen=True, slots=True)
class Demands:
    """What texts must be.

    Attributes
    ----------
    confidence
        Lowest confidence, 0 to 1.
    words
        Fewest words.
    """

    confidence: float = 0.0
    words: int = 0

    def check(self, result: Result) -> Result:
        """Return the result, or in its place an empty one that says what is amiss."""
        if result.status != "ok":
            return result
        reason = ""
        if result.confidence < self.confidence:
            reason = f"confidence {result.confidence:.2f} is below {self.confidence:g}"
        elif self.words and (words := len(result.text.split())) < self.words:
            reason = f"{words} words are fewer than {self.words}"
        if not reason:
            return result
        return replace(result, status="empty", text="", markup="", paragraphs=(), text_source="", reason=reason)
