"""Ids of people that are the same in every article."""

from __future__ import annotations

import pytest

from quotes.people import Register, link
from quotes.records import Person, Quote, Span, Speaker, Stance

REGISTER = Register.of(
    [
        Person("ada-vell", "Ada Vell", aliases=("Adelaide Vell",), role="Premier", in_register=True),
        Person("jon-orm", "Jon Orm", in_register=True),
        Person("jon-orm-2", "Jonathan Orm", aliases=("Jon Orm",), in_register=True),
    ]
)


def said_by(name: str, kind: str = "person", role: str | None = None, *stances: Stance) -> Quote:
    speaker = Speaker(name, kind, role)  # type: ignore[arg-type]
    return Quote("direct", "“Yes.”", (Span(0, 6),), speaker=speaker, stances=stances)


def test_an_alias_leads_to_the_registers_person() -> None:
    (quote,), people = link([said_by("Adelaide Vell", role="Mayor")], REGISTER)
    assert quote.speaker == Speaker("Ada Vell", "person", "Mayor", "ada-vell")
    assert people == REGISTER.people[:1]


@pytest.mark.parametrize("name", ["Vell", "Jon Orm"])
def test_a_surname_or_a_shared_name_finds_nobody_in_the_register(name: str) -> None:
    _, (person,) = link([said_by(name)], REGISTER)
    assert not person.in_register


def test_strangers_get_an_id_from_their_name() -> None:
    quotes, (person,) = link([said_by("Zoë Ardhán"), said_by("Zoë Ardhán", role="Mayor")], REGISTER)
    assert {quote.speaker.person_id for quote in quotes if quote.speaker} == {"zoe-ardhan"}
    assert person == Person("zoe-ardhan", "Zoë Ardhán", role="Mayor")


def test_organisations_are_no_people() -> None:
    (quote,), people = link([said_by("The union", "organisation")], REGISTER)
    assert quote.speaker is not None
    assert quote.speaker.person_id is None
    assert people == ()


def test_targets_are_people_too_and_one_row_each() -> None:
    twice = (Stance("Ada Vell", "person", "against", 0.6), Stance("Adelaide Vell", "person", "against", 0.7))
    (quote,), people = link([said_by("The union", "organisation", None, *twice)], REGISTER)
    assert [(stance.target, stance.person_id) for stance in quote.stances] == [("Ada Vell", "ada-vell")]
    assert [person.id for person in people] == ["ada-vell"]
