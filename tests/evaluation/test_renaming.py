"""Nothing may lean on known names: articles score as well when everybody in them is called otherwise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from quotes.evaluation.report import read_gold
from quotes.evaluation.speakers import find, read_speakers, report
from quotes.people import names

SHARED = Path(__file__).parents[3] / "shared" / "data"
DEV, SPEAKERS = SHARED / "polnear_dev.jsonl", SHARED / "polnear_dev_speakers.json"
ARTICLES = 10
ALLOWED = {"english": 0.02, "abroad": 0.025}

# Given names of women and men, and surnames that nobody in the articles bears.
NAMES = {
    "english": (
        "Heather Joyce Pamela Tracy Wendy Lorraine Maureen Sheila Glenda Rosalind Beryl Muriel Edith Doreen Thelma",
        "Nigel Graham Clive Trevor Rodney Leonard Stanley Howard Gordon Desmond Reginald Cyril Alfred Basil Horace",
        """Tarrow Penhallow Brackley Dunnock Farthing Oakden Wickstead Marchbank Selhurst Corrigan Tamworth Ellery Quill
        Strathy Ransome Garvie Lyle Hallworth Dexter Ashdown Pemble Larwood Crannock Ogden Mackail Hobbins Stallard
        Thrale Wendell Ambrose Pollard Reeve Granger Maddock Vane Kendal Hamer Tolland Broom Colman""",
    ),
    "abroad": (
        "Aoife Sunita Oksana Meenakshi Niamh Priya Olena Lakshmi Siobhan Deepa Kateryna Sinead Nandini Halyna Anjali",
        "Ciaran Harish Dmytro Venkat Seamus Rajesh Taras Suresh Declan Mykola Ashok Padraig Ihor Sanjay Cormac",
        """McGarrigle Talwani Shcherbyna Deshpande Brannagh Hnatenko Mahajan Rudyk Gallogly Subramanian Kovalchenko
        Durcan Jatoi Choudhry Lysenko Bhattacharjee Tuohy Onopko Iyengar Mulvihill Panchal Zabolotny Keaveney Rangarajan
        Horbenko Qureshi Prendergast Vasylenko Chidambar Loughlin Stetsko Malhotra Dunphy Yarmolenko Gokhale Scanlon
        Petrushka Ramanujam Feeney Hrynko""",
    ),
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DEV.exists(), reason="the development articles lie in ../shared, which is not here"),
]


def persons(row: dict[str, Any], gold: dict[str, Any]) -> list[str]:
    """List the people of an article: who speaks in it, and whoever has a given name and a surname in its text."""
    speakers = [one["name"] for one in gold.values() if one and one["type"] == "person"]
    texts = re.findall(r"\b[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+\b", row["text"])
    surnames = {name.split()[-1] for name in speakers}
    relatives = [name for name in texts if name.split()[-1] in surnames and names.is_given_name(name.split()[0])]
    return [*dict.fromkeys([*speakers, *relatives])]


def renaming(row: dict[str, Any], gold: dict[str, Any], style: str) -> dict[str, str]:
    """Choose for each word of the people's names another one of the same gender, the same all over the article."""
    women, men, surnames = (words.split() for words in NAMES[style])
    small = set(re.findall(r"\b[a-z]+\b", row["text"]))
    chosen: dict[str, str] = {}
    for printed in persons(row, gold):
        name = re.sub(r",? (?:Jr|Sr|III|II)\b.*", "", printed)
        given, *_, last = words if len(words := re.findall(r"[^\W\d_]{2,}", name)) > 1 else ["", *words, ""]
        if last and last not in chosen and last.lower() not in small:
            chosen[last] = surnames[len(chosen) % len(surnames)]
        if given and given not in chosen and given.lower() not in small:
            pool = women if names.gender(name) == "female" else men
            chosen[given] = pool[len(chosen) % len(pool)]
    return chosen


def renamed(row: dict[str, Any], gold: dict[str, Any], style: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give an article and its annotation other names; offsets move with the words."""
    chosen = renaming(row, gold, style)
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, chosen)) + r")\b") if chosen else re.compile(r"(?!)")

    def swap(text: str) -> str:
        return pattern.sub(lambda match: chosen[match.group()], text)

    hits = [(*match.span(), len(chosen[match.group()])) for match in pattern.finditer(row["text"])]

    def moved(offset: int) -> int:
        return offset + sum(length - (end - start) for start, end, length in hits if end <= offset)

    attributions = [
        {
            role: [[moved(start), moved(end)] for start, end in value] if isinstance(value, list) else value
            for role, value in one.items()
        }
        for one in row["attributions"]
    ]
    other = {**row, "text": swap(row["text"]), "title": swap(row.get("title") or ""), "attributions": attributions}
    return other, {key: one and {**one, "name": swap(one["name"] or "")} for key, one in gold.items()}


@pytest.mark.parametrize("style", NAMES)
def test_other_names_score_as_well(style: str) -> None:
    gold = read_speakers(SPEAKERS)

    def spoken(row: dict[str, Any]) -> int:
        return sum(bool(one) and one["type"] == "person" for one in gold[row["id"]].values())

    rows = sorted((row for row in read_gold(DEV) if row["id"] in gold), key=spoken, reverse=True)[:ARTICLES]
    pairs = [renamed(row, dict(gold[row["id"]]), style) for row in rows]
    others = [row for row, _ in pairs]
    assert all(row["text"] != other["text"] for row, other in zip(rows, others, strict=True))
    before = report(rows, gold, find(rows)).overall
    after = report(others, {row["id"]: speakers for row, speakers in pairs}, find(others)).overall
    for measure in ("spoken_by", "said_by"):
        assert after[measure]["f1"] >= before[measure]["f1"] - ALLOWED[style]
