"""An article that is not saved yet: its text with every quote highlighted, and beside it what was found."""

from __future__ import annotations

from dashboard.elements import address, frame, wording
from dashboard.elements.card import GUESS
from dashboard.elements.markup import anchor, is_web_address, outside, show, text
from dashboard.elements.passage import colour, number_of, passage, speakers
from dashboard.elements.stance import chip
from dashboard.records import FoundArticle, PlacedStatement, Statement


def draw_found(found: FoundArticle, state: str, marked: str | None) -> None:
    """Draw the article.

    Args:
        found: the article with its statements.
        state: whether it is in the database; our own words.
        marked: the id of the statement to mark.
    """
    article = found.article
    facts = [text(fact) for fact in (article.publisher, article.author) if fact]
    facts.append(wording.day(article.published) if article.published else "undated")
    if article.url and is_web_address(article.url):
        facts.append(outside(article.url, "where it was published"))
    facts.append(state)
    uttered = [one for one in found.placed if one.statement.uttered]
    inward = len(found.placed) - len(uttered)
    numbers = speakers(uttered)
    rows = "".join(_statement(one, number_of(one.statement, numbers), marked) for one in uttered)
    none = "" if rows else "<p>No statement was found in this text.</p>"
    more = f'<p class="qt-aside">{wording.count(inward, *wording.NOUNS["beliefs"])} beside them.</p>' if inward else ""
    show(
        f'<h2>{text(wording.title(article.title, article.text))}</h2><p class="qt-beneath">{" · ".join(facts)}</p>'
        f'<div class="qt-article"><aside>{none}<ol class="qt-found">{rows}</ol>{more}</aside>'
        f'<div class="qt-text">{passage(article.text, uttered, numbers, marked, _here)}</div></div>'
    )
    if any(one.statement.quote_id == marked for one in uttered):
        frame.scroll_to(".qt-here", "center", marked or "")


def _here(statement: Statement) -> str:
    return address.here(quote=statement.quote_id)


def _statement(one: PlacedStatement, number: int, marked: str | None) -> str:
    statement = one.statement
    doubt = "qt-guess" if statement.confidence < GUESS else "qt-state"
    here = " aria-current=true" if statement.quote_id == marked else ""
    role = f" <small>{text(statement.role)}</small>" if statement.role else ""
    chips = f'<p class="qt-chips">{" ".join(chip(stance, False) for stance in statement.stances)}</p>'
    return (
        f'<li class="{colour(number)}"{here}><b class="qt-number">{number}</b><div>'
        f"<p><b>{text(wording.speaker(statement))}</b>{role}</p>"
        f"<p>{anchor(_here(statement), text(' '.join(statement.text.split())))}</p>"
        f'<p class="qt-sureness">{statement.kind}<span class="{doubt}">{statement.confidence:.0%} sure</span></p>'
        f"{chips if statement.stances else ''}</div></li>"
    )
