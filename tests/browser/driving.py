"""The dashboard served, and the system's Chromium that shows it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "screenshots"
PATIENCE = 60_000
"""How long to wait for anything in a browser, in milliseconds: CI machines are slow."""

expect.set_options(timeout=PATIENCE)


def chromium() -> str | None:
    """Find the system's Chromium."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """Start Chromium, and close it at the end."""
    quiet = ["background-networking", "component-update", "sync", "gpu", "dev-shm-usage"]
    options = ["--no-sandbox", "--no-first-run", *(f"--disable-{what}" for what in quiet)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@contextmanager
def serving(database: Path, **environment: str) -> Iterator[str]:
    """Serve the dashboard on a free port and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/served.py", "--server.address", "127.0.0.1"]
    command += ["--server.port", str(port), "--server.headless", "true"]
    log = database.with_suffix(".log")
    with log.open("w") as output:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "QUOTES_DATABASE": str(database), **environment},
            stdout=output,
            stderr=output,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(240):
                try:
                    urlopen(f"{address}/_stcore/health", timeout=5).close()
                    break
                except URLError:
                    assert server.poll() is None, log.read_text()
                    time.sleep(0.25)
            yield address
        finally:
            server.terminate()
            server.wait(30)
    assert "Traceback" not in log.read_text()


def drawn(page: Page) -> None:
    """Wait until the script has run to its end."""
    expect(page.locator(".qt-foot")).to_be_attached()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
