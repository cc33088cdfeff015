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
COMMENT ON MACRO role_on IS 'Who a person (people.person_id) was on a day: of the offices held then the one that began last, or nothing, where the register gives dates; else what the newest article or the register says.';

-- Corrections by reviewers; see review.py. All other views and queries read quotes and stances through these.

CREATE OR REPLACE VIEW placed_corrections AS
WITH placed AS (
    SELECT
        c.*, q.quote_id, q.article_id,
        list_min([list_max([x."end" FOR x IN c.spans]), list_max([x."end" FOR x IN q.spans])])
        - list_max([list_min([x."start" FOR x IN c.spans]), list_min([x."start" FOR x IN q.spans])]) AS common,
        list_max([list_max([x."end" FOR x IN c.spans]), list_max([x."end" FOR x IN q.spans])])
        - list_min([list_min([x."start" FOR x IN c.spans]), list_min([x."start" FOR x IN q.spans])]) AS total
    FROM corrections AS c
    JOIN articles AS a USING (text_hash)
    JOIN quotes AS q USING (article_id)
    WHERE c.what <> 'undo' AND c.correction_id NOT IN (SELECT undoes FROM corrections WHERE what = 'undo')
),
nearest AS (
    SELECT * FROM placed WHERE common >= 0.5 * total
    QUALIFY row_number() OVER (PARTITION BY correction_id, article_id ORDER BY common / total DESC, quote_id) = 1
)
SELECT n.correction_id, n.quote_id, n.what, n.target, n.to_value, n.made_by, n.made_at FROM nearest AS n
QUALIFY row_number() OVER (PARTITION BY n.quote_id, n.what, n.target ORDER BY made_at DESC, correction_id) = 1;

COMMENT ON VIEW placed_corrections IS 'The corrections that hold, with the quotes of this file that they are about.';
COMMENT ON COLUMN placed_corrections.correction_id IS 'The correction (corrections.correction_id).';
COMMENT ON COLUMN placed_corrections.quote_id IS 'The quote (quotes.quote_id).';
COMMENT ON COLUMN placed_corrections.what IS 'What is corrected: speaker, kind, stance or status.';
COMMENT ON COLUMN placed_corrections.target IS 'Toward whom or what, where what is stance.';
COMMENT ON COLUMN placed_corrections.to_value IS 'What holds instead of what the program read, as JSON.';
COMMENT ON COLUMN placed_corrections.made_by IS 'Who decided.';
COMMENT ON COLUMN placed_corrections.made_at IS 'When.';

-- Whoever is gone was made one with another: by a user's decision, or because all forms of the name were joined.
CREATE OR REPLACE VIEW corrected_people AS
WITH RECURSIVE named AS (
    SELECT DISTINCT c.to_value::JSON->>'person_id' AS named_id, coalesce(c.to_value::JSON->>'name', c.target) AS named
    FROM corrections AS c WHERE c.what IN ('speaker', 'stance') AND (c.to_value::JSON->>'person_id') IS NOT NULL
),
followed AS (
    SELECT named_id, named_id AS person_id FROM named
    UNION
    SELECT f.named_id, d.to_id FROM followed AS f
    JOIN people_decisions AS d ON d.person_id = f.person_id
    WHERE d.undone_at IS NULL AND len(d.forms) = 0 AND len(d.articles) = 0
        AND NOT EXISTS (FROM people AS p WHERE p.person_id = f.person_id)
),
by_id AS (SELECT named_id, min(person_id) AS person_id FROM followed JOIN people USING (person_id) GROUP BY named_id),
by_name AS (
    SELECT n.named_id, n.named, min(p.person_id) AS person_id
    FROM named AS n JOIN people AS p ON p.name = n.named OR list_contains(p.aliases, n.named)
    GROUP BY ALL HAVING count(*) = 1
)
SELECT n.named_id, n.named, p.person_id, coalesce(p.name, n.named) AS name
FROM named AS n
LEFT JOIN by_id USING (named_id)
LEFT JOIN by_name USING (named_id, named)
LEFT JOIN people AS p ON p.person_id = coalesce(by_id.person_id, by_name.person_id);

