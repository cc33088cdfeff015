"""The commands about people: who they are across articles, why, and what a user decides about that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from quotes.cli_register import import_people
from quotes.errors import PeopleError, QuotesError

if TYPE_CHECKING:
    from quotes.settings import Settings


class _ListByDefault(TyperGroup):
    """A group in which `quotes people NAME` means `quotes people list NAME`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


people_app = typer.Typer(
    cls=_ListByDefault,
    help="List people, see why names were joined; merge, split, import.",
    rich_markup_mode=None,
)
people_app.command("import", epilog="Example: quotes people import legislators-current.yaml")(import_people)

Database = Annotated[
    Path | None, typer.Option("--database", "-d", help="The DuckDB file.", show_default="quotes.duckdb")
]
By = Annotated[str | None, typer.Option("--by", help="Who decides; you, where nobody is named.")]
Who = Annotated[str, typer.Argument(help="An id, a name or another form of it.")]
ARTICLES_SHOWN = 10


@people_app.command("list", epilog="Example: quotes people sturgeon")
def list_people(
    name: Annotated[str | None, typer.Argument(help="Only those whose name contains this.")] = None,
    database: Database = None,
) -> None:
    """List people, those with most statements first.

    With the number of their statements, and how often others speak about them. The word list may be left out.
    """
    from quotes import printing
    from quotes.store import overview
    from quotes.store.store import reading

    settings = _settings(database)
    with reading(settings.database, settings.wait) as connection:
        found = overview.list_people(connection, name)
    if name and not found:
        raise QuotesError(f"Nobody in {settings.database} is called {name!r}.", "`quotes people` lists everybody.")
    printing.print_people(found)


@people_app.command(epilog="Example: quotes people show nicola-sturgeon")
def show(
    who: Who,
    everything: Annotated[bool, typer.Option("--all", help="List all articles of each form, not just some.")] = False,
    database: Database = None,
) -> None:
    """Show one person: each form of the name, its articles, and why it was joined."""
    from quotes.cli import print_line
    from quotes.store import linking, overview
    from quotes.store.store import reading

    settings = _settings(database)
    with reading(settings.database, settings.wait) as connection:
        person = _one(connection, who)
        mentions = linking.read_mentions(connection, person.person_id)
        (facts,) = [row for row in overview.list_people(connection, person.person_id) if row == person]
    known = ", ".join(fact for fact in (facts.role, facts.party, facts.country) if fact)
    print_line(f"{facts.name} ({facts.person_id})" + (f": {known}" if known else ""))
    if facts.one_name:
        print_line("Only this one name is known; the row may hold several people whom nothing tells apart.")
    print_line(f"{facts.statements} statements, {facts.mentions} mentions by others.")
    groups: dict[tuple[str, str], list[str]] = {}
    for form, reason, _, article_id, published, title, role in mentions:
        line = "  ".join(filter(None, (str(published or ""), article_id, title, role and f"[{role}]")))
        groups.setdefault((form, reason or "as the article was read"), []).append(line)
    for (form, reason), lines in groups.items():
        print_line(f"\n{form}: {reason}")
        for line in lines if everything else lines[:ARTICLES_SHOWN]:
            print_line(f"    {line}")
        if len(lines) > ARTICLES_SHOWN and not everything:
            print_line(f"    and {len(lines) - ARTICLES_SHOWN} more articles (--all)")


@people_app.command(epilog="Example: quotes people merge bill-clinton william-clinton")
def merge(
    kept: Annotated[str, typer.Argument(help="Who stays, by id, name or another form of it.")],
    other: Annotated[str, typer.Argument(help="Who is the same person.")],
    database: Database = None,
    by: By = None,
) -> None:
    """Make two people one.

    Every later ingest keeps to it, until it is undone.
    """
    from quotes import relinking
    from quotes.cli import print_line
    from quotes.store.store import writing

    settings = _settings(database)
    with writing(settings.database, settings.wait) as store:
        one, two = _one(store.connection, kept), _one(store.connection, other)
        number = relinking.merge(store, _relinker(store), one.person_id, two.person_id, by)
    print_line(f"{two.person_id} is now {one.person_id}. Decision {number}: quotes people undo {number}")


