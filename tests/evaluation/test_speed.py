from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as xml

import faking
import pytest

from quotes.errors import ReadError
from quotes.evaluation.growth import Cost, draw, markdown, measure_growth
from quotes.evaluation.speed import BARE, ONNX, STAGES, TEXTACY, TORCH, Speed, measure, memory
from quotes.evaluation.speed_report import comparisons, costs, stages
from quotes.evaluation.speed_report import markdown as page_of
from quotes.settings import Settings, shipped

WORDS = "Mara Lind: “We will build the bridge.”"


def speed(*rounds: dict[str, float]) -> Speed:
    return Speed(10, 5_000, 0.5, rounds, 3, (4.5, 4.0), 500 * 2**20, "a machine")


def one_round(bare: float, **others: float) -> dict[str, float]:
    return {**dict.fromkeys(STAGES, 1.0), BARE: bare, TEXTACY: 1.0, ONNX: 2.0, **others}


def articles(tmp_path: Path, count: int) -> Path:
    file = tmp_path / "given.jsonl"
    file.write_text("".join(json.dumps({"id": f"a{n}", "text": f"Report {n}. {WORDS}"}) + "\n" for n in range(count)))
    return file


def test_ratios_are_those_of_a_round_and_the_median_of_all() -> None:
    found = speed(one_round(1.0), one_round(2.0), one_round(10.0))
    assert found.ratio(("parse", "stances")) == 1.0
    assert found.seconds("parse", "stances") == 2.0
    columns, rows = stages(found)
    assert [row[0] for row in rows] == ["read", *STAGES, "all"]
    assert rows[1] == ("parse", "1.00", "10.0", "5,000", "0.50")
    assert all(len(row) == len(columns) for row in rows)
    assert comparisons(found)[1][0][1:] == ("2.00", "0.40 to 4.00")


def test_torch_is_compared_where_it_is_installed() -> None:
    assert not [row for row in comparisons(speed(one_round(1.0)))[1] if "torch" in row[0]]
    (row,) = [row for row in comparisons(speed(one_round(1.0, **{TORCH: 6.0})))[1] if "torch" in row[0]]
    assert row[1] == "3.00"


def test_the_page_has_every_figure() -> None:
    page = page_of(speed(one_round(1.0)), "quotes bench run x")
    for text in ("`quotes bench run x`", "a machine", "| parse |", "500 MiB", "4.5 s", "3 of 10"):
        assert text in page
    assert len(costs(speed(one_round(1.0)))[1]) == 4


def test_an_archive_costs_what_the_measured_articles_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    faking.install(monkeypatch)
    measured = [Cost(10, 5_000, 80, 9.0, 2**20, 2**28), Cost(100, 50_000, 800, 72.0, 10 * 2**20, 2**28)]
    page = markdown(measured, Settings(), "scaling.svg", "quotes bench growth x")
    assert "1.44 s in the last line, which is 0.80 times" in page
    assert "| 1,000,000 | 200 | 0.5 | 8,000,000 | 105 |" in page
    assert "| 196,000,000 | 39,200 | 102.1 | 1,568,000,000 | 20,552 |" in page
    drawn = xml.fromstring(draw(measured))
    assert len(drawn.findall("{http://www.w3.org/2000/svg}circle")) == 2


def test_growth_is_measured_on_articles_that_are_all_different(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faking.install(monkeypatch)
    found = measure_growth([articles(tmp_path, 6)], Settings(), [2, 6])
    assert [(cost.articles, cost.quotes) for cost in found] == [(2, 2), (6, 6)]
    assert all(cost.seconds > 0 and cost.size > 0 and cost.memory > 0 for cost in found)
    with pytest.raises(ReadError, match="only 6 articles"):
        measure_growth([articles(tmp_path, 6)], Settings(), [7])


def test_memory_is_looked_at_as_articles_come_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nlp = faking.install(monkeypatch)
    found = memory([articles(tmp_path, 3)], Settings(batch_size=4), 40)
    assert [count for count, _ in found] == list(range(2, 41, 2))
    assert len(set(nlp.read)) == len(nlp.read) == 40
    assert all(size > 0 for _, size in found)


def test_without_articles_there_is_nothing_to_measure(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReadError, match="no article to measure"):
        measure([tmp_path / "empty"], Settings())


@pytest.mark.slow
def test_all_is_measured_on_the_sample() -> None:
    files = sorted(shipped("sample").glob("*.md"))[:2]
    found = measure(files, Settings(), rounds=1)
    assert found.articles == 2
    assert found.words > 300
    assert all(found.rounds[0][stage] > 0 for stage in (*STAGES, BARE, TEXTACY, ONNX))
    assert found.peak > 100 * 2**20
    assert 0 < found.cold[1] <= found.cold[0] * 3


@pytest.mark.slow
def test_a_process_holds_no_more_memory_the_more_it_reads() -> None:
    """With the real pipeline; tests/test_ingesting.py has a hundred thousand articles without it."""
    found = memory([shipped("sample")], Settings(), 400)
    sizes = [size for _, size in found]
    assert max(sizes) < 1.5 * 2**30
    assert sizes[-1] - sizes[len(sizes) // 2] < 40 * 2**20
