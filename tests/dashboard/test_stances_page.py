"""The Stances page."""

from __future__ import annotations

from pathlib import Path

from seeing import See, Seen, Visit


def cells(page: Seen) -> dict[str, str]:
    """What each cell of the matrix says to those who cannot see it, by its colour."""
    found = [attrs for tag, attrs in page.tags if tag == "a" and "qt-cell" in attrs.get("class", "")]
    return {attrs["aria-label"]: attrs["class"].removeprefix("qt-cell ") for attrs in found}


def test_cells_count_statements_and_show_the_net_stance(visit: Visit, seen: See, tracker: Path) -> None:
    matrix = cells(seen(visit("stances", tracker)))
    assert matrix["Tobin Ashgrove on the harbour levy: 1 statement, 1 against"] == "qt-against"
    assert matrix["Rhea Castellane on the harbour levy: 2 statements, 1 neutral, 1 favor"] == "qt-favor"
    assert matrix["Dov Hartwell on Ilse Marrow: 2 statements, 1 against, 1 favor"] == "qt-neutral"
    assert matrix["Ilse Marrow on the budget: 1 statement, 1 neutral"] == "qt-neutral"


def test_only_people_have_rows(visit: Visit, seen: See, tracker: Path) -> None:
    assert not any("official" in label for label in cells(seen(visit("stances", tracker))))


def test_a_cell_is_a_link_to_its_statements(visit: Visit, seen: See, tracker: Path) -> None:
    links = seen(visit("stances", tracker)).links("stances")
    assert {"person": "dov-hartwell", "target": "Ilse Marrow"} in links
    page = seen(visit("stances", tracker, **{"person": "dov-hartwell", "target": "Ilse Marrow"}))
    assert "Dov Hartwell on Ilse Marrow2 statements" in page.text
    assert ["arrives on time" in card or "welcomed the plan" in card for card in page.cards] == [True, True]
    assert next(attrs for _, attrs in page.tags if "aria-current" in attrs)["href"].startswith("stances?person=dov")


def test_a_cell_without_statements(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("stances", tracker, person="nobody", target="nothing"))
    assert "nobody on nothing0 statements" in page.text
    assert "No such statement" in page.text


def rows(page: Seen) -> list[str]:
    return [link["person"] for link in page.links("people")]


def test_people_can_be_put_into_another_order(visit: Visit, seen: See, tracker: Path) -> None:
    by_name = rows(seen(visit("stances", tracker, order="name")))
    assert by_name == sorted(by_name)
    assert rows(seen(visit("stances", tracker, order="favor"))) != by_name
    assert set(rows(seen(visit("stances", tracker, order="against")))) == set(by_name)


def test_publisher_and_days_narrow_the_matrix_and_stay_in_its_links(visit: Visit, seen: See, tracker: Path) -> None:
    app = visit("stances", tracker)
    publisher = next(box for box in app.selectbox if box.label == "Publisher")
    everything = sum(int(label.split(": ")[1].split()[0]) for label in cells(seen(app)))
    publisher.select(publisher.options[0]).run()
    page = seen(app)
    assert 0 < sum(int(label.split(": ")[1].split()[0]) for label in cells(page)) < everything
    assert all("publisher" in link for link in page.links("stances"))
    assert "No stance in this" in seen(visit("stances", tracker, since="2199-01-01")).text


def test_a_target_has_its_own_page(visit: Visit, seen: See, tracker: Path) -> None:
    assert {"target": "Ilse Marrow"} in seen(visit("stances", tracker)).links("stances")
    page = seen(visit("stances", tracker, target="Ilse Marrow"))
    assert "Everybody on Ilse Marrow" in page.text
    table = page.text[page.text.index("Who is against Ilse Marrow") :]
    assert table.index("Tobin Ashgrove") < table.index("Rhea Castellane")
    assert len(page.cards) == 4
