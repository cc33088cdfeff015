"""Whom a file of people means."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from quotes.people.matching import combined, match
from quotes.records import Office, Person

MAYOR = Office("Mayor of Ostby", date(2016, 7, 1), date(2019, 12, 31), "NO")
ADA = Person("ada-vell", "Ada Vell", ("Adelaide Vell",), "Mayor of Ostby", "Harbour", "NO", "female", True, (MAYOR,))
JON = Person("jon-orm", "Jon Orm", identifiers=("wikidata:Q1",))


def given(name: str, **more: object) -> Person:
    return replace(Person("", name), **more)  # type: ignore[arg-type]


def test_strangers_are_new_and_the_second_time_matched() -> None:
    plan = match([given("Eva Tal")], [ADA], [])
    assert (plan.new, plan.matched, plan.changed) == (1, 0, 0)
    again = match([given("Eva Tal")], [ADA], plan.entries)
    assert (again.new, again.matched, again.changed, again.entries) == (0, 1, 0, plan.entries)
    other = match([given("Eva Tal", party="Harbour")], [ADA], plan.entries)
    assert (other.new, other.matched, other.changed) == (0, 1, 1)


def test_aliases_and_identifiers_lead_to_a_person() -> None:
    plan = match([given("Adelaide Vell"), given("J. K. Orm", identifiers=("wikidata:Q1",))], [ADA, JON], [])
    assert [person.id for person in plan.entries] == ["ada-vell", "jon-orm"]
    assert (plan.new, plan.matched, plan.conflicts) == (0, 2, ())


def test_contradictions_are_listed() -> None:
    later = MAYOR._replace(end=date(2021, 1, 1))
    near = MAYOR._replace(start=date(2016, 7, 9))
    (entry,) = match([given("Ada Vell", party="Lantern", gender="male", offices=(later,))], [ADA], []).entries
    plan = match([given("Ada Vell", party="Lantern", gender="male", offices=(later,))], [ADA], [entry])
    assert plan.conflicts == (
        "Ada Vell: the party is Harbour in the register, Lantern in the file",
        "Ada Vell: the gender is female in the register, male in the file",
        "Ada Vell: Mayor of Ostby is 2016-07-01/2019-12-31 in the register, 2016-07-01/2021-01-01 in the file",
    )
    assert plan.changed == 0
    (person,) = combined([ADA, entry])
    assert (person.party, person.gender, person.offices) == ("Harbour", "female", (MAYOR,))
    assert match([given("Ada Vell", offices=(near,))], [ADA], []).conflicts == ()


def test_namesakes_are_kept_apart_by_identifier_or_country() -> None:
    file = [given("Jon Orm", identifiers=("wikidata:Q2",)), given("Ada Vell", country="SE")]
    plan = match(file, [ADA, JON], [])
    assert [person.id for person in plan.entries] == ["jon-orm-2", "ada-vell-2"]
    assert plan.namesakes == (
        "Jon Orm (jon-orm-2) is kept apart from jon-orm",
        "Ada Vell (ada-vell-2) is kept apart from ada-vell",
    )
    again = match(file, [ADA, JON], plan.entries)
    assert (again.new, again.changed, again.namesakes) == (0, 0, ())


def test_of_several_it_is_who_held_the_office_or_nobody() -> None:
    twin = Person("ada-vell-2", "Ada Vell", country="NO")
    plan = match([given("Ada Vell", offices=(MAYOR,))], [twin, ADA], [])
    assert [person.id for person in plan.entries] == ["ada-vell"]
    plan = match([given("Ada Vell")], [twin, ADA], [])
    assert plan.entries == ()
    assert plan.conflicts == ("Ada Vell may be any of ada-vell-2, ada-vell: left out",)


def test_the_same_name_twice_in_a_file_is_one_entry() -> None:
    plan = match([given("Eva Tal"), given("Eva Tal")], [], [])
    assert len(plan.entries) == 1
    assert plan.conflicts == ("Eva Tal is there twice: only the first is used",)


def test_what_was_not_known_is_added() -> None:
    judge = Office("Judge", date(2020, 1, 1), None, "NO")
    undated = Office("Mayor of Ostby", None, None, "NO")
    entry = Person("ada-vell", "Ada R. Vell", country="NO", offices=(judge, undated), identifiers=("wikidata:Q7",))
    (person,) = combined([ADA, entry])
    assert person.aliases == ("Adelaide Vell", "Ada R. Vell")
    assert (person.offices, person.role) == ((MAYOR, judge), "Judge")
    assert person.identifiers == ("wikidata:Q7",)
