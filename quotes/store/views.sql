-- Made anew when the file is created and after each migration.

-- Who somebody was on a day: of the offices held then the one that began last, or nothing, where the register gives
-- dates; else, or where the day is not known, what the newest article or the register says.
CREATE OR REPLACE MACRO role_on(person, day) AS (
    SELECT
        CASE WHEN day IS NULL OR count(o."start") + count(o."end") = 0 THEN any_value(p.role)
        ELSE arg_max(o.title, coalesce(o."start", DATE '0001-01-01')) FILTER (
            coalesce(o."start", o."end") IS NOT NULL
            AND day BETWEEN coalesce(o."start", day) AND coalesce(o."end", day)
        ) END
    FROM people AS p LEFT JOIN offices AS o USING (person_id)
    WHERE p.person_id = person
);

CREATE OR REPLACE VIEW statements_view AS
SELECT
    q.quote_id, q.speaker, q.speaker_type, coalesce(q.speaker_role, role_on(q.person_id, a.published)) AS role, q.person_id,
    q.kind, q.text, q.cue_text AS cue, q.cue_class, q.source_text AS source,
    q.said_on, q.said_on_precision, q.said_on_text, q.venue, q.confidence,
    coalesce(s.stances, []) AS stances,
    a.article_id, a.title, a.publisher, a.published, a.url, q.spans
FROM quotes AS q
JOIN articles AS a USING (article_id)
LEFT JOIN (
    SELECT
        quote_id,
        list(
            {'target': target, 'target_type': target_type, 'stance': stance, 'score': score, 'person_id': person_id}
            ORDER BY score DESC, target
        ) AS stances
    FROM stances GROUP BY quote_id
) AS s USING (quote_id);

COMMENT ON VIEW statements_view IS 'One row for each quote, with its speaker, its stances and its article: start here.';
COMMENT ON COLUMN statements_view.quote_id IS 'The quote (quotes.quote_id).';
COMMENT ON COLUMN statements_view.speaker IS 'The speaker''s full name as resolved; NULL where undecided.';
COMMENT ON COLUMN statements_view.speaker_type IS 'person, organisation, group or unnamed.';
COMMENT ON COLUMN statements_view.role IS 'The speaker''s office: what this article gives, else by the register on the day of its publication; people.role for people of whom the register has no dates.';
COMMENT ON COLUMN statements_view.person_id IS 'The person behind the speaker (people.person_id); NULL for others.';
COMMENT ON COLUMN statements_view.kind IS 'direct: all of it in quotation marks; mixed: part of it; indirect: none of it.';
COMMENT ON COLUMN statements_view.text IS 'What was said, as printed; a split quote joined by " ... ", its paragraphs by a blank line.';
COMMENT ON COLUMN statements_view.cue IS 'The words that say that something is said, such as told.';
COMMENT ON COLUMN statements_view.cue_class IS 'What the cue tells of: speech and writing are utterances; thought, desire and other are not.';
COMMENT ON COLUMN statements_view.source IS 'The words that name who speaks, as printed, such as She.';
COMMENT ON COLUMN statements_view.said_on IS 'When it was said: the day, or a day inside the period that said_on_precision names.';
COMMENT ON COLUMN statements_view.said_on_precision IS 'How exactly said_on is known: day, week, month or year.';
COMMENT ON COLUMN statements_view.said_on_text IS 'The printed expression behind said_on, such as last week.';
COMMENT ON COLUMN statements_view.venue IS 'Where or to whom it was said, as printed, such as the Scottish Parliament.';
COMMENT ON COLUMN statements_view.confidence IS 'How sure the extraction is of this row, 0 to 1; below 0.5 is a guess.';
COMMENT ON COLUMN statements_view.stances IS 'What the words express toward whom, the surest first; empty where they express nothing. As in the table stances.';
COMMENT ON COLUMN statements_view.article_id IS 'The article in which the quote stands (articles.article_id).';
COMMENT ON COLUMN statements_view.title IS 'That article''s headline.';
COMMENT ON COLUMN statements_view.publisher IS 'Who published it.';
COMMENT ON COLUMN statements_view.published IS 'The day of its publication.';
COMMENT ON COLUMN statements_view.url IS 'Where it was published.';
COMMENT ON COLUMN statements_view.spans IS 'Where the words stand in articles.text, as code points [start, end).';
