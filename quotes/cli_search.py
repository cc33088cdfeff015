"""The command that searches what was said."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from quotes.store.search import Hit

Database = Annotated[
    Path | None, typer.Option("--database", "-d", help="The DuckDB file.", show_default="quotes.duckdb")
]


def search(
    words: Annotated[list[str] | None, typer.Argument(help='Words, "phrases" and prefixes*.')] = None,
    database: Database = None,
    person: Annotated[str | None, typer.Option(help="The speaker: a key, a name or part of one.")] = None,
    target: Annotated[str | None, typer.Option(help="Whom or what a stance is toward, or part of that.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Part of the publisher's name.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day, YYYY-MM-DD.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day, YYYY-MM-DD.")] = None,
    kind: Annotated[str | None, typer.Option(help="direct, indirect or mixed.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many statements to print at most.")] = 20,
    meaning: Annotated[
        bool, typer.Option("--meaning", help="By what is meant, in words of your own, instead of by the words.")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build the index of words anew first; with --meaning, add what it lacks.")
    ] = False,
) -> None:
    """Find statements by their words, the best match first.

    A phrase in quotation marks and a prefix with an asterisk must occur; of the other words, one must. With --meaning,
    which needs the extra "meaning", other words for the same are found too; each ingest prepares its articles for it.
    """
    from quotes.cli import _note, _settings, print_line
    from quotes.errors import QueryError
    from quotes.meanings import add_meanings, search_by_meaning
    from quotes.printing import print_statements, progress_bar
    from quotes.store.overview import StatementRow
    from quotes.store.search import search as find
    from quotes.store.search_query import Filters
    from quotes.store.search_rebuild import rebuild as build
    from quotes.store.store import reading

    settings = _settings(database)
    if kind not in (None, "direct", "indirect", "mixed"):
        raise QueryError(f"There is no kind {kind!r}.", "Use direct, indirect or mixed.")
    if rebuild and meaning:
        with progress_bar("Reading quotes") as progress:
            added = add_meanings(settings, progress=progress)
        print_line(f"{settings.database}: {added} quotes were read for their meaning.")
    elif rebuild:
        print_line(f"{settings.database}: the index knows {build(settings.database, settings.wait)} quotes.")
    if rebuild and not words:
        return
    filters = Filters(person, target, publisher, since.date() if since else None, until.date() if until else None, kind)
    with reading(settings.database, settings.wait) as connection:
        if meaning:
            found = search_by_meaning(connection, " ".join(words or []), filters, limit)
        else:
            found = find(connection, " ".join(_marked(words or [])), filters, limit)
    if found.unindexed and meaning:
        _note(
            f"{found.unindexed:,} quotes have not been read for their meaning and cannot be found so. "
            "`quotes search --meaning --rebuild` does it."
        )
    elif found.unindexed:
        _note(
            f"The index is stale: {found.unindexed:,} quotes are missing in it and were searched letter by letter. "
            "`quotes search --rebuild` builds it anew."
        )
    if not found.hits:
        _note("Nothing was found.")
        return

    def row(hit: Hit) -> StatementRow:
        return StatementRow(hit.speaker, hit.kind, hit.text, hit.said_on, hit.said_on_precision, hit.article)

    print_statements([row(hit) for hit in found.hits])


def _marked(words: list[str]) -> list[str]:
    """Give back the marks that the shell took from a "phrase": an argument with a blank in it, if not the only one."""
    if len(words) == 1:
        return words
    return [f'"{word}"' if " " in word and '"' not in word else word for word in words]