COMMENT ON VIEW corrected_people IS 'The people whom corrections name, and who they are now, after people were merged or found to be one.';
COMMENT ON COLUMN corrected_people.named_id IS 'The person (people.person_id) when it was decided.';
COMMENT ON COLUMN corrected_people.named IS 'The name then.';
COMMENT ON COLUMN corrected_people.person_id IS 'The person now (people.person_id); NULL where this file knows nobody such.';
COMMENT ON COLUMN corrected_people.name IS 'That person''s name now; else the name then.';

-- In two parts, so that conditions reach the table of the quotes that nobody corrected.
CREATE OR REPLACE VIEW reviewed_quotes AS
WITH decided AS MATERIALIZED (
    SELECT
        quote_id, bool_or(what <> 'status') AS corrected, max(to_value) FILTER (what = 'speaker')::JSON AS speaker,
        max(to_value) FILTER (what = 'kind')::JSON AS kind, max(to_value) FILTER (what = 'status') AS status
    FROM placed_corrections GROUP BY quote_id
)
SELECT q.*, NULL::VARCHAR AS review FROM quotes AS q ANTI JOIN decided USING (quote_id)
UNION ALL
SELECT
    q.* REPLACE (
        CASE WHEN d.speaker IS NULL THEN q.speaker ELSE coalesce(p.name, d.speaker->>'name') END AS speaker,
        CASE WHEN d.speaker IS NULL THEN q.speaker_type ELSE d.speaker->>'type' END AS speaker_type,
        CASE WHEN d.speaker IS NULL THEN q.speaker_role END AS speaker_role,
        CASE WHEN d.speaker IS NULL THEN q.person_id ELSE p.person_id END AS person_id,
        coalesce(d.kind->>'$', q.kind) AS kind,
        1.0 AS confidence
    ),
    CASE WHEN d.corrected THEN 'corrected' ELSE 'accepted' END
FROM decided AS d JOIN quotes AS q USING (quote_id)
LEFT JOIN corrected_people AS p ON p.named_id = (d.speaker->>'person_id') AND p.named = (d.speaker->>'name')
WHERE d.status IS DISTINCT FROM '"rejected"';

COMMENT ON VIEW reviewed_quotes IS 'The table quotes as corrected by reviewers, without the quotes that they rejected.';
COMMENT ON COLUMN reviewed_quotes.quote_id IS 'Derived from the article and the place of the words in it: stable as long as both are.';
COMMENT ON COLUMN reviewed_quotes.article_id IS 'The article in which the quote stands (articles.article_id).';
COMMENT ON COLUMN reviewed_quotes.kind IS 'direct: all of it in quotation marks; mixed: part of it; indirect: none of it.';
COMMENT ON COLUMN reviewed_quotes.text IS 'What was said, as printed; a split quote joined by " ... ", its paragraphs by a blank line; with the verb in front where it makes the sense, as in called the plan a disgrace.';
COMMENT ON COLUMN reviewed_quotes.spans IS 'Where the content stands in articles.text, quotation marks included, a verb in front of it left out.';
COMMENT ON COLUMN reviewed_quotes.source IS 'Where the words stand that name who speaks; empty where nobody is named.';
COMMENT ON COLUMN reviewed_quotes.source_text IS 'Those words as printed, such as She.';
COMMENT ON COLUMN reviewed_quotes.cue IS 'Where the words stand that say that something is said.';
COMMENT ON COLUMN reviewed_quotes.cue_text IS 'Those words as printed, such as told.';
COMMENT ON COLUMN reviewed_quotes.cue_class IS 'What the cue tells of: speech and writing are utterances; thought, desire and other are not.';
COMMENT ON COLUMN reviewed_quotes.speaker IS 'The speaker''s full name as resolved; NULL where undecided.';
COMMENT ON COLUMN reviewed_quotes.speaker_form IS 'The speaker''s name as this article alone resolves it, before people are linked across articles.';
COMMENT ON COLUMN reviewed_quotes.speaker_type IS 'person, organisation, group or unnamed.';
COMMENT ON COLUMN reviewed_quotes.speaker_role IS 'The office that this article gives the speaker.';
COMMENT ON COLUMN reviewed_quotes.person_id IS 'The person behind the speaker (people.person_id); NULL for others.';
COMMENT ON COLUMN reviewed_quotes.said_on IS 'When it was said: the day, or a day inside the period that said_on_precision names.';
COMMENT ON COLUMN reviewed_quotes.said_on_precision IS 'How exactly said_on is known: day, week, month or year.';
COMMENT ON COLUMN reviewed_quotes.said_on_text IS 'The printed expression behind said_on, such as last week.';
COMMENT ON COLUMN reviewed_quotes.venue IS 'Where or to whom it was said, as printed, such as the Scottish Parliament.';
COMMENT ON COLUMN reviewed_quotes.confidence IS 'How sure the extraction is of this row, 0 to 1; below 0.5 is a guess. 1 where a reviewer looked at it.';
COMMENT ON COLUMN reviewed_quotes.review IS 'accepted or corrected where a reviewer looked at it, else NULL.';

