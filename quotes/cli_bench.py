"""The commands that measure speed."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from quotes.cli_search import Database

bench_app = typer.Typer(help="Measure how fast it is.", no_args_is_help=True, rich_markup_mode=None)


Sources = Annotated[list[str], typer.Argument(help="Files and folders of articles.")]


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


@bench_app.command(epilog="Example: quotes bench search -d large.duckdb")
def search(
    database: Database = None,
    rounds: Annotated[int, typer.Option(min=1, help="How often to ask each question.")] = 5,
) -> None:
    """Measure searches with and without filters, a new index of words, and finding the repeats of one article.

    Nothing is changed but the index, which is built anew of the same quotes.
    """
    from statistics import median

    from quotes import printing
    from quotes.cli import _settings, print_line
    from quotes.evaluation import search_speed as speed
    from quotes.store.sql import Result

    settings = _settings(database)
    measured = speed.measure(settings.database, settings.wait, rounds)
    rows = tuple(
        (one.words, one.filters, one.hits, round(one.clock), round(one.processor)) for one in measured.searches
    )
    printing.print_result(Result(("words", "filters", "hits", "ms", "of_the_processor_ms"), rows, False))
    print_line(
        f"{measured.quotes} quotes. A search with a filter: {measured.filtered:.0f} ms at the median (at most "
        f"{speed.SEARCH}). A new index: {measured.rebuild[0]:.1f} s (at most {speed.REBUILD}), "
        f"{measured.rebuild[1]:.1f} s of the processor; meanwhile a reader waited {measured.waited:.1f} s at most. "
        f"The repeats of an article: {median(measured.repeats):.0f} ms at the median, {max(measured.repeats):.0f} at "
        f"most (at most {speed.REPEATS})."
    )


@bench_app.command("run", epilog="Example: quotes bench run articles.jsonl --write docs/benchmarks.md")
def run(
    sources: Sources,
    rounds: Annotated[int, typer.Option(min=1, help="How often to repeat it all.")] = 3,
    write: Annotated[Path | None, typer.Option(help="Write the figures there too, as Markdown.")] = None,
) -> None:
    """Measure each stage on some articles.

    Beside it, the bare spaCy pipeline, textacy's direct_quotations and, where torch is installed, the network in torch.
    """
    from quotes import printing
    from quotes.cli import _settings
    from quotes.evaluation.speed import measure
    from quotes.evaluation.speed_report import markdown

    with printing.progress_bar("Measuring") as progress:
        speed = measure(sources, _settings(None), rounds, progress)
    printing.print_speed(speed)
    if write:
        names = " ".join(Path(source).name for source in sources)
        write.write_text(markdown(speed, f"quotes bench run {names} --rounds {rounds}"), encoding="utf8")


@bench_app.command("memory", epilog="Example: quotes bench memory articles.jsonl --articles 10000")
def memory(
    sources: Sources,
    articles: Annotated[int, typer.Option(min=1, help="How many to read; the given ones come again and again.")] = 1000,
) -> None:
    """See whether a process holds more memory the more articles it reads."""
    from quotes import printing
    from quotes.cli import _settings, print_line
    from quotes.evaluation.speed import memory as held

    with printing.progress_bar("Reading articles") as progress:
        found = held(sources, _settings(None), articles, progress)
    for count, size in found:
        print_line(f"{count} articles: {size / 2**20:.0f} MiB")


@bench_app.command("growth", epilog="Example: quotes bench growth articles/ --counts 10,100,1000 --write docs")
def growth(
    sources: Sources,
    counts: Annotated[str, typer.Option(help="How many articles to ingest, one number after the other.")] = "10,100",
    write: Annotated[Path | None, typer.Option(help="Write scaling.md and scaling.svg into this folder.")] = None,
) -> None:
    """See how the cost of an ingest grows with the number of articles, and what an archive would cost."""
    from quotes import printing
    from quotes.cli import _settings, print_line
    from quotes.errors import QuotesError
    from quotes.evaluation.growth import draw, markdown, measure_growth

    numbers = [int(number) for number in counts.split(",") if number.strip().isdigit() and int(number)]
    if len(numbers) != len(counts.split(",")):
        raise QuotesError(f"--counts {counts} is not understood.", "Write numbers: --counts 10,100,1000")
    settings = _settings(None)
    with printing.progress_bar("Ingesting") as progress:
        costs = measure_growth(sources, settings, numbers, progress)
    names = " ".join(Path(source).name for source in sources)
    page = markdown(costs, settings, "scaling.svg", f"quotes bench growth {names} --counts {counts}")
    print_line(page)
    if write:
        (write / "scaling.md").write_text(page + "\n", encoding="utf8")
        (write / "scaling.svg").write_text(draw(costs), encoding="utf8")
