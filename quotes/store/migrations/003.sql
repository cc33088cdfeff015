ALTER TABLE people_decisions ADD COLUMN undone_by VARCHAR;

COMMENT ON COLUMN people_decisions.undone_by IS 'Who undid it; NULL where it holds, or was undone before that was noted.';
