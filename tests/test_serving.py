from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from quotes import serving
from quotes.errors import DashboardError

RUN = [sys.executable, "-c", "from quotes.cli import main; main()"]
HOME = Path(__file__).parent.parent


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_dashboard_runs_until_it_is_stopped(tracker: Path, stop: signal.Signals) -> None:
    port = serving.free_port(18500)
    command = [*RUN, "dashboard", "-d", os.path.relpath(tracker, HOME), "--port", str(port)]
    environment = os.environ | {"BROWSER": "none"}
    with subprocess.Popen(
        command, cwd=HOME, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == f"Dashboard: http://127.0.0.1:{port} (stop it with Ctrl-C)\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            assert answer.status == 200
        process.send_signal(stop)
        assert process.wait(60) == 0
    assert serving.free_port(port) == port


def test_a_taken_port_gives_way_to_the_next_free_one() -> None:
    with socket.create_server((serving.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        assert serving.free_port(port) > port


def test_without_a_free_port_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "PORTS_TO_TRY", 1)
    with (
        socket.create_server((serving.HOST, 0)) as taken,
        pytest.raises(DashboardError, match="Name another with --port"),
    ):
        serving.free_port(taken.getsockname()[1])


def test_a_dashboard_that_does_not_start_is_an_error(
    tracker: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "PACKAGE", tmp_path / "quotes")  # beside which there is no dashboard
    with pytest.raises(DashboardError, match="did not start"):
        serving.serve(tracker, serving.free_port(18600), False, print)
