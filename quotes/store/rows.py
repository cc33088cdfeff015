"""What a record becomes as a row of its table: the same values by the names of the columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b, md5
from typing import Any

from quotes.people import names
from quotes.records import Article, Person, Problem, Quote, Span
from quotes.wording import printed

Row = Mapping[str, Any]


def article_row(article: Article, ingest_id: int) -> Row:
    """Make the row of an article."""
    return {
        "article_id": article.id,
        "title": article.title,
        "text": article.text,
        "url": article.url,
        "publisher": article.publisher,
        "author": article.author,
        "published": article.published,
        "language": article.language,
        "text_hash": text_hash(article.text),
        "ingest_id": ingest_id,
        "sha256": article.sha256,
        "fetched_at": article.fetched_at,
    }


def text_hash(text: str) -> str:
    """Give the key by which corrections find an article: the same as DuckDB's ``md5(text)``."""
    return md5(text.encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()  # DuckDB refuses such text


def quote_row(article: Article, quote: Quote, quote_id: str) -> Row:
    """Make the row of a quote, with the words of source and cue as the article prints them."""
    speaker = quote.speaker
    return {
        "quote_id": quote_id,
        "article_id": article.id,
        "kind": quote.kind,
        "text": quote.text,
        "spans": _structs(quote.spans),
        "source": _structs(quote.source),
        "source_text": printed(article.text, quote.source),
        "cue": _structs(quote.cue),
        "cue_text": printed(article.text, quote.cue),
        "cue_class": quote.cue_class,
        "speaker": speaker and speaker.name,
        "speaker_form": speaker and speaker.name,
        "speaker_type": speaker and speaker.type,
        "speaker_role": speaker and speaker.role,
        "person_id": speaker and speaker.person_id,
        "said_on": quote.said_on,
        "said_on_precision": quote.said_on_precision,
        "said_on_text": quote.said_on_text,
        "venue": quote.venue,
        "confidence": quote.confidence,
    }


def stance_rows(quote_id: str, quote: Quote) -> list[Row]:
    """Give a row a target: the surest, where the pipeline says several things about one."""
    surest = {stance.target: stance for stance in sorted(quote.stances, key=lambda stance: stance.score)}
    return [
        {
            "quote_id": quote_id,
            "target": stance.target,
            "target_key": names.target_key(stance.target),
            "target_form": stance.target,
            "target_type": stance.target_type,
            "person_id": stance.person_id,
            "stance": stance.stance,
            "score": stance.score,
            "evidence": _structs(stance.evidence),
        }
        for stance in surest.values()
    ]


def topic_rows(quote_id: str, quote: Quote) -> list[Row]:
    """Make the rows of a quote's topics, ranked from 1."""
    return [{"quote_id": quote_id, "topic": topic, "rank": rank} for rank, topic in enumerate(quote.topics, start=1)]


def person_row(person: Person) -> Row:
    """Make the row of a person, but for ``role``, which follows from all articles."""
    return {
        "person_id": person.id,
        "name": person.name,
        "aliases": list(person.aliases),
        "register_role": person.role if person.in_register else None,
        "party": person.party,
        "country": person.country,
        "gender": person.gender,
        "in_register": person.in_register,
    }


def name_form_rows(article: Article, quotes: Sequence[Quote], people: Sequence[Person]) -> list[Row]:
    """Make a row of each name by which an article calls a person who speaks or is spoken about."""
    listed = {person.id for person in people if person.in_register}
    found: dict[str, tuple[str, str | None]] = {}
    for quote in quotes:
        speaker = quote.speaker
        if speaker and speaker.type == "person" and speaker.person_id:
            _, role = found.get(speaker.name, (None, None))
            found[speaker.name] = (speaker.person_id, role or speaker.role)
    for quote in quotes:
        for stance in quote.stances:
            if stance.target_type == "person" and stance.person_id:
                found.setdefault(stance.target, (stance.person_id, None))
    return [
        {
            "article_id": article.id,
            "form": form,
            "block": names.block(form),
            "role": role,
            "register_id": person_id if person_id in listed else None,
            "person_id": person_id,
        }
        for form, (person_id, role) in found.items()
    ]


def problem_row(problem: Problem, ingest_id: int) -> Row:
    """Make the row of something that could not be read."""
    return {
        "ingest_id": ingest_id,
        "source": problem.source,
        "article_id": problem.article_id,
        "problem": problem.problem,
        "advice": problem.advice,
    }


def quote_ids(article_id: str, quotes: Sequence[Quote]) -> list[str]:
    """Derive a key for each quote from its article and place; a second quote at the same place gets another."""
    ids: dict[str, None] = {}
    for quote in quotes:
        place = f"{article_id}\n{[tuple(span) for span in quote.spans]}"
        times = 0
        while (id := blake2b(f"{place}\n{times}".encode(), digest_size=8).hexdigest()) in ids:
            times += 1
        ids[id] = None
    return list(ids)


def _structs(spans: Sequence[Span]) -> list[dict[str, int]]:
    return [{"start": start, "end": end} for start, end in spans]