-- A corrected stance that was read keeps its target, whoever that is by now; one that was not has what the reviewer named.
CREATE OR REPLACE VIEW reviewed_stances AS
WITH corrected AS MATERIALIZED (
    SELECT
        c.correction_id, c.quote_id, c.target, c.to_value::JSON AS stance, p.person_id, p.name
    FROM placed_corrections AS c
    LEFT JOIN corrected_people AS p ON p.named_id = (c.to_value::JSON->>'person_id') AND p.named = c.target
    WHERE c.what = 'stance'
),
meant AS MATERIALIZED (
    SELECT quote_id, target_form, arg_min(correction_id, (NOT exact, correction_id)) AS correction_id
    FROM (
        SELECT s.quote_id, s.target_form, s.target = c.target AS exact, c.correction_id
        FROM stances AS s JOIN corrected AS c ON c.quote_id = s.quote_id AND (
            s.target = c.target OR s.target_form = coalesce(c.stance->>'target_form', c.target)
            OR s.person_id = c.person_id
        )
    )
    GROUP BY quote_id, target_form
),
-- Where two forms of a target were corrected as one, one row is enough.
first_meant AS (
    SELECT m.quote_id, min(m.target_form) AS target_form, any_value(c.stance->>'stance') AS decided
    FROM meant AS m JOIN corrected AS c USING (quote_id, correction_id)
    GROUP BY m.quote_id, m.correction_id
),
held AS (
    SELECT * FROM stances AS s ANTI JOIN meant AS m ON m.quote_id = s.quote_id AND m.target_form = s.target_form
    UNION ALL
    SELECT s.* REPLACE (m.decided AS stance, 1 AS score, [] AS evidence)
    FROM stances AS s JOIN first_meant AS m ON m.quote_id = s.quote_id AND m.target_form = s.target_form
    WHERE m.decided IS NOT NULL
    UNION ALL
    SELECT
        c.quote_id, coalesce(c.name, c.target), c.stance->>'target_key', c.target, c.stance->>'target_type', c.person_id,
        c.stance->>'stance', 1, []
    FROM corrected AS c
    ANTI JOIN meant AS m ON m.correction_id = c.correction_id AND m.quote_id = c.quote_id
    WHERE c.stance->>'stance' IS NOT NULL
)
SELECT * FROM held ANTI JOIN (
    SELECT quote_id FROM placed_corrections WHERE what = 'status' AND to_value = '"rejected"'
) AS rejected USING (quote_id);

COMMENT ON VIEW reviewed_stances IS 'The table stances as corrected by reviewers, without those of rejected quotes.';
COMMENT ON COLUMN reviewed_stances.quote_id IS 'The quote (quotes.quote_id).';
COMMENT ON COLUMN reviewed_stances.target IS 'Whom or what the quote is about, by full name where known.';
COMMENT ON COLUMN reviewed_stances.target_key IS 'What forms of the target that differ only in article, number, case or accents have in common: group by it, or by person_id where there is one.';
COMMENT ON COLUMN reviewed_stances.target_form IS 'The name as this article alone resolves it, or as the reviewer gave it.';
COMMENT ON COLUMN reviewed_stances.target_type IS 'person, organisation, place, group or issue.';
COMMENT ON COLUMN reviewed_stances.person_id IS 'The person that is the target (people.person_id); NULL for others.';
COMMENT ON COLUMN reviewed_stances.stance IS 'favor, against or neutral: a reading of these words by a program, to be checked against them.';
COMMENT ON COLUMN reviewed_stances.score IS 'How sure the program is of the label, 0 to 1; 1 where a reviewer decided.';
COMMENT ON COLUMN reviewed_stances.evidence IS 'The words that carry the attitude, as code points [start, end) in articles.text; empty where it is neutral or a reviewer decided.';

