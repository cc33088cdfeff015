"""The command that imports people whom a tracker's register knows beforehand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer


def import_people(
    file: Annotated[Path, typer.Argument(help="YAML or CSV of congress-legislators, Popolo JSON, or CSV.")],
    country: Annotated[
        str | None, typer.Option(help="The country of those of whom the file names none, such as KE.")
    ] = None,
    database: Annotated[
        Path | None, typer.Option("--database", "-d", help="The DuckDB file.", show_default="quotes.duckdb")
    ] = None,
) -> None:
    """Import politicians, by whom later articles are read.

    The same file again changes nothing. What contradicts the register is listed, and the register keeps what it has.
    """
    from quotes.cli import print_line
    from quotes.errors import PeopleFileError
    from quotes.people.countries import country_of, name_of
    from quotes.registering import import_people as run
    from quotes.settings import load_settings

    settings = load_settings()
    code = country and (country.upper() if name_of(country.upper()) else country_of(country))
    if country and not code:
        raise PeopleFileError(f"There is no country {country!r}.", "Write its ISO 3166 code, such as KE.")
    done = run(file, replace(settings, database=database) if database else settings, code)
    for title, lines in (
        ("Contradictions; the register keeps what it has", done.conflicts),
        ("Namesakes", done.namesakes),
        ("In articles already", done.in_articles),
        (
            "In articles under another name, as somebody else",
            [f"{name}: {other}" for name, other in done.other_names],
        ),
    ):
        if lines:
            print_line(f"{title}:")
            for line in lines:
                print_line(f"  {line}")
    print_line(f"{file}: {done.new} new, {done.matched} matched, {done.changed} changed.")
