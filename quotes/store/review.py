"""What reviewers decide about quotes: rows of their own, which the views apply and which never touch what was read.

A decision is keyed to the article's text and the place of the quote in it, so that it holds again after the article
was read anew, by another model, or into another file; ``placed_corrections`` in views.sql finds its quote.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Literal, get_args

import duckdb

from quotes.errors import ReviewError
from quotes.people import names
from quotes.records import Kind, StanceLabel, TargetType
from quotes.store import repeats
from quotes.store.transactions import transaction

What = Literal["speaker", "kind", "stance", "status"]
_COLUMNS = "text_hash, spans, what, target, from_value, to_value, undoes, made_by, epoch_us(made_at), reason"
_FIELDS = ("text_hash", "spans", "what", "target", "from", "to", "undoes", "by", "at", "reason")


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides, and why."""

    name: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A quote that nobody has looked at, with the sentences around it."""

    quote_id: str
    confidence: float
    speaker: str | None
    kind: str
    text: str
    passage: str
    article: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A decision; ``undone`` tells whether it was taken back, ``quotes`` to how many quotes of the file it applies."""

    correction_id: str
    what: str
    target: str | None
    from_value: Any
    to_value: Any
    made_by: str
    made_at: datetime
    reason: str | None
    undone: bool
    quotes: int


def list_pending(connection: duckdb.DuckDBPyConnection, limit: int = 20, below: float = 1.0) -> list[Pending]:
    """List the quotes that wait for a reviewer, those of low confidence first.

    Args:
        connection: open on a tracker's file.
        limit: how many at most.
        below: only those whose confidence is less than this.

    Returns:
        The quotes with the line of the article in which they begin, at most 200 code points to either side.
    """
    rows = connection.execute(
        """WITH first AS MATERIALIZED (
               SELECT quote_id, confidence, speaker, kind, text, article_id, spans FROM reviewed_quotes
               WHERE review IS NULL AND confidence < $below ORDER BY confidence, quote_id LIMIT $limit)
           SELECT quote_id, confidence, speaker, kind, first.text, a.text, spans, coalesce(title, article_id)
           FROM first JOIN articles AS a USING (article_id) ORDER BY confidence, quote_id""",
        {"limit": limit, "below": below},
    ).fetchall()
    return [Pending(*(*row[:5], _passage(row[5], row[6]), row[7])) for row in rows]


def list_corrections(connection: duckdb.DuckDBPyConnection) -> list[Correction]:
    """List what was decided, the newest first."""
    rows = connection.execute(
        """SELECT c.correction_id, c.what, c.target, c.from_value, c.to_value, c.made_by, epoch_us(c.made_at), c.reason,
                  c.correction_id IN (SELECT undoes FROM corrections WHERE what = 'undo'), count(p.quote_id)
           FROM corrections AS c LEFT JOIN placed_corrections AS p USING (correction_id)
           WHERE c.what <> 'undo' GROUP BY ALL ORDER BY 7 DESC, 1"""
    ).fetchall()
    return [Correction(*(*row[:3], _value(row[3]), _value(row[4]), row[5], _time(row[6]), *row[7:])) for row in rows]


def set_speaker(connection: duckdb.DuckDBPyConnection, quote_id: str, speaker: str | None, by: Reviewer) -> str:
    """Say who spoke.

    Args:
        connection: open for writing.
        quote_id: the quote.
        speaker: the key or name of a person of the file, or any other name; None where the article names nobody.
        by: who says so.

    Returns:
        The id of the correction.

    Raises:
        ReviewError: there is no such quote, or several people have that name.
    """
    found = connection.execute(
        "SELECT person_id, name FROM people WHERE person_id = $who OR lower(name) = lower($who) ORDER BY 1",
        {"who": speaker},
    ).fetchall()
    exact = [row for row in found if row[0] == speaker] or found
    if len(exact) > 1:
        keys = ", ".join(row[0] for row in exact)
        raise ReviewError(f"Several people are called {speaker!r}.", f"Name one by the key: {keys}.")
    quote = _quote(connection, quote_id)
    person_id, name = exact[0] if exact else (None, speaker)
    before = {"name": quote["speaker"], "type": quote["speaker_type"], "person_id": quote["person_id"]}
    # Whoever is no person of the file keeps the type that was read, unless that was "unnamed".
    kind = "person" if exact or quote["speaker_type"] in (None, "unnamed") else quote["speaker_type"]
    if speaker is None:
        kind = None
    after = {"name": name, "type": kind, "person_id": person_id}
    id = _record(connection, quote, "speaker", None, before, after, by)
    _regroup(connection, id)
    return id


