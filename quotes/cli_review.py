"""The commands with which a reviewer looks at quotes and corrects them."""

from __future__ import annotations

import getpass
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from quotes.cli_search import Database

review_app = typer.Typer(
    help="Look at what the program read, and correct it.", no_args_is_help=True, rich_markup_mode=None
)

By = Annotated[str | None, typer.Option("--by", help="Who decides; you, where nobody is named.")]
Reason = Annotated[str | None, typer.Option(help="Why.")]


class Shape(StrEnum):
    """What ``quotes review export`` writes."""

    corrections = "corrections"
    gold = "gold"


@review_app.command("list", epilog="Example: quotes review list --below 0.5 --limit 10")
def list_quotes(
    database: Database = None,
    below: Annotated[float, typer.Option(help="Only quotes of a confidence below this.")] = 1.0,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    decided: Annotated[bool, typer.Option("--decided", help="List what was decided instead.")] = False,
) -> None:
    """List the quotes that nobody has looked at, the least sure first."""
    from quotes.cli import _note, _settings, print_line
    from quotes.store import review
    from quotes.store.store import reading

    settings = _settings(database)
    with reading(settings.database, settings.wait) as connection:
        if decided:
            for one in review.list_corrections(connection):
                about = one.what if one.target is None else f"{one.what} toward {one.target}"
                state = "undone" if one.undone else "holds" if one.quotes else "holds for no quote of this file"
                print_line(f"{one.correction_id}  {one.made_at:%Y-%m-%d %H:%M}  {one.made_by}  ({state})")
                print_line(
                    f"    {about}: {_shown(one.from_value)} -> {_shown(one.to_value)}  {one.reason or ''}".rstrip()
                )
            return
        pending = review.list_pending(connection, limit, below)
    for quote in pending:
        print_line(f"{quote.quote_id}  {quote.confidence:.2f}  {quote.kind}, {quote.speaker or '(not named)'}")
        print_line(f"    {' '.join(quote.text.split())}")
        print_line(f"    in {quote.article}: {' '.join(quote.passage.split())}")
    if not pending:
        _note("There is nothing left to look at.")


@review_app.command("apply", epilog='Example: quotes review apply 3f2a90c1d2e4b5a6 --speaker "Nicola Sturgeon"')
def apply(
    quote_id: Annotated[str, typer.Argument(help="The quote, as `quotes review list` names it.")],
    database: Database = None,
    speaker: Annotated[str | None, typer.Option(help="Who spoke: a person's key or name, or another name.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Nobody is named as the speaker.")] = False,
    kind: Annotated[str | None, typer.Option(help="direct, indirect or mixed.")] = None,
    target: Annotated[str | None, typer.Option(help="With --stance: toward whom or what.")] = None,
    stance: Annotated[str | None, typer.Option(help="favor, against, neutral, or none where there is none.")] = None,
    target_type: Annotated[
        str, typer.Option(help="Of a new target: person, organisation, place, group, issue.")
    ] = "issue",
    accept: Annotated[bool, typer.Option("--accept", help="The quote is right.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="This is no quote.")] = False,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Correct, accept or reject a quote; what the program read is kept beside it."""
    from quotes.cli import _settings, print_line
    from quotes.errors import ReviewError
    from quotes.store import review
    from quotes.store.store import writing
    from quotes.store.transactions import transaction

    if (target is None) != (stance is None):
        raise ReviewError("A stance needs a target, and a target a stance.", "Give both --target and --stance.")
    if accept and reject:
        raise ReviewError("A quote is either right or not.", "Give one of --accept and --reject.")
    if speaker and nobody:
        raise ReviewError("Either somebody spoke or nobody is named.", "Give one of --speaker and --nobody.")
    if not (speaker or nobody or kind or stance or accept or reject):
        raise ReviewError(
            "There is nothing to decide.", "Give --speaker, --nobody, --kind, --stance, --accept or --reject."
        )
    settings, reviewer = _settings(database), review.Reviewer(by or getpass.getuser(), reason)
    made = []
    with writing(settings.database, settings.wait) as store:
        connection = store.connection
        with transaction(connection):
            if speaker or nobody:
                made.append(review.set_speaker(connection, quote_id, speaker, reviewer))
            if kind:
                made.append(review.set_kind(connection, quote_id, kind, reviewer))
            if stance and target:
                label = None if stance == "none" else stance
                made.append(review.set_stance(connection, quote_id, target, label, reviewer, target_type))
            if accept or reject:
                made.append(review.set_status(connection, quote_id, "accepted" if accept else "rejected", reviewer))
    print_line(f"{quote_id}: {', '.join(made)} (quotes review undo takes it back)")


@review_app.command("undo", epilog="Example: quotes review undo 8c1f0a2b3d4e")
def undo(
    correction_id: Annotated[str, typer.Argument(help="The decision, as `quotes review list --decided` names it.")],
    database: Database = None,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Take a decision back; both stay on record."""
    from quotes.cli import _settings, print_line
    from quotes.store import review
    from quotes.store.store import writing
    from quotes.store.transactions import transaction

    settings = _settings(database)
    with writing(settings.database, settings.wait) as store, transaction(store.connection):
        review.undo(store.connection, correction_id, review.Reviewer(by or getpass.getuser(), reason))
    print_line(f"{correction_id} no longer holds.")


@review_app.command("export", epilog="Example: quotes review export --format gold > gold.jsonl")
def export(
    database: Database = None,
    format: Annotated[
        Shape, typer.Option(help="corrections for another file, or gold: annotated articles to train and evaluate on.")
    ] = Shape.corrections,
) -> None:
    """Print what was decided as JSON Lines.

    As gold, it is the articles of which every quote was decided upon.
    """
    from quotes.cli import _settings, print_line
    from quotes.store import gold, review
    from quotes.store.store import reading

    settings = _settings(database)
    give = gold.export_gold if format is Shape.gold else review.export_corrections
    with reading(settings.database, settings.wait) as connection:
        for row in give(connection):
            print_line(json.dumps(row, ensure_ascii=False))


@review_app.command("import", epilog="Example: quotes review import corrections.jsonl")
def import_(
    file: Annotated[Path, typer.Argument(help="What `quotes review export` printed.")], database: Database = None
) -> None:
    """Take over decisions that were made in another file; those that are here already change nothing."""
    from quotes.cli import _settings, print_line
    from quotes.errors import ReadError, ReviewError
    from quotes.store import review
    from quotes.store.store import writing

    settings = _settings(database)
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf8").splitlines() if line.strip()]
    except OSError as error:
        raise ReadError(f"Cannot read {file}: {error.strerror}.", "Check the name.") from error
    except ValueError as error:
        raise ReviewError(f"{file} is no JSON Lines: {error}.", "Export it anew: quotes review export.") from error
    with writing(settings.database, settings.wait) as store:
        new, placed = review.import_corrections(store.connection, rows)
    print_line(f"{settings.database}: {new} new decisions, {placed} of them about quotes of this file.")


def _shown(value: object) -> str:
    """Show the value of a decision in a word or two."""
    if isinstance(value, dict):
        value = value["name"] if "name" in value else value["stance"]
    return "none" if value is None else str(value)
