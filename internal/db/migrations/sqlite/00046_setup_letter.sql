-- +goose Up

-- A letter that who sets a region up lets be written to themself, to see that letters come through.
-- handed_at is when it was handed to the mail server; failed_at when the latest try failed, answer
-- the mail server's code when it refused.
CREATE TABLE setup_letter (
    id INTEGER PRIMARY KEY,
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    asked_at INTEGER NOT NULL,
    handed_at INTEGER,
    failed_at INTEGER,
    answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX setup_letter_region ON setup_letter (region_id, id);
CREATE UNIQUE INDEX setup_letter_waits ON setup_letter (region_id, person_id) WHERE handed_at IS NULL AND failed_at IS NULL;

-- +goose Down

DROP TABLE setup_letter;
