-- +goose Up

-- Since when the municipality lets who is new be welcomed by a letter; NULL: it does not.
ALTER TABLE municipality_setting ADD COLUMN welcomes_since INTEGER;

-- Who has been welcomed where, so that nobody is twice. sent_at is when the letter was handed
-- to the mail server.
CREATE TABLE welcome (
    municipality_id INTEGER NOT NULL REFERENCES organisation (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    made_at INTEGER NOT NULL,
    sent_at INTEGER,
    PRIMARY KEY (municipality_id, person_id)
);
CREATE INDEX welcome_person ON welcome (person_id);

-- +goose Down

DROP TABLE welcome;
ALTER TABLE municipality_setting DROP COLUMN welcomes_since;
