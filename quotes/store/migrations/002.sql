-- Search by meaning; see meanings.py.

CREATE TABLE meanings (
    quote_id VARCHAR NOT NULL,
    vector   FLOAT[384] NOT NULL
);

COMMENT ON TABLE meanings IS 'What quotes mean, as vectors; where quotes are missing here, search by meaning does not find them. Empty without the extra package.';
COMMENT ON COLUMN meanings.quote_id IS 'The quote (quotes.quote_id).';
COMMENT ON COLUMN meanings.vector IS 'The vector of its text by all-MiniLM-L6-v2, of length 1, in thousandths: array_inner_product of two is their likeness, from -1 to 1.';
