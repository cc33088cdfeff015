"""The commands that measure speed."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from quotes.cli_search import Database

bench_app = typer.Typer(help="Measure how fast it is.", no_args_is_help=True, rich_markup_mode=None)


@bench_app.command("seed-database", epilog="Example: quotes bench seed-database --quotes 1000000 -d large.duckdb")
def seed_database(
    database: Database = None,
    quotes: Annotated[
        int, typer.Option(min=1, help="How many quotes; five to an article, fifty to a person.")
    ] = 1_000_000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed makes another database.")] = 0,
) -> None:
    """Make a large database of invented articles, to measure on.

    With the index of words and the repeats, as if the articles had been ingested.
    """
    from quotes import printing
    from quotes.cli import _settings, print_line
    from quotes.evaluation.made_database import make_database
    from quotes.store import repeats
    from quotes.store.search_rebuild import refresh
    from quotes.store.store import writing

    settings = _settings(database)
    with writing(settings.database, settings.wait) as store:
        made = make_database(store, quotes, seed)
    refresh(settings.database, settings.wait)
    with writing(settings.database, settings.wait) as store, printing.progress_bar("Finding repeats") as progress:
        repeated = repeats.rebuild(store.connection, progress)
    print_line(
        f"{settings.database}: {made.articles} articles, {made.quotes} quotes, {made.people} people, "
        f"{made.stances} stances; {repeated} quotes are repeats."
    )


@bench_app.command(epilog="Example: quotes bench dashboard -d large.duckdb")
def dashboard(database: Database = None) -> None:
    """Measure how long the pages of the dashboard take, at first and at the second visit, and the memory they need."""
    from dashboard import measuring
    from quotes import printing
    from quotes.cli import _settings, print_line
    from quotes.store.sql import Result

    logging.disable(logging.WARNING)  # Streamlit warns that no server is there
    measured = measuring.measure(_settings(database).database.absolute())
    columns = ("page", "address", "first_ms", "second_ms", "of_that_processor_ms")
    rows = tuple(
        (one.page, one.address, round(one.first), round(one.second), round(one.processor)) for one in measured.visits
    )
    printing.print_result(Result(columns, rows, False))
    print_line(
        f"Second visits: median {measured.median:.0f} ms (at most {measuring.MEDIAN}), 95th percentile "
        f"{measured.p95:.0f} ms (at most {measuring.P95}); memory {measured.memory:.0f} MiB "
        f"(at most {measuring.MEMORY})."
    )
