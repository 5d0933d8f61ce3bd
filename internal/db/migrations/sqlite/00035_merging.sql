-- +goose Up

-- Two rows for one person: who was merged stays as a row that leads to the one that remains.
-- What they both had that can be there once only stays with it; all else is the other's.
ALTER TABLE person ADD COLUMN merged_into INTEGER REFERENCES person (id);
CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL;

-- A merge of two persons, and that it was taken back. Nobody is merged into two.
CREATE TABLE merger (
    id INTEGER PRIMARY KEY,
    kept_id INTEGER NOT NULL REFERENCES person (id),
    gone_id INTEGER NOT NULL REFERENCES person (id),
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id),
    split_at INTEGER,
    split_by INTEGER REFERENCES person (id),
    CHECK (kept_id <> gone_id)
);
CREATE UNIQUE INDEX merger_gone ON merger (gone_id) WHERE split_at IS NULL;
CREATE INDEX merger_kept ON merger (kept_id);

-- What the merge did, in its order, so that just this can be taken back: row_key tells the
-- row, before and after are columns with their values, all as JSON.
CREATE TABLE merger_row (
    merger_id INTEGER NOT NULL REFERENCES merger (id),
    ordinal INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    act TEXT NOT NULL CHECK (act IN ('moved', 'changed', 'added', 'removed', 'swapped')),
    row_key TEXT NOT NULL,
    before TEXT NOT NULL DEFAULT '',
    after TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (merger_id, ordinal)
) WITHOUT ROWID;

-- +goose Down

DROP TABLE merger_row;
DROP TABLE merger;
DROP INDEX person_merged;
ALTER TABLE person DROP COLUMN merged_into;
