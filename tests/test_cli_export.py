from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from commands import Run

from quotes.store import writing


def test_export_and_import_say_what_they_did(run: Run, tracker: Path) -> None:
    code, out, err = run("export", "--format", "jsonl", "out", "-d", tracker)
    assert (code, err) == (0, "")
    counts = out.removeprefix("out: ").partition(";")[0]
    assert re.search(r"articles 4\b.*people \d.*quotes \d\d\b", counts)
    assert re.search(r"; files: \d+\.\n$", out)
    assert run("import", "out", "-d", "copy.duckdb") == (0, f"copy.duckdb: {counts}.\n", "")


def test_export_takes_a_condition(run: Run, tracker: Path) -> None:
    code, out, _ = run("export", "out", "--where", "speaker = 'Edda Voss'", "-d", tracker)
    assert code == 0
    assert "articles 1," in out
    assert "quotes 1," in out


def test_what_goes_wrong_is_one_line(run: Run, tracker: Path) -> None:
    code, out, err = run("export", "out", "--where", "nonsense", "-d", tracker)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "nonsense" in err
    code, out, err = run("import", "nowhere")
    assert (code, out) == (1, "")
    assert err.startswith("quotes: nowhere is no export of quotes.")


def test_diff_prints_counts_and_examples(run: Run, tracker: Path, inward_tracker: Path) -> None:
    code, out, err = run("diff", tracker, inward_tracker)
    assert (code, err) == (0, "")
    assert re.search(r"only in the old +4 *\n", out)
    code, out, _ = run("diff", tracker, tracker, "--json")
    assert code == 0
    assert json.loads(out)["articles"] == {"in both": 4}


def test_diff_shows_what_changed_from_what_to_what(run: Run, tracker: Path, tmp_path: Path) -> None:
    shutil.copyfile(tracker, tmp_path / "new.duckdb")
    with writing(tmp_path / "new.duckdb", 5) as store:
        store.connection.execute("UPDATE quotes SET speaker = '[b]Mara', kind = 'mixed' WHERE speaker = 'Edda Voss'")
    _, out, _ = run("diff", tracker, "new.duckdb")
    assert re.search(r"changed +1 *\n", out)
    assert "speaker: Edda Voss -> [b]Mara\n" in out
    assert "kind: indirect -> mixed\n" in out
    found = json.loads(run("diff", tracker, "new.duckdb", "--json")[1])
    assert found["aspects"] == {"speaker": 1, "kind": 1}
    assert found["examples"]["changed"][0]["new"]["speaker"] == "[b]Mara"
