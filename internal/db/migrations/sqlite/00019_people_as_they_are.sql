-- +goose Up

-- What somebody was called, and at what address, until it was corrected.
CREATE TABLE person_change (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    email TEXT,
    changed_at INTEGER NOT NULL,
    changed_by INTEGER REFERENCES person (id)
);
CREATE INDEX person_change_person ON person_change (person_id);

-- When somebody last signed in: sessions are swept away.
CREATE TABLE last_sign_in (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),
    at INTEGER NOT NULL
);

-- A time in which an account was closed, until it was opened again: from closed_on
-- to the day before reopened_on. account.closed_on is the last closing, if it stands.
CREATE TABLE account_closure (
    account_id INTEGER NOT NULL REFERENCES account (id),
    closed_on TEXT NOT NULL,
    reopened_on TEXT NOT NULL,
    reopened_at INTEGER NOT NULL,
    reopened_by INTEGER REFERENCES person (id),
    CHECK (reopened_on > closed_on),
    PRIMARY KEY (account_id, closed_on)
);

-- +goose Down

DROP TABLE account_closure;
DROP TABLE last_sign_in;
DROP TABLE person_change;
