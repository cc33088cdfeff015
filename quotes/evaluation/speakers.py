"""How often the right person is named: the figures by which speakers are judged, by kind of source, and the misses."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from quotes.errors import ReadError
from quotes.evaluation.attributions import STRETCH, Counts, Row, characters
from quotes.language import load_pipeline, read_quotes
from quotes.records import Article
from quotes.settings import Settings

SourceKind = Literal["name", "pronoun", "description", "none"]
Figures = Mapping[str, Mapping[str, float]]

KINDS: tuple[SourceKind, ...] = ("name", "pronoun", "description", "none")
PRONOUNS = frozenset("he she they i we who him her".split())
TITLES = frozenset("mr mrs ms dr sir lord lady sen rep gov president senator secretary governor prime minister".split())
ENDINGS = frozenset(("jr", "sr", "the", "of"))
ENOUGH_WORDS = 3


@dataclass(frozen=True)
class Miss:
    """An annotated or found quote of a person for which the other side names somebody else, or nobody.

    Attributes:
        article: the article's id.
        source: the words that name the speaker, as found; "" where there are none.
        found: the person found, or None where nobody was named.
        wanted: the person annotated, or None where the quote is nobody's, no person's or not annotated.
        confidence: that of the found quote, 0 to 1.
        content: the words quoted, as found.
    """

    article: str
    source: str
    found: str | None
    wanted: str | None
    confidence: float
    content: str


@dataclass(frozen=True)
class Report:
    """The figures of one evaluation; each holds p, r, f1, gold and pred by the name of its measure.

    Attributes:
        overall: ``spoken_by``, ``said_by`` and ``pronouns`` of all articles; see :func:`report`.
        by_kind: ``spoken_by`` and ``said_by`` by kind of source: name, pronoun, description, none.
        misses: wrong and missing persons, the most confident first.
    """

    overall: Figures
    by_kind: Mapping[SourceKind, Figures]
    misses: Sequence[Miss]


@dataclass(frozen=True)
class _One:
    """An annotated or found quote: its places, the words and kind of its source, and the person."""

    places: frozenset[int]
    source: str
    person: str | None
    confidence: float = 0.0

    @property
    def kind(self) -> SourceKind:
        return kind_of_source(self.source, self.person)


def read_speakers(path: Path) -> dict[str, Mapping[str, Mapping[str, Any]]]:
    """Read annotated speakers: {article: {"speakers": {attribution: {"name", "type"}}}}.

    Returns:
        For each article's id, the speakers by the id of their attribution.

    Raises:
        ReadError: there is no such file, or it is none of annotated speakers.
    """
    try:
        given = json.loads(path.read_text(encoding="utf8"))
        return {article: dict(one["speakers"]) for article, one in given.items()}
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}.", "Name a file of annotated speakers.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReadError(
            f"{path} holds no annotated speakers: {error!r}.",
            'It must be {"article id": {"speakers": {"attribution id": {"name": ..., "type": ...}}}}.',
        ) from error


def find(rows: Iterable[Row]) -> dict[str, Row]:
    """Find the quotes of annotated articles with their speakers, as `quotes extract` does.

    Args:
        rows: articles with id and text, perhaps title and publisher.

    Returns:
        For each id ``{"quotes": [{"spans", "source", "confidence", "speaker": {"name", "type"}}]}``.
    """
    nlp = load_pipeline(Settings())
    articles = [Article(row["id"], row["text"], row.get("title"), publisher=row.get("publisher")) for row in rows]
    found: dict[str, Row] = {}
    with nlp.select_pipes(disable=["quote_occasions", "quote_stances"]):
        for article, quotes in read_quotes(nlp, articles):
            found[article.id] = {
                "quotes": [
                    {
                        "spans": quote.spans,
                        "source": quote.source,
                        "confidence": quote.confidence,
                        "speaker": quote.speaker
                        and {"name": quote.speaker.name, "type": quote.speaker.type, "role": quote.speaker.role},
                    }
                    for quote in quotes
                ]
            }
    return found


def same_person(one: str, two: str) -> bool:
    """Tell whether two names mean the same person: titles aside, one may leave out words or be one surname."""
    first, second = _key(one), _key(two)
    if not first or not second:
        return False
    if first == second:
        return True
    nested = set(first) <= set(second) or set(second) <= set(first)
    initial = first[0][0] == second[0][0] and min(len(first), len(second)) == 1
    return first[-1] == second[-1] and (nested or initial)


def _key(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    words = re.findall(r"[a-z0-9]+", plain)
    return [word for word in words if word not in TITLES and len(word) > 1 and word not in ENDINGS]


def kind_of_source(source: str, person: str | None) -> SourceKind:
    """Tell how a source names its speaker.

    Args:
        source: its words, "" for none.
        person: the name of the person meant, where one is.
    """
    words = source.strip().casefold()
    if not words:
        return "none"
    if words in PRONOUNS:
        return "pronoun"
    return "name" if person and set(_key(source)) & set(_key(person)) else "description"


def report(rows: Iterable[Row], speakers: Mapping[str, Mapping[str, Row]], found: Mapping[str, Row]) -> Report:
    """Compare the speakers found with annotated ones.

    ``spoken_by`` takes each stretch of three words or more between double marks as one case: a hit is a stretch that
    was found in a quote of the very person who said it. ``said_by`` takes whole quotes, indirect ones too: a hit has
    contents that overlap by half (intersection over union) and the same person. ``pronouns`` is the part of
    ``spoken_by`` whose annotated source is a pronoun; only its recall means something. By kind of source, a case
    counts under its annotated source, and what nobody annotated under its own.

    Args:
        rows: annotated articles, {"id", "text", "attributions": [{"id", "source", "content"}]}; those without
            annotated speakers are left out. ``stretches`` may name the quoted stretches where other marks are used.
        speakers: what :func:`read_speakers` gives.
        found: what :func:`find` gives, or lines of `quotes extract` by their id.
    """
    counts: dict[tuple[str, SourceKind], Counts] = defaultdict(Counts)
    misses: list[Miss] = []
    for row in rows:
        if row["id"] not in speakers:
            continue
        wanted = [_wanted(row["text"], one, speakers[row["id"]]) for one in row["attributions"]]
        quotes = [_found(row["text"], quote) for quote in found.get(row["id"], {}).get("quotes", [])]
        _count_stretches(counts, row, wanted, quotes)
        misses += _count_quotes(counts, row, wanted, quotes)
    by_kind = {
        kind: {measure: counts[measure, kind].figures() for measure in ("spoken_by", "said_by")} for kind in KINDS
    }
    overall = {"spoken_by": Counts(), "said_by": Counts()}
    for (measure, _), one in counts.items():
        overall[measure].add(one.hits, one.predicted, one.gold)
    return Report(
        overall={name: one.figures() for name, one in overall.items()}
        | {"pronouns": counts["spoken_by", "pronoun"].figures()},
        by_kind=by_kind,
        misses=sorted(misses, key=lambda miss: -miss.confidence),
    )


def _wanted(text: str, one: Row, speakers: Mapping[str, Row]) -> _One:
    speaker = speakers.get(one.get("id", "")) or {}
    return _One(
        frozenset(characters(text, one["content"])),
        " ".join(text[start:end] for start, end in one["source"]),
        speaker.get("name") if speaker.get("type") == "person" else None,
    )


def _found(text: str, quote: Row) -> _One:
    speaker = quote.get("speaker") or {}
    return _One(
        frozenset(characters(text, quote["spans"])),
        " ".join(text[start:end] for start, end in quote.get("source") or ()),
        speaker.get("name") if speaker.get("type", "person") == "person" else None,
        quote.get("confidence", 0.0),
    )


def _count_stretches(
    counts: dict[tuple[str, SourceKind], Counts], row: Row, wanted: Sequence[_One], quotes: Sequence[_One]
) -> None:
    marked = (match.span() for match in STRETCH.finditer(row["text"]) if len(match.group().split()) >= ENOUGH_WORDS)
    for span in row.get("stretches") or marked:
        stretch = characters(row["text"], [span])
        gold, quote = _holding(stretch, wanted), _holding(stretch, quotes)
        right = bool(gold and quote and gold.person and quote.person and same_person(gold.person, quote.person))
        by = gold if gold and gold.person else quote
        if by:
            counts["spoken_by", by.kind].add(right, bool(quote and quote.person), bool(gold and gold.person))


def _holding(stretch: set[int], among: Sequence[_One]) -> _One | None:
    """Find the quote that holds most of a stretch, if half of it; of equals the last."""
    share, place = max(((len(stretch & one.places) / len(stretch), n) for n, one in enumerate(among)), default=(0, 0))
    return among[place] if share >= 0.5 else None


def _count_quotes(
    counts: dict[tuple[str, SourceKind], Counts], row: Row, wanted: Sequence[_One], quotes: Sequence[_One]
) -> list[Miss]:
    overlaps = [
        (len(quote.places & gold.places) / len(quote.places | gold.places), i, j)
        for i, quote in enumerate(quotes)
        for j, gold in enumerate(wanted)
        if quote.places & gold.places
    ]
    partner: dict[int, int] = {}
    for share, i, j in sorted(overlaps, reverse=True):
        one, two = quotes[i].person, wanted[j].person
        if share >= 0.5 and one and two and same_person(one, two) and i not in partner and j not in partner.values():
            partner[i] = j
    hit = set(partner.values())
    for j, gold in enumerate(wanted):
        if gold.person:
            counts["said_by", gold.kind].add(j in hit, j in hit, 1)
    misses = []
    for i, quote in enumerate(quotes):
        if i in partner:
            continue
        if quote.person:
            counts["said_by", quote.kind].add(0, 1, 0)
        share, j = max(((share, j) for share, at, j in overlaps if at == i), default=(0.0, 0))
        meant = wanted[j].person if share >= 0.5 else None
        if j in hit or (quote.person is None and meant is None):
            continue
        start = min(quote.places)
        words = row["text"][start : max(quote.places) + 1]
        misses.append(Miss(row["id"], quote.source, quote.person, meant, quote.confidence, " ".join(words.split())))
    return misses
