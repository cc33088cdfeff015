"""Which language an article is in: only English is read, and what is skipped is reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from quotes.records import Article, Fetch, Problem

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SURE = 0.99
"""How sure py3langid must be of another language. Of 14,784 excerpts of 30 to 1,000 characters from PolNeAR's English
articles it took 403 for another language, mostly the shortest, but none with a probability of 0.99."""
ENOUGH = 20_000
"""Characters by which the language of an article is told."""
PLAIN = frozenset(("the", "and", "of", "to"))
SHARE = 0.05
"""Share of these words from which a text is English without asking py3langid, whose model takes half a second to load
and five milliseconds an article."""


def english_only(
    found: Iterable[tuple[str, Article | Problem | Fetch]],
) -> Iterator[tuple[str, Article | Problem | Fetch]]:
    """Turn articles that are surely in another language into problems.

    Args:
        found: pairs of a place and what was found there.

    Yields:
        The same pairs, but for those articles. What is too short to tell counts as English.
    """
    for place, item in found:
        language = other_language(item.text) if isinstance(item, Article) else None
        if language and isinstance(item, Article):
            item = Problem(
                place,
                f"It is not in English, but in the language {language}.",
                "Only English is understood; leave it out, or ingest a translation.",
                item.id,
            )
        yield place, item


def other_language(text: str) -> str | None:
    """Tell the language of a text that is surely not English, as an ISO 639-1 code; else None."""
    words = text[:ENOUGH].split()
    if sum(word in PLAIN for word in words) > SHARE * len(words):
        return None
    language, probability = _identifier().classify(" ".join(words))
    return str(language) if language not in ("en", "zxx") and probability > SURE else None


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
