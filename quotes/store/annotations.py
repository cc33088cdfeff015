"""Writes quotes as W3C Web Annotations, by which other programs find their words in the articles.

After the W3C Recommendation "Web Annotation Data Model" (23 February 2017), https://www.w3.org/TR/annotation-model/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent_encoded

import duckdb

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
URN = "urn:quote-tracker"
ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
AROUND = 32
"""Characters of prefix and suffix by which equal words in one article are told apart."""


def write_annotations(connection: duckdb.DuckDBPyConnection, file: Path, chosen: bool) -> int:
    """Write one annotation a line, in JSON-LD.

    Args:
        connection: open on a tracker's file.
        file: what to write.
        chosen: whether only the quotes of the temporary table ``chosen_quote_id`` are wanted.

    Returns:
        How many annotations were written.
    """
    condition = "WHERE quote_id IN (FROM chosen_quote_id)" if chosen else ""
    answer = connection.execute(
        f"""SELECT s.quote_id, s.speaker, s.role, s.kind, s.stances, s.topics, s.spans,
                   a.article_id, a.url, a.text
            FROM statements_view AS s JOIN articles AS a USING (article_id) {condition}
            ORDER BY a.article_id, s.spans[1]."start", s.quote_id"""
    )
    columns = [column[0] for column in answer.description or ()]
    written = 0
    with file.open("w", encoding="utf8", newline="\n") as lines:
        while rows := answer.fetchmany(500):
            for row in rows:
                lines.write(json.dumps(annotation(dict(zip(columns, row, strict=True))), ensure_ascii=False) + "\n")
            written += len(rows)
    return written


def annotation(statement: Mapping[str, Any]) -> dict[str, Any]:
    """Make the annotation of a statement.

    Args:
        statement: a row of ``statements_view``, but with the whole text of its article as ``text``.

    Returns:
        An annotation. Its bodies are the kind ("classifying"), who spoke ("identifying") and as what ("describing"),
        the stances ("assessing", such as "against: Vladimir Putin") and the topics ("tagging"); each span is a target
        with its offsets and its words.
    """
    bodies = [_body("classifying", statement["kind"])]
    if statement["speaker"]:
        bodies.append(_body("identifying", statement["speaker"]))
    if statement["role"]:
        bodies.append(_body("describing", statement["role"]))
    bodies += [_body("assessing", f"{stance['stance']}: {stance['target']}") for stance in statement["stances"]]
    bodies += [_body("tagging", topic) for topic in statement["topics"]]
    return {
        "@context": CONTEXT,
        "id": f"{URN}:quote:{statement['quote_id']}",
        "type": "Annotation",
        "motivation": "describing",
        "body": bodies,
        "target": [_target(statement, span) for span in statement["spans"]],
    }


def _body(purpose: str, value: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": purpose, "value": value, "format": "text/plain"}


def _target(statement: Mapping[str, Any], span: Mapping[str, int]) -> dict[str, Any]:
    text, start, end = statement["text"], span["start"], span["end"]
    selectors: Sequence[dict[str, Any]] = [
        {"type": "TextPositionSelector", "start": start, "end": end},
        {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": text[max(0, start - AROUND) : start],
            "suffix": text[end : end + AROUND],
        },
    ]
    return {"type": "SpecificResource", "source": _source(statement), "selector": selectors}


def _source(statement: Mapping[str, Any]) -> str:
    """Give the article's address or, where it has none that an IRI can be, a name made of its id."""
    url = statement["url"]
    if url and ADDRESS.fullmatch(url):
        return str(url)
    return f"{URN}:article:{percent_encoded(statement['article_id'], safe='')}"
