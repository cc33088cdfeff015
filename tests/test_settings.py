from __future__ import annotations

from pathlib import Path

import pytest

from quotes.errors import SettingsError
from quotes.settings import Settings, load_settings, shipped


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()


def test_the_file_overrides_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "quotes.toml").write_text('database = "other.duckdb"\nwait = 3\nbatch_size = 4\n')
    assert load_settings(tmp_path) == Settings(database=tmp_path / "other.duckdb", wait=3.0, batch_size=4)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("wait = ", "not valid TOML"),
        ("wiat = 3", r"'wiat', which does not exist.*wait"),
        ('wait = "long"', "must be of type float"),
        ("batch_size = true", "must be of type int"),
        ("database = 3", "must be of type"),
        ("batch_size = 0", "batch_size to 0"),
        ("wait = -1", "wait to -1"),
        ("wait = nan", "wait to nan"),
    ],
)
def test_a_wrong_setting_is_an_error(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "quotes.toml").write_text(content)
    with pytest.raises(SettingsError, match=words):
        load_settings(tmp_path)


def test_the_sample_is_shipped() -> None:
    assert shipped("sample").is_dir()
