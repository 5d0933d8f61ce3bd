-- +goose Up

-- Whose a session is, from what kind of device, since when, and when it was last
-- used, so that people see theirs and end them. One that was ended stays until it
-- would have expired: a request that was under way must not bring it back.
-- Sessions from before do not say whose they are and hold no longer: whoever has
-- one signs in again.
ALTER TABLE session ADD COLUMN person_id INTEGER REFERENCES person (id);
ALTER TABLE session ADD COLUMN device TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN ended_at INTEGER;
CREATE INDEX session_person ON session (person_id, expires_at);

-- One row, written by whoever asks whether the database can be written to.
CREATE TABLE write_check (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    checked_at INTEGER NOT NULL
);

-- +goose Down

DROP TABLE write_check;
DROP INDEX session_person;
ALTER TABLE session DROP COLUMN ended_at;
ALTER TABLE session DROP COLUMN used_at;
ALTER TABLE session DROP COLUMN made_at;
ALTER TABLE session DROP COLUMN device;
ALTER TABLE session DROP COLUMN person_id;
