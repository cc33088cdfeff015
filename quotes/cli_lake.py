"""The commands that read more articles than one machine can, and load what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quotes.cli_search import Database

lake_app = typer.Typer(
    help="Find quotes on many machines, into Parquet files.", no_args_is_help=True, rich_markup_mode=None
)

Address = Annotated[
    str | None,
    typer.Option(help="The Ray cluster, such as head.example:6379 or auto; without it, this machine alone."),
]
Folder = Annotated[str, typer.Argument(help="A folder of this machine, or an address such as s3://bucket/quotes.")]


@lake_app.command("build", epilog="Example: quotes lake build articles/ quotes/ --address auto")
def build(
    articles: Annotated[
        str, typer.Argument(help="A folder of Parquet files of articles, or an address such as s3://bucket/articles.")
    ],
    quotes: Folder,
    address: Address = None,
    actors: Annotated[
        int | None, typer.Option(min=1, help="How many processes read.", show_default="all processors")
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option("--map", help="Which column holds what: text=body,published=date.", show_default=False),
    ] = None,
) -> None:
    """Read Parquet files of articles on a cluster, and write their quotes beside each other.

    What is there already is not read again, so that a run that was stopped goes on with what is missing.
    """
    from quotes import printing
    from quotes.cli import _options, _settings, print_line
    from quotes.cluster import Cluster
    from quotes.laking import build_lake

    settings = _settings(None)
    with printing.progress_bar("Reading articles") as progress:
        built = build_lake(
            articles,
            quotes,
            settings,
            Cluster(address, actors),
            _options(settings, columns, None, False).columns,
            progress=progress,
        )
    print_line(
        f"{quotes}: {built.chunks} chunks, {built.chunks - built.read} of them there before; {built.articles} articles "
        f"read, {built.quotes} quotes, {built.problems} problems; {built.removed} chunks of other articles removed."
    )


@lake_app.command("load", epilog="Example: quotes lake load quotes/ --database quotes.duckdb")
def load(quotes: Folder, database: Database = None) -> None:
    """Make a database of what was built.

    Who is who, repeats, near-copies and the index of words are found now, from all articles together.
    """
    _load(quotes, database, register=False)


@lake_app.command("register", epilog="Example: quotes lake register quotes/ --database quotes.duckdb")
def register(quotes: Folder, database: Database = None) -> None:
    """Make a database that leaves articles and quotes in the lake, and a DuckLake catalogue of its files beside it.

    All commands and pages read it as any other; only reviewers can change it. It needs duckdb-extension-ducklake.
    """
    _load(quotes, database, register=True)


def _load(quotes: str, database: Path | None, register: bool) -> None:
    from quotes.cli import _settings, print_line
    from quotes.laking import load_lake

    settings = _settings(database)
    done = load_lake(quotes, settings, register=register)
    print_line(f"{settings.database}: {done.articles} articles, {done.quotes} quotes, {done.problems} problems.")
