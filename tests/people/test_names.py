"""Cutting up, comparing and keying names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.people import names

NAMES = st.lists(
    st.sampled_from(
        ["Anna", "Zoë", "Ilse", "van", "der", "Koog", "O’Sarrow", "al-Tevrit", "Ardhán", "de", "Brumm", "J."]
    ),
    min_size=1,
    max_size=5,
).map(" ".join)


@pytest.mark.parametrize(
    ("full", "short", "expected"),
    [
        ("Anna Vell", "Vell", True),
        ("Anna Vell", "Ms Vell", True),
        ("Anna Vell", "Ms. Vell", True),
        ("Anna Vell", "A. Vell", True),
        ("Anna Maria Vell", "Anna Vell", True),
        ("Ilse van der Koog", "van der Koog", True),
        ("Ilse van der Koog", "Koog", True),
        ("Zoë Ardhán", "ardhan", True),
        ("Anna Vell", "Tomas Vell", False),
        ("Anna Vell", "Anna", False),
        ("Anna Vell", "Anna Orm", False),
        ("Vell", "Anna Vell", False),
        ("Anna Vell", "", False),
    ],
)
def test_covers(full: str, short: str, expected: bool) -> None:
    assert names.covers(full, short) is expected


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Nicola Sturgeon", "nicola-sturgeon"),
        ("Zoë van der Koog", "zoe-van-der-koog"),
        ("Eoin O’Sarrow", "eoin-o-sarrow"),
        ("Yusuf al-Tevrit", "yusuf-al-tevrit"),
        ("Mr Tomas Orm Jr.", "tomas-orm"),
        ("!", ""),
    ],
)
def test_slugs(name: str, slug: str) -> None:
    assert names.slug(name) == slug


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Mrs Orm", "female"),
        ("Sir Orm", "male"),
        ("Anna Vell", "female"),
        ("Tomas Orm", "male"),
        ("Orm", None),
        ("", None),
    ],
)
def test_gender(name: str, gender: str | None) -> None:
    assert names.gender(name) == gender


def test_given_names() -> None:
    assert names.is_given_name("Zoë")
    assert not names.is_given_name("Parliament")
    assert not names.is_given_name("")


@given(NAMES)
def test_a_name_covers_itself_whatever_its_case(name: str) -> None:
    if names.bare(name):
        assert names.covers(name, name)
        assert names.covers(name, name.upper())
        assert names.slug(name) == names.slug(name.lower())


@given(NAMES, NAMES)
def test_different_full_names_never_cover_one_another_both_ways(one: str, other: str) -> None:
    if names.covers(one, other) and names.covers(other, one):
        assert names.surname(one) == names.surname(other)
        assert len(names.bare(one)) == len(names.bare(other))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("the Trade Deals", "trade deal"),
        ("Trade deal", "trade deal"),
        ("policies", "policy"),
        ("the taxes", "tax"),
        ("wages", "wage"),
        ("United States", "united state"),
        ("Élysée", "elysee"),
        ("crisis", "crisis"),
        ("the", "the"),
        ("—", "—"),
    ],
)
def test_target_keys(name: str, key: str) -> None:
    assert names.target_key(name) == key
