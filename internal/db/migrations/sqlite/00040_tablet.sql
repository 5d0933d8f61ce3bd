-- +goose Up

-- A tablet (or a computer) that the people of a unit share, by a hash of the secret in its
-- cookie.
CREATE TABLE tablet (
    id INTEGER PRIMARY KEY,
    unit_id INTEGER NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL CHECK (name <> ''),
    secret_hash BLOB NOT NULL UNIQUE,
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id),
    used_at INTEGER,
    removed_at INTEGER,
    removed_by INTEGER REFERENCES person (id)
);
CREATE INDEX tablet_unit ON tablet (unit_id, made_at);

-- The code that somebody types there: what Argon2id makes of it, sealed. guesses are the
-- wrong ones since the last that was right; until wait_until no more are taken.
CREATE TABLE tablet_code (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    code_hash TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    guesses INTEGER NOT NULL DEFAULT 0,
    wait_until INTEGER
);

-- +goose Down

DROP TABLE tablet_code;
DROP TABLE tablet;
