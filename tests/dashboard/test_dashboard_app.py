"""The router."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from seeing import See
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


def test_every_page_opens_from_the_router(tracker: Path, monkeypatch: pytest.MonkeyPatch, seen: See) -> None:
    monkeypatch.setenv("QUOTES_DATABASE", str(tracker))
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert "17 statements in 4 articles" in seen(app).text
    for page, words in {
        "overview": "Quoted most",
        "people": "newest first",
        "stances": "Who takes",
        "statements": "17 statements",
        "article": "4 articles",
        "review": "31% sure",
        "add": "Drop files",
        "sql": "What there is to ask",
    }.items():
        app.switch_page(f"app_pages/{page}.py").run()
        assert not app.exception
        assert words in seen(app).text


def test_the_dashboard_loads_no_language_pipeline() -> None:
    pages = "import dashboard.queries, dashboard.elements.frame, dashboard.elements.passage, sys; "
    pages += "import dashboard.writing, dashboard.previews, dashboard.elements.deciding, quotes.readers.files; "
    found = "print([name for name in ('spacy', 'textacy', 'onnxruntime', 'torch') if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", pages + found], capture_output=True, text=True, check=True, cwd=APP.parents[1]
    )
    assert done.stdout.strip() == "[]"
