"""Runs the code cells of a notebook, as `make docs` and a test do.

Plainly, in this process: nbclient and a kernel would bring 25 packages for what exec() does here, and our cells use
nothing of IPython's.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any


def run(cells: list[dict[str, Any]], folder: Path) -> list[list[dict[str, Any]]]:
    """Run code cells one after the other, in one namespace.

    Args:
        cells: the notebook's code cells.
        folder: the working folder, with ``quotes.duckdb`` in it.

    Returns:
        The outputs of each cell: what it printed, and the value of its last line.
    """
    names: dict[str, Any] = {}
    with contextlib.chdir(folder):
        return [_run(cell, number, names) for number, cell in enumerate(cells, start=1)]


def _run(cell: dict[str, Any], number: int, names: dict[str, Any]) -> list[dict[str, Any]]:
    tree = ast.parse("".join(cell["source"]))
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, f"cell {number}", "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), names)
        shown = None if value is None else repr(value)
    outputs: list[dict[str, Any]] = []
    if printed.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": printed.getvalue().splitlines(True)})
    if shown is not None:
        data = {"text/plain": shown.splitlines(True)}
        outputs.append({"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"})
    return outputs


def main(folder: str, file: str) -> None:
    """Write the outputs of a notebook anew."""
    path = Path(file)
    notebook = json.loads(path.read_text(encoding="utf8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, (cell, outputs) in enumerate(zip(code, run(code, Path(folder)), strict=True), start=1):
        cell |= {"execution_count": number, "outputs": outputs}
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + os.linesep, encoding="utf8")


if __name__ == "__main__":
    main(*sys.argv[1:])
