-- The tracker's file, version 2; whoever changes this file or views.sql reads migrations.py first.
-- Offsets are code points [start, end) into articles.text.
-- No foreign keys: DuckDB checks them row by row inside a transaction, which forbids replacing an article's quotes in one.

CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version VALUES (2);

CREATE TABLE ingests (
    ingest_id   INTEGER PRIMARY KEY,
    started_at  TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    sources     VARCHAR[] NOT NULL,
    pipeline    VARCHAR NOT NULL,
    added       INTEGER NOT NULL DEFAULT 0,
    changed     INTEGER NOT NULL DEFAULT 0,
    unchanged   INTEGER NOT NULL DEFAULT 0,
    problems    INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE articles (
    article_id VARCHAR PRIMARY KEY,
    title      VARCHAR,
    text       VARCHAR NOT NULL,
    url        VARCHAR,
    publisher  VARCHAR,
    author     VARCHAR,
    published  DATE,
    language   VARCHAR NOT NULL,
    text_hash  VARCHAR NOT NULL,
    ingest_id  INTEGER NOT NULL,
    sha256     VARCHAR,
    fetched_at TIMESTAMPTZ,
    copy_of    VARCHAR
);

CREATE TABLE fetches (
    url           VARCHAR PRIMARY KEY,
    fetched_at    TIMESTAMPTZ NOT NULL,
    etag          VARCHAR,
    last_modified VARCHAR,
    article_id    VARCHAR
);

CREATE TABLE article_bands (
    article_id VARCHAR NOT NULL,
    band       UBIGINT NOT NULL
);

CREATE TABLE people (
    person_id     VARCHAR PRIMARY KEY,
    name          VARCHAR NOT NULL,
    aliases       VARCHAR[] NOT NULL,
    role          VARCHAR,
    register_role VARCHAR,
    party         VARCHAR,
    country       VARCHAR,
    gender        VARCHAR,
    in_register   BOOLEAN NOT NULL,
    one_name      BOOLEAN NOT NULL DEFAULT false
);

CREATE TABLE name_forms (
    article_id  VARCHAR NOT NULL,
    form        VARCHAR NOT NULL,
    block       VARCHAR NOT NULL,
    role        VARCHAR,
    register_id VARCHAR,
    linked_id   VARCHAR,
    person_id   VARCHAR NOT NULL,
    reason      VARCHAR,
    PRIMARY KEY (article_id, form)
);

CREATE TABLE blocks_to_link (
    block     VARCHAR NOT NULL,
    person_id VARCHAR
);

CREATE TABLE people_decisions (
    decision_id INTEGER PRIMARY KEY,
    decided_at  TIMESTAMPTZ NOT NULL,
    decided_by  VARCHAR NOT NULL,
    person_id   VARCHAR NOT NULL,
    to_id       VARCHAR NOT NULL,
    forms       VARCHAR[] NOT NULL,
    articles    VARCHAR[] NOT NULL,
    pins        STRUCT(article_id VARCHAR, form VARCHAR, person_id VARCHAR)[] NOT NULL,
    undone_at   TIMESTAMPTZ,
    undone_by   VARCHAR
);

CREATE TABLE quotes (
    quote_id          VARCHAR PRIMARY KEY,
    article_id        VARCHAR NOT NULL,
    kind              VARCHAR NOT NULL CHECK (kind IN ('direct', 'indirect', 'mixed')),
    text              VARCHAR NOT NULL,
    spans             STRUCT("start" INTEGER, "end" INTEGER)[] NOT NULL,
    source            STRUCT("start" INTEGER, "end" INTEGER)[] NOT NULL,
    source_text       VARCHAR,
    cue               STRUCT("start" INTEGER, "end" INTEGER)[] NOT NULL,
    cue_text          VARCHAR,
    cue_class         VARCHAR NOT NULL CHECK (cue_class IN ('speech', 'writing', 'thought', 'desire', 'other')),
    speaker           VARCHAR,
    speaker_form      VARCHAR,
    speaker_type      VARCHAR CHECK (speaker_type IN ('person', 'organisation', 'group', 'unnamed')),
    speaker_role      VARCHAR,
    person_id         VARCHAR,
    said_on           DATE,
    said_on_precision VARCHAR CHECK (said_on_precision IN ('day', 'week', 'month', 'year')),
    said_on_text      VARCHAR,
    venue             VARCHAR,
    confidence        DOUBLE NOT NULL CHECK (confidence BETWEEN 0 AND 1)
);
CREATE INDEX quotes_by_article ON quotes (article_id);

CREATE TABLE stances (
    quote_id    VARCHAR NOT NULL,
    target      VARCHAR NOT NULL,
    target_key  VARCHAR NOT NULL,
    target_form VARCHAR NOT NULL,
    target_type VARCHAR NOT NULL CHECK (target_type IN ('person', 'organisation', 'place', 'group', 'issue')),
    person_id   VARCHAR,
    stance      VARCHAR NOT NULL CHECK (stance IN ('favor', 'against', 'neutral')),
    score       DOUBLE NOT NULL CHECK (score BETWEEN 0 AND 1),
    evidence    STRUCT("start" INTEGER, "end" INTEGER)[] NOT NULL,
    PRIMARY KEY (quote_id, target_form)
);

CREATE TABLE offices (
    person_id VARCHAR NOT NULL,
    title     VARCHAR NOT NULL,
    country   VARCHAR,
    "start"   DATE,
    "end"     DATE
);

CREATE TABLE register (
    person_id   VARCHAR NOT NULL,
    source      VARCHAR NOT NULL,
    position    INTEGER NOT NULL,
    name        VARCHAR NOT NULL,
    aliases     VARCHAR[] NOT NULL,
    party       VARCHAR,
    country     VARCHAR,
    gender      VARCHAR,
    offices     STRUCT(title VARCHAR, "start" DATE, "end" DATE, country VARCHAR)[] NOT NULL,
    identifiers VARCHAR[] NOT NULL,
    PRIMARY KEY (person_id, source)
);

CREATE TABLE topics (
    quote_id VARCHAR NOT NULL,
    topic    VARCHAR NOT NULL,
    rank     INTEGER NOT NULL,
    PRIMARY KEY (quote_id, topic)
);

CREATE TABLE ingest_problems (
    ingest_id  INTEGER NOT NULL,
    source     VARCHAR NOT NULL,
    article_id VARCHAR,
    problem    VARCHAR NOT NULL,
    advice     VARCHAR NOT NULL
);

COMMENT ON TABLE schema_version IS 'One row: the version of this schema, by which the program knows whether it must migrate the file.';
COMMENT ON COLUMN schema_version.version IS 'Counts up by one with each change of the schema.';

COMMENT ON TABLE ingests IS 'One row for each run that read articles into this file.';
COMMENT ON COLUMN ingests.ingest_id IS 'Counts up from 1.';
COMMENT ON COLUMN ingests.started_at IS 'When the run began.';
COMMENT ON COLUMN ingests.finished_at IS 'When the run ended; NULL where it is still running or was stopped in the middle.';
COMMENT ON COLUMN ingests.sources IS 'The files, folders or other sources that the run was given.';
COMMENT ON COLUMN ingests.pipeline IS 'Name and version of the language pipeline that read the articles.';
COMMENT ON COLUMN ingests.added IS 'Articles that were new.';
COMMENT ON COLUMN ingests.changed IS 'Articles that were here with another text or other metadata, and whose quotes were replaced.';
COMMENT ON COLUMN ingests.unchanged IS 'Articles that were here already, word for word.';
COMMENT ON COLUMN ingests.problems IS 'How many rows of ingest_problems the run wrote.';

COMMENT ON TABLE articles IS 'One row for each article, its text kept as it was read.';
COMMENT ON COLUMN articles.article_id IS 'The id that came with the article; else derived from its address or, without one, from its text.';
COMMENT ON COLUMN articles.title IS 'The headline, where it came apart from the text.';
COMMENT ON COLUMN articles.text IS 'The text as read, unchanged; all offsets refer to it.';
COMMENT ON COLUMN articles.url IS 'Where the article was published.';
COMMENT ON COLUMN articles.publisher IS 'Who published it.';
COMMENT ON COLUMN articles.author IS 'The byline.';
COMMENT ON COLUMN articles.published IS 'The day of publication, by which "on Tuesday" becomes a date.';
COMMENT ON COLUMN articles.language IS 'ISO 639-1 code of the language.';
COMMENT ON COLUMN articles.text_hash IS 'MD5 of the text in UTF-8, by which corrections find the article in whatever file.';
COMMENT ON COLUMN articles.ingest_id IS 'The run that wrote this version of the article (ingests.ingest_id).';

COMMENT ON COLUMN articles.sha256 IS 'The SHA-256 of the original document as it was read or fetched, by which a copy kept elsewhere can be compared; NULL for rows of tables.';
COMMENT ON COLUMN articles.fetched_at IS 'When this version was fetched from its address; NULL for files.';
COMMENT ON COLUMN articles.copy_of IS 'The article of which this is a near-copy, such as the same agency report (articles.article_id); NULL where it is none. Statements of copies are not counted.';

COMMENT ON TABLE fetches IS 'One row for each address that was fetched, so that only what changed is fetched again.';
COMMENT ON COLUMN fetches.url IS 'The address that was asked for, of a page, feed or sitemap.';
COMMENT ON COLUMN fetches.fetched_at IS 'When it was last asked for.';
COMMENT ON COLUMN fetches.etag IS 'What the server calls the version that it sent (ETag).';
COMMENT ON COLUMN fetches.last_modified IS 'When the server says that it last changed (Last-Modified), as it writes it.';
COMMENT ON COLUMN fetches.article_id IS 'The article found there (articles.article_id); NULL for feeds and sitemaps, and where none was kept.';

COMMENT ON TABLE article_bands IS 'For each article, hashes of parts of its MinHash signature: near-copies share some of them.';
COMMENT ON COLUMN article_bands.article_id IS 'The article (articles.article_id).';
COMMENT ON COLUMN article_bands.band IS 'The hash of one part.';

COMMENT ON TABLE people IS 'One row for each person who speaks, or whom somebody speaks about, in any article.';
COMMENT ON COLUMN people.person_id IS 'A readable key: the register''s, or made from the form of the name that was published first; a namesake''s goes on with the role.';
COMMENT ON COLUMN people.name IS 'The full name, without titles and offices.';
COMMENT ON COLUMN people.aliases IS 'Other forms of the name: those of the register and those that articles use.';
COMMENT ON COLUMN people.role IS 'The office or function: what the most recently published article gives, else the register.';
COMMENT ON COLUMN people.register_role IS 'The office in the register, kept for when no article gives one any more.';
COMMENT ON COLUMN people.party IS 'The party, from the register.';
COMMENT ON COLUMN people.country IS 'The country, from the register.';
COMMENT ON COLUMN people.gender IS 'female or male, from the register.';
COMMENT ON COLUMN people.in_register IS 'Whether the register of politicians knows this person.';
COMMENT ON COLUMN people.one_name IS 'Whether only one name is known, mostly a bare surname: then this row may hold several people whom nothing tells apart.';

COMMENT ON TABLE name_forms IS 'One row for each name that an article gives a person in full, and whom it was linked to, and why.';
COMMENT ON COLUMN name_forms.article_id IS 'The article (articles.article_id).';
COMMENT ON COLUMN name_forms.form IS 'The name as this article gives it (quotes.speaker_form, stances.target_form).';
COMMENT ON COLUMN name_forms.block IS 'The last word of the surname, lower case and without accents: only forms of one block are compared.';
COMMENT ON COLUMN name_forms.role IS 'The office or function that this article gives this person.';
COMMENT ON COLUMN name_forms.register_id IS 'Whom the register takes the name for, at the day of the article.';
COMMENT ON COLUMN name_forms.linked_id IS 'The person whom the program found; NULL while it has not been linked.';
COMMENT ON COLUMN name_forms.person_id IS 'The person (people.person_id): linked_id, unless a user decided otherwise.';
COMMENT ON COLUMN name_forms.reason IS 'Why this form was joined to this person.';

COMMENT ON TABLE blocks_to_link IS 'Blocks whose name forms have changed since they were linked; empty between two runs.';
COMMENT ON COLUMN blocks_to_link.block IS 'The block (name_forms.block); it may stand here more than once.';
COMMENT ON COLUMN blocks_to_link.person_id IS 'Somebody who lost a form of the block when an article was replaced; else NULL.';

COMMENT ON TABLE people_decisions IS 'One row for each time that a user joined two people or parted one; applied, in this order, after every linking.';
COMMENT ON COLUMN people_decisions.decision_id IS 'Counts up from 1.';
COMMENT ON COLUMN people_decisions.decided_at IS 'When.';
COMMENT ON COLUMN people_decisions.decided_by IS 'Who, by the name of the account.';
COMMENT ON COLUMN people_decisions.person_id IS 'Whose mentions are moved.';
COMMENT ON COLUMN people_decisions.to_id IS 'The person to whom they are moved.';
COMMENT ON COLUMN people_decisions.forms IS 'The name forms that are moved; where there are neither forms nor articles, everything is.';
COMMENT ON COLUMN people_decisions.articles IS 'The articles whose mentions are moved.';
COMMENT ON COLUMN people_decisions.pins IS 'Mentions whose persons keep the ids that this decision names.';
COMMENT ON COLUMN people_decisions.undone_at IS 'When the decision was undone; NULL where it holds.';
COMMENT ON COLUMN people_decisions.undone_by IS 'Who undid it; NULL where it holds, or was undone before that was noted.';

COMMENT ON TABLE quotes IS 'One row for each statement in each article: who said what, by which words, when and where.';
COMMENT ON COLUMN quotes.quote_id IS 'Derived from the article and the place of the words in it: stable as long as both are.';
COMMENT ON COLUMN quotes.article_id IS 'The article in which the quote stands (articles.article_id).';
COMMENT ON COLUMN quotes.kind IS 'direct: all of it in quotation marks; mixed: part of it; indirect: none of it.';
COMMENT ON COLUMN quotes.text IS 'What was said, as printed; a split quote joined by " ... ", its paragraphs by a blank line; with the verb in front where it makes the sense, as in called the plan a disgrace.';
COMMENT ON COLUMN quotes.spans IS 'Where the content stands in articles.text, quotation marks included, a verb in front of it left out.';
COMMENT ON COLUMN quotes.source IS 'Where the words stand that name who speaks; empty where nobody is named.';
COMMENT ON COLUMN quotes.source_text IS 'Those words as printed, such as She.';
COMMENT ON COLUMN quotes.cue IS 'Where the words stand that say that something is said.';
COMMENT ON COLUMN quotes.cue_text IS 'Those words as printed, such as told.';
COMMENT ON COLUMN quotes.cue_class IS 'What the cue tells of: speech and writing are utterances; thought, desire and other are not.';
COMMENT ON COLUMN quotes.speaker IS 'The speaker''s name: of a person the same in all articles (people.name); NULL where undecided.';
COMMENT ON COLUMN quotes.speaker_form IS 'The speaker''s name as this article gives it.';
COMMENT ON COLUMN quotes.speaker_type IS 'person, organisation, group or unnamed.';
COMMENT ON COLUMN quotes.speaker_role IS 'The office that this article gives the speaker.';
COMMENT ON COLUMN quotes.person_id IS 'The person behind the speaker (people.person_id); NULL for others.';
COMMENT ON COLUMN quotes.said_on IS 'When it was said: the day, or a day inside the period that said_on_precision names.';
COMMENT ON COLUMN quotes.said_on_precision IS 'How exactly said_on is known: day, week, month or year.';
COMMENT ON COLUMN quotes.said_on_text IS 'The printed expression behind said_on, such as last week.';
COMMENT ON COLUMN quotes.venue IS 'Where or to whom it was said, as printed, such as the Scottish Parliament.';
COMMENT ON COLUMN quotes.confidence IS 'How sure the extraction is of this row, 0 to 1; below 0.5 is a guess.';

COMMENT ON TABLE stances IS 'One row for each target that a quote speaks about, with the attitude that the words express toward it.';
COMMENT ON COLUMN stances.quote_id IS 'The quote (quotes.quote_id).';
COMMENT ON COLUMN stances.target_key IS 'What forms of the target that differ only in article, number, case or accents have in common: group by it, or by person_id where there is one.';
COMMENT ON COLUMN stances.target IS 'Whom or what the quote is about; a person by the same name in all articles (people.name).';
COMMENT ON COLUMN stances.target_form IS 'The target as this article names it.';
COMMENT ON COLUMN stances.target_type IS 'person, organisation, place, group or issue.';
COMMENT ON COLUMN stances.person_id IS 'The person that is the target (people.person_id); NULL for others.';
COMMENT ON COLUMN stances.stance IS 'favor, against or neutral: a reading of these words by a program, to be checked against them.';
COMMENT ON COLUMN stances.score IS 'How sure the program is of the label, 0 to 1.';
COMMENT ON COLUMN stances.evidence IS 'The words that carry the attitude, as code points [start, end) in articles.text; empty where it is neutral.';

COMMENT ON TABLE offices IS 'One row for each office that a person of this file held, from the register; nothing for people it does not know.';
COMMENT ON COLUMN offices.person_id IS 'Who held it (people.person_id).';
COMMENT ON COLUMN offices.title IS 'The office, such as Prime Minister of the United Kingdom.';
COMMENT ON COLUMN offices.country IS 'ISO 3166 code of the country, GB-SCT and the like for the nations of the United Kingdom, EU and UN for theirs.';
COMMENT ON COLUMN offices."start" IS 'The first day; of a month or year of which only that is known, its first. NULL where unknown.';
COMMENT ON COLUMN offices."end" IS 'The last day; of a month or year of which only that is known, its last. NULL where unknown, or still in office as far as the register knows.';

COMMENT ON TABLE register IS 'One row for each person in each file that quotes people import has read; with the register that travels with the program, it is what later articles are read by.';
COMMENT ON COLUMN register.person_id IS 'The key that the person has, or would have, in people.';
COMMENT ON COLUMN register.source IS 'The name of the file; importing a file of that name again replaces its rows.';
COMMENT ON COLUMN register.position IS 'Counts up from 1 in the order of import: what was imported first counts more.';
COMMENT ON COLUMN register.name IS 'The full name.';
COMMENT ON COLUMN register.aliases IS 'Other forms of the name.';
COMMENT ON COLUMN register.party IS 'The party.';
COMMENT ON COLUMN register.country IS 'ISO 3166 code of the country.';
COMMENT ON COLUMN register.gender IS 'female or male, or as the file says.';
COMMENT ON COLUMN register.offices IS 'The offices, as in the table offices.';
COMMENT ON COLUMN register.identifiers IS 'Identifiers with their scheme, such as wikidata:Q76.';

COMMENT ON TABLE topics IS 'One row for each key term of a quote, at most five a quote.';
COMMENT ON COLUMN topics.quote_id IS 'The quote (quotes.quote_id).';
COMMENT ON COLUMN topics.topic IS 'The term, in the singular and, but for names, in lower case, so that gun laws and gun law are one.';
COMMENT ON COLUMN topics.rank IS 'The place among the quote''s terms, from 1, the most telling.';

COMMENT ON TABLE ingest_problems IS 'One row for each thing that could not be read: nothing is skipped in silence.';
COMMENT ON COLUMN ingest_problems.ingest_id IS 'The run that met the problem (ingests.ingest_id).';
COMMENT ON COLUMN ingest_problems.source IS 'The file, line or address.';
COMMENT ON COLUMN ingest_problems.article_id IS 'The article, where it had an id already.';
COMMENT ON COLUMN ingest_problems.problem IS 'What is wrong.';
COMMENT ON COLUMN ingest_problems.advice IS 'What to do about it.';

-- Full-text search; see search.py.

CREATE TABLE search_words (
    word   VARCHAR NOT NULL,
    term   VARCHAR NOT NULL,
    termid INTEGER NOT NULL
);

CREATE TABLE search_docs (
    docid    INTEGER NOT NULL,
    quote_id VARCHAR NOT NULL,
    size     INTEGER NOT NULL
);

CREATE TABLE search_postings (
    termid INTEGER NOT NULL,
    docid  INTEGER NOT NULL
);

CREATE TABLE search_index (
    built_at TIMESTAMPTZ NOT NULL,
    docs     INTEGER NOT NULL
);

COMMENT ON TABLE search_index IS 'When the index of words was last built from scratch; one row, or none.';
COMMENT ON COLUMN search_index.built_at IS 'When.';
COMMENT ON COLUMN search_index.docs IS 'How many quotes it knew then; those read since are added to its end.';

COMMENT ON TABLE search_words IS 'Each word that occurs in quotes, but for stop words, with its stem.';
COMMENT ON COLUMN search_words.word IS 'The word in small letters, without accents.';
COMMENT ON COLUMN search_words.term IS 'Its stem, by the Snowball stemmer for English.';
COMMENT ON COLUMN search_words.termid IS 'The number of that stem.';

COMMENT ON TABLE search_docs IS 'Each quote that the index of words knows; where quotes are missing here, the index is stale.';
COMMENT ON COLUMN search_docs.docid IS 'The number of the quote in the index.';
COMMENT ON COLUMN search_docs.quote_id IS 'The quote (quotes.quote_id).';
COMMENT ON COLUMN search_docs.size IS 'Its length in words, stop words left out.';

COMMENT ON TABLE search_postings IS 'One row for each time that a stem occurs in a quote.';
COMMENT ON COLUMN search_postings.termid IS 'The stem (search_words.termid).';
COMMENT ON COLUMN search_postings.docid IS 'The quote (search_docs.docid).';

-- Search by meaning; see meanings.py.

CREATE TABLE meanings (
    quote_id VARCHAR NOT NULL,
    vector   FLOAT[384] NOT NULL
);

COMMENT ON TABLE meanings IS 'What quotes mean, as vectors; where quotes are missing here, search by meaning does not find them. Empty without the extra package.';
COMMENT ON COLUMN meanings.quote_id IS 'The quote (quotes.quote_id).';
COMMENT ON COLUMN meanings.vector IS 'The vector of its text by all-MiniLM-L6-v2, of length 1, in thousandths: array_inner_product of two is their likeness, from -1 to 1.';

-- What reviewers decided; see review.py.

CREATE TABLE corrections (
    correction_id VARCHAR PRIMARY KEY,
    text_hash     VARCHAR NOT NULL,
    spans         STRUCT("start" INTEGER, "end" INTEGER)[] NOT NULL,
    what          VARCHAR NOT NULL CHECK (what IN ('speaker', 'kind', 'stance', 'status', 'undo')),
    target        VARCHAR,
    from_value    VARCHAR,
    to_value      VARCHAR,
    undoes        VARCHAR,
    made_by       VARCHAR NOT NULL,
    made_at       TIMESTAMPTZ NOT NULL,
    reason        VARCHAR
);

COMMENT ON TABLE corrections IS 'One row for each decision of a reviewer; the views apply the latest that is not undone.';
COMMENT ON COLUMN corrections.correction_id IS 'Derived from all the other columns, so that importing twice adds nothing.';
COMMENT ON COLUMN corrections.text_hash IS 'The article, by its text (articles.text_hash).';
COMMENT ON COLUMN corrections.spans IS 'The place of the quote in that text; it holds for the quote that overlaps it most, by half at least.';
COMMENT ON COLUMN corrections.what IS 'What is corrected: speaker, kind, stance, or status (accepted or rejected); undo takes another row back.';
COMMENT ON COLUMN corrections.target IS 'Toward whom or what, where what is stance.';
COMMENT ON COLUMN corrections.from_value IS 'What the program had read, as JSON.';
COMMENT ON COLUMN corrections.to_value IS 'What holds instead, as JSON; null for a stance that is none.';
COMMENT ON COLUMN corrections.undoes IS 'The row that this one takes back (corrections.correction_id), where what is undo.';
COMMENT ON COLUMN corrections.made_by IS 'Who decided.';
COMMENT ON COLUMN corrections.made_at IS 'When.';
COMMENT ON COLUMN corrections.reason IS 'Why, in the reviewer''s words.';

-- Repeats; see repeats.py.

CREATE TABLE fingerprints (
    fingerprint UINTEGER NOT NULL,
    quote_id    VARCHAR NOT NULL,
    size        INTEGER NOT NULL
);

CREATE TABLE repeat_pairs (
    quote_a VARCHAR NOT NULL,
    quote_b VARCHAR NOT NULL,
    agree   BOOLEAN NOT NULL
);

CREATE TABLE repeats (
    quote_id     VARCHAR PRIMARY KEY,
    statement_id VARCHAR NOT NULL
);

COMMENT ON TABLE fingerprints IS 'Some runs of words of each quote, by which quotes of the same words find each other.';
COMMENT ON COLUMN fingerprints.fingerprint IS 'The hash of a run of words.';
COMMENT ON COLUMN fingerprints.quote_id IS 'The quote (quotes.quote_id).';
COMMENT ON COLUMN fingerprints.size IS 'How many fingerprints the quote has.';

COMMENT ON TABLE repeat_pairs IS 'Two quotes whose words are the same or nearly.';
COMMENT ON COLUMN repeat_pairs.quote_a IS 'The one whose key comes first (quotes.quote_id).';
COMMENT ON COLUMN repeat_pairs.quote_b IS 'The other (quotes.quote_id).';
COMMENT ON COLUMN repeat_pairs.agree IS 'Whether their speakers are the same; else the articles contradict each other.';

COMMENT ON TABLE repeats IS 'The quotes that are one statement with others.';
COMMENT ON COLUMN repeats.quote_id IS 'The quote (quotes.quote_id).';
COMMENT ON COLUMN repeats.statement_id IS 'The smallest quote_id among those that are one statement.';
