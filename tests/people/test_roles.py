"""What a printed role tells of a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.people.roles import conflict, describe, support

LISTED = """Mayor of Orm; Mayor of Tarn; Labour MP; French minister; Goalkeeper; Professor of law; General; Spokesman;
Lantern Party leader and former judge; US ambassador to France; Attorney General; Founder of Velt"""
ROLES = st.sampled_from([None, *LISTED.replace("\n", " ").split("; ")])


@pytest.mark.parametrize(
    ("role", "parties", "countries", "offices"),
    [
        ("Democratic Senate Majority Leader", {"democratic"}, set(), {"leader"}),
        ("Democratic Unionist Party leader", {"dup"}, set(), {"leader"}),
        ("Orchard Party candidate", {"orchard"}, set(), {"candidate"}),
        ("Conservative MP", {"conservative"}, set(), {"mp"}),
        ("Conservative economist", set(), set(), {"economist"}),
        ("President of the Democratic Republic of Orm", set(), set(), {"president"}),
        ("Foreign minister of France", set(), {"FR"}, {"minister"}),
        ("South Korean president", set(), {"KR"}, {"president"}),
        ("US ambassador to France", set(), {"US"}, {"ambassador"}),
        ("Economic adviser to President Ilse Koog", set(), set(), {"adviser"}),
        ("Daughter of former mayor Tomas Orm and Labour candidate", {"labour"}, set(), {"candidate"}),
        ("Secretary general of the union", set(), set(), {"secretary"}),
        (None, set(), set(), set()),
    ],
)
def test_what_a_role_tells(role: str | None, parties: set[str], countries: set[str], offices: set[str]) -> None:
    found = describe(role)
    assert [set(part) for part in (found.parties, found.countries, found.offices)] == [parties, countries, offices]


def test_a_register_adds_party_and_country_by_code_or_name() -> None:
    assert describe("Premier", "Orchard Party", "FR").parties == describe("Orchard Party premier").parties
    assert describe("Premier", None, "France").countries == describe("Premier", None, "FR").countries == {"FR"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Spokesman", "Spokesman", None),
        ("Spokesman for the miners", "Head of the miners", "miners"),
        ("Senator", "Former senator", "senator"),
        ("White House press secretary", "White House press secretary", "white house press secretary"),
        ("Mayor of Orm", "Lawyer in Orm", "orm"),
    ],
)
def test_what_speaks_for_one_person(one: str, other: str, expected: str | None) -> None:
    assert support(describe(one), describe(other)) == expected


@given(ROLES, ROLES)
def test_conflicts_and_support_are_symmetric_and_no_role_disagrees_with_itself(
    one: str | None, other: str | None
) -> None:
    a, b = describe(one), describe(other)
    assert conflict(a, b) == conflict(b, a)
    assert support(a, b) == support(b, a)
    assert conflict(a, a) is None
    assert conflict(a, describe(None)) is None
