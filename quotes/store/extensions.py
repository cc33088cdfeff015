"""DuckDB's extensions, which work offline from files that packages carry."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb


def extension(name: str) -> Path | None:
    """Find the file of an extension, such as ``fts``: the package duckdb-extension-fts carries DuckDB's own, signed.

    Returns:
        The file; None where the package is missing, or made for another version of DuckDB.
    """
    package = find_spec(f"duckdb_extension_{name}")
    for folder in (package and package.submodule_search_locations) or ():
        file = Path(folder) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
        if file.exists():
            return file
    return None
