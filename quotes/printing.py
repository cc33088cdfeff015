"""How the command line shows tables and progress. What was said is shown as it stands, never read as markup."""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from quotes.store.overview import PersonRow, StatementRow, Status
from quotes.store.sql import Result

if TYPE_CHECKING:
    from quotes.evaluation.report import Report
    from quotes.evaluation.speakers import Report as SpeakersReport
    from quotes.evaluation.speed import Speed
    from quotes.evaluation.stance import Comparison
    from quotes.store.diff import Difference

NARROWEST = 12
"""Columns of a terminal that a column of a table needs; where it gets fewer, rows are printed one below the other."""
WIDE = 110
"""Columns of a terminal from which on a summary names the article."""


def print_result(result: Result) -> None:
    """Print the rows of a query as a table, or one below the other where the terminal is too narrow for that."""
    console = _console()
    if len(result.columns) * NARROWEST <= console.width:
        console.print(_table(result.columns, result.rows))
        return
    for number, row in enumerate(result.rows, start=1):
        console.print(Text(f"Row {number}", style="bold"))
        table = Table(box=None, show_header=False, padding=(0, 2))
        for name, value in zip(result.columns, row, strict=True):
            table.add_row(Text(name, style="dim"), _cell(value))
        console.print(table)


def print_csv(result: Result) -> None:
    """Print the rows of a query as CSV with a header; lists and structs as JSON, NULL as nothing."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(result.columns)
    for row in result.rows:
        writer.writerow([_json(value) if isinstance(value, list | dict) else value for value in row])


def print_jsonl(result: Result) -> None:
    """Print each row of a query as a JSON object; a second column of one name is called as DuckDB does, name_1."""
    names: list[str] = []
    for name in result.columns:
        count = 1
        unique = name
        while unique in names:
            unique, count = f"{name}_{count}", count + 1
        names.append(unique)
    for row in result.rows:
        sys.stdout.write(_json(dict(zip(names, row, strict=True))) + "\n")


def print_people(people: Sequence[PersonRow]) -> None:
    """Print people with the number of their statements, and how often others speak about them."""
    rows = [
        (
            person.name + (" (one name)" if person.one_name else ""),
            person.role,
            person.party,
            person.statements,
            person.mentions,
            person.latest,
            person.person_id,
        )
        for person in people
    ]
    _console().print(_table(("name", "role", "party", "statements", "mentioned", "latest", "id"), rows))


def print_statements(statements: Sequence[StatementRow]) -> None:
    """Print statements in short, a line each; the article is left out where the terminal is narrow."""
    console = _console()
    widths = {"speaker": 18, "kind": 8, "when": 10} | ({"article": 30} if console.width >= WIDE else {})
    rest = console.width - sum(width + 3 for width in widths.values()) - 3
    table = Table(box=SIMPLE_HEAD, header_style="bold", padding=(0, 1), show_edge=False)
    for name in ("speaker", "kind", "what was said", "when", "article"):
        if name == "what was said" or name in widths:
            table.add_column(name, no_wrap=True, overflow="ellipsis", width=widths.get(name, rest))
    for statement in statements:
        cells = [
            statement.speaker or "(not named)",
            statement.kind,
            " ".join(statement.text.split()),
            _day(statement.said_on, statement.said_on_precision),
            statement.article,
        ]
        table.add_row(*(Text(cell) for cell in cells[: len(table.columns)]))
    console.print(table)


def print_report(report: Report) -> None:
    """Print the figures of an evaluation, as shares of one."""
    console = _console()

    _figures(console, "All articles", list(report.overall.items()))
    _figures(console, "Relations by kind", [(name, one["relation"]) for name, one in report.by_kind.items()])
    _figures(console, "Relations by publisher", [(name, one["relation"]) for name, one in report.by_publisher.items()])
    console.print(Text(f"Expected calibration error {report.calibration_error:.3f}"))
    if report.worst:
        console.print(Text("Worst articles, by the F1 of relations", style="bold"))
        console.print(_table(("article", "F1"), [(name, f"{f1:.3f}") for name, f1 in report.worst]))


def _figures(console: Console, title: str, rows: Sequence[tuple[str, Mapping[str, float]]]) -> None:
    console.print(Text(title, style="bold"))
    columns = ("", "precision", "recall", "F1", "found", "annotated")
    lines = [
        (name, *(f"{one[part]:.3f}" for part in ("p", "r", "f1")), int(one["pred"]), int(one["gold"]))
        for name, one in rows
    ]
    console.print(_table(columns, lines))


def print_speakers(report: SpeakersReport, misses: int) -> None:
    """Print the figures of an evaluation of speakers, as shares of one, and its first misses."""
    console = _console()
    _figures(console, "All articles", list(report.overall.items()))
    for measure, title in (("spoken_by", "Quoted stretches"), ("said_by", "Whole quotes")):
        _figures(console, f"{title} by kind of source", [(kind, one[measure]) for kind, one in report.by_kind.items()])
    if misses and report.misses:
        console.print(Text(f"The most confident of {len(report.misses)} misses", style="bold"))
        columns = ("confidence", "source", "found", "annotated", "quote", "article")
        rows = [
            (
                f"{miss.confidence:.2f}",
                miss.source,
                miss.found or "-",
                miss.wanted or "-",
                miss.content[:60],
                miss.article,
            )
            for miss in report.misses[:misses]
        ]
        console.print(_table(columns, rows))


def print_comparisons(found: Sequence[Comparison]) -> None:
    """Print the figures of stances, file by file: the model beside what it is compared with, then its confusion."""
    console = _console()
    for one in found:
        console.print(Text(one.name, style="bold"))
        rows = [
            (name, *(f"{value:.3f}" for value in (figures.macro_f1, figures.accuracy, *figures.f1.values())))
            for name, figures in (("model", one.model), ("lexicon", one.lexicon), ("commonest label", one.majority))
        ]
        labels = tuple(one.model.f1)
        console.print(_table(("", "macro F1", "accuracy", *labels), rows))
        confusion = [(f"is {right}", *counts.values()) for right, counts in one.model.confusion.items()]
        console.print(_table(("model", *(f"found {label}" for label in labels)), confusion))
        console.print(Text(f"Expected calibration error {one.calibration_error:.3f}\n"))


def print_speed(speed: Speed) -> None:
    """Print how fast the pipeline is, and beside it what it is compared with."""
    from quotes.evaluation.speed_report import comparisons, costs, stages

    console = _console()
    for title, (columns, rows) in (("Stages", stages(speed)), ("Compared", comparisons(speed)), ("", costs(speed))):
        console.print(title, style="bold")
        console.print(_table(columns, rows))


def print_status(path: Path, status: Status) -> None:
    """Print what a tracker's file holds."""
    console = _console()
    facts = {
        "file": str(path.absolute()),
        "size": f"{path.stat().st_size / 2**20:.1f} MiB",
        "schema version": status.schema_version,
        "articles": status.articles,
        "quotes": status.quotes,
        "people": status.people,
        "stances": status.stances,
        "problems": status.problems,
    }
    table = Table(box=None, show_header=False, padding=(0, 2))
    for name, value in facts.items():
        table.add_row(Text(name, style="dim"), _cell(value))
    console.print(table)
    runs = [
        (
            run.ingest_id,
            f"{run.started_at:%Y-%m-%d %H:%M}",
            "finished" if run.finished_at else "not finished",
            ", ".join(run.sources),
            f"+{run.added} ~{run.changed} ={run.unchanged}",
            run.problems,
        )
        for run in status.ingests
    ]
    if runs:
        console.print(
            _table(("ingest", "began", "state", "sources", "articles (+new ~changed =same)", "problems"), runs)
        )


