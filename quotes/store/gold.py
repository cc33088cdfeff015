"""Annotated data for training and evaluation, from the articles that reviewers went through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb


def export_gold(connection: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    """Give the articles of which every quote was decided upon, as annotated data for training and evaluation.

    Args:
        connection: open on a tracker's file.

    Yields:
        JSON objects as ``quotes evaluate attributions`` reads them: id, text and attributions with source, cue and
        content, and of each the kind, the speaker and the stances. Rejected quotes are left out.
    """
    articles = connection.execute(
        """SELECT a.article_id, a.text FROM articles AS a
           WHERE a.article_id IN (SELECT q.article_id FROM quotes AS q JOIN placed_corrections AS p USING (quote_id))
             AND NOT EXISTS (SELECT 1 FROM reviewed_quotes AS q WHERE q.article_id = a.article_id AND q.review IS NULL)
           ORDER BY 1"""
    ).fetchall()
    for article_id, text in articles:
        quotes = connection.execute(
            """SELECT quote_id, source, cue, spans, kind, speaker, speaker_type FROM reviewed_quotes
               WHERE article_id = ? ORDER BY spans[1]."start", quote_id""",
            [article_id],
        ).fetchall()
        attributions = []
        for quote_id, source, cue, content, kind, speaker, speaker_type in quotes:
            stances = connection.execute(
                "SELECT target, target_type, stance FROM reviewed_stances WHERE quote_id = ? ORDER BY 1", [quote_id]
            ).fetchall()
            spans = [[[span["start"], span["end"]] for span in part] for part in (source, cue, content)]
            attributions.append(
                dict(zip(("source", "cue", "content"), spans, strict=True))
                | {"kind": kind, "speaker": speaker, "speaker_type": speaker_type}
                | {"stances": [dict(zip(("target", "target_type", "stance"), row, strict=True)) for row in stances]}
            )
        yield {"id": article_id, "text": text, "attributions": attributions}
