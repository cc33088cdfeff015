"""The notebook of docs/ is run here, on the sample articles, and what it shows is what comes out."""

from __future__ import annotations

import json
from pathlib import Path

import cells
import pytest

FILE = Path(__file__).parents[1] / "docs" / "quotes.ipynb"


def test_the_notebook_shows_what_comes_out(sample_tracker: Path) -> None:
    pytest.importorskip("polars")
    code = [cell for cell in json.loads(FILE.read_text(encoding="utf8"))["cells"] if cell["cell_type"] == "code"]
    assert len(code) >= 8
    assert cells.run(code, sample_tracker.parent) == [cell["outputs"] for cell in code], "run `make docs`"


def test_a_cell_that_fails_fails_the_run(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        cells.run([{"source": ["x = 1\n", "x / 0"]}], tmp_path)
