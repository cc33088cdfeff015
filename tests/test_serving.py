from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

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


def listening(port: int) -> set[str]:
    """The addresses at which anything listens on a port, as Linux lists them."""
    found = set()
    for family, table in ((socket.AF_INET, "/proc/net/tcp"), (socket.AF_INET6, "/proc/net/tcp6")):
        if not Path(table).exists():
            continue
        for line in Path(table).read_text().splitlines()[1:]:
            _, local, _, state = line.split()[:4]
            number, _, own = local.partition(":")
            if state == "0A" and int(own, 16) == port:
                words = bytes.fromhex(number)
                swapped = b"".join(words[at : at + 4][::-1] for at in range(0, len(words), 4))
                found.add(socket.inet_ntop(family, swapped))
    return found


@contextmanager
def running(*arguments: str, port: int) -> Iterator[subprocess.Popen[str]]:
    """Run ``quotes dashboard`` until the end of the ``with`` block, once it answers."""
    with subprocess.Popen(
        [*RUN, "dashboard", "--port", str(port), *arguments],
        cwd=HOME,
        env=os.environ | {"BROWSER": "none"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        while not (line := process.stdout.readline()).startswith("Dashboard: http://127.0.0.1:"):
            assert line
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
@pytest.mark.parametrize(("arguments", "address"), [((), "127.0.0.1"), (("--host", "0.0.0.0", "--no-auth"), "0.0.0.0")])
def test_it_listens_where_it_is_told_to_and_nowhere_else(
    tracker: Path, arguments: tuple[str, ...], address: str
) -> None:
    port = serving.free_port(18700)
    with running("-d", str(tracker), *arguments, port=port):
        assert listening(port) == {address}


def test_the_password_is_in_no_list_of_processes_and_in_no_answer(tracker: Path, tmp_path: Path) -> None:
    secret = "grey heron at noon"
    file = tmp_path / "password"
    file.write_text(secret)
    port = serving.free_port(18750)
    with running("-d", str(tracker), "--host", "0.0.0.0", "--password-file", str(file), port=port) as process:
        shown = ""
        for folder in Path("/proc").iterdir():
            if folder.name.isdecimal() and os.getsid(int(folder.name)) == process.pid:
                shown += (folder / "cmdline").read_text() + (folder / "environ").read_text()
        assert str(file) in shown
        assert secret not in shown
        # What can be had without a session: Streamlit's own files, and nothing of ours.
        address = f"http://127.0.0.1:{port}"
        for path in ("/", "/statements", "/sql?query=select+*+from+quotes", "/media/", "/_stcore/health"):
            try:
                with urllib.request.urlopen(address + path, timeout=30) as answer:
                    body = answer.read().decode()
            except HTTPError as error:
                body = error.read().decode()
            assert secret not in body
            assert "Marrow" not in body
        process.send_signal(signal.SIGTERM)
        assert process.stdout
        assert secret not in process.stdout.read()


@pytest.mark.parametrize(
    ("host", "password", "open_to_all", "told"),
    [
        ("0.0.0.0", None, False, "--password-file"),
        ("::", None, False, "--no-auth"),
        ("192.0.2.7", None, False, "Others can reach"),
        ("::ffff:10.0.0.1", None, False, "Others can reach"),
        ("localhost", None, False, "no numerical address"),
        ("0.0.0.0", "long enough", True, "cannot both"),
        ("0.0.0.0", "short", False, "fewer than 8"),
        ("127.0.0.1", "", False, "fewer than 8"),
    ],
)
def test_others_are_let_in_only_where_it_is_said_how(
    tmp_path: Path, host: str, password: str | None, open_to_all: bool, told: str
) -> None:
    file = tmp_path / "password"
    file.write_text(password or "")
    with pytest.raises(DashboardError, match=told):
        serving.check_access(host, file if password is not None else None, open_to_all)


def test_who_may_reach_it_is_checked(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("grey heron at noon\n")
    for host in ("127.0.0.1", "127.3.2.1", "::1"):
        serving.check_access(host, None, False)
    for host in ("0.0.0.0", "192.0.2.7", "::1"):
        serving.check_access(host, tmp_path / "password", False)
        serving.check_access(host, None, True)
    with pytest.raises(DashboardError, match="cannot be read"):
        serving.check_access("0.0.0.0", tmp_path / "none", False)
    with pytest.raises(DashboardError, match="no address of this machine"):
        serving.free_port(18800, "192.0.2.7")


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
