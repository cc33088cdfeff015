"""The command line: parse, call, print. What is slow to import is imported by the command that needs it."""

from __future__ import annotations

import errno
import json
import sys
import traceback
from dataclasses import asdict, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotes.cli_bench import bench_app
from quotes.cli_export import export_app
from quotes.cli_lake import Address, lake_app
from quotes.cli_models import evaluate_app, train_app
from quotes.cli_people import people_app
from quotes.cli_review import review_app
from quotes.cli_safety import backup, check
from quotes.cli_search import search
from quotes.cli_serving import dashboard, demo
from quotes.cli_watch import watch
from quotes.errors import QuotesError

if TYPE_CHECKING:
    from quotes.cluster import Cluster
    from quotes.readers import Metadata, Options
    from quotes.records import Problem
    from quotes.settings import Settings

app = typer.Typer(
    name="quotes",
    help="Finds who said what about whom in English news, keeps it in one DuckDB file and shows it in a dashboard.",
    epilog="Example: quotes demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(export_app)
app.add_typer(people_app, name="people", epilog="Example: quotes people sturgeon")
app.add_typer(evaluate_app, name="evaluate", epilog="Example: quotes evaluate attributions gold.jsonl")
app.add_typer(train_app, name="train", epilog="Example: quotes train attributions --help")
app.add_typer(review_app, name="review", epilog="Example: quotes review list")
app.add_typer(bench_app, name="bench", epilog="Example: quotes bench seed-database --quotes 1000000 -d large.duckdb")
app.add_typer(lake_app, name="lake", epilog="Example: quotes lake build articles/ quotes/")


class Engine(StrEnum):
    """Where ``quotes ingest`` finds quotes."""

    local = "local"
    ray = "ray"


class Format(StrEnum):
    """How ``quotes sql`` prints what a query gives."""

    table = "table"
    csv = "csv"
    jsonl = "jsonl"


MAX_ROWS = {Format.table: 1_000, Format.csv: 1_000_000, Format.jsonl: 1_000_000}

Sources = Annotated[
    list[str], typer.Argument(help="Files, folders, addresses of pages, feeds or sitemaps, or - for standard input.")
]
Database = Annotated[
    Path | None, typer.Option("--database", "-d", help="The DuckDB file.", show_default="quotes.duckdb")
]
Title = Annotated[str | None, typer.Option(help="The headline of a single article.")]
Published = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of publication, YYYY-MM-DD.")]
Publisher = Annotated[str | None, typer.Option(help="Who published it.")]
Url = Annotated[str | None, typer.Option(help="The address of a single article.")]
Columns = Annotated[
    str | None,
    typer.Option("--map", help="Which column or key holds what: text=body,published=date.", show_default=False),
]
Patterns = Annotated[
    list[str] | None,
    typer.Option("--pattern", help="Of a folder or archive, only such files: '*.html' or '2022/*'; may be repeated."),
]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Also fetch from this machine and its network.")]
Wait = Annotated[
    float | None,
    typer.Option(min=0, help="How long to wait for the database, in seconds.", show_default="10"),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        import quotes

        print_line(f"quotes {quotes.__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False,
) -> None:
    """Hold the options of all commands; main() looks for --debug itself, so that it may stand anywhere."""


@app.command(epilog="Example: quotes extract article.txt --published 2022-03-16")
def extract(
    sources: Sources,
    title: Title = None,
    published: Published = None,
    publisher: Publisher = None,
    url: Url = None,
    columns: Columns = None,
    patterns: Patterns = None,
    allow_private: AllowPrivate = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="Also the article itself, for `quotes ingest`; a problem is a line, too.")
    ] = False,
    database: Annotated[
        Path | None, typer.Option("--database", "-d", help="Know the people who were imported into this file.")
    ] = None,
) -> None:
    """Print the quotes of articles as JSON.

    One article a line (JSON Lines); problems go to standard error.
    """
    from quotes.readers import read_places
    from quotes.records import Problem
    from quotes.tracker import as_json, extract_all, register_in

    settings = _settings(database)
    # Every address is fetched anew, whenever it was ingested.
    options = replace(_options(settings, columns, patterns, allow_private), known=lambda addresses: {})
    found = (item for _, item in read_places(sources, _metadata(title, published, publisher, url), options))
    register = register_in(settings) if database else None
    read = 0
    for result in extract_all(found, settings, register):
        if isinstance(result, Problem):
            if whole:
                print_line(json.dumps(asdict(result), ensure_ascii=False))
            else:
                print_problem(result)
        else:
            read += 1
            print_line(json.dumps(as_json(*result, whole=whole), ensure_ascii=False))
    if not read:
        raise typer.Exit(1)


@app.command(epilog="Example: quotes ingest articles/ --database quotes.duckdb")
def ingest(
    sources: Sources,
    database: Database = None,
    title: Title = None,
    published: Published = None,
    publisher: Publisher = None,
    url: Url = None,
    columns: Columns = None,
    patterns: Patterns = None,
    allow_private: AllowPrivate = False,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="How many processes find quotes.", show_default="1; on Ray, all processors"),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run of the same sources that stopped.")
    ] = False,
    engine: Annotated[
        Engine, typer.Option(help="Find quotes on this machine, or on a Ray cluster, with --jobs processes there.")
    ] = Engine.local,
    address: Address = None,
    wait: Wait = None,
) -> None:
    """Put articles and their quotes into the database.

    Articles that are there already, word for word, are left alone; of changed ones the quotes are replaced. While
    another ingest fills the database, this one waits.
    """
    from quotes.cluster import Cluster

    settings = _settings(database)
    if wait is not None:
        settings = replace(settings, wait=wait)
    options = _options(settings, columns, patterns, allow_private)
    if address and engine is Engine.local:
        raise QuotesError(f"--address {address} is of a Ray cluster.", "Say --engine ray too, or leave it out.")
    cluster = Cluster(address, jobs) if engine is Engine.ray else None
    metadata = _metadata(title, published, publisher, url)
    if not _ingest(sources, settings, metadata, options, jobs or 1, resume, cluster):
        raise typer.Exit(1)


