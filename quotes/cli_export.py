"""The commands that carry a database elsewhere and compare it with another."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from quotes.settings import Settings, load_settings

export_app = typer.Typer(rich_markup_mode=None)

Database = Annotated[
    Path | None, typer.Option("--database", "-d", help="The DuckDB file.", show_default="quotes.duckdb")
]


class ExportFormat(StrEnum):
    """What kind of files ``quotes export`` writes."""

    parquet = "parquet"
    csv = "csv"
    jsonl = "jsonl"
    duckdb = "duckdb"
    webannotation = "webannotation"


@export_app.command(epilog="Example: quotes export --format parquet --where \"speaker = 'Nicola Sturgeon'\" sturgeon/")
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    format: Annotated[ExportFormat, typer.Option(help="What kind of files to write.")] = ExportFormat.parquet,
    where: Annotated[
        str | None, typer.Option(metavar="SQL", help="Only the rows of statements_view that fulfil this.")
    ] = None,
    database: Database = None,
) -> None:
    """Write the database as files for other programs.

    A manifest lists them with their checksums. All formats but webannotation can be read back with quotes import.
    """
    from quotes.cli import print_line
    from quotes.store.export import export as write

    settings = _settings(database)
    manifest = write(settings.database, folder, format.value, where, settings.wait)
    print_line(f"{folder}: {_counts(manifest.tables)}; files: {len(manifest.files)}.")


@export_app.command("import", epilog="Example: quotes import exported/ --database copy.duckdb")
def import_(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="What quotes export made.")], database: Database = None
) -> None:
    """Make a database of an export.

    The database must be new or empty; it gets the same rows as the one that was exported.
    """
    from quotes.cli import print_line
    from quotes.store.importing import import_export

    settings = _settings(database)
    print_line(f"{settings.database}: {_counts(import_export(folder, settings.database, settings.wait))}.")


@export_app.command(epilog="Example: quotes diff old.duckdb new.duckdb --examples 3")
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The database before.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The database after.")],
    examples: Annotated[int, typer.Option(min=0, help="How many examples of each kind to give.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compare the quotes of two databases of the same articles.

    Says which quotes were added, lost and changed, as after reading the articles with a new model.
    """
    from quotes import printing
    from quotes.cli import print_line
    from quotes.store.diff import compare

    difference = compare(old, new, load_settings().wait, examples)
    if as_json:
        print_line(json.dumps(asdict(difference), ensure_ascii=False))
    else:
        printing.print_difference(difference)


def _settings(database: Path | None) -> Settings:
    settings = load_settings()
    return replace(settings, database=database) if database else settings


def _counts(tables: dict[str, int]) -> str:
    return ", ".join(f"{table} {rows:,}" for table, rows in sorted(tables.items()))
