"""The commands that serve the dashboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from quotes.cli_search import Database

if TYPE_CHECKING:
    from quotes.settings import Settings

Port = Annotated[int, typer.Option(min=1, max=65535, help="The port; where it is taken, the next free one.")]
Browser = Annotated[bool, typer.Option(help="Show the dashboard in the browser; never where BROWSER=none is set.")]


def dashboard(
    database: Database = None,
    port: Port = 8501,
    browser: Browser = True,
    host: Annotated[
        str, typer.Option(help="The address to listen on; 0.0.0.0 for all, with a password or --no-auth.")
    ] = "127.0.0.1",
    password_file: Annotated[
        Path | None, typer.Option(help="A file whose first line is the password that visitors must know.")
    ] = None,
    no_auth: Annotated[bool, typer.Option("--no-auth", help="Let everybody in who can reach --host.")] = False,
) -> None:
    """Browse the database by person and stance.

    The dashboard is served to this machine only, until Ctrl-C; to others with --host and --password-file. Passwords
    travel as they are: over a network, put a proxy with https before it.
    """
    from quotes.cli import _settings
    from quotes.serving import check_access
    from quotes.store.store import reading

    settings = _settings(database)
    check_access(host, password_file, no_auth)
    with reading(settings.database, settings.wait):  # says what is wrong before Streamlit starts
        pass
    _serve(settings, port, browser, host=host, password_file=password_file, open_to_all=no_auth)


def demo(
    database: Database = None,
    serve: Annotated[bool, typer.Option(help="Serve the dashboard afterwards.")] = True,
    port: Port = 8501,
    browser: Browser = True,
) -> None:
    """Try it all out on the sample articles.

    They are ingested, what was found is printed, and the dashboard is served, until Ctrl-C.
    """
    from quotes import printing
    from quotes.cli import _ingest, _settings
    from quotes.readers import read
    from quotes.records import Article
    from quotes.settings import shipped
    from quotes.store.overview import list_statements
    from quotes.store.store import reading

    settings, sample = _settings(database), shipped("sample")
    if not _ingest([str(sample)], settings, None):
        raise typer.Exit(1)
    with reading(settings.database, settings.wait) as connection:
        found = list_statements(connection, [item.id for item in read(sample) if isinstance(item, Article)])
    printing.print_statements(found)
    if serve:
        _serve(settings, port, browser)


def _serve(settings: Settings, port: int, browser: bool, **access: Any) -> None:
    from quotes.cli import print_line
    from quotes.serving import serve

    def announce(address: str) -> None:
        print_line(f"Dashboard: {address} (stop it with Ctrl-C)")

    serve(settings.database, port, browser, announce, **access)