CREATE OR REPLACE VIEW statements_view AS
SELECT
    q.quote_id, q.speaker, q.speaker_type, coalesce(q.speaker_role, role_on(q.person_id, a.published)) AS role, q.person_id,
    q.kind, q.text, q.cue_text AS cue, q.cue_class, q.source_text AS source,
    q.said_on, q.said_on_precision, q.said_on_text, q.venue, q.confidence,
    coalesce(s.stances, []) AS stances,
    coalesce(t.topics, []) AS topics,
    a.article_id, a.title, a.publisher, a.published, a.url, q.spans, a.copy_of, q.review
FROM reviewed_quotes AS q
JOIN articles AS a USING (article_id)
LEFT JOIN (
    SELECT
        quote_id,
        list(
            {'target': target, 'target_type': target_type, 'stance': stance, 'score': score, 'person_id': person_id}
            ORDER BY score DESC, target
        ) AS stances
    FROM reviewed_stances GROUP BY quote_id
) AS s USING (quote_id)
LEFT JOIN (
    SELECT quote_id, list(topic ORDER BY rank) AS topics FROM topics GROUP BY quote_id
) AS t USING (quote_id);

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
COMMENT ON COLUMN statements_view.topics IS 'At most five key terms of these words, the most telling first.';
COMMENT ON COLUMN statements_view.article_id IS 'The article in which the quote stands (articles.article_id).';
COMMENT ON COLUMN statements_view.title IS 'That article''s headline.';
COMMENT ON COLUMN statements_view.publisher IS 'Who published it.';
COMMENT ON COLUMN statements_view.published IS 'The day of its publication.';
COMMENT ON COLUMN statements_view.url IS 'Where it was published.';
COMMENT ON COLUMN statements_view.spans IS 'Where the words stand in articles.text, as code points [start, end).';
COMMENT ON COLUMN statements_view.copy_of IS 'The article of which this article is a near-copy; NULL where it is none: count only those.';
COMMENT ON COLUMN statements_view.review IS 'accepted or corrected where a reviewer looked at it, else NULL.';

CREATE OR REPLACE VIEW person_stances AS
WITH counted AS (
    SELECT
        q.quote_id, q.person_id, coalesce('person ' || s.person_id, s.target_key) AS target_key, s.target,
        s.target_type, s.person_id AS target_person_id, s.stance, s.score,
        CASE s.stance WHEN 'favor' THEN s.score WHEN 'against' THEN -s.score ELSE 0 END AS signed_score,
        coalesce(q.said_on, a.published) AS day, q.text
    FROM reviewed_stances AS s
    JOIN reviewed_quotes AS q USING (quote_id)
    JOIN articles AS a USING (article_id)
    WHERE q.person_id IS NOT NULL AND q.confidence >= 0.5 AND q.cue_class <> 'other'
), printed AS (
    SELECT target_key, target, target_type
    FROM counted
    GROUP BY target_key, target, target_type
    QUALIFY row_number() OVER (PARTITION BY target_key ORDER BY count(*) DESC, target, target_type) = 1
)
SELECT
    c.quote_id, c.person_id, p.name AS speaker, c.target_key, coalesce(t.name, printed.target) AS target,
    printed.target_type, c.target_person_id, c.stance, c.score, c.signed_score, c.day, c.text
FROM counted AS c
JOIN people AS p ON p.person_id = c.person_id
JOIN printed USING (target_key)
LEFT JOIN people AS t ON t.person_id = c.target_person_id;