def set_kind(connection: duckdb.DuckDBPyConnection, quote_id: str, kind: str, by: Reviewer) -> str:
    """Say that a quote is direct, indirect or mixed; arguments, result and errors as in :func:`set_speaker`."""
    _check("kind", kind, get_args(Kind))
    quote = _quote(connection, quote_id)
    return _record(connection, quote, "kind", None, quote["kind"], kind, by)


def set_status(connection: duckdb.DuckDBPyConnection, quote_id: str, status: str, by: Reviewer) -> str:
    """Accept a quote as it is, or reject it as none; arguments, result and errors as in :func:`set_speaker`."""
    _check("status", status, ("accepted", "rejected"))
    quote = _quote(connection, quote_id)
    id = _record(connection, quote, "status", None, None, status, by)
    _regroup(connection, id)
    return id


def set_stance(
    connection: duckdb.DuckDBPyConnection,
    quote_id: str,
    target: str,
    stance: str | None,
    by: Reviewer,
    target_type: str = "issue",
) -> str:
    """Say what stance a quote takes toward a target, be that target known or new.

    Args:
        connection: open for writing.
        quote_id: the quote.
        target: whom or what, as stances.target has it, or a new one: a person's name, or anything else.
        stance: favor, against or neutral; None where the quote says nothing of the target.
        by: who says so.
        target_type: the type of a target that is new and no person of the file.

    Returns:
        The id of the correction.

    Raises:
        ReviewError: there is no such quote or stance.
    """
    if stance is not None:
        _check("stance", stance, get_args(StanceLabel))
    _check("type of target", target_type, get_args(TargetType))
    quote = _quote(connection, quote_id)
    known, shown = (
        connection.execute(
            f"""SELECT stance, target_type, person_id, target_form FROM {table} WHERE quote_id = $quote
                AND $target IN (target, target_form) ORDER BY target = $target DESC, target_form""",
            {"quote": quote_id, "target": target},
        ).fetchone()
        for table in ("stances", "reviewed_stances")
    )
    if known is None and shown is None and stance is None:
        raise ReviewError(
            f"The quote has no stance toward {target!r}.", '`quotes sql "from reviewed_stances"` lists them.'
        )
    people = connection.execute("SELECT person_id FROM people WHERE lower(name) = lower(?)", [target]).fetchall()
    person = people[0][0] if len(people) == 1 else None
    kind, person_id = (known[1], known[2]) if known else ("person" if person else target_type, person)
    key = names.target_key(target)
    after = {"stance": stance, "target_key": key, "target_type": kind, "person_id": person_id}
    if known:
        after["target_form"] = known[3]
    return _record(connection, quote, "stance", target, known and known[0], after, by)


def undo(connection: duckdb.DuckDBPyConnection, correction_id: str, by: Reviewer) -> str:
    """Take a decision back, by a row of its own.

    Args:
        connection: open for writing.
        correction_id: the decision.
        by: who takes it back.

    Returns:
        The id of the new row.

    Raises:
        ReviewError: there is no such decision, or it was taken back already.
    """
    row = connection.execute(
        """SELECT text_hash, spans, correction_id IN (SELECT undoes FROM corrections WHERE what = 'undo')
           FROM corrections WHERE correction_id = ? AND what <> 'undo'""",
        [correction_id],
    ).fetchone()
    if row is None or row[2]:
        problem = "was undone already" if row else "does not exist"
        raise ReviewError(f"The correction {correction_id!r} {problem}.", "`quotes review list --decided` lists them.")
    touched = _placed(connection, [correction_id])
    id = _insert(connection, dict.fromkeys(_FIELDS) | {
        "text_hash": row[0], "spans": row[1], "what": "undo", "undoes": correction_id, **_signed(by)})  # fmt: skip
    _find_repeats(connection, touched)
    return id


