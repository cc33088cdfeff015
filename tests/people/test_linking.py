"""Who is who across articles: what is one person, what is two, and that the order of articles changes nothing."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.people import Decision, Register, Sense, by_surname, link, link_block
from quotes.people.clustering import First
from quotes.records import Article, Office, Person, Quote, Span, Speaker, Stance

REGISTER = Register.of(
    [
        Person("ada-vell", "Ada Vell", ("Adelaide Vell", "Ada Vehl"), "Premier", "Orchard Party", in_register=True),
        Person("jon-orm", "Jon Orm", in_register=True),
        Person("jon-orm-2", "Jonathan Orm", aliases=("Jon Orm",), in_register=True),
    ]
)
ARTICLE = Article("a", "text", published=date(2031, 5, 2))


def said_by(name: str, kind: str = "person", role: str | None = None, *stances: Stance) -> Quote:
    speaker = Speaker(name, kind, role)  # type: ignore[arg-type]
    return Quote("direct", "“Yes.”", (Span(0, 6),), speaker=speaker, stances=stances)


def seen(form: str, role: str | None = None, articles: int = 1, day: int = 1, known: str | None = None) -> Sense:
    return Sense(form, role, known, None, articles, First(date(2031, 1, day), f"{form} {role} {day}"))


def people_of(
    *senses: Sense, register: Register | None = None, decisions: tuple[Decision, ...] = ()
) -> dict[str, set[str]]:
    """Link some senses in every order, or in fifty; give the forms with roles by person."""
    known = by_surname(register or Register()).get("marsh", ()) or by_surname(register or Register()).get("vell", ())
    answers = []
    for _, order in zip(range(50), permutations(senses), strict=False):
        found = link_block(order, known, decisions)
        answers.append(dict(sorted(found.items(), key=lambda item: str(item[0]))))
    assert all(answer == answers[0] for answer in answers)
    by_person: dict[str, set[str]] = {}
    for sense, (_, linked) in answers[0].items():
        by_person.setdefault(linked.person_id, set()).add(sense.form + (f", {sense.role}" if sense.role else ""))
    return by_person


# One article


def test_an_alias_leads_to_the_registers_person_and_the_form_is_kept() -> None:
    (quote,), people = link(ARTICLE, [said_by("Adelaide Vell", role="Orchard Party leader")], REGISTER)
    assert quote.speaker == Speaker("Adelaide Vell", "person", "Orchard Party leader", "ada-vell")
    assert people == REGISTER.people[:1]


@pytest.mark.parametrize("name", ["Vell", "Jon Orm", "Ada Vell Jr."])
def test_a_surname_a_shared_name_or_a_son_is_not_the_registers_person(name: str) -> None:
    _, (person,) = link(ARTICLE, [said_by(name)], REGISTER)
    assert not person.in_register


@pytest.mark.parametrize("role", ["Lantern Party candidate", "Goalkeeper"])
def test_a_namesake_of_the_registers_person_is_refused(role: str) -> None:
    _, (person,) = link(ARTICLE, [said_by("Ada Vell", role=role)], REGISTER)
    assert not person.in_register


def test_strangers_get_an_id_from_their_name() -> None:
    quotes, (person,) = link(ARTICLE, [said_by("Zoë Ardhán"), said_by("Zoë Ardhán", role="Mayor")], REGISTER)
    assert {quote.speaker.person_id for quote in quotes if quote.speaker} == {"zoe-ardhan"}
    assert person == Person("zoe-ardhan", "Zoë Ardhán", role="Mayor")


def test_organisations_are_no_people() -> None:
    (quote,), people = link(ARTICLE, [said_by("The union", "organisation")], REGISTER)
    assert quote.speaker is not None
    assert quote.speaker.person_id is None
    assert people == ()


def test_targets_are_people_too() -> None:
    aimed = Stance("Adelaide Vell", "person", "against", 0.7)
    (quote,), people = link(ARTICLE, [said_by("The union", "organisation", None, aimed)], REGISTER)
    assert [(stance.target, stance.person_id) for stance in quote.stances] == [("Adelaide Vell", "ada-vell")]
    assert [person.id for person in people] == ["ada-vell"]


# Across articles: what is one person


def test_a_middle_initial_a_title_and_a_surname_with_the_office_are_one() -> None:
    assert people_of(
        seen("Hanna Marsh", "President", 3),
        seen("Hanna J. Marsh", None, 2, 2),
        seen("President Marsh"),
        seen("Marsh", "President"),
    ) == {"hanna-marsh": {"Hanna Marsh, President", "Hanna J. Marsh", "President Marsh", "Marsh, President"}}


def test_a_son_and_his_father_are_two_and_two_middle_initials_are_two() -> None:
    assert people_of(seen("Tom Marsh"), seen("Tom Marsh Jr.")) == {
        "tom-marsh": {"Tom Marsh"},
        "tom-marsh-jr": {"Tom Marsh Jr."},
    }
    assert people_of(seen("Tom W. Marsh"), seen("Tom H. W. Marsh"), seen("Tom Marsh")) == {
        "tom-w-marsh": {"Tom W. Marsh"},
        "tom-h-w-marsh": {"Tom H. W. Marsh"},
        "tom-marsh": {"Tom Marsh"},
    }


def test_a_middle_name_of_the_registers_person_does_not_swallow_another() -> None:
    register = Register.of([Person("tom-w-marsh", "Tom W. Marsh", ("Tom Marsh",), in_register=True)])
    assert people_of(seen("Tom H. W. Marsh"), seen("Tom Marsh", known="tom-w-marsh"), register=register) == {
        "tom-w-marsh": {"Tom Marsh"},
        "tom-h-w-marsh": {"Tom H. W. Marsh"},
    }


@pytest.mark.parametrize("form", ["Bill Marsh", "W. Marsh", "William Marsh Jr."])
def test_pet_forms_initials_and_suffixes_are_joined_only_with_support(form: str) -> None:
    assert len(people_of(seen("William Marsh", "Mayor of Orm"), seen(form, "Mayor of Orm", day=2))) == 1
    assert len(people_of(seen("William Marsh", "Mayor of Orm"), seen(form, day=2))) == 2
    assert len(people_of(seen("William Marsh", "Mayor of Orm"), seen(form, "Goalkeeper", day=2))) == 2


def test_accents_hyphens_particles_and_case_make_no_difference() -> None:
    assert len(people_of(seen("José Ruiz-Marsh"), seen("JOSE RUIZ MARSH"), seen("Jose Ruiz-Marsh"))) == 1
    assert len(people_of(seen("Ilse van der Marsh"), seen("Ilse Van Der Marsh"))) == 1


def test_a_transliteration_is_joined_by_an_alias_of_the_register() -> None:
    found = link(ARTICLE, [said_by("Ada Vehl")], REGISTER)[1]
    assert [person.id for person in found] == ["ada-vell"]


def test_the_registers_person_is_found_by_surname_and_office() -> None:
    assert people_of(
        seen("Vell", "Premier"), seen("Vell", "Goalkeeper", day=2), seen("Vell", day=3), register=REGISTER
    ) == {
        "ada-vell": {"Vell, Premier"},
        "vell": {"Vell, Goalkeeper", "Vell"},
    }


# Across articles: what is two


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Labour MP", "Conservative Party candidate"),
        ("Orchard Party leader", "Lantern Party leader"),
        ("French minister", "Minister of Finland"),
        ("Mayor of Orm", "Mayor of Tarn"),
        ("Finance Minister", "Goalkeeper"),
        ("Senator", "Professor of chemistry"),
    ],
)
def test_namesakes_stay_two_where_party_country_or_office_disagree(one: str, other: str) -> None:
    found = people_of(seen("Hanna Marsh", one), seen("Hanna Marsh", other, day=2))
    assert len(found) == 2
    assert found["hanna-marsh"] == {f"Hanna Marsh, {one}"}
    assert all(id.startswith("hanna-marsh") for id in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mayor of Orm", "Prime Minister"),
        ("Adviser to President Ilse Koog", "Economist"),
        ("Labour MP", "Labour donor and businesswoman"),
        ("US ambassador to France", "American diplomat"),
        ("Attorney General", "Senator"),
    ],
)
def test_a_career_is_one_person(one: str, other: str) -> None:
    assert len(people_of(seen("Hanna Marsh", one), seen("Hanna Marsh", other, day=2))) == 1


def test_of_two_namesakes_a_silent_article_means_the_far_better_known_or_neither() -> None:
    many = [seen("Hanna Marsh", "Senator", 9), seen("Hanna Marsh", "Goalkeeper", 1, 2), seen("Hanna Marsh", day=3)]
    assert people_of(*many)["hanna-marsh"] == {"Hanna Marsh, Senator", "Hanna Marsh"}
    few = [seen("Hanna Marsh", "Senator"), seen("Hanna Marsh", "Goalkeeper", 1, 2), seen("Hanna Marsh", day=3)]
    assert people_of(*few) == {
        "hanna-marsh": {"Hanna Marsh, Senator"},
        "hanna-marsh-goalkeeper": {"Hanna Marsh, Goalkeeper"},
        "hanna-marsh-undecided": {"Hanna Marsh"},
    }


@pytest.mark.parametrize("role", [None, "Spokeswoman", "Goalkeeper"])
def test_a_surname_alone_joins_nobody_without_an_office_of_theirs(role: str | None) -> None:
    found = people_of(seen("Hanna Marsh", "Senator", 5), seen("Marsh", role))
    assert found["hanna-marsh"] == {"Hanna Marsh, Senator"}
    assert len(found) == 2


def test_a_surname_whose_office_two_bearers_have_joins_neither() -> None:
    found = people_of(seen("Hanna Marsh", "Senator", 2), seen("Otto Marsh", "Senator", 2), seen("Senator Marsh"))
    assert found["marsh"] == {"Senator Marsh"}


def test_a_namesake_keeps_the_id_whatever_else_arrives() -> None:
    two = [seen("Hanna Marsh", "Senator"), seen("Hanna Marsh", "Goalkeeper", day=2)]
    more = [*two, seen("Hanna Marsh", "Goalkeeper for Tarn", 4, 5), seen("Hanna J. Marsh", "Senator", 3, 6)]
    assert set(people_of(*two)) == set(people_of(*more)) == {"hanna-marsh", "hanna-marsh-goalkeeper"}


# Decisions


def test_decisions_follow_one_another() -> None:
    senses = (seen("Hanna Marsh"), seen("Otto Marsh"), seen("Jack Marsh"))
    first, then = Decision(1, "otto-marsh", "hanna-marsh"), Decision(2, "hanna-marsh", "jack-marsh", ("Otto Marsh",))
    assert people_of(*senses, decisions=(first,))["hanna-marsh"] == {"Hanna Marsh", "Otto Marsh"}
    assert people_of(*senses, decisions=(first, then)) == {
        "hanna-marsh": {"Hanna Marsh"},
        "jack-marsh": {"Jack Marsh", "Otto Marsh"},
    }


# Properties

FORMS = st.builds(
    lambda title, first, middle, particle, suffix: " ".join(
        filter(None, (title, first, middle, particle, "Marsh", suffix))
    ),
    st.sampled_from(["", "Senator", "President", "Mr"]),
    st.sampled_from(["", "Hanna", "Otto", "William", "Bill", "W.", "Zoë", "Ana"]),
    st.sampled_from(["", "J.", "K.", "Jane"]),
    st.sampled_from(["", "van"]),
    st.sampled_from(["", "Jr."]),
)
ROLES = st.sampled_from(
    [None, "Senator", "Goalkeeper", "Labour MP", "Mayor of Orm", "Mayor of Tarn", "French minister"]
)
SENSES = st.lists(st.tuples(FORMS, ROLES), min_size=1, max_size=9, unique=True)


@given(SENSES, st.randoms(use_true_random=False))
def test_the_order_changes_nothing(given_: list[tuple[str, str | None]], random: object) -> None:
    senses = [seen(form, role, 1 + at % 4, 1 + at) for at, (form, role) in enumerate(given_)]
    found = link_block(senses, (), ())
    random.shuffle(senses)  # type: ignore[attr-defined]
    assert link_block(senses, (), ()) == found
    assert set(found) == set(senses)


@given(SENSES)
def test_different_first_names_are_never_one_person(given_: list[tuple[str, str | None]]) -> None:
    senses = [seen(form, role, 1, 1 + at) for at, (form, role) in enumerate(given_)]
    for different in (("Hanna", "Otto"), ("Zoë", "Ana"), ("Bill", "Otto"), ("J.", "K.")):
        sides = [
            {pair[1].person_id for sense, pair in link_block(senses, (), ()).items() if f"{name} " in sense.form}
            for name in different
        ]
        assert not sides[0] & sides[1]


def test_an_office_with_its_country_is_whoever_held_it_that_day() -> None:
    early = Person(
        "ada-vell", "Ada Vell", offices=(Office("President of France", date(2002, 1, 1), date(2010, 1, 1), "FR"),)
    )
    late = Person("jon-orm", "Jon Orm", offices=(Office("President of France", date(2010, 1, 2), None, "FR"),))
    register = Register.of([early, late])
    for year, name in ((2004, "Ada Vell"), (2022, "Jon Orm")):
        day = Article("a", "text", published=date(year, 5, 2))
        ((quote,), people) = link(day, [said_by("the French president", "unnamed")], register)
        assert quote.speaker == Speaker(name, "person", "French president", people[0].id)
    undated = Article("a", "text")
    for article, printed in ((day, "the president"), (undated, "the French president"), (day, "a French president")):
        ((quote,), people) = link(article, [said_by(printed, "unnamed")], register)
        assert (quote.speaker, people) == (Speaker(printed, "unnamed"), ())
