"""Runs the dashboard: Streamlit as a process of its own, on this machine only, until somebody stops it."""

from __future__ import annotations

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
from quotes.settings import PACKAGE

HOST = "127.0.0.1"
PORTS_TO_TRY = 100
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 10.0


def serve(database: Path, port: int, browser: bool, announce: Callable[[str], None]) -> None:
    """Serve the dashboard until it is stopped by Ctrl-C or SIGTERM.

    Args:
        database: the tracker's file.
        port: the port to listen on; where it is taken, the next free one.
        browser: whether to show the dashboard in the user's browser; never where ``BROWSER=none`` is set.
        announce: called with the dashboard's address as soon as it answers.

    Raises:
        DashboardError: there is no free port, or Streamlit does not start.
    """
    port = free_port(port)
    address = f"http://{HOST}:{port}"
    # The folder in which a checkout has .streamlit; a wheel has it beside app.py, where Streamlit looks as well.
    home = PACKAGE.parent
    command = [sys.executable, "-m", "streamlit", "run", str(home / "dashboard" / "app.py")]
    # Headless, because Streamlit would else ask for an e-mail address when it runs for the first time.
    options = [f"--server.address={HOST}", f"--server.port={port}", "--server.headless=true"]
    environment = os.environ | {"QUOTES_DATABASE": str(database.absolute()), "QUOTES_FOLDER": str(Path.cwd())}
    # Both, because a shell lets what it starts in the background ignore Ctrl-C.
    before = {name: signal.signal(name, signal.default_int_handler) for name in (signal.SIGINT, signal.SIGTERM)}
    streamlit = subprocess.Popen([*command, *options], env=environment, cwd=home, stdout=subprocess.DEVNULL)
    try:
        _wait_until_it_answers(streamlit, port)
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


def free_port(first: int) -> int:
    """Find the first port from this one on that nobody listens on.

    Args:
        first: where to begin.

    Returns:
        The port.

    Raises:
        DashboardError: there is none among the next hundred.
    """
    for port in range(first, min(first + PORTS_TO_TRY, 65536)):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((HOST, port))
            except OSError:
                continue
            return port
    raise DashboardError(f"No port from {first} on is free.", "Name another with --port.")


def _wait_until_it_answers(streamlit: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if streamlit.poll() is not None:
            raise DashboardError(
                f"The dashboard did not start (Streamlit's exit code is {streamlit.returncode}).", "See above why."
            )
        connection = HTTPConnection(HOST, port, timeout=1)
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