def export_corrections(connection: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    """Give all decisions, with those taken back, as rows for another file.

    Args:
        connection: open on a tracker's file.

    Yields:
        JSON objects: text_hash, spans, what, target, from, to, undoes, by, at, reason.
    """
    for row in connection.execute(f"SELECT {_COLUMNS} FROM corrections ORDER BY made_at, correction_id").fetchall():
        fields = dict(zip(_FIELDS, row, strict=True))
        yield fields | {
            "spans": [[span["start"], span["end"]] for span in row[1]],
            "from": _value(row[4]),
            "to": _value(row[5]),
            "at": _time(row[8]).isoformat(),
        }


def import_corrections(connection: duckdb.DuckDBPyConnection, rows: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """Take over decisions from another file, in one transaction; those that are here already change nothing.

    Args:
        connection: open for writing.
        rows: as :func:`export_corrections` gives them.

    Returns:
        How many are new, and how many of the new ones are about quotes of this file.

    Raises:
        ReviewError: a row is no decision; then nothing was imported.
    """
    known = {row[0] for row in connection.execute("SELECT correction_id FROM corrections").fetchall()}
    new: list[str] = []
    with transaction(connection):
        for number, row in enumerate(rows, start=1):
            try:
                fields = {name: row.get(name) for name in _FIELDS}
                fields["spans"] = [{"start": int(start), "end": int(end)} for start, end in row["spans"]]
                fields["at"] = datetime.fromisoformat(row["at"])
                id = _insert(connection, fields, known)
            except (KeyError, TypeError, ValueError, AttributeError, duckdb.Error) as error:
                raise ReviewError(
                    f"Row {number} is no decision of a reviewer: {error}.", "Export it anew: quotes review export."
                ) from error
            if id not in known:
                known.add(id)
                new.append(id)
        _find_repeats(connection, _placed(connection, new))
    placed = connection.execute(
        "SELECT count(DISTINCT correction_id) FROM placed_corrections WHERE correction_id IN ?", [new]
    ).fetchone()
    return len(new), placed[0] if placed else 0


def _quote(connection: duckdb.DuckDBPyConnection, quote_id: str) -> dict[str, Any]:
    answer = connection.execute(
        """SELECT q.quote_id, spans, kind, speaker, speaker_type, person_id, text_hash
           FROM quotes AS q JOIN articles USING (article_id) WHERE q.quote_id = ?""",
        [quote_id],
    )
    row = answer.fetchone()
    if row is None:
        raise ReviewError(
            f"There is no quote {quote_id!r}.", "`quotes review list` and `quotes search` show their keys."
        )
    return dict(zip([column[0] for column in answer.description], row, strict=True))


def _check(what: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise ReviewError(f"There is no {what} {value!r}.", f"Use one of {', '.join(allowed)}.")


def _record(
    connection: duckdb.DuckDBPyConnection,
    quote: Mapping[str, Any],
    what: What,
    target: str | None,
    before: Any,
    after: Any,
    by: Reviewer,
) -> str:
    place = {"text_hash": quote["text_hash"], "spans": quote["spans"], "what": what, "target": target, "undoes": None}
    return _insert(connection, place | {"from": before, "to": after, **_signed(by)})


def _signed(by: Reviewer) -> dict[str, Any]:
    return {"by": by.name, "at": datetime.now(UTC), "reason": by.reason}


def _insert(connection: duckdb.DuckDBPyConnection, fields: Mapping[str, Any], known: Iterable[str] = ()) -> str:
    """Insert a decision under a key derived from all of it, unless that key is known."""
    values = [fields[name] for name in _FIELDS]
    values[4], values[5] = (None if v is None else json.dumps(v, sort_keys=True) for v in (values[4], values[5]))
    plain = json.dumps([*values[:8], values[8].astimezone(UTC).isoformat(), values[9]], sort_keys=True)
    id = blake2b(plain.encode(), digest_size=6).hexdigest()
    if id not in known:
        marks = ", ".join("?" * len(values))
        connection.execute(f"INSERT INTO corrections VALUES (?, {marks})", [id, *values])
    return id


def _regroup(connection: duckdb.DuckDBPyConnection, correction_id: str) -> None:
    _find_repeats(connection, _placed(connection, [correction_id]))


def _placed(connection: duckdb.DuckDBPyConnection, correction_ids: Sequence[str]) -> list[str]:
    """Find the quotes that some decisions, or those that they take back, are about."""
    rows = connection.execute(
        "SELECT DISTINCT quote_id FROM placed_corrections WHERE correction_id IN ?", [list(correction_ids)]
    ).fetchall()
    return [quote_id for (quote_id,) in rows]


def _find_repeats(connection: duckdb.DuckDBPyConnection, quote_ids: Sequence[str]) -> None:
    """Find the repeats of quotes anew, as their speakers are others now."""
    repeats.forget(connection, quote_ids)
    repeats.add(connection, quote_ids)


def _passage(text: str, spans: Sequence[Mapping[str, int]]) -> str:
    """Cut out the lines in which a quote stands, at most 200 code points to either side."""
    start, end = spans[0]["start"], max(span["end"] for span in spans)
    first = max(text.rfind("\n", 0, start) + 1, start - 200)
    newline = text.find("\n", end)
    last = min(len(text) if newline < 0 else newline, end + 200)
    return text[first:last].strip()


def _value(json_text: str | None) -> Any:
    return None if json_text is None else json.loads(json_text)


def _time(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)
