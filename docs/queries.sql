-- The worked queries of schema.md: a question, then the query that answers it. `make docs` runs them on the sample
-- articles and writes the answers there; tests/store/test_document.py runs each here and in the plain duckdb client.

-- What has been said lately?
SELECT said_on, speaker, left(text, 80) AS words, publisher
FROM statements_view
WHERE cue_class IN ('speech', 'writing') AND said_on IS NOT NULL
ORDER BY said_on DESC, quote_id LIMIT 5;

-- Who speaks most, and in how many articles?
SELECT name, role, statements, articles, first_on, latest_on
FROM people_view
ORDER BY statements DESC, name LIMIT 5;

-- What did one person say, the newest first?
SELECT coalesce(said_on, published) AS day, kind, left(text, 80) AS words, title
FROM statements_by('van der koog') LIMIT 5;

-- What did one person say in quotation marks, to the letter?
SELECT said_on, venue, text
FROM statements_by('sturgeon')
WHERE kind = 'direct' AND cue_class = 'speech'
ORDER BY said_on, quote_id;

-- Is a person for or against something?
FROM stance_of('orvelin', 'dam');

-- Who is for and who is against the Velda dam?
SELECT speaker, stance.stance, left(text, 80) AS words
FROM (SELECT speaker, text, unnest(stances) AS stance FROM statements_view)
WHERE stance.target ILIKE '%velda dam%' AND stance.stance <> 'neutral'
ORDER BY stance.stance, speaker, words;

-- Who speaks against whom?
SELECT q.speaker, s.target, count(*) AS statements
FROM stances AS s JOIN quotes AS q USING (quote_id)
WHERE s.stance = 'against' AND s.target_type = 'person' AND q.speaker IS NOT NULL
GROUP BY ALL ORDER BY statements DESC, q.speaker, s.target LIMIT 8;

-- Who is spoken about most, and how?
SELECT
    target, count(*) AS statements,
    count(*) FILTER (stance = 'favor') AS favor, count(*) FILTER (stance = 'against') AS against
FROM stances
WHERE target_type = 'person'
GROUP BY target ORDER BY statements DESC, target LIMIT 5;

-- What is spoken of most?
SELECT topic, statements, speakers, articles, first_on, latest_on
FROM topics_view
ORDER BY statements DESC, topic LIMIT 8;

-- What did people say of one topic?
SELECT speaker, published, left(text, 80) AS words
FROM statements_view
WHERE list_contains(topics, 'treaty')
ORDER BY published, quote_id;

-- What does each of the most quoted people speak of?
SELECT p.name, list(t.topic ORDER BY t.n DESC, t.topic)[:4] AS topics
FROM (
    SELECT q.person_id, t.topic, count(*) AS n
    FROM topics AS t JOIN quotes AS q USING (quote_id) GROUP BY ALL
) AS t
JOIN people_view AS p USING (person_id)
GROUP BY p.name, p.statements ORDER BY p.statements DESC, p.name LIMIT 5;

-- Which topics come together in one statement?
SELECT a.topic, b.topic AS with_topic, count(*) AS statements
FROM topics AS a JOIN topics AS b ON a.quote_id = b.quote_id AND a.topic < b.topic
GROUP BY ALL ORDER BY statements DESC, a.topic, b.topic LIMIT 5;

-- When was more said, and when less?
SELECT date_trunc('month', coalesce(said_on, published))::DATE AS month, count(*) AS statements
FROM statements_view
WHERE coalesce(said_on, published) >= DATE '2025-01-01'
GROUP BY month ORDER BY month;

-- How much does each paper quote, and how many people?
SELECT publisher, count(*) AS statements, count(DISTINCT person_id) AS people
FROM statements_view
GROUP BY publisher ORDER BY statements DESC, publisher;

-- How much is said in quotation marks, and how much is reported?
SELECT kind, count(*) AS statements, round(100 * count(*) / sum(count(*)) OVER ()) AS percent
FROM statements_view
GROUP BY kind ORDER BY statements DESC;

-- What was said in parliament?
SELECT said_on, speaker, left(text, 80) AS words
FROM statements_view
WHERE venue ILIKE '%parliament%' OR venue ILIKE '%chamber%'
ORDER BY said_on, quote_id;

-- Which words tell that something was said?
SELECT lower(cue_text) AS cue, cue_class, count(*) AS statements
FROM quotes
WHERE cue_text IS NOT NULL
GROUP BY ALL ORDER BY statements DESC, cue LIMIT 5;

-- Who is quoted without a name?
SELECT speaker, left(text, 80) AS words, title
FROM statements_view
WHERE speaker_type = 'unnamed' AND cue_class = 'speech'
ORDER BY title, quote_id LIMIT 5;

-- Where do the words of a quote stand in its article?
SELECT q.speaker, a.text[q.spans[1].start + 1 : q.spans[1].end] AS words, a.title
FROM quotes AS q JOIN articles AS a USING (article_id)
WHERE q.person_id = 'chuck-schumer'
ORDER BY q.quote_id;

-- How did the runs go that read the articles, and what could not be read?
SELECT i.ingest_id, i.added, i.changed, i.problems, p.source, p.problem
FROM ingests AS i LEFT JOIN ingest_problems AS p USING (ingest_id)
ORDER BY i.ingest_id, p.source;