COMMENT ON VIEW person_stances IS 'One row for each stance of a person that counts: not those of quotes with a confidence below 0.5, nor of what somebody did not say or might say (cue_class other).';
COMMENT ON COLUMN person_stances.quote_id IS 'The quote (quotes.quote_id).';
COMMENT ON COLUMN person_stances.person_id IS 'Who takes the stance (people.person_id).';
COMMENT ON COLUMN person_stances.speaker IS 'That person''s name.';
COMMENT ON COLUMN person_stances.target_key IS 'One key for a target, however it is printed.';
COMMENT ON COLUMN person_stances.target IS 'The target: a person''s name, else the form that is printed most often.';
COMMENT ON COLUMN person_stances.target_type IS 'person, organisation, place, group or issue: what the target is most often taken for.';
COMMENT ON COLUMN person_stances.target_person_id IS 'The person that is the target (people.person_id); NULL for others.';
COMMENT ON COLUMN person_stances.stance IS 'favor, against or neutral: a reading by a program.';
COMMENT ON COLUMN person_stances.score IS 'How sure the program is of the label, 0 to 1.';
COMMENT ON COLUMN person_stances.signed_score IS 'The score, above 0 for favor, below 0 for against, and 0 for neutral.';
COMMENT ON COLUMN person_stances.day IS 'The day on which it was said, else that on which the article was published; NULL where neither is known.';
COMMENT ON COLUMN person_stances.text IS 'What was said, as printed.';

CREATE OR REPLACE VIEW stance_over_time AS
SELECT
    person_id, speaker, target_key, target, target_type, target_person_id, date_trunc('month', day)::DATE AS month,
    count(*) FILTER (stance = 'favor') AS favor, count(*) FILTER (stance = 'against') AS against,
    count(*) FILTER (stance = 'neutral') AS neutral, round(avg(signed_score), 3) AS mean_score, count(*) AS stances
FROM person_stances
WHERE day IS NOT NULL
GROUP BY ALL;

COMMENT ON VIEW stance_over_time IS 'One row for each person, target and month: how often the person spoke for it, against it, or neither. Rests on person_stances; quotes without a day are left out.';
COMMENT ON COLUMN stance_over_time.person_id IS 'Who takes the stance (people.person_id).';
COMMENT ON COLUMN stance_over_time.speaker IS 'That person''s name.';
COMMENT ON COLUMN stance_over_time.target_key IS 'One key for a target, however it is printed.';
COMMENT ON COLUMN stance_over_time.target IS 'The target''s name.';
COMMENT ON COLUMN stance_over_time.target_type IS 'person, organisation, place, group or issue.';
COMMENT ON COLUMN stance_over_time.target_person_id IS 'The person that is the target (people.person_id); NULL for others.';
COMMENT ON COLUMN stance_over_time.month IS 'The first day of the month.';
COMMENT ON COLUMN stance_over_time.favor IS 'Quotes for the target.';
COMMENT ON COLUMN stance_over_time.against IS 'Quotes against the target.';
COMMENT ON COLUMN stance_over_time.neutral IS 'Quotes about the target that are neither.';
COMMENT ON COLUMN stance_over_time.mean_score IS 'Mean of the scores, from -1 (surely against) over 0 (neutral) to 1 (surely for).';
COMMENT ON COLUMN stance_over_time.stances IS 'How many quotes the mean is of.';

CREATE OR REPLACE VIEW stance_changes AS
WITH days AS (
    SELECT
        person_id, target_key, day, if(sum(signed_score) > 0, 'favor', 'against') AS stance,
        if(sum(signed_score) > 0, arg_max(quote_id, (signed_score, quote_id)), arg_min(quote_id, (signed_score, quote_id))) AS quote_id
    FROM person_stances
    WHERE stance <> 'neutral' AND day IS NOT NULL
    GROUP BY person_id, target_key, day
    HAVING abs(sum(signed_score)) > 1e-9
), turns AS (
    SELECT
        *, lag(stance) OVER by_day AS stance_before, lag(day) OVER by_day AS day_before,
        lag(quote_id) OVER by_day AS quote_id_before
    FROM days
    WINDOW by_day AS (PARTITION BY person_id, target_key ORDER BY day)
)
SELECT
    s.person_id, s.speaker, s.target_key, s.target, s.target_type, s.target_person_id,
    turns.stance_before, turns.day_before, turns.quote_id_before, q.text AS text_before,
    turns.stance, turns.day, turns.quote_id, s.text
FROM turns
JOIN person_stances AS s USING (person_id, target_key, quote_id)
JOIN reviewed_quotes AS q ON q.quote_id = turns.quote_id_before
WHERE turns.stance <> turns.stance_before;

