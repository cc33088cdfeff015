"""What the README shows is run here, on the sample articles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

import quotes
from quotes.cli import app

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def database(sample_tracker: Path) -> Path:
    return sample_tracker


def test_every_query_runs(database: Path) -> None:
    queries = [query for block in blocks("sql") for query in block.split(";") if query.strip()]
    assert len(queries) >= 4
    with quotes.open_tracker(database) as tracker:
        columns = [tracker.sql(query).columns for query in queries]
    assert all(columns)


def test_the_row_that_it_shows_is_the_row_that_is_found(database: Path) -> None:
    query = re.search(r'quotes sql "(select speaker, role.*?)"', README, re.DOTALL)
    assert query
    with quotes.open_tracker(database) as tracker:
        rows = tracker.sql(query[1]).fetchall()
    assert ["| " + " | ".join(map(str, row)) + " |" for row in rows] == [
        line for line in README.splitlines() if line.startswith("| Chuck Schumer")
    ]


def test_the_python_example_runs(
    database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(database.parent)
    (example,) = blocks("python")
    exec(compile(example, "README.md", "exec"), {})
    assert "Chuck Schumer 2022-03-15 “All of us in this chamber" in capsys.readouterr().out


def test_every_command_is_named_and_has_an_example() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert len(commands) >= 7
    for name, command in commands.items():
        assert f"quotes {name}" in README
        assert f"quotes {name}" in (command.epilog or "")