@people_app.command(epilog='Example: quotes people split john-marsh --form "Jack Marsh"')
def split(
    who: Who,
    form: Annotated[list[str] | None, typer.Option(help="A name form to be moved; may be repeated.")] = None,
    article: Annotated[
        list[str] | None, typer.Option(help="The id of an article to be moved; may be repeated.")
    ] = None,
    to: Annotated[str | None, typer.Option(help="Another person; without it, a new one is made.")] = None,
    database: Database = None,
    by: By = None,
) -> None:
    """Move forms of a name, or single articles, to another person.

    Every later ingest keeps to it, until it is undone.
    """
    from quotes import relinking
    from quotes.cli import print_line
    from quotes.store.store import writing

    settings = _settings(database)
    with writing(settings.database, settings.wait) as store:
        one = _one(store.connection, who)
        there = _one(store.connection, to).person_id if to else None
        number, there = relinking.split(store, _relinker(store), one.person_id, form or [], article or [], there, by)
    print_line(f"Moved from {one.person_id} to {there}. Decision {number}: quotes people undo {number}")


@people_app.command(epilog="Example: quotes people undo 1")
def undo(
    number: Annotated[int, typer.Argument(help="The number of the decision.")],
    database: Database = None,
    by: By = None,
) -> None:
    """Undo a merge or a split."""
    from quotes import relinking
    from quotes.cli import print_line
    from quotes.store.store import writing

    settings = _settings(database)
    with writing(settings.database, settings.wait) as store:
        found = relinking.undo(store, _relinker(store), number, by)
    print_line(f"Decision {number} is undone: what was moved from {found.person_id} to {found.to_id} is back.")


@people_app.command(epilog="Example: quotes people decisions")
def decisions(database: Database = None) -> None:
    """List what was merged and split, by whom and when."""
    from datetime import datetime

    from quotes.cli import print_line
    from quotes.store.decisions import read_decisions
    from quotes.store.store import reading

    settings = _settings(database)
    with reading(settings.database, settings.wait) as connection:
        found = read_decisions(connection, also_undone=True)
    if not found:
        print_line("Nothing was merged or split.")
    for row in found:
        what = ", ".join([*(f"“{form}”" for form in row.forms), *(f"article {article}" for article in row.articles)])
        undone = "" if row.undone_at is None else f" (undone {datetime.fromtimestamp(row.undone_at):%Y-%m-%d %H:%M}"
        undone += f" by {row.undone_by})" if row.undone_by else ")" if undone else ""
        print_line(
            f"{row.decision_id}  {datetime.fromtimestamp(row.decided_at):%Y-%m-%d %H:%M}  {row.decided_by}  "
            f"{what or 'all'} of {row.person_id} to {row.to_id}{undone}"
        )


@people_app.command(epilog="Example: quotes people relink")
def relink(database: Database = None) -> None:
    """Find out anew who is who, after the register has changed."""
    from quotes.cli import print_line
    from quotes.store import overview
    from quotes.store.store import writing

    settings = _settings(database)
    with writing(settings.database, settings.wait) as store:
        relinker = _relinker(store)
        relinker.look_up_again(store)
        relinker.run(store)
        people = overview.read_status(store.connection).people
    print_line(f"{people} people.")


def _one(connection: Any, who: str) -> Any:
    """Find the one person whom a user means, by id, else by the whole name or a form of it, else by a part."""
    from quotes.people import names
    from quotes.store.overview import list_people

    found = list_people(connection, who)
    for means in (
        lambda row: row.person_id == who,
        lambda row: names.words(who) in [names.words(form) for form in (row.name, *row.aliases)],
        lambda row: True,
    ):
        meant = [row for row in found if means(row)]
        if len(meant) == 1:
            return meant[0]
        if meant:
            some = ", ".join(f"{row.person_id} ({row.role or row.name})" for row in meant[:ARTICLES_SHOWN])
            more = f" and {len(meant) - ARTICLES_SHOWN} more" if len(meant) > ARTICLES_SHOWN else ""
            raise PeopleError(f"{len(meant)} people match {who!r}: {some}{more}.", "Name one by its id.")
    raise PeopleError(f"Nobody is called {who!r}.", "`quotes people` lists everybody.")


def _relinker(store: Any) -> Any:
    from quotes.relinking import Relinker
    from quotes.tracker import register_of

    return Relinker(register_of(store))


def _settings(database: Path | None) -> Settings:
    from quotes.settings import load_settings

    settings = load_settings()
    return replace(settings, database=database) if database else settings