COMMENT ON VIEW stance_changes IS 'One row for each time that a person''s stance toward a target turned: two days that follow each other in person_stances, neutral quotes passed over, with opposite labels. A day''s label is that of the sum of its signed scores; where they cancel out, the day does not count.';
COMMENT ON COLUMN stance_changes.person_id IS 'Whose stance turned (people.person_id).';
COMMENT ON COLUMN stance_changes.speaker IS 'That person''s name.';
COMMENT ON COLUMN stance_changes.target_key IS 'One key for a target, however it is printed.';
COMMENT ON COLUMN stance_changes.target IS 'The target''s name.';
COMMENT ON COLUMN stance_changes.target_type IS 'person, organisation, place, group or issue.';
COMMENT ON COLUMN stance_changes.target_person_id IS 'The person that is the target (people.person_id); NULL for others.';
COMMENT ON COLUMN stance_changes.stance_before IS 'favor or against: the label before the turn.';
COMMENT ON COLUMN stance_changes.day_before IS 'The last day with that label.';
COMMENT ON COLUMN stance_changes.quote_id_before IS 'The surest quote of that day (quotes.quote_id).';
COMMENT ON COLUMN stance_changes.text_before IS 'What was said then, as printed.';
COMMENT ON COLUMN stance_changes.stance IS 'favor or against: the label after the turn.';
COMMENT ON COLUMN stance_changes.day IS 'The first day with that label.';
COMMENT ON COLUMN stance_changes.quote_id IS 'The surest quote of that day (quotes.quote_id).';
COMMENT ON COLUMN stance_changes.text IS 'What was said then, as printed.';

CREATE OR REPLACE VIEW stance_matrix AS
SELECT
    person_id, speaker, target_key, target, target_type, target_person_id,
    count(*) FILTER (stance = 'favor') AS favor, count(*) FILTER (stance = 'against') AS against,
    count(*) FILTER (stance = 'neutral') AS neutral,
    count(*) FILTER (stance = 'favor') - count(*) FILTER (stance = 'against') AS net,
    round(avg(signed_score), 3) AS mean_score, count(*) AS stances, min(day) AS first_day, max(day) AS last_day
FROM person_stances
GROUP BY ALL;

COMMENT ON VIEW stance_matrix IS 'One row for each person and target, over all time. Rests on person_stances.';
COMMENT ON COLUMN stance_matrix.person_id IS 'Who takes the stance (people.person_id).';
COMMENT ON COLUMN stance_matrix.speaker IS 'That person''s name.';
COMMENT ON COLUMN stance_matrix.target_key IS 'One key for a target, however it is printed.';
COMMENT ON COLUMN stance_matrix.target IS 'The target''s name.';
COMMENT ON COLUMN stance_matrix.target_type IS 'person, organisation, place, group or issue.';
COMMENT ON COLUMN stance_matrix.target_person_id IS 'The person that is the target (people.person_id); NULL for others.';
COMMENT ON COLUMN stance_matrix.favor IS 'Quotes for the target.';
COMMENT ON COLUMN stance_matrix.against IS 'Quotes against the target.';
COMMENT ON COLUMN stance_matrix.neutral IS 'Quotes about the target that are neither.';
COMMENT ON COLUMN stance_matrix.net IS 'Quotes for the target less those against it.';
COMMENT ON COLUMN stance_matrix.mean_score IS 'Mean of the scores, from -1 (surely against) over 0 (neutral) to 1 (surely for).';
COMMENT ON COLUMN stance_matrix.stances IS 'How many quotes the mean is of.';
COMMENT ON COLUMN stance_matrix.first_day IS 'The first day on which the person spoke about the target; NULL where no day is known.';
COMMENT ON COLUMN stance_matrix.last_day IS 'The last such day.';

CREATE OR REPLACE VIEW who_on_whom AS
SELECT
    person_id, speaker, target_person_id, target AS about, favor, against, neutral, net, mean_score, stances,
    first_day, last_day
FROM stance_matrix
WHERE target_person_id IS NOT NULL AND target_person_id <> person_id;

