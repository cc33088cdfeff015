"""The command that polls feeds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from quotes.records import Problem
    from quotes.watching import Round


def watch(
    database: Annotated[
        Path | None, typer.Option("--database", "-d", help="The DuckDB file.", show_default="quotes.duckdb")
    ] = None,
    every: Annotated[float, typer.Option(min=0, help="Minutes from one round to the next.")] = 15.0,
    rounds: Annotated[int | None, typer.Option(min=1, help="How many rounds; without it, until Ctrl-C.")] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Also fetch from this machine and its network.")
    ] = False,
) -> None:
    """Poll feeds and ingest what is new.

    The feeds are listed in quotes.toml; each round prints a line, and Ctrl-C ends it after the article in hand.
    """
    from quotes import cli
    from quotes.settings import load_settings
    from quotes.watching import watch as run

    settings = load_settings()
    settings = replace(settings, database=database) if database else settings

    told: set[Problem] = set()

    def tell(done: Round) -> None:
        report = done.report
        for problem in report.problems:
            if problem not in told:
                cli.print_problem(problem)
                told.add(problem)
        problems = f"{len(report.problems)} problem{'' if len(report.problems) == 1 else 's'}"
        cli.print_line(
            f"{done.began:%Y-%m-%d %H:%M:%S}  {done.feeds} feed{'' if done.feeds == 1 else 's'}: "
            f"articles {report.added} added, {report.changed} changed, {report.unchanged} unchanged; "
            f"{report.quotes} new quotes; {problems}."
        )

    run(settings, every * 60, rounds, allow_private, tell)
