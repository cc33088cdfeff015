"""Finds who said what about whom in English news, and keeps it in one DuckDB file.

>>> import quotes
>>> quotes.extract("“We will not give up,” said Mara Lindqvist.")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quotes.records import Article, Person, Problem, Quote, Span, Speaker, Stance
    from quotes.settings import Settings
    from quotes.tracker import extract, open_tracker

    __version__: str

__all__ = [
    "Article",
    "Person",
    "Problem",
    "Quote",
    "Settings",
    "Span",
    "Speaker",
    "Stance",
    "__version__",
    "extract",
    "open_tracker",
]

_HOMES = {
    "quotes.records": ("Article", "Person", "Problem", "Quote", "Span", "Speaker", "Stance"),
    "quotes.settings": ("Settings",),
    "quotes.tracker": ("extract", "open_tracker"),
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for (PEP 562), so that ``import quotes`` costs next to nothing."""
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("quote-tracker")
        except PackageNotFoundError:
            return "0+not.installed"
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