COMMENT ON VIEW who_on_whom IS 'One row for each two people of whom one speaks about the other: the rows of stance_matrix whose target is a person, without what people say of themselves.';
COMMENT ON COLUMN who_on_whom.person_id IS 'Who speaks (people.person_id).';
COMMENT ON COLUMN who_on_whom.speaker IS 'That person''s name.';
COMMENT ON COLUMN who_on_whom.target_person_id IS 'About whom (people.person_id).';
COMMENT ON COLUMN who_on_whom.about IS 'That person''s name.';
COMMENT ON COLUMN who_on_whom.favor IS 'Quotes for that person.';
COMMENT ON COLUMN who_on_whom.against IS 'Quotes against that person.';
COMMENT ON COLUMN who_on_whom.neutral IS 'Quotes about that person that are neither.';
COMMENT ON COLUMN who_on_whom.net IS 'Quotes for that person less those against.';
COMMENT ON COLUMN who_on_whom.mean_score IS 'Mean of the scores, from -1 (surely against) over 0 (neutral) to 1 (surely for).';
COMMENT ON COLUMN who_on_whom.stances IS 'How many quotes the mean is of.';
COMMENT ON COLUMN who_on_whom.first_day IS 'The first day on which the one spoke about the other; NULL where no day is known.';
COMMENT ON COLUMN who_on_whom.last_day IS 'The last such day.';

CREATE OR REPLACE VIEW people_view AS
SELECT
    p.person_id, p.name, p.aliases, p.role, p.party, p.country, p.gender, p.in_register,
    coalesce(q.statements, 0) AS statements, coalesce(q.articles, 0) AS articles,
    coalesce(s.mentions, 0) AS mentions, q.first_on, q.latest_on
FROM people AS p
LEFT JOIN (
    SELECT
        person_id, count(*) AS statements, count(DISTINCT article_id) AS articles,
        min(coalesce(said_on, published)) AS first_on, max(coalesce(said_on, published)) AS latest_on
    FROM reviewed_quotes JOIN articles USING (article_id)
    WHERE cue_class IN ('speech', 'writing') GROUP BY person_id
) AS q USING (person_id)
LEFT JOIN (SELECT person_id, count(*) AS mentions FROM reviewed_stances GROUP BY person_id) AS s USING (person_id);

COMMENT ON VIEW people_view IS 'One row for each person, with how much he or she says, and how much is said about them.';
COMMENT ON COLUMN people_view.person_id IS 'The person (people.person_id).';
COMMENT ON COLUMN people_view.name IS 'The full name, without titles and offices.';
COMMENT ON COLUMN people_view.aliases IS 'Other forms of the name, from the register.';
COMMENT ON COLUMN people_view.role IS 'The office or function: what the most recently published article gives, else the register.';
COMMENT ON COLUMN people_view.party IS 'The party, from the register.';
COMMENT ON COLUMN people_view.country IS 'The country, from the register.';
COMMENT ON COLUMN people_view.gender IS 'female or male, from the register.';
COMMENT ON COLUMN people_view.in_register IS 'Whether the register of politicians knows this person.';
COMMENT ON COLUMN people_view.statements IS 'How many statements this person said or wrote; beliefs and wishes are not counted.';
COMMENT ON COLUMN people_view.articles IS 'In how many articles they stand.';
COMMENT ON COLUMN people_view.mentions IS 'How many statements of anybody speak about this person.';
COMMENT ON COLUMN people_view.first_on IS 'The day of the first statement: when it was said or, where that is unknown, published.';
COMMENT ON COLUMN people_view.latest_on IS 'The day of the latest statement, by the same rule.';

CREATE OR REPLACE VIEW topics_view AS
SELECT
    t.topic, count(*) AS statements, count(DISTINCT q.speaker) AS speakers, count(DISTINCT q.article_id) AS articles,
    min(coalesce(q.said_on, a.published)) AS first_on, max(coalesce(q.said_on, a.published)) AS latest_on
FROM topics AS t
JOIN reviewed_quotes AS q USING (quote_id)
JOIN articles AS a USING (article_id)
GROUP BY t.topic;

