"""How days, numbers and things without a name are put into words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dashboard.records import Holdings, Said, Statement, Tally
from quotes.records import CueClass, Precision

SAID: Mapping[Said, str] = {"utterances": "Utterances", "beliefs": "Beliefs and wishes", "all": "All"}
"""What a list may hold."""

NOUNS: Mapping[Said, tuple[str, str]] = {
    "utterances": ("statement", "statements"),
    "beliefs": ("belief or wish", "beliefs and wishes"),
    "all": ("statement, belief or wish", "statements, beliefs and wishes"),
}
"""What such a list counts: one, and many."""

UNDECIDED = "Speaker undecided"

INWARD: Mapping[CueClass, str] = {"thought": "belief", "desire": "wish", "other": "other than an utterance"}
"""What a statement is that nobody said or wrote."""


def day(value: date) -> str:
    """Write a day as 16 March 2022."""
    return f"{value.day} {value:%B} {value.year}"


def said_on(value: date, precision: Precision | None) -> str:
    """Say when something was said, no more exactly than it is known.

    >>> said_on(date(2022, 3, 9), "week")
    'in the week of 9 March 2022'
    """
    match precision:
        case "day":
            return f"on {day(value)}"
        case "week":
            return f"in the week of {day(value)}"
        case "month":
            return f"in {value:%B} {value.year}"
        case "year":
            return f"in {value.year}"
        case None:
            return f"around {day(value)}"


def period(first: date, last: date) -> str:
    """Name a month or a year by its first and last day."""
    return f"{first:%B} {first.year}" if first.month == last.month else f"{first.year}"


def count(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: 1 statement, 2,000 statements."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def holdings(held: Holdings, said: Said = "utterances") -> str:
    """Sum up how much there is."""
    parts = [count(held.statements, *NOUNS[said]), f"in {count(held.articles, 'article')}"]
    if held.publishers:
        parts.append(f"from {count(held.publishers, 'publisher')}")
    return " ".join(parts)


def tally(counts: Tally) -> str:
    """Sum up stances: 2 against, 1 favor."""
    named = {"against": counts.against, "neutral": counts.neutral, "favor": counts.favor}
    return ", ".join(f"{number:,} {name}" for name, number in named.items() if number)


def speaker(statement: Statement) -> str:
    """Name who speaks."""
    return statement.speaker or UNDECIDED


def citation(statement: Statement) -> str:
    """Cite a statement, with nothing left out that is needed to find it again.

    A direct quotation has its own marks; what the article reports in its own words gets none.
    """
    who = ", ".join(part for part in (speaker(statement), statement.role) if part)
    words = " ".join(statement.text.split())
    when = f" {said_on(statement.said_on, statement.said_on_precision)}" if statement.said_on else ""
    how = "" if statement.kind == "direct" else f" ({statement.kind}: as the article puts it)"
    place = [f"“{title(statement.title)}”", statement.publisher, statement.published and day(statement.published)]
    source = ", ".join(part for part in (*place, statement.url) if part)
    return f"{who}{when}{how}: {words} In: {source}."


def title(title: str | None, opening: str = "") -> str:
    """Name an article: by its headline, else by its first words."""
    if title and title.strip():
        return title
    first = opening.strip().partition("\n")[0]
    return f"{first[:90].rstrip()} …" if first else "Untitled article"
