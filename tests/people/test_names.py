"""Cutting up, comparing and keying names."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unidecode import unidecode

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
        ("Anna Vell Jr.", "Anna Vell", False),
        ("Anna Vell Jr.", "Vell", True),
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
        ("Mr Tomas Orm Jr.", "tomas-orm-jr"),
        ("President Anna Vell, OBE", "anna-vell"),
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


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Tomas Orm", "President Tomas Orm", "same"),
        ("Vice President Tomas Orm", "Mr. Tomas Orm MP", "same"),
        ("Jean-Paul Orm", "Jean Paul Orm", "same"),
        ("Anna Abergé-Okon", "Anna Aberge Okon", "same"),
        ("Bashir al-Orm", "Bashir Orm", "same"),
        ("T. J. Orm", "T.J. Orm", "same"),
        ("Tomas Orm", "Tomas J. Orm", "middle"),
        ("Tomas J. Orm", "Tomas John Orm", "middle"),
        ("Tomas W. Orm", "Tomas H. W. Orm", None),
        ("T. Orm", "Tomas Orm", "initial"),
        ("T. J. Orm", "Tomas John Orm", "initial"),
        ("Bill Orm", "William Orm", "nickname"),
        ("Tomas Orm", "Tomas Orm Jr.", "suffix"),
        ("Tomas Orm Sr.", "Tomas Orm Jr.", None),
        ("Tomas Orm", "Anna Orm", None),
        ("Tomas Orm", "Tomas Vell", None),
        ("Tomas Orm", "Orm", None),
        ("", "Tomas Orm", None),
    ],
)
def test_relations(one: str, other: str, expected: str | None) -> None:
    assert names.relation(one, other) == expected
    assert names.relation(other, one) == expected


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Al Orm", ((), ("al",), "orm", "")),
        ("van der Koog", ((), (), "koog", "")),
        ("Prime Minister Orm", (("prime", "minister"), (), "orm", "")),
        ("Dean Orm", ((), ("dean",), "orm", "")),
        ("President", ((), (), "president", "")),
        ("Tomas “Tom” Orm", ((), ("tomas",), "orm", "")),
        ("George H. W. Orm", ((), ("george", "hw"), "orm", "")),
        ("Anna Orm III", ((), ("anna",), "orm", "iii")),
        ("!", ((), (), "", "")),
    ],
)
def test_parts(name: str, parts: tuple[object, ...]) -> None:
    found = names.parse(name)
    assert (found.titles, found.given, found.surname, found.suffix) == parts


FULL = st.tuples(
    st.sampled_from(["Anna", "Zoë", "Ilse", "Tomas", "Jean-Paul", "T.", "William", "Bill"]),
    st.sampled_from(["", "J.", "Maria", "H. W."]),
    st.sampled_from(["Koog", "van der Koog", "O’Sarrow", "al-Tevrit", "Ardhán"]),
    st.sampled_from(["", "Jr.", "III"]),
).map(lambda parts: " ".join(filter(None, parts)))


@given(FULL, FULL, st.sampled_from(["", "Mr ", "President ", "Sen. ", "Prime Minister "]))
def test_relations_are_symmetric_and_stable_under_case_accents_and_titles(one: str, other: str, title: str) -> None:
    expected = names.relation(one, other)
    assert names.relation(other, one) == expected
    assert names.relation(one.upper(), other.lower()) == expected
    assert names.relation(unidecode(one), other) == expected
    assert names.relation(title + one, other) == expected
    assert names.relation(one, one) == "same"


@given(FULL, FULL)
def test_related_names_share_their_block_and_a_key_of_the_first_name(one: str, other: str) -> None:
    if names.relation(one, other):
        assert names.block(one) == names.block(other) != ""
        assert names.first_name_keys(one) & names.first_name_keys(other)


@given(FULL, FULL)
def test_full_names_of_two_first_names_or_generations_are_never_the_same(one: str, other: str) -> None:
    a, b = names.parse(one), names.parse(other)
    if (a.given[0], a.suffix) != (b.given[0], b.suffix):
        assert names.relation(one, other) not in ("same", "middle")


def test_the_table_of_first_names_is_read_as_the_package_means_it() -> None:
    spec = importlib.util.find_spec("nomquamgender")
    assert spec is not None
    assert spec.origin is not None
    table = json.loads(Path(spec.origin).with_name("name_data.json").read_bytes())
    wanted = {
        name: share
        for name, (sources, bearers, share, *_) in table.items()
        if sources > 1 and bearers >= names.ENOUGH_BEARERS
    }
    odd = [name for name in table if '"' in name or "]" in name]
    some = [*list(table)[:: len(table) // 5_000], *list(table)[-3:], *odd]
    assert len(some) > 5_000
    assert {name: names._share_of_women(name) for name in some} == {name: wanted.get(name) for name in some}
    assert [names._share_of_women(name) for name in ("", "zzq", "\x00", "\uffff", "mara ")] == 5 * [None]
