"""The Statements page."""

from __future__ import annotations

from pathlib import Path

import pytest
from seeing import See, Visit


def test_shows_everything_newest_first(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("statements", tracker))
    assert "17 statements, newest first" in page.text
    assert "A market without a roof" in page.cards[0]
    assert "presented by candlelight" in page.cards[-1]


@pytest.mark.parametrize(
    ("parameters", "number"),
    [
        ({"person": "rhea-castellane"}, 3),
        ({"speaker": "Velland Rail Union"}, 1),
        ({"target": "the harbour levy"}, 4),
        ({"stance": "favor"}, 6),
        ({"kind": "mixed"}, 3),
        ({"publisher": "Vale & Country"}, 7),
        ({"since": "2031-04-03"}, 6),
        ({"until": "2031-03-01"}, 2),
        ({"since": "2031-03-05", "until": "2031-03-12"}, 6),
        ({"target": "Ilse Marrow", "stance": "against"}, 2),
        ({"person": "tobin-ashgrove", "kind": "direct", "publisher": "The Sorrel Courier"}, 2),
        ({"person": "nobody"}, 0),
        ({"stance": "furious"}, 0),
        ({"since": "soon", "page": "-1", "said": "nonsense"}, 17),
    ],
)
def test_filters_stand_in_the_address(
    visit: Visit, seen: See, tracker: Path, parameters: dict[str, str], number: int
) -> None:
    page = seen(visit("statements", tracker, **parameters))
    assert f"{number} statement" in page.text
    assert len(page.cards) == number
    assert ("No statement matches" in page.text) == (number == 0)


def test_stance_and_target_are_those_of_one_row(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("statements", tracker, person="ilse-marrow", target="the harbour levy", stance="against"))
    assert page.cards == []


def test_every_value_tells_how_many_it_would_leave(visit: Visit, tracker: Path) -> None:
    app = visit("statements", tracker, target="the harbour levy")
    options = {box.label: box.options for box in app.selectbox}
    assert options["Speaker"] == ["Rhea Castellane (2)", "Ilse Marrow (1)", "Tobin Ashgrove (1)"]
    assert options["Stance"] == ["favor (2)", "against (1)", "neutral (1)"]
    assert "Ilse Marrow (4)" in options["About"]
    assert options["Kind"] == ["mixed (2)", "direct (1)", "indirect (1)"]
    assert options["What"] == ["Utterances (4)", "Beliefs and wishes (0)", "All (4)"]
    assert options["Publisher"] == ["The Sorrel Courier (4)"]


def test_a_count_keeps_its_promise(visit: Visit, seen: See, tracker: Path) -> None:
    app = visit("statements", tracker, target="Ilse Marrow", stance="against")
    for box in app.selectbox:
        for option in box.options:
            fresh = visit("statements", tracker, target="Ilse Marrow", stance="against")
            chosen = next(one for one in fresh.selectbox if one.label == box.label)
            chosen.select_index(chosen.options.index(option)).run()
            assert option.endswith(f"({len(seen(fresh).cards)})"), (box.label, option)


def test_choosing_goes_into_the_address_and_back_to_the_first_page(visit: Visit, tracker: Path) -> None:
    app = visit("statements", tracker, page="2", kind="direct")
    next(box for box in app.selectbox if box.label == "Speaker").select("speaker Velland Rail Union").run()
    assert app.query_params == {"kind": "direct", "speaker": "Velland Rail Union"}
    next(box for box in app.selectbox if box.label == "Speaker").select("person ilse-marrow").run()
    assert app.query_params == {"kind": "direct", "person": "ilse-marrow"}
    next(box for box in app.selectbox if box.label == "Kind").set_value(None).run()
    assert app.query_params == {"person": "ilse-marrow"}


def test_two_of_one_name_stay_apart(visit: Visit, seen: See, tmp_path: Path, namesakes: Path) -> None:
    app = visit("statements", namesakes)
    box = next(box for box in app.selectbox if box.label == "Speaker")
    assert sorted(box.options) == ["Ana Twin (1) · person ana-twin", "Ana Twin (1) · person ana-twin-2"]
    box.select("person ana-twin-2").run()
    assert ["second" in card for card in seen(app).cards] == [True]


def test_filters_are_told_in_words(visit: Visit, seen: See, tracker: Path) -> None:
    page = seen(visit("statements", tracker, person="ilse-marrow", stance="favor", since="2031-03-01"))
    assert "1 statement by Ilse Marrow, stance favor, since 1 March 2031, newest first" in page.text
    assert {} in page.links("statements")


def test_only_what_is_sure_enough(visit: Visit, seen: See, inward_tracker: Path) -> None:
    app = visit("statements", inward_tracker, said="all")
    box = next(box for box in app.selectbox if box.label == "Confidence")
    number = int(box.options[-1].split("(")[1].strip(")"))
    box.select("0.9").run()
    assert app.query_params["sure"] == "0.9"
    page = seen(app)
    assert "at least 90% sure" in page.text
    assert len(page.cards) == number


def test_the_list_can_be_taken_away_as_a_file(visit: Visit, tracker: Path) -> None:
    buttons = visit("statements", tracker).get("download_button")
    assert [button.proto.label for button in buttons] == ["CSV", "JSON Lines", "Citations"]
