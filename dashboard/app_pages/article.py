"""The list of articles, and one article as read with every quote highlighted in its place."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard import queries
from dashboard.elements import address, frame, wording
from dashboard.elements.card import card
from dashboard.elements.markup import anchor, is_web_address, outside, show, text
from dashboard.elements.passage import legend, margin, passage, speakers
from dashboard.records import ArticleEntry, PlacedStatement
from quotes.records import Article

PAGE = 25


def draw_list(entries: Sequence[ArticleEntry], total: int, find: str | None) -> None:
    """Draw one page of the list of articles."""
    frame.heading("Articles", wording.count(total, "article") + (" found" if find else ", newest first"))
    address.choose_words("Find an article", "find", placeholder="Words of a headline, a publisher or a speaker")
    if not entries:
        frame.notice("No article found", "No headline, publisher or speaker holds these words. Try fewer of them.")
        return
    rows = []
    for entry in entries:
        facts = [text(entry.publisher)] if entry.publisher else []
        facts.append(wording.day(entry.published) if entry.published else "undated")
        title = text(wording.title(entry.title, entry.opening))
        named = ", ".join(map(text, entry.speakers[:6])) + (" and others" if len(entry.speakers) > 6 else "")
        rows.append(
            f'<li><p class="qt-above">{" · ".join(facts)}</p>'
            f"<h2>{anchor(address.link('article', article=entry.article_id), title)}</h2>"
            f"<p>{wording.count(entry.statements, 'statement')}{f' by {named}' if named else ''}</p></li>"
        )
    show(f'<ol class="qt-list">{"".join(rows)}</ol>')
    frame.pager(total, PAGE)


def draw_article(article: Article, placed: Sequence[PlacedStatement], marked: str | None) -> None:
    """Draw an article, its speakers, and the statement that is marked in it."""
    facts = [text(fact) for fact in (article.publisher, article.author) if fact]
    facts.append(wording.day(article.published) if article.published else "undated")
    if article.url and is_web_address(article.url):
        facts.append(outside(article.url, "where it was published"))
    back = anchor(address.link("article"), "← All articles")
    frame.heading(text(wording.title(article.title, article.text)), " · ".join(facts), back)
    numbers = speakers(placed)
    here = next((one.statement for one in placed if one.statement.quote_id == marked), None)
    aside = "<p>No statement was found in this article.</p>"
    if placed:
        aside = legend(placed, numbers) + ("" if here else margin(placed, numbers, marked))
    picked = f'<section class="qt-picked" aria-label="The marked statement">{card(here)}</section>' if here else ""
    show(
        f'<div class="qt-article"><aside>{aside}</aside>{picked}'
        f'<div class="qt-text">{passage(article.text, placed, numbers, marked)}</div></div>'
    )
    if here:
        frame.scroll_to(".qt-here", "center", here.quote_id)


with frame.page():
    find, chosen = address.given("find"), address.given("article")
    number = address.page_number()
    with queries.opened() as db:
        article = queries.article(db, chosen) if chosen else None
        if article:
            marked = address.given("quote")
            placed = queries.article_statements(db, article.id, marked)
        else:
            total = queries.count_articles(db, find)
            entries = queries.articles(db, find, number, PAGE)

    if article:
        if marked and not any(one.statement.quote_id == marked for one in placed):
            frame.notice(
                "This statement is not in the article",
                "The article was read anew since, and its statements changed. These are the ones it has now.",
            )
        draw_article(article, placed, marked)
    elif chosen:
        frame.heading("No such article", "", anchor(address.link("article"), "← All articles"))
        frame.notice(
            "This article is not in the database", f"No article has the id {chosen}.", "Choose one of the list."
        )
    elif not total and not find:
        frame.heading("Articles")
        frame.notice(
            "No articles yet", "Read some into the database with `quotes ingest FOLDER`, or try `quotes demo`."
        )
    else:
        draw_list(entries, total, find)