app.command(epilog="Example: quotes watch --every 10")(watch)


@app.command(epilog='Example: quotes sql "select speaker, kind, text from statements_view"')
def sql(
    query: Annotated[str, typer.Argument(help="SQL in DuckDB's dialect; start with the view statements_view.")],
    database: Database = None,
    format: Annotated[Format, typer.Option(help="A table to look at, or rows for other programs.")] = Format.table,
) -> None:
    """Query the database with SQL.

    Read-only: the query can neither write nor reach other files, and is stopped after 30 seconds.
    """
    from quotes import printing
    from quotes.store.sql import run_query

    settings = _settings(database)
    result = run_query(settings.database, query, settings.wait, MAX_ROWS[format])
    if format is Format.csv:
        printing.print_csv(result)
    elif format is Format.jsonl:
        printing.print_jsonl(result)
    else:
        printing.print_result(result)
    if result.cut:
        _note(
            f"Only the first {len(result.rows):,} rows are shown; narrow the query down, or page with LIMIT and OFFSET."
        )


app.command(epilog="Example: quotes dashboard --port 8502")(dashboard)
app.command(epilog="Example: quotes demo --no-serve")(demo)


@app.command(epilog="Example: quotes status --database quotes.duckdb")
def status(database: Database = None) -> None:
    """Show what the database holds.

    With its last runs; a file of an older version is brought up to date.
    """
    from quotes import printing
    from quotes.store.overview import read_status
    from quotes.store.store import reading, writing

    settings = _settings(database)
    if not settings.database.exists():
        with reading(settings.database, settings.wait):  # says what to do about a missing file
            pass
    with writing(settings.database, settings.wait) as store:
        found = read_status(store.connection)
    printing.print_status(settings.database, found)


app.command(epilog='Example: quotes search "held to account" --since 2022-03-01')(search)


app.command(epilog="Example: quotes check")(check)
app.command(epilog="Example: quotes backup monday.duckdb")(backup)


def main() -> None:
    """Run the command line; every error becomes one line on standard error that says what to do next."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app(arguments, prog_name="quotes")
    except QuotesError as error:
        _fail(str(error), debug)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
            _fail(f"There is no room left on a disk: {error}. Make room and run it again.", debug)
        advice = "Run it again with --debug to see where, and please report it."
        _fail(f"This is a bug in quotes: {type(error).__name__}: {error}. {advice}", debug)


def _fail(message: str, debug: bool) -> None:
    if debug:
        traceback.print_exc()
    _note(f"quotes: {' '.join(message.split())}")
    sys.exit(1)


def print_line(line: str) -> None:
    """Print a line on standard output at once, so that a reader of a pipe need not wait for the end."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _note(line: str) -> None:
    sys.stderr.write(line + "\n")


def print_problem(problem: Problem) -> None:
    """Print what could not be read on standard error, in a line."""
    _note(f"{problem.source}: {problem.problem} {problem.advice}")


def _settings(database: Path | None) -> Settings:
    from quotes.settings import load_settings

    settings = load_settings()
    return replace(settings, database=database) if database else settings


def _metadata(title: str | None, published: datetime | None, publisher: str | None, url: str | None) -> Metadata:
    from quotes.readers import Metadata

    return Metadata(title=title, published=published.date() if published else None, publisher=publisher, url=url)


def _options(settings: Settings, columns: str | None, patterns: list[str] | None, allow_private: bool) -> Options:
    from quotes.ingesting import reading_options
    from quotes.readers import FIELDS

    pairs = [pair.partition("=") for pair in columns.split(",")] if columns else []
    mapping = {name.strip(): column.strip() for name, _, column in pairs}
    if not all(mapping.values()) or not mapping.keys() <= set(FIELDS):
        raise QuotesError(f"--map {columns} is not understood.", f"Write FIELD=COLUMN; fields are {', '.join(FIELDS)}.")
    return reading_options(settings, columns=mapping, patterns=tuple(patterns or ()), allow_private=allow_private)


def _ingest(
    sources: list[str],
    settings: Settings,
    metadata: Metadata | None,
    options: Options | None = None,
    jobs: int = 1,
    resume: bool = False,
    cluster: Cluster | None = None,
) -> bool:
    """Ingest with a progress bar, print a summary and the problems; tell whether anything could be read."""
    from quotes import printing
    from quotes.ingesting import ingest

    with printing.progress_bar("Reading articles") as progress:
        report = ingest(
            sources,
            settings,
            metadata=metadata,
            options=options,
            progress=progress,
            jobs=jobs,
            resume=resume,
            cluster=cluster,
            tell=_note,
        )
    for problem in report.problems:
        print_problem(problem)
    parts = [f"{report.added} added", f"{report.changed} changed", f"{report.unchanged} unchanged"]
    problems = f"{len(report.problems)} problem{'' if len(report.problems) == 1 else 's'}"
    print_line(f"{settings.database}: articles {', '.join(parts)}; {report.quotes} new quotes; {problems}.")
    return report.added + report.changed + report.unchanged > 0 or not report.problems
