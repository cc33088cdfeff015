"""The commands that keep a database safe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quotes.cli_search import Database


def backup(
    file: Annotated[Path, typer.Argument(help="The copy.")],
    database: Database = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if there is one.")] = False,
) -> None:
    """Copy the database to another file.

    Also while articles are ingested: writers wait meanwhile. The copy gets its name when it is whole.
    """
    from quotes.cli import _settings, print_line
    from quotes.store.backup import back_up

    settings = _settings(database)
    size = back_up(settings.database, file, settings.wait, overwrite)
    print_line(f"{file}: a copy of {settings.database}, {size:,} bytes.")


def check(database: Database = None) -> None:
    """Check that the database fits together.

    Each quote is compared with its article, each key with its table, counts with rows, the index with the quotes.
    """
    from quotes.cli import _settings, print_line
    from quotes.printing import progress_bar
    from quotes.store import checking
    from quotes.store.overview import read_status
    from quotes.store.store import reading

    settings = _settings(database)
    with reading(settings.database, settings.wait) as connection, progress_bar("Comparing") as progress:
        found = checking.check(connection, progress)
        held = read_status(connection)
    for finding in found:
        more = ", ..." if finding.rows > len(finding.examples) else ""
        told = "" if finding.wrong else "For your information: "
        keys = ", ".join(finding.examples)
        print_line(f"{told}{finding.rows:,} {finding.problem}: {keys}{more}. {finding.advice}")
    wrong = sum(finding.wrong for finding in found)
    kinds = "1 kind of thing is" if wrong == 1 else f"{wrong} kinds of things are"
    verdict = f"{kinds} wrong" if wrong else "nothing is wrong"
    print_line(f"{settings.database}: {held.articles:,} articles, {held.quotes:,} quotes; {verdict}.")
    if wrong:
        raise typer.Exit(1)
