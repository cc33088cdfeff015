"""What a user gets from the wheel: built, installed in a clean environment elsewhere, and run there."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path, home: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment | {"HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=800,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(900)
def test_the_wheel_brings_all_that_the_demo_needs(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path / "dist"), "."]
    run(*build, cwd=ROOT, home=Path.home())
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    venv.create(tmp_path / "clean", with_pip=True)
    python = tmp_path / "clean" / "bin" / "python"
    constraints = ROOT / "constraints.txt"
    run(python, "-m", "pip", "install", "--quiet", "--constraint", constraints, wheel, cwd=tmp_path, home=Path.home())

    shown = run(python.with_name("quotes"), "demo", "--no-serve", cwd=home, home=home)
    assert "Schumer" in shown
    assert (home / "quotes.duckdb").exists()
    counted = run(
        python.with_name("quotes"),
        *("sql", "select count(*) as articles from articles", "--format", "csv"),
        cwd=home,
        home=home,
    )
    assert counted.split() == ["articles", "12"]
    dashboard = Path(run(python, "-c", "import dashboard; print(dashboard.__file__)", cwd=home, home=home).strip())
    assert (dashboard.parent / ".streamlit" / "config.toml").exists()