COMMENT ON VIEW topics_view IS 'One row for each topic, with how many statements speak of it.';
COMMENT ON COLUMN topics_view.topic IS 'The term, as in the table topics.';
COMMENT ON COLUMN topics_view.statements IS 'How many statements speak of it.';
COMMENT ON COLUMN topics_view.speakers IS 'How many speakers do.';
COMMENT ON COLUMN topics_view.articles IS 'In how many articles they do.';
COMMENT ON COLUMN topics_view.first_on IS 'The day of the first of these statements: when it was said or, where that is unknown, published.';
COMMENT ON COLUMN topics_view.latest_on IS 'The day of the latest, by the same rule.';

-- Repeats; see repeats.py.

CREATE OR REPLACE VIEW repeats_view AS
SELECT
    r.statement_id, any_value(q.speaker ORDER BY q.quote_id) AS speaker,
    any_value(q.person_id ORDER BY q.quote_id) AS person_id,
    arg_max(q.text, (length(q.text), q.quote_id)) AS text, arg_max(q.quote_id, (length(q.text), q.quote_id)) AS quote_id,
    min(a.published) AS first_published,
    arg_min(a.article_id, (coalesce(a.published, DATE '9999-12-31'), a.article_id)) AS first_article_id,
    arg_min(a.publisher, (coalesce(a.published, DATE '9999-12-31'), a.article_id)) AS first_publisher,
    count(DISTINCT a.article_id) AS articles, list(DISTINCT a.article_id ORDER BY a.article_id) AS article_ids,
    list(q.quote_id ORDER BY q.quote_id) AS quote_ids
FROM repeats AS r
JOIN reviewed_quotes AS q USING (quote_id)
JOIN articles AS a USING (article_id)
GROUP BY r.statement_id HAVING count(*) > 1;

COMMENT ON VIEW repeats_view IS 'One row for each statement that stands in several quotes.';
COMMENT ON COLUMN repeats_view.statement_id IS 'The statement (repeats.statement_id).';
COMMENT ON COLUMN repeats_view.speaker IS 'Who said it.';
COMMENT ON COLUMN repeats_view.person_id IS 'The person behind the speaker (people.person_id); NULL for others.';
COMMENT ON COLUMN repeats_view.text IS 'The longest form in which it was printed.';
COMMENT ON COLUMN repeats_view.quote_id IS 'The quote of that form (quotes.quote_id).';
COMMENT ON COLUMN repeats_view.first_published IS 'The day on which it was first printed.';
COMMENT ON COLUMN repeats_view.first_article_id IS 'The article in which it was first printed (articles.article_id).';
COMMENT ON COLUMN repeats_view.first_publisher IS 'Who first printed it.';
COMMENT ON COLUMN repeats_view.articles IS 'How many articles have it.';
COMMENT ON COLUMN repeats_view.article_ids IS 'Those articles (articles.article_id).';
COMMENT ON COLUMN repeats_view.quote_ids IS 'All its quotes (quotes.quote_id).';

CREATE OR REPLACE VIEW conflicts_view AS
SELECT
    p.quote_a, a.speaker AS speaker_a, a.article_id AS article_a, a.text AS text_a,
    p.quote_b, b.speaker AS speaker_b, b.article_id AS article_b, b.text AS text_b
FROM repeat_pairs AS p
JOIN reviewed_quotes AS a ON a.quote_id = p.quote_a
JOIN reviewed_quotes AS b ON b.quote_id = p.quote_b
WHERE NOT p.agree;

COMMENT ON VIEW conflicts_view IS 'One row for each two quotes of the same words that are attributed to different speakers.';
COMMENT ON COLUMN conflicts_view.quote_a IS 'The one quote (quotes.quote_id).';
COMMENT ON COLUMN conflicts_view.speaker_a IS 'Who said it by that article.';
COMMENT ON COLUMN conflicts_view.article_a IS 'Its article (articles.article_id).';
COMMENT ON COLUMN conflicts_view.text_a IS 'Its words.';
COMMENT ON COLUMN conflicts_view.quote_b IS 'The other quote (quotes.quote_id).';
COMMENT ON COLUMN conflicts_view.speaker_b IS 'Who said it by that article.';
COMMENT ON COLUMN conflicts_view.article_b IS 'Its article (articles.article_id).';
COMMENT ON COLUMN conflicts_view.text_b IS 'Its words.';
