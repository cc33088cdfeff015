"""Runs the dashboard: Streamlit as a process of its own, until somebody stops it.

It listens on this machine only, unless another address is named together with how visitors are let in.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from quotes.errors import DashboardError
from quotes.passwords import read_password
from quotes.settings import PACKAGE

HOST = "127.0.0.1"
PORTS_TO_TRY = 100
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 10.0


def serve(
    database: Path,
    port: int,
    browser: bool,
    announce: Callable[[str], None],
    *,
    host: str = HOST,
    password_file: Path | None = None,
    open_to_all: bool = False,
) -> None:
    """Serve the dashboard until it is stopped by Ctrl-C or SIGTERM.

    Args:
        database: the tracker's file.
        port: the port to listen on; where it is taken, the next free one.
        browser: whether to show the dashboard in the user's browser; never where ``BROWSER=none`` is set.
        announce: called with the dashboard's address as soon as it answers.
        host: the numerical address to listen on.
        password_file: holds the password that visitors must know; None for none.
        open_to_all: whether to let everybody in who can reach an address of other machines, without a password.

    Raises:
        DashboardError: others could reach it and nothing says how they are let in, there is no free port, or Streamlit
            does not start.
    """
    check_access(host, password_file, open_to_all)
    port = free_port(port, host)
    near = _near(host)
    address = f"http://{f'[{near}]' if ':' in near else near}:{port}"
    # The folder in which a checkout has .streamlit; a wheel has it beside served.py, where Streamlit looks as well.
    home = PACKAGE.parent
    command = [sys.executable, "-m", "streamlit", "run", str(home / "dashboard" / "served.py")]
    # Headless, because Streamlit would else ask for an e-mail address when it runs for the first time.
    options = [f"--server.address={host}", f"--server.port={port}", "--server.headless=true"]
    # Whatever somebody's own configuration of Streamlit says.
    options += ["--server.enableXsrfProtection=true", "--server.enableCORS=true"]
    environment = os.environ | {"QUOTES_DATABASE": str(database.absolute()), "QUOTES_FOLDER": str(Path.cwd())}
    environment.pop("QUOTES_PASSWORD_FILE", None)
    if password_file:
        environment["QUOTES_PASSWORD_FILE"] = str(password_file.absolute())
    # Both, because a shell lets what it starts in the background ignore Ctrl-C.
    before = {name: signal.signal(name, signal.default_int_handler) for name in (signal.SIGINT, signal.SIGTERM)}
    streamlit = subprocess.Popen([*command, *options], env=environment, cwd=home, stdout=subprocess.DEVNULL)
    try:
        _wait_until_it_answers(streamlit, near, port)
        announce(address)
        if browser and os.environ.get("BROWSER") != "none":
            webbrowser.open(address)
        if streamlit.wait() != 0:
            raise DashboardError(f"The dashboard ended with exit code {streamlit.returncode}.", "See above why.")
    except KeyboardInterrupt:
        pass
    finally:
        _stop(streamlit)
        for name, handler in before.items():
            signal.signal(name, handler)


def check_access(host: str, password_file: Path | None, open_to_all: bool) -> None:
    """Make sure that whoever can reach the dashboard is meant to.

    Args:
        host: the numerical address to listen on.
        password_file: holds the password; None for none.
        open_to_all: whether everybody is let in.

    Raises:
        DashboardError: others can reach it and nothing says how they are let in, or the password cannot be used.
    """
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError as error:
        raise DashboardError(
            f"{host} is no numerical address.", "Name one of this machine's, or 0.0.0.0 for all of them."
        ) from error
    if password_file and open_to_all:
        raise DashboardError("A password and no password cannot both be.", "Give --password-file or --no-auth.")
    if password_file:
        read_password(password_file)
    elif not local and not open_to_all:
        raise DashboardError(
            f"Others can reach the dashboard at {host}.",
            "Let them in by a password (--password-file FILE), or say that everybody may see it (--no-auth).",
        )


def free_port(first: int, host: str = HOST) -> int:
    """Find the first port from this one on that nobody listens on.

    Args:
        first: where to begin.
        host: the numerical address to listen on.

    Returns:
        The port.

    Raises:
        DashboardError: there is none among the next hundred.
    """
    for port in range(first, min(first + PORTS_TO_TRY, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host, port))
            except OSError as error:
                if error.errno == errno.EADDRNOTAVAIL:
                    raise DashboardError(f"{host} is no address of this machine.", "Name another --host.") from error
                continue
            return port
    raise DashboardError(f"No port from {first} on is free.", "Name another with --port.")


def _near(host: str) -> str:
    """Give the address at which this machine itself reaches what listens on an address, or on all of them."""
    return {"0.0.0.0": HOST, "::": "::1"}.get(host, host)


def _wait_until_it_answers(streamlit: subprocess.Popen[bytes], host: str, port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if streamlit.poll() is not None:
            raise DashboardError(
                f"The dashboard did not start (Streamlit's exit code is {streamlit.returncode}).", "See above why."
            )
        connection = HTTPConnection(host, port, timeout=1)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        except (HTTPException, OSError):
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise DashboardError(f"The dashboard did not answer in {SECONDS_TO_START:g} seconds.", "Try again.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
