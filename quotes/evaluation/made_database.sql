-- A database of invented articles, made by arithmetic: what a row holds follows from its number and the seed alone.
-- made_database.py runs this with the variables seed, articles and people set, and the table numbers filled.

CREATE TEMP MACRO chance(what, number) AS (hash(getvariable('seed'), what, number) % 1000003) / 1000003.0;

-- Log-uniform over 1 to n: the number r comes with a frequency of about 1/r, which is Zipf's law.
CREATE TEMP MACRO zipf(chance, n) AS floor(exp(chance * ln(n + 1)))::INTEGER;

CREATE TEMP MACRO syllable(k) AS
    substr('babobudadodufegogafigukakokulalolumamomunanenupapopurarirosasesutatevavezo', 2 * (k % 37)::INTEGER + 1, 2);

CREATE TEMP MACRO name_of(k) AS concat(
    upper(left(syllable(k), 1)), right(syllable(k), 1), syllable(k // 37), syllable(k // 1369 + 7),
    CASE WHEN k >= 50653 THEN syllable(k // 50653) ELSE '' END
);

CREATE TEMP MACRO word_of(rank) AS CASE
    WHEN rank <= 36 THEN [
        'the', 'of', 'and', 'to', 'a', 'in', 'is', 'that', 'for', 'it', 'we', 'on', 'with', 'not', 'are', 'this', 'be',
        'by', 'have', 'our', 'will', 'from', 'they', 'has', 'at', 'as', 'but', 'their', 'who', 'all', 'more', 'been',
        'would', 'there', 'must', 'no'][rank]
    ELSE concat(
        syllable(rank), syllable(rank // 37), CASE WHEN rank >= 1369 THEN syllable(rank // 1369 + 5) ELSE '' END,
        ['', 's', 'ing', 'ed', ''][1 + rank % 5]
    )
END;

-- least to least + spread - 1 words out of 30,000.
CREATE TEMP MACRO words_of(what, number, least, spread) AS list_transform(
    range((least + floor(spread * chance(what, number)))::BIGINT),
    lambda i: word_of(zipf(chance(what, number * 64 + i), 30000))
);

CREATE TEMP MACRO sentence(words) AS
    concat(upper(left(array_to_string(words, ' '), 1)), substr(array_to_string(words, ' '), 2));

-- 7919 is prime, so that neighbours get different surnames and no two the same.
CREATE TEMP MACRO surname(k) AS name_of(7919 * k % 50653 + 50653 * (k // 50653));
CREATE TEMP MACRO full_name(k) AS concat(surname(k % 311 + 20000), ' ', surname(k));

INSERT INTO people (person_id, name, aliases, role, register_role, party, country, gender, in_register)
SELECT
    lower(replace(full_name(k), ' ', '-')), full_name(k), [],
    concat(['Minister', 'Senator', 'Mayor', 'Councillor', 'Speaker'][1 + k % 5], ' of ', surname(k % 97 + 6000)), NULL,
    concat(surname(k % 9 + 7000), ' Party'), surname(k % 23 + 8000), ['female', 'male'][1 + k % 2], FALSE
FROM range(1, getvariable('people') + 1) AS t (k);

-- One quote in eight repeats an earlier one, often cut; its words and speaker are those of that number.
CREATE TEMP TABLE made AS
WITH drawn AS (
    SELECT
        n, 2 * (n // 10) + (n % 10 >= 2 + floor(7 * chance('split', n // 10)))::INTEGER AS article,
        CASE WHEN chance('repeats', n) < 0.125 THEN floor(n * chance('which', n))::BIGINT ELSE n END AS said,
        ['direct', 'direct', 'direct', 'mixed', 'indirect', 'indirect'][1 + floor(6 * chance('kind', n))::INTEGER] AS kind
    FROM numbers
),
worded AS (
    SELECT
        *, full_name(zipf(chance('speaker', said), getvariable('people'))) AS speaker,
        words_of('said', said, 8, 20)[
            CASE WHEN said < n THEN 1 + floor(3 * chance('from', n)) ELSE 1 END::BIGINT
            : CASE WHEN said < n THEN -1 - floor(3 * chance('until', n)) ELSE -1 END::BIGINT
        ] AS words,
        sentence(words_of('around', n, 10, 25)) AS around
    FROM drawn
),
quoted AS (
    SELECT
        *, CASE kind
            WHEN 'direct' THEN concat('“', sentence(words), ',”')
            WHEN 'mixed' THEN concat(
                'that ', array_to_string(words[:4], ' '), ' “', array_to_string(words[5:], ' '), '”'
            )
            ELSE concat('that ', array_to_string(words, ' '))
        END AS text
    FROM worded
),
placed AS (
    SELECT
        *, CASE kind WHEN 'direct' THEN 0 ELSE length(speaker) + 6 END AS text_at,
        CASE kind WHEN 'direct' THEN length(text) + 1 ELSE 0 END AS source_at,
        CASE kind WHEN 'direct' THEN concat(text, ' ', speaker, ' said.') ELSE concat(speaker, ' said ', text, '.') END
            AS reported
    FROM quoted
)
SELECT
    n, article, kind, speaker, text, concat(around, '. ', reported) AS paragraph,
    (sum(length(paragraph) + 1) OVER (PARTITION BY article ORDER BY n) - length(reported) - 1)::INTEGER AS reported_at,
    text_at, source_at
FROM placed;

INSERT INTO articles (article_id, title, text, url, publisher, published, language, text_hash, ingest_id)
SELECT
    concat('made-', article), sentence(words_of('title', article, 4, 6)), string_agg(paragraph, chr(10) ORDER BY n), NULL,
    concat('The ', surname(zipf(chance('publisher', article), 200) + 5000), ' Post'),
    DATE '2031-01-01' + floor(3650 * chance('published', article))::INTEGER, 'en',
    md5(string_agg(paragraph, chr(10) ORDER BY n)), $ingest
FROM made GROUP BY article ORDER BY article;

INSERT INTO quotes (
    quote_id, article_id, kind, text, spans, source, source_text, cue, cue_text, cue_class, speaker, speaker_type,
    speaker_role, person_id, said_on, said_on_precision, said_on_text, venue, confidence
)
WITH told AS (
    SELECT *, DATE '2031-01-01' + floor(3650 * chance('published', article))::INTEGER AS published,
        reported_at + text_at AS starts, reported_at + source_at AS source_starts FROM made
)
SELECT
    substr(md5(concat(getvariable('seed'), ' ', n)), 1, 16), concat('made-', article), kind, text,
    [{'start': starts, 'end': (starts + length(text))::INTEGER}],
    [{'start': source_starts, 'end': (source_starts + length(speaker))::INTEGER}], speaker,
    [{'start': (source_starts + length(speaker) + 1)::INTEGER, 'end': (source_starts + length(speaker) + 5)::INTEGER}],
    'said', 'speech', speaker, 'person', NULL, lower(replace(speaker, ' ', '-')),
    CASE WHEN n % 2 = 0 THEN published - (n % 3)::INTEGER END, CASE WHEN n % 2 = 0 THEN 'day' END, NULL, NULL,
    round(0.4 + 0.6 * chance('sure', n), 3)
FROM told ORDER BY n;

-- Seven quotes in ten say something about somebody or something, some of them about two.
INSERT INTO stances (quote_id, target, target_key, target_form, target_type, person_id, stance, score, evidence)
WITH about AS (
    SELECT
        n, chance('about', 2 * n + m) < 0.5 AS personal,
        full_name(zipf(chance('whom', 2 * n + m), getvariable('people'))) AS whom,
        concat('the ', lower(surname(zipf(chance('what', 2 * n + m), 500))), ' levy') AS what,
        ['against', 'against', 'favor', 'neutral'][1 + floor(4 * chance('how', 2 * n + m))::INTEGER] AS stance,
        round(0.4 + 0.6 * chance('score', 2 * n + m), 3) AS score
    FROM numbers, range(2) AS t (m) WHERE chance('any', 2 * n + m) < [0.7, 0.2][1 + m]
)
SELECT
    substr(md5(concat(getvariable('seed'), ' ', n)), 1, 16), CASE WHEN personal THEN whom ELSE what END AS target,
    any_value(CASE WHEN personal THEN lower(whom) ELSE substr(what, 5) END),
    any_value(CASE WHEN personal THEN whom ELSE what END),
    any_value(CASE WHEN personal THEN 'person' ELSE 'issue' END),
    any_value(CASE WHEN personal THEN lower(replace(whom, ' ', '-')) END), max(stance), max(score), []
FROM about GROUP BY n, target ORDER BY n;
