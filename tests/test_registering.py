"""People imported into a tracker's file, and the articles read by them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from quotes import ingesting
from quotes.errors import PeopleFileError
from quotes.people.matching import combined
from quotes.readers import Metadata
from quotes.records import Article, Office, Person, Quote, Span, Speaker
from quotes.registering import import_people
from quotes.settings import Settings
from quotes.store.register import read_entries
from quotes.store.store import reading, writing

SHARED = Path(__file__).parents[2] / "shared" / "data" / "people"
CSV = """name,aliases,country,party,gender,offices
Mara Lindholt,Mara L. Lindholt,NO,Harbour Party,female,Mayor of Ostby 2016/2019; Prime Minister of Norway 2028/
Otto Brandvik,,NO,Lantern Party,male,
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database=tmp_path / "quotes.duckdb")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "council.csv"
    path.write_text(CSV, encoding="utf8")
    return path


def said_by(name: str, person_id: str) -> Quote:
    return Quote("direct", "“No.”", (Span(0, 5),), speaker=Speaker(name, "person", None, person_id))


def save(settings: Settings, id: str, published: date | None, person: Person) -> None:
    with writing(settings.database, settings.wait) as store:
        ingest = store.begin(["here"], "none")
        store.save(ingest, Article(id, "“No.”", published=published), [said_by(person.name, person.id)], [person])


def test_importing_again_changes_nothing(settings: Settings, file: Path) -> None:
    first = import_people(file, settings)
    assert (first.new, first.matched, first.changed) == (2, 0, 0)
    with reading(settings.database, 5) as connection:
        before = connection.execute("FROM register ORDER BY position").fetchall()
    again = import_people(file, settings)
    assert (again.new, again.matched, again.changed, again.conflicts) == (0, 2, 0, ())
    with reading(settings.database, 5) as connection:
        assert connection.execute("FROM register ORDER BY position").fetchall() == before


def test_a_newer_file_replaces_what_it_said_before(settings: Settings, file: Path) -> None:
    import_people(file, settings)
    file.write_text(CSV.replace("Lantern", "Beacon"), encoding="utf8")
    report = import_people(file, settings)
    assert (report.new, report.matched, report.changed, report.conflicts) == (0, 2, 1, ())
    with reading(settings.database, 5) as connection:
        assert [person.party for _, person in read_entries(connection)] == ["Harbour Party", "Beacon Party"]


def test_another_file_that_contradicts_is_listed_and_counts_less(settings: Settings, file: Path) -> None:
    import_people(file, settings)
    other = file.with_name("other.csv")
    other.write_text(CSV.replace("Lantern", "Beacon"), encoding="utf8")
    report = import_people(other, settings)
    assert report.conflicts == ("Otto Brandvik: the party is Lantern Party in the register, Beacon Party in the file",)
    with reading(settings.database, 5) as connection:
        people = combined(person for _, person in read_entries(connection))
    assert [person.party for person in people] == ["Harbour Party", "Lantern Party"]


def test_a_bad_file_imports_nobody(settings: Settings, file: Path) -> None:
    file.write_text(CSV + "Eva Tal,,Nowhere,,,\n", encoding="utf8")
    with pytest.raises(PeopleFileError, match="row 3"):
        import_people(file, settings)
    assert not settings.database.exists()


def test_people_whom_articles_mention_already_are_reported_and_completed(settings: Settings, file: Path) -> None:
    save(settings, "one", None, Person("mara-lindholt", "Mara Lindholt"))
    save(settings, "two", None, Person("mara-l-lindholt", "Mara L. Lindholt"))
    report = import_people(file, settings)
    assert report.in_articles == ("Mara Lindholt",)
    assert report.other_names == (("Mara Lindholt", "Mara L. Lindholt"),)
    with reading(settings.database, 5) as connection:
        rows = connection.execute("SELECT name, party, role, in_register FROM people ORDER BY name DESC").fetchall()
        held = connection.execute("SELECT title FROM offices ORDER BY start").fetchall()
    assert rows[0] == ("Mara Lindholt", "Harbour Party", "Prime Minister of Norway", True)
    assert held == [("Mayor of Ostby",), ("Prime Minister of Norway",)]


@pytest.mark.parametrize(
    ("published", "role"),
    [
        (date(2016, 3, 1), "Mayor of Ostby"),
        (date(2031, 3, 1), "Prime Minister of Norway"),
        (date(2022, 3, 1), None),
        (None, "Prime Minister of Norway"),
    ],
)
def test_statements_show_the_office_on_the_day_of_the_article(
    settings: Settings, published: date | None, role: str | None
) -> None:
    offices = (
        Office("Prime Minister of Norway", date(2028, 1, 1), None, "NO"),
        Office("Mayor of Ostby", None, date(2019, 12, 31), "NO"),
    )
    person = Person("mara-lindholt", "Mara Lindholt", role=offices[0].title, in_register=True, offices=offices)
    save(settings, "one", published, person)
    with reading(settings.database, 5) as connection:
        assert connection.execute("SELECT role FROM statements_view").fetchall() == [(role,)]


@pytest.mark.parametrize("offices", [(), (Office("Poet"),)])
def test_without_dates_statements_show_the_office_in_the_register(
    settings: Settings, offices: tuple[Office, ...]
) -> None:
    person = Person("eva-tal", "Eva Tal", role="Poet", in_register=True, offices=offices)
    save(settings, "one", date(2031, 1, 1), person)
    with reading(settings.database, 5) as connection:
        assert connection.execute("SELECT role FROM statements_view").fetchall() == [("Poet",)]


def test_offices_go_with_the_person(settings: Settings) -> None:
    person = Person("eva-tal", "Eva Tal", in_register=True, offices=(Office("Poet", date(2020, 1, 1)),))
    save(settings, "one", date(2031, 1, 1), person)
    save(settings, "one", date(2031, 1, 2), Person("jon-orm", "Jon Orm"))
    with reading(settings.database, 5) as connection:
        assert connection.execute("FROM offices").fetchall() == []


def test_articles_are_read_by_imported_people(settings: Settings, file: Path, tmp_path: Path) -> None:
    import_people(file, settings)
    article = tmp_path / "article.txt"
    article.write_text("“The bridge will be built,” Mara L. Lindholt said on Monday.", encoding="utf8")
    ingesting.ingest([article], settings, metadata=Metadata(published=date(2017, 5, 3)))
    with reading(settings.database, 5) as connection:
        rows = connection.execute("SELECT speaker, role FROM statements_view").fetchall()
    assert rows == [("Mara Lindholt", "Mayor of Ostby")]


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is not here")
def test_the_files_of_congress_legislators(settings: Settings) -> None:
    files = [SHARED / "executive.yaml", SHARED / "legislators-current.yaml"]
    first = [import_people(file, settings) for file in files]
    assert all(report.new > 50 and report.matched > 10 for report in first)
    assert len([line for report in first for line in report.conflicts]) < 5
    again = [import_people(file, settings) for file in files]
    assert [(report.new, report.changed, report.namesakes) for report in again] == [(0, 0, ())] * 2