def print_difference(difference: Difference) -> None:
    """Print how two databases differ: counts, then examples, with what changed from what to what."""
    console = _console()
    console.print(_table(("articles", "number"), sorted(difference.articles.items())))
    numbers = [(kind, getattr(difference, kind)) for kind in ("same", "added", "lost", "changed")]
    numbers += [(f"  in {aspect}", number) for aspect, number in sorted(difference.aspects.items())]
    console.print(_table(("quotes", "number"), numbers))
    for kind, examples in difference.examples.items():
        if examples:
            console.print(Text(kind.capitalize(), style="bold"))
        for example in examples:
            one = example.new or example.old
            assert one is not None
            console.print(Text(f"{one.speaker or '(not named)'}: {' '.join(one.text.split())} [{example.article}]"))
            for aspect in example.aspects:
                before, after = getattr(example.old, aspect), getattr(example.new, aspect)
                console.print(Text(f"    {aspect}: {_plainly(before)} -> {_plainly(after)}", style="dim"))


def _plainly(value: object) -> str:
    """Write one aspect of a quote in words."""
    if isinstance(value, dict):
        return ", ".join(f"{label} {target}" for target, label in value.items()) or "none"
    if isinstance(value, tuple):
        return ", ".join(f"{start}-{end}" for start, end in value)
    return str(value or "none")


class _Rate(ProgressColumn):
    """How many are done in a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "", style="progress.data.speed")


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int | None], None]]:
    """Show how far a long piece of work is, on standard error, where that is a terminal.

    Args:
        what: what is being done.

    Yields:
        A function to be called with how much is done, and how much there is to do or None where that is unknown.
    """
    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total and max(done, total))


def _console() -> Console:
    return Console(highlight=False, markup=False, emoji=False)


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """Make a table that folds what is too wide."""
    table = Table(box=SIMPLE_HEAD, header_style="bold", padding=(0, 1), show_edge=False)
    for place, name in enumerate(columns):
        numbers = bool(rows) and all(isinstance(row[place], int | float) for row in rows)
        table.add_column(Text(name), overflow="fold", justify="right" if numbers else "left")
    for row in rows:
        table.add_row(*map(_cell, row))
    return table


def _cell(value: Any) -> Text:
    if value is None:
        return Text("")
    return Text(_json(value) if isinstance(value, list | dict) else str(value))


def _json(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, default=str)


def _plain(value: Any) -> Any:
    """Replace what JSON has no word for: keys that are not strings, and numbers that are not finite."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _day(day: date | None, precision: str | None) -> str:
    if day is None:
        return ""
    match precision:
        case "year":
            return f"{day:%Y}"
        case "month":
            return f"{day:%Y-%m}"
        case "week":
            return f"{day:%G-W%V}"
    return str(day)
