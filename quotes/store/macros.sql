-- Made anew when the file is created and after each migration, like views.sql. A macro over tables is asked like one:
-- FROM statements_by('marrow'). Names are compared without regard to case and accents.

CREATE OR REPLACE MACRO statements_by(name) AS TABLE
SELECT s.*
FROM statements_view AS s
LEFT JOIN people AS p USING (person_id)
WHERE contains(lower(strip_accents(concat_ws('; ', s.speaker, p.name, array_to_string(p.aliases, '; ')))),
               lower(strip_accents(name)))
ORDER BY coalesce(s.said_on, s.published) DESC, s.article_id, s.spans[1]."start", s.quote_id;

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
FROM reviewed_stances AS s
JOIN reviewed_quotes AS q USING (quote_id)
JOIN articles AS a USING (article_id)
WHERE contains(lower(strip_accents(q.speaker)), lower(strip_accents(person)))
  AND contains(lower(strip_accents(s.target)), lower(strip_accents(target)))
GROUP BY q.speaker, s.target
ORDER BY count(*) DESC, q.speaker, s.target;

COMMENT ON MACRO TABLE stance_of IS 'Whether a speaker is for or against a target, both by a part of the name: the label that most statements take (both where for and against are even), how many take which, and from when to when.';

-- Full-text search; see search.py.

CREATE OR REPLACE MACRO search_fold(words) AS
    trim(regexp_replace(lower(strip_accents(words)), '[^\pL\pN]+', ' ', 'g'));

COMMENT ON MACRO search_fold IS 'Words as the index of words has them: in small letters, without accents, one blank between any two.';

CREATE OR REPLACE MACRO search_scores(termids) AS TABLE
WITH hits AS MATERIALIZED (
    SELECT docid, termid, count(*) AS tf FROM search_postings
    WHERE termid IN (SELECT unnest(termids)) GROUP BY ALL
),
known AS MATERIALIZED (SELECT docid, termid, tf, size, quote_id FROM hits JOIN search_docs USING (docid)),
frequencies AS (SELECT termid, count(*) AS df FROM known GROUP BY termid),
sizes AS (SELECT count(*) AS docs, avg(size) AS usual FROM search_docs)
SELECT
    any_value(quote_id) AS quote_id,
    sum(log((docs - df + 0.5) / (df + 0.5) + 1) * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * size / usual))) AS score,
    list(termid) AS terms
FROM known JOIN frequencies USING (termid), sizes
GROUP BY docid;

COMMENT ON MACRO TABLE search_scores IS 'The quotes that hold any of these stems (search_words.termid), each with its score by BM25 and the stems found.';

CREATE OR REPLACE MACRO search_statements(words) AS TABLE
SELECT
    q.quote_id, found.score, q.speaker, q.person_id, q.kind, q.text, q.said_on, q.article_id, a.title, a.publisher,
    a.published
FROM search_scores((
    SELECT coalesce(list(DISTINCT termid), []) FROM search_words
    WHERE word IN (SELECT unnest(string_split(search_fold(words), ' ')))
)) AS found
JOIN reviewed_quotes AS q USING (quote_id)
JOIN articles AS a USING (article_id)
ORDER BY found.score DESC, q.quote_id;

COMMENT ON MACRO TABLE search_statements IS 'The quotes that hold any of these words or words of the same stem, the best by BM25 first. The command quotes search also knows phrases, prefixes and filters.';
