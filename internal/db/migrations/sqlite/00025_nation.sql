-- +goose Up

-- A letter to one person that is about no round: a role that they got, or one of
-- the nation's letters to its regions. failure is the mail server's last answer,
-- failed_at tells that it was final.
CREATE TABLE person_letter (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id),
    sent_at INTEGER,
    failed_at INTEGER,
    failure TEXT NOT NULL DEFAULT ''
);
CREATE INDEX person_letter_person ON person_letter (person_id, failed_at);
CREATE INDEX person_letter_sent ON person_letter (sent_at);

-- What the nation wrote to its regions. key names the form that it was written
-- in, so that sending it twice is sending it once.
CREATE TABLE circular (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL CHECK (subject <> ''),
    body TEXT NOT NULL CHECK (body <> ''),
    key TEXT NOT NULL UNIQUE,
    made_at INTEGER NOT NULL,
    made_by INTEGER REFERENCES person (id)
);

-- The regions that it is for.
CREATE TABLE circular_region (
    circular_id INTEGER NOT NULL REFERENCES circular (id),
    region_id INTEGER NOT NULL REFERENCES organisation (id),
    PRIMARY KEY (circular_id, region_id)
);
CREATE INDEX circular_region_region ON circular_region (region_id, circular_id);

-- Who got it as an administrator of the region. One who has several regions got
-- one letter.
CREATE TABLE circular_recipient (
    circular_id INTEGER NOT NULL,
    region_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person (id),
    letter_id INTEGER NOT NULL REFERENCES person_letter (id),
    PRIMARY KEY (circular_id, region_id, person_id),
    FOREIGN KEY (circular_id, region_id) REFERENCES circular_region (circular_id, region_id)
);

-- Who has opened it in the product, and when first.
CREATE TABLE circular_reading (
    circular_id INTEGER NOT NULL REFERENCES circular (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    read_at INTEGER NOT NULL,
    PRIMARY KEY (circular_id, person_id)
);

-- +goose Down

DROP TABLE circular_reading;
DROP TABLE circular_recipient;
DROP TABLE circular_region;
DROP TABLE circular;
DROP TABLE person_letter;
