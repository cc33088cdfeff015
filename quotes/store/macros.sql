-- Made anew when the file is created and after each migration, like views.sql. A macro over tables is asked like one:
-- FROM statements_by('marrow'). Names are compared without regard to case and accents.

CREATE OR REPLACE MACRO statements_by(name) AS TABLE
SELECT s.*
FROM statements_view AS s
LEFT JOIN people AS p USING (person_id)
WHERE contains(lower(strip_accents(concat_ws('; ', s.speaker, p.name, array_to_string(p.aliases, '; ')))),
               lower(strip_accents(name)))
ORDER BY coalesce(s.said_on, s.published) DESC, s.article_id, s.spans[1]."start";

COMMENT ON MACRO TABLE statements_by IS 'The rows of statements_view whose speaker''s name, or an alias of it, contains these words, the newest first.';

CREATE OR REPLACE MACRO stance_of(person, target) AS TABLE
SELECT
    q.speaker, s.target,
    CASE sign(count(*) FILTER (s.stance = 'favor') - count(*) FILTER (s.stance = 'against'))
        WHEN 1 THEN 'favor' WHEN -1 THEN 'against'
        ELSE if(count(*) FILTER (s.stance = 'favor') > 0, 'both', 'neutral')
    END AS stance,
    count(*) FILTER (s.stance = 'favor') AS favor,
    count(*) FILTER (s.stance = 'against') AS against,
    count(*) FILTER (s.stance = 'neutral') AS neutral,
    min(coalesce(q.said_on, a.published)) AS first_on,
    max(coalesce(q.said_on, a.published)) AS latest_on
FROM stances AS s
JOIN quotes AS q USING (quote_id)
JOIN articles AS a USING (article_id)
WHERE contains(lower(strip_accents(q.speaker)), lower(strip_accents(person)))
  AND contains(lower(strip_accents(s.target)), lower(strip_accents(target)))
GROUP BY q.speaker, s.target
ORDER BY count(*) DESC, q.speaker, s.target;

COMMENT ON MACRO TABLE stance_of IS 'Whether a speaker is for or against a target, both by a part of the name: the label that most statements take (both where for and against are even), how many take which, and from when to when.';
