"""From names in one article to people across articles.

It goes in two steps. When an article is read, :func:`link` looks its people up in the register, at the article's day.
When it is stored, :func:`link_block` goes through all articles' forms of the same surnames and finds out which are one
person; it depends on what is stored and what users decided, never on the order in which the articles came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from quotes.people import names, roles
from quotes.people.clustering import Linked, Sense, cluster
from quotes.people.countries import country_of
from quotes.people.register import Register
from quotes.records import Article, Person, Quote, Speaker, Stance


@dataclass(frozen=True, slots=True)
class Decision:
    """What a user decided: two people are one, or some forms or articles of one belong to another.

    Attributes:
        number: counts up from 1; later decisions see what earlier ones made.
        person_id: whose forms are moved.
        to_id: to whom they are moved.
        forms: the name forms that are moved; where there are neither forms nor articles, everything is.
        articles: the articles whose mentions are moved.
        pins: mentions, as article and form, that keep ``person_id`` and ``to_id`` what they were, each by its id.
    """

    number: int
    person_id: str
    to_id: str
    forms: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    pins: tuple[tuple[str, str, str], ...] = ()

    def moves(self, sense: Sense) -> bool:
        """Tell whether a mention of the person is among those that are moved."""
        if not (self.forms or self.articles):
            return True
        return sense.form in self.forms or sense.article_id in self.articles


def link(article: Article, quotes: Sequence[Quote], register: Register) -> tuple[tuple[Quote, ...], tuple[Person, ...]]:
    """Look up who speaks in an article or is spoken about; who is not in the register gets an id from the name.

    Args:
        article: the article; offices in the register count at its day.
        quotes: its quotes.
        register: the people known beforehand.

    Returns:
        The quotes with ``person_id`` filled in and names left as the article gives them, and the people they mention,
        in order of their ids.
    """
    told: dict[str, str | None] = {}
    for quote in quotes:
        if quote.speaker and quote.speaker.type == "person":
            told[quote.speaker.name] = told.get(quote.speaker.name) or quote.speaker.role
    people: dict[str, Person] = {}

    def known(name: str) -> str | None:
        if not names.slug(name):
            return None
        role = told.get(name)
        person = look_up(register, name, article.published, role) or Person(names.slug(name), name, role=role)
        people.setdefault(person.id, person)
        return person.id

    def speaker(given: Speaker) -> Speaker:
        holder = _holder(given, article, register)
        if holder:
            people.setdefault(holder.id, holder)
            return Speaker(holder.name, "person", given.name.split(maxsplit=1)[1], holder.id)
        return replace(given, person_id=known(given.name)) if given.type == "person" else given

    def stance(given: Stance) -> Stance:
        return replace(given, person_id=known(given.target)) if given.target_type == "person" else given

    linked = tuple(
        replace(
            quote,
            speaker=speaker(quote.speaker) if quote.speaker else None,
            stances=tuple(map(stance, quote.stances)),
        )
        for quote in quotes
    )
    return linked, tuple(people[key] for key in sorted(people))


def _holder(given: Speaker, article: Article, register: Register) -> Person | None:
    """Find who held, on the article's day, an office by which alone it names the speaker: "the British prime minister".

    The office must name its country: every country's papers have "the prime minister".
    """
    words = given.name.split()
    if given.type != "unnamed" or words[:1] not in (["the"], ["The"]) or not any(map(country_of, words)):
        return None
    return register.holder(given.name, article.published)


def link_block(
    senses: Iterable[Sense], known: Sequence[Person], decisions: Sequence[Decision]
) -> dict[Sense, tuple[Linked, Linked]]:
    """Find out who is who among all name forms of one surname.

    Args:
        senses: all of them.
        known: the people of the register who bear the surname, from :func:`by_surname`.
        decisions: what users decided and did not undo, in the order of their numbers.

    Returns:
        For each sense first what the program finds, then what that becomes by the decisions.
    """
    pins = {(article, form): id for decision in reversed(decisions) for article, form, id in decision.pins}
    found = cluster(senses, known, pins)
    return {sense: (linked, _decide(sense, linked, decisions)) for sense, linked in found.items()}


def by_surname(register: Register) -> dict[str, tuple[Person, ...]]:
    """Give the people of a register by the blocks of all their names (:func:`~quotes.people.names.block`)."""
    found: dict[str, dict[str, Person]] = {}
    for person in register.people:
        for name in (person.name, *person.aliases):
            found.setdefault(names.block(name), {})[person.id] = person
    return {block: tuple(bearers.values()) for block, bearers in found.items()}


def _decide(sense: Sense, linked: Linked, decisions: Sequence[Decision]) -> Linked:
    for decision in decisions:
        if decision.person_id == linked.person_id and decision.moves(sense):
            linked = Linked(
                decision.to_id, f"{linked.reason}; moved here from {linked.person_id} by decision {decision.number}"
            )
    return linked


def look_up(register: Register, name: str, on: date | None, role: str | None) -> Person | None:
    """Ask the register who is meant: the one place where this is done.

    A namesake is refused: somebody whose party, country or office disagrees, or a "Jr." whom it does not know as one.

    Args:
        register: the people known beforehand.
        name: a full name or an alias.
        on: the day of the article.
        role: the role that the article gives.

    Returns:
        The person, or None where it knows nobody for sure.
    """
    person = register.find(name, on=on, role=role)
    if person is None:
        return None
    suffixes = {names.parse(form).suffix for form in (person.name, *person.aliases)}
    described = roles.describe(role)
    if names.parse(name).suffix not in suffixes or roles.conflict(
        described, roles.describe(person.role, person.party, person.country)
    ):
        return None
    return person
